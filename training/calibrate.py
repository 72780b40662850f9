"""Fits `relevance.json`: `python -m training.calibrate --data FOLDER`.

On questions that the table has not learned from. Each gives two examples: its own passage, and the
best of the others, which is what a reader would get if its own were not in the index.

There are no such questions whose passage is in the other language. But some English news sentences
have two Chinese translations: the English sentence and one translation, asked of passages made of
the other, say how scores across languages compare with scores within one.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embed.static import BUILT_IN
from rag.index import Index
from rag.relevance import FEATURES
from rag.retrieve import describe_candidates, prepare_query
from rag.types import Query, RawArticle
from training.corpus import is_held_out, read_rows

QUESTIONS = ("questions-cmrc2018", "questions-drcd", "questions-tydiqa", "questions-selqa")
TRANSLATED = "parallel-wmt-news"
QUESTIONS_EACH = 400
SENTENCES = 500
WINDOW = 4
DEPTH = 40
SEED = 7
MISS_RATE = 0.05
ACROSS_LIFT = 0.4
"""Log odds added across languages. Carried over alone, they are too low beside those within one:
in a collection half English and half Chinese, passages of the asker's language win too often."""
RANKING_C = 0.3  # inverse strength of the ridge on the ranking weights

PLAIN = {"cosine": 0.5, "maxsim": 1.0, "window": 1.0, "bm25_share": 2.0}
"""Ranks candidates before there are fitted weights."""

Features = NDArray[np.float32]
Fit = dict[str, float]  # a weight for each of FEATURES, and "bias"


@dataclass(frozen=True)
class Asked:
    """A question and the number of the passage that answers it."""

    question: str
    passage: int


@dataclass(frozen=True)
class Examples:
    """Features of candidates, shape (n, features), whether each is the question's own, and the
    number of the question that each was found for."""

    features: NDArray[np.float32]
    own: NDArray[np.bool_]
    asked: NDArray[np.int64]


def main() -> None:
    """Index each set, describe its candidates, fit, write."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--out", type=Path, default=BUILT_IN / "relevance.json")
    chosen = parser.parse_args()
    rng = np.random.default_rng(SEED)
    same = {name: _examples(*questions(chosen.data, name), rng) for name in QUESTIONS}
    fit = _fit(same.values(), FEATURES)
    wordless = _fit(same.values(), [name for name in FEATURES if name != "bm25_share"])
    within, across = _translated(chosen.data, rng)
    cross = _carried_over(wordless, within, across)
    cross["bias"] = round(cross["bias"] + ACROSS_LIFT, 4)
    own = np.concatenate([_probability(fit, each.features[each.own]) for each in same.values()])
    threshold = float(np.quantile(own, MISS_RATE))
    for name, each in same.items():
        _report(name, fit, each, threshold)
    stored = {"pairs": {"same": fit, "cross": cross}, "threshold": round(threshold, 3)}
    chosen.out.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")


def questions(data: Path, name: str) -> tuple[list[str], list[Asked]]:
    """A set's passages, and its held-out questions."""
    numbers: dict[str, int] = {}
    asked: list[Asked] = []
    for number, row in enumerate(read_rows(data / "train" / f"{name}.jsonl.gz")):
        passage = numbers.setdefault(row["b"], len(numbers))
        if is_held_out(name, number, row):
            asked.append(Asked(row["a"], passage))
    return list(numbers), asked


def _examples(
    passages: Sequence[str], asked: Sequence[Asked], rng: np.random.Generator
) -> Examples:
    chosen = rng.permutation(len(asked))[:QUESTIONS_EACH]
    found: list[NDArray[np.float32]] = []
    own: list[bool] = []
    numbers: list[int] = []
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder), create=True) as index:
        index.ingest_articles(_articles(passages))
        for at in chosen:
            for row, is_own in _two(index, asked[at]):
                found.append(row)
                own.append(is_own)
                numbers.append(int(at))
    return Examples(np.array(found), np.array(own), np.array(numbers))


def _articles(passages: Sequence[str]) -> Iterator[RawArticle]:
    for number, passage in enumerate(passages):
        yield RawArticle(str(number), "set.jsonl", "jsonl", passage, source_id=str(number))


def _two(index: Index, asked: Asked) -> Iterator[tuple[NDArray[np.float32], bool]]:
    """The best candidate of the question's own passage, and the best of the others."""
    with index.pinned():
        query = prepare_query(index, asked.question)
        for family in index.families():
            scored = describe_candidates(index, query, family, 64)
            documents = [d.source_id for _, d in index.passages([int(r) for r in scored.rows])]
            is_own = np.array([each == str(asked.passage) for each in documents])
            plain = scored.features @ _weights(PLAIN)
            for kind in (True, False):
                among = np.flatnonzero(is_own == kind)
                if len(among):
                    yield scored.features[among[np.argmax(plain[among])]], kind


