"""What a number counts: 13 assists and 14 rebounds are not 14 assists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.fold import stem
from rag.reasons import Reason
from rag.support.clauses import Reading
from rag.support.concepts import idle_stems
from rag.support.mismatch import Mismatch
from rag.support.negatives import VALUE
from rag.support.stated import bears_out
from rag.values import Value

_BEHIND = re.compile(rf"[^{VALUE}\n,.;，。、()（）]{{0,24}}")
_HAN = re.compile(r"\s?[的名个次位]?\s?([\u4e00-\u9fff]{2})")


@dataclass(frozen=True, slots=True)
class _Counted:
    """A value, and the words directly behind it: English stems, or two Chinese characters."""

    value: Value
    words: frozenset[str]


def recounted(claim: Reading, quote: Reading) -> Iterator[Mismatch]:
    """Numbers that count in the claim what another number counts in the quote, in one language."""
    told = list(_counted(quote))
    for said in _counted(claim):
        same = [each for each in told if bears_out(each.value, said.value, quote)]
        others = [each for each in told if each not in same and each.value.unit == said.value.unit]
        if same and _share(said, others) and not _share(said, same):
            yield Mismatch("number", Reason("other thing", said.value.text))


def _share(said: _Counted, others: list[_Counted]) -> bool:
    return any(said.words & each.words for each in others)


def _counted(text: Reading) -> Iterator[_Counted]:
    marked = text.marked
    for match, value in zip(re.finditer(VALUE, marked), text.values, strict=True):
        behind = _BEHIND.match(marked, match.end())
        words = _nouns(behind.group() if behind else "")
        if words and value.amount is not None:
            yield _Counted(value, words)


def _nouns(text: str) -> frozenset[str]:
    han = _HAN.match(text)
    if han:
        return frozenset((han[1],))
    return frozenset(map(stem, re.findall(r"[a-z]{3,}", text)[:2])) - idle_stems()
