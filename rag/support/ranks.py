"""Places in an order, and spans that something is told for: the second, 首任, 每周."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.reasons import Reason
from rag.support.bounds import rates
from rag.support.clauses import Reading
from rag.support.mismatch import Mismatch
from rag.support.numbers import all_numbers
from rag.support.wording import ORDINALS
from rag.values.numerals import parse_chinese


@dataclass(frozen=True, slots=True)
class Rank:
    """A place in an order; a superlative is the first one, told less plainly."""

    place: int
    plain: bool
    at: int
    word: str


_HAN = "零〇一二两三四五六七八九十百"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_RANK = re.compile(
    rf"(?<!倒数)第\s?(?P<han>\d+|[{_HAN}]+)(?!时间|手|线|方|人称|\s?季)"
    rf"|\b(?P<words>{'|'.join(sorted(ORDINALS, key=len, reverse=True))})\b(?!-?hand|"
    rf" half)(?<!per second)"
    r"|(?<![\d.,])(?P<digits>\d+)(?:st|nd|rd|th)\b"
    r"|\b(?:world war|part|phase|volume|book|chapter|act|stage|type|class) (?P<roman>i|ii|iii"
    r"|iv|v|vi|vii|viii|ix)\b"
    r"|(?P<one>首(?=[个位次任家座部条届批例款轮名支度])|头一|居首|榜首|夺冠|冠军|一战(?!成名)"
    r"|\bmaiden\b|\bchampions?\b)"
    r"|(?P<two>亚军|二战|\brunners?-up\b)|(?P<three>季军)"
    r"|(?P<best>最(?!近|后|终|初|多|少|低|高|迟|晚|新|好)"
    r"|\b(?:most (?!of\b|likely|probably|people|\w+s\b)|best\b|worst\b"
    r"|(?!(?:near|long|high|low|at l|l|inter|for|qu|w|t|r|nor|h?arv|con|inv|requ|sugg|gu|prot"
    r"|arr|m)est)"
    r"[a-z]{3,}est\b))"
)
_PLACED = re.compile(r"(?:[-\s]|大|高|长|多|繁忙的?|最?\w{0,2})*")
_AGAIN = re.compile(
    r"再次|再度|又|另|\b(?:again|another|twice|other|then|later|two|both|follow\w*|successor"
    r"|next)\b|后|继|两|二"
)
_FIRST = re.compile(
    r"最|第一|首|头|初|先|冠|创|\b(?:first|most|best|leading|leads?|led|top\w*|only|original\w*"
    r"|initial\w*|premier"
    r"|earl\w+|pioneer\w*|new\w*|unprecedented|never before|begin\w*|began|start\w*|one"
    r"|[a-z]{2,}est)\b|唯一|开始|从未|一"
)


def find_ranks(text: str) -> Iterator[Rank]:
    """The ranks of a folded text; the superlative of `second-largest` and 第三大 is no other."""
    ends = -1
    for match in _RANK.finditer(text):
        kind = match.lastgroup or ""
        if kind == "best" and _PLACED.fullmatch(text[ends : match.start()]) and ends >= 0:
            continue
        ends = match.end()
        number = _number(kind, match[kind])
        if number:
            yield Rank(number, kind != "best", match.start(), match.group())


def _number(kind: str, text: str) -> int:
    if kind in ("han", "digits"):
        number = int(text) if text.isdecimal() else parse_chinese(text)
        return int(number or 0)
    if kind in ("words", "roman"):
        return ORDINALS.get(text) or _ROMAN[text]
    return {"two": 2, "three": 3}.get(kind, 1)


def misplaced(claim: Reading, quote: Reading) -> Iterator[Mismatch]:
    """Places in an order that the quote doesn't tell: the second where it says the first."""
    told = list(find_ranks(quote.marked))
    places = {rank.place for rank in told}
    numbers = all_numbers(quote)
    for rank in find_ranks(claim.marked):
        if rank.place in places or (rank.plain and rank.place > 1 and rank.place in numbers):
            continue
        if rank.place == 1 and (not told or _FIRST.search(_without_ranks(quote.marked))):
            continue
        if rank.place == 2 and _AGAIN.search(quote.marked) and not told:
            continue
        yield Mismatch("number", Reason("rank", rank.word))


def _without_ranks(text: str) -> str:
    return _RANK.sub("\0", text)


def other_rates(claim: Reading, quote: Reading) -> Iterator[Mismatch]:
    """A claim's `per month` where the quote has only `per week`."""
    told = {rate.value.unit for rate in rates(quote.text)}
    told |= {"several"} if re.search(r"(?:\bevery |每隔?)\x01", quote.marked) else set()
    single = {value.unit for value in quote.in_words if value.kind == "duration"}
    single |= {value.unit for value in quote.values if value.amount == 1}
    for rate in rates(claim.text):
        if told and rate.value.unit not in told | single:
            yield Mismatch("unit", Reason("other time", rate.value.text))
