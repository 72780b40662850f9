"""Which words of a question are proper names: what an article must speak of to answer it."""

from __future__ import annotations

from functools import lru_cache

from rag.fold import fold_with_map
from rag.word_spans import PlacedWord, placed_words

_NAME_TAGS = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})
"""jieba's parts of speech for names of people, places, organisations and others."""

_FIRST_HAN = "\u3007"


@lru_cache(256)  # a question's are asked for in each step of its answer
def name_words(text: str) -> tuple[int, ...]:
    """The places, among `rag.fold.words(text)`, of the words that belong to a proper name.

    In Chinese those that jieba's tagger takes for one. In English those that begin with a capital
    letter, other than a text's first; a text all in capitals has none.
    """
    placed = placed_words(text)
    latin = [at for at, word in enumerate(placed) if word.term[0].isalpha() and _is_latin(word)]
    found = set()
    if not text.isupper():
        found = {at for at in latin[1:] if text[placed[at].start].isupper()}
    if len(latin) < len(placed):
        spans = _chinese_names(text)
        found |= {
            at
            for at, word in enumerate(placed)
            if not _is_latin(word) and any(a <= word.start and word.end <= b for a, b in spans)
        }
    return tuple(sorted(found))


def _is_latin(word: PlacedWord) -> bool:
    return word.term < _FIRST_HAN


def _chinese_names(text: str) -> list[tuple[int, int]]:
    import rjieba

    folded = fold_with_map(text)
    found, at = [], 0
    for word, tag in rjieba.tag(folded.text, True):
        if tag in _NAME_TAGS and len(word) > 1:
            found.append(folded.span(at, at + len(word)))
        at += len(word)
    return found
