"""Dates and spans of the calendar, read from folded text into ISO 8601 and written back.

A date is as exact as its text: `2021-12-21`, `2021-12`, `2021`, and `--12-21`, `--12` where no year
is given. Spans of a year are `Q1`, `H1` and, from part to part, `Q1/Q3`, `M1/M11`; with a year
before them where the text has one: `2021-H1`. A year told by the year of writing is `Y-1` (last
year), `Y+0` or `Y+1`, always with a month or span: `Y-1-08`. Centuries are `C19`, decades `199X`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from rag.types import Language
from rag.values.numerals import parse_chinese

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_NUMBERS = {name[:3].lower(): number for number, name in enumerate(_MONTHS, start=1)}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3}
_ORDINALS["4th"] = 4
_ORDINAL_WORDS = ("first", "second", "third", "fourth")
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNTS |= {"nine": 9, "ten": 10, "eleven": 11}

_HAN = "〇零一二三四五六七八九十"
_N = rf"(?:\d{{1,2}}|[{_HAN}]{{1,3}})"
_FOUR_DIGITS = r"(?:1\d|20|21)\d\d"
_CE_YEAR = rf"(?<!\d)(?<!\d[.,])(?P<year>{_FOUR_DIGITS}|[一二][〇零一二三四五六七八九]{{3}})\s?年"
_RELATIVE = {"去年": "Y-1", "今年": "Y+0", "明年": "Y+1"}
_RELATIVE |= {"last": "Y-1", "this": "Y+0", "next": "Y+1"}
_RELATIVE_YEAR = "(?P<relative>去年|今年|明年)"
_YEAR = rf"(?:{_CE_YEAR}|民国\s?(?P<minguo>\d{{1,3}}|[{_HAN}百]+|元)\s?年|{_RELATIVE_YEAR})"
_MAYBE_YEAR = rf"(?:{_YEAR}\s?的?)?"

_NAME = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)(?!\w)"
)
_MONTH = rf"(?P<month>{_NAME})"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b"
_WESTERN_YEAR = rf"(?P<year>{_FOUR_DIGITS})(?![\d,.]*\d|\w|%)"
_OF_YEAR = (
    rf"(?:(?:,?\s+of|,)?\s+(?:{_WESTERN_YEAR}|(?P<relative>last|this|next)\s+year(?![a-z])))?"
)
_NOT_COUNTED = (
    r"(?!\s*(?:%|°|percent|people|yuan|thousand|million|billion|trillion|hectare|square|cubic|sq\b"
    r"|(?:km|kg|cm|mm|[kmg]wh?|mu|ha)\b))"
)
_ORDINAL = r"(?:first|second|third|fourth|1st|2nd|3rd|4th)"

_MONTH_COUNT = "|".join(_COUNTS)

# In order of precedence: what an earlier pattern has found is out of reach of a later one. None
# of a group's patterns can match where its hint is nowhere in the text.
_NUMERIC_HINT = re.compile(r"\d[-/.]\d")
_NUMERIC = tuple(
    re.compile(pattern)
    for pattern in (
        # 2021-12-21, 2021/1/5, 2021-12
        rf"(?<![a-z0-9.-])(?P<year>{_FOUR_DIGITS})(?P<mark>[-/.])(?P<month>0?[1-9]|1[0-2])(?P=mark)"
        r"(?P<day>0?[1-9]|[12]\d|3[01])(?!\d|[-/.]\d)",
        rf"(?<![a-z0-9.-])(?P<year>{_FOUR_DIGITS})-(?P<month>0[1-9]|1[0-2])(?![\d-])",
    )
)
_CHINESE_HINT = re.compile("[年月季]|世纪")
_CHINESE = tuple(
    re.compile(pattern)
    for pattern in (
        # 20世纪90年代, 19世纪, 1990年代
        rf"(?<!前)(?<![\d{_HAN}第])(?P<century>{_N})\s?世纪(?:\s?(?P<tens>[1-9]|[一二三四五六七八九])[0十]\s?年代)?",
        r"(?<!\d)(?P<decade>(?:1\d|20)\d)0\s?年代",
        r"上个?世纪\s?(?P<last>[1-9]|[一二三四五六七八九])[0十]\s?年代",
        # 2021年前三季度, 一季度, 上半年, 前11个月, 1月至11月
        rf"{_MAYBE_YEAR}前(?P<quarters>[三3两2])个?季度?",
        rf"{_MAYBE_YEAR}第?(?<![头每这那当同本上下])(?P<quarter>[一二三四1-4首])季(?:度|(?!节|后|风|[a-z]))",
        rf"{_MAYBE_YEAR}(?P<half>[上下])半年",
        rf"{_MAYBE_YEAR}(?<![提目之以此])前\s?(?P<months>\d{{1,2}}|十一|[两二三四五六七八九十])\s?个月",
        rf"{_MAYBE_YEAR}(?<!\d)(?P<from>{_N})\s?月?\s?(?:-|–|—|~|至|到)\s?(?P<until>{_N})\s?月"
        rf"(?!\s?[{_HAN}\d]+\s?[日号])",
        # 2021年12月21日, 12月21日, 12月
        rf"{_YEAR}(?:\s?(?P<month>{_N})\s?月(?:份|\s?(?P<day>{_N})\s?[日号])?)?(?!级|代(?!表))",
        rf"(?<![\d{_HAN}.])(?P<month>{_N})\s?月\s?(?P<day>{_N})\s?[日号](?!楼|厂|线)",
        rf"(?<![\d{_HAN}.个])(?P<month>{_N})\s?月(?:份|中旬|上旬|下旬|底|初)?"
        rf"(?!\s?[{_HAN}\d]|[亮球饼光租薪票台季刊])",
    )
)
_ENGLISH_HINT = re.compile(
    r"\d{4}|q[1-4]|century|quarter|half|months|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
)
_ENGLISH = tuple(
    re.compile(pattern)
    for pattern in (
        # the 19th century, the 1990s
        r"\b(?:the\s+)?(?P<century>\d{1,2})(?:st|nd|rd|th)[\s-]century\b(?!\s+b\.?c)",
        r"\b(?:the\s+)?(?P<decade>(?:1\d|20)\d)0['’]?s\b",
        # March to May 2020, the first three quarters, Q1 2021, the first half
        rf"\b(?P<from>{_NAME})\s+(?:to|through|until)\s+(?P<until>{_NAME})"
        rf"(?!\s*\d{{1,2}}\b){_OF_YEAR}",
        rf"\b(?:the\s+)?first\s+(?P<quarters>three|two)\s+quarters\b{_OF_YEAR}",
        rf"\b(?:the\s+)?first\s+(?P<months>\d{{1,2}}|{_MONTH_COUNT})\s+months\b{_OF_YEAR}",
        rf"\b(?:the\s+)?(?P<quarter>{_ORDINAL})\s+quarter\b(?!-?final){_OF_YEAR}",
        rf"\b(?P<year>{_FOUR_DIGITS})[\s-]*q(?P<quarter>[1-4])\b",
        rf"\bq(?P<quarter>[1-4])\b{_OF_YEAR}",
        rf"\b(?:the\s+)?(?P<half>first|second)\s+half{_OF_YEAR[:-1]}",
        r"\b(?:the\s+)?(?P<half>first|second)\s+half\s+of\s+the\s+year\b",
        r"\bthe\s+(?P<half>first|second)\s+half\b(?!\s+of|-|\s+(?:hour|century))",
        # December 26, 2019; 26 December 2019; December 2019; in December; in 2019; 2019
        rf"\b{_MONTH}\s+{_DAY}{_NOT_COUNTED}{_OF_YEAR}",
        rf"\b{_DAY}(?:\s+of)?\s+{_MONTH}{_OF_YEAR}",
        rf"\b{_MONTH}(?=,?\s){_OF_YEAR[:-1]}",
        rf"(?:(?:\bin|\bof|\bby|\bsince|\buntil|\bearly|\blate|\blast)\s+|^){_MONTH}"
        r"(?=[\s,.;:!?)]|$)(?!\s+\d)",
        rf"\b(?:in|since|by|of|from|until|during)\s+{_WESTERN_YEAR}{_NOT_COUNTED}",
        rf"(?:(?<![\w.,$€£¥-])|(?<=\d{{4}}-)){_WESTERN_YEAR}{_NOT_COUNTED}(?!\s?[-–]\s?\d{{1,2}}(?!\d)|\s+[a-z]+s\b)"
        r"(?!\s?[\u4e00-\u9fff])",
    )
)
_GROUPS = ((_NUMERIC_HINT, _NUMERIC), (_CHINESE_HINT, _CHINESE), (_ENGLISH_HINT, _ENGLISH))
_LEADING = re.compile(r"^(?:in|of|by|since|until|early|late|last|from|during)\s+(?=\S)")


def find_dates(folded: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and ISO form of each date of a folded text, in order."""
    taken: list[tuple[int, int, str]] = []
    hinted = (patterns for hint, patterns in _GROUPS if hint.search(folded))
    for pattern in chain.from_iterable(hinted):
        for match in pattern.finditer(folded):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end, _ in taken):
                continue
            iso = _iso(match)
            if iso:
                start += len(match.group()) - len(_LEADING.sub("", match.group()))
                taken.append((start, end, iso))
    yield from sorted(taken)


