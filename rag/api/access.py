"""Who may ask the server for what: hosts, origins, the key, sizes. Checked before anything is read.

A page elsewhere can have its reader's browser send requests here, or give its own name this
machine's address: `Origin` tells of the one and `Host` of the other.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_JSON_BYTES: Final = 4 * 1024 * 1024
"""The largest body of a request, except for one that brings articles."""
MAX_ARTICLES_BYTES: Final = 200_000_000
"""The largest body of a request that brings articles."""

_DOCUMENTS: Final = "/api/v1/documents"
_OPEN: Final = ("/api/docs", "/api/openapi.json")
"""What describes the server, the same for all of them: a browser can't send a key for a page."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not served: a status of HTTP and one line."""

    status: int
    line: str


@dataclass(frozen=True, slots=True)
class Access:
    """`host` is the address that the server listens at, as `rag serve --host` names it. A `key`
    has to come with every request; without one, nobody but this machine may change articles.
    `names` are further names that the server is called by, as those of a proxy before it."""

    host: str = "127.0.0.1"
    key: str = field(default="", repr=False)
    names: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], host: str) -> Access:
        """`RAG_API_KEY` is the key, `RAG_API_HOSTS` the further names, separated by commas."""
        names = environment.get("RAG_API_HOSTS", "").split(",")
        key = environment.get("RAG_API_KEY", "").strip()
        return cls(host, key, frozenset(name.strip().lower() for name in names if name.strip()))

    @property
    def is_local(self) -> bool:
        """Whether no other machine can reach the server."""
        return is_loopback(self.host)

    def refusal(self, method: str, path: str, headers: Mapping[str, str]) -> Refusal | None:
        """Why a request is refused; None where it is not. Names of headers are in lower case."""
        if refused := self.strange(method, headers):
            return refused
        if is_within(path, *_OPEN):
            return None
        if self.key:
            return None if self._holds_key(headers.get("authorization", "")) else _NO_KEY
        if headers.get("sec-fetch-site") == "cross-site":
            return _ELSEWHERE
        changes = method not in _SAFE and is_within(path, _DOCUMENTS)
        if changes and not (self.is_local and _is_own_name(headers.get("host", ""))):
            return _CLOSED
        return None

    def strange(self, method: str, headers: Mapping[str, str]) -> Refusal | None:
        """Why a request is refused that a page elsewhere had its reader's browser send."""
        host = headers.get("host", "")
        if not self._is_served(host):
            return Refusal(
                421,
                f"expected a name of this server, found {host[:80]!r}: ask for it by its address, "
                "or set RAG_API_HOSTS to its name",
            )
        origin = headers.get("origin")
        if method not in _SAFE and origin is not None and not self._is_own(origin, host):
            return Refusal(
                403,
                f"expected a request from a page of this server, found one from {origin[:80]!r}: "
                "ask without a browser, or from the server's own page",
            )
        return None

    def _is_served(self, host: str) -> bool:
        """Whether a `Host` is this server: no page elsewhere can make a browser send these."""
        name = _name_of(host)
        if is_loopback(name) or name == self.host.lower() or name in self.names:
            return True
        return not self.is_local and (_is_address(name) or name == socket.gethostname().lower())

    def _is_own(self, origin: str, host: str) -> bool:
        """Whether a page is of this server, which a proxy may call by another name."""
        try:
            parts = urlsplit(origin)
            return parts.netloc.lower() == host.lower() or parts.hostname in self.names
        except ValueError:
            return False

    def _holds_key(self, authorization: str) -> bool:
        scheme, _, given = authorization.partition(" ")
        same = hmac.compare_digest(given.strip().encode("latin-1", "replace"), self.key.encode())
        return scheme.lower() == "bearer" and same


_NO_KEY = Refusal(
    401, "expected the server's key, found none or another: send Authorization: Bearer KEY"
)
_ELSEWHERE = Refusal(
    403, "expected a request of your own, found one that another site's page sent: ask yourself"
)
_CLOSED = Refusal(
    403,
    "expected a key before other machines may change articles, found none set: set RAG_API_KEY "
    "where the server is started",
)


class Guard:
    """ASGI middleware: refuses what `Access` refuses, and bodies that are too large."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from rag.api.faults import problem

        path, headers = str(scope["path"]), headers_of(scope)
        most = MAX_ARTICLES_BYTES if is_within(path, _DOCUMENTS) else MAX_JSON_BYTES
        refused = self._access.refusal(str(scope["method"]), path, headers)
        length = headers.get("content-length", "")
        if refused is None and length.isdecimal() and int(length) > most:
            refused = _too_large(most)
        if refused is not None:
            await problem(path, refused.status, refused.line)(scope, receive, send)
            return
        await self._app(scope, limited_to(receive, most), send)


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers of a request, their names in lower case."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }


def limited_to(receive: Receive, most: int) -> Receive:
    """The same, but a body that turns out larger than it may be is an HTTPException."""
    from starlette.exceptions import HTTPException

    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            refused = _too_large(most)
            raise HTTPException(refused.status, refused.line)
        return message

    return limited


def _too_large(most: int) -> Refusal:
    return Refusal(413, f"expected a body of at most {most:,} bytes, found more: send less at once")


def is_within(path: str, *places: str) -> bool:
    """Whether a path is one of the places or below one."""
    return any(path == place or path.startswith(f"{place}/") for place in places)


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine's own, which no other can reach."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_own_name(host: str) -> bool:
    """Whether a `Host` is one that only this machine calls itself by: no proxy is in between."""
    return is_loopback(_name_of(host))


def _name_of(host: str) -> str:
    """A `Host` without its port; empty for none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
