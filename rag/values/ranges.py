"""Two numbers with `to` between them, joined into one value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.values.value import Value


@dataclass(frozen=True, slots=True)
class Found:
    """A value, and what its number was multiplied by (万, billion), which a range shares."""

    value: Value
    scale: Decimal


_TO = re.compile(r"\s?(?:至|到|\bto\b)\s?")


def with_ranges(folded: str, found: list[Found]) -> Iterator[Found]:
    """10至15亿元 and 10%-15% are one value each; 从30%到40% stays two."""
    index = 0
    while index < len(found):
        first = found[index]
        following = found[index + 1] if index + 1 < len(found) else None
        joined = _joined(folded, first, following) if following else None
        yield joined or first
        index += 2 if joined else 1


def _joined(folded: str, first: Found, last: Found) -> Found | None:
    low, high = first.value, last.value
    amount, upper = low.amount, high.amount
    between = _TO.fullmatch(folded, low.end, high.start)
    if not between or amount is None or upper is None:
        return None
    if re.search(r"(?:从|由|自|from )$", folded[: low.start]):
        return None
    named = bool(high.unit or high.measure)
    if not named and low.kind == "money":  # $5 to 10 million
        high, named = replace(high, kind=low.kind, unit=low.unit), True
        low = replace(low, unit="")
    if not named and between.group().strip() == "到":
        return None
    if (low.unit, low.measure) != (high.unit, high.measure):
        if low.unit or low.measure:
            return None
        amount *= last.scale if first.scale == 1 else 1
    elif not named and first.scale == 1 and amount * last.scale < upper:  # 30 to 50 thousand
        amount *= last.scale
    if amount >= upper:
        return None
    value = replace(high, amount=amount, upper=upper, start=low.start)
    return Found(replace(value, qualifier=low.qualifier or high.qualifier), last.scale)
