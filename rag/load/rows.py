"""Rows of JSON Lines files -> raw articles, one at a time, however large the file is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.errors import ArticleError
from rag.load.encoding import encoding_of
from rag.types import Language, RawArticle, Skipped

_TAGS: dict[str, Language] = {
    "en": "en",
    "zh-hans": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-my": "zh-Hans",
    "zh-hant": "zh-Hant",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
}


def load_rows(path: Path, max_row_bytes: int) -> Iterator[RawArticle | Skipped]:
    """The rows of a file; a bad one is skipped with its line number. May raise OSError."""
    seen: dict[str, int] = {}
    empty = True
    for number, line in _lines(path, max_row_bytes):
        if isinstance(line, ArticleError):
            empty = False
            yield Skipped(f"{path}#{number}", f"line {number}: {line}")
            continue
        if not line.strip():
            continue
        empty = False
        try:
            raw = _article(path, number, line)
        except ArticleError as error:
            yield Skipped(f"{path}#{number}", f"line {number}: {error}")
            continue
        first = seen.setdefault(raw.source, number)
        if first != number:
            yield Skipped(
                raw.source,
                f"line {number}: expected an id of its own, found the one of "
                f"line {first}: give each row another id",
            )
            continue
        yield raw
    if empty:
        yield Skipped(str(path), "expected one JSON object a line, found none: put articles in it")


def holds_questions(path: Path) -> bool:
    """Whether the first row is a question for an evaluation, not an article. May raise OSError."""
    with path.open("rb") as file:
        line = file.readline(65_536)
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "question" in row and "text" not in row


def count_rows(path: Path) -> int:
    """How many lines a file has, whatever stands in them. May raise OSError."""
    encoding = _encoding(path)
    if encoding.startswith("utf-16"):
        with path.open(encoding=encoding, errors="replace", newline="\n") as text:
            return sum(1 for _ in text)
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            lines += block.count(b"\n")
            last = block[-1:]
    return lines + (last != b"\n")


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        return encoding_of(_whole_lines(file.read(65_536)))


def _lines(path: Path, limit: int) -> Iterator[tuple[int, str | ArticleError]]:
    """Numbered lines; an ArticleError in place of one that is too long or not text."""
    encoding = _encoding(path)
    if encoding in {"utf-8", "utf-8-sig"}:
        yield from _utf8_lines(path, limit)
        return
    with path.open(encoding=encoding, errors="replace", newline="\n") as text:
        yield from enumerate(text, 1)


def _whole_lines(sample: bytes) -> bytes:
    end = sample.rfind(b"\n")
    return sample[:end] if end > 0 and b"\0" not in sample else sample


def _utf8_lines(path: Path, limit: int) -> Iterator[tuple[int, str | ArticleError]]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(limit + 1):
            number += 1
            if len(line) > limit:
                while line and not line.endswith(b"\n"):
                    line = file.readline(limit)
                yield (
                    number,
                    ArticleError(
                        f"expected a row of at most {limit:,} bytes, found a longer one: split it"
                    ),
                )
                continue
            try:
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                yield number, ArticleError("expected UTF-8, found other bytes: save it as UTF-8")


def _article(path: Path, number: int, line: str) -> RawArticle:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ArticleError(
            f"expected a JSON object, found invalid JSON ({error}): write one object a line"
        ) from None
    if not isinstance(row, dict):
        raise ArticleError(f"expected a JSON object, found {_kind(row)}: write one object a line")
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        found = _kind(text) if not isinstance(text, str) else "an empty string"
        raise ArticleError(f'expected a "text" with words, found {found}: put the article there')
    source_id = _word(row, "id")
    return RawArticle(
        source=f"{path}#{source_id or number}",
        path=str(path),
        kind="jsonl",
        content=text,
        source_id=source_id,
        title=_word(row, "title"),
        publisher=_word(row, "publisher"),
        date=_word(row, "date"),
        url=_word(row, "url"),
        language=_language(_word(row, "language")),
    )


def _word(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value.strip() or None if value else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ArticleError(
        f'expected a string for "{name}", found {_kind(value)}: write it as a string'
    )


def _language(tag: str | None) -> Language | None:
    """The project's tag; None for what it doesn't know: then the text decides."""
    plain = (tag or "").lower().replace("_", "-")
    return _TAGS.get(plain) or ("en" if plain.startswith("en-") else None)


def _kind(value: object) -> str:
    names = {
        dict: "an object",
        list: "a list",
        str: "a string",
        bool: "a truth value",
        int: "a number",
        float: "a number",
        type(None): "nothing",
    }
    return names.get(type(value), type(value).__name__)
