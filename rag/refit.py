"""How sure an index is of its answers, fitted anew on its user's own questions.

The built-in calibration was fitted with the built-in model, on other texts. Here a logistic
regression puts its log odds right (Platt scaling, 1999); with a transformer or a cross-encoder it
takes in what those say, too.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rag.embed.static import StaticEmbedder
from rag.errors import StoreError, UsageError
from rag.evaluate import article_names, wanted
from rag.index import REFIT_FILE, Index
from rag.metrics import auroc
from rag.questions import Question
from rag.relevance import built_in_calibration, probability
from rag.retrieve import retrieve
from rag.types import Hit

LEAST = 20
"""Questions of each kind that a refit needs."""

INPUTS = ("confidence", "cosine", "lead", "cross_encoder")
"""What a refit may weigh: `describe`."""

_FOLDS = 5
_SEED = 7
_RIDGE = 1.0  # inverse strength, on inputs of unit variance
_SURE = 1e-6  # a relevance this near to 0 or 1 has no greater log odds
_LOG = logging.getLogger(__name__)

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Models:
    """What a refit was fitted with: fingerprints, and the cross-encoder's name."""

    embedder: str
    lexicon: str
    reranker: str | None
    calibration: str = ""


@dataclass(frozen=True, slots=True)
class Refit:
    """Log odds that the first hit answers, by weights of some of INPUTS; and the relevance below
    which to decline."""

    weights: Mapping[str, float]
    bias: float
    threshold: float
    models: Models
    depth: ClassVar[int] = 11
    """Hits that it looks at: the first, and ten to compare it with."""

    @classmethod
    def load(cls, folder: Path) -> Refit | None:
        """The refit of the index in a folder, if it has one. Raises StoreError when it's broken."""
        path = folder / REFIT_FILE
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            weights = {name: float(stored["weights"][name]) for name in stored["weights"]}
            found = cls(
                weights,
                float(stored["bias"]),
                float(stored["threshold"]),
                Models(**stored["models"]),
            )
            if not set(weights) <= set(INPUTS):
                raise ValueError(f"weights of {', '.join(weights)}")
            if not all(map(isfinite, (*weights.values(), found.bias, found.threshold))):
                raise ValueError("numbers that are not finite")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"expected a refit in {path}, found {error!r}: "
                f"remove it with `rag calibrate --forget --index {folder}`"
            ) from error
        return found

    def save(self, folder: Path) -> None:
        """Write it into the folder of an index, whole or not at all."""
        draft = folder / f"{REFIT_FILE}.{os.getpid()}"
        draft.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=2), encoding="utf-8")
        draft.replace(folder / REFIT_FILE)

    def apply(self, hits: Sequence[Hit]) -> list[Hit]:
        """The hits, the log odds of each moved as those of the surest.

        There should be `depth` of them, unless the index has fewer.
        """
        if not hits:
            return []
        found = describe(hits)
        fitted = self.bias + sum(weight * found[name] for name, weight in self.weights.items())
        odds = _log_odds(hits) + (fitted - found["confidence"])
        relevance = probability(odds.astype(np.float32)).tolist()
        return [replace(hit, relevance=each) for hit, each in zip(hits, relevance, strict=True)]


@dataclass(frozen=True, slots=True)
class Quality:
    """How well relevance tells questions that were answered right from those without an answer.

    The rates are those of unanswerable questions answered, and of right answers declined.
    """

    auroc: float | None
    hallucination_rate: float
    miss_rate: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Refitted:
    """A refit, the questions that it stands on, and what it changes.

    `left_out` counts answerable questions whose first hit is of a wrong article. `after` is
    cross-validated: each question is judged by a fit that has not seen it.
    """

    refit: Refit
    right: int
    unanswerable: int
    left_out: int
    before: Quality
    after: Quality

    def as_json(self) -> dict[str, Any]:
        """The document that `rag calibrate --json` prints."""
        return asdict(self)


def current(folder: Path, models: Models) -> Refit | None:
    """The refit of an index, unless it was fitted with other models: then a warning is logged."""
    found = Refit.load(folder)
    if found is None or found.models == models:
        return found
    _LOG.warning(
        "%s was fitted with other models and is not used: run `rag calibrate` again, or `rag "
        "calibrate --forget`",
        folder / REFIT_FILE,
    )
    return None


def describe(hits: Sequence[Hit]) -> dict[str, float]:
    """The inputs, by name, of a search that found something.

    `confidence` is the log odds of the highest relevance, which is what an answer goes by; `cosine`
    the first hit's, `lead` what it is above the mean of the next ten's; `cross_encoder` the first
    hit's score, where there is one.
    """
    first, others = hits[0], [hit.cosine for hit in hits[1 : Refit.depth]]
    found = {
        "confidence": float(_log_odds(hits[: Refit.depth - 1]).max()),
        "cosine": first.cosine,
        "lead": first.cosine - (sum(others) / len(others) if others else 0.0),
    }
    if first.cross_encoder is not None:
        found["cross_encoder"] = first.cross_encoder
    return found


