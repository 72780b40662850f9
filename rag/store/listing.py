"""Articles in one line each, without their texts: for tables and reports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rag.store.documents import DocumentStore
from rag.types import Language

_ROWS = """
SELECT d.id, d.title, s.language, s.publisher, s.date, coalesce(p.passages, 0), s.added, s.source
FROM sources s
JOIN documents d ON d.row = s.document
LEFT JOIN (SELECT document, count(*) AS passages FROM passages GROUP BY document) p
    ON p.document = d.row
"""
_OF_ALL = _ROWS + ("WHERE s.row IN (SELECT min(row) FROM sources GROUP BY document) ORDER BY s.row")
_OF_SOURCES = """
SELECT d.id, d.title, s.language, s.publisher, s.date,
    (SELECT count(*) FROM passages p WHERE p.document = d.row), s.added, s.source
FROM sources s
JOIN documents d ON d.row = s.document
WHERE s.source IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class Row:
    """An article as one of its sources has it."""

    id: str
    title: str | None
    language: Language
    publisher: str | None
    date: str | None
    passages: int
    added: str
    source: str

    @property
    def name(self) -> str:
        """The file's name, or what else the source ends in."""
        return self.source.rstrip("/").rpartition("/")[2] or self.source


def rows(store: DocumentStore, sources: Sequence[str] | None = None) -> list[Row]:
    """A row for each source, or for each document as its first source has it, as they came."""
    if sources is None:
        return [Row(*values) for values in store.query(_OF_ALL)]
    return [Row(*values) for values in store.query(_OF_SOURCES, json.dumps(sources))]


def paths(store: DocumentStore, document_id: str | None = None) -> list[str]:
    """The paths that articles were found at, or one article was, each once, as they came."""
    of_one = " JOIN documents d ON d.row = s.document WHERE d.id = ?" if document_id else ""
    found = store.query(
        f"SELECT s.path FROM sources s{of_one} GROUP BY s.path ORDER BY min(s.row)",
        *([document_id] if document_id else []),
    )
    return [path for (path,) in found]


def is_path(store: DocumentStore, path: str) -> bool:
    """Whether an article was found at a path."""
    return bool(store.query("SELECT 1 FROM sources WHERE path = ? LIMIT 1", path))
