"""The time that a question names, as days of the calendar: in March 2021, 去年, last month."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from rag.fold import fold_with_map
from rag.types import Period
from rag.values import find_values
from rag.values.dates import date_parts

_MONTHS_OF = {"Q": 3, "H": 6, "M": 1}


def asked_period(question: str, today: date) -> Period | None:
    """The one time that a question names; None where it names none, or several.

    Relative ones (去年, last month) are counted from `today`.
    """
    found = [*_absolute(question, today), *_relative(question, today)]
    distinct = {(each.first, each.last): each for each in found}
    return found[0] if len(distinct) == 1 else None


def _absolute(question: str, today: date) -> list[Period]:
    found = []
    for value in find_values(question):
        days = _days(value.date, today) if value.date else None
        if days is not None:
            relative = (value.date or "")[0] == "Y"
            found.append(Period(value.text, *days, relative=relative))
    return found


def _days(iso: str, today: date) -> tuple[date, date] | None:
    """First and last day of an ISO form of `rag.values` that names a year or decade."""
    if iso[0] == "C":
        return _years(100 * int(iso[1:]) - 99, 100 * int(iso[1:]))
    if iso[-1] == "X":
        return _years(10 * int(iso[:-1]), 10 * int(iso[:-1]) + 9)
    named, month, day, span = date_parts(iso)
    if not named:
        return None
    year = today.year + int(named[1:]) if named[0] == "Y" else int(named)
    first, last = 1, 12
    if span:
        length = _MONTHS_OF[span[0]]
        ends = [int(end.lstrip("QHM")) for end in span.split("/")]
        first, last = (ends[0] - 1) * length + 1, ends[-1] * length
    elif month:
        first = last = month
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        return date(year, first, 1), _last_of(year, last)
    except ValueError:  # 30 February
        return None


def _years(first: int, last: int) -> tuple[date, date] | None:
    return (date(first, 1, 1), date(last, 12, 31)) if 1 <= first <= last <= 9998 else None


def _last_of(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


def _year(offset: int) -> Callable[[date], tuple[date, date]]:
    return lambda today: (date(today.year + offset, 1, 1), date(today.year + offset, 12, 31))


def _month(offset: int) -> Callable[[date], tuple[date, date]]:
    def days(today: date) -> tuple[date, date]:
        year, month = divmod(12 * today.year + today.month - 1 + offset, 12)
        return date(year, month + 1, 1), _last_of(year, month + 1)

    return days


def _week(offset: int) -> Callable[[date], tuple[date, date]]:
    def days(today: date) -> tuple[date, date]:
        monday = today + timedelta(7 * offset - today.weekday())
        return monday, monday + timedelta(6)

    return days


def _day(offset: int) -> Callable[[date], tuple[date, date]]:
    return lambda today: (today + timedelta(offset),) * 2


_RELATIVE: tuple[tuple[re.Pattern[str], Callable[[date], tuple[date, date]]], ...] = tuple(
    (re.compile(pattern), days)
    for pattern, days in (
        # a year with a month behind it (去年8月) is a value, found above
        (r"去年|\blast year\b(?!['’]s end)", _year(-1)),
        (r"前年(?!度)|\bthe year before last\b", _year(-2)),
        (r"今年|本年度?|\bthis year\b", _year(0)),
        (r"明年|\bnext year\b", _year(1)),
        (r"上个?月(?!球)|\blast month\b", _month(-1)),
        (r"(?<!\d)[本这]个?月|\bthis month\b", _month(0)),
        (r"上个?(?:周|星期|礼拜)(?![一二三四五六日天末])|\blast week\b", _week(-1)),
        (r"[本这]个?(?:周|星期|礼拜)(?![一二三四五六日天末])|\bthis week\b", _week(0)),
        (r"昨[天日]|\byesterday\b", _day(-1)),
        (r"今[天日]|\btoday\b", _day(0)),
    )
)


def _relative(question: str, today: date) -> list[Period]:
    folded = fold_with_map(question)
    taken = [(value.start, value.end) for value in find_values(question) if value.date]
    found = []
    for pattern, days in _RELATIVE:
        for match in pattern.finditer(folded.text):
            start, end = folded.span(*match.span())
            if not any(start < other and at < end for at, other in taken):
                found.append(Period(question[start:end], *days(today), relative=True))
    return found
