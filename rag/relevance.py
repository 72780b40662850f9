"""From scores to a probability: how likely it is that a passage answers the question.

Two logistic models, fitted by `training.calibrate` on questions with and without their passage in
the index, each apart for question and passage in one language family (`same`) and in two
(`cross`): one ranks passages by their own features, the other says from the signals of
`rag.confidence` how likely the best of them answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag.embed.static import BUILT_IN
from rag.errors import EmbedderError
from rag.rerank import WordMatches

Pair = Literal["same", "cross"]
PAIRS: tuple[Pair, ...] = ("same", "cross")
FEATURES = (
    *("cosine", "maxsim", "bm25_share", "heaviest", "weakest", "window"),
    *("names_met", "numbers_met"),
)
"""Of a passage, for ranking: `features`."""

SIGNALS = (
    *("score", "lead", "share_lead", "more", "exact", "article", "names", "numbers"),
    *("cosine", "maxsim", "bm25_share", "window", "weakest"),
)
"""Of the best passage, for how sure it is: `rag.confidence.signals`."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """Log odds from numbers of known names: a weight for each, and a bias."""

    weights: NDArray[np.float32]
    bias: float

    @classmethod
    def read(cls, stored: Mapping[str, float], names: Sequence[str]) -> Weighing:
        """From a JSON object with an entry for each name, and "bias"."""
        return cls(np.array([stored[name] for name in names], np.float32), float(stored["bias"]))

    def logits(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape (n,), from shape (n, names)."""
        found: NDArray[np.float32] = rows @ self.weights + np.float32(self.bias)
        return found


@dataclass(frozen=True, slots=True)
class Others:
    """The next best passages of an ordinary question: their mean log odds, share of BM25 and
    cosine of the question's words. A small index counts as filled up with such passages."""

    score: float
    bm25_share: float
    met: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """For each of PAIRS how passages are ranked, and how sure the best one is; what the best one is
    compared with where there is little else; and the relevance below which to decline."""

    ranking: Mapping[Pair, Weighing]
    confidence: Mapping[Pair, Weighing]
    others: Others
    threshold: float
    fingerprint: str = ""
    """Of the file that it was read from."""

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read `relevance.json`. Raises EmbedderError when it isn't one."""
        try:
            content = path.read_bytes()
            stored = json.loads(content)
            ranking = {pair: Weighing.read(stored["ranking"][pair], FEATURES) for pair in PAIRS}
            confidence = {
                pair: Weighing.read(stored["confidence"][pair], SIGNALS) for pair in PAIRS
            }
            others = Others(*(float(stored["others"][each.name]) for each in fields(Others)))
            threshold = float(stored["threshold"])
            fingerprint = hashlib.sha256(content).hexdigest()[:16]
            return cls(ranking, confidence, others, threshold, fingerprint)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EmbedderError(
                f"expected a calibration in {path}, found {error!r}: get the model's files again"
            ) from error


@cache
def built_in_calibration() -> Calibration:
    """The calibration that was fitted with the built-in model."""
    return Calibration.load(BUILT_IN / "relevance.json")


def probability(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logistic function."""
    found = 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))
    return found.astype(np.float32)


def features(
    cosines: NDArray[np.float32],
    bm25_shares: NDArray[np.float32],
    matches: WordMatches,
    names: Sequence[int] = (),
    numbers: Sequence[int] = (),
) -> NDArray[np.float32]:
    """Shape (passages, len(FEATURES)).

    `bm25_shares` is BM25 over the most it could be. `heaviest` is how well the question word that
    weighs most is met, `weakest` how well the worst met of the three heaviest; `window` is the
    MaxSim of the passage's best window. `names` and `numbers` are the places of such words in the
    question: `names_met` and `numbers_met` are how well the worst met of them is, 1 where there
    are none.
    """
    best, weights = matches.best, matches.weights
    count = len(cosines)
    if not len(weights):
        rest = np.zeros((6, count), np.float32)
    else:
        order = np.argsort(-weights)[:3]
        rest = np.stack(
            [
                matches.maxsim,
                best[order[0]],
                best[order].min(axis=0),
                matches.window,
                *(_worst_met(best, places) for places in (names, numbers)),
            ]
        )
    found: NDArray[np.float32] = np.stack(
        [cosines, rest[0], bm25_shares, *rest[1:]], axis=1
    ).astype(np.float32)
    return found


def _worst_met(best: NDArray[np.float32], places: Sequence[int]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = best[list(places)].min(axis=0, initial=1.0)
    return found
