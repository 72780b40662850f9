"""Fits `relevance.json`: `python -m training.calibrate --data FOLDER`.

On questions that the table has not learned from. Each gives two examples: its own passage, and the
best of the others, which is what a reader would get if its own were not in the index. For question
and passage in two languages there are no such questions in the data; stretches of held-out news
sentences with a question word stand in for them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embed.static import BUILT_IN
from rag.index import Index
from rag.relevance import FEATURES
from rag.retrieve import describe_candidates, prepare_query
from rag.types import RawArticle
from training.corpus import is_held_out, read_rows

SAME = ("questions-cmrc2018", "questions-drcd", "questions-tydiqa", "questions-squad-sentences",
        "questions-selqa")
CROSS = ("parallel-wmt-news", "parallel-news-commentary")
QUESTIONS_EACH = 500
WINDOW = 4
SEED = 7
MISS_RATE = 0.05
ASKED = {"en": ("what", "who", "when", "where", "how many", "which"),
         "zh": ("什么", "谁", "何时", "哪里", "多少", "哪个")}


@dataclass(frozen=True)
class Asked:
    """A question and the number of the passage that answers it."""

    question: str
    passage: int


@dataclass(frozen=True)
class Examples:
    """Features of candidates, shape (n, features), and whether each is the question's own."""

    features: NDArray[np.float32]
    own: NDArray[np.bool_]


def main() -> None:
    """Index each held-out set, describe its candidates, fit, write."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--out", type=Path, default=BUILT_IN / "relevance.json")
    chosen = parser.parse_args()
    rng = np.random.default_rng(SEED)
    same = [_examples(*questions(chosen.data, name), rng) for name in SAME]
    cross = [
        _examples(*stretches(chosen.data, name, asked, rng), rng)
        for name in CROSS
        for asked in ("en", "zh")
    ]
    pairs = {"same": _fit(same), "cross": _fit(cross)}
    own = np.concatenate([_probability(pairs["same"], each)[each.own] for each in same])
    threshold = float(np.quantile(own, MISS_RATE))
    for name, each in zip(SAME, same, strict=True):
        _report(name, pairs["same"], each, threshold)
    for name, each in zip(("wmt en", "wmt zh", "nc en", "nc zh"), cross, strict=True):
        _report(name, pairs["cross"], each, threshold)
    stored = {"pairs": pairs, "threshold": round(threshold, 3)}
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


def stretches(
    data: Path, name: str, asked_in: str, rng: np.random.Generator
) -> tuple[list[str], list[Asked]]:
    """Passages of neighbouring sentences in one language; stretches of them in the other."""
    rows = list(read_rows(data / "train" / f"{name}.jsonl.gz"))
    question, passage = ("a", "b") if asked_in == "en" else ("b", "a")
    joint = " " if passage == "a" else ""
    passages = [
        joint.join(row[passage] for row in rows[at : at + WINDOW])
        for at in range(0, len(rows), WINDOW)
    ]
    asked = []
    for number, row in enumerate(rows):
        if is_held_out(name, number, row):
            stretch = _stretch(row[question], asked_in, rng)
            if stretch:
                asked.append(Asked(stretch, number // WINDOW))
    return passages, asked


def _stretch(sentence: str, language: str, rng: np.random.Generator) -> str:
    parts = sentence.split() if language == "en" else list(sentence)
    count = int(rng.integers(6, 13)) * (1 if language == "en" else 2)
    if len(parts) < 6:
        return ""
    start = int(rng.integers(0, max(1, len(parts) - count)))
    word = rng.choice(ASKED[language])
    joint = " " if language == "en" else ""
    return joint.join([str(word), *parts[start : start + count]]) + "?"


def _examples(
    passages: Sequence[str], asked: Sequence[Asked], rng: np.random.Generator
) -> Examples:
    chosen = rng.permutation(len(asked))[:QUESTIONS_EACH]
    found: list[NDArray[np.float32]] = []
    own: list[bool] = []
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder), create=True) as index:
        index.ingest_articles(_articles(passages))
        for at in chosen:
            for row, is_own in _two(index, asked[at]):
                found.append(row)
                own.append(is_own)
    return Examples(np.array(found), np.array(own))


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
            plain = scored.features @ np.array([1, 2, 2, 0, 0, 0], np.float32)
            for kind in (True, False):
                among = np.flatnonzero(is_own == kind)
                if len(among):
                    yield scored.features[among[np.argmax(plain[among])]], kind


def _fit(sets: Sequence[Examples]) -> dict[str, object]:
    from sklearn.linear_model import LogisticRegression

    features = np.concatenate([each.features for each in sets])
    own = np.concatenate([each.own for each in sets])
    model = LogisticRegression(C=10.0, max_iter=2000).fit(features, own)
    weights = dict(zip(FEATURES, map(float, model.coef_[0].round(4)), strict=True))
    return {"bias": round(float(model.intercept_[0]), 4), "weights": weights}


def _probability(fit: dict[str, object], examples: Examples) -> NDArray[np.float32]:
    weights = np.array(list(fit["weights"].values()), np.float32)  # type: ignore[attr-defined]
    logits = examples.features @ weights + fit["bias"]
    return 1 / (1 + np.exp(-logits))


def _report(name: str, fit: dict[str, object], examples: Examples, threshold: float) -> None:
    from sklearn.metrics import roc_auc_score

    found = _probability(fit, examples)
    missed = (found[examples.own] < threshold).mean()
    answered = (found[~examples.own] >= threshold).mean()
    area = roc_auc_score(examples.own, found)
    print(f"{name}: auroc {area:.3f}, missed {missed:.3f}, answered wrongly {answered:.3f}")


if __name__ == "__main__":
    main()
