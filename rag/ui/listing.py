"""The table of articles: found, sorted and a page of it at a time, from memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from rag.store.listing import Row

if TYPE_CHECKING:
    from rag.index import Index

PAGE: Final = 50
"""Rows of a page."""

Column = Literal["title", "language", "publisher", "date", "passages", "added"]
COLUMNS: Final[tuple[Column, ...]] = get_args(Column)


@dataclass(frozen=True, slots=True)
class View:
    """Which rows a reader looks at."""

    words: str = ""
    column: Column = "added"
    descending: bool = True
    start: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of rows; `found` match out of `total`, which have `passages`."""

    rows: tuple[Row, ...]
    view: View
    found: int
    total: int
    passages: int


class Listing:
    """The rows of an index, read again when it has changed."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = Lock()
        self._number: int | None = None
        self._rows: list[Row] = []
        self._folded: list[str] = []

    def page(self, view: View) -> Shown:
        """A page, moved back into the rows that there are. Raises StoreError."""
        with self._lock:
            self._read()
            rows, folded = self._rows, self._folded
            if view.words.strip() and not folded:
                folded = self._folded = _folded(rows)
        found = _matching(rows, folded, view.words)
        found.sort(key=lambda row: _key(row, view.column), reverse=view.descending)
        found.sort(
            key=lambda row: _value(row, view.column) is None
        )  # stable: the unknown come last
        start = max(0, min(view.start, (len(found) - 1) // PAGE * PAGE))
        shown = View(view.words, view.column, view.descending, start)
        passages = sum(row.passages for row in rows)
        return Shown(tuple(found[start : start + PAGE]), shown, len(found), len(rows), passages)

    def _read(self) -> None:
        with self._index.pinned():
            number = self._index.generation
            if number == self._number:
                return
            self._rows = self._index.rows()
        self._folded, self._number = [], number


def as_view(words: dict[str, str]) -> View:
    """What a browser asks to see, checked."""
    column: Column = next((each for each in COLUMNS if each == words.get("column")), "added")
    start = words.get("start", "")
    at = int(start) if start.isascii() and start.isdecimal() and len(start) < 10 else 0
    return View(words.get("words", ""), column, words.get("order") != "up", at)


def _folded(rows: Sequence[Row]) -> list[str]:
    from rag.fold import fold

    return [fold(f"{row.title or ''}\n{row.publisher or ''}\n{row.name}") for row in rows]


def _matching(rows: Sequence[Row], folded: Sequence[str], words: str) -> list[Row]:
    if not words.strip():
        return list(rows)
    from rag.fold import fold

    wanted = fold(words).split()
    return [
        row for row, text in zip(rows, folded, strict=True) if all(word in text for word in wanted)
    ]


def _value(row: Row, column: Column) -> Any:
    return (row.title or row.name) if column == "title" else getattr(row, column)


def _key(row: Row, column: Column) -> Any:
    value = _value(row, column)
    return value if isinstance(value, int) else str(value or "").casefold()
