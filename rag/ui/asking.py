"""The door for questions: an answer comes back in lines, each a JSON object of what changes.

Beside Gradio's queue, whose work for a question takes longer than the answer.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from threading import Event
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.responses import StreamingResponse

from rag.api.faults import as_bytes
from rag.api.threads import each_answered
from rag.ui.desk import Desk
from rag.ui.history import as_words

PLACE: Final = "/asked"
_LARGEST: Final = 100_000  # bytes of a question with all that comes with it


def receive_questions(app: FastAPI, desk: Desk) -> None:
    """Answer the questions that the page sends."""

    async def receive(request: Request) -> Response:
        # No other site's page may send this kind without asking first, which nobody allows it.
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return Response("expected application/json, found another: use the page", 415)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST:
                return Response(f"expected at most {_LARGEST} bytes, found more: shorten it", 413)
        try:
            words = as_words(json.loads(body))
        except (ValueError, RecursionError):
            return Response("expected JSON, found none: use the page", 400)
        return StreamingResponse(
            _lines(desk, words),
            media_type="application/x-ndjson",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    app.add_route(PLACE, receive, methods=["POST"])


async def _lines(desk: Desk, words: dict[str, str]) -> AsyncIterator[bytes]:
    gone = Event()
    async for changes in each_answered(desk.ask(words, gone.is_set), gone, written=desk.writes):
        yield as_bytes(changes) + b"\n"
