"""The logistic models of the calibration, from examples to named weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.relevance import FEATURES, SIGNALS

RIDGE = {"all": 1e-4, "nearest": 5e-4}  # on the ranking weights, of the number of questions
CONFIDENCE_C = 0.1  # inverse strength of that on the signals, scaled to unit variance before
CARRIED_RIDGE = 0.1  # of the number of examples

LEXICAL = ("bm25_share", "share_lead", "exact")
"""What says nothing across languages."""

Rows = NDArray[np.float32]
Fit = dict[str, float]  # a weight for each name, and "bias"


@dataclass(frozen=True)
class Examples:
    """Rows of numbers, shape (n, names), whether each is right, and the question each is for.

    Where they are for ranking, the rows of a question stand together, the right one first, then the
    others, the likeliest first.
    """

    rows: Rows
    right: NDArray[np.bool_]
    asked: NDArray[np.int64]


def fit_ranking(sets: Iterable[Examples], names: Sequence[str]) -> Fit:
    """Weights that rank a question's own passage above the others, as log odds.

    The mean of two conditional logits, in which a question's own passage should have the whole
    probability: one among all of its candidates, which orders passages better, and one beside the
    nearest other alone, which heeds names and numbers more and places two languages better.
    """
    used = [FEATURES.index(name) for name in names]
    asked = [each[:, used] for examples in sets for each in _ranked(examples)]
    nearest = [rows[:2] for rows in asked]
    fits = [
        _log_odds(_conditional_logit(asked, RIDGE["all"]), nearest),
        _log_odds(_conditional_logit(nearest, RIDGE["nearest"]), nearest),
    ]
    fitted = dict(zip((*names, "bias"), map(float, np.mean(fits, axis=0)), strict=True))
    return _rounded(fitted, FEATURES)


def _log_odds(
    weights: NDArray[np.float64], nearest: Sequence[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """The weights, and a bias behind them, scaled to tell a question's own from the nearest."""
    from sklearn.linear_model import LogisticRegression

    scores = (np.concatenate(nearest) @ weights)[:, None]
    scale = LogisticRegression(C=1e4).fit(scores, np.arange(len(scores)) % 2 == 0)
    return np.append(weights * scale.coef_[0][0], scale.intercept_[0])


def _ranked(examples: Examples) -> Iterator[NDArray[np.float64]]:
    """The rows of every question that has a right one and others, the right one first."""
    starts = np.flatnonzero(np.diff(examples.asked, prepend=-1))
    for rows, right in zip(
        np.split(examples.rows, starts[1:]), np.split(examples.right, starts[1:]), strict=True
    ):
        if right[0] and len(rows) > 1:
            yield rows.astype(np.float64)


def _conditional_logit(asked: Sequence[NDArray[np.float64]], ridge: float) -> NDArray[np.float64]:
    """The weights by which the first row of each question is likeliest, with a ridge on them."""
    from scipy.optimize import minimize

    rows = np.concatenate(asked)
    counts = np.array([len(each) for each in asked])
    first = np.cumsum(counts) - counts
    ridge *= len(asked)

    def unlikelihood(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = rows @ weights
        highest = np.maximum.reduceat(scores, first)
        odds = np.exp(scores - np.repeat(highest, counts))
        total = np.add.reduceat(odds, first)
        loss = np.sum(np.log(total) + highest - scores[first]) + ridge * weights @ weights
        slope = (odds / np.repeat(total, counts)) @ rows - rows[first].sum(axis=0)
        return float(loss), slope + 2 * ridge * weights

    found: NDArray[np.float64] = minimize(unlikelihood, np.zeros(rows.shape[1]), jac=True).x
    return found


def fit_confidence(sets: Iterable[Examples], names: Sequence[str]) -> Fit:
    """Weights of the signals that tell whether the best passage is the question's own."""
    from sklearn.linear_model import LogisticRegression

    examples = list(sets)
    used = [SIGNALS.index(name) for name in names]
    rows = np.concatenate([each.rows for each in examples])[:, used].astype(np.float64)
    right = np.concatenate([each.right for each in examples])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = LogisticRegression(C=CONFIDENCE_C, max_iter=1000).fit((rows - mean) / spread, right)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - weights @ mean)
    return _rounded({**dict(zip(names, map(float, weights), strict=True)), "bias": bias}, SIGNALS)


def carried_over(fitted: Fit, within: Rows, across: Rows, names: Sequence[str]) -> Fit:
    """The weights that give scores across languages the log odds of scores within one."""
    from sklearn.linear_model import Ridge

    wanted = logits(fitted, names, within)
    used = [name for name in names if name not in LEXICAL]
    rows = across[:, [names.index(name) for name in used]].astype(np.float64)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = Ridge(alpha=CARRIED_RIDGE * len(rows)).fit((rows - mean) / spread, wanted)
    guessed = model.predict((rows - mean) / spread)
    # A regression alone would pull towards the mean.
    weights = model.coef_ / spread * wanted.std() / guessed.std()
    bias = float(wanted.mean() - weights @ mean)
    return _rounded({**dict(zip(used, map(float, weights), strict=True)), "bias": bias}, names)


def _rounded(fitted: Fit, names: Sequence[str]) -> Fit:
    return {name: round(fitted.get(name, 0.0), 4) for name in (*names, "bias")}


def vector(fitted: Fit, names: Sequence[str]) -> Rows:
    """The weights in the order of the names, shape (names,)."""
    return np.array([fitted.get(name, 0.0) for name in names], np.float32)


def logits(fitted: Fit, names: Sequence[str], rows: Rows) -> NDArray[np.float64]:
    """Log odds, shape (n,), of rows of shape (n, names)."""
    found: NDArray[np.float64] = rows.astype(np.float64) @ vector(fitted, names) + fitted["bias"]
    return found


def probability(log_odds: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    """Of log odds, in the same shape."""
    found: NDArray[np.float64] = 1 / (1 + np.exp(-np.asarray(log_odds)))
    return found
