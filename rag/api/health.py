"""The routes that watch over the server."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from rag.api.faults import Json, one_line
from rag.api.metrics import CONTENT_TYPE
from rag.api.schemas import DamageShape, HealthShape
from rag.api.served import Served, described, router_of
from rag.api.threads import in_thread

router = router_of("server")


@router.get(
    "/health",
    response_model=None,
    responses={
        **described(HealthShape),
        503: {"model": DamageShape, "description": "The index can't be used."},
    },
)
async def health(
    service: Served,
    verify: Annotated[bool, Query(description="Read the whole index and look for damage.")] = False,
) -> Json:
    """Whether the index can be used, and how much it holds."""
    found = await in_thread(partial(service.health, verify=verify))
    if found.problems:
        return Json({"error": one_line(found.problems[0]), **asdict(found)}, 503)
    return Json({"status": "ok", **asdict(found)})


@router.get(
    "/metrics",
    response_model=None,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus' text format."}},
)
async def metrics(service: Served) -> Response:
    """Counts for a monitor."""
    return Response(await in_thread(service.metrics_text), media_type=CONTENT_TYPE)
