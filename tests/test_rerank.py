from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.embed.static import StaticEmbedder, Vocabulary
from rag.rerank import match_words

WORDS = 12
_TABLE = np.random.default_rng(3).integers(-127, 128, size=(WORDS, 8)).astype(np.int8)
LEXICON = StaticEmbedder(
    "made up",
    Vocabulary([f"w{i}" for i in range(WORDS)]),
    _TABLE,
    np.linspace(0.5, 2, WORDS).astype(np.float16),
    np.ones(WORDS, np.float16),
    "none",
)
ids = st.lists(st.integers(0, WORDS - 1), max_size=6).map(lambda x: np.array(x, dtype=np.int32))


def naive(question: np.ndarray, text: np.ndarray) -> float:
    """MaxSim word by word."""
    total, weights = 0.0, 0.0
    for word in question:
        row = _TABLE[word].astype(float)
        weight = float(np.linalg.norm(row)) * float(LEXICON._scales[word])
        cosines = [
            row
            @ _TABLE[other].astype(float)
            / (np.linalg.norm(row) * np.linalg.norm(_TABLE[other].astype(float)))
            for other in text
        ]
        total += weight * max(cosines, default=0.0)
        weights += weight
    return total / weights if weights else 0.0


@settings(max_examples=60, deadline=None)
@given(ids, st.lists(ids, max_size=5))
def test_maxsim_equals_the_naive_one(question: np.ndarray, texts: list[np.ndarray]) -> None:
    found = match_words(LEXICON, question, texts).maxsim
    assert np.allclose(found, [naive(question, text) for text in texts], atol=1e-5)


def test_text_that_repeats_the_question_is_met_wholly() -> None:
    question = np.array([1, 4, 7], dtype=np.int32)
    matches = match_words(LEXICON, question, [np.array([7, 1, 2, 4], dtype=np.int32)])
    assert np.allclose(matches.best, 1, atol=1e-5)
    assert np.isclose(matches.maxsim[0], 1, atol=1e-5)
    assert np.isclose(matches.weights.sum(), 1)
