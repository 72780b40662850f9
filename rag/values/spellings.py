"""The ways in which a language's articles may write a value: 42亿, 4,200 million, 4200000000.

Not `render`, which knows the one way that a reader is answered in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from rag.types import Family
from rag.values.dates import date_parts, month_names, render_date
from rag.values.numerals import english_words, han_numeral, plain
from rag.values.units import BY_CODE
from rag.values.value import Value

Part = Literal["all", "number", "year", "month", "day", "span"]

_ENGLISH_SCALES = (
    (Decimal(10**3), ("thousand", "k"), 1, 1000),
    (Decimal(10**6), ("million", "m", "mn"), Decimal("0.1"), 100_000),
    (Decimal(10**9), ("billion", "bn"), Decimal("0.1"), 100_000),
    (Decimal(10**12), ("trillion", "tn"), Decimal("0.1"), 100_000),
)
"""Scale, its names, and the counts from and below which it is used."""

_CHINESE_SCALES = (
    (Decimal(10**4), "万", Decimal("0.1"), 1_000_000),
    (Decimal(10**6), "百万", 1, 10),
    (Decimal(10**7), "千万", 1, 10),
    (Decimal(10**8), "亿", Decimal("0.1"), 100_000),
    (Decimal(10**12), "万亿", Decimal("0.1"), 100_000),
)
_DECIMALS = 4  # 4.2536 billion; what is more exact is written out
_ENDINGS = ("", "元", "人", "名", "人次", "家", "户", "吨", "个", "美元")
"""What a multiplier may be one word with (亿元), where the question doesn't say the unit."""

