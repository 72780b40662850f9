"""Proper names of a claim, and those of them that its quote doesn't have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.fold import fold, stem
from rag.reasons import Reason
from rag.support.classes import members
from rag.support.mismatch import Mismatch
from rag.values import find_values

_CAPITAL = re.compile(r"(?<![\w'’.-])[A-Z][\w'’.-]*")
_HAN = re.compile("[\u4e00-\u9fff]")
_LIKE = 5  # letters that Victoria and Victorian share, at least
_LEAST = 3  # letters of a name


def unnamed(claim: str, told: str) -> Iterator[Mismatch]:
    """Names of an English claim that an English quote doesn't have; across languages none is told.

    Neither is the first word of a sentence, nor a month, nor an adjective of the name.
    """
    if _HAN.search(claim) or _HAN.search(told) or claim.isupper():
        return
    words = re.findall(r"\w+", fold(told))
    spans = [(value.start, value.end) for value in find_values(claim)]
    for match in _CAPITAL.finditer(claim):
        begins = not re.search(r"[\w,;)’'”\"]\s*$", claim[: match.start()])
        inside = any(start <= match.start() < end for start, end in spans)
        name = re.findall(r"\w+", fold(match.group()))
        if begins or inside or max(map(len, name)) < _LEAST or members(fold(match.group())):
            continue
        if not any(_is_like(part, word) for part in name for word in words):
            yield Mismatch("name", Reason("unnamed", match.group()))


def _is_like(name: str, word: str) -> bool:
    return stem(name) == stem(word) or (
        len(name) >= _LIKE <= len(word) and name[:_LIKE] == word[:_LIKE]
    )
