"""The training texts: pairs that mean the same or answer each other, cut into words."""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.fold import words

MAX_CHARS = 1600
"""Longer texts are cut here: a passage of an article is shorter."""


@dataclass(frozen=True)
class Source:
    """One file of pairs. `weight` is its share of the steps of each stage; `ordered` says that
    neighbouring rows follow each other in a document, so that they can be joined to passages."""

    name: str
    weights: tuple[float, float]
    ordered: bool = False


SOURCES = (
    Source("parallel-laws", (10, 6), ordered=True),
    Source("parallel-python-docs", (6, 4), ordered=True),
    Source("parallel-freebsd-docs", (0.5, 0.5), ordered=True),
    Source("parallel-tatoeba", (4, 3)),
    Source("parallel-wmt-news", (6, 12), ordered=True),
    Source("parallel-news-commentary", (5, 9), ordered=True),
    Source("parallel-bible", (3, 2), ordered=True),
    Source("parallel-tico19", (1, 2), ordered=True),
    Source("terms-cedict", (12, 6)),
    Source("terms-cedpane", (10, 5)),
    Source("terms-wordnet", (6, 4)),
    Source("terms-places-schools-companies", (4, 3)),
    Source("questions-cmrc2018", (4, 8)),
    Source("questions-drcd", (2, 5)),
    Source("questions-tydiqa", (2, 5)),
    Source("questions-squad-sentences", (4, 8), ordered=True),
    Source("questions-selqa", (1, 3)),
    Source("parallel-mkqa-questions", (3, 6)),
    Source("titles-cctv", (3, 3)),
)
NEWS = "news-zh"
NEWS_WEIGHTS = (6.0, 6.0)


@dataclass(frozen=True)
class Pairs:
    """Row numbers of both sides of a source's pairs."""

    name: str
    a: list[NDArray[np.int32]]
    b: list[NDArray[np.int32]]
    weights: tuple[float, float]
    ordered: bool

    def __len__(self) -> int:
        return len(self.a)

    @cached_property
    def keys(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each side a number per row, equal for equal texts."""
        return _numbered(self.a), _numbered(self.b)


def _numbered(texts: list[NDArray[np.int32]]) -> NDArray[np.int64]:
    seen: dict[bytes, int] = {}
    return np.array([seen.setdefault(text.tobytes(), len(seen)) for text in texts])


def read_rows(path: Path, limit: int | None = None) -> Iterator[dict[str, str]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, islice(lines, limit))


def is_held_out(source: str, number: int, row: dict[str, str]) -> bool:
    """Whether the table must not learn from a row, since calibration measures on it.

    A tenth: of the questions by their passage, of the news by blocks of ten neighbouring rows.
    """
    if source.startswith("questions"):
        return zlib.crc32(row["b"].encode()) % 10 == 0
    return source in ("parallel-wmt-news", "parallel-news-commentary") and number // 10 % 10 == 0


def _cut(texts: list[str]) -> list[str]:
    return [" ".join(words(text[:MAX_CHARS])) for text in texts]


def cut_all(texts: list[str]) -> list[str]:
    """The words of each text, joined by spaces, cut on both cores."""
    slices = [texts[at : at + 2000] for at in range(0, len(texts), 2000)]
    if len(slices) < 2:
        return _cut(texts)
    with ProcessPoolExecutor(2) as pool:
        return [text for part in pool.map(_cut, slices) for text in part]


def cut_sources(data: Path, limit: int | None) -> dict[str, tuple[list[str], list[str]]]:
    """For each source both sides of its pairs, cut; for the news (articles, empty)."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for source in SOURCES:
        rows = [
            row
            for number, row in enumerate(
                read_rows(data / "train" / f"{source.name}.jsonl.gz", limit)
            )
            if not is_held_out(source.name, number, row)
        ]
        found[source.name] = cut_all([r["a"] for r in rows]), cut_all([r["b"] for r in rows])
    news = [row["text"] for row in read_rows(data / "train" / f"{NEWS}.jsonl.gz", limit)]
    found[NEWS] = cut_all(news), []
    return found


def count_words(cut: dict[str, tuple[list[str], list[str]]]) -> tuple[Counter[str], Counter[str]]:
    """How often each word occurs, and in how many texts."""
    frequency: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for sides in cut.values():
        for side in sides:
            for text in side:
                found = text.split()
                frequency.update(found)
                documents.update(set(found))
    return frequency, documents
