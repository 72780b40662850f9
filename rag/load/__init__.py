"""Files, folders, web addresses -> raw articles; what can't be read is skipped with a reason."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from rag.errors import ArticleError
from rag.load.encoding import decode
from rag.load.rows import count_rows, holds_questions, load_rows
from rag.types import Kind, RawArticle, Skipped

__all__ = [
    "MAX_FILE_BYTES",
    "SUFFIXES",
    "count",
    "is_web_address",
    "load",
    "place_of",
    "text_of",
]

MAX_FILE_BYTES = 50_000_000
"""The size above which a file is skipped. A .jsonl file may be larger: its rows are streamed."""

SUFFIXES: dict[str, Kind] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
    ".text": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".pdf": "pdf",
    ".docx": "docx",
}

_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


_WEB = re.compile(r"\s*https?:", re.IGNORECASE)


def is_web_address(name: str) -> bool:
    """Whether a name is meant as a web address rather than as a path."""
    return bool(_WEB.match(name))


def place_of(name: str | Path) -> Path | str:
    """What a name given by a user means: a web address as it stands, else an absolute path."""
    if isinstance(name, str) and is_web_address(name):
        return name
    return Path(os.path.abspath(name))


def load(path: Path | str, *, max_bytes: int = MAX_FILE_BYTES) -> Iterator[RawArticle | Skipped]:
    """The articles of a file, or of a folder and the folders in it, in sorted order; or the one at
    a web address, which is a string.

    In a folder hidden files, files of other kinds and questions files are passed over; a file
    that is named itself is always answered for, by an article or by a reason.
    """
    if isinstance(path, str):
        from rag.load.web import fetch

        yield fetch(path)
        return
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield Skipped(str(path), _reason(error))
        return
    if stat.S_ISDIR(mode):
        yield from _load_folder(path, max_bytes)
    else:
        yield from _load_file(path, max_bytes)


def count(path: Path | str) -> int:
    """About how many articles `load` finds there, told without reading any.

    A web address or a file counts as one, and a .jsonl file for as many as it has lines.
    """
    if isinstance(path, str):
        return 1
    if path.is_dir():
        files = (each for each in _files(path) if isinstance(each, Path))
        return sum(_count_file(each, in_folder=True) for each in files)
    return _count_file(path)


def _count_file(path: Path, *, in_folder: bool = False) -> int:
    if SUFFIXES.get(path.suffix.lower()) != "jsonl" or not path.is_file():
        return 1
    try:
        if holds_questions(path):
            return 0 if in_folder else 1
        return count_rows(path)
    except OSError:
        return 1


def _load_folder(folder: Path, max_bytes: int) -> Iterator[RawArticle | Skipped]:
    for each in _files(folder):
        if isinstance(each, Skipped):
            yield each
        else:
            yield from _load_file(each, max_bytes, in_folder=True)


def _files(folder: Path) -> Iterator[Path | Skipped]:
    """Links to folders are followed, each real folder once: a loop ends."""
    seen: set[str] = set()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        real = os.path.realpath(here)
        if real in seen:
            continue
        seen.add(real)
        try:
            entries = sorted(here.iterdir())
        except OSError as error:
            yield Skipped(str(here), _reason(error))
            continue
        folders: list[Path] = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                folders.append(entry)
            elif entry.suffix.lower() in SUFFIXES:
                yield entry
        waiting += reversed(folders)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _load_file(
    path: Path, max_bytes: int, *, in_folder: bool = False
) -> Iterator[RawArticle | Skipped]:
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        known = " ".join(sorted(SUFFIXES))
        yield Skipped(
            str(path),
            f"expected one of {known}, found {path.suffix or 'no suffix'}: convert the file",
        )
        return
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            yield Skipped(
                str(path),
                "expected a regular file, found a device or pipe: copy its content into a file",
            )
        elif not state.st_size:
            yield Skipped(str(path), "expected an article, found an empty file: put text in it")
        elif kind == "jsonl" and holds_questions(path):
            if not in_folder:
                yield Skipped(
                    str(path), "expected articles, found questions: give the file to `rag eval`"
                )
        elif kind == "jsonl":
            yield from load_rows(path, max_bytes)
        elif state.st_size > max_bytes:
            yield Skipped(
                str(path),
                f"expected at most {max_bytes:,} bytes, found {state.st_size:,}: split the file",
            )
        else:
            yield _read(path, kind, max_bytes)
    except ArticleError as error:
        yield Skipped(str(path), str(error))
    except OSError as error:
        yield Skipped(str(path), _reason(error))


def _read(path: Path, kind: Kind, max_bytes: int) -> RawArticle:
    """One article of a file. Raises ArticleError or OSError."""
    title: str | None = None
    hidden = 0
    if kind == "pdf":
        from rag.load.pdf import pdf_text

        title, content, hidden = pdf_text(path)
    elif kind == "docx":
        from rag.load.word import docx_text

        title, content, hidden = docx_text(path, max_bytes)
    else:
        content = text_of(
            path.read_bytes(), f"a {path.suffix} file", "give the file its right suffix"
        )
    if not content.strip():
        raise ArticleError("expected an article, found only white space: put text in it")
    return RawArticle(str(path), str(path), kind, content, title=title, hidden=hidden)


def text_of(data: bytes, place: str, hint: str) -> str:
    """The text of an article's bytes. Raises ArticleError, which names the place and the hint,
    where they are no text."""
    if data.startswith(_BINARY):
        raise ArticleError(f"expected text in {place}, found binary data: {hint}")
    return decode(data)


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "expected a file or folder, found nothing there: check the path"
    if isinstance(error, PermissionError):
        return "expected a readable file, found one that you may not read: change its permissions"
    return f"expected a readable file, found {error.strerror or error}: check the disk"
