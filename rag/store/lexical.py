"""BM25 over the words of one family's passages, by tantivy.

Each family has an index of its own, so that word counts and lengths are those of the family.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tantivy
from numpy.typing import NDArray

from rag.errors import StoreError

_HEAP = 128_000_000  # bytes a writer collects before it writes a segment


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # signed: deleting by an unsigned term deletes nothing (tantivy-py 0.27)
    builder.add_integer_field("row", indexed=True, fast=True)
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class LexicalIndex:
    """Searches a folder that a `LexicalWriter` committed."""

    def __init__(self, index: tantivy.Index) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Open a folder. Raises StoreError when it is missing or damaged."""
        try:
            if folder.is_dir() and not os.access(folder, os.W_OK):
                return cls._open_read_only(folder)
            index = tantivy.Index.open(str(folder))
            index.config_reader(reload_policy="manual")
            return cls(index)
        except (ValueError, OSError) as error:
            raise StoreError(
                f"expected a lexical index in {folder}, found that tantivy can't "
                "open it: run `rag doctor --repair`"
            ) from error

    @classmethod
    def _open_read_only(cls, folder: Path) -> LexicalIndex:
        """tantivy wants to write a lock beside the files, so it gets links to them elsewhere."""
        with TemporaryDirectory(prefix="lexical-") as links:
            for path in folder.iterdir():
                (Path(links) / path.name).symlink_to(path.absolute())
            index = tantivy.Index.open(links)
            index.config_reader(reload_policy="manual")
            return cls(index)  # its searcher has every file open

    def __len__(self) -> int:
        return self._searcher.num_docs

    def search(self, terms: Sequence[str], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The k best rows by BM25 (k1 = 1.2, b = 0.75) and their scores, best first."""
        if not terms or k <= 0 or not len(self):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.term_query(self._schema, "terms", term, index_option="freq"),
            )
            for term in terms
        ]
        return self._rows(tantivy.Query.boolean_query(clauses), min(k, len(self)))

    def idf(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """BM25's inverse document frequency of each term: log(1 + (N - n + .5) / (n + .5))."""
        counts = np.array([self._searcher.doc_freq("terms", term) for term in terms], np.float32)
        found: NDArray[np.float32] = np.log1p((len(self) - counts + 0.5) / (counts + 0.5))
        return found

    def held(self, terms: Sequence[str]) -> set[str]:
        """Those of the terms that some passage has."""
        return {term for term in terms if self._searcher.doc_freq("terms", term)}

    def rows(self) -> NDArray[np.int64]:
        """Every row number in it, ascending."""
        if not len(self):
            return np.empty(0, np.int64)
        return np.sort(self._rows(tantivy.Query.all_query(), len(self))[0])

    def _rows(self, query: tantivy.Query, k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        hits = self._searcher.search(query, limit=k, count=False).hits
        found = self._searcher.fast_field_values("row", [address for _, address in hits])
        rows = np.array(found, dtype=np.int64)
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        order = np.lexsort((rows, -scores))  # equal scores in the order of the rows
        return rows[order], scores[order]


class LexicalWriter:
    """Adds to and removes from the index in a folder; `commit` ends it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        try:
            self._writer = tantivy.Index(_schema(), str(folder)).writer(_HEAP, 1)
        except (ValueError, OSError) as error:
            raise StoreError(
                f"expected a lexical index in {folder}, found that tantivy can't "
                "open it: run `rag doctor --repair`"
            ) from error

    def add(self, row: int, terms: str) -> None:
        """Add a passage's words, separated by spaces."""
        document = tantivy.Document()
        document.add_integer("row", row)
        document.add_text("terms", terms)
        self._writer.add_document(document)

    def remove(self, row: int) -> None:
        """Remove a passage."""
        self._writer.delete_documents_by_term("row", row)

    def commit(self) -> None:
        """Write everything and wait until tantivy has put its files in order."""
        try:
            self._writer.commit()
            self._writer.wait_merging_threads()
        except (ValueError, OSError) as error:
            raise StoreError(
                f"expected to write {self._folder}, found that tantivy failed "
                f"({error}): see that the disk has room and try again"
            ) from error
