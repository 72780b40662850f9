"""Nearest vectors beside numpy's brute force."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.errors import StoreError
from rag.store import vectors
from rag.store.vectors import VectorIndex

Floats = NDArray[np.float32]


def unit(count: int, dim: int = 32, seed: int = 0) -> Floats:
    """Vectors around 200 centres, as texts on a few topics are."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((200, dim))
    points = centres[rng.integers(0, 200, count)] + 0.6 * rng.standard_normal((count, dim))
    normed: Floats = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    return normed


def build(points: Floats, first: int = 100) -> VectorIndex:
    rows = np.arange(first, first + len(points))
    return VectorIndex.build(points.shape[1], rows, lambda some: points[some - first])


def brute(points: Floats, query: Floats, k: int, first: int = 100) -> tuple[list[int], Floats]:
    cosines = points @ query
    best = np.argsort(-cosines, kind="stable")[:k]
    return (best + first).tolist(), cosines[best]


def test_small_indexes_are_exact() -> None:
    points = unit(3000)
    index = build(points)
    for query in unit(20, seed=1):
        rows, cosines = index.search(query, 10)
        expected_rows, expected = brute(points, query, 10)
        assert rows.tolist() == expected_rows
        np.testing.assert_allclose(cosines, expected, atol=1e-5)


def test_large_indexes_find_nearly_all_of_the_nearest() -> None:
    points = unit(vectors.EXACT_LIMIT + 5000)
    index = build(points)
    assert len(index) == len(points)
    found = 0
    for query in unit(100, seed=1):
        rows, cosines = index.search(query, 10)
        expected_rows, _ = brute(points, query, 10)
        found += len(set(rows.tolist()) & set(expected_rows))
        np.testing.assert_allclose(cosines, points[rows - 100] @ query, atol=0.02)
        assert np.all(np.diff(cosines) <= 0)
    assert found / 1000 > 0.95


def test_the_same_vectors_make_the_same_index(tmp_path: Path) -> None:
    points = unit(vectors.EXACT_LIMIT + 1)
    for name in ("a", "b"):
        build(points).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("count", [50, vectors.EXACT_LIMIT + 50])
def test_removed_rows_are_never_found_and_added_ones_are(count: int, tmp_path: Path) -> None:
    points = unit(count)
    index = build(points)
    gone = np.arange(100, 120)
    index.remove(gone)
    extra = unit(5, seed=3)
    index.add(np.arange(10**6, 10**6 + 5), extra)
    index.save(tmp_path / "v")
    again = VectorIndex.load(tmp_path / "v")
    assert again.rows().tolist() == [*range(120, 100 + count), *range(10**6, 10**6 + 5)]
    rows, _ = again.search(points[3], count)
    assert not set(rows.tolist()) & set(gone.tolist())
    assert again.search(extra[2], 1)[0].tolist() == [10**6 + 2]


def test_more_asked_for_than_there_is_gives_what_there_is() -> None:
    index = build(unit(3))
    assert len(index.search(unit(1)[0], 50)[0]) == 3
    assert len(index.search(unit(1)[0], 0)[0]) == 0


def test_an_index_is_built_anew_when_it_has_outgrown_its_kind() -> None:
    limit = vectors.EXACT_LIMIT
    exact = build(unit(10))
    assert not exact.outgrown_by(limit)
    assert exact.outgrown_by(limit + 1)
    lists = build(unit(limit + 1))
    assert not lists.outgrown_by(2 * limit)
    assert lists.outgrown_by(8 * limit)
    assert lists.outgrown_by(limit // 4)


@pytest.mark.parametrize("content", [None, b"", b"IwFl and then nothing of the kind"])
def test_a_file_that_is_missing_or_damaged_names_the_repair(
    content: bytes | None, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "v").write_bytes(content)
    with pytest.raises(StoreError, match="rag doctor --repair"):
        VectorIndex.load(tmp_path / "v")
