"""Language models behind any server that speaks OpenAI's chat completions.

Ollama, vLLM, llama.cpp, DeepSeek, Qwen and OpenAI do. Nothing but the question goes out, to the
configured server alone: no telemetry, and no redirect is followed. The usual proxy variables hold
(`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`), for local servers too unless `NO_PROXY` names them.
"""

from __future__ import annotations

import asyncio
import codecs
import json
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from rag.errors import GeneratorError, GeneratorFault, UsageError
from rag.generate import Message
from rag.generate.faults import (
    MESSAGES,
    REMEDIES,
    at,
    kind_of,
    one_line,
    pause_before_next,
    root_of,
    said_by_server,
    status_of,
)
from rag.generate.thoughts import without_thoughts
from rag.generate.waiting import pieces_until

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

_NO_KEY: Final = "none"  # local servers want no key, the client wants one
_LONGEST_WAIT: Final = 60.0  # seconds that a server may ask us to wait before we ask again
_PASSING: Final = {"unreachable", "quota", "server", "cut"}  # may be gone when asked again
_ASIDE: Final = ("x-stainless-", "openai-")  # headers on the user's system and organisation


@dataclass(frozen=True, slots=True)
class OpenAICompatible:
    """A Generator over a server of that protocol, such as `http://127.0.0.1:11434/v1`.

    `timeout` is in seconds, for the connection and between two signs of life. A server that can't
    be reached, is out of quota or has a fault is asked again, `retries` times, after `back_off`
    seconds that double each time, or as long as its Retry-After says; never once text has come, and
    not after a timeout. The key is in no message and no `repr`.

    Raises UsageError when the address, model or key can't be one.
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout: float = 120.0
    retries: int = 2
    back_off: float = 0.5

    def __post_init__(self) -> None:
        if not _is_address(self.base_url):
            raise UsageError(
                f"expected a server's address such as http://127.0.0.1:11434/v1, "
                f"found {self.base_url!r}: give one that starts with http:// or https://"
            )
        if not self.model.strip():
            raise UsageError("expected the name of a model, found none: name one of the server's")
        if not all("!" <= character <= "~" for character in self.api_key):
            raise UsageError(
                "expected a key of ASCII letters, digits and signs, found others in it: "
                "copy it again, without spaces"
            )

    @property
    def name(self) -> str:
        """The model's name, as its server knows it."""
        return self.model

    @property
    def address(self) -> str:
        """The server's address as it may be shown, without a user's name or password."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def stream(
        self, messages: Sequence[Message], *, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[str]:
        """The model's answer in pieces, as `Generator` says. Raises GeneratorError."""
        pieces = pieces_until(self._pieces(messages), cancelled or (lambda: False))
        return without_thoughts(pieces)

    async def _pieces(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        """The pieces of the first attempt that gives any."""
        from openai import OpenAIError

        begun = reached = False

        async def on_answer(response: Any) -> None:
            nonlocal reached
            reached = True
            if not _is_stream(response):
                await response.aread()  # here its faults become the client's

        attempt = 0
        while True:
            reached = False
            client = self._client(on_answer)  # its own: a server may hang up after a fault
            try:
                async with client, aclosing(self._attempt(client, messages)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                return
            except (OpenAIError, ValueError, GeneratorError) as error:
                fault = self._fault(error, begun, reached)
                pause = pause_before_next(error, self.back_off * 2**attempt)
                lasts = begun or fault.kind not in _PASSING or pause > _LONGEST_WAIT
                if lasts or attempt >= self.retries:
                    raise fault from self._cause(error)
            attempt += 1
            await asyncio.sleep(pause)

    def _client(self, on_answer: Callable[[Any], Coroutine[Any, Any, None]]) -> AsyncOpenAI:
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        try:
            return AsyncOpenAI(
                base_url=self.base_url,
                api_key=self.api_key or _NO_KEY,
                timeout=self.timeout,
                max_retries=0,
                http_client=DefaultAsyncHttpxClient(
                    follow_redirects=False,
                    event_hooks={"request": [_without_asides], "response": [on_answer]},
                ),
            )
        except (ImportError, OSError, ValueError) as error:
            raise GeneratorError(
                "unreachable",
                f"expected a way to {self.address}, found none ({one_line(str(error))}): "
                "check the proxy and certificate variables of the environment",
            ) from error

    async def _attempt(
        self, client: AsyncOpenAI, messages: Sequence[Message]
    ) -> AsyncGenerator[str, None]:
        talk: list[Any] = [{"role": each.role, "content": each.content} for each in messages]
        stream = await client.chat.completions.create(
            model=self.model, messages=talk, stream=True, temperature=0
        )
        async with stream:
            if _is_stream(stream.response):
                async for piece in self._read_stream(stream):
                    yield piece
            else:
                text, finish = self._read_document(stream.response.text)
                yield text
                self._check_length(finish)

    async def _read_stream(
        self, stream: AsyncStream[ChatCompletionChunk]
    ) -> AsyncGenerator[str, None]:
        """The pieces of a stream; a fault once it has said why it finished changes nothing."""
        from openai import APIError

        whole = codecs.getincrementaldecoder("utf-16-le")("replace")  # joins halves of an emoji
        events, choices, finish, begun = 0, 0, None, False
        try:
            async for chunk in stream:
                events += 1
                choice = at(chunk, "choices", 0)
                choices += choice is not None
                finish = at(choice, "finish_reason") or finish
                content = at(choice, "delta", "content")
                if isinstance(content, str) and (
                    piece := whole.decode(content.encode("utf-16-le", "surrogatepass"))
                ):
                    begun = True
                    yield piece
        except (APIError, ValueError):
            if finish is None:
                raise
        if not choices and (events or not _is_said_stream(stream.response)):
            raise self._error("garbage", "a stream without choices" if events else "no stream")
        if finish is None:
            raise self._error("cut", "the stream ended without a finish_reason")
        if rest := whole.decode(b"", final=True):
            yield rest
        elif not begun:
            raise self._error("empty", f"finish_reason {finish}")
        self._check_length(finish)

    def _check_length(self, finish: object) -> None:
        """Raise GeneratorError where a server ended its answer for the length alone."""
        if finish == "length":
            raise self._error("length", "finish_reason length")

    def _read_document(self, text: str) -> tuple[str, object]:
        """The answer of a server that doesn't stream, and why it finished."""
        try:
            document = json.loads(text)
        except ValueError:
            what = "a web page" if text.lstrip().startswith("<") else "what is not JSON"
            raise self._error("garbage", what) from None
        if message := at(document, "error"):
            raise self._error("server", str(at(message, "message") or message))
        choice = at(document, "choices", 0)
        if choice is None:
            raise self._error("garbage", "a JSON document without choices")
        content = at(choice, "message", "content")
        finish = at(choice, "finish_reason")
        if not isinstance(content, str) or not content:
            raise self._error("empty", f"finish_reason {finish}")
        text = content.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text, finish

    def _fault(self, error: Exception, begun: bool, reached: bool) -> GeneratorError:
        """The one error that stands for any fault of the client's or the server's."""
        from openai import APIConnectionError, APIError, APITimeoutError

        match error:
            case GeneratorError():
                return error
            case APITimeoutError():
                return self._error("timeout", "within the text" if begun else "no text")
            case APIConnectionError():
                return self._error("cut" if reached else "unreachable", root_of(error))
            case APIError():
                status = status_of(error)
                found = f"{status}: {said_by_server(error)}" if status else said_by_server(error)
                return self._error(kind_of(status), found, status)
            case _:
                return self._error("garbage", "an event that is not JSON")

    def _error(self, kind: GeneratorFault, found: str, status: int | None = None) -> GeneratorError:
        message = MESSAGES[kind].format(
            server=self.address,
            model=repr(self.model),
            seconds=f"{self.timeout:g} seconds",
            found=one_line(self._without_key(found)),
            remedy=REMEDIES.get(status or 0, "do as it says"),
        )
        return GeneratorError(kind, message)

    def _without_key(self, text: str) -> str:
        return text.replace(self.api_key, "***") if self.api_key else text

    def _cause(self, error: Exception) -> BaseException | None:
        """What a traceback may show beneath: an error as it came, unless it shows the key."""
        if isinstance(error, GeneratorError):
            return error.__cause__
        return error if self._without_key(str(error)) == str(error) else None


async def _without_asides(request: Any) -> None:
    for name in [each for each in request.headers if each.lower().startswith(_ASIDE)]:
        del request.headers[name]


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises on one that is no number
    except ValueError:
        return False
    plain = all("!" <= character <= "~" for character in url)
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_said_stream(response: Any) -> bool:
    return "event-stream" in response.headers.get("content-type", "").lower()


def _is_stream(response: Any) -> bool:
    """Whether an answer is a stream of events; not all servers name its type rightly."""
    kind = response.headers.get("content-type", "").lower()
    return response.is_success and "json" not in kind and "html" not in kind
