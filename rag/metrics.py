"""The figures of an evaluation, each a pure function. `None` where a figure is undefined."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.fold import fold


def rank_of_first(ranked: Iterable[str], wanted: Collection[str]) -> int | None:
    """The rank, from 1, of the first wanted id among the distinct ids of a ranking.

    Repeated ids count once, at their best place: so an article stands at its best passage.
    """
    for rank, found in enumerate(dict.fromkeys(ranked), start=1):
        if found in wanted:
            return rank
    return None


def mean(values: Collection[float]) -> float | None:
    """The arithmetic mean; of true and false, the share that is true."""
    return sum(values) / len(values) if values else None


def recall_at(ranks: Collection[int | None], k: int) -> float | None:
    """The share of questions that find a wanted article within the first `k`."""
    return mean([rank is not None and rank <= k for rank in ranks])


def mrr_at(ranks: Collection[int | None], k: int) -> float | None:
    """Mean reciprocal rank, a rank beyond `k` counting 0 (Voorhees, TREC-8 QA track, 1999)."""
    return mean([1 / rank if rank is not None and rank <= k else 0.0 for rank in ranks])


def mentions(golds: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether some gold answer occurs in some text, both folded and without white space."""
    bare = [_bare(text) for text in texts]
    return any(gold in text for gold in map(_bare, golds) if gold for text in bare)


def _bare(text: str) -> str:
    return "".join(fold(text).split())


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The chance that a positive scores above a negative, ties counting half.

    The area under the ROC curve by its rank sum (Mann and Whitney, 1947).
    """
    positives = sum(positive)
    negatives = len(positive) - positives
    if not positives or not negatives:
        return None
    order = sorted(zip(scores, positive, strict=True))
    rank_sum, passed = 0.0, 0
    for _, group in groupby(order, key=lambda pair: pair[0]):
        labels = [label for _, label in group]
        rank_sum += sum(labels) * (passed + (len(labels) + 1) / 2)
        passed += len(labels)
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def percentile(values: Collection[float], share: float) -> float | None:
    """The value below which `share` (0..1) of the values lie, linear between neighbours."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@dataclass(frozen=True, slots=True)
class RefusalPoint:
    """What happens when every question below `threshold` is declined.

    hallucination_rate: share of the unanswerable questions that are answered.
    miss_rate: share of the answerable questions that are declined.
    coverage: share of all questions that are answered.
    risk: share of the answered questions that are unanswerable; 0 when none is answered.
    """

    threshold: float
    hallucination_rate: float
    miss_rate: float
    coverage: float
    risk: float


def refusal_curve(
    confidences: Sequence[float], answerable: Sequence[bool]
) -> tuple[RefusalPoint, ...]:
    """Every trade that a confidence threshold can make, from answering all to answering none.

    Risk against coverage is the curve of selective prediction (El-Yaniv and Wiener, JMLR 2010).
    """
    questions = len(answerable)
    good = sum(answerable)
    bad = questions - good
    labelled = sorted(zip(confidences, answerable, strict=True))
    points = []
    declined_good = declined_bad = 0
    for threshold, group in groupby(labelled, key=lambda pair: pair[0]):
        points.append(_refusal_point(threshold, good, bad, declined_good, declined_bad))
        labels = [label for _, label in group]
        declined_good += sum(labels)
        declined_bad += len(labels) - sum(labels)
    if questions:
        points.append(_refusal_point(float("inf"), good, bad, good, bad))
    return tuple(points)


def _refusal_point(
    threshold: float, good: int, bad: int, declined_good: int, declined_bad: int
) -> RefusalPoint:
    answered_good, answered_bad = good - declined_good, bad - declined_bad
    answered = answered_good + answered_bad
    return RefusalPoint(
        threshold=threshold,
        hallucination_rate=answered_bad / bad if bad else 0.0,
        miss_rate=declined_good / good if good else 0.0,
        coverage=answered / (good + bad),
        risk=answered_bad / answered if answered else 0.0,
    )
