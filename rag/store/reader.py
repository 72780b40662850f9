"""An index as one generation of its stores has it: everything that reading needs, and no model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, RLock, get_ident
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError
from rag.store import copies, generations, listing
from rag.store.documents import FILE_NAME, DocumentEntry, DocumentStore, Meta
from rag.store.listing import Row
from rag.store.names import named
from rag.store.outline import Outline, outline_of, spread_rows
from rag.types import Document, Family, Passage, Vectors


@dataclass(frozen=True, slots=True)
class IndexStats:
    """How much an index holds; `bytes` is its size on disk."""

    documents: int
    sources: int
    passages: dict[Family, int]
    generation: int
    embedder: str
    bytes: int


_OVERLAP = 0.25  # seconds in which readers may overlap before it is asked whether there is news
_PATIENCE = 0.25  # seconds that a new reader waits for the others then


def _identity(file: Path) -> tuple[int, int] | None:
    """Which file it is, whatever its name; None for none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class IndexReader:
    """Reads an index. It sees one generation; `pinned` moves on to the newest.

    Safe to use from several threads, and while another process writes. `check=False` opens an index
    whose FAISS or tantivy files are damaged. Raises StoreError when it is missing, damaged or of
    another version.
    """

    def __init__(self, path: Path, *, check: bool = True) -> None:
        self.path = path
        self._lock = RLock()
        self._pinning = Condition(self._lock)
        self._pins: Counter[int] = Counter()  # of each thread
        self._pinned_since = self._shut_until = 0.0
        self._counts: tuple[int, dict[Family, int]] | None = None
        self._check = check
        self._store = DocumentStore.open(path / FILE_NAME)
        self._file = _identity(path / FILE_NAME)
        try:
            self._meta, self._generation = self._newest()
            self._store.release()
        except StoreError:
            self._store.close()
            raise

    def close(self) -> None:
        """Let go of every file. An index can be closed twice."""
        self._generation.close()
        self._store.close()

    # --- generations ---

    def _newest(self) -> tuple[Meta, generations.Generation]:
        """The current generation, checked; tried again where a writer moved on meanwhile."""
        found: list[str] = []
        for _ in range(3):
            meta = self._store.snapshot()
            generation = generations.Generation(self.path, meta.generation, meta.files)
            if self._check:
                found = generations.problems(generation.folder, meta.files, thorough=False)
            if not found:
                return meta, generation
            generation.close()
            if self._store.snapshot().generation == meta.generation:
                break
        self._store.release()
        raise StoreError(f"{found[0]}: run `rag doctor --repair`")

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Move on to the newest generation, then stay on it until the block ends.

        Row numbers found within the block are good within the block. Without one, each call sees
        what is newest in SQLite, but searches the generation that was there when the index was
        opened, pinned or written to last.
        """
        thread = get_ident()
        with self._pinning:
            if not self._pins[thread]:
                self._wait_for_others()
            if not self._pins.total():
                self._move_on()
                self._pinned_since = monotonic()
            self._pins[thread] += 1
        try:
            yield
        finally:
            with self._pinning:
                self._pins[thread] -= 1
                if not self._pins[thread]:
                    del self._pins[thread]
                if not self._pins:
                    self._store.release()
                    self._pinning.notify_all()

    def _wait_for_others(self) -> None:
        """Let those who read now come to their end where there is something newer: readers who
        always overlap would hide it for ever. Not for long, one of them may take its time."""
        seen, now = self._generation.number, monotonic()
        if self._pins and now - self._pinned_since > _OVERLAP:
            self._pinned_since = now + _PATIENCE
            with closing(DocumentStore.open(self.path / FILE_NAME)) as store:
                if store.meta().generation != seen:
                    self._shut_until = now + _PATIENCE
        self._pinning.wait_for(
            lambda: not self._pins or self._generation.number != seen,
            max(0.0, self._shut_until - monotonic()),
        )

    def refresh(self) -> bool:
        """Move on to the newest generation unless pinned; returns whether there was a newer one."""
        with self._pinning:
            if self._pins:
                return False
            try:
                return self._move_on()
            finally:
                self._store.release()

    def _move_on(self) -> bool:
        if self._file != _identity(self.path / FILE_NAME):
            raise StoreError(
                f"expected the index that was opened in {self.path}, found another or none in its "
                "place: open it anew"
            )
        if self._store.snapshot().generation == self._generation.number:
            return False
        before = self._generation
        self._meta, self._generation = self._newest()
        before.close()
        return True

    # --- the index as a whole ---

    @property
    def generation(self) -> int:
        """The number of the newest commit, which every change raises."""
        with self.pinned():
            return self._generation.number

    def verify(self) -> tuple[str, ...]:
        """What is wrong with the index, one line for each problem; empty when it is sound."""
        from rag.store.check import problems

        with self.pinned():
            return problems(self._store, self._generation)

    def stats(self) -> IndexStats:
        """How much the index holds."""
        documents, sources = self._store.counts()
        size = 0
        for path in self.path.rglob("*"):
            with suppress(FileNotFoundError):  # an ingest takes away what it has replaced
                size += path.stat().st_size if path.is_file() else 0
        return IndexStats(
            documents,
            sources,
            self.families(),
            self._meta.generation,
            self._meta.embedder,
            size,
        )

    def counts(self) -> tuple[int, int]:
        """How many documents and sources there are."""
        with self.pinned():
            return self._store.counts()

    def families(self) -> dict[Family, int]:
        """Passages of each family that has any."""
        with self.pinned():
            number = self._generation.number
            if self._counts is None or self._counts[0] != number:
                self._counts = number, self._store.families()
            return dict(self._counts[1])

    def outline(self) -> Outline:
        """How many documents say what of themselves."""
        with self.pinned():
            return outline_of(self._store)

    # --- articles ---

    def documents(self) -> Iterator[DocumentEntry]:
        """Every document, in the order they were added; pinned while it is read."""
        with self.pinned():
            yield from map(self._store.entry, self._store.document_rows())

    def page(self, offset: int, limit: int) -> list[DocumentEntry]:
        """Some of the documents, in the order they were added."""
        with self.pinned():
            rows = self._store.document_rows()[offset : offset + limit]
            return list(map(self._store.entry, rows))

    def entry(self, document_id: str) -> DocumentEntry:
        """A document with its sources. Raises StoreError when there is none."""
        with self.pinned():
            return self._store.entry(self._document_row(document_id))

    def document(self, document_id: str) -> Document:
        """A document by its id. Raises StoreError when there is none."""
        with self.pinned():
            row = self._document_row(document_id)
            return self._store.documents([row])[row]

    def current(self, source: str) -> Document | None:
        """The document that a source has now; None where the index has no such source."""
        with self.pinned():
            return self._store.source_document(source)

    def sources(self, name: str) -> list[Document]:
        """What `remove` would take out for a name: the document of each source, as it says.

        Raises UsageError when the name means nothing here.
        """
        with self.pinned():
            found = map(self._store.source_document, named(self._store, name))
            return [document for document in found if document is not None]

    def outlets(self, document_id: str) -> tuple[Document, ...]:
        """Where else a text was published, as `rag.store.copies.outlets`. Raises StoreError when
        there is no such document."""
        with self.pinned():
            return copies.outlets(self._store, self._document_row(document_id))

    def rows(self, sources: Sequence[str] | None = None) -> list[Row]:
        """Articles in one line each: all, as their first source has them, or those of sources."""
        with self.pinned():
            return listing.rows(self._store, sources)

    def paths(self, document_id: str | None = None) -> list[str]:
        """Where articles were found, or one of them, each path once."""
        with self.pinned():
            return listing.paths(self._store, document_id)

    def is_path(self, path: str) -> bool:
        """Whether an article was found at a path."""
        with self.pinned():
            return listing.is_path(self._store, path)

    def _document_row(self, document_id: str) -> int:
        row = self._store.document_row(document_id)
        if row is None:
            raise StoreError(
                f"expected a document of the index, found no {document_id}: see `rag list`"
            )
        return row

    # --- passages ---

    def dense(
        self, vector: NDArray[np.float32], family: Family, k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The k passages nearest to a unit vector: rows and cosines, best first.

        Exact for up to 20,000 passages of a family, approximate above.
        """
        index = self._generation.vectors(family)
        if index is None:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        return index.search(vector, k)

    def lexical(
        self, terms: Sequence[str], family: Family, k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The k passages that BM25 ranks first for `rag.fold.lexical_terms`: rows and scores."""
        index = self._generation.lexical(family)
        if index is None:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        return index.search(terms, k)

    def idf(self, terms: Sequence[str], family: Family) -> NDArray[np.float32]:
        """BM25's inverse document frequency of terms among a family's passages."""
        index = self._generation.lexical(family)
        return np.zeros(len(terms), np.float32) if index is None else index.idf(terms)

    def held(self, terms: Sequence[str], family: Family) -> set[str]:
        """Which of the terms a family's passages have."""
        index = self._generation.lexical(family)
        return set() if index is None else index.held(terms)

    def spread_rows(self, limit: int) -> list[int]:
        """Rows of passages, at most `limit`, spread over the index; good within `pinned`."""
        return spread_rows(self._store, limit)

    def passages(self, rows: Sequence[int]) -> list[tuple[Passage, Document]]:
        """Passages, each with its document, in the order of the rows."""
        return self._store.passages(rows)

    def passages_beside(self, row: int) -> list[int]:
        """The rows of all passages of the document that a passage is of, itself too."""
        return self._store.passages_beside(row)

    def tokens(self, rows: Sequence[int]) -> list[NDArray[np.int32]]:
        """The lexicon's row numbers for the words of passages: title, year, then text."""
        return self._store.tokens(rows)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of passages, shape (len(rows), dim), kept as float16."""
        return self._store.vectors(rows, self._meta.dim)
