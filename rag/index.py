"""One index in one folder: open, ingest, remove, rebuild, with the models that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Sized
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rag.embed import BUILT_IN_NAME, Embedder, load_embedder
from rag.embed.static import StaticEmbedder
from rag.errors import EmbedderError, StoreError
from rag.hub import Backend
from rag.store.documents import FILE_NAME, DocumentEntry, Meta
from rag.store.names import named
from rag.store.reader import IndexReader, IndexStats
from rag.store.sqlite import is_empty_store
from rag.types import RawArticle, Skipped

if TYPE_CHECKING:
    from rag.cross_encoder import Reranker
    from rag.ingest import IngestReport, Progress
    from rag.refit import Models, Refit

__all__ = ["REFIT_FILE", "DocumentEntry", "Index", "IndexStats"]

REFIT_FILE = "refit.json"
"""Where `rag calibrate` keeps what it fitted."""


class Index(IndexReader):
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
        super().__init__(path, check=check)
        self._backend: Backend = backend
        self._reranker = reranker
        self._refit: tuple[tuple[int, ...], Refit | None] | None = None

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
        made: Embedder | None = None
        if is_empty_store(path / FILE_NAME):
            if not create:
                raise StoreError(
                    f"expected an index in {path}, found none: "
                    f"make it with `rag ingest PATH --index {path}`"
                )
            made = _create(path, embedder, backend)
        index = cls(path, check=check, backend=backend, reranker=reranker)
        try:
            index._require(embedder, made)
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

    def _move_on(self) -> bool:
        before, moved = self._meta, super()._move_on()
        now = self._meta
        if (before.embedder_fingerprint, before.lexicon_fingerprint) != (
            now.embedder_fingerprint,
            now.lexicon_fingerprint,
        ):  # made anew with other models: those that are loaded don't fit it any more
            for name in ("embedder", "lexicon"):
                self.__dict__.pop(name, None)
        return moved

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

    def _require(self, name: str | None, found: Embedder | None) -> None:
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
        from rag.indexing import PassageModels
        from rag.ingest import Ingest
        from rag.store.transaction import Transaction

        models = PassageModels(self.embedder, self.lexicon)
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
        from rag.indexing import PassageModels
        from rag.ingest import Ingest
        from rag.store.transaction import Transaction

        try:
            with Transaction(self.path) as transaction:
                known = transaction.documents
                found = dict.fromkeys(source for name in sources for source in named(known, name))
                Ingest(transaction, PassageModels(self.embedder, self.lexicon)).remove(found)
                return tuple(found)
        finally:
            self.refresh()

    def rebuild(self) -> None:
        """Make vectors and words anew from the documents, whatever state their files are in.

        Where the model has changed since, or stored numbers are damaged, passages are embedded
        again.
        """
        from rag.indexing import PassageModels
        from rag.rebuild import rebuild
        from rag.store.transaction import Transaction

        lexicon = StaticEmbedder.load()
        own = self._meta.embedder == BUILT_IN_NAME
        name = self._meta.embedder
        models = PassageModels(lexicon if own else load_embedder(name, self._backend), lexicon)
        with Transaction(self.path) as transaction:
            rebuild(transaction, models)
        for loaded in ("embedder", "lexicon"):
            self.__dict__.pop(loaded, None)
        self._refit = None
        self._check = True
        self.refresh()


def _create(path: Path, embedder: str | None, backend: Backend) -> Embedder | None:
    """Make an empty index; returns the embedder if it is another than the built-in one.

    The folder is looked at first, since such a model may take long to load.
    """
    from rag.store.creation import check_folder, create

    check_folder(path)
    lexicon = StaticEmbedder.load()
    built_in = embedder is None or embedder == BUILT_IN_NAME
    found: Embedder = lexicon if built_in else load_embedder(embedder, backend)
    create(
        path,
        Meta(
            embedder=BUILT_IN_NAME if built_in else found.name,
            embedder_fingerprint=found.fingerprint,
            dim=found.dim,
            lexicon_fingerprint=lexicon.fingerprint,
        ),
    )
    return None if built_in else found


def _same_model(found: str, expected: str, name: str) -> None:
    if found != expected:
        raise EmbedderError(
            f"expected {name} as it was when it made the index ({expected}), "
            f"found another ({found}): run `rag doctor --repair` to embed anew"
        )
