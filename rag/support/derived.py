"""What the values of a quote come to: a third of it, seven years later, ten times as much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, permutations

from rag.support.clauses import Reading
from rag.values import Value

_MOST_VALUES = 10  # of a quote; among more, some two come to anything
_HUNDRED = Decimal(100)
_APART = re.compile(
    r"\b(?:more|fewer|less|higher|lower|longer|shorter|older|younger|above|below|ahead|behind|gap"
    r"|differ\w*|lead|led|margin|apart|rose|fell|grew|gain\w*|added|adding|increas\w*|decreas\w*"
    r"|drop\w*|up|down|by|exceed\w*|surplus|deficit|of the|remain\w*|rest)\b|超|顺差|逆差|其余"
    r"|剩|\bprevious\w*|\bearlier\b|此前|原来|原先|多|少|高|低|差|增|减|升|降|长|短|大|小|相距"
    r"|领先|落后"
)
_TOGETHER = re.compile(
    r"\b(?:total\w*|altogether|combined|together|in all|sum|both|overall)\b|共|合计|总|一起|加起来"
)
_FEW = 5
_NAMED = r"[\w.·'’ -]{1,40}"
_LIST = re.compile(rf"(?:{_NAMED}[、,]\s?){{0,4}}{_NAMED},?\s?(?:\band\b|[和与及跟、])\s?\w")
_AGED = re.compile(
    r"\b(?:age[d]?(?: of)?|at) \x01|\x01 years? of age|享年|岁|年仅|时年|\x01(?= when)"
)
_NEXT_YEAR = re.compile(
    r"次年|翌年|第二年|隔年|(?:the|a) (?:following|next) year|a year later|one year later"
)
_LATER = re.compile(r"\s?(?:之后|以后|后|later|after(?:wards)?\b)")
_EARLIER = re.compile(r"\s?(?:之前|以前|前|earlier|before\b)")
_FROM = re.compile(r"(?:\bfrom|从|由|自)\s?$")
_TO = re.compile(r"\s?(?:\bto\b|至|到|增至|升至|降至)\s?|\s?[-–—~]\s?")


def ranges(text: Reading) -> list[Value]:
    """From 5,000 to 7,000, read as one value; the first takes the unit that the second has."""
    found: list[Value] = []
    for clause in text.clauses:
        parts = re.split("\x01", clause.text)
        for at in range(len(clause.values) - 1):
            low, high = clause.values[at : at + 2]
            if _FROM.search(parts[at]) and _TO.fullmatch(parts[at + 1]):
                found += _joined(low, high)
    return found


def _joined(low: Value, high: Value) -> Iterator[Value]:
    if low.amount is None or high.amount is None or low.unit not in ("", high.unit):
        return
    if low.unit != high.unit:
        yield replace(high, amount=low.amount, text=low.text)
    if low.amount < high.amount:
        yield replace(high, amount=low.amount, upper=high.amount, start=low.start)


def derived(said: Value, claim: Reading, quote: Reading) -> Iterator[Value]:
    """What a claim's value may be worked out from, where its words say that it is."""
    told = list(dict.fromkeys(each for each in quote.values if each.date or each.amount))
    if len(told) > _MOST_VALUES:
        return
    if said.date:
        yield from _dates(quote)
    if said.amount is None:
        return
    if said.unit in ("year", "decade", "century"):
        yield from _spans(told)
    if said.unit in ("", "age") and _AGED.search(claim.marked):
        yield from _ages(told)
    numbers = [each for each in told if each.amount and each.kind != "date"]
    if said.unit == "%":
        yield from _shares(numbers, claim.text)
    elif said.unit == "times":
        yield from _multiples(numbers, claim.text)
    else:
        yield from _sums(numbers, claim.text)
        yield from _listed(said, claim, quote)


def _listed(said: Value, claim: Reading, quote: Reading) -> Iterator[Value]:
    """A few that the quote names one by one, where it gives no other such number: A和B are two."""
    few = said.amount is not None and 2 <= said.amount <= _FEW and said.unit in ("", "person")
    rest = [each for each in quote.values if each.unit in ("", "person") and not each.date]
    used = {each.amount for each in claim.values}
    if few and all(each.amount in used for each in rest):
        for joined in _LIST.finditer(quote.text):
            most = 2 + len(re.findall("[、,]", joined.group()))
            yield from (
                replace(said, amount=Decimal(count), measure="") for count in range(2, most + 1)
            )


