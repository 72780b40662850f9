"""Late interaction over static word vectors.

For each word of the question its best cosine among the passage's words, averaged with the words'
learned weights (MaxSim, Khattab and Zaharia 2020, on vectors that need no transformer). It works
across languages and says which words met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.embed.static import Ids, StaticEmbedder


@dataclass(frozen=True, slots=True)
class WordMatches:
    """How well each question word is met in each text.

    `best` has shape (question words, texts): the highest cosine among the text's words, 0 where
    the text has none. `weights` has shape (question words,) and sums to 1.
    """

    best: NDArray[np.float32]
    weights: NDArray[np.float32]

    @property
    def maxsim(self) -> NDArray[np.float32]:
        """Shape (texts,): the weighted mean over the question's words, -1..1."""
        scores: NDArray[np.float32] = self.weights @ self.best
        return scores


def match_words(
    lexicon: StaticEmbedder, question: Ids, texts: Sequence[Ids]
) -> WordMatches:
    """Match a question's words (row numbers) against those of texts."""
    best = np.zeros((len(question), len(texts)), dtype=np.float32)
    weights = lexicon.weights[question]
    weights = (weights / max(float(weights.sum()), 1e-9)).astype(np.float32)
    filled = np.array([at for at, ids in enumerate(texts) if len(ids)], dtype=np.int64)
    if not len(question) or not len(filled):
        return WordMatches(best, weights)
    kept = [texts[at] for at in filled]
    distinct, places = np.unique(np.concatenate(kept), return_inverse=True)
    similar = lexicon.word_vectors(question) @ lexicon.word_vectors(distinct).T
    starts = np.concatenate([[0], np.cumsum([len(ids) for ids in kept])[:-1]])
    best[:, filled] = np.maximum.reduceat(similar[:, places], starts, axis=1)
    return WordMatches(best, weights)
