"""`python -m benchmarks.quality [--questions N] [--removed]`: quality over public question sets.

`RAG_DATA/dev` holds `NAME.passages.jsonl.gz` (`{"id", "text"}`) and `NAME.questions.jsonl.gz`
(`{"id", "question", "lang", "passage", "answers"}`). Every passage becomes an article.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from rag.evaluate import Evaluation, evaluate
from rag.index import Index
from rag.metrics import refusal_curve
from rag.questions import Question
from rag.types import RawArticle

SETS = (
    ("xquad-en", "xquad-en"),
    ("xquad-zh", "xquad-zh"),
    ("drcd-test", "drcd-test"),
    ("cmrc2018-dev", "cmrc2018-dev"),
    ("xquad-en", "xquad-zh"),
    ("xquad-zh", "xquad-en"),
)
SEED = 20
MISS_RATE = 0.05


def main() -> None:
    """Index each set, ask its questions, print a row of figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--questions", type=int, help="of each set, at random; all if not set")
    parser.add_argument("--removed", action="store_true", help="take out a random half of passages")
    chosen = parser.parse_args()
    if "RAG_DATA" not in os.environ:
        sys.exit("expected RAG_DATA to name a folder with dev/, found it unset: set it")
    dev = Path(os.environ["RAG_DATA"]) / "dev"
    scores = "R@1   R@3  R@10  answer  auroc halluc.  miss  at .05  valid  p50 ms"
    print(f"questions -> passages        {scores}")
    for asked, held in SETS:
        found = measure(dev, asked, held, chosen.questions, chosen.removed)
        print(f"{asked:>13} -> {held:<13}", row(found), flush=True)


def measure(dev: Path, asked: str, held: str, limit: int | None, removed: bool) -> Evaluation:
    """How one set's questions fare over another's passages (which are its translations)."""
    rng = np.random.default_rng(SEED)
    passages = list(rows(dev / f"{held}.passages.jsonl.gz"))
    if removed:
        kept = rng.permutation(len(passages))[: len(passages) // 2]
        passages = [passages[at] for at in kept]
    there = {passage["id"] for passage in passages}
    gold = {each["id"]: each["answers"] for each in rows(dev / f"{held}.questions.jsonl.gz")}
    questions = []
    for each in rows(dev / f"{asked}.questions.jsonl.gz"):
        passage = each["passage"].replace(asked, held)
        answerable = passage in there
        questions.append(
            Question(
                each["id"],
                each["question"],
                each["lang"],
                (passage,) if answerable else (),
                tuple(gold[each["id"]]),
                answerable,
            )
        )
    if limit:
        questions = [questions[at] for at in rng.permutation(len(questions))[:limit]]
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder), create=True) as index:
        index.ingest_articles(articles(passages))
        return evaluate(index, questions)


def articles(passages: Iterable[dict[str, Any]]) -> Iterator[RawArticle]:
    """Each passage as an article of its own, as a JSON Lines file would give it."""
    for passage in passages:
        name = str(passage["id"])
        yield RawArticle(f"set.jsonl#{name}", "set.jsonl", "jsonl", passage["text"], name)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def hallucination_at(evaluation: Evaluation, miss_rate: float) -> float | None:
    """The lowest hallucination rate of any threshold that declines no more than `miss_rate` of the
    answerable questions; None where every question is answerable."""
    answerable = [each.question.answerable for each in evaluation.outcomes]
    if all(answerable):
        return None
    points = refusal_curve([each.answer.confidence for each in evaluation.outcomes], answerable)
    return min(each.hallucination_rate for each in points if each.miss_rate <= miss_rate)


def row(evaluation: Evaluation) -> str:
    """A line of the table."""
    figures = evaluation.overall
    shown = (
        figures.recall_at_1,
        figures.recall_at_3,
        figures.recall_at_10,
        figures.answer_hit,
        figures.refusal_auroc,
        figures.hallucination_rate,
        figures.miss_rate,
        hallucination_at(evaluation, MISS_RATE),
        figures.citation_valid,
    )
    cells = ("    -" if each is None else f"{each:.3f}" for each in shown)
    return "  ".join(cells) + f"  {figures.latency_p50 or 0:.1f}"


if __name__ == "__main__":
    main()
