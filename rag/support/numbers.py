"""Numbers of a text that `find_values` leaves alone: of names, scores, versions, ranks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache

from rag.reasons import Reason
from rag.support.clauses import Reading
from rag.support.mismatch import Mismatch
from rag.support.wording import ORDINALS
from rag.values import Value
from rag.values.dates import date_parts
from rag.values.numerals import WORDS, parse_chinese, parse_english

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_HAN = re.compile("[〇零一二两三四五六七八九十百千万亿]+")
_NO_NUMBER = frozenset(("一", "十", "百", "千", "万", "亿", "千万", "零", "万一"))
_TEN = re.compile("十(?=[月个年日号人名位次天岁点倍分小])")
_RANKED = re.compile(
    rf"第\s?(?:\d+|{_HAN.pattern})|\b(?:\d+(?:st|nd|rd|th)|{'|'.join(ORDINALS)})\b"
)
_WORD = re.compile(rf"\b(?:hundred|thousand|million|{WORDS})(?![a-z])")
_ROMAN = re.compile(r"\b(?=[ivxlc]+\b)(?:xl|l?x{0,3}|xc|c{1,3})?(?:ix|iv|v?i{0,3})\b")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_MONTHS = [name[:3] for name in _MONTH_NAMES]
_MONTH = re.compile(r"\b(?:" + "|".join([*_MONTH_NAMES, "sept", *_MONTHS]) + r")\b")
_ALSO_WORDS = frozenset({"march", "mar", "may", "august"})


def _of_digits(text: str) -> Iterator[Decimal]:
    """Each number in digits, and the parts of those with a point: 4, 41 and 30 of 4:41.30."""
    for match in _DIGITS.finditer(text):
        parts = re.split("[.,]", match.group())
        yield from map(Decimal, parts)
        whole = match.group().replace(",", "")
        if whole.count(".") <= 1:
            yield Decimal(whole)


def _of_words(text: str) -> Iterator[Decimal]:
    if "半" in text:
        yield Decimal(30)
    if _TEN.search(text):
        yield Decimal(10)
    for match in _HAN.finditer(text):
        number = None if match.group() in _NO_NUMBER else parse_chinese(match.group())
        if number is not None:
            yield number
    for match in _WORD.finditer(text):
        number = parse_english(match.group()) or parse_english(f"one {match.group()}")
        if number is not None:
            yield number
    for word, place in ORDINALS.items():
        if word in text:
            yield Decimal(place)
    for match in _MONTH.finditer(text):
        yield Decimal(_MONTHS.index(match.group()[:3]) + 1)
    for match in _ROMAN.finditer(text):
        if match.group():
            yield Decimal(_roman(match.group()))


def _roman(text: str) -> int:
    sizes = [_ROMAN_DIGITS[letter] for letter in text]
    pairs = zip(sizes, [*sizes[1:], 0], strict=True)
    return sum(-size if size < following else size for size, following in pairs)


@lru_cache(256)
def _numbers(text: str) -> frozenset[Decimal]:
    return frozenset((*_of_digits(text), *_of_words(text)))


def all_numbers(text: Reading) -> frozenset[Decimal]:
    """Every number of a text, in whatever role."""
    amounts = {amount for value in text.values for amount in (value.amount, value.upper) if amount}
    return _numbers(text.text) | _numbers(text.marked) | amounts


def is_left_over(value: Value, quote: Reading) -> bool:
    """Whether the quote has a claim's value as a number that belongs to no value of its own."""
    counted = value.unit or value.measure
    left = _numbers(_RANKED.sub(" ", quote.marked) if counted else quote.marked)
    if value.date:
        return value.date[:4].isdecimal() and _parts(value.date) <= left
    ends = {abs(amount) for amount in (value.amount, value.upper) if amount is not None}
    return ends <= left


def _parts(date: str) -> set[Decimal]:
    if not re.fullmatch(r"[\d-]+", date):
        return {Decimal(-1)}
    year, month, day, _ = date_parts(date)
    return {Decimal(part) for part in (year, month, day) if part}


def strange_numbers(claim: Reading, quote: Reading) -> Iterator[Mismatch]:
    """Numbers that are part of a name or score in the claim and are nowhere in the quote."""
    told = all_numbers(quote)
    for match in _MONTH.finditer(claim.marked):
        if _MONTHS.index(match.group()[:3]) + 1 not in told and match.group() not in _ALSO_WORDS:
            yield Mismatch("date", Reason("unstated", match.group()))
    for match in _loose().finditer(claim.marked):
        number = match.group().replace(",", "").rstrip(".")
        if number[0].isdigit():
            parts = {Decimal(part) for part in number.split(".") if int(part)}
            strange = not (parts <= told or (number.count(".") < 2 and Decimal(number) in told))
        else:
            amount = parse_english(number)
            strange = amount is not None and amount > 1 and amount not in told
        if strange:
            yield Mismatch("number", Reason("unstated", match.group()))


@cache
def _loose() -> re.Pattern[str]:
    return re.compile(
        rf"{_DIGITS.pattern}(?![\d.,]*\s?[百千万亿])|\b(?:{WORDS})(?![a-z]|-[a-z]+(?:st|nd|rd|th)\b)"
    )
