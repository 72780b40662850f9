from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.embed.static import Ids, StaticEmbedder, Vocabulary
from rag.rerank import BLOCK, match_words
from rag.types import Bridge

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


def rows(least: int, most: int) -> st.SearchStrategy[Ids]:
    """Texts of so many words, as row numbers."""
    words = st.lists(st.integers(0, WORDS - 1), min_size=least, max_size=most)
    return words.map(lambda found: np.array(found, dtype=np.int32))


questions = rows(0, 6)
short_texts = st.lists(rows(0, 6), max_size=5)
long_texts = st.lists(rows(0, 5 * BLOCK), max_size=4)


def naive_weights(question: Ids) -> list[float]:
    """Each word's norm over the sum of all norms."""
    norms = [
        float(np.linalg.norm(_TABLE[word].astype(float))) * float(LEXICON._scales[word])
        for word in question
    ]
    return [norm / sum(norms) for norm in norms]


def naive_cosines(question: Ids, text: Ids, bridges: Sequence[Bridge] = ()) -> list[list[float]]:
    """Word by word; 1 where a bridge's spelling stands in the text."""
    found = []
    for place, word in enumerate(question):
        row = _TABLE[word].astype(float)
        cosines = []
        for other in text:
            column = _TABLE[other].astype(float)
            cosines.append(float(row @ column / np.linalg.norm(row) / np.linalg.norm(column)))
        for bridge in bridges:
            length = len(bridge.spelling)
            for at in range(len(text) - length + 1):
                if place in bridge.asked and tuple(text[at : at + length]) == bridge.spelling:
                    cosines[at : at + length] = [1.0] * length
        found.append(cosines)
    return found


def naive_maxsim(question: Ids, cosines: list[list[float]], start: int, end: int) -> float:
    """MaxSim over the text's words from start to end."""
    weights = naive_weights(question)
    return sum(
        weight * max(row[start:end], default=0.0)
        for weight, row in zip(weights, cosines, strict=True)
    )


def naive_window(question: Ids, text: Ids, bridges: Sequence[Bridge] = ()) -> float:
    """The highest MaxSim of two neighbouring blocks of words, of one where there is but one."""
    if not len(text):
        return 0.0
    cosines = naive_cosines(question, text, bridges)
    starts = range(0, max(1, len(text) - BLOCK), BLOCK)
    return max(naive_maxsim(question, cosines, start, start + 2 * BLOCK) for start in starts)


@settings(max_examples=60, deadline=None)
@given(questions, short_texts)
def test_maxsim_equals_the_naive_one(question: Ids, texts: list[Ids]) -> None:
    found = match_words(LEXICON, question, texts)
    wanted = [naive_maxsim(question, naive_cosines(question, text), 0, len(text)) for text in texts]
    assert found.best.shape == (len(question), len(texts))
    assert np.allclose(found.maxsim, wanted, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(questions, long_texts)
def test_window_equals_the_naive_one(question: Ids, texts: list[Ids]) -> None:
    found = match_words(LEXICON, question, texts)
    wanted = [naive_window(question, text) for text in texts]
    assert np.allclose(found.window, wanted, atol=1e-5)
    assert (found.window <= found.maxsim + 1e-5).all()


@pytest.mark.parametrize("length", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK])
def test_window_of_a_text_no_longer_than_one_is_its_maxsim(length: int) -> None:
    text = np.arange(length, dtype=np.int32) % WORDS
    found = match_words(LEXICON, np.array([1, 4, 7], dtype=np.int32), [text])
    assert np.allclose(found.window, found.maxsim, atol=1e-6)


def test_window_does_not_reach_over_three_blocks() -> None:
    text = np.zeros(3 * BLOCK, dtype=np.int32)
    text[0], text[-1] = 4, 7
    found = match_words(LEXICON, np.array([4, 7], dtype=np.int32), [text])
    assert found.maxsim[0] == pytest.approx(1, abs=1e-5)
    assert found.window[0] < 0.9


@settings(max_examples=60, deadline=None)
@given(st.data(), rows(1, 6), long_texts)
def test_bridged_matches_equal_the_naive_ones(
    data: st.DataObject, question: Ids, texts: list[Ids]
) -> None:
    places = st.lists(st.integers(0, len(question) - 1), min_size=1, max_size=3, unique=True)
    spelling = st.lists(st.integers(0, WORDS - 1), min_size=1, max_size=2)
    bridges = [
        Bridge(tuple(data.draw(places)), tuple(data.draw(spelling)))
        for _ in range(data.draw(st.integers(0, 2)))
    ]
    found = match_words(LEXICON, question, texts, bridges)
    for at, text in enumerate(texts):
        cosines = naive_cosines(question, text, bridges)
        assert np.allclose(found.best[:, at], [max(r, default=0) for r in cosines], atol=1e-5)
        assert found.window[at] == pytest.approx(naive_window(question, text, bridges), abs=1e-5)


def test_good_translation_counts_as_the_word_itself() -> None:
    question = np.arange(WORDS, dtype=np.int32)
    texts = [np.array([word], dtype=np.int32) for word in range(WORDS)]
    within = match_words(LEXICON, question, texts).best
    across = match_words(LEXICON, question, texts, across=True).best
    assert np.allclose(across, np.minimum(within / 0.7, 1), atol=1e-5)
    assert ((within > 0.7) & (within < 0.99)).any()


def test_bridge_meets_its_words_only_where_the_whole_spelling_stands() -> None:
    question = np.array([1, 2, 3], dtype=np.int32)
    texts = [np.array(text, dtype=np.int32) for text in ([9, 5, 6, 9], [9, 6, 5], [9, 5], [6, 9])]
    plain = match_words(LEXICON, question, texts)
    bridged = match_words(LEXICON, question, texts, [Bridge((0, 2), (5, 6))])
    assert bridged.best[[0, 2], 0].tolist() == [1, 1]
    assert bridged.best[1, 0] == plain.best[1, 0]
    assert np.array_equal(bridged.best[:, 1:], plain.best[:, 1:])  # nor across two texts
    assert np.array_equal(bridged.weights, plain.weights)


def test_text_that_repeats_the_question_is_met_wholly() -> None:
    question = np.array([1, 4, 7], dtype=np.int32)
    matches = match_words(LEXICON, question, [np.array([7, 1, 2, 4], dtype=np.int32)])
    assert np.allclose(matches.best, 1, atol=1e-5)
    assert np.isclose(matches.maxsim[0], 1, atol=1e-5)
    assert np.isclose(matches.weights.sum(), 1)


def test_many_candidates_get_what_each_gets_by_hand() -> None:
    random = np.random.default_rng(5)
    words, dim = 1500, 8  # more words than are compared at once
    table = random.integers(-127, 128, size=(words, dim)).astype(np.int8)
    lexicon = StaticEmbedder(
        "made up",
        Vocabulary([f"w{i}" for i in range(words)]),
        table,
        np.ones(words, np.float16),
        np.ones(words, np.float16),
        "none",
    )
    question = random.integers(0, words, 12).astype(np.int32)
    texts = [random.integers(0, words, length).astype(np.int32) for length in range(0, 210, 7)]
    unit = table / np.linalg.norm(table.astype(float), axis=1, keepdims=True)
    found = match_words(lexicon, question, texts)
    for place, word in enumerate(question):
        for at, text in enumerate(texts):
            best = max((float(unit[word] @ unit[other]) for other in text), default=0.0)
            assert found.best[place, at] == pytest.approx(best, abs=1e-5)
