"""Lines -> paragraphs: a text wrapped at a fixed width is put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_COMPLETE = re.compile(r"[.!?:;。！？：；…][\"'”’」』）)\]]*$")
_ITEM = re.compile(
    r"(?:[-*•·●○■□▪–—]|\(?\d{1,3}[.)、]|[（(]?[一二三四五六七八九十]{1,3}[、）)])\s?\S"
)
_HAN_END = re.compile(r"[\u2014\u2018-\u201d\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uffef]$")
_HAN_START = re.compile(r"[\u2014\u2018-\u201d\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_NARROWEST = 40  # columns: what wraps below that is a list or a poem
_WIDEST = 130


def paragraphs(text: str, *, unwrap: bool, printed: bool = False) -> list[str]:
    """The non-empty lines of a text, wrapped ones joined to paragraphs when `unwrap` is set.

    Lines of a `printed` page are wrapped for certain; of others it is found out.
    """
    lines = text.split("\n")
    if unwrap and len(lines) > 1:
        width = _wrap_width(lines)
        if not width and printed:
            width = max(map(columns, lines))
        if width >= _NARROWEST:
            return _joined(lines, width)
    return [line for line in lines if line.strip()]


def columns(line: str) -> int:
    """The width of a line in columns of a fixed-width font: a Chinese character takes two."""
    return len(line) if line.isascii() else sum(2 if char >= "\u2e80" else 1 for char in line)


def _wrap_width(lines: Sequence[str]) -> int:
    """The width that a text was wrapped at, or 0 when its line breaks are paragraphs."""
    inner = [line.strip() for line, after in pairwise(lines) if line.strip() and after.strip()]
    if len(inner) < 3:
        return 0
    widths = sorted(map(columns, inner))
    width = widths[int(len(widths) * 0.9)] if len(widths) >= 10 else widths[-1]
    if not _NARROWEST <= width <= _WIDEST or widths[-1] > width * 1.5:
        return 0
    full = sum(1 for value in widths if value >= 0.75 * width)
    complete = sum(1 for line in inner if _COMPLETE.search(line))
    return width if full >= 0.65 * len(inner) and complete <= 0.5 * len(inner) else 0


def _joined(lines: Sequence[str], width: int) -> list[str]:
    whole: list[str] = []
    going = False
    for line in lines:
        plain = line.strip()
        if not plain:
            going = False
            continue
        if going and not line.startswith("  ") and not _ITEM.match(plain):
            whole[-1] = join(whole[-1], plain)
        else:
            whole.append(plain)
        short = columns(plain) < 0.75 * width
        going = not short or not (_COMPLETE.search(plain) or columns(plain) < 0.5 * width)
    return whole


def join(first: str, second: str) -> str:
    """Two lines of one paragraph: no space next to a Chinese character, a hyphen undone."""
    if _HAN_END.search(first) or _HAN_START.match(second):
        return first + second
    if first.endswith("-") and len(first) > 2 and first[-2].islower() and second[:1].islower():
        return first[:-1] + second
    return f"{first} {second}"
