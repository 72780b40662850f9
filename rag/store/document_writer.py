"""Changes to the documents of an index: all of them within one SQLite transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError
from rag.outlets import Signature, bands, draw_permutations
from rag.store.copies import read_signatures
from rag.store.documents import PERMUTATIONS, DocumentStore, Meta, passage_crc
from rag.store.sqlite import APPLICATION, SCHEMA_VERSION, connect, damaged
from rag.types import Document, Family, Passage

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT,
    text TEXT NOT NULL,
    family TEXT NOT NULL,     -- what its passages were made with: family, year, version
    year TEXT NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE signatures (     -- of the texts, to find near copies
    document INTEGER PRIMARY KEY REFERENCES documents(row),
    value BLOB NOT NULL       -- uint32, little-endian: shingles, then MinHash values
);
CREATE TABLE bands (
    hash INTEGER NOT NULL,    -- of which band, and of the signature's values in it
    document INTEGER NOT NULL,
    PRIMARY KEY (hash, document)
) WITHOUT ROWID;
CREATE TABLE sources (
    row INTEGER PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents(row),
    path TEXT NOT NULL,
    source_id TEXT,
    publisher TEXT,
    date TEXT,
    url TEXT,
    language TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    version INTEGER NOT NULL,
    added TEXT NOT NULL
);
CREATE INDEX sources_of_document ON sources(document);
CREATE INDEX sources_by_path ON sources(path);
CREATE INDEX sources_by_id ON sources(source_id);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given out twice: FAISS and tantivy name it
    document INTEGER NOT NULL REFERENCES documents(row),
    id TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    family TEXT NOT NULL,
    crc INTEGER NOT NULL,     -- CRC-32 of tokens and vector
    tokens BLOB NOT NULL,     -- int32, little-endian
    vector BLOB NOT NULL      -- float16, little-endian
);
CREATE INDEX passages_of_document ON passages(document);
CREATE INDEX passages_of_family ON passages(family);
"""


