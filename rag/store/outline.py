"""A collection in numbers, and passages from all over it: told without reading a text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rag.store.documents import DocumentStore
from rag.types import Language


@dataclass(frozen=True, slots=True)
class Publications:
    """How many documents one publisher dates to one month (`YYYY-MM`) in one language."""

    language: Language
    publisher: str | None
    month: str | None
    documents: int


@dataclass(frozen=True, slots=True)
class Outline:
    """How many documents say what of themselves; `sizes` maps passages to documents of so many."""

    publications: tuple[Publications, ...]
    sizes: Mapping[int, int]


def outline_of(store: DocumentStore) -> Outline:
    """What an overview tells."""
    publications = tuple(
        Publications(*found)
        for found in store.query(
            "SELECT language, publisher, substr(date, 1, 7), count(*) FROM (SELECT min(row),"
            " language, publisher, date FROM sources GROUP BY document)"
            " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )
    )
    sizes = dict(
        store.query(
            "SELECT passages, count(*) FROM (SELECT count(*) AS passages FROM passages"
            " GROUP BY document) GROUP BY 1 ORDER BY 1"
        )
    )
    bare = sum(each.documents for each in publications) - sum(sizes.values())
    return Outline(publications, {0: bare, **sizes} if bare else sizes)


def spread_rows(store: DocumentStore, limit: int) -> list[int]:
    """At most `limit` rows of passages, from the first to the last, ascending.

    They are spread over the numbers that were given out: where many passages were removed one
    beside the other, there are fewer. An index of many is not read whole.
    """
    found = store.query("SELECT row FROM passages ORDER BY row LIMIT ?", limit + 1)
    if len(found) > limit:
        first, last = store.query("SELECT min(row), max(row) FROM passages")[0]
        found = store.query(
            "SELECT DISTINCT (SELECT min(row) FROM passages WHERE row >= value) AS row"
            " FROM json_each(?) ORDER BY row",
            json.dumps(np.linspace(first, last, limit).astype(np.int64).tolist()),
        )
    return [row for (row,) in found]
