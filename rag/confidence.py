"""How likely it is that the best passage answers the question.

A passage's own features say how well it meets the question. Three things more tell an answer from
a passage on the same matter: how far it is ahead of the others, whether it has what they lack, and
whether its article holds the names and numbers that the question asks about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.bridge import find_bridges
from rag.index import Index
from rag.proper_names import name_words
from rag.relevance import FEATURES, SIGNALS, Others
from rag.rerank import match_words, word_places
from rag.types import Family, Query, family_of

_NEXT = 10
"""Passages that the best one is compared with."""

_MET = 0.999  # cosine of a word with itself
_PASSAGES_READ = 100  # of an article


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first, n of them.

    `features` has shape (n, len(FEATURES)), `best` (question words, n) with each word's highest
    cosine in each, `weights` (question words,), the others (n,). `order` says which place each had
    before, `score` has the log odds that they are ranked by.
    """

    order: NDArray[np.int64]
    rows: NDArray[np.int64]
    score: NDArray[np.float32]
    features: NDArray[np.float32]
    best: NDArray[np.float32]
    weights: NDArray[np.float32]


def signals(
    index: Index, query: Query, ranking: Ranking, family: Family, others: Others
) -> NDArray[np.float32]:
    """Shape (len(SIGNALS),), of the best passage, which is of `family`.

    `lead` and `share_lead` are its score and share of BM25 less the mean of the next ten's, `more`
    the weighted sum of how much better it meets each word than those do on average (`others`
    stands in for those that are not there), `exact` the weight of the words that it repeats.
    `article` is MaxSim over its whole article; `names` and `numbers` are 1 where that meets all of
    the question's, towards -1 as one of them is missed, 0 where there are none.
    """
    own = dict(zip(FEATURES, ranking.features[0].tolist(), strict=True))
    share = ranking.features[:, FEATURES.index("bm25_share")]
    best = ranking.best[:, 0]
    further = np.maximum(best - _mean_of_next(ranking.best, others.met), 0)
    met = _met_by_article(index, query, int(ranking.rows[0]), family)
    places = word_places(index.lexicon, query.terms)
    found = {
        **own,
        "score": float(ranking.score[0]),
        "lead": float(ranking.score[0] - _mean_of_next(ranking.score, others.score)),
        "share_lead": float(share[0] - _mean_of_next(share, others.bm25_share)),
        "more": float(ranking.weights @ further),
        "exact": float(ranking.weights @ (best > _MET)),
        "article": float(ranking.weights @ met),
        "names": _all_met(met, places, name_words(query.text)),
        "numbers": _all_met(met, places, number_words(query)),
    }
    return np.array([found[name] for name in SIGNALS], np.float32)


def _mean_of_next(values: NDArray[np.float32], instead: float) -> NDArray[np.float32]:
    """The mean over the passages behind the best one, along the last axis."""
    there = values[..., 1 : 1 + _NEXT]
    missing = _NEXT - there.shape[-1]
    found: NDArray[np.float32] = (there.sum(axis=-1) + missing * instead) / _NEXT
    return found


def _met_by_article(index: Index, query: Query, row: int, family: Family) -> NDArray[np.float32]:
    """Each question word's highest cosine in the article that a passage is from."""
    tokens = index.tokens(index.passages_beside(row)[:_PASSAGES_READ])
    ids = index.lexicon.token_ids(query.terms)
    bridges = find_bridges(index, query, family)[1]
    across = family != family_of(query.language)
    whole = [np.concatenate(tokens)]
    return match_words(index.lexicon, ids, whole, bridges, across=across).best[:, 0]


def number_words(query: Query) -> list[int]:
    """The places of the question's words that are numbers."""
    return [at for at, term in enumerate(query.terms) if term[0].isdigit()]


def _all_met(met: NDArray[np.float32], places: list[range], words: Sequence[int]) -> float:
    """From 1, when all of these words are met, to -1."""
    rows = [at for word in words for at in places[word]]
    return float(2 * met[rows].min() - 1) if rows else 0.0
