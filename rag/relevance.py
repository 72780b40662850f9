"""From scores to a probability: how likely it is that a passage answers the question.

A logistic model over scores that mean the same in every index, fitted by `training.calibrate` on
questions with and without their passage in the index, apart for question and passage in one
language family (`same`) and in two (`cross`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embed.static import BUILT_IN
from rag.errors import EmbedderError
from rag.rerank import WordMatches

PAIRS = ("same", "cross")
FEATURES = ("cosine", "maxsim", "bm25_share", "heaviest", "weakest", "window")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights over FEATURES, a bias for each pair, and the relevance below which to decline."""

    weights: Mapping[str, NDArray[np.float32]]
    bias: Mapping[str, float]
    threshold: float

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read `relevance.json`. Raises EmbedderError when it isn't one."""
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            pairs = stored["pairs"]
            weights = {
                pair: np.array([pairs[pair][name] for name in FEATURES], np.float32)
                for pair in PAIRS
            }
            bias = {pair: float(pairs[pair]["bias"]) for pair in PAIRS}
            return cls(weights, bias, float(stored["threshold"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EmbedderError(
                f"expected a calibration in {path}, found {error!r}: get the model's files again"
            ) from error

    def logits(self, features: NDArray[np.float32], pair: str) -> NDArray[np.float32]:
        """Log odds of relevance, shape (n,), from features of shape (n, len(FEATURES))."""
        found: NDArray[np.float32] = features @ self.weights[pair] + np.float32(self.bias[pair])
        return found


@cache
def built_in_calibration() -> Calibration:
    """The calibration that was fitted with the built-in model."""
    return Calibration.load(BUILT_IN / "relevance.json")


def probability(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logistic function."""
    found = 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))
    return found.astype(np.float32)


def features(
    cosines: NDArray[np.float32], bm25_shares: NDArray[np.float32], matches: WordMatches
) -> NDArray[np.float32]:
    """Shape (passages, len(FEATURES)).

    `bm25_shares` is BM25 over the most it could be. `heaviest` is how well the question word that
    weighs most is met, `weakest` how well the worst met of the three heaviest; `window` is the
    MaxSim of the passage's best window.
    """
    best, weights = matches.best, matches.weights
    count = len(cosines)
    if not len(weights):
        rest = np.zeros((4, count), np.float32)
    else:
        order = np.argsort(-weights)[:3]
        rest = np.stack(
            [
                matches.maxsim,
                best[order[0]],
                best[order].min(axis=0),
                matches.window,
            ]
        )
    found: NDArray[np.float32] = np.stack(
        [cosines, rest[0], bm25_shares, *rest[1:]], axis=1
    ).astype(np.float32)
    return found