def _iso(match: re.Match[str]) -> str | None:
    """The ISO form of what a pattern found, or None where no calendar has it."""
    part = {name: text for name, text in match.groupdict().items() if text}
    if "century" in part:
        century = _number(part["century"])
        return f"{century - 1}{_number(part['tens'])}X" if "tens" in part else f"C{century}"
    if "last" in part:
        return f"19{_number(part['last'])}X"
    if "decade" in part:
        return f"{part['decade']}X"
    year = _year(part)
    span = _span(part)
    if span is not None:
        return (f"{year}-{span}" if year else span) if span else None
    if "month" not in part:
        return None if "relative" in part else year
    month = _month(part["month"])
    day = _number(part["day"]) if "day" in part else None
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    return (year or "-") + f"-{month:02}" + (f"-{day:02}" if day else "")


def _year(part: dict[str, str]) -> str | None:
    if "relative" in part:
        return _RELATIVE[part["relative"]]
    if "minguo" in part:
        return str(1911 + (1 if part["minguo"] == "元" else _number(part["minguo"])))
    return str(_number(part["year"])) if "year" in part else None


def _span(part: dict[str, str]) -> str | None:
    """Quarter, half or run of months; empty where there is no such, None where none is meant."""
    if "quarter" in part:
        return f"Q{_ORDINALS.get(part['quarter']) or _number(part['quarter'])}"
    if "quarters" in part:
        return f"Q1/Q{_COUNTS.get(part['quarters']) or _number(part['quarters'])}"
    if "half" in part:
        return "H1" if part["half"] in ("上", "first") else "H2"
    if "months" in part:
        months = _COUNTS.get(part["months"]) or _number(part["months"])
        return f"M1/M{months}" if 2 <= months <= 12 else ""
    if "from" in part:
        first, last = _month(part["from"]), _month(part["until"])
        return f"M{first}/M{last}" if 1 <= first < last <= 12 else ""
    return None