def refit(
    index: Index,
    questions: Sequence[Question],
    miss_rate: float = 0.05,
    *,
    progress: Callable[[int], None] | None = None,
) -> Refitted:
    """Fit on questions with and without an answer in the index; `progress` is told how many are
    done. The threshold lets about `miss_rate` of the right answers go.

    Raises UsageError when there are too few questions of a kind.
    """
    answerable = sum(question.answerable for question in questions)
    _require(answerable, "answerable questions")
    _require(len(questions) - answerable, "unanswerable questions")
    rows, right = _ask(index, questions, progress)
    _require(int(right.sum()), "answerable questions whose first hit is of a right article")
    names = _inputs(index)
    described = np.array([[row[name] for name in names] for row in rows])
    weights, bias = _fit(described, right)
    odds = described @ weights + bias
    threshold = float(_probability(np.quantile(odds[right], miss_rate)))
    plain = _probability(np.array([row["confidence"] for row in rows]))
    least = built_in_calibration().threshold
    guessed, declined = _unseen(described, right, miss_rate)
    return Refitted(
        Refit(dict(zip(names, weights.tolist(), strict=True)), bias, threshold, index.models),
        right=int(right.sum()),
        unanswerable=int((~right).sum()),
        left_out=len(questions) - len(rows),
        before=_quality(plain, plain < least, right, least),
        after=_quality(guessed, declined, right, threshold),
    )


def _require(count: int, what: str) -> None:
    if count < LEAST:
        raise UsageError(f"expected at least {LEAST} {what}, found {count}: add some to the file")


def _inputs(index: Index) -> tuple[str, ...]:
    """The inputs that say something new with the models of an index."""
    own = isinstance(index.embedder, StaticEmbedder)
    judged = index.reranker is not None
    return (
        "confidence",
        *(() if own else ("cosine", "lead")),
        *(("cross_encoder",) if judged else ()),
    )


def _ask(
    index: Index, questions: Sequence[Question], progress: Callable[[int], None] | None
) -> tuple[list[dict[str, float]], NDArray[np.bool_]]:
    """Descriptions of the searches, and which have an article that is wanted in front."""
    names, _ = article_names(index)
    rows: list[dict[str, float]] = []
    right: list[bool] = []
    for done, question in enumerate(questions, start=1):
        _, hits = retrieve(index, question.question, top_k=Refit.depth)
        ids = frozenset[str]().union(*wanted(question, names).values())
        found = question.answerable and any(hit.document.id in ids for hit in hits[:1])
        if hits and (found or not question.answerable):
            rows.append(describe(hits))
            right.append(found)
        if progress is not None:
            progress(done)
    return rows, np.array(right, bool)


def _fit(rows: Numbers, right: NDArray[np.bool_]) -> tuple[Numbers, float]:
    from sklearn.linear_model import LogisticRegression

    mean, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    model = LogisticRegression(C=_RIDGE).fit((rows - mean) / spread, right)
    weights: Numbers = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def _unseen(
    rows: Numbers, right: NDArray[np.bool_], miss_rate: float
) -> tuple[Numbers, NDArray[np.bool_]]:
    """For each row its log odds, and whether it would be declined, by a fit on other rows."""
    from sklearn.model_selection import StratifiedKFold

    odds, declined = np.zeros(len(rows)), np.zeros(len(rows), bool)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    for learned, unseen in folds.split(rows, right):
        weights, bias = _fit(rows[learned], right[learned])
        found = rows @ weights + bias
        least = np.quantile(found[learned][right[learned]], miss_rate)
        odds[unseen], declined[unseen] = found[unseen], found[unseen] < least
    return odds, declined


def _quality(
    scores: Numbers, declined: NDArray[np.bool_], right: NDArray[np.bool_], threshold: float
) -> Quality:
    return Quality(
        auroc=auroc(scores.tolist(), right.tolist()),
        hallucination_rate=float((~declined[~right]).mean()),
        miss_rate=float(declined[right].mean()),
        threshold=threshold,
    )


def _log_odds(hits: Sequence[Hit]) -> Numbers:
    relevance = np.clip([hit.relevance for hit in hits], _SURE, 1 - _SURE)
    found: Numbers = np.log(relevance / (1 - relevance))
    return found


def _probability(odds: Numbers | np.float64) -> Numbers:
    found: Numbers = 1 / (1 + np.exp(-np.asarray(odds)))
    return found
