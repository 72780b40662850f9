"""An answer in steps, as a response that is a stream."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Generator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from starlette.responses import StreamingResponse

from rag.api.service import Asked, Service
from rag.api.threads import answered, each_answered
from rag.types import Answer

if TYPE_CHECKING:
    from rag.written import Again, Piece

_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # no proxy may hold it


async def answer_steps(service: Service, asked: Asked) -> AsyncIterator[Answer | Piece | Again]:
    """The steps of `Service.stream`, made in threads; whoever goes away stops them.

    The first is made before this returns, so that what is wrong with a question raises here, while
    the response can still have a status of its own.
    """
    gone = threading.Event()
    steps = service.stream(asked, gone.is_set)
    first = await answered(partial(next, steps), written=asked.written)
    return each_answered(_put_back(first, steps), gone, written=asked.written)


def _put_back(
    first: Answer | Piece | Again, steps: Generator[Answer | Piece | Again]
) -> Generator[Answer | Piece | Again]:
    try:
        yield from chain([first], steps)
    finally:
        steps.close()


def event_stream(events: AsyncIterator[bytes]) -> StreamingResponse:
    """Server-sent events as a response."""
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)
