"""A language model's server for tests: OpenAI's chat completions over a real socket, by script.

    with InferenceServer(fails(429), says("The ", "harbour.")) as server:
        OpenAICompatible(server.url, "tiny")

Each request plays the script's next behaviour; once it is over, `reply` makes the answers.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

MODEL = "tiny"


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent. `gone` is set once it went away before its answer was over."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    gone: threading.Event = field(default_factory=threading.Event)


class Gone(Exception):
    """The client, or the server as a whole, is no longer there."""


class Call(BaseHTTPRequestHandler):
    """One request, and the ways to answer it. Header names of `asked` are in lower case."""

    server: _Listener
    protocol_version = "HTTP/1.1"
    asked: Request

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        """Start an answer in chunks; `retry_after="1"` is the header Retry-After."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def event(self, document: object) -> None:
        self.chunk(f"data: {json.dumps(document, ensure_ascii=False)}\n\n".encode())

    def delta(self, *, finish: str | None = None, **delta: str) -> None:
        """An event with a piece of the answer; `content=` is its text."""
        self.event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def whole(self, status: int, kind: str, text: str, **headers: str) -> None:
        """An answer at once."""
        self.begin(status, kind, **headers)
        self.chunk(text.encode())
        self.end()

    def document(self, document: object, status: int = 200, **headers: str) -> None:
        self.whole(status, "application/json", json.dumps(document), **headers)

    def reset(self) -> None:
        """Drop the connection as a server that was killed does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        raise Gone

    def wait(self, until: threading.Event | None = None, seconds: float | None = None) -> None:
        """Hold until the event or the time, both endless by default. Raises Gone."""
        passed = 0.0
        while not (until and until.is_set()) and (seconds is None or passed < seconds):
            step = 0.01 if seconds is None else min(0.01, seconds - passed)
            if select.select([self.connection], [], [], step)[0]:
                raise Gone  # it has nothing more to say, so this is its end
            if self.server.closing.is_set():
                raise Gone
            passed += step

    def do_GET(self) -> None:
        self._note({})
        self.document({"object": "list", "data": [{"id": MODEL, "object": "model"}]})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._note(json.loads(self.rfile.read(length)))
        if not self.path.endswith("/v1/chat/completions"):  # a proxy is asked for the whole address
            self.document({"error": {"message": f"no such path: {self.path}"}}, 404)
            return
        try:
            self.server.next_behaviour()(self)
        except (Gone, OSError):
            self.asked.gone.set()
            self.close_connection = True

    def _note(self, body: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked = Request(self.command, self.path, headers, body)
        self.server.requests.append(self.asked)

    def log_message(self, *_: object) -> None:
        pass


Behaviour = Callable[[Call], None]
Piece = str | float | threading.Event
"""Text to send, or what to wait for before the next: seconds or an event."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: Iterator[Behaviour], otherwise: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.script, self.otherwise = script, otherwise
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._turn = threading.Lock()

    def next_behaviour(self) -> Behaviour:
        with self._turn:
            return next(self.script, self.otherwise)

    def handle_error(self, *_: object) -> None:
        """A client that went away: `Request.gone` says so where it matters."""


class InferenceServer:
    """The server while its `with` block lasts. `url` is what clients are configured with."""

    def __init__(
        self, *script: Behaviour, reply: Callable[[dict[str, Any]], str] | None = None
    ) -> None:
        over = fails(500, "the script is over")
        self._listener = _Listener(iter(script), replies(reply) if reply else over)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.server_address[1]}/v1"

    @property
    def requests(self) -> list[Request]:
        """What was asked so far, in order."""
        return self._listener.requests

    def __enter__(self) -> InferenceServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.closing.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()


def _stream(call: Call, pieces: tuple[Piece, ...]) -> None:
    call.begin()
    call.delta(role="assistant", content="")
    for piece in pieces:
        match piece:
            case str():
                call.delta(content=piece)
            case threading.Event():
                call.wait(until=piece)
            case _:
                call.wait(seconds=piece)


def says(*pieces: Piece, finish: str = "stop", done: bool = True) -> Behaviour:
    """A good answer in pieces; `done` tells whether [DONE] ends it."""

    def play(call: Call) -> None:
        _stream(call, pieces)
        call.delta(finish=finish)
        if done:
            call.chunk(b"data: [DONE]\n\n")
        call.end()

    return play


def replies(reply: Callable[[dict[str, Any]], str]) -> Behaviour:
    """An answer made from the request, a few characters at a time, or whole if so asked."""

    def play(call: Call) -> None:
        text = reply(call.asked.body)
        if call.asked.body.get("stream"):
            says(*(text[at : at + 4] for at in range(0, len(text), 4)))(call)
        else:
            answers_at_once(text)(call)

    return play


def answers_at_once(text: str) -> Behaviour:
    """The whole answer as one JSON document, whatever the client asked for."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return lambda call: call.document({"object": "chat.completion", "choices": [choice]})


def fails(status: int, message: str = "no", code: str | None = None, **headers: str) -> Behaviour:
    """An HTTP error: `fails(429, retry_after="1")`, `fails(401)`, `fails(404)`, `fails(500)`."""
    error = {"error": {"message": message, "type": "error", "code": code}}
    return lambda call: call.document(error, status, **headers)


def gives(kind: str, text: str, status: int = 200, **headers: str) -> Behaviour:
    """Any body of any type, such as a web page."""
    return lambda call: call.whole(status, kind, text, **headers)


def sends(*events: str) -> Behaviour:
    """A stream of events with these words for data, JSON or not."""
    return gives("text/event-stream", "".join(f"data: {each}\n\n" for each in events))


def is_silent() -> Behaviour:
    """Take the request and never answer."""
    return lambda call: call.wait()


def stalls(*pieces: Piece) -> Behaviour:
    """Begin an answer, then fall silent."""

    def play(call: Call) -> None:
        _stream(call, pieces)
        call.wait()

    return play


def hangs_up() -> Behaviour:
    """Take the request and drop the connection."""
    return Call.reset


def is_cut(*pieces: Piece) -> Behaviour:
    """Begin an answer, then close the connection in the middle of a chunk."""

    def play(call: Call) -> None:
        _stream(call, pieces)
        call.wfile.write(b'40\r\ndata: {"choices": [')
        call.close_connection = True

    return play


def stops_short(*pieces: Piece) -> Behaviour:
    """End the stream in good order, but without a finish_reason."""

    def play(call: Call) -> None:
        _stream(call, pieces)
        call.end()

    return play


def sends_bytes(*chunks: bytes) -> Behaviour:
    """A stream in exactly these chunks, wherever they split characters."""

    def play(call: Call) -> None:
        call.begin()
        for chunk in chunks:
            call.chunk(chunk)
        call.end()

    return play
