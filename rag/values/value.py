"""What a value found in a text is."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from rag.values.units import Kind

Qualifier = Literal["", "over", "at least", "nearly", "about", "under", "at most"]


@dataclass(frozen=True, slots=True)
class Value:
    """A number, sum of money, share, date or duration, where it stands and what it means.

    Two values are equal when they mean the same, whatever text and language they come from: the
    same kind, amount (and upper end, for a range), unit and date. `unit` is a code of `units.py`,
    empty for plain counts; shares are in percent (`%`) or percentage points (`pp`); `date` is as
    `dates.py` says. `measure` is the Chinese measure word, where there was one.
    """

    kind: Kind
    amount: Decimal | None = None
    unit: str = ""
    date: str | None = None
    upper: Decimal | None = None
    qualifier: Qualifier = field(default="", compare=False)
    measure: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    text: str = field(default="", compare=False)
