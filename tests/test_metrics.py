"""The metrics beside independent oracles: scikit-learn, numpy, and counting by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from rag import metrics

labelled = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5, 0.9, 1.0]), st.booleans()), min_size=1
)


def test_rank_of_first_counts_distinct_articles() -> None:
    assert metrics.rank_of_first(["a", "a", "b", "a", "c"], {"c"}) == 3
    assert metrics.rank_of_first(["a", "a", "b"], {"b", "a"}) == 1
    assert metrics.rank_of_first(["a"], {"z"}) is None
    assert metrics.rank_of_first([], {"z"}) is None


def test_recall_and_mrr_by_hand() -> None:
    ranks = [1, 3, None, 11]
    assert metrics.recall_at(ranks, 1) == 0.25
    assert metrics.recall_at(ranks, 3) == 0.5
    assert metrics.recall_at(ranks, 10) == 0.5
    assert metrics.mrr_at(ranks, 10) == pytest.approx((1 + 1 / 3) / 4)


def test_figures_of_nothing_are_undefined() -> None:
    assert metrics.recall_at([], 1) is None
    assert metrics.mrr_at([], 10) is None
    assert metrics.mean([]) is None
    assert metrics.percentile([], 0.5) is None
    assert metrics.auroc([0.5, 0.7], [True, True]) is None
    assert metrics.auroc([], []) is None
    assert metrics.refusal_curve([], []) == ()


@given(st.lists(st.one_of(st.none(), st.integers(1, 30)), min_size=1), st.integers(1, 20))
def test_mrr_lies_below_recall_and_grows_with_depth(ranks: list[int | None], k: int) -> None:
    recall, mrr = metrics.recall_at(ranks, k), metrics.mrr_at(ranks, k)
    deeper = metrics.recall_at(ranks, k + 1)
    assert recall is not None and mrr is not None and deeper is not None
    assert 0 <= mrr <= recall <= deeper <= 1


@given(labelled)
def test_auroc_equals_scikit_learn(rows: list[tuple[float, bool]]) -> None:
    scores, positive = [row[0] for row in rows], [row[1] for row in rows]
    ours = metrics.auroc(scores, positive)
    if len(set(positive)) < 2:
        assert ours is None
    else:
        assert ours == pytest.approx(roc_auc_score(positive, scores))


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40),
    st.sampled_from([0.0, 0.05, 0.5, 0.95, 1.0]),
)
def test_percentile_equals_numpy(values: list[float], share: float) -> None:
    expected = np.percentile(values, share * 100)
    assert metrics.percentile(values, share) == pytest.approx(expected, abs=1e-6)


def test_mentions_ignores_script_width_case_and_white_space() -> None:
    assert metrics.mentions(["數據安全法"], ["自《数据安全 法》施行之日起"])
    assert metrics.mentions(["4557 亿元"], ["总投资４５５７亿元"])
    assert metrics.mentions(["missing", "new york"], ["in New\nYork City"])
    assert not metrics.mentions(["42亿元"], ["投资 4 亿元"])
    assert not metrics.mentions([" ", ""], ["anything"])
    assert not metrics.mentions(["word"], [])


@given(labelled)
def test_refusal_curve_equals_counting(rows: list[tuple[float, bool]]) -> None:
    confidences, answerable = [row[0] for row in rows], [row[1] for row in rows]
    curve = metrics.refusal_curve(confidences, answerable)
    assert [point.threshold for point in curve] == [*sorted(set(confidences)), math.inf]
    for point in curve:
        answered = [good for score, good in rows if score >= point.threshold]
        declined = [good for score, good in rows if score < point.threshold]
        assert point.coverage == pytest.approx(len(answered) / len(rows))
        if not all(answerable):
            wrong = answered.count(False) / answerable.count(False)
            assert point.hallucination_rate == pytest.approx(wrong)
        if any(answerable):
            assert point.miss_rate == pytest.approx(declined.count(True) / answerable.count(True))
        if answered:
            assert point.risk == pytest.approx(answered.count(False) / len(answered))
