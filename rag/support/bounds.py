"""Bounds that stand further off their value than `find_values` looks, and values said in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.fold import fold
from rag.support.wording import before_christ
from rag.values import Qualifier, Value, find_values

_BEFORE = re.compile(
    r"(?:(?P<under>没用到|没到|未到|不到|未满|不足|用不了|\b(?:less|fewer) than\b"
    r"|\bshort of\b|\bjust under\b)"
    r"|(?P<most>至多|最多|最长|最高|上限为?|不超过|不多于|不大于|不高于"
    r"|\bas (?:long|much|many|high|far|large) as\b"
    r"|\b(?:within|capped at|maximum(?: of)?|(?:no|not) (?:more|longer|higher) than|at most|up"
    r" to)\b)"
    r"|(?P<least>至少|最少|最低|起码|不少于|不低于|不小于|下限为?"
    r"|\b(?:at least|minimum(?: of)?|(?:no|not) (?:less|fewer|lower) than)\b)"
    r"|(?P<over>超过|多于|不止|突破|\b(?:more than|over(?! the| a )|exceed\w*)\b))"
    r"[^\d,.，。\x01]{0,14}(?<! by )$"
    r"|(?P<past>(?<![不通经超])过|超出|高于)$|(?P<below>不及|少于)$"
)
_BEHIND = re.compile(
    r"(?P<under>不到|未到|未满)|(?P<most>以内|之内|内(?![部容地在外陆])|以下|封顶|\s?or (?:less"
    r"|fewer|below)\b)"
    r"|(?P<least>以上|起(?![来点])|\s?or (?:more|above|over)\b)|(?P<over>多(?!数|半|家|个)|开外"
    r"|有余|\s?plus\b)"
)
_QUALIFIERS: dict[str, Qualifier] = {
    "under": "under",
    "below": "under",
    "most": "at most",
    "least": "at least",
}
_NOT_MORE = re.compile(
    r"(?:\b(?:not|never|cannot|no|without)\b|n['’]t\b|[不没未无])[^,.;，。]{0,16}$"
)
_PART_BEFORE = re.compile(
    r"\b(?:(?P<early>early|beginning of|start of|dawn of)|(?P<mid>mid|mid-|middle of)"
    r"|(?P<late>late|end of|close of))(?: in)?(?: the)?[ -]?$"
)
_PART_BEHIND = re.compile(
    r"(?P<early>初|早期|前期|上半)|(?P<mid>中[叶期])|(?P<late>末|晚期|后期|下半)"
)
_THAT_YEAR = re.compile(r"[那这同该每当头前后单看某]\s?$")
_AND_A_HALF = re.compile(r"\ban?\s+(?P<unit>year|month|week|day|hour)\s+and\s+$")

_UNIT = r"(?P<unit>century|decade|year|month|week|day|hour|minute)\b"
_ONE_UNIT = re.compile(rf"\b(?:an?|one|per|each|every|the|single)(?: [a-z]+)? {_UNIT}")
_EVERY = {
    "annual": "year",
    "yearly": "year",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
    "hourly": "hour",
    "年": "year",
    "月": "month",
    "周": "week",
    "星期": "week",
    "天": "day",
    "日": "day",
    "小时": "hour",
    "分钟": "minute",
}
_ONE_HAN = re.compile("一个?整?(?P<unit>世纪|年|月|星期|周|天|日|小时|分钟)")
_EACH_UNIT = re.compile(
    r"\b(?P<every>annual|yearly|monthly|weekly|daily|hourly)(?:ly)?\b"
    r"|每一?个?(?P<each>年|月|周|星期|天|日|小时|分钟)|(?P<year>年)(?:产|均)|(?P<month>月)均"
    r"|(?P<day>日)均"
)
_PER_UNIT = re.compile(
    rf"(?:\b(?:per|each|every)|(?<=[\d\x01a-z]) an?) {_UNIT}(?! (?:later|ago|and))"
)
_LIMITED = re.compile(
    r"\b(?P<limit>less than|under|within|more than|over|nearly|almost|about|in just|in only|took) "
    rf"an? {_UNIT}(?! and a half| earlier| ago| before| later)"
)
_LIMITS: dict[str, Qualifier] = {
    **dict.fromkeys(("more than", "over"), "over"),
    **dict.fromkeys(("less than", "under", "within"), "under"),
}
_IN_WORDS = (
    (re.compile(r"\bboth\b|\bpair\b|\bcouple\b|\btwins?\b|\beither\b|双|两"), ((2, ""),)),
    (re.compile(r"\bdozen\b|一打"), ((12, ""),)),
    (re.compile(r"\bzero\b|零"), ((0, ""),)),
    (re.compile(r"\bhalf\b|一半|半数"), ((50, "%"),)),
    (
        re.compile(r"\bdoubl\w+|\btwice\b|翻[了上]?[一1]?[番倍]|(?<!\d)一倍|加倍"),
        ((1, "times"), (2, "times"), (100, "%")),
    ),
    (
        re.compile(r"\b(?:tripl|trebl)\w+|\bthree times\b|翻两番"),
        ((3, "times"), (2, "times"), (200, "%")),
    ),
)


def bounded_values(text: str) -> list[Value]:
    """The values of a text with their bounds (三年不到), but for 那一年 and its like."""
    return [value for each in _values(text) if (value := _in_context(text, each))]


def _values(text: str) -> list[Value]:
    """Those of `find_values`, and the years before the common era, which it leaves out."""
    folded = fold(text)
    if len(folded) != len(text):
        return find_values(text)
    early = list(before_christ(folded))
    for each in early:
        text = text[: each.start] + "\0" * (each.end - each.start) + text[each.end :]
    return sorted([*early, *find_values(text)], key=lambda value: value.start)


def _in_context(text: str, value: Value) -> Value | None:
    before = fold(text[max(0, value.start - 24) : value.start])
    ends = value.unit in ("year", "month", "week", "day")
    if ends and value.amount == 1 and _THAT_YEAR.search(before):
        return None
    long = _AND_A_HALF.search(before) if value.unit == "%" else None
    if long:  # a year and a half
        return replace(value, kind="duration", amount=Decimal("1.5"), unit=long["unit"])
    behind = fold(text[value.end : value.end + 8])
    if value.date:
        return replace(value, date=value.date + _part_of_span(value.date, before, behind))
    if value.qualifier == "over" and _NOT_MORE.search(before):
        return replace(value, qualifier="at most")
    if value.qualifier == "under" and _NOT_MORE.search(before):
        return replace(value, qualifier="at least")
    if value.qualifier:
        return value
    if value.kind == "duration" and fold(value.text)[0] == "近":
        return replace(value, qualifier="nearly")
    bound = _BEHIND.match(behind) or _BEFORE.search(before)
    if not bound:
        return value
    return replace(value, qualifier=_QUALIFIERS.get(bound.lastgroup or "", "over"))


def _part_of_span(date: str, before: str, behind: str) -> str:
    """Early, mid or late in a century or decade: ~late of 19世纪末."""
    if date[0] != "C" and date[-1] != "X":
        return ""
    found = _PART_BEFORE.search(before) or _PART_BEHIND.match(behind)
    return f"~{found.lastgroup}" if found else ""


def limited_values(folded: str) -> Iterator[Value]:
    """Less than a year, within a day: spans of one unit that must be told as such."""
    for match in _LIMITED.finditer(folded):
        qualifier = _LIMITS.get(match["limit"], "about")
        yield replace(_one(match["unit"]), qualifier=qualifier, text=match.group())


def values_in_words(folded: str) -> Iterator[Value]:
    """What a text may be read to say besides: a year, both, half, doubled."""
    for match in _ONE_UNIT.finditer(folded):
        yield replace(_one(match["unit"]), text=match.group())
    for match in _ONE_HAN.finditer(folded):
        yield replace(_one(_EVERY.get(match["unit"], "century")), text=match.group())
    yield from (each.value for each in rates(folded))
    yield from limited_values(folded)
    for pattern, amounts in _IN_WORDS:
        said = pattern.search(folded)
        for amount, unit in amounts if said else ():
            text = said.group() if said else ""
            yield Value("share" if unit == "%" else "number", Decimal(amount), unit, text=text)


@dataclass(frozen=True, slots=True)
class Rate:
    """The span of time that something is told for, and where its words begin: per month, 每天."""

    value: Value
    at: int


def rates(folded: str) -> Iterator[Rate]:
    """Per year, daily, every month, 每天, 年均."""
    for match in _EACH_UNIT.finditer(folded):
        every = next(filter(None, match.groups()))
        yield Rate(replace(_one(_EVERY[every]), text=match.group()), match.start())
    for match in _PER_UNIT.finditer(folded):
        yield Rate(replace(_one(match["unit"]), text=match.group()), match.start())


def _one(unit: str) -> Value:
    return Value("duration", Decimal(1), unit)
