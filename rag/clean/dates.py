"""Dates of publication, in the forms that pages write them, as ISO 8601 (YYYY-MM-DD)."""

from __future__ import annotations

import datetime
import re

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DIGITS = "〇一二三四五六七八九"
_NUMERAL = r"[〇○零一二三四五六七八九十廿卅]"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)"), "ymd"),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?"), "ymd"),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)\s(\d{2})/(\d{2})(?=\s\d{1,2}:)"), "ymd"),
    (
        re.compile(
            r"(?:民國|民国)?\s*(?<!\d)(1[0-2]\d|\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
        ),
        "roc",
    ),
    (
        re.compile(rf"([二一]{_NUMERAL}{{3}})年({_NUMERAL}{{1,3}})月({_NUMERAL}{{1,3}})[日号號]"),
        "ymd",
    ),
    (re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b", re.I), "mdy"),
    (
        re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+((?:19|20)\d\d)\b", re.I),
        "dmy",
    ),
    (re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?!\d)"), "slash"),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"), "ymd"),
)
_IN_URL = (
    re.compile(
        r"[/_=-]((?:19|20)\d\d)[-/_]?(0?[1-9]|1[0-2])[-/_](0?[1-9]|[12]\d|3[01])(?=[/_.?#-]|$)"
    ),
    re.compile(r"(?<!\d)((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])"),
)
_HINT = re.compile(r"\d|[〇○零一二三四五六七八九]{3}")


def find_date(text: str) -> str | None:
    """The first whole date in a text, by its place, or None."""
    best = _first_match(text)
    return best[1] if best else None


def find_date_span(text: str) -> tuple[int, int, str] | None:
    """Where the first whole date stands, and the date."""
    best = _first_match(text)
    return (best[0].start(), best[0].end(), best[1]) if best else None


def date_in_url(url: str) -> str | None:
    """A date inside an address or a file name (`/2022/01/29/`, `t20220129_`)."""
    for pattern in _IN_URL:
        for match in pattern.finditer(url):
            found = _iso(*match.groups())
            if found:
                return found
    return None


def _first_match(text: str) -> tuple[re.Match[str], str] | None:
    if not _HINT.search(text):
        return None
    best: tuple[re.Match[str], str] | None = None
    for pattern, order in _FORMS:
        for match in pattern.finditer(text):
            if best and match.start() >= best[0].start():
                break
            found = _read(match.groups(), order)
            if found:
                best = match, found
                break
    return best


def _read(parts: tuple[str, ...], order: str) -> str | None:
    first, second, third = parts
    if order == "mdy":
        return _iso(third, first, second)
    if order == "dmy":
        return _iso(third, second, first)
    if order == "roc":
        return _iso(str(int(first) + 1911), second, third)
    if order == "slash":  # 5/6/2023 could be either: no date is better than a wrong one
        if int(first) > 12:
            return _iso(third, second, first)
        return _iso(third, first, second) if int(second) > 12 or first == second else None
    return _iso(first, second, third)


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        found = datetime.date(_number(year), _number(month), _number(day))
    except ValueError:
        return None
    return found.isoformat() if 1900 <= found.year <= 2100 else None


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text[0].isascii():
        return _MONTHS[text[:3].lower()]
    return _chinese_number(text)


def _chinese_number(text: str) -> int:
    """二〇二四 -> 2024, 十六 -> 16, 二十 -> 20, 廿一 -> 21."""
    text = text.replace("○", "〇").replace("零", "〇")
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * (_DIGITS.index(tens) if tens else 1) + (_DIGITS.index(ones) if ones else 0)
    return int("".join(str(_DIGITS.index(char)) for char in text))
