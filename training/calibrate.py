"""Fits `relevance.json`: `python -m training.calibrate --data FOLDER`.

On questions that the table has not learned from. Each is asked twice: of all passages, and of all
but its own, which is what a reader would get if its own were not in the index.

There are no such questions whose passage is in the other language. But some English news sentences
have two Chinese translations: the English sentence and one translation, asked of passages made of
the other, say how scores across languages compare with scores within one.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.confidence import Ranking, signals
from rag.embed.static import BUILT_IN
from rag.index import Index
from rag.relevance import FEATURES, SIGNALS, Calibration, Others, Pair, Weighing
from rag.retrieve import CANDIDATES, Candidates, describe_candidates, prepare_query, rank
from rag.types import Query, RawArticle
from training.corpus import read_rows
from training.fits import (
    LEXICAL,
    Examples,
    Rows,
    carried_over,
    fit_confidence,
    fit_ranking,
    logits,
    probability,
    vector,
)
from training.held_out import JOINED, QUESTIONS, TRANSLATED, questions
from training.plot import line_plot

QUESTIONS_EACH = 600
SENTENCES = 500
WINDOW = 4
SEED = 7
MISS_RATE = 0.05
ACROSS_LIFT = 0.6
"""Log odds added to the ranking across languages. Carried over alone, they are too low beside those
within one: in a collection half English and half Chinese, passages of the asker's language win too
often."""
SURER_ACROSS = 0.8
"""Log odds added to the confidence across languages: sentences meet their translations better than
questions meet answers, so that questions would be declined too often."""
OTHERS = 20  # candidates that a question's own is ranked against
FOLDS = 5
BINS = 10

PLAIN = {"cosine": 0.5, "maxsim": 1.0, "window": 1.0, "bm25_share": 2.0}
"""Ranks candidates before there are fitted weights."""


@dataclass(frozen=True)
class Found:
    """What an index gives for one question, and which candidates are the question's own."""

    index: Index
    query: Query
    candidates: Candidates
    own: NDArray[np.bool_]


