"""`python -m benchmarks.balance [--questions N]`: languages in balance.

A collection made of one half of the XQuAD passages in English and the other half in Chinese, asked
in both languages: recall@1 where the passage is in the asker's language and where it is not, with
several constants added to the log odds across languages. `training.calibrate` has the one in use,
so 0 is the product as it is.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.quality import rows
from rag.index import Index
from rag.relevance import built_in_calibration
from rag.retrieve import CANDIDATES, describe_candidates, prepare_query
from rag.types import Family, RawArticle

SEED = 2
LIFTS = (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6)
FAMILIES: tuple[Family, ...] = ("en", "zh")


def main() -> None:
    """Print recall@1 within and across languages for each lift."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.balance", description=__doc__)
    parser.add_argument("--questions", type=int, default=350, help="in each language")
    chosen = parser.parse_args()
    if "RAG_DATA" not in os.environ:
        sys.exit("expected RAG_DATA to name a folder with dev/, found it unset: set it")
    found = right_answers(Path(os.environ["RAG_DATA"]) / "dev", chosen.questions)
    print("lift   en->en  en->zh  zh->zh  zh->en")
    pairs = (("en", "en"), ("en", "zh"), ("zh", "zh"), ("zh", "en"))
    for at, lift in enumerate(LIFTS):
        print(f"{lift:+.1f}", *(f"{np.mean(found[pair], axis=0)[at]:7.3f}" for pair in pairs))


def right_answers(dev: Path, limit: int) -> dict[tuple[str, str], list[list[bool]]]:
    """For each question, by its language and its passage's: whether each lift gets it right."""
    rng = random.Random(SEED)
    texts = {each: [p["text"] for p in rows(dev / f"xquad-{each}.passages.jsonl.gz")]
             for each in FAMILIES}  # fmt: skip
    count = len(texts["en"])
    english = set(rng.sample(range(count), count // 2))
    held: list[Family] = ["en" if at in english else "zh" for at in range(count)]
    found: dict[tuple[str, str], list[list[bool]]] = {}
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder), create=True) as index:
        index.ingest_articles(
            RawArticle(str(at), "set", "jsonl", texts[held[at]][at], str(at)) for at in range(count)
        )
        for asked in FAMILIES:
            questions = list(rows(dev / f"xquad-{asked}.questions.jsonl.gz"))
            for question in rng.sample(questions, min(limit, len(questions))):
                gold = int(question["passage"].rpartition("-p")[2])
                first = best_passages(index, question["question"], asked)
                right = [each == str(gold) for each in first]
                found.setdefault((asked, held[gold]), []).append(right)
    return found


def best_passages(index: Index, question: str, asked: Family) -> list[str | None]:
    """The passage that comes first with each lift."""
    query = prepare_query(index, question)
    logits, across, names = [], [], []
    for family in FAMILIES:
        found = describe_candidates(index, query, family, CANDIDATES)
        pair = "same" if family == asked else "cross"
        logits.append(built_in_calibration().logits(found.features, pair))
        across.append(np.full(len(found.rows), pair == "cross"))
        names += [each.source_id for _, each in index.passages([int(row) for row in found.rows])]
    scores, lifted = np.concatenate(logits), np.concatenate(across)
    return [names[int(np.argmax(scores + lift * lifted))] for lift in LIFTS]


if __name__ == "__main__":
    main()
