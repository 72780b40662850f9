"""BM25 beside the formula written out."""

from __future__ import annotations

import math
import random
from collections import Counter
from pathlib import Path

import pytest

from rag.errors import StoreError
from rag.store.lexical import LexicalIndex, LexicalWriter

Texts = dict[int, list[str]]


def write(folder: Path, texts: Texts) -> LexicalIndex:
    writer = LexicalWriter(folder)
    for row, terms in texts.items():
        writer.add(row, " ".join(terms))
    writer.commit()
    return LexicalIndex.open(folder)


def bm25(texts: Texts, query: list[str]) -> dict[int, float]:
    """Robertson and Zaragoza (2009), k1 = 1.2, b = 0.75, with the idf that is never negative."""
    mean = sum(map(len, texts.values())) / len(texts)
    holders = Counter(term for terms in texts.values() for term in set(terms))
    scores: dict[int, float] = {}
    for row, terms in texts.items():
        counts = Counter(terms)
        norm = 1.2 * (1 - 0.75 + 0.75 * len(terms) / mean)
        score = sum(
            math.log(1 + (len(texts) - holders[term] + 0.5) / (holders[term] + 0.5))
            * counts[term]
            * 2.2
            / (counts[term] + norm)
            for term in query
        )
        if score:
            scores[row] = score
    return scores


def some_texts(count: int, seed: int = 0) -> Texts:
    rng = random.Random(seed)
    words = [f"w{n}" for n in range(60)] + ["数据", "安全", "法", "鐵", "路"]
    weights = [1 / (n + 1) for n in range(len(words))]
    # tantivy keeps lengths up to 40 exactly
    return {row: rng.choices(words, weights, k=rng.randint(3, 39)) for row in range(7, 7 + count)}


def test_scores_and_order_are_those_of_the_formula(tmp_path: Path) -> None:
    texts = some_texts(300)
    index = write(tmp_path / "w", texts)
    for query in (["w3"], ["数据", "w50"], ["w1", "w1", "法"], ["w9", "nothing", "路"]):
        rows, scores = index.search(query, 1000)
        expected = bm25(texts, query)
        assert set(rows.tolist()) == set(expected)
        for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
            assert score == pytest.approx(expected[row], rel=1e-4)
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_no_words_or_unknown_words_find_nothing(tmp_path: Path) -> None:
    index = write(tmp_path / "w", some_texts(5))
    assert len(index.search([], 10)[0]) == 0
    assert len(index.search(["absent"], 10)[0]) == 0
    assert len(index.search(["w1"], 0)[0]) == 0


@pytest.mark.parametrize("term", ['"', "AND", "terms:w1", "w1*", "(", "\\", "数据 安全", ""])
def test_words_are_words_and_never_a_query_language(tmp_path: Path, term: str) -> None:
    index = write(tmp_path / "w", {1: ["w1"], 2: [term.replace(" ", "_") or "_"]})
    assert 1 not in index.search([term], 10)[0].tolist()


def test_removed_rows_are_gone_and_rows_added_later_are_found(tmp_path: Path) -> None:
    texts = some_texts(50)
    write(tmp_path / "w", texts)
    writer = LexicalWriter(tmp_path / "w")
    writer.remove(8)
    writer.remove(9)
    writer.add(1000, "solitary")
    writer.commit()
    index = LexicalIndex.open(tmp_path / "w")
    assert index.rows().tolist() == sorted({*texts, 1000} - {8, 9})
    assert index.search(["solitary"], 5)[0].tolist() == [1000]


def test_equal_scores_come_in_the_order_of_the_rows(tmp_path: Path) -> None:
    index = write(tmp_path / "w", {row: ["same"] for row in (9, 4, 7)})
    assert index.search(["same"], 3)[0].tolist() == [4, 7, 9]


def test_a_folder_that_is_missing_names_the_repair(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="rag doctor --repair"):
        LexicalIndex.open(tmp_path / "none")