def main() -> None:
    """Index each set, describe its candidates, fit, write."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--out", type=Path, default=BUILT_IN, help="where relevance.json goes")
    chosen = parser.parse_args()
    rng = np.random.default_rng(SEED)
    with ExitStack() as opened:
        sets = {name: _ask_set(chosen.data, name, rng, opened) for name in QUESTIONS}
        sentences, translations = _ask_twice(chosen.data, rng, opened)
        calibration, stored = fit(sets, sentences, translations)
        examples = {name: _signal_examples(found, calibration) for name, found in sets.items()}
    (chosen.out / "relevance.json").write_text(json.dumps(stored, indent=2) + "\n", "utf-8")
    (chosen.out / "reliability.svg").write_text(_reliability(examples), encoding="utf-8")
    for name, each in examples.items():
        _report(name, calibration, each)


def fit(
    sets: Mapping[str, Sequence[Found]], sentences: Sequence[Found], translations: Sequence[Found]
) -> tuple[Calibration, dict[str, object]]:
    """The calibration, and what is stored of it.

    Passages joined from single sentences don't rank: what matters in them is the one sentence.
    """
    pairs = [_ranking_examples(found) for name, found in sets.items() if name not in JOINED]
    ranking = fit_ranking(pairs, FEATURES)
    wordless = fit_ranking(pairs, [name for name in FEATURES if name not in LEXICAL])
    within, across = _side_by_side(translations, sentences)
    cross = carried_over(wordless, within, across, FEATURES)
    cross["bias"] = round(cross["bias"] + ACROSS_LIFT, 4)
    weighings: dict[Pair, Weighing] = {
        "same": Weighing.read(ranking, FEATURES),
        "cross": Weighing.read(cross, FEATURES),
    }
    others = _others(list(sets.values()), weighings)
    unsure = Calibration(weighings, {}, others, 0.0)
    examples = [_signal_examples(found, unsure) for found in sets.values()]
    confidence = fit_confidence(examples, SIGNALS)
    plain = fit_confidence(examples, [name for name in SIGNALS if name not in LEXICAL])
    told, foreign = (_signal_examples(each, unsure) for each in (translations, sentences))
    both = np.isin(told.asked * 2 + told.right, foreign.asked * 2 + foreign.right)
    same = np.isin(foreign.asked * 2 + foreign.right, told.asked * 2 + told.right)
    carried = carried_over(plain, told.rows[both], foreign.rows[same], SIGNALS)
    carried["bias"] = round(carried["bias"] + SURER_ACROSS, 4)
    own = np.concatenate([logits(confidence, SIGNALS, each.rows[each.right]) for each in examples])
    threshold = round(float(probability(np.quantile(own, MISS_RATE))), 3)
    sure: dict[Pair, Weighing] = {
        "same": Weighing.read(confidence, SIGNALS),
        "cross": Weighing.read(carried, SIGNALS),
    }
    stored = {
        "ranking": {"same": ranking, "cross": cross},
        "confidence": {"same": confidence, "cross": carried},
        "others": asdict(others),
        "threshold": threshold,
    }
    return Calibration(weighings, sure, others, threshold), stored


# --- what the index gives ---


def _ask_set(data: Path, name: str, rng: np.random.Generator, opened: ExitStack) -> list[Found]:
    passages, asked = questions(data, name)
    index = _indexed(passages, opened)
    chosen = rng.permutation(len(asked))[:QUESTIONS_EACH]
    return [_ask(index, asked[at].question, asked[at].passage) for at in chosen]


def _indexed(passages: Sequence[str], opened: ExitStack) -> Index:
    folder = opened.enter_context(tempfile.TemporaryDirectory())
    index = opened.enter_context(Index.open(Path(folder), create=True))
    index.ingest_articles(
        RawArticle(str(number), "set.jsonl", "jsonl", passage, source_id=str(number))
        for number, passage in enumerate(passages)
    )
    return index


def _ask(index: Index, question: str, passage: int) -> Found:
    with index.pinned():
        query = prepare_query(index, question)
        counts = index.families()
        family = max(counts, key=counts.__getitem__)  # a few passages may pass for the other
        found = describe_candidates(index, query, family, CANDIDATES)
        held = [each.source_id for _, each in index.passages([int(row) for row in found.rows])]
    return Found(index, query, found, np.array([each == str(passage) for each in held], bool))


def _ask_twice(
    data: Path, rng: np.random.Generator, opened: ExitStack
) -> tuple[list[Found], list[Found]]:
    """English sentences, and Chinese translations of them, asked of other translations."""
    versions: dict[str, list[str]] = {}
    for row in read_rows(data / "train" / f"{TRANSLATED}.jsonl.gz"):
        versions.setdefault(row["a"], []).append(row["b"])
    first = [texts[0] for texts in versions.values()]
    index = _indexed(
        ["".join(first[at : at + WINDOW]) for at in range(0, len(first), WINDOW)], opened
    )
    twice = [
        (english, texts[1], at // WINDOW)
        for at, (english, texts) in enumerate(versions.items())
        if len(texts) > 1 and texts[1] != texts[0] and len(english.split()) >= 6
    ]
    chosen = [twice[at] for at in rng.permutation(len(twice))[:SENTENCES]]
    return (
        [_ask(index, english, passage) for english, _, passage in chosen],
        [_ask(index, chinese, passage) for _, chinese, passage in chosen],
    )


# --- examples ---


def _ranking_examples(found: Sequence[Found]) -> Examples:
    """The best candidate of each question's own, and the best of the others, best first."""
    rows: list[Rows] = []
    right: list[bool] = []
    asked: list[int] = []
    for number, each in enumerate(found):
        order = np.argsort(-(each.candidates.features @ vector(PLAIN, FEATURES)), kind="stable")
        own = each.own[order]
        for kind, most in ((True, 1), (False, OTHERS)):
            chosen = order[own == kind][:most]
            rows += list(each.candidates.features[chosen])
            right += [kind] * len(chosen)
            asked += [number] * len(chosen)
    return Examples(np.array(rows), np.array(right), np.array(asked))


def _signal_examples(found: Sequence[Found], calibration: Calibration) -> Examples:
    """Signals of each question's ranking, where its own passages are in it and without them."""
    rows: list[Rows] = []
    right: list[bool] = []
    asked: list[int] = []
    for number, each in enumerate(found):
        ranking = rank(each.query, [each.candidates], calibration)
        own = each.own[ranking.order]
        for kept, kind in ((np.ones(len(own), bool), True), (~own, False)):
            if (own.any() or not kind) and kept.any():
                some = _only(ranking, kept)
                with each.index.pinned():
                    rows.append(_signals(each, some, calibration))
                right.append(kind)
                asked.append(number)
    return Examples(np.array(rows), np.array(right), np.array(asked))


