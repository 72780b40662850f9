"""The values of a claim, held against those of its quote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from rag.fold import fold
from rag.reasons import Reason
from rag.support.bounds import limited_values
from rag.support.clauses import Reading
from rag.support.dates import date_bears_out
from rag.support.derived import derived, ranges
from rag.support.mismatch import Mismatch
from rag.support.numbers import is_left_over
from rag.support.ranks import find_ranks
from rag.support.rounding import amount_bears_out
from rag.support.units import COUNTED, in_unit, is_other_system, same_unit
from rag.values import Value

_AHEAD = re.compile(
    r"\b(?:ahead|behind|before|than|only|above|below)\b|前|先|比|只有|仅有|高于|大于|多于"
)
_HAN = "零一二两三四五六七八九十百千万亿"
_HAN_DIGITS = {Decimal(number): digit for number, digit in enumerate("两三四五六七八九十", 2)}


def unstated(claim: Reading, quote: Reading) -> Iterator[Mismatch]:
    """The values of a claim that its quote doesn't state."""
    told = [*quote.values, *ranges(quote), *quote.in_words]
    joined = ranges(claim)
    for value in (*claim.values, *limited_values(claim.text)):
        borne_out = any(bears_out(other, value, quote) for other in told)
        if borne_out or _literal(value, quote) or _by_its_ends(value, told, quote):
            continue
        whole = next((each for each in joined if _holds(each, value)), None)
        if whole and any(bears_out(other, whole, quote) for other in told):
            continue
        plain = replace(value, measure="")
        if any(bears_out(other, plain, quote) for other in derived(value, claim, quote)):
            continue
        if not (
            is_left_over(value, quote)
            or _are_ahead(value, claim, quote)
            or _is_a_pair(value, quote)
        ):
            yield _mismatch(value, told, quote)


def _holds(whole: Value, part: Value) -> bool:
    return whole.start <= part.start and part.end <= whole.end


def _are_ahead(value: Value, claim: Reading, quote: Reading) -> bool:
    """Whether as many as a claim says come before the place that a quote tells: 4 and the 5th."""
    if value.unit not in COUNTED or not _AHEAD.search(claim.text):
        return False
    return any(rank.place - 1 == value.amount for rank in find_ranks(quote.marked))


def _is_a_pair(value: Value, quote: Reading) -> bool:
    """Whether 两 of a claim only says that there are more than one, where the quote counts none."""
    few = any(each.amount and 2 < each.amount < 10 and not each.date for each in quote.values)
    return value.amount == 2 and fold(value.text)[0] == "两" and not few


def _by_its_ends(said: Value, told: Sequence[Value], quote: Reading) -> bool:
    """Whether both ends of a claim's range are told, apart: 從30%到40% of 30% and 40%."""
    if said.upper is None:
        return False
    ends = (replace(said, upper=None), replace(said, amount=said.upper, upper=None))
    return all(any(bears_out(other, end, quote) for other in told) for end in ends)


def bears_out(told: Value, said: Value, quote: Reading) -> bool:
    """Whether a value of the quote bears out one of the claim."""
    if said.date or told.date:
        return date_bears_out(told, said, quote)
    converted = is_other_system(told.unit, said.unit)
    return same_unit(told, said, quote) and amount_bears_out(
        in_unit(told, said.unit), said, converted=converted
    )


def _literal(value: Value, quote: Reading) -> bool:
    """Whether the quote has the very words in a place where they are read as no value: 8点."""
    if value.qualifier:
        return False
    text = re.escape(fold(value.text).strip())
    words = re.compile(rf"(?<![a-z0-9.,前-]){text}(?![.,]?\d|\s?[a-z%万亿])")
    return any(words.search(clause.text) for clause in quote.clauses) or _counted(value, quote)


def _counted(value: Value, quote: Reading) -> bool:
    """Whether the quote counts as many of what has no measure word of its own: 五季."""
    digit = _HAN_DIGITS.get(value.amount or Decimal(0))
    if value.unit or digit is None:
        return False
    return bool(re.search(rf"(?<![第\d{_HAN}]){digit}(?![{_HAN}年月日号点成分\d])", quote.marked))


def _mismatch(value: Value, told: Sequence[Value], quote: Reading) -> Mismatch:
    """What is wrong with a value that the quote doesn't bear out."""
    text = value.text.strip()
    for other in told:
        if value.date is None and other.date is None and value.amount == other.amount:
            if in_unit(other, value.unit).amount == value.amount and same_unit(other, value, quote):
                return Mismatch("direction", Reason("bounded", text, other.text))
            return Mismatch("unit", Reason("other unit", text, other.text))
    return Mismatch(value.kind, Reason("unstated", text))
