"""What the routes under /api/v1 have in common: the service they ask, how they are described."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request

from rag.api.schemas import ProblemShape
from rag.api.service import Service

_PROBLEMS: Final = {
    400: "Wrong use.",
    401: "The key is missing or wrong.",
    403: "Not from there, or not without a key.",
    409: "Another writer is at work.",
    413: "More than is taken at once.",
    421: "Not a name of this server.",
    422: "A value that can't be.",
    503: "The index, or a model, can't be used.",
}


def service_of(request: Request) -> Service:
    """The service that the application was made with."""
    found: Service = request.app.state.service
    return found


Served = Annotated[Service, Depends(service_of)]


def router_of(tag: str) -> APIRouter:
    """A router for routes of one kind; its description names what any of them may refuse."""
    return APIRouter(
        prefix="/api/v1",
        tags=[tag],
        responses={
            status: {"model": ProblemShape, "description": said}
            for status, said in _PROBLEMS.items()
        },
    )


def described(model: type) -> dict[int | str, dict[str, Any]]:
    """The description of what comes out."""
    return {200: {"model": model}}
