"""Whether quotes speak at all of what a claim speaks of.

`rag.support` compares values, negations and directions. This finds the clause that has nothing to
do with the quotes, and the words that come from another article, which a model writes where that
article orders it. The word vectors that rank passages tell it: each word of a claim has a nearest
word in another text (`rag.rerank`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.embed.static import Ids, StaticEmbedder
from rag.fold import words
from rag.language import detect_language
from rag.reasons import Reason
from rag.rerank import match_words
from rag.support.clauses import read
from rag.types import family_of

# Drawn so that hardly a translation of a sentence into the other script or language is uncovered.
_APART = 0.15  # mean cosine of words that have nothing to do with each other
_APART_ACROSS = 0.19  # of words of two languages
_SAYS_ENOUGH = 3.5  # summed weight of a clause that says something: however, in total, 据报道 don't
_UNMET = 0.2  # cosine of a word that nothing in a text is near to
_THE_SAME = 0.95
_TELLING = 0.9  # weight of a word that isn't there for grammar alone
_MOST_UNMET = 0.5  # share of a claim's weight
_FROM_ELSEWHERE = 1.75  # summed weight: one rare word or two common ones


@dataclass(frozen=True, slots=True)
class Told:
    """What a claim is held against: its quotes, with the titles and publishers of their articles;
    all that was shown of those articles; and what was shown of others."""

    quotes: str
    cited: str
    others: str = ""


def uncovered(lexicon: StaticEmbedder, claim: str, told: Told) -> Iterator[Reason]:
    """Why a claim is not covered; nothing where it is.

    Words are looked for one by one only where claim and quotes are of one language: a translation
    may be far from what it translates.
    """
    parts = dict.fromkeys([*(clause.shown for clause in read(claim).clauses), claim])
    for part in parts:
        if not _speaks_of(lexicon, told.quotes, part):
            yield Reason("not spoken of", part)
            return
    if _are_across(claim, told.quotes):
        return
    ids = lexicon.token_ids(words(claim))
    weights = lexicon.weights(ids)
    unmet = _are_telling(lexicon, ids, weights) & (_best(lexicon, ids, told.cited) < _UNMET)
    if weights[unmet].sum() > _MOST_UNMET * weights.sum():
        yield Reason("other words")
    elif weights[unmet & (_best(lexicon, ids, told.others) >= _THE_SAME)].sum() > _FROM_ELSEWHERE:
        yield Reason("other article")


def _speaks_of(lexicon: StaticEmbedder, text: str, part: str) -> bool:
    said = lexicon.token_ids(words(part))
    if float(lexicon.weights(said).sum()) < _SAYS_ENOUGH:
        return True
    told = lexicon.token_ids(words(text))
    across = _are_across(part, text)
    met = match_words(lexicon, said, [told], across=across)
    return float(met.maxsim[0]) >= (_APART_ACROSS if across else _APART)


def _are_across(claim: str, text: str) -> bool:
    return family_of(detect_language(claim)) != family_of(detect_language(text))


def _are_telling(
    lexicon: StaticEmbedder, ids: Ids, weights: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Which words tell something; numbers are compared elsewhere."""
    entries = lexicon.vocabulary.entries
    is_word = np.array([not entries[row][0].isdigit() for row in ids.tolist()], dtype=bool)
    telling: NDArray[np.bool_] = is_word & (weights >= _TELLING)
    return telling


def _best(lexicon: StaticEmbedder, ids: Ids, text: str) -> NDArray[np.float32]:
    """For each word its highest cosine with any word of a text, 0 where that has none."""
    others = lexicon.token_ids(list(dict.fromkeys(words(text))))
    if not len(others):
        return np.zeros(len(ids), dtype=np.float32)
    best: NDArray[np.float32] = lexicon.cosines(others, ids).max(axis=0)
    return best