class DocumentWriter(DocumentStore):
    """Writes the documents of an index; every change is part of one transaction."""

    @classmethod
    def open(cls, path: Path) -> DocumentWriter:
        """Open for writing. Raises StoreError as reading does, and where writing isn't allowed."""
        try:
            store = cls(connect(path, "mode=rw"), path)
        except sqlite3.DatabaseError as error:
            raise damaged(path, error) from error
        store._check_version()
        store.query("PRAGMA synchronous = FULL")
        store.query("PRAGMA foreign_keys = ON")
        return store

    @classmethod
    def create(cls, path: Path, meta: Meta) -> None:
        """Make an empty store, whole or not at all."""
        try:
            connection = connect(path, "mode=rwc")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(
                f"BEGIN; PRAGMA application_id = {APPLICATION}; "
                f"PRAGMA user_version = {SCHEMA_VERSION}; {_SCHEMA}"
            )
            store = cls(connection, path)
            store.put_meta(meta)
            drawn = draw_permutations().astype("<u4").tobytes()
            store.query("INSERT INTO meta VALUES (?, ?)", PERMUTATIONS, drawn.hex())
            store.commit()
            store.close()
        except sqlite3.Error as error:
            raise StoreError(
                f"expected to make an index in {path.parent}, found {error}: "
                "name a folder that can be written"
            ) from error

    def begin(self) -> None:
        """Start a transaction that sees the last commit."""
        self.query("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make every change since `begin` last, all at once."""
        self.query("COMMIT")

    def roll_back(self) -> None:
        """Forget every change since `begin`."""
        if self._connection.in_transaction:
            self.query("ROLLBACK")

    def checkpoint(self) -> None:
        """Move the log into the file where no reader is in the way."""
        self.query("PRAGMA busy_timeout = 0")
        self.query("PRAGMA wal_checkpoint(TRUNCATE)")
        self.query("PRAGMA busy_timeout = 5000")

    def put_meta(self, meta: Meta) -> None:
        """Replace what the index remembers about itself."""
        values = asdict(meta)
        values["files"] = json.dumps(values["files"])
        self._many("REPLACE INTO meta VALUES (?, ?)", ((k, str(v)) for k, v in values.items()))

    def put_source(
        self,
        source: str,
        document_row: int,
        document: Document,
        content_hash: str,
        version: int,
        added: str,
    ) -> None:
        """Add a source, or point it at another document; `added` is kept where it exists."""
        self.query(
            "INSERT INTO sources (source, document, path, source_id, publisher, date, url,"
            " language, content_hash, version, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source) DO UPDATE SET document = excluded.document,"
            " path = excluded.path, source_id = excluded.source_id,"
            " publisher = excluded.publisher, date = excluded.date, url = excluded.url,"
            " language = excluded.language, content_hash = excluded.content_hash,"
            " version = excluded.version",
            source,
            document_row,
            document.path,
            document.source_id,
            document.publisher,
            document.date,
            document.url,
            document.language,
            content_hash,
            version,
            added,
        )

    def put_document(self, document: Document, family: Family, year: str, version: int) -> int:
        """Add a document, or note what its passages are made with now; returns its row number."""
        found = self.query(
            "INSERT INTO documents (id, title, text, family, year, version)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET family = excluded.family,"
            " year = excluded.year, version = excluded.version RETURNING row",
            document.id,
            document.title,
            document.text,
            family,
            year,
            version,
        )
        return int(found[0][0])

    def put_passage(
        self, document_row: int, passage: Passage, family: Family, tokens: bytes, vector: bytes
    ) -> int:
        """Add a passage; returns its row number."""
        try:
            return (
                self._connection.execute(
                    "INSERT INTO passages (document, id, start, end, family, crc, tokens, vector)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        document_row,
                        passage.id,
                        passage.start,
                        passage.end,
                        family,
                        passage_crc(tokens, vector),
                        tokens,
                        vector,
                    ),
                ).lastrowid
                or 0
            )
        except sqlite3.Error as error:
            raise damaged(self.path, error) from error

    def put_signatures(self, values: Mapping[int, Signature]) -> None:
        """Give documents, by row number, their signatures, in place of those that they had."""
        rows = list(values)
        self.drop_signatures(rows)
        self._many(
            "INSERT INTO signatures VALUES (?, ?)",
            ((row, value.astype("<u4").tobytes()) for row, value in values.items()),
        )
        if rows:
            in_bands = _in_bands(rows, np.stack(list(values.values())))
            self._many("INSERT INTO bands VALUES (?, ?)", in_bands)

    def drop_signatures(self, document_rows: Sequence[int]) -> None:
        """Remove the signatures of documents, and the documents from the bands."""
        found = self.query(
            "DELETE FROM signatures WHERE document IN (SELECT value FROM json_each(?))"
            " RETURNING value, document",
            json.dumps(document_rows),
        )
        signatures = read_signatures(self, [value for value, _ in found])
        in_bands = _in_bands([row for _, row in found], signatures)
        self._many("DELETE FROM bands WHERE hash = ? AND document = ?", in_bands)

    def clear_signatures(self) -> None:
        """Remove all signatures, whatever state they are in."""
        self.query("DELETE FROM bands")
        self.query("DELETE FROM signatures")

    def replace_blobs(self, values: Iterable[tuple[int, bytes, bytes]]) -> None:
        """Give passages (row number, tokens, vector) new tokens and vectors."""
        self._many(
            "UPDATE passages SET crc = ?, tokens = ?, vector = ? WHERE row = ?",
            ((passage_crc(t, v), t, v, row) for row, t, v in values),
        )

    def drop_source(self, source: str) -> int:
        """Remove a source; returns the row number of its document, which stays."""
        found = self.query("DELETE FROM sources WHERE source = ? RETURNING document", source)
        return int(found[0][0])

    def drop_passages(self, document_row: int) -> list[tuple[int, Family]]:
        """Remove a document's passages; returns their row numbers and families."""
        return self.query(
            "DELETE FROM passages WHERE document = ? RETURNING row, family", document_row
        )

    def drop_document(self, document_row: int) -> None:
        """Remove a document that has neither passages nor sources."""
        self.drop_signatures([document_row])
        self.query("DELETE FROM documents WHERE row = ?", document_row)

    def _many(self, sql: str, values: Iterable[tuple[Any, ...]]) -> None:
        try:
            self._connection.executemany(sql, values)
        except sqlite3.Error as error:
            raise damaged(self.path, error) from error


def _in_bands(rows: Sequence[int], signatures: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """The rows of `bands` for documents, in the order that the table keeps: quicker to write."""
    hashes = bands(signatures)
    of_hash = np.repeat(np.array(rows, np.int64), hashes.shape[1])
    order = np.argsort(hashes, axis=None)
    return zip(hashes.ravel()[order].tolist(), of_hash[order].tolist(), strict=True)
