"""`python -m benchmarks.balance [--questions N]`: languages in balance.

Three measures, on XQuAD's English and Chinese passages and on FLORES:

- halves: a collection of one half of the passages in English and the other in Chinese, asked in
  both languages: recall@1 where the passage is in the asker's language and where it is not, with
  several constants added to the log odds across languages. `training.calibrate` has the one in
  use, so 0 is the product as it is;
- mixed: all passages in both languages: recall@1 of either version, and Complete@10, the share of
  questions that have both versions within the first ten;
- bitext: which of 1,012 sentences is the translation, by the embedder's vectors alone.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality import rows
from rag.embed.static import StaticEmbedder
from rag.index import Index
from rag.relevance import built_in_calibration
from rag.retrieve import CANDIDATES, describe_candidates, pair_of, prepare_query, search
from rag.types import Family, Query, RawArticle

SEED = 2
LIFTS = (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6)
FAMILIES: tuple[Family, ...] = ("en", "zh")


@dataclass(frozen=True)
class Asked:
    """A question, its language, and the number of its passage."""

    text: str
    family: Family
    passage: int


def main() -> None:
    """Print the three measures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.balance", description=__doc__)
    parser.add_argument("--questions", type=int, default=350, help="in each language")
    chosen = parser.parse_args()
    if "RAG_DATA" not in os.environ:
        sys.exit("expected RAG_DATA to name a folder with dev/, found it unset: set it")
    dev = Path(os.environ["RAG_DATA"]) / "dev"
    texts = {
        family: [each["text"] for each in rows(dev / f"xquad-{family}.passages.jsonl.gz")]
        for family in FAMILIES
    }
    asked = list(questions(dev, chosen.questions))
    halves(texts, asked)
    mixed(texts, asked)
    bitext(dev)


def questions(dev: Path, limit: int) -> Iterator[Asked]:
    """Questions at random, in both languages."""
    rng = random.Random(SEED)
    for family in FAMILIES:
        found = list(rows(dev / f"xquad-{family}.questions.jsonl.gz"))
        for each in rng.sample(found, min(limit, len(found))):
            yield Asked(each["question"], family, int(each["passage"].rpartition("-p")[2]))


@contextmanager
def indexed(passages: Sequence[tuple[str, str]]) -> Iterator[Index]:
    """An index of (name, text) pairs, each an article."""
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder), create=True) as index:
        index.ingest_articles(
            RawArticle(name, "set", "jsonl", text, name) for name, text in passages
        )
        yield index


def halves(texts: dict[Family, list[str]], asked: Sequence[Asked]) -> None:
    """Recall@1 within and across languages for each lift."""
    count = len(texts["en"])
    english = set(random.Random(SEED).sample(range(count), count // 2))
    held: list[Family] = ["en" if at in english else "zh" for at in range(count)]
    found: dict[tuple[Family, Family], list[list[bool]]] = {}
    with indexed([(str(at), texts[held[at]][at]) for at in range(count)]) as index:
        for each in asked:
            right = [name == str(each.passage) for name in best_passages(index, each.text)]
            found.setdefault((each.family, held[each.passage]), []).append(right)
    print("halves, recall@1\nlift   en->en  en->zh  zh->zh  zh->en")
    pairs: tuple[tuple[Family, Family], ...] = (("en", "en"), ("en", "zh"), ("zh", "zh"))
    for at, lift in enumerate(LIFTS):
        means = (np.mean(found[pair], axis=0)[at] for pair in (*pairs, ("zh", "en")))
        print(f"{lift:+.1f}", *(f"{mean:7.3f}" for mean in means), flush=True)


def best_passages(index: Index, question: str) -> list[str | None]:
    """The passage that comes first with each lift."""
    query: Query = prepare_query(index, question)
    logits, across, names = [], [], []
    for family in FAMILIES:
        found = describe_candidates(index, query, family, CANDIDATES)
        pair = pair_of(query, family)
        logits.append(built_in_calibration().ranking[pair].logits(found.features))
        across.append(np.full(len(found), pair == "cross"))
        names += [each.source_id for _, each in index.passages([int(row) for row in found.rows])]
    scores, lifted = np.concatenate(logits), np.concatenate(across)
    return [names[int(np.argmax(scores + lift * lifted))] for lift in LIFTS]


def mixed(texts: dict[Family, list[str]], asked: Sequence[Asked]) -> None:
    """Recall@1 of either version and Complete@10, for each language of the question."""
    passages = [(f"{f}-{at}", text) for f in FAMILIES for at, text in enumerate(texts[f])]
    with indexed(passages) as index:
        found = [
            (each, [hit.document.source_id or "" for hit in search(index, each.text)[1]])
            for each in asked
        ]
    print("mixed      recall@1  complete@10")
    for family in FAMILIES:
        some = [(each.passage, names) for each, names in found if each.family == family]
        first = np.mean([names[0].endswith(f"-{passage}") for passage, names in some])
        both = np.mean([{f"en-{at}", f"zh-{at}"} <= set(names) for at, names in some])
        print(f"asked in {family} {first:7.3f}  {both:7.3f}", flush=True)


def bitext(dev: Path) -> None:
    """Recall@1 of translations both ways."""
    model = StaticEmbedder.load()
    sentences = list(rows(dev / "flores-devtest.jsonl.gz"))
    english = model.embed_passages([each["en"] for each in sentences])
    places = np.arange(len(sentences))
    for script in ("zh-Hans", "zh-Hant"):
        cosines = english @ model.embed_passages([each[script] for each in sentences]).T
        there, back = (np.mean(cosines.argmax(axis=axis) == places) for axis in (1, 0))
        print(f"bitext en -> {script} {there:.3f}, {script} -> en {back:.3f}")


if __name__ == "__main__":
    main()
