"""Numbers, money, shares, dates and durations, the same in every language.

`find_values` reads them from Chinese of both scripts and from English, `render` writes one in a
reader's language, and two that mean the same are equal.
"""

from __future__ import annotations

from dataclasses import replace

from rag.fold import fold_with_map
from rag.values.dates import find_dates
from rag.values.quantities import find_quantities
from rag.values.render import render
from rag.values.units import Kind
from rag.values.value import Qualifier, Value

__all__ = ["Kind", "Qualifier", "Value", "find_values", "render"]


def find_values(text: str) -> list[Value]:
    """The values of a text, in order, without overlap; `text[v.start:v.end] == v.text`.

    What can't be read with certainty is left out: relative dates (去年), vague counts (几十),
    numbers that are part of a name (G104, 第五次, 2号).
    """
    folded = fold_with_map(text)
    values: list[Value] = []
    rest = folded.text
    for start, end, iso in find_dates(rest):
        values.append(Value("date", date=iso, start=start, end=end))
        rest = rest[:start] + "\0" * (end - start) + rest[end:]
    values += [found.value for found in find_quantities(rest)]
    placed: list[Value] = []
    for value in sorted(values, key=lambda value: value.start):
        start, end = folded.span(value.start, value.end)
        if not placed or placed[-1].end <= start:  # one character may fold to two numbers
            placed.append(replace(value, start=start, end=end, text=text[start:end]))
    return placed
