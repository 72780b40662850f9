"""Keeps a served page to itself: what Gradio's own page names from outside is taken out.

The Content-Security-Policy makes the browser refuse the rest, and any script that is not ours; and
no page elsewhere can ask this one in its reader's name.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from rag.api.access import MAX_JSON_BYTES, headers_of, is_within, limited_to
from rag.api.faults import problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from rag.api import Access

# Doors of Gradio's that write what they are sent to the disk; the page has one of its own.
_UNUSED = frozenset(
    f"/gradio_api/{name}" for name in ("upload", "process_recording", "upload_progress")
)
_LARGE = ("/articles", "/api")  # where articles are sent to, which have limits of their own
# Cards for social networks: their pictures and links are outside addresses.
_CARDS = re.compile(rb"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*")


class LocalOnly:
    """ASGI middleware that adds the headers to every answer and rewrites HTML pages; with `access`
    it refuses strangers."""

    def __init__(self, app: ASGIApp, access: Access | None = None) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] in _UNUSED:
            await problem(scope["path"], 404, "expected a part of the page, found none")(
                scope, receive, send
            )
            return
        if self._access and (refused := self._access.strange(scope["method"], headers_of(scope))):
            answer = problem(str(scope["path"]), refused.status, refused.line)
            await answer(scope, receive, send)
            return
        if not is_within(scope["path"], *_LARGE):
            receive = limited_to(receive, MAX_JSON_BYTES)
        await self._app(scope, receive, _Rewriter(send))


class _Rewriter:
    """Passes one answer on; an HTML page is held back until it is whole."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._page = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            message["headers"] = [*message["headers"], *_headers(self._nonce)]
            if headers.get(b"content-type", b"").startswith(b"text/html"):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._page += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)
            return
        await self._send(message)

    async def _finish(self, start: Message) -> None:
        page = local_page(bytes(self._page), self._nonce)
        others = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        start["headers"] = [*others, (b"content-length", str(len(page)).encode())]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


def local_page(page: bytes, nonce: str) -> bytes:
    """An HTML page without cards for social networks, its own scripts marked with the nonce."""
    return _CARDS.sub(b"", page).replace(b"<script", b'<script nonce="%s"' % nonce.encode())


def _headers(nonce: str) -> list[tuple[bytes, bytes]]:
    """Gradio compiles its templates while the page runs, hence 'unsafe-eval'; styles are inline."""
    policy = (
        "default-src 'self'; "
        f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )
    return [
        (b"content-security-policy", policy.encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]