def _month(text: str) -> int:
    return _NUMBERS.get(text[:3]) or _number(text)


def _number(text: str) -> int:
    if text == "首":
        return 1
    if text.isdecimal():
        return int(text)
    number = parse_chinese(text)
    return int(number) if number is not None else 0


def render_date(iso: str, language: Language) -> str:
    """The date as a reader of the language writes it; Chinese in simplified characters."""
    if iso[0] == "C":
        return _ordinal_century(iso[1:]) if language == "en" else f"{iso[1:]}世纪"
    if iso[-1] == "X":
        return f"the {iso[:-1]}0s" if language == "en" else f"{iso[:-1]}0年代"
    year, month, day, span = date_parts(iso)
    if language == "en":
        return _english(year, month, day, span)
    text = _NAMED_YEARS[year][0] if year in _NAMED_YEARS else f"{year}年" if year else ""
    if span:
        return text + _chinese_span(span)
    return text + (f"{month}月" if month else "") + (f"{day}日" if day else "")


def _ordinal_century(number: str) -> str:
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
    return f"the {number}{'th' if number in ('11', '12', '13') else ending} century"


_NAMED_YEARS = {
    "Y-1": ("去年", "last year"),
    "Y+0": ("今年", "this year"),
    "Y+1": ("明年", "next year"),
}


def date_parts(iso: str) -> tuple[str, int, int, str]:
    """Year, month, day and span of an ISO form; what it doesn't have is empty or 0."""
    match = re.fullmatch(r"(\d{4}|Y[-+]\d)?-{0,2}(?:([QHM].*)|(\d\d)(?:-(\d\d))?)?", iso)
    if not match:
        raise ValueError(f"expected a date such as 2021-12-21, --12 or 2021-Q1, found {iso!r}")
    year, span, month, day = match.groups()
    return year or "", int(month or 0), int(day or 0), span or ""


def month_names(month: int) -> tuple[str, ...]:
    """The English names of a month, in full first: December, Dec."""
    name = _MONTHS[month - 1]
    return tuple(dict.fromkeys((name, name[:3], *(("Sept",) if month == 9 else ()))))


def _english(year: str, month: int, day: int, span: str) -> str:
    year = _NAMED_YEARS[year][1] if year in _NAMED_YEARS else year
    if span:
        joint = " of " if span[0] != "M" or span.startswith("M1/") else " "
        return _english_span(span) + (joint + year if year else "")
    parts = (str(day) if day else "", _MONTHS[month - 1] if month else "", year)
    return " ".join(part for part in parts if part)


def _english_span(span: str) -> str:
    first, last = _ends(span)
    if span[0] == "M" and first > 1:
        return f"{_MONTHS[first - 1]} to {_MONTHS[last - 1]}"
    if last:
        return (
            f"the first {last if span[0] == 'M' else {2: 'two', 3: 'three'}.get(last, last)} "
            + ("months" if span[0] == "M" else "quarters")
        )
    return f"the {_ORDINAL_WORDS[first - 1]} " + ("quarter" if span[0] == "Q" else "half")


def _chinese_span(span: str) -> str:
    first, last = _ends(span)
    if span[0] == "M":
        return f"前{last}个月" if first == 1 else f"{first}月至{last}月"
    if last:
        return f"前{'一二三四'[last - 1].replace('二', '两')}季度"
    return f"第{'一二三四'[first - 1]}季度" if span[0] == "Q" else f"{'上下'[first - 1]}半年"


def _ends(span: str) -> tuple[int, int]:
    """First and last part of a span; the last is 0 where it is a single one."""
    first, _, last = span.partition("/")
    return int(first[1:]), int(last[1:]) if last else 0
