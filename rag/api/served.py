"""What the routes have in common: the service they ask, how they are described."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from rag.api.schemas import ProblemShape
from rag.api.service import Service

_PROBLEMS: Final = {
    400: "Wrong use.",
    401: "The key is missing or wrong.",
    403: "Not from there, or not without a key.",
    404: "No such article, or model.",
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


def router_of(
    tag: str, prefix: str = "/api/v1", problem: type[BaseModel] = ProblemShape
) -> APIRouter:
    """A router for routes of one kind; its description names what any of them may refuse."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        responses={
            status: {"model": problem, "description": said} for status, said in _PROBLEMS.items()
        },
    )


def described(model: type) -> dict[int | str, dict[str, Any]]:
    """The description of what comes out."""
    return {200: {"model": model}}
