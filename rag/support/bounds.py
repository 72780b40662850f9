"""Bounds that stand further off their value than `find_values` looks, and values said in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from rag.fold import fold
from rag.values import Qualifier, Value, find_values

_BEFORE = re.compile(
    r"(?:(?P<under>没用到|没到|未到|不到|未满|不足|用不了|\b(?:less|fewer) than\b)"
    r"|(?P<most>\b(?:within|capped at)\b)"
    r"|(?P<over>超过|多于|不止|\b(?:more than|over(?! the| a )|exceed\w*)\b))[^\d,.，。]{0,14}$"
    r"|(?P<past>(?<![不通经超])过)$"
)
_BEHIND = re.compile(
    r"(?P<under>不到|未到|未满)|(?P<most>以内|之内)|(?P<over>多(?!数|半|家|个)|开外)"
)
_QUALIFIERS: dict[str, Qualifier] = {"under": "under", "most": "at most"}
_THAT_YEAR = re.compile(r"[那这同该每当头前后单看某]\s?$")
_AND_A_HALF = re.compile(r"\ban?\s+(?P<unit>year|month|week|day|hour)\s+and\s+$")

_UNIT = r"(?P<unit>decade|year|month|week|day|hour)\b"
_ONE_UNIT = re.compile(rf"\b(?:an?|one|per|the|single|calendar) {_UNIT}")
_LIMITED = re.compile(
    r"\b(?P<limit>less than|under|within|more than|over|nearly|almost|about|in just|in only|took) "
    rf"an? {_UNIT}(?! and a half)"
)
_LIMITS: dict[str, Qualifier] = {
    **dict.fromkeys(("more than", "over"), "over"),
    **dict.fromkeys(("less than", "under", "within"), "under"),
}
_BETWEEN = re.compile(r"\bbetween (?!(?:19|20)\d\d\b)([\d.,]+%?) and (?=\d)", re.IGNORECASE)
_A_THOUSAND = re.compile(
    r"(?<!half )\ba (?=(?:hundred|thousand|million|billion|trillion)\b)", re.IGNORECASE
)
_IN_WORDS = (
    (re.compile(r"\bboth\b|\bpair\b|\bcouple\b|\btwins?\b|双|两"), ((2, ""),)),
    (re.compile(r"\bdozen\b|一打"), ((12, ""),)),
    (re.compile(r"\bzero\b|零"), ((0, ""),)),
    (re.compile(r"\bhalf\b|一半|半数"), ((50, "%"),)),
    (
        re.compile(r"\bdoubl\w+|\btwice\b|翻[了上]?[一1]?[番倍]|(?<!\d)一倍|加倍"),
        ((1, "times"), (2, "times"), (100, "%")),
    ),
)


def spelled_out(text: str) -> str:
    """The text with `between 10 and 15` and `a thousand` as `find_values` reads them."""
    return _A_THOUSAND.sub("one ", _BETWEEN.sub(r"\1 to ", text))


def bounded_values(text: str) -> list[Value]:
    """The values of a text with their bounds (三年不到), but for 那一年 and its like."""
    return [value for each in find_values(text) if (value := _in_context(text, each))]


def _in_context(text: str, value: Value) -> Value | None:
    before = fold(text[max(0, value.start - 24) : value.start])
    if value.kind == "duration" and value.amount == 1 and _THAT_YEAR.search(before):
        return None
    long = _AND_A_HALF.search(before) if value.unit == "%" else None
    if long:  # a year and a half
        return replace(value, kind="duration", amount=Decimal("1.5"), unit=long["unit"])
    if value.qualifier or value.date:
        return value
    bound = _BEHIND.match(fold(text[value.end : value.end + 8])) or _BEFORE.search(before)
    if not bound:
        return value
    return replace(value, qualifier=_QUALIFIERS.get(bound.lastgroup or "", "over"))


def limited_values(folded: str) -> Iterator[Value]:
    """Less than a year, within a day: spans of one unit that must be told as such."""
    for match in _LIMITED.finditer(folded):
        qualifier = _LIMITS.get(match["limit"], "about")
        yield replace(_one(match["unit"]), qualifier=qualifier, text=match.group())


def values_in_words(folded: str) -> Iterator[Value]:
    """What a text may be read to say besides: a year, both, half, doubled."""
    for match in _ONE_UNIT.finditer(folded):
        yield replace(_one(match["unit"]), text=match.group())
    yield from limited_values(folded)
    for pattern, amounts in _IN_WORDS:
        said = pattern.search(folded)
        for amount, unit in amounts if said else ():
            text = said.group() if said else ""
            yield Value("share" if unit == "%" else "number", Decimal(amount), unit, text=text)


def _one(unit: str) -> Value:
    ten = unit == "decade"
    return Value("duration", Decimal(10 if ten else 1), "year" if ten else unit)
