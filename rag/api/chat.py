"""OpenAI's chat completions and models, for the clients that speak them.

The last question of the user is asked, the messages before it are the conversation. Further keys
of a request, as the temperature, have no meaning here and are passed over.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from rag.api.faults import Json, as_bytes, one_line
from rag.api.markdown import answer_markdown, plain
from rag.api.schemas import RefusedShape
from rag.api.served import Served, router_of
from rag.api.service import Asked, Service
from rag.api.steps import answer_steps, event_stream
from rag.api.threads import answered
from rag.errors import RagError, UsageError
from rag.shapes import citation_json
from rag.types import Answer

if TYPE_CHECKING:
    from rag.written import Again, Piece

QUOTED: Final = "yinju"
WRITTEN: Final = "yinju-written"
"""The names of the models: answers that are quoted, and those that the server's language model
writes, where it has one."""

router = router_of("OpenAI", "/v1", RefusedShape)


class Part(BaseModel):
    """A part of a message's content; only text is read."""

    type: str = "text"
    text: str = ""


class ChatMessage(BaseModel):
    """A message of a chat."""

    role: str
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class ChatBody(BaseModel):
    """A request for a completion."""

    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    model: str = QUOTED
    stream: bool = False


@router.get("/models", response_model=None)
async def models(service: Served) -> Json:
    """The models: `yinju` quotes, `yinju-written` has the server's language model write."""
    return Json({"object": "list", "data": [_model(name) for name in _names(service)]})


@router.get("/models/{name}", response_model=None)
async def model(name: str, service: Served) -> Json:
    """One of the models."""
    _check_model(name, service)
    return Json(_model(name))


@router.post("/chat/completions", response_model=None)
async def complete(body: ChatBody, service: Served) -> Json | StreamingResponse:
    """An answer as a chat completion: Markdown with the references at the end; `citations` holds
    them as `rag ask --json` does, at the end of a stream in its last chunk."""
    _check_model(body.model, service)
    asked = asked_in(body.messages, written=body.model == WRITTEN)
    if body.stream:
        return event_stream(_chunks(await answer_steps(service, asked), body.model))
    answer = await answered(partial(service.ask, asked), written=asked.written)
    return Json(_completion(answer, body.model))


def asked_in(messages: Sequence[ChatMessage], *, written: bool) -> Asked:
    """The question of a chat, with the questions before and what their answers said.

    Raises UsageError when nobody asks anything.
    """
    turns: list[tuple[str, str]] = []
    for message in messages:
        if message.role == "user" and message.text.strip():
            turns.append((message.text, ""))
        elif message.role == "assistant" and turns:
            turns[-1] = turns[-1][0], plain(message.text)
    if not turns:
        raise UsageError("expected a user's message with a question, found none: ask something")
    return Asked(turns[-1][0], None, tuple(turns[:-1]), written, explained=False)


def _names(service: Service) -> list[str]:
    return [QUOTED, WRITTEN] if service.settings().llm_model else [QUOTED]


def _check_model(name: str, service: Service) -> None:
    names = _names(service)
    if name not in names:
        known = " or ".join(names)
        raise HTTPException(404, f"expected {known} for a model, found {name[:80]!r}: take one")


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "yinju"}


def _completion(answer: Answer, model: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": answer_markdown(answer)}
    return {
        **_head("chat.completion", model),
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "citations": [citation_json(each) for each in answer.citations],
    }


def _head(kind: str, model: str) -> dict[str, Any]:
    name = f"chatcmpl-{secrets.token_hex(12)}"
    return {"id": name, "object": kind, "created": int(time.time()), "model": model}


async def _chunks(steps: AsyncIterator[Answer | Piece | Again], model: str) -> AsyncIterator[bytes]:
    """A completion in chunks. Nothing of it can be taken back, so what a language model writes is
    sent when it has been checked; comments keep the connection alive until then."""
    head = _head("chat.completion.chunk", model)
    yield _data(_chunk(head, {"role": "assistant", "content": ""}))
    answer: Answer | None = None
    try:
        async for step in steps:
            if isinstance(step, Answer):
                answer = step
            yield b": writing\n\n"
    except RagError as error:
        yield _data({"error": {"message": one_line(str(error)), "type": "server_error"}})
        return
    assert answer is not None
    for piece in answer_markdown(answer).splitlines(keepends=True):
        yield _data(_chunk(head, {"content": piece}))
    citations = [citation_json(each) for each in answer.citations]
    yield _data({**_chunk(head, {}, "stop"), "citations": citations})
    yield b"data: [DONE]\n\n"


def _chunk(
    head: dict[str, Any], delta: dict[str, str], finish: str | None = None
) -> dict[str, Any]:
    return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _data(document: dict[str, Any]) -> bytes:
    return b"data: %s\n\n" % as_bytes(document)
