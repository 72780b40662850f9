"""`python -m benchmarks.disagreement [--questions N]`: sources that differ, and those that don't.

Questions for a number, sum, share, date or span of time, of each development set. First over its
passages as they are, where no two articles differ: a disagreement shown is a false one. Then, for
a question of each passage, with a short second article beside it, made of the sentences around the
answer with one digit of it altered: a disagreement should be shown. `both` has every XQuAD passage
in English and Chinese, and the altered article in Chinese.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality import articles, rows
from rag.answer import ask
from rag.answer_spans import VALUE_KINDS
from rag.answer_type import answer_type
from rag.index import Index
from rag.sentences import split_sentences

SETS = (
    ("xquad-en", "xquad-en"),
    ("xquad-zh", "xquad-zh"),
    ("drcd-test", "drcd-test"),
    ("cmrc2018-dev", "cmrc2018-dev"),
    ("xquad-en", "xquad-zh"),
)
SEED = 5
PASSAGES = 900
Row = dict[str, Any]


def main() -> None:
    """Print, for each set, how many answers showed a disagreement, as it is and as altered."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.disagreement", description=__doc__)
    parser.add_argument("--questions", type=int, default=250, help="of each set, at random")
    chosen = parser.parse_args()
    if "RAG_DATA" not in os.environ:
        sys.exit("expected RAG_DATA to name a folder with dev/, found it unset: set it")
    dev = Path(os.environ["RAG_DATA"]) / "dev"
    print("questions        articles      as they are: told  disagree   altered: told  disagree")
    for asked, altered in SETS:
        passages = list(rows(dev / f"{asked}.passages.jsonl.gz"))[:PASSAGES]
        questions = _questions(dev, asked, passages, chosen.questions)
        if asked != altered:
            passages += rows(dev / f"{altered}.passages.jsonl.gz")
        told, shown = _shown(passages, questions)
        second = list(_altered(dev, asked, altered, passages, questions))
        again = [question for question, _ in second]
        told_2, shown_2 = _shown([*passages, *(article for _, article in second)], again)
        held = asked if asked == altered else "both"
        print(f"{asked:16} {held:16} {told:14} {shown:9} {told_2:15} {shown_2:9}", flush=True)


def _questions(dev: Path, name: str, passages: Sequence[Row], limit: int) -> list[Row]:
    there = {passage["id"] for passage in passages}
    found = [
        each
        for each in rows(dev / f"{name}.questions.jsonl.gz")
        if each["passage"] in there and answer_type(each["question"]) in VALUE_KINDS
    ]
    random.Random(SEED).shuffle(found)
    return found[:limit]


def _altered(
    dev: Path, asked: str, altered: str, passages: Sequence[Row], questions: Sequence[Row]
) -> Iterator[tuple[Row, Row]]:
    """A question of each passage, with the second article for it."""
    texts = {passage["id"]: passage["text"] for passage in passages}
    gold = {each["id"]: each["answers"][0] for each in rows(dev / f"{altered}.questions.jsonl.gz")}
    done = set()
    for question in questions:
        passage, number = (question[name].replace(asked, altered) for name in ("passage", "id"))
        text = _with_another_value(texts[passage], gold.get(number, ""))
        if text and passage not in done:
            done.add(passage)
            yield question, {"id": f"{number}-altered", "text": text}


def _with_another_value(text: str, answer: str) -> str | None:
    """The sentences around an answer, one digit of which is another; None where it has none."""
    digits = [match.start() for match in re.finditer(r"\d", answer)]
    if not digits or answer not in text:
        return None
    year = re.search(r"1\d{3}|20\d\d", answer)
    at = year.start() + 2 if year else digits[min(1, len(digits) - 1)]
    other = answer[:at] + str(int(answer[at]) % 8 + 1) + answer[at + 1 :]
    place = text.index(answer)
    text = text[:place] + other + text[place + len(answer) :]
    spans = split_sentences(text)
    there = next(number for number, (start, end) in enumerate(spans) if start <= place < end)
    around = spans[max(0, there - 1) : there + 2]
    return text[around[0].start : around[-1].end]


def _shown(passages: Sequence[Row], questions: Sequence[Row]) -> tuple[int, int]:
    """Of the questions, how many have a value for an answer, and how many a disagreement."""
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder), create=True) as index:
        index.ingest_articles(articles(passages))
        answers = [ask(index, question["question"]) for question in questions]
    differ = sum(bool(answer.disagreement) for answer in answers)
    return differ + sum(answer.short is not None for answer in answers), differ


if __name__ == "__main__":
    main()