def _fit(sets: Iterable[Examples], names: Sequence[str]) -> Fit:
    """Weights that rank a question's own passage above the other, then scaled to log odds."""
    from sklearn.linear_model import LogisticRegression

    used = [FEATURES.index(name) for name in names]
    examples = list(sets)
    described = np.concatenate([each.features for each in examples])[:, used]
    own = np.concatenate([each.own for each in examples])
    apart = np.concatenate([_differences(each)[:, used] for each in examples])
    both = np.concatenate([apart, -apart])
    first = np.arange(len(both)) < len(apart)
    ranking = LogisticRegression(C=RANKING_C, fit_intercept=False).fit(both, first).coef_[0]
    scale = LogisticRegression(C=1e4).fit((described @ ranking)[:, None], own)
    weights = ranking * scale.coef_[0][0]
    found = dict(zip(names, map(float, weights), strict=True))
    return _rounded({**found, "bias": float(scale.intercept_[0])})


def _differences(examples: Examples) -> Features:
    """The question's own passage less the other, for every question that has both."""
    own = {int(examples.asked[at]): at for at in np.flatnonzero(examples.own)}
    other = {int(examples.asked[at]): at for at in np.flatnonzero(~examples.own)}
    both = sorted(own.keys() & other.keys())
    found: Features = (
        examples.features[[own[number] for number in both]]
        - examples.features[[other[number] for number in both]]
    )
    return found


def _rounded(fit: Fit) -> Fit:
    return {name: round(fit.get(name, 0.0), 4) for name in (*FEATURES, "bias")}


def _translated(data: Path, rng: np.random.Generator) -> tuple[Features, Features]:
    """Features of the same candidates for a Chinese sentence, and for its English original."""
    versions: dict[str, list[str]] = {}
    for row in read_rows(data / "train" / f"{TRANSLATED}.jsonl.gz"):
        versions.setdefault(row["a"], []).append(row["b"])
    first = [texts[0] for texts in versions.values()]
    passages = ["".join(first[at : at + WINDOW]) for at in range(0, len(first), WINDOW)]
    twice = [
        (english, texts[1])
        for english, texts in versions.items()
        if len(texts) > 1 and texts[1] != texts[0] and len(english.split()) >= 6
    ]
    within: list[Features] = []
    across: list[Features] = []
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder), create=True) as index:
        index.ingest_articles(_articles(passages))
        for at in rng.permutation(len(twice))[:SENTENCES]:
            english, chinese = (prepare_query(index, text) for text in twice[at])
            for candidates in _shared(index, english, chinese):
                across.append(candidates[0])
                within.append(candidates[1])
    return np.concatenate(within), np.concatenate(across)


def _shared(index: Index, english: Query, chinese: Query) -> Iterator[tuple[Features, Features]]:
    """The candidates that both find, as each sees them."""
    with index.pinned():
        both = [describe_candidates(index, each, "zh", DEPTH) for each in (english, chinese)]
        _, left, right = np.intersect1d(both[0].rows, both[1].rows, return_indices=True)
        if len(left):
            yield both[0].features[left], both[1].features[right]


def _carried_over(fit: Fit, within: Features, across: Features) -> Fit:
    """The weights that give scores across languages the log odds of scores within one."""
    wanted = within @ _weights(fit) + fit["bias"]
    used = [FEATURES.index(name) for name in FEATURES if name != "bm25_share"]
    design = np.column_stack([across[:, used], np.ones(len(across))])
    found = np.linalg.lstsq(design, wanted, rcond=None)[0]
    guessed = design @ found
    spread = wanted.std() / guessed.std()  # least squares alone would pull towards the mean
    found *= spread
    found[-1] += wanted.mean() - spread * guessed.mean()
    names = [*(FEATURES[at] for at in used), "bias"]
    return _rounded(dict(zip(names, map(float, found), strict=True)))


def _weights(fit: Fit) -> NDArray[np.float32]:
    return np.array([fit.get(name, 0.0) for name in FEATURES], np.float32)


def _probability(fit: Fit, features: Features) -> NDArray[np.float64]:
    logits = features.astype(np.float64) @ _weights(fit) + fit["bias"]
    found: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return found


def _report(name: str, fit: Fit, examples: Examples, threshold: float) -> None:
    from sklearn.metrics import roc_auc_score

    found = _probability(fit, examples.features)
    missed = (found[examples.own] < threshold).mean()
    answered = (found[~examples.own] >= threshold).mean()
    area = roc_auc_score(examples.own, found)
    print(f"{name}: auroc {area:.3f}, missed {missed:.3f}, answered wrongly {answered:.3f}")


if __name__ == "__main__":
    main()
