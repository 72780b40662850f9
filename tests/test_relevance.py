from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import EmbedderError
from rag.relevance import (
    FEATURES,
    SIGNALS,
    Calibration,
    Others,
    Weighing,
    built_in_calibration,
    features,
    probability,
)
from rag.rerank import WordMatches

FIT = {name: float(at) for at, name in enumerate(FEATURES)}
SURE = {name: float(at) for at, name in enumerate(SIGNALS)}
GOOD: dict[str, Any] = {
    "ranking": {"same": {**FIT, "bias": -2.0}, "cross": {**FIT, "bias": -3.0}},
    "confidence": {"same": {**SURE, "bias": -4.0}, "cross": {**SURE, "bias": -5.0}},
    "others": {"met": 0.3, "bm25_share": 0.2, "score": -1.5},
    "threshold": 0.25,
}


def without(*path: str) -> dict[str, Any]:
    """The good calibration without one of its entries."""
    broken = json.loads(json.dumps(GOOD))
    inner = broken
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return dict(broken)


def test_calibration_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "relevance.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    calibration = Calibration.load(path)
    assert calibration.threshold == 0.25
    assert calibration.others == Others(score=-1.5, bm25_share=0.2, met=0.3)
    for weighings, stored in (
        (calibration.ranking, GOOD["ranking"]),
        (calibration.confidence, GOOD["confidence"]),
    ):
        for pair in ("same", "cross"):
            *weights, bias = stored[pair].values()
            rows = np.array([np.ones(len(weights)), np.zeros(len(weights))], np.float32)
            assert weighings[pair].logits(rows).tolist() == [sum(weights) + bias, bias]


def test_weighing_takes_its_weights_by_name() -> None:
    weighing = Weighing.read({"b": 3.0, "bias": -1.0, "a": 2.0, "unused": 9.0}, ("a", "b"))
    rows = np.array([[1, 0], [0, 1], [10, 100]], np.float32)
    assert weighing.logits(rows).tolist() == [1, 2, 319]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "17",
        json.dumps({**GOOD, "ranking": []}),
        json.dumps({**GOOD, "confidence": {"same": 1, "cross": 2}}),
        *(
            json.dumps(without(*path))
            for path in (
                ("threshold",),
                ("ranking",),
                ("confidence",),
                ("others",),
                ("others", "met"),
                ("ranking", "cross"),
                ("confidence", "same"),
                ("ranking", "same", "bias"),
                ("confidence", "cross", "bias"),
                *(("ranking", "cross", name) for name in FEATURES),
                *(("confidence", "same", name) for name in SIGNALS),
            )
        ),
        json.dumps({**GOOD, "threshold": "high"}),
        json.dumps({**GOOD, "threshold": None}),
        json.dumps({**GOOD, "ranking": {**GOOD["ranking"], "same": {**FIT, "bias": "low"}}}),
        json.dumps(
            {**GOOD, "confidence": {**GOOD["confidence"], "same": dict.fromkeys(SURE, "x")}}
        ),
    ],
)
def test_broken_calibration_is_one_clear_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "relevance.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EmbedderError, match=r"expected a calibration in .*, found .*: get"):
        Calibration.load(path)


def test_calibration_that_is_missing_or_no_text_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "relevance.json"
    with pytest.raises(EmbedderError, match="expected a calibration"):
        Calibration.load(path)
    path.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(EmbedderError, match="expected a calibration"):
        Calibration.load(path)


def test_built_in_calibration_prefers_the_passage_that_meets_the_question() -> None:
    calibration = built_in_calibration()
    met, missed = np.ones(len(FEATURES), np.float32), np.zeros(len(FEATURES), np.float32)
    for ranking in calibration.ranking.values():
        high, low = probability(ranking.logits(np.array([met, missed])))
        assert high > 0.5 > low


def test_built_in_calibration_is_sure_of_what_stands_out_and_not_of_what_is_missing() -> None:
    calibration = built_in_calibration()
    assert 0 < calibration.threshold < 1
    clear = np.ones(len(SIGNALS), np.float32)
    poor = np.array([-1 if name in ("names", "numbers") else 0 for name in SIGNALS], np.float32)
    for confidence in calibration.confidence.values():
        high, low = probability(confidence.logits(np.array([clear, poor])))
        assert high > 0.5 > calibration.threshold > low


logits = st.floats(-1e4, 1e4, width=32)


@given(st.lists(logits, min_size=2, max_size=8))
def test_probability_grows_with_the_log_odds(values: list[float]) -> None:
    found = probability(np.array(sorted(values), np.float32))
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) >= 0).all()


@given(st.floats(-8, 8))
def test_probability_has_the_log_odds_it_was_made_from(value: float) -> None:
    found = float(probability(np.array([value], np.float32))[0])
    assert np.log(found / (1 - found)) == pytest.approx(value, abs=1e-3)


def matches_of(best: list[list[float]], weights: list[float], window: list[float]) -> WordMatches:
    return WordMatches(
        np.array(best, np.float32).reshape(len(weights), len(window)),
        np.array(weights, np.float32),
        np.array(window, np.float32),
    )


def test_features_of_two_passages_by_hand() -> None:
    matches = matches_of(
        best=[[1.0, 0.2], [0.5, 0.8], [0.9, 0.1], [0.0, 0.7]],
        weights=[0.1, 0.4, 0.3, 0.2],
        window=[0.4, 0.3],
    )
    cosines, shares = np.array([0.6, 0.5], np.float32), np.array([0.3, 0.0], np.float32)
    found = features(cosines, shares, matches, names=[2], numbers=[])
    by_name = {name: found[:, at].tolist() for at, name in enumerate(FEATURES)}
    assert by_name == {
        "cosine": pytest.approx([0.6, 0.5]),
        "maxsim": pytest.approx([0.1 + 0.2 + 0.27, 0.02 + 0.32 + 0.03 + 0.14]),
        "bm25_share": pytest.approx([0.3, 0.0]),
        "heaviest": pytest.approx([0.5, 0.8]),
        "weakest": pytest.approx([0.0, 0.1]),
        "window": pytest.approx([0.4, 0.3]),
        "names_met": pytest.approx([0.9, 0.1]),
        "numbers_met": [1.0, 1.0],
    }


@pytest.mark.parametrize(("asked", "passages"), [(0, 0), (0, 3), (2, 0), (1, 2), (5, 1)])
def test_features_have_a_row_for_each_passage(asked: int, passages: int) -> None:
    rng = np.random.default_rng(asked + passages)
    matches = matches_of(
        rng.random((asked, passages)).tolist(), [1 / max(asked, 1)] * asked, [0.5] * passages
    )
    cosines = rng.random(passages).astype(np.float32)
    found = features(cosines, cosines, matches)
    assert found.shape == (passages, len(FEATURES))
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    if not asked:
        other = [at for at, name in enumerate(FEATURES) if name not in ("cosine", "bm25_share")]
        assert not found[:, other].any()
