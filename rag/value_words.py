"""Which words of a question say a number or date, and which other words say the same.

42亿 is 4.2 billion and 4,200 million, 民國110年 is 2021, in the words of `rag.fold.words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from rag.fold import fold, words
from rag.language import detect_language
from rag.other_words import OtherWords
from rag.types import Family, family_of
from rag.values import Value, find_values
from rag.values.spellings import Part, spellings
from rag.word_spans import PlacedWord, placed_words

_SAYS_A_NUMBER = re.compile(
    r"[\d〇零一二两三四五六七八九十百千万亿]|(?:hundr|thousand|million|billion|trillion|bn|mn|tn|[kmb]"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelv|[a-z]+teen|[a-z]+ti)$"
)
_HAN = "零〇一二两三四五六七八九十百千万亿"
_TELLING = re.compile(
    r"\d\d|\d[.,]\d|[a-z]{4,}teen$|[a-z]{3,}ti$|twelv$"
    rf"|(?=.*[一二两三四五六七八九十])(?:[{_HAN}]{{2,}}[个月日]?份?|百分之.+|.分之.|.成|.月份?)$"
)
"""Words of a number that are worth looking up: not 亿, million, 3, 三 or two, which are many."""

_HALF = re.compile("half|一半|半[数數]")
_IDLE = frozenset({"the", "of", "in"})
_MONTH = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")


@lru_cache(64)
def value_words(question: str, family: Family) -> tuple[OtherWords, ...]:
    """The further ways in which a family's passages may say the values of a question."""
    values = find_values(question)
    if not values:
        return ()
    placed = placed_words(question)
    same = family == family_of(detect_language(question))
    found: dict[tuple[tuple[int, ...], tuple[str, ...]], OtherWords | None] = {}
    for value in values:
        if _HALF.search(value.text.lower()):
            continue  # half of the colony is no 50%
        places, is_date = _places(value, placed), value.date is not None
        for spelling in spellings(value, family):
            asked = tuple(sorted({at for part in spelling.parts for at in places.get(part, ())}))
            terms = tuple(words(spelling.text))
            if asked and terms:
                met = _says([placed[at].term for at in asked], terms, same or is_date)
                other = OtherWords(asked, terms, tuple(_telling(terms, is_date)))
                found[asked, terms] = None if met else other
    return tuple(
        each
        for (asked, terms), each in found.items()
        if each and not any((asked, terms[:end]) in found for end in range(1, len(terms)))
    )  # not those that begin with another: where 12 万 人 stands, 12 万 does


def _telling(terms: Sequence[str], is_date: bool) -> Iterator[str]:
    """Numbers and months; not the shorter words inside a longer one, which say something else
    (二万 in 十二万), nor the numbers of a day or month, which are many."""
    for term in terms:
        inside = any(term != other and term in other for other in terms)
        if is_date and (term == "may" or (term.isdecimal() and len(term) < 3)):
            continue
        if not inside and (_TELLING.match(term) or (is_date and _MONTH.match(term))):
            yield term


def _says(own: Sequence[str], terms: Sequence[str], part: bool) -> bool:
    """Whether the question's own words are met where the others stand, as they are the same, or
    `part` of them: 2021 of 2021年. 80 isn't enough of 80 percent, whose % Chinese has no word for.
    """
    return set(terms) <= set(own) if part else set(terms) == set(own)


def _places(value: Value, placed: Sequence[PlacedWord]) -> Mapping[Part, list[int]]:
    """The question words that say each part of a value; a glued unit (亿元) is part of it."""
    inside = [
        at
        for at, word in enumerate(placed)
        if word.start < value.end and value.start < word.end and word.term not in _IDLE
    ]
    places: dict[Part, list[int]] = {"all": inside}
    if value.date is None:
        places["number"] = [at for at in inside if _SAYS_A_NUMBER.match(placed[at].term)]
        return places
    text = fold(value.text)
    for at in inside:
        part = _date_part(placed[at], value, text)
        places.setdefault(part, []).append(at)
    return places


def _date_part(word: PlacedWord, value: Value, text: str) -> Part:
    """What a word of a date says: 2021年 the year, 12月 the month; December, 2021, 21 by itself."""
    at = word.start - value.start
    if re.fullmatch(r"[\d/.-]+", text):  # 2021-12-21
        order: tuple[Part, ...] = ("year", "month", "day")
        return order[len(re.findall(r"[-/.]", text[:at]))]
    rest: Part = "span" if re.search("[QHM]", value.date or "") else "day"
    if "年" in text or "月" in text:
        if at <= text.find("年"):
            return "year"
        return "month" if rest == "day" and at <= text.find("月") else rest
    if re.fullmatch(r"\d{4}", word.term):
        return "year"
    return "month" if rest == "day" and _MONTH.match(word.term) else rest
