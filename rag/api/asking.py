"""The routes that ask: for an answer, at once or in steps, and for passages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from starlette.responses import StreamingResponse

from rag.api.faults import Json, as_bytes, one_line
from rag.api.schemas import AnswerShape, AskBody, SearchBody, SearchShape
from rag.api.served import Served, described, router_of
from rag.api.steps import answer_steps, event_stream
from rag.api.threads import answered
from rag.errors import RagError
from rag.shapes import answer_json, search_json
from rag.types import Answer

if TYPE_CHECKING:
    from rag.written import Again, Piece

router = router_of("ask")


@router.post("/ask", response_model=None, responses=described(AnswerShape))
async def ask(body: AskBody, service: Served) -> Json:
    """An answer: the document that `rag ask --json` prints."""
    asked = body.asked()
    answer = await answered(partial(service.ask, asked), written=asked.written)
    return Json(answer_json(answer))


@router.post(
    "/ask/stream",
    response_model=None,
    responses={
        200: {
            "content": {"text/event-stream": {}},
            "description": "Server-sent events: `answer` with the quoted answer, then, where it is "
            'written, `piece` with `{"text"}` to show behind what is shown and `again` when that '
            'is void, last `answer` with the settled one; `error` with `{"error"}` where it '
            "broke off.",
        }
    },
)
async def ask_in_steps(body: AskBody, service: Served) -> StreamingResponse:
    """An answer in steps. Whoever goes away stops it."""
    return event_stream(_events(await answer_steps(service, body.asked())))


async def _events(steps: AsyncIterator[Answer | Piece | Again]) -> AsyncIterator[bytes]:
    from rag.written import Piece

    try:
        async for step in steps:
            if isinstance(step, Answer):
                yield _event("answer", answer_json(step))
            elif isinstance(step, Piece):
                yield _event("piece", {"text": step.text})
            else:
                yield _event("again", {})
    except RagError as error:
        yield _event("error", {"error": one_line(str(error))})


def _event(name: str, document: dict[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), as_bytes(document))


@router.get("/search", response_model=None, responses=described(SearchShape))
async def search(
    service: Served,
    query: str,
    top_k: Annotated[int, Query(ge=1, le=1000, description="Passages at most.")] = 10,
) -> Json:
    """The passages that fit best: the document that `rag search --json` prints."""
    read, hits = await answered(partial(service.search, query, top_k))
    return Json(search_json(read, hits))


@router.post("/search", response_model=None, responses=described(SearchShape))
async def search_by_post(body: SearchBody, service: Served) -> Json:
    """The same, for queries that don't fit into an address."""
    return await search(service, body.query, body.top_k)
