"""Whether a date of a quote bears out one of a claim, which may be less exact."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rag.support.clauses import Reading
from rag.values import Value
from rag.values.dates import date_parts

_PARTS_OF_A_SPAN = {"": (0, 10), "early": (0, 4), "mid": (3, 7), "late": (5, 10)}  # tenths of it
_BEFORE_MINGUO = 1911


def date_bears_out(told: Value, said: Value, quote: Reading) -> bool:
    """Whether a value of the quote bears out one of the claim, where one or both are dates."""
    if said.date and told.date:
        return _covers(said.date, told.date) or _in_that_year(said.date, told.date, quote)
    return _is_the_year(said, told, quote) or _is_the_year(told, said, quote)


def _in_that_year(said: str, told: str, quote: Reading) -> bool:
    """Whether the quote tells a claim's day or month, and its year beside it: 1974 ... 10月18日."""
    if not (said[:4].isdecimal() and told.startswith("--") and said.endswith(told[1:])):
        return False
    return any(each.date and each.date[:4] == said[:4] for each in quote.values)


def _is_the_year(dated: Value, number: Value, quote: Reading) -> bool:
    """Whether a number is the year of a date: 2000 guests, 自104年 (2015 by another calendar)."""
    year = dated.date or ""
    if not year.isdecimal() or number.amount is None:
        return False
    if number.unit in ("", "person") and dated.text.isdecimal():
        return number.amount == int(year)
    minguo = number.unit == "year" and number.amount == int(year) - _BEFORE_MINGUO
    standing = rf"(?:自|从|于|在|至|到|迄|^|[,。(])\s?{number.amount}年"
    return minguo and bool(re.search(standing, quote.text))


def _covers(said: str, told: str) -> bool:
    """Whether a claim's date is the quote's or a less exact one: 2021 of 2021-12-21."""
    if said == told or {said.partition("~")[0], told.partition("~")[0]} in _same_centuries():
        return True
    if "BC" in (said[:2], told[:2]):
        return _covers_before_christ(said, told)
    years, first, last = _reach(said)
    other_years, other_first, other_last = _reach(told)
    if years and not (other_years and years[0] <= other_years[0] and other_years[1] <= years[1]):
        return False
    return (first, last) == (0, 9999) or (first <= other_first and other_last <= last)


@cache
def _same_centuries() -> list[set[str]]:
    """The 1800s may be the 19th century."""
    return [{f"{hundreds}0X", f"C{hundreds + 1}"} for hundreds in range(10, 21)]


def _covers_before_christ(said: str, told: str) -> bool:
    """Whether a century before the common era has the quote's year before it."""
    if not (said.startswith("BC-C") and told.startswith("BC-") and told[3:].isdecimal()):
        return False
    return (int(told[3:]) - 1) // 100 + 1 == int(said[4:])


@lru_cache(1024)
def _reach(iso: str) -> tuple[tuple[str, str] | None, int, int]:
    """First and last year, then first and last day within the year as month * 100 + day."""
    iso, _, part = iso.partition("~")
    if iso[0] == "C" or iso[-1] == "X":
        first = int(iso[1:]) * 100 - 99 if iso[0] == "C" else int(f"{iso[:-1]}0")
        length = 100 if iso[0] == "C" else 10
        begin, end = _PARTS_OF_A_SPAN[part]
        last = first + length * end // 10 - 1
        return (f"{first + length * begin // 10:04}", f"{last:04}"), 0, 9999
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
