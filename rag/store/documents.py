"""The source of truth, in SQLite: documents, where they came from, their passages.

A document is its title and text (its id is their hash). A source is a place it was found at, with
what that place says about it; the first source still there speaks for the document.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError
from rag.outlets import BANDS, ROWS, Permutations
from rag.store.sqlite import APPLICATION, SCHEMA_VERSION, connect_reader, damaged
from rag.types import Document, Family, Passage, Vectors

FILE_NAME = "documents.sqlite"
PERMUTATIONS = "permutations"
"""The key of what the signatures are made with, which stays as it was when the index was made."""

_COLUMNS = """
SELECT d.row, d.id, d.text, s.language, s.path, s.source_id, d.title, s.publisher, s.date, s.url
"""
_AS_FIRST_TOLD = f"""{_COLUMNS}
FROM documents d
JOIN sources s ON s.row = (SELECT min(row) FROM sources WHERE document = d.row)
"""
_AS_TOLD = f"{_COLUMNS} FROM sources s JOIN documents d ON d.row = s.document"


@dataclass(frozen=True, slots=True)
class FileMark:
    """What a file held when it was committed: its size in bytes and SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Meta:
    """What an index remembers about itself. `files` maps names within the generation's folder."""

    embedder: str
    embedder_fingerprint: str
    dim: int
    lexicon_fingerprint: str
    generation: int = 0
    files: Mapping[str, FileMark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source as it was last ingested; `document` is a row number."""

    source: str
    document: int
    content_hash: str
    version: int


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document, every source it was found at (the first speaks for it), and its size."""

    document: Document
    sources: tuple[str, ...]
    passages: int
    added: str


def passage_crc(tokens: bytes, vector: bytes) -> int:
    """What `passages.crc` holds."""
    return zlib.crc32(vector, zlib.crc32(tokens))


class DocumentStore:
    """Reads the documents of an index; safe to use from several threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> DocumentStore:
        """Open for reading, also where nothing can be written.

        Raises StoreError when the file is damaged, not ours, or of another version.
        """
        store = cls(connect_reader(path), path)
        store._check_version()
        return store

    def _check_version(self) -> None:
        application = int(self.query("PRAGMA application_id")[0][0])
        version = int(self.query("PRAGMA user_version")[0][0])
        if application == APPLICATION and version == SCHEMA_VERSION:
            return
        self.close()
        if application != APPLICATION:
            raise StoreError(
                f"expected an index, found another program's {self.path}: name another folder"
            )
        raise StoreError(
            f"expected an index of version {SCHEMA_VERSION}, found version {version} in "
            f"{self.path.parent}: use the release that made it, or ingest into a new index"
        )

    def query(self, sql: str, *values: Any) -> list[Any]:
        """All rows of a statement; what SQLite can't do becomes a StoreError."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise damaged(self.path, error) from error
            except UnicodeEncodeError as error:  # half of a character, which no row has
                raise StoreError(f"expected text, found {values!r:.80}: mend it") from error

    def scan(self, sql: str, *values: Any) -> Iterator[Any]:
        """The rows of a statement one by one, for more than memory should hold."""
        try:
            yield from self._connection.execute(sql, values)
        except sqlite3.Error as error:
            raise damaged(self.path, error) from error

    def close(self) -> None:
        """Close the file. A store can be closed twice."""
        self._connection.close()

    # --- the index ---

    def snapshot(self) -> Meta:
        """See the last commit, and go on seeing it until `release`, whoever writes."""
        self.release()
        self.query("BEGIN")
        return self.meta()

    def release(self) -> None:
        """Let go of the snapshot: from now on each call sees the last commit."""
        if self._connection.in_transaction:
            self.query("COMMIT")

    def meta(self) -> Meta:
        """What the index remembers about itself."""
        found = dict(self.query("SELECT key, value FROM meta"))
        try:
            files = json.loads(found["files"])
            return Meta(
                embedder=found["embedder"],
                embedder_fingerprint=found["embedder_fingerprint"],
                dim=int(found["dim"]),
                lexicon_fingerprint=found["lexicon_fingerprint"],
                generation=int(found["generation"]),
                files={name: FileMark(**mark) for name, mark in files.items()},
            )
        except (KeyError, TypeError, ValueError) as error:
            raise damaged(self.path, error) from error

    def permutations(self) -> Permutations:
        """What the signatures of this index are made with."""
        found = self.query("SELECT value FROM meta WHERE key = ?", PERMUTATIONS)
        try:
            drawn = np.frombuffer(bytes.fromhex(found[0][0]), dtype="<u4").astype(np.uint32)
            return drawn.reshape(2, BANDS * ROWS)
        except (IndexError, TypeError, ValueError) as error:
            raise damaged(self.path, error) from error

    def families(self) -> dict[Family, int]:
        """Passages of each family that has any."""
        return dict(self.query("SELECT family, count(*) FROM passages GROUP BY family"))

    def counts(self) -> tuple[int, int]:
        """How many documents and sources there are."""
        found = self.query("SELECT (SELECT count(*) FROM documents), count(*) FROM sources")
        return found[0][0], found[0][1]

    # --- sources ---

    def source(self, source: str) -> KnownSource | None:
        """A source as it was last ingested."""
        found = self.query(
            "SELECT source, document, content_hash, version FROM sources WHERE source = ?", source
        )
        return KnownSource(*found[0]) if found else None

    def source_document(self, source: str) -> Document | None:
        """A source's document with what this source, not the first, says about it."""
        found = self.query(f"{_AS_TOLD} WHERE s.source = ?", source)
        return Document(*found[0][1:]) if found else None

    def has_sources(self, document_row: int) -> bool:
        """Whether a document was found anywhere."""
        return bool(self.query("SELECT 1 FROM sources WHERE document = ? LIMIT 1", document_row))

    def published(self, rows: Sequence[int]) -> list[Document]:
        """Documents as each of their sources has them, the first source's before the others'."""
        sql = f"{_AS_TOLD} WHERE d.row IN (SELECT value FROM json_each(?)) ORDER BY s.row"
        return [Document(*values) for _, *values in self.query(sql, _json(rows))]

    # --- documents ---

    def document_rows(self) -> list[int]:
        """Every document's row number, in the order they were added."""
        return [row for (row,) in self.query("SELECT row FROM documents ORDER BY row")]

    def document_row(self, document_id: str) -> int | None:
        """The row number of a document."""
        found = self.query("SELECT row FROM documents WHERE id = ?", document_id)
        return int(found[0][0]) if found else None

    def document_version(self, document_id: str) -> int | None:
        """The version that prepared a document, None when it isn't there."""
        found = self.query("SELECT version FROM documents WHERE id = ?", document_id)
        return int(found[0][0]) if found else None

    def made_with(self, document_row: int) -> tuple[str, str]:
        """The family and year that a document's passages were made with."""
        sql = "SELECT family, year FROM documents WHERE row = ?"
        [(family, year)] = self.query(sql, document_row)
        return family, year

    def documents(self, rows: Sequence[int]) -> dict[int, Document]:
        """Documents by row number."""
        sql = f"{_AS_FIRST_TOLD} WHERE d.row IN (SELECT value FROM json_each(?))"
        return {row: Document(*values) for row, *values in self.query(sql, _json(rows))}

    def entry(self, row: int) -> DocumentEntry:
        """A document with its sources."""
        sources = self.query(
            "SELECT source, added FROM sources WHERE document = ? ORDER BY row", row
        )
        count = self.query("SELECT count(*) FROM passages WHERE document = ?", row)[0][0]
        return DocumentEntry(
            document=self.documents([row])[row],
            sources=tuple(source for source, _ in sources),
            passages=count,
            added=sources[0][1],
        )

    # --- passages ---

    def rows(self, family: Family) -> NDArray[np.int64]:
        """Row numbers of a family's passages, ascending."""
        found = self.query("SELECT row FROM passages WHERE family = ? ORDER BY row", family)
        return np.array([row for (row,) in found], dtype=np.int64)

    def passages(self, rows: Sequence[int]) -> list[tuple[Passage, Document]]:
        """Passages by row number, in the order asked for, each with its document."""
        found = self._by_row("document, id, start, end", rows)
        documents = self.documents(sorted({found[row][0] for row in rows}))
        pairs = ((documents[found[row][0]], found[row][1:]) for row in rows)
        return [(_passage(document, *span), document) for document, span in pairs]

    def passages_of(self, document_row: int) -> list[tuple[int, Passage]]:
        """A document's passages with their row numbers, in the order of the text."""
        document = self.documents([document_row])[document_row]
        found = self.query(
            "SELECT row, id, start, end FROM passages WHERE document = ? ORDER BY start",
            document_row,
        )
        return [(row, _passage(document, *span)) for row, *span in found]

    def passages_beside(self, row: int) -> list[int]:
        """The rows of all passages of the document that a passage is of."""
        found = self.query(
            "SELECT row FROM passages WHERE document = (SELECT document FROM passages "
            "WHERE row = ?) ORDER BY start",
            row,
        )
        return [each for (each,) in found]

    def tokens(self, rows: Sequence[int]) -> list[NDArray[np.int32]]:
        """Token ids of passages, in the order asked for."""
        found = self._by_row("tokens", rows)
        return [np.frombuffer(found[row][0], dtype="<i4") for row in rows]

    def vectors(self, rows: Sequence[int], dim: int) -> Vectors:
        """Vectors of passages, shape (len(rows), dim), in the order asked for."""
        found = self._by_row("vector", rows)
        joined = b"".join(found[row][0] for row in rows)
        return np.frombuffer(joined, dtype="<f2").reshape(len(rows), dim).astype(np.float32)

    def damaged_rows(self, document_row: int) -> list[int]:
        """Rows of a document's passages whose tokens or vector aren't as they were stored."""
        found = self.query(
            "SELECT row, crc, tokens, vector FROM passages WHERE document = ?", document_row
        )
        return [row for row, crc, *blobs in found if passage_crc(*blobs) != crc]

    def _by_row(self, columns: str, rows: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        found = {
            row[0]: row[1:]
            for row in self.query(
                f"SELECT row, {columns} FROM passages "
                "WHERE row IN (SELECT value FROM json_each(?))",
                _json(rows),
            )
        }
        missing = [row for row in rows if row not in found]
        if missing:
            raise StoreError(
                f"expected passage rows of this generation, found that {missing[:3]} "
                "are gone: search again"
            )
        return found


def _passage(document: Document, name: str, start: int, end: int) -> Passage:
    return Passage(name, document.id, start, end, document.text[start:end])


def _json(rows: Sequence[int]) -> str:
    return json.dumps([int(row) for row in rows])
