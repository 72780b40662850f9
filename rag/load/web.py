"""Articles from web addresses: one page each, fetched with care, read like a file.

What a page is about, and what on it is the article, cleaning finds out, as for a saved page.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from rag.errors import ArticleError
from rag.load.address import Rules, parse
from rag.types import Kind, RawArticle, Skipped

if TYPE_CHECKING:
    from httpcore2 import Response
    from httpx2 import URL

    from rag.load.wire import Patience

__all__ = ["fetch", "fetch_all"]

_KINDS: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/plain": "text",
}
_UNTOLD = frozenset(["", "application/octet-stream", "binary/octet-stream"])
_SUFFIXES: dict[str, Kind] = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
}
_BY_HAND = "save the page from your browser and give the file"
_STATUSES = {
    401: ("a log-in wall", _BY_HAND),
    402: ("a page to be paid for", _BY_HAND),
    403: ("one that the site refuses to programs", _BY_HAND),
    404: ("no such page", "check the address"),
    410: ("no such page any more", "check the address"),
    429: ("a site that asks for a pause", "try again later"),
    451: ("one that the site may not show", _BY_HAND),
}
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_LOG_IN = re.compile(
    r"//(?:log-?in|sign-?in|passport|sso|accounts?)\."
    r"|/(?:user/|account/|accounts/|member/|wp-)?(?:log-?in|sign-?in|passport|sso)(?:[/.?]|$)",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"<input\b[^<>]*\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_LEAST = 60  # of what there is to read, in Chinese characters: less is a notice
_LEAST_BESIDE_LOG_IN = 200  # the same beside a field for a password
_CHUNK = 1 << 16


def fetch(
    url: str, *, cancelled: Callable[[], bool] | None = None, rules: Rules | None = None
) -> RawArticle | Skipped:
    """The article at a web address, or why there is none.

    `source`, `path` and `url` of the article are the address at which it was found in the end,
    behind redirects and without a fragment. `cancelled` is asked a few times a second, but not
    while a connection is being made.
    """
    from rag.load.wire import Patience

    rules = rules or Rules()
    try:
        return _article(_follow(url, rules, Patience.start(rules.total_seconds, cancelled)))
    except ArticleError as error:
        return Skipped(url, str(error))


def fetch_all(
    urls: Iterable[str], *, cancelled: Callable[[], bool] | None = None, rules: Rules | None = None
) -> Iterator[RawArticle | Skipped]:
    """The articles at some web addresses, one after the other; each is answered for."""
    return (fetch(url, cancelled=cancelled, rules=rules) for url in urls)


class _Page(NamedTuple):
    """What a server sent: the address it was found at, the media type, the unpacked body."""

    url: URL
    redirected: bool
    media_type: str
    body: bytes


def _follow(text: str, rules: Rules, patience: Patience) -> _Page:
    """The page at an address, through redirects, each of which is checked like the first."""
    from rag.load.wire import request

    url = parse(text, rules)
    for hop in range(rules.max_redirects + 1):
        patience.left(0)
        with request(url, rules, patience) as response:
            if response.status not in _REDIRECTS:
                _check_status(response.status)
                return _Page(url, hop > 0, _media_type(response), _body(response, rules))
            url = _redirected(url, _header(response, b"location"), rules)
    raise ArticleError(
        f"expected a page after at most {rules.max_redirects} redirects, found another one: "
        "check the address"
    )


def _redirected(url: URL, to: str, rules: Rules) -> URL:
    from httpx2 import InvalidURL

    if not to:
        raise ArticleError("expected a page, found a redirect to nowhere: check the address")
    try:
        target = str(url.join(to))
    except InvalidURL:
        target = to
    try:
        found = parse(target, rules)
    except ArticleError as error:
        raise ArticleError(f"behind a redirect: {error}") from error
    if url.scheme == "https" and found.scheme == "http":
        raise ArticleError(
            f"expected a page over https, found a redirect to {found} over http: {_BY_HAND}"
        )
    return found


def _check_status(status: int) -> None:
    if status == 200:
        return
    told = ("one that doesn't hold any", "check the address")
    if status >= 500:
        told = ("a fault of the server's", "try again later")
    found, hint = _STATUSES.get(status, told)
    raise ArticleError(f"expected an open page, found {found} (HTTP {status}): {hint}")


def _header(response: Response, name: bytes) -> str:
    values = [value for key, value in response.headers if key.lower() == name]
    return b", ".join(values).decode("utf-8", "replace").strip()


def _media_type(response: Response) -> str:
    return _header(response, b"content-type").split(";")[0].split(",")[0].strip().lower()


def _body(response: Response, rules: Rules) -> bytes:
    """The body, unpacked; what is too large is not read to its end."""
    packing = _header(response, b"content-encoding").lower()
    length = _header(response, b"content-length")
    if length.isdecimal() and int(length) > rules.max_bytes:
        raise _too_large(rules)
    if packing in {"", "identity"}:
        chunks = iter(response.iter_stream())
    elif packing in {"gzip", "x-gzip"}:
        chunks = _unpacked(_up_to(response.iter_stream(), rules))
    else:
        raise ArticleError(f"expected a page as it is or in gzip, found {packing}: {_BY_HAND}")
    return b"".join(_up_to(chunks, rules))


def _up_to(chunks: Iterable[bytes], rules: Rules) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > rules.max_bytes:
            raise _too_large(rules)
        yield chunk


def _too_large(rules: Rules) -> ArticleError:
    return ArticleError(f"expected at most {rules.max_bytes:,} bytes, found more: {_BY_HAND}")


def _unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of gzip members, in pieces of _CHUNK bytes at most, however well packed."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if unpacker.eof:
                    if not rest.startswith(b"\x1f"):
                        return  # what stands behind the last member is no content
                    unpacker = zlib.decompressobj(wbits=31)
                yield unpacker.decompress(rest, _CHUNK)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
    except zlib.error as error:
        raise _broken() from error
    if not unpacker.eof:
        raise _broken()


def _broken() -> ArticleError:
    return ArticleError("expected a whole page, found its gzip broken: try again later")


def _article(page: _Page) -> RawArticle:
    from rag.load import text_of

    address = str(page.url)
    if page.redirected and _LOG_IN.search(address):
        raise ArticleError(f"expected an open page, found a log-in wall: {_BY_HAND}")
    kind = _kind(page)
    title, hidden = None, 0
    if kind == "pdf":
        title, content, hidden = _pdf(page.body)
    else:
        content = text_of(page.body, page.media_type or "no media type", "check the address")
    if kind == "html":
        _check_readable(content)
    elif not content.strip():
        raise ArticleError("expected an article, found an empty page: check the address")
    return RawArticle(address, address, kind, content, title=title, url=address, hidden=hidden)


def _kind(page: _Page) -> Kind:
    """What the server says that it is; the name where it doesn't, or says no more than text."""
    named = _SUFFIXES.get(PurePosixPath(page.url.path).suffix.lower())
    if page.media_type in _UNTOLD:
        kind: Kind | None = "pdf" if page.body.startswith(b"%PDF-") else named
    else:
        kind = _KINDS.get(page.media_type)
    if kind is None:
        found = page.media_type or "no media type"
        raise ArticleError(
            f"expected HTML, text, Markdown or PDF, found {found}: save it in one of those"
        )
    return "markdown" if kind == "text" and named == "markdown" else kind


def _pdf(data: bytes) -> tuple[str | None, str, int]:
    from rag.load.pdf import pdf_text

    with TemporaryDirectory() as folder:
        path = Path(folder) / "page.pdf"
        path.write_bytes(data)
        return pdf_text(path)


def _check_readable(html: str) -> None:
    """Raises ArticleError for a page that shows its reader next to nothing of itself."""
    from rag.clean.lines import reading_size
    from rag.clean.markup import fragment_text

    size = sum(map(reading_size, fragment_text(html).text.split("\n")))
    asks = _PASSWORD.search(html) is not None
    if asks and size < _LEAST_BESIDE_LOG_IN:
        raise ArticleError(f"expected an open page, found a log-in wall: {_BY_HAND}")
    if size < _LEAST:
        raise ArticleError(
            "expected an article, found a page with next to no text, made by scripts or shown "
            f"after a log-in only: {_BY_HAND}"
        )
