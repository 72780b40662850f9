"""One index in one folder: ingest, look up, remove, verify, rebuild."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.embed import BUILT_IN_NAME, Embedder, load_embedder
from rag.embed.static import StaticEmbedder
from rag.errors import EmbedderError, StoreError
from rag.hub import Backend
from rag.outlets import are_copies, bands, numbers, share_numbers
from rag.store import generations
from rag.store.documents import FILE_NAME, DocumentEntry, DocumentStore, Meta, Outline
from rag.store.sqlite import is_empty_store
from rag.types import Document, Family, Passage, RawArticle, Skipped, Vectors

if TYPE_CHECKING:
    from rag.cross_encoder import Reranker
    from rag.ingest import IngestReport, Progress
    from rag.refit import Models, Refit
    from rag.store.listing import Row

__all__ = ["REFIT_FILE", "DocumentEntry", "Index", "IndexStats"]

REFIT_FILE = "refit.json"
"""Where `rag calibrate` keeps what it fitted."""

_MEND = "run `rag doctor --repair`"


@dataclass(frozen=True, slots=True)
class IndexStats:
    """How much an index holds; `bytes` is its size on disk."""

    documents: int
    sources: int
    passages: dict[Family, int]
    generation: int
    embedder: str
    bytes: int


class Index:
    """An open index. It sees one generation; `pinned` moves on to the newest.

    Reading is safe from several threads, and while another process writes.
    """

    def __init__(
        self,
        path: Path,
        *,
        check: bool = True,
        backend: Backend = "torch",
        reranker: str | None = None,
    ) -> None:
        self.path = path
        self._backend: Backend = backend
        self._reranker = reranker
        self._lock = RLock()
        self._pins = 0
        self._counts: tuple[int, dict[Family, int]] | None = None
        self._check = check
        self._refit: tuple[tuple[int, ...], Refit | None] | None = None
        self._store = DocumentStore.open(path / FILE_NAME)
        try:
            self._meta, self._generation = self._newest()
            self._store.release()
        except StoreError:
            self._store.close()
            raise

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = False,
        embedder: str | None = None,
        check: bool = True,
        backend: Backend = "torch",
        reranker: str | None = None,
    ) -> Index:
        """Open the index in a folder; `create` makes it when there is none.

        `embedder` is a name for `rag.embed.load_embedder`; when not given it is the one that the
        index remembers, the built-in one for a new index. `reranker` names a cross-encoder that
        ranks the best candidates of every search anew; `backend` runs both. `check=False` opens an
        index whose FAISS or tantivy files are damaged, for `verify` and `rebuild`.

        Raises StoreError when the index is missing, damaged or of another version, and
        EmbedderError when `embedder` isn't the one that made it.
        """
        path = Path(path)
        made: list[Embedder] = []
        if is_empty_store(path / FILE_NAME):
            if not create:
                raise StoreError(
                    f"expected an index in {path}, found none: "
                    f"make it with `rag ingest PATH --index {path}`"
                )
            from rag.store.creation import create as create_in

            create_in(path, lambda: _first_meta(embedder, backend, made))
        index = cls(path, check=check, backend=backend, reranker=reranker)
        try:
            index._require(embedder, *made)
        except EmbedderError:
            index.close()
            raise
        return index

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

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
        raise StoreError(f"{found[0]}: {_MEND}")

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Move on to the newest generation, then stay on it until the block ends.

        Row numbers found within the block are good within the block. Without one, each call sees
        what is newest in SQLite, but searches the generation that was there when the index was
        opened, pinned or written to last.
        """
        with self._lock:
            if not self._pins:
                self._move_on()
            self._pins += 1
        try:
            yield
        finally:
            with self._lock:
                self._pins -= 1
                if not self._pins:
                    self._store.release()

    def refresh(self) -> bool:
        """Move on to the newest generation unless pinned; returns whether there was a newer one."""
        with self._lock:
            if self._pins:
                return False
            try:
                return self._move_on()
            finally:
                self._store.release()

    def _move_on(self) -> bool:
        if self._store.snapshot().generation == self._generation.number:
            return False
        before = self._generation
        self._meta, self._generation = self._newest()
        before.close()
        return True

    # --- models ---

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder that made the index, loaded when first used.

        Raises EmbedderError when it can't be loaded or has changed since.
        """
        if self._meta.embedder == BUILT_IN_NAME:
            found: Embedder = self.lexicon
        else:
            found = load_embedder(self._meta.embedder, self._backend)
        _same_model(found.fingerprint, self._meta.embedder_fingerprint, self._meta.embedder)
        return found

    @cached_property
    def lexicon(self) -> StaticEmbedder:
        """The built-in model, whose rows `tokens` names."""
        found = StaticEmbedder.load()
        _same_model(found.fingerprint, self._meta.lexicon_fingerprint, "the built-in model")
        return found

    @cached_property
    def reranker(self) -> Reranker | None:
        """The cross-encoder that was asked for, loaded when first used.

        Raises EmbedderError when it can't be loaded.
        """
        if not self._reranker:
            return None
        from rag.cross_encoder import CrossEncoderReranker

        return CrossEncoderReranker.load(self._reranker, self._backend)

    @property
    def models(self) -> Models:
        """What a refit has to be fitted with."""
        from rag.refit import Models
        from rag.relevance import built_in_calibration

        meta, calibration = self._meta, built_in_calibration().fingerprint
        fingerprints = meta.embedder_fingerprint, meta.lexicon_fingerprint
        return Models(*fingerprints, self._reranker or None, calibration)

    @property
    def refit(self) -> Refit | None:
        """What `rag calibrate` fitted with these models, read again when its file has changed.

        Raises StoreError when its file is broken.
        """
        try:
            found = (self.path / REFIT_FILE).stat()
        except FileNotFoundError:
            return None
        state = found.st_ino, found.st_mtime_ns, found.st_size
        if self._refit is None or self._refit[0] != state:
            from rag.refit import current

            self._refit = state, current(self.path, self.models)
        return self._refit[1]

    def _require(self, name: str | None, found: Embedder | None = None) -> None:
        """Refuse an embedder that is another than the index was made with; keep the same one."""
        if found is None:
            if name is None or name == self._meta.embedder:
                return
            found = load_embedder(name, self._backend)
        if found.fingerprint != self._meta.embedder_fingerprint:
            raise EmbedderError(
                f"expected the embedder that made {self.path}, {self._meta.embedder}, found "
                f"{name}: leave the embedder out, or ingest into a new index"
            )
        self.__dict__["embedder"] = found

    # --- writing ---

    def ingest(
        self, paths: Sequence[Path | str], *, progress: Callable[[Progress], None] | None = None
    ) -> IngestReport:
        """Add or update the articles of files, folders and web addresses (`https://...`, strings).

        An article is known by its absolute path, or by the address it was found at. What has gone
        from a folder or a file stays in the index until `remove`. Commits every 50,000 passages,
        every five minutes and at the end.
        """
        from rag.load import count, load, place_of

        places = list(map(place_of, paths))
        total = None if progress is None else sum(map(count, places))
        return self._ingest(chain.from_iterable(map(load, places)), progress, total)

    def ingest_articles(
        self,
        articles: Iterable[RawArticle | Skipped],
        *,
        progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """Add or update articles. A source that says what it said before is left alone.

        Raises StoreError when another process writes to the index.
        """
        total = len(articles) if isinstance(articles, Sized) else None
        return self._ingest(articles, progress, total)

    def _ingest(
        self,
        articles: Iterable[RawArticle | Skipped],
        progress: Callable[[Progress], None] | None,
        total: int | None,
    ) -> IngestReport:
        from rag.ingest import Ingest, Models
        from rag.store.transaction import Transaction

        models = Models(self.embedder, self.lexicon)
        try:
            with Transaction(self.path) as transaction:
                return Ingest(transaction, models, progress, total).run(articles)
        finally:
            self.refresh()

    def remove(self, sources: Sequence[str]) -> tuple[str, ...]:
        """Remove what the names mean; returns the sources removed.

        A name is a source, a file, a folder, a `source_id`, a document id (all its sources), or a
        file name that only one path ends in. A document goes with its last source.

        Raises UsageError when a name means nothing here; then nothing is removed.
        """
        from rag.ingest import Ingest, Models
        from rag.store.names import named
        from rag.store.transaction import Transaction

        try:
            with Transaction(self.path) as transaction:
                found = {
                    source: None
                    for name in sources
                    for source in named(transaction.documents, name)
                }
                Ingest(transaction, Models(self.embedder, self.lexicon)).remove(found)
                return tuple(found)
        finally:
            self.refresh()

    def rebuild(self) -> None:
        """Make vectors and words anew from the documents, whatever state their files are in.

        Where the model has changed since, or stored numbers are damaged, passages are embedded
        again.
        """
        from rag.ingest import Models
        from rag.rebuild import rebuild
        from rag.store.transaction import Transaction

        lexicon = StaticEmbedder.load()
        own = self._meta.embedder == BUILT_IN_NAME
        name = self._meta.embedder
        models = Models(lexicon if own else load_embedder(name, self._backend), lexicon)
        with Transaction(self.path) as transaction:
            rebuild(transaction, models)
        for loaded in ("embedder", "lexicon"):
            self.__dict__.pop(loaded, None)
        self._refit = None
        self._check = True
        self.refresh()

    # --- looking ---

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

    def rows(self, sources: Sequence[str] | None = None) -> list[Row]:
        """Articles in one line each: all, as their first source has them, or those of sources."""
        from rag.store import listing

        with self.pinned():
            return listing.rows(self._store, sources)

    def paths(self, document_id: str | None = None) -> list[str]:
        """Where articles were found, or one of them, each path once."""
        from rag.store import listing

        with self.pinned():
            return listing.paths(self._store, document_id)

    def is_path(self, path: str) -> bool:
        """Whether an article was found at a path."""
        from rag.store import listing

        with self.pinned():
            return listing.is_path(self._store, path)

    @property
    def generation(self) -> int:
        """The number of the newest commit, which every change raises."""
        with self.pinned():
            return self._generation.number

    def sources(self, name: str) -> list[Document]:
        """What `remove` would take out for a name: the document of each source, as it says.

        Raises UsageError when the name means nothing here.
        """
        from rag.store.names import named

        with self.pinned():
            found = map(self._store.source_document, named(self._store, name))
            return [document for document in found if document is not None]

    def document(self, document_id: str) -> Document:
        """A document by its id. Raises StoreError when there is none."""
        with self.pinned():
            row = self._document_row(document_id)
            return self._store.documents([row])[row]

    def _document_row(self, document_id: str) -> int:
        row = self._store.document_row(document_id)
        if row is None:
            raise StoreError(
                f"expected a document of the index, found no {document_id}: see `rag list`"
            )
        return row

    def outlets(self, document_id: str) -> tuple[Document, ...]:
        """Where else a text was published: as it stands, nearly so, or in another script.

        Near copies are documents of their own; the same text is this document, with what another
        source of it says. Earliest date first, then those without a date. Raises StoreError when
        there is no such document.
        """
        with self.pinned():
            row = self._document_row(document_id)
            own = self._store.signature(row)
            rows, signatures = self._store.in_bands(bands(own[None]))
            alike = compress(rows, are_copies(own, signatures).tolist())
            published = self._store.published([row, *alike])
        document = next(each for each in published if each.id == document_id)
        seen, own_numbers = {_publication(document)}, numbers(document.text)
        found = []
        for each in published:
            if _publication(each) not in seen and share_numbers(own_numbers, numbers(each.text)):
                seen.add(_publication(each))
                found.append(each)
        return tuple(sorted(found, key=lambda each: (each.date is None, each.date or "")))

    def current(self, source: str) -> Document | None:
        """The document that a source has now; None where the index has no such source."""
        with self.pinned():
            return self._store.source_document(source)

    def outline(self) -> Outline:
        """How many documents say what of themselves."""
        with self.pinned():
            return self._store.outline()

    def spread_rows(self, limit: int) -> list[int]:
        """Rows of passages, at most `limit`, spread over the index; good within `pinned`."""
        return self._store.spread_rows(limit)

    def families(self) -> dict[Family, int]:
        """Passages of each family that has any."""
        with self.pinned():
            number = self._generation.number
            if self._counts is None or self._counts[0] != number:
                self._counts = number, self._store.families()
            return dict(self._counts[1])

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

    def tokens(self, rows: Sequence[int]) -> list[NDArray[np.int32]]:
        """The lexicon's row numbers for the words of passages: title, year, then text."""
        return self._store.tokens(rows)

    def passages_beside(self, row: int) -> list[int]:
        """The rows of all passages of the document that a passage is of, itself too."""
        return self._store.passages_beside(row)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of passages, shape (len(rows), dim), kept as float16."""
        return self._store.vectors(rows, self._meta.dim)

    def passages(self, rows: Sequence[int]) -> list[tuple[Passage, Document]]:
        """Passages, each with its document, in the order of the rows."""
        return self._store.passages(rows)


def _publication(document: Document) -> tuple[str | None, ...]:
    """What tells one publication of a text from another: a file's copy in another folder does
    not."""
    return document.id, document.publisher, document.date, document.url


def _first_meta(embedder: str | None, backend: Backend, made: list[Embedder]) -> Meta:
    """What a new index remembers of its models; an embedder that was loaded goes into `made`."""
    lexicon = StaticEmbedder.load()
    built_in = embedder is None or embedder == BUILT_IN_NAME
    found: Embedder = lexicon
    if not built_in:
        found = load_embedder(embedder, backend)
        made.append(found)
    return Meta(
        embedder=BUILT_IN_NAME if built_in else found.name,
        embedder_fingerprint=found.fingerprint,
        dim=found.dim,
        lexicon_fingerprint=lexicon.fingerprint,
    )


def _same_model(found: str, expected: str, name: str) -> None:
    if found != expected:
        raise EmbedderError(
            f"expected {name} as it was when it made the index ({expected}), "
            f"found another ({found}): {_MEND} to embed anew"
        )
