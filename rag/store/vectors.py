"""The nearest vectors of one family, found by FAISS.

Exact up to EXACT_LIMIT vectors. Above that an inverted file: the vectors are sorted into lists
around k-means centres, kept at 8 bits a number, and a search reads the lists nearest to the query.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError
from rag.types import Vectors

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]

EXACT_LIMIT = 20_000  # vectors; an exact search of as many takes 2 ms
_TRAINED_ON = 40  # vectors for each list
_ADDED_AT_ONCE = 20_000  # vectors
_SEED = 20240607


class VectorIndex:
    """Unit vectors by row number; the scores are cosines."""

    def __init__(self, index: Any) -> None:
        self._index = index
        if self._lists:
            index.nprobe = max(1, min(self._lists // 8, 128))

    @classmethod
    def build(cls, dim: int, rows: Rows, fetch: Callable[[Rows], Vectors]) -> VectorIndex:
        """Of all the rows of a family; `fetch` gives the vectors of some of them."""
        import faiss

        lists = _lists_for(len(rows))
        if lists:
            rng = np.random.default_rng(_SEED)
            size = min(len(rows), lists * _TRAINED_ON)
            sample = fetch(np.sort(rng.choice(rows, size, replace=False)))
            index: Any = faiss.IndexIVFScalarQuantizer(
                faiss.IndexFlatIP(dim),
                dim,
                lists,
                faiss.ScalarQuantizer.QT_8bit,
                faiss.METRIC_INNER_PRODUCT,
            )
            index.cp.seed, index.cp.niter, index.cp.spherical = _SEED, 5, True
            index.train(sample)
        else:
            index = faiss.IndexIDMap(faiss.IndexFlatIP(dim))
        built = cls(index)
        for at in range(0, len(rows), _ADDED_AT_ONCE):
            some = rows[at : at + _ADDED_AT_ONCE]
            built.add(some, fetch(some))
        return built

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Read a saved index. Raises StoreError when the file is missing or damaged."""
        import faiss

        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise StoreError(
                f"expected vectors in {path}, found that FAISS can't read it: "
                "run `rag doctor --repair`"
            ) from error

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise StoreError(
                f"expected to write {path}, found that it failed: see that the disk "
                "has room and try again"
            ) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def _lists(self) -> int:
        return int(getattr(self._index, "nlist", 0))

    def outgrown_by(self, total: int) -> bool:
        """Whether an index of `total` vectors should be built anew, not added to."""
        fit = _lists_for(total)
        if not self._lists or not fit:
            return bool(fit) or (bool(self._lists) and total < EXACT_LIMIT // 2)
        return fit >= 2 * self._lists

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add vectors, shape (len(rows), dim)."""
        if len(rows):
            self._index.add_with_ids(np.ascontiguousarray(vectors), rows)

    def remove(self, rows: Rows) -> None:
        """Remove vectors; rows that aren't there don't matter."""
        if len(rows):
            self._index.remove_ids(rows)

    def search(self, vector: NDArray[np.float32], k: int) -> tuple[Rows, Scores]:
        """The k nearest rows and their cosines, best first."""
        k = min(k, len(self))
        if k <= 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        with _one_thread():
            cosines, rows = self._index.search(query, k)
        found = rows[0] >= 0
        return rows[0][found], cosines[0][found]

    def rows(self) -> Rows:
        """Every row number in it, ascending."""
        import faiss

        if not self._lists:
            return np.sort(faiss.vector_to_array(self._index.id_map).astype(np.int64))
        lists = self._index.invlists
        sizes = [lists.list_size(at) for at in range(self._lists)]
        found = [
            faiss.rev_swig_ptr(lists.get_ids(at), size).copy()
            for at, size in enumerate(sizes)
            if size
        ]
        return np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)


@contextmanager
def _one_thread() -> Iterator[None]:
    """FAISS shares out queries, of which there is one: its other threads would only wait, at the
    cost of a core, and where others are at work it waits for them."""
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _lists_for(total: int) -> int:
    """How many lists suit `total` vectors; 0 for an exact search."""
    return 4 * math.isqrt(total) if total > EXACT_LIMIT else 0