def _dates(quote: Reading) -> Iterator[Value]:
    """The years that lie as long after or before the one told last as the quote says."""
    year = None
    values = iter(quote.values)
    for match in re.finditer(f"\x01|{_NEXT_YEAR.pattern}", quote.marked):
        value = next(values) if match.group() == "\x01" else None
        if value and value.date and value.date[:4].isdecimal():
            year = int(value.date[:4])
        elif year and value is None:
            yield Value("date", date=f"{year + 1}")
        elif year and value and value.unit == "year" and value.amount:
            behind = quote.marked[match.end() : match.end() + 12]
            if _LATER.match(behind):
                yield Value("date", date=f"{year + int(value.amount)}")
            elif _EARLIER.match(behind):
                yield Value("date", date=f"{year - int(value.amount)}")


def _spans(told: Sequence[Value]) -> Iterator[Value]:
    """The years between two dates."""
    years = sorted({int(each.date[:4]) for each in told if each.date and each.date[:4].isdecimal()})
    for first, last in combinations(years, 2):
        yield Value("duration", Decimal(last - first), "year")


def _ages(told: Sequence[Value]) -> Iterator[Value]:
    """The years between two dates, and one less: who was born in 1820 was 66 or 67 in 1887."""
    for span in _spans(told):
        yield replace(span, kind="number", unit="age")
        yield replace(span, kind="number", unit="age", amount=(span.amount or 0) - Decimal(1))


def _shares(numbers: Sequence[Value], text: str) -> Iterator[Value]:
    """One number as a share of another; by how much another is above or below it."""
    for part, whole in permutations(numbers, 2):
        if part.unit == whole.unit and part.unit != "%" and part.amount and whole.amount:
            share = part.amount * _HUNDRED / whole.amount
            if share < _HUNDRED:
                yield Value("share", share, "%")
            if _APART.search(text):
                yield Value("share", abs(share - _HUNDRED), "%")
        elif (
            part.unit == whole.unit == "%" and _APART.search(text) and part.amount and whole.amount
        ):
            yield Value("share", abs(part.amount * _HUNDRED / whole.amount - _HUNDRED), "%")
        elif part.unit == whole.unit == "%" and _TOGETHER.search(text):
            yield Value("share", (part.amount or 0) + (whole.amount or Decimal(0)), "%")


def _multiples(numbers: Sequence[Value], text: str) -> Iterator[Value]:
    """How many times one number is another; one less where it grew by as many times."""
    for few, many in permutations(numbers, 2):
        if few.unit in ("", many.unit) and few.amount and many.amount:
            ends = (
                (many.amount, few.upper or few.amount) if few.upper else (many.amount, few.amount)
            )
            if ends[0] > ends[1]:
                yield Value("number", ends[0] / ends[1], "times")
                if re.search("[增多高大]", text):
                    yield Value("number", ends[0] / ends[1] - 1, "times")
            if many.upper and many.amount >= few.amount:
                least = many.amount / few.amount
                yield Value("number", least, "times", upper=many.upper / few.amount)


def _sums(numbers: Sequence[Value], text: str) -> Iterator[Value]:
    """Differences, and sums of two or of all numbers with the same unit."""
    apart, together = _APART.search(text), _TOGETHER.search(text)
    for one, other in combinations(numbers, 2):
        if one.unit != other.unit or not one.amount or not other.amount:
            continue
        if apart:
            unit = "pp" if one.unit == "%" else one.unit
            yield replace(
                one, amount=abs(one.amount - other.amount), unit=unit, qualifier="", measure=""
            )
        if together:
            yield replace(one, amount=one.amount + other.amount, qualifier="", measure="")
    if together and len(numbers) > 2 and len({each.unit for each in numbers}) == 1:
        total = sum((each.amount or Decimal(0) for each in numbers), Decimal(0))
        yield replace(numbers[0], amount=total, qualifier="", measure="")
