"""Article text within a plotly figure, which reads a little HTML: escaped, cleaned and wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from rag.printable import printable

_WIDE = (
    "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003ffff"
)
_CLOSERS = "，。、；：？！）」』》〉】”’…,.;:?!)"
_OPENERS = "（「『《〈【“‘("
_UNIT = re.compile(
    rf"(?P<space>\s*)(?P<unit>[{_OPENERS}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENERS}]+)[{_CLOSERS}]*|\S)"
)
_IS_WIDE = re.compile(rf"[{_WIDE}]")


def in_plot(text: str) -> str:
    """Text on one line of a figure, where no markup in it means anything."""
    return escape(" ".join(printable(text).split()), quote=False)


def shortened(text: str, columns: int) -> str:
    """Text on one line, cut to a width; a Chinese character takes two columns."""
    line = " ".join(printable(text).split())
    return line if _width(line) <= columns else _head(line, columns - 1).rstrip() + "…"


def wrapped(text: str, columns: int, lines: int) -> str:
    """Text in at most so many lines of a figure; what is left out shows as `…`."""
    made = list(_lines(" ".join(printable(text).split()), columns))
    if len(made) > lines:
        made = [*made[: lines - 1], _head(made[lines - 1], columns - 1).rstrip() + "…"]
    return "<br>".join(escape(line, quote=False) for line in made)


def _lines(text: str, columns: int) -> Iterator[str]:
    """Lines that break at spaces and beside Chinese characters, but not before a closing mark."""
    line = ""
    for found in _UNIT.finditer(text):
        unit = found["unit"]
        joined = line + (" " if line and found["space"] else "") + unit
        if _width(joined) <= columns:
            line = joined
            continue
        if line:
            yield line
        while _width(unit) > columns:
            head = _head(unit, columns)
            yield head
            unit = unit[len(head) :]
        line = unit
    if line:
        yield line


def _width(text: str) -> int:
    return len(text) + len(_IS_WIDE.findall(text))


def _head(text: str, columns: int) -> str:
    """The longest beginning of a text that fits, one character at the least."""
    taken = 0
    for at, character in enumerate(text):
        taken += 2 if _IS_WIDE.match(character) else 1
        if taken > columns:
            return text[: max(at, 1)]
    return text
