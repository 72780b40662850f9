from __future__ import annotations

import pytest

from rag.fuse import reciprocal_rank_fusion


def test_scores_are_those_of_the_paper() -> None:
    scores = reciprocal_rank_fusion([["a", "b"], ["b", "c"]], k=60)
    assert list(scores) == ["b", "a", "c"]
    assert scores["b"] == pytest.approx(1 / 62 + 1 / 61)


def test_nothing_ranked_gives_nothing() -> None:
    assert reciprocal_rank_fusion([]) == {}
