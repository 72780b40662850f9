"""A change to an index: rows, vectors and words, committed at once or not at all.

The order makes it safe: a new generation folder is written and put on the disk; then one SQLite
commit changes the rows and names the folder. Whatever ends the process before that commit leaves
the last generation as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError
from rag.store import generations
from rag.store.document_writer import DocumentWriter
from rag.store.documents import FILE_NAME, FileMark, Meta
from rag.store.lexical import LexicalWriter
from rag.store.vectors import VectorIndex
from rag.types import Family, Passage

LOCK_NAME = "writer.lock"


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage with what makes it findable.

    `tokens` are rows of the built-in model's table; `vector` has shape (dim,), unit L2;
    `terms` are words separated by spaces.
    """

    passage: Passage
    tokens: NDArray[np.int32]
    vector: NDArray[np.float32]
    terms: str


class Transaction:
    """The one writer of an index. `commit` may be called again and again; the rest is lost."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._release = writer_lock(root)
        self._staging: Path | None = None
        self._lexical: dict[Family, LexicalWriter] = {}
        self._added: dict[Family, list[int]] = {family: [] for family in generations.FAMILIES}
        self._removed: dict[Family, list[int]] = {family: [] for family in generations.FAMILIES}
        try:
            self.documents = DocumentWriter.open(root / FILE_NAME)
            self._begin()
        except StoreError:
            self._release()
            raise
        generations.prune(root, self.meta.generation)

    def _begin(self) -> None:
        self.documents.begin()
        self.meta: Meta = self.documents.meta()

    def __enter__(self) -> Transaction:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget what wasn't committed and let the next writer in."""
        try:
            self._lexical.clear()
            self.documents.roll_back()
            self.documents.checkpoint()
            generations.prune(self.root, self.documents.meta().generation)
        finally:
            self.documents.close()
            self._release()

    @property
    def pending(self) -> int:
        """Passages added since the last commit."""
        return sum(map(len, self._added.values()))

    def add_passages(
        self, document_row: int, family: Family, passages: Sequence[IndexedPassage]
    ) -> None:
        """Add a document's passages to every store."""
        words = self._words(family)
        for each in passages:
            row = self.documents.put_passage(
                document_row,
                each.passage,
                family,
                tokens_blob(each.tokens),
                vector_blob(each.vector),
            )
            words.add(row, each.terms)
            self._added[family].append(row)

    def drop_passages(self, document_row: int) -> None:
        """Remove a document's passages from every store."""
        for row, family in self.documents.drop_passages(document_row):
            self._words(family).remove(row)
            self._removed[family].append(row)

    def commit(self) -> None:
        """Write the next generation and make it the current one."""
        before = generations.folder_of(self.root, self.meta.generation)
        folder = self._stage()
        counts = self.documents.families()
        for writer in self._lexical.values():
            writer.commit()
        for family in generations.FAMILIES:
            self._write_vectors(folder, family, counts.get(family, 0))
        with _disk(folder):
            marks = generations.seal(folder, before, self.meta.files)
        self._finish(marks)

    def rebuild(
        self, terms: Callable[[int], Sequence[tuple[int, Family, str]]], meta: Meta | None = None
    ) -> None:
        """Write a generation from the rows alone, with no use of the last one's files.

        `terms` gives, for a document's row number, the words of its passages.
        """
        if meta is not None:
            self.meta = meta
        self.meta = replace(self.meta, files={})
        self._stage()
        for document_row in self.documents.document_rows():
            for row, family, joined in terms(document_row):
                self._words(family).add(row, joined)
        self.commit()

    def _finish(self, marks: dict[str, FileMark]) -> None:
        meta = replace(self.meta, generation=self.meta.generation + 1, files=marks)
        self.documents.put_meta(meta)
        self.documents.commit()
        self._staging = None
        self._lexical = {}
        for rows in (*self._added.values(), *self._removed.values()):
            rows.clear()
        self._begin()
        generations.prune(self.root, meta.generation)

    def _stage(self) -> Path:
        """The folder of the next generation, made with the first change."""
        if self._staging is None:
            with _disk(self.root):
                self._staging = generations.start(self.root, self.meta.generation, self.meta.files)
        return self._staging

    def _words(self, family: Family) -> LexicalWriter:
        if family not in self._lexical:
            folder = self._stage() / generations.lexical_name(family)
            self._lexical[family] = LexicalWriter(folder)
        return self._lexical[family]

    def _write_vectors(self, folder: Path, family: Family, total: int) -> None:
        path = folder / generations.vectors_name(family)
        if not total:
            path.unlink(missing_ok=True)
            return
        added = np.setdiff1d(np.array(self._added[family], np.int64), self._removed[family])
        removed = np.array(self._removed[family], np.int64)
        if path.exists() and not len(added) and not len(removed):
            return
        index = VectorIndex.load(path) if path.exists() else None
        if index is None or index.outgrown_by(total):
            index = VectorIndex.build(self.meta.dim, self.documents.rows(family), self._vectors)
        else:
            index.remove(removed)
            index.add(added, self._vectors(added))
        path.unlink(missing_ok=True)  # a link: writing into it would change the last generation
        index.save(path)

    def _vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        return self.documents.vectors(rows.tolist(), self.meta.dim)


def tokens_blob(tokens: NDArray[np.int32]) -> bytes:
    """Token ids as they are stored."""
    return tokens.astype("<i4").tobytes()


def vector_blob(vector: NDArray[np.float32]) -> bytes:
    """A vector as it is stored."""
    return vector.astype("<f2").tobytes()


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"expected to write in {path}, found {error.strerror}: see that the disk "
            "has room and can be written, then try again"
        ) from error


def writer_lock(root: Path) -> Callable[[], None]:
    """Be the one writer, or say who isn't."""
    from filelock import FileLock, Timeout

    lock = FileLock(root / LOCK_NAME, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            f"expected to be the only writer of {root}, found another at work: "
            "wait until it ends, then try again"
        ) from error
    except OSError as error:
        raise StoreError(
            f"expected to write in {root}, found {error.strerror}: get the right to write there"
        ) from error
    return lock.release
