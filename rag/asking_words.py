"""Which words of a question say what it asks: those near its question word."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.answer_type import is_question_word
from rag.embed.static import StaticEmbedder
from rag.rerank import word_places


@lru_cache(64)  # a question's is asked for with each of its sentences
def nearness(lexicon: StaticEmbedder, terms: tuple[str, ...]) -> NDArray[np.float32]:
    """Shape (rows of the question's words,): 1 / (1 + the words to its question word), 0 for that
    itself, and for all where it has none."""
    asking = [at for at, term in enumerate(terms) if is_question_word(term)]
    places = word_places(lexicon, terms)
    near = np.zeros(places[-1].stop if places else 0, np.float32)
    for at, rows in enumerate(places):
        if asking and at not in asking:
            near[rows.start : rows.stop] = 1 / (1 + min(abs(at - other) for other in asking))
    near.flags.writeable = False
    return near
