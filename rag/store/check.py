"""What is wrong with an index: every store compared with the rows, and the rows with themselves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from rag.errors import StoreError
from rag.outlets import BANDS, Signature, bands, signature
from rag.store import generations
from rag.store.documents import DocumentStore, passage_crc
from rag.types import Family

_MANY = 5  # problems of one kind, told one by one


def document_id(title: str | None, text: str) -> str:
    """The id of a document: a hash of what it is, wherever it was found."""
    return hashlib.sha256(f"{title or ''}\0{text}".encode()).hexdigest()[:16]


def problems(store: DocumentStore, generation: generations.Generation) -> tuple[str, ...]:
    """What is wrong, one line for each; empty when the index is sound."""
    try:
        found = [
            *_sqlite(store),
            *_few(_passages(store)),
            *_few(_documents(store)),
            *_few(_signatures(store)),
        ]
    except StoreError as error:
        return (str(error),)
    found += generations.problems(generation.folder, generation.files, thorough=True)
    for family in generations.FAMILIES:
        found += _search(store, generation, family)
    return tuple(found)


def _sqlite(store: DocumentStore) -> Iterator[str]:
    for (line,) in store.query("PRAGMA integrity_check(5)"):
        if line != "ok":
            yield f"expected a sound {store.path}, found: {line}"
    for table, row, *_ in store.query("PRAGMA foreign_key_check"):
        yield f"expected whole rows in {store.path}, found that {table} {row} refers to none"


def _documents(store: DocumentStore) -> Iterator[str]:
    rows = store.scan(
        "SELECT id, title, text, (SELECT count(*) FROM sources WHERE document = d.row),"
        " (SELECT count(*) FROM passages WHERE document = d.row) FROM documents d"
    )
    for name, title, text, sources, passages in rows:
        if document_id(title, text) != name:
            yield f"expected document {name} as it was stored, found other text: ingest it again"
        if not sources or not passages:
            yield f"expected document {name} to have sources and passages, found one without"


def _passages(store: DocumentStore) -> Iterator[str]:
    rows = store.scan(
        "SELECT p.id, p.start, p.end, length(d.text), p.crc, p.tokens, p.vector"
        " FROM passages p JOIN documents d ON d.row = p.document"
    )
    for name, start, end, length, crc, tokens, vector in rows:
        if not 0 <= start < end <= length:
            yield f"expected passage {name} within its document, found {start}..{end}"
        if passage_crc(tokens, vector) != crc:
            yield f"expected the stored tokens and vector of passage {name}, found others"


def _signatures(store: DocumentStore) -> Iterator[str]:
    permutations = store.permutations()
    rows = store.scan(
        "SELECT d.row, d.id, d.text, s.value FROM documents d"
        " LEFT JOIN signatures s ON s.document = d.row"
    )
    count = 0
    for row, name, text, value in rows:
        count += 1
        expected = signature(text, permutations)
        if value != expected.astype("<u4").tobytes():
            yield f"expected the signature of document {name} to be of its text, found another"
        elif _count_bands(store, row, expected) != BANDS:
            yield f"expected document {name} in {BANDS} bands, found it in fewer"
    found = store.query("SELECT count(*) FROM bands")[0][0]
    if found > count * BANDS:
        yield f"expected {count * BANDS:,} rows of bands, found {found:,}"


def _count_bands(store: DocumentStore, document_row: int, expected: Signature) -> int:
    """In how many of the bands of its signature a document is."""
    found = store.query(
        "SELECT count(*) FROM bands WHERE document = ?"
        " AND hash IN (SELECT value FROM json_each(?))",
        document_row,
        json.dumps(bands(expected[None]).ravel().tolist()),
    )
    return int(found[0][0])


def _search(
    store: DocumentStore, generation: generations.Generation, family: Family
) -> Iterator[str]:
    rows = store.rows(family)
    for what, part in (("vectors", generation.vectors), ("words", generation.lexical)):
        try:
            index: Any = part(family)
            there = np.empty(0, np.int64) if index is None else index.rows()
        except StoreError as error:
            yield str(error)
            continue
        if not np.array_equal(there, rows):
            yield (
                f"expected {what} of {len(rows)} passages of family {family}, "
                f"found {len(there)}, {len(np.setdiff1d(rows, there))} of them missing"
            )


def _few(lines: Iterator[str]) -> Iterator[str]:
    """The first lines, and how many more there are."""
    yield from islice(lines, _MANY)
    more = sum(1 for _ in lines)
    if more:
        yield f"and {more:,} more of that kind"