_FRACTIONS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 10: "tenth"}
_FIRST_MINGUO, _LAST_MINGUO = 1912, 2099


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text that says some parts of a value: the month of a date, the number of a sum."""

    parts: tuple[Part, ...]
    text: str


@lru_cache(256)
def spellings(value: Value, family: Family) -> tuple[Spelling, ...]:
    """The ways to write a value, without its unit; nothing for ranges, relative years, centuries
    and whole numbers below ten, which their words alone match well enough."""
    if value.date is not None:
        return tuple(dict.fromkeys(_of_date(value.date, family)))
    amount = value.amount
    if amount is None or value.upper is not None or amount <= 0:
        return ()
    if value.unit == "%":
        found = _english_share(amount) if family == "en" else _chinese_share(amount)
        return tuple(Spelling(("all",), text) for text in dict.fromkeys(found))
    if amount < 10 and amount == int(amount):
        return ()
    numbers = _english(amount) if family == "en" else _chinese(amount, value.unit)
    return tuple(Spelling(("number",), text) for text in dict.fromkeys(numbers))


def _counts(amount: Decimal, scale: Decimal, least: Decimal | int, below: int) -> str | None:
    count = amount / scale
    exact = len(plain(count).partition(".")[2]) <= _DECIMALS
    return plain(count) if exact and least <= count < below else None


def _english(amount: Decimal) -> Iterator[str]:
    yield plain(amount)
    for scale, names, least, below in _ENGLISH_SCALES:
        count = _counts(amount, scale, least, below)
        if count:
            yield from (f"{count} {name}" for name in names)
    written = english_words(amount)
    if written:
        yield written


def _chinese(amount: Decimal, unit: str) -> Iterator[str]:
    named = BY_CODE.get(unit)
    endings = ("", *named.chinese) if named else _ENDINGS
    numbers = [plain(amount)]
    for scale, name, least, below in _CHINESE_SCALES:
        count = _counts(amount, scale, least, below)
        numbers += [f"{count}{name}"] if count else []
    numbers += han_numeral(amount)
    for number in numbers:
        yield from (number + ending for ending in endings)


def _english_share(amount: Decimal) -> Iterator[str]:
    yield from _ended(amount)
    written = english_words(amount)
    if written:
        yield from (f"{written} percent", f"{written} per cent")
    part = _fraction(amount)
    if part is not None and part.denominator in _FRACTIONS:
        name = _FRACTIONS[part.denominator]
        count = english_words(Decimal(part.numerator))
        yield f"{count} {name}{'s' if part.numerator > 1 else ''}"
        if part.numerator == 1:
            yield f"a {name}"
        if part.denominator == 2:
            yield from ("half of", "half the")


def _chinese_share(amount: Decimal) -> Iterator[str]:
    yield from _ended(amount)
    yield from (f"百分之{number}" for number in [*_ended(amount), *han_numeral(amount)])
    if amount % 10 == 0 and amount < 100:
        yield f"{han_numeral(amount / 10)[0]}成"
    part = _fraction(amount)
    if part is not None and part.denominator <= 10:
        lower, upper = (han_numeral(Decimal(each))[0] for each in part.as_integer_ratio()[::-1])
        yield f"{lower}分之{upper}"
        if part.denominator == 2:
            yield from ("一半", "半数")


def _ended(amount: Decimal) -> list[str]:
    """The digits, unless they have no end, as those of a third."""
    digits = plain(amount)
    return [digits] if len(digits) < 12 else []


def _fraction(amount: Decimal) -> Fraction | None:
    part = (Fraction(amount) / 100).limit_denominator(10)
    near = abs(float(part) * 100 - float(amount)) < 1e-6
    return part if near and 0 < part < 1 else None


def _of_date(iso: str, family: Family) -> Iterator[Spelling]:
    if iso[0] == "C":
        return
    if iso[-1] == "X":
        tens, century = iso[2], int(iso[:2]) + 1
        chinese = (f"{iso[:3]}0年代", f"{century}世纪{tens}0年代", f"{tens}0年代")
        for text in (f"{iso[:3]}0s",) if family == "en" else chinese:
            yield Spelling(("all",), text)
        return
    year, month, day, span = date_parts(iso)
    if year.isdecimal():
        yield from (Spelling(("year",), text) for text in year_spellings(int(year), family))
    if span:
        yield from (Spelling(("span",), text) for text in _spans(span, family))
    if month:
        whole = int(year) if year.isdecimal() else None
        yield from (_in_english if family == "en" else _in_chinese)(whole, month, day)
        yield from _in_digits(whole, month, day)


def year_spellings(year: int, family: Family) -> Iterator[str]:
    """The ways to write a year in full."""
    yield str(year)
    if family == "zh":
        yield "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year)) + "年"
        if _FIRST_MINGUO < year <= _LAST_MINGUO:
            yield f"民国{year - 1911}年"
            yield from (f"民国{number}年" for number in han_numeral(Decimal(year - 1911)))


def _in_english(year: int | None, month: int, day: int) -> Iterator[Spelling]:
    for name in month_names(month):
        if name != "May":  # alone it is a verb more often
            yield Spelling(("month",), name)
        elif year:
            yield Spelling(("year", "month"), f"{name} {year}")
        if day:
            for text in (f"{name} {day}", f"{day} {name}", f"{day}th {name}", f"{day}th of {name}"):
                yield Spelling(("month", "day"), _ordinal(text, day))


def _ordinal(text: str, day: int) -> str:
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return text.replace("th ", f"{ending} ") if "th " in text else text


def _in_chinese(year: int | None, month: int, day: int) -> Iterator[Spelling]:
    for number in (str(month), *han_numeral(Decimal(month))):
        for ending in ("", "份", "底", "初", "上旬", "中旬", "下旬"):
            yield Spelling(("month",), f"{number}月{ending}")
    if day:
        days = (
            f"{month}月{day}",
            f"{han_numeral(Decimal(month))[0]}月{han_numeral(Decimal(day))[0]}",
        )
        for text in days:
            yield from (Spelling(("month", "day"), text + mark) for mark in "日号")


def _in_digits(year: int | None, month: int, day: int) -> Iterator[Spelling]:
    if year and day:
        for text in (f"{year}-{month:02}-{day:02}", f"{year}/{month}/{day}"):
            yield Spelling(("year", "month", "day"), text)
    elif year:
        yield Spelling(("year", "month"), f"{year}-{month:02}")


def _spans(span: str, family: Family) -> Iterator[str]:
    """第三季度 and 三季度, the third quarter and Q3; others as they are answered in."""
    yield render_date(span, "en" if family == "en" else "zh-Hans").removeprefix("the ")
    number = span[1:]
    if span[0] == "Q" and number.isdecimal():
        han = han_numeral(Decimal(number))[0]
        yield from (span, f"{number}Q") if family == "en" else (f"{han}季度", f"第{number}季度")
    if span.startswith("M1/M"):
        months = Decimal(span[4:])
        if family == "en":
            yield f"first {english_words(months)} months"
        else:
            yield from (f"前{number}个月" for number in han_numeral(months))
            yield f"1至{months}月"