def _signals(found: Found, ranking: Ranking, calibration: Calibration) -> Rows:
    family = found.candidates.family
    return signals(found.index, found.query, ranking, family, calibration.others)


def _others(sets: Sequence[Sequence[Found]], weighings: Mapping[Pair, Weighing]) -> Others:
    """The means over the ten passages behind the best one."""
    unsure = Calibration(weighings, {}, Others(0.0, 0.0, 0.0), 0.0)
    next_ten = slice(1, 11)
    rankings = [rank(each.query, [each.candidates], unsure) for found in sets for each in found]
    share = FEATURES.index("bm25_share")
    means = (
        [each.score[next_ten].mean() for each in rankings],
        [each.features[next_ten, share].mean() for each in rankings],
        [each.best[:, next_ten].mean() for each in rankings],
    )
    return Others(*(round(float(np.mean(each)), 4) for each in means))


def _only(ranking: Ranking, kept: NDArray[np.bool_]) -> Ranking:
    return replace(
        ranking,
        order=ranking.order[kept],
        rows=ranking.rows[kept],
        score=ranking.score[kept],
        features=ranking.features[kept],
        best=ranking.best[:, kept],
    )


def _side_by_side(first: Sequence[Found], second: Sequence[Found]) -> tuple[Rows, Rows]:
    """Features of the candidates that both of a pair of questions find, as each sees them."""
    pairs = []
    for one, other in zip(first, second, strict=True):
        _, left, right = np.intersect1d(
            one.candidates.rows, other.candidates.rows, return_indices=True
        )
        pairs.append((one.candidates.features[left], other.candidates.features[right]))
    return np.concatenate([left for left, _ in pairs]), np.concatenate(
        [right for _, right in pairs]
    )


# --- reports ---


def _reliability(sets: dict[str, Examples]) -> str:
    """How often a confidence is right, by how high it is; each question judged by a fit that has
    not seen it."""
    from sklearn.model_selection import GroupKFold

    lines = {}
    guessed: dict[str, list[NDArray[np.float64]]] = {name: [] for name in sets}
    right: dict[str, list[NDArray[np.bool_]]] = {name: [] for name in sets}
    folds = {
        name: list(GroupKFold(FOLDS).split(each.rows, each.right, each.asked))
        for name, each in sets.items()
    }
    for fold in range(FOLDS):
        learned = {name: folds[name][fold][0] for name in sets}
        seen = [_some(each, learned[name]) for name, each in sets.items()]
        fitted = fit_confidence(seen, SIGNALS)
        for name, each in sets.items():
            unseen = _some(each, folds[name][fold][1])
            guessed[name].append(probability(logits(fitted, SIGNALS, unseen.rows)))
            right[name].append(unseen.right)
    for name in sets:
        lines[name] = _bins(np.concatenate(guessed[name]), np.concatenate(right[name]))
    return line_plot(
        lines,
        title="Confidence against how often the passage is the question's own",
        x_title="confidence",
        y_title="share that is right",
        y_range=(0.0, 1.0),
        diagonal=True,
    )


def _some(examples: Examples, places: NDArray[np.int64]) -> Examples:
    return Examples(examples.rows[places], examples.right[places], examples.asked[places])


def _bins(guessed: NDArray[np.float64], right: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """The mean guess and the share that is right, of equally many guesses each."""
    order = np.array_split(np.argsort(guessed), BINS)
    return [(float(guessed[each].mean()), float(right[each].mean())) for each in order if len(each)]


def _report(name: str, calibration: Calibration, examples: Examples) -> None:
    from sklearn.metrics import roc_auc_score

    found = probability(calibration.confidence["same"].logits(examples.rows).astype(np.float64))
    missed = (found[examples.right] < calibration.threshold).mean()
    answered = (found[~examples.right] >= calibration.threshold).mean()
    area = roc_auc_score(examples.right, found)
    print(f"{name}: auroc {area:.3f}, missed {missed:.3f}, answered wrongly {answered:.3f}")


if __name__ == "__main__":
    main()
