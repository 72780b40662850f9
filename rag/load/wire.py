"""One request over the network: to checked addresses only, within a time that can't be stretched.

The host is resolved once, every address it has is checked, and the connection goes to one of
those: a name that resolves to something else a moment later gains nothing.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any

from httpcore2 import (
    SOCKET_OPTION,
    URL,
    ConnectError,
    ConnectionPool,
    ConnectTimeout,
    NetworkBackend,
    NetworkError,
    NetworkStream,
    ProtocolError,
    ReadTimeout,
    Response,
    SyncBackend,
    TimeoutException,
    default_ssl_context,
)
from httpx2 import URL as WebAddress

from rag.errors import ArticleError
from rag.load.address import Rules, checked, port_of

__all__ = ["Patience", "request"]

_LOOK = 0.25  # seconds between two looks whether the fetch was cancelled
_HEADERS = (
    (b"User-Agent", b"Yinju"),
    (b"Accept", b"text/html, application/xhtml+xml, application/pdf, text/markdown, text/plain"),
    (b"Accept-Encoding", b"gzip"),
    (b"Connection", b"close"),
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a fetch may still wait: until `end` (of time.monotonic), or until cancelled."""

    end: float
    seconds: float
    cancelled: Callable[[], bool] | None = None

    @classmethod
    def start(cls, seconds: float, cancelled: Callable[[], bool] | None) -> Patience:
        """Begin to wait."""
        return cls(time.monotonic() + seconds, seconds, cancelled)

    def left(self, at_most: float) -> float:
        """Seconds to wait now. Raises ArticleError when none are left, or when cancelled."""
        if self.cancelled is not None and self.cancelled():
            raise ArticleError(
                "expected the page, found the fetch cancelled: give the address again"
            )
        left = self.end - time.monotonic()
        if left <= 0:
            raise ArticleError(
                f"expected the page within {self.seconds:g} seconds, found it unfinished: "
                "try again later"
            )
        return min(at_most, left)


@contextmanager
def request(url: WebAddress, rules: Rules, patience: Patience) -> Iterator[Response]:
    """The answer to one GET request; its body is still to be read.

    Raises ArticleError, also from within, when the network fails.
    """
    host = url.raw_host.decode("ascii")
    target = URL(
        scheme=url.raw_scheme, host=url.raw_host, port=port_of(url), target=url.raw_path or b"/"
    )
    trust = rules.trust
    if trust is None and url.scheme == "https":
        trust = default_ssl_context()
    try:
        with (
            ConnectionPool(ssl_context=trust, network_backend=_Backend(rules, patience)) as pool,
            pool.stream("GET", target, headers=[(b"Host", url.netloc), *_HEADERS]) as response,
        ):
            yield response
    except (NetworkError, TimeoutException, ProtocolError) as error:
        raise ArticleError(_reason(host, error)) from error


class _Backend(NetworkBackend):
    """Opens connections to checked addresses only."""

    def __init__(self, rules: Rules, patience: Patience) -> None:
        self._rules = rules
        self._patience = patience
        self._sockets = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """A connection to the first address of the host that answers."""
        found = checked(host, _resolved(host, port, self._rules, self._patience), self._rules)
        error: ConnectError | ConnectTimeout | None = None
        for address in found:
            wait = self._patience.left(self._rules.connect_seconds)
            try:
                stream = self._sockets.connect_tcp(address, port, wait, None, socket_options)
            except (ConnectError, ConnectTimeout) as failure:
                error = failure
            else:
                return _Stream(stream, self._rules, self._patience)
        raise error or ConnectError("no address")


class _Stream(NetworkStream):
    """A connection each of whose waits ends with the patience, however slowly bytes drip in."""

    def __init__(self, stream: NetworkStream, rules: Rules, patience: Patience) -> None:
        self._stream = stream
        self._rules = rules
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            try:
                return self._stream.read(max_bytes, self._patience.left(_LOOK))
            except ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._patience.left(self._rules.connect_seconds))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        wait = self._patience.left(self._rules.connect_seconds)
        stream = self._stream.start_tls(ssl_context, server_hostname, wait)
        return _Stream(stream, self._rules, self._patience)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _resolved(host: str, port: int, rules: Rules, patience: Patience) -> Sequence[str]:
    """The addresses of a host; the system's resolver has no time limit, so a thread waits for it.

    Raises ArticleError when there are none.
    """
    found: list[str] = []

    def look() -> None:
        with suppress(OSError, UnicodeError):  # as if the name had no address
            found.extend(rules.resolve(host, port))

    thread = Thread(target=look, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(patience.left(_LOOK))
    if not found:
        raise ArticleError(f"expected a site called {host}, found none: check the address")
    return found


def _reason(host: str, error: Exception) -> str:
    cause = next(iter(error.args), None)  # the error that the socket raised
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"expected a certificate of {host} that this machine trusts, found another "
            f"({cause.verify_message}): check the address"
        )
    if isinstance(cause, ssl.SSLError):
        return f"expected a secure connection to {host}, found none: check the address"
    if isinstance(error, ConnectError | ConnectTimeout):
        return f"expected {host} to answer, found no connection: try again later"
    return f"expected a whole page from {host}, found the answer broken off: try again later"
