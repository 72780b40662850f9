"""Proper names of a claim, and those of them that its quote doesn't have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rag.fold import fold, stem
from rag.proper_names import name_words
from rag.support.classes import members
from rag.support.concepts import idle_stems
from rag.support.mismatch import Mismatch
from rag.values import find_values
from rag.word_spans import placed_words

_CAPITAL = re.compile(r"(?<![\w'’.-])[A-Z][\w'’.-]*")
_HAN = re.compile("[\u4e00-\u9fff]")
_LISTED = """
most many some few about nearly only just over half two three four five both several so under today
currently after before during since between while although though because however with without
among either neither nobody nothing none never
"""
_BEGINNERS = frozenset(map(stem, _LISTED.split()))
"""Stems of words other than names that a sentence may well begin with."""

_LIKE = 5  # letters that Victoria and Victorian share, at least
_LEAST = 3  # letters of a name


@lru_cache(256)
def names_of(text: str) -> frozenset[str]:
    """The folded words of a text that are names: capitalised, or what the tagger takes for one."""
    capital = {stem(fold(match.group())) for match in _CAPITAL.finditer(text)}
    capital -= idle_stems() | _BEGINNERS
    placed = placed_words(text)
    return frozenset({*capital, *(placed[at].term for at in name_words(text))})


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
            yield Mismatch("name", f"the quote doesn't name {match.group()!r}")


def _is_like(name: str, word: str) -> bool:
    return stem(name) == stem(word) or (
        len(name) >= _LIKE <= len(word) and name[:_LIKE] == word[:_LIKE]
    )
