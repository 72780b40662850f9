"""The values of a claim, held against those of its quote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from rag.fold import fold
from rag.support.bounds import limited_values
from rag.support.clauses import Reading
from rag.support.mismatch import Mismatch
from rag.values import Value
from rag.values.dates import date_parts

_UPWARD = ("over", "at least")
_DOWNWARD = ("under", "at most", "nearly")
_SCALES = (  # the units of one quantity, in a unit of which each is a whole number
    {"month": 1, "year": 12, "age": 12},
    {"second": 1, "minute": 60, "hour": 3600, "day": 24 * 3600, "week": 7 * 24 * 3600},
    {"mm": 1, "cm": 10, "metre": 1000, "km": 1_000_000},
    {"gram": 1, "kg": 1000, "tonne": 1_000_000},
    {"m2": 3, "mu": 2000, "hectare": 30_000, "km2": 3_000_000},
    {"kWh": 1, "MWh": 1000, "GWh": 1_000_000, "TWh": 1_000_000_000},
    {"kW": 1, "MW": 1000, "GW": 1_000_000},
)
_COUNTED = ("", "person", "household", "vehicle", "age")
"""Units that a number may have in one language and leave to the noun in the other."""

_ANY_MEASURE = ("", "个", "台", "部", "人次", "口", "人", "名", "位", "辆")
_LEAST_SUM = 10**8  # a bare number as large as this may be a sum of money


def unstated(claim: Reading, quote: Reading) -> Iterator[Mismatch]:
    """The values of a claim that its quote doesn't state."""
    told = [*quote.values, *quote.in_words]
    for value in (*claim.values, *limited_values(claim.text)):
        if not any(bears_out(other, value, quote) for other in told) and not _literal(value, quote):
            yield _mismatch(value, told, quote)


def bears_out(told: Value, said: Value, quote: Reading) -> bool:
    """Whether a value of the quote bears out one of the claim."""
    if said.date or told.date:
        return bool(said.date and told.date) and _covers(said.date or "", told.date or "")
    if said.amount is None or told.amount is None or not _same_unit(told, said, quote):
        return False
    if said.upper != told.upper:
        return said.upper is None and _is_an_end(said, told)
    amount = _converted(told.amount, told.unit, said.unit)
    if amount == said.amount:
        return amount == 0 or _bounded(said, told)
    return _rounds(said, amount)


def _literal(value: Value, quote: Reading) -> bool:
    """Whether the quote has the very words in a place where they are read as no value: 8点."""
    text = re.escape(fold(value.text).strip())
    words = re.compile(rf"(?<![a-z0-9.,-]){text}(?![.,]?\d|\s?[a-z%万亿])")
    return not value.qualifier and any(words.search(clause.text) for clause in quote.clauses)


def _mismatch(value: Value, told: Sequence[Value], quote: Reading) -> Mismatch:
    """What is wrong with a value that the quote doesn't bear out."""
    text = value.text.strip()
    for other in told:
        if value.date is None and other.date is None and value.amount == other.amount:
            as_said = _converted(value.amount or Decimal(0), other.unit, value.unit)
            if as_said == value.amount and _same_unit(other, value, quote):
                return Mismatch("direction", f"{text!r} is bounded otherwise: {other.text!r}")
            return Mismatch("unit", f"{text!r} has another unit in the quote: {other.text!r}")
    return Mismatch(value.kind, f"the quote doesn't state {text!r}")


def _is_an_end(said: Value, told: Value) -> bool:
    """Over 10 of a range that begins at 10, up to 15 of one that ends there."""
    low = said.amount == told.amount and said.qualifier in _UPWARD
    return low or (said.amount == told.upper and said.qualifier in _DOWNWARD)


def _converted(amount: Decimal, unit: str, other: str) -> Decimal:
    """The amount in another unit of the same quantity; unchanged where they share none."""
    scale = next((each for each in _SCALES if unit in each and other in each), {unit: 1, other: 1})
    return amount * scale[unit] / scale[other]


def _same_unit(told: Value, said: Value, quote: Reading) -> bool:
    if said.unit == told.unit:
        return True
    if any(said.unit in scale and told.unit in scale for scale in _SCALES):
        return True
    if said.unit in _COUNTED and told.unit in _COUNTED:
        return "" in (said.unit, told.unit) and {said.measure, told.measure} <= {*_ANY_MEASURE}
    if said.kind == "money" and not told.unit:
        return _may_be_money(said, told, quote)
    return told.kind == "money" and not said.unit and (said.amount or 0) >= _LEAST_SUM


def _may_be_money(said: Value, told: Value, quote: Reading) -> bool:
    """Whether a bare number is a sum: 49.5 billion yuan and 47.2 billion; 产值达千亿."""
    currencies = {value.unit for value in quote.values if value.kind == "money"}
    if currencies:
        return said.unit in currencies
    return said.unit == "CNY" and not told.measure and bool(re.search("[万亿]", fold(told.text)))


def _bounded(said: Value, told: Value) -> bool:
    """Whether equal numbers are not bounded on opposite sides."""
    if said.qualifier in _UPWARD:
        exact = not told.qualifier and said.qualifier == "at least"
        return exact or told.qualifier in _UPWARD
    if said.qualifier in ("under", "at most"):
        exact = not told.qualifier and said.qualifier == "at most"
        return exact or told.qualifier in _DOWNWARD
    return said.qualifier != "nearly" or told.qualifier not in _UPWARD


def _rounds(said: Value, told: Decimal) -> bool:
    """Whether a claim's `about`, `nearly` or `over` number is the quote's with fewer digits.

    `about` may be off by 5%, `nearly` by 10%, all by less than one in the claim's last place.
    """
    amount = said.amount or Decimal(0)
    off = told - amount
    place = _last_place(amount)
    if not said.qualifier or _last_place(told) >= place or abs(off) >= Decimal(1).scaleb(place):
        return False
    if said.qualifier in _UPWARD:
        return off > 0
    if said.qualifier in _DOWNWARD:
        return off < 0 and abs(off) <= abs(amount) / 10
    return abs(off) <= abs(amount) / 20


def _last_place(amount: Decimal) -> int:
    """The power of ten of the last digit that isn't an idle zero."""
    return int(amount.normalize().as_tuple().exponent)


def _covers(said: str, told: str) -> bool:
    """Whether a claim's date is the quote's or a less exact one: 2021 of 2021-12-21."""
    if said == told:
        return True
    years, first, last = _reach(said)
    other_years, other_first, other_last = _reach(told)
    if years and not (other_years and years[0] <= other_years[0] and other_years[1] <= years[1]):
        return False
    return (first, last) == (0, 9999) or (first <= other_first and other_last <= last)


@lru_cache(1024)
def _reach(iso: str) -> tuple[tuple[str, str] | None, int, int]:
    """First and last year, then first and last day within the year as month * 100 + day."""
    if iso[0] == "C":
        century = int(iso[1:])
        return (f"{century - 1:02}01", f"{century:02}00"), 0, 9999
    if iso[-1] == "X":
        return (f"{iso[:-1]}0", f"{iso[:-1]}9"), 0, 9999
    year, month, day, span = date_parts(iso)
    years = (year, year) if year else None
    if day:
        return years, month * 100 + day, month * 100 + day
    if month:
        return years, month * 100 + 1, month * 100 + 31
    if not span:
        return years, 0, 9999
    ends = [int(end.lstrip("QHM")) for end in span.split("/")]
    months = {"Q": 3, "H": 6, "M": 1}[span[0]]
    return years, (ends[0] - 1) * months * 100 + 101, ends[-1] * months * 100 + 31
