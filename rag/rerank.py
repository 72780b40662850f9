"""Late interaction over static word vectors.

For each word of the question its best cosine among a text's words, averaged with the words'
learned weights (MaxSim, Khattab and Zaharia 2020, on vectors that need no transformer). It works
across languages and says which words met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.embed.static import Ids, StaticEmbedder
from rag.types import Bridge

BLOCK = 20
"""Words of a block; two blocks side by side are a window, about as long as a sentence."""

_TRANSLATION = 0.7
"""Cosine of a good translation: few are nearer."""


@dataclass(frozen=True, slots=True)
class WordMatches:
    """How well each question word is met in each text.

    `best` has shape (question words, texts): the highest cosine among the text's words, 0 where
    the text has none. `weights` has shape (question words,) and sums to 1. `window` has shape
    (texts,): the highest MaxSim of any window of the text.
    """

    best: NDArray[np.float32]
    weights: NDArray[np.float32]
    window: NDArray[np.float32]

    @property
    def maxsim(self) -> NDArray[np.float32]:
        """Shape (texts,): the weighted mean over the question's words, -1..1."""
        scores: NDArray[np.float32] = self.weights @ self.best
        return scores


_FEW = 1000  # words that are sorted sooner than the whole vocabulary is looked through


def word_places(lexicon: StaticEmbedder, terms: Sequence[str]) -> list[range]:
    """For each word of a question the places of its rows."""
    counts = [len(lexicon.vocabulary.rows([term])) for term in terms]
    ends = np.cumsum([0, *counts]).tolist()
    return [range(start, end) for start, end in pairwise(ends)]


def match_words(
    lexicon: StaticEmbedder,
    question: Ids,
    texts: Sequence[Ids],
    bridges: Sequence[Bridge] = (),
    *,
    across: bool = False,
) -> WordMatches:
    """Match a question's words (row numbers) against those of texts.

    `across` says that the texts are in the other language family: a good translation then counts
    as the word itself. Not so for numbers, and not for words with a bridge, which says how they
    are written: million is near to 亿, and no translation of it.
    """
    best = np.zeros((len(question), len(texts)), dtype=np.float32)
    window = np.zeros(len(texts), dtype=np.float32)
    weights = lexicon.weights(question)
    weights = (weights / max(float(weights.sum()), 1e-9)).astype(np.float32)
    filled = np.array([at for at, ids in enumerate(texts) if len(ids)], dtype=np.int64)
    if not len(question) or not len(filled):
        return WordMatches(best, weights, window)
    flat = np.concatenate([texts[at] for at in filled])
    lengths = np.array([len(texts[at]) for at in filled])
    enough = np.ones(len(question), dtype=np.float32)
    if across:
        enough[_translated(lexicon, question, bridges)] = _TRANSLATION
    similar = _cosines(lexicon, flat, question, enough)
    for bridge in bridges:
        similar[np.ix_(_places_of(bridge.spelling, flat, lengths), np.array(bridge.asked))] = 1.0
    blocks, first_blocks = _blocks(lengths)
    met = np.maximum.reduceat(similar, blocks)
    best[:, filled] = np.maximum.reduceat(met, first_blocks).T
    has_next = np.ones(len(blocks), dtype=bool)
    has_next[first_blocks[1:] - 1] = has_next[-1] = False
    inner = np.flatnonzero(has_next)
    pairs = met.copy()
    pairs[inner] = np.maximum(met[inner], met[inner + 1])
    # not @: BLAS may read memory beside its input, and numpy then warns of what stands there
    scores = np.einsum("ij,j->i", pairs, weights)
    window[filled] = np.maximum.reduceat(scores, first_blocks)
    return WordMatches(best, weights, window)


def _translated(
    lexicon: StaticEmbedder, question: Ids, bridges: Sequence[Bridge]
) -> NDArray[np.intp]:
    """The places of the question's words that are met by their translations."""
    written = {place for bridge in bridges for place in bridge.asked}
    entries = lexicon.vocabulary.entries
    found = [
        place
        for place, row in enumerate(question)
        if place not in written and not entries[row][0].isdigit()
    ]
    return np.array(found, dtype=np.intp)


def _cosines(
    lexicon: StaticEmbedder, flat: Ids, question: Ids, enough: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Shape (len(flat), len(question)), at most 1, which `enough` for a word of the question is
    raised to; a word that comes again is compared once."""
    distinct, place = _distinct(flat, len(lexicon.vocabulary))
    cosines = np.minimum(lexicon.cosines(distinct, question) / enough, np.float32(1))
    similar: NDArray[np.float32] = cosines.take(place, axis=0)
    return similar


def _distinct(flat: Ids, entries: int) -> tuple[Ids, NDArray[np.intp]]:
    """The row numbers that are there, ascending, and where among them each one stands."""
    if len(flat) < _FEW:
        return np.unique(flat, return_inverse=True)
    there = np.zeros(entries, dtype=bool)
    there[flat] = True
    distinct = np.flatnonzero(there).astype(np.int32)
    place = np.empty(entries, dtype=np.intp)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[flat]


def _blocks(lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the blocks of texts laid end to end start, and which block each text starts with."""
    counts = -(-lengths // BLOCK)
    first_blocks = np.concatenate([[0], np.cumsum(counts)[:-1]])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    within = np.arange(counts.sum()) - np.repeat(first_blocks, counts)
    return np.repeat(starts, counts) + within * BLOCK, first_blocks


def _places_of(spelling: Sequence[int], flat: Ids, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every place of a run of row numbers within one of the texts laid end to end."""
    length = len(spelling)
    first = np.flatnonzero(flat[: max(0, len(flat) - length + 1)] == spelling[0])
    for at, row in enumerate(spelling[1:], start=1):
        first = first[flat[first + at] == row]
    if length > 1 and len(first):
        text = np.repeat(np.arange(len(lengths)), lengths)
        first = first[text[first] == text[first + length - 1]]
    found: NDArray[np.int64] = (first[:, None] + np.arange(length)).ravel()
    return found
