"""`python -m benchmarks.answers [--questions N]`: what answers quote, and their short answers.

Each development set's questions over its own passages, laid out as `benchmarks.quality` says.
Shares are of all questions, but those behind a count, which are of what is counted:

- first: a gold answer occurs in the first quote; hit: in the answer, with all of its quotes;
- short: a short answer stands above the quotes;
- values: short answers to questions whose gold answer is a number, date or share, and how many of
  them have an equal value; lists: those that are an enumeration of a quote, others: the rest, and
  how many of either hold a gold answer, or are a part of one;
- valid: citations that are verbatim spans of their articles; CPU ms: mean of an answer.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import process_time
from typing import Literal, get_args

import numpy as np

from benchmarks.balance import indexed
from benchmarks.quality import SEED, rows
from rag.answer import ask
from rag.enumeration import find_enumerations
from rag.evaluate import Evaluation, Outcome, evaluate
from rag.index import Index
from rag.metrics import mean, mentions
from rag.questions import Question
from rag.types import Answer
from rag.values import Value, find_values

SETS = ("xquad-en", "xquad-zh", "drcd-test", "cmrc2018-dev")
VALUES = ("number", "date", "share")
TODAY = date(2024, 1, 1)  # from which `last year` is counted, so that every run asks the same
HEAD = "questions  first    hit  short     values       lists       others      valid  CPU ms"

ShortKind = Literal["value", "list", "other"]


@dataclass(frozen=True)
class Judged:
    """A short answer held against the gold ones."""

    kind: ShortKind
    right: bool


def main() -> None:
    """Ask each set's questions, print a row of figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers", description=__doc__)
    parser.add_argument("--questions", type=int, help="of each set, at random; all if not set")
    chosen = parser.parse_args()
    if "RAG_DATA" not in os.environ:
        sys.exit("expected RAG_DATA to name a folder with dev/, found it unset: set it")
    dev = Path(os.environ["RAG_DATA"]) / "dev"
    print(f"{'':12}  {HEAD}")
    for name in SETS:
        evaluation, milliseconds = measure(dev, name, chosen.questions)
        print(f"{name:12}  {row(evaluation)}  {milliseconds:6.1f}", flush=True)


def measure(dev: Path, name: str, limit: int | None) -> tuple[Evaluation, float]:
    """How a set's questions are answered, and the CPU milliseconds that an answer takes."""
    spent = []

    def timed(index: Index, question: str) -> Answer:
        began = process_time()
        answer = ask(index, question, today=TODAY)
        spent.append((process_time() - began) * 1000)
        return answer

    passages = [(each["id"], each["text"]) for each in rows(dev / f"{name}.passages.jsonl.gz")]
    with indexed(passages) as index:
        evaluation = evaluate(index, questions(dev, name, limit), ask=timed)
    return evaluation, mean(spent) or 0.0


def questions(dev: Path, name: str, limit: int | None) -> list[Question]:
    """A set's questions; where there is a limit those that `benchmarks.quality` draws."""
    found = list(rows(dev / f"{name}.questions.jsonl.gz"))
    if limit:
        order = np.random.default_rng(SEED).permutation(len(found))
        found = [found[at] for at in order[:limit]]
    return [
        Question(
            each["id"],
            each["question"],
            each["lang"],
            (each["passage"],),
            tuple(each["answers"]),
            answerable=True,
        )
        for each in found
    ]


def row(evaluation: Evaluation) -> str:
    """A line of the table, without the time."""
    figures, outcomes = evaluation.overall, evaluation.outcomes
    judged = [
        judge(outcome.answer, outcome.answer.short, outcome.question.answers)
        for outcome in outcomes
        if outcome.answer.short is not None
    ]
    cells = [
        f"{figures.questions:9}",
        share(mean([first_hits(outcome) for outcome in outcomes])),
        share(figures.answer_hit),
        share(len(judged) / len(outcomes)),
    ]
    for kind in get_args(ShortKind):
        right = [each.right for each in judged if each.kind == kind]
        cells.append(f"{len(right):4} {share(mean(right))}")
    return "  ".join([*cells, share(figures.citation_valid)])


def share(value: float | None) -> str:
    """A share as the table has it."""
    return "    -" if value is None else f"{value:.3f}"


def first_hits(outcome: Outcome) -> bool:
    """Whether a gold answer occurs in the first quote."""
    quotes = [citation.quote for citation in outcome.answer.citations[:1]]
    return mentions(outcome.question.answers, quotes)


def judge(answer: Answer, short: str, golds: Sequence[str]) -> Judged:
    """What kind of short answer an answer has, and whether it is right."""
    if is_enumeration(answer, short):
        return Judged("list", overlap(short, golds))
    if values := [value for gold in golds for value in whole_values(gold)]:
        return Judged("value", has_one(short, values))
    return Judged("other", overlap(short, golds))


def is_enumeration(answer: Answer, short: str) -> bool:
    """Whether a short answer is an enumeration of a quote."""
    return any(
        citation.quote[listed.span.start : listed.span.end] == short
        for citation in answer.citations
        for listed in find_enumerations(citation.quote)
    )


def overlap(short: str, golds: Sequence[str]) -> bool:
    """Whether a short answer holds a gold one, or is a part of one."""
    return mentions(golds, [short]) or mentions([short], golds)


def whole_values(text: str) -> list[Value]:
    """The number, date or share that a text is; none where it says more."""
    values = find_values(text)
    return [each for each in values if each.kind in VALUES and each.text == text.strip()]


def has_one(short: str, golds: Sequence[Value]) -> bool:
    """Whether a short answer has an equal value; for a gold one without unit its number is enough,
    as 38岁 for 38."""
    values = find_values(short)
    return any(gold in (each, replace(each, unit="")) for gold in golds for each in values)


if __name__ == "__main__":
    main()
