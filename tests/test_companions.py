"""Long lists embedded by several processes: the same vectors in order, come what may."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import TEXTS

from rag import child
from rag.embed import companions as module
from rag.embed.companions import Companions, Parts
from rag.embed.static import StaticEmbedder
from rag.types import Vectors

MANY = [f"{n}. {text}\udc80" for n in range(60) for text in (*TEXTS.values(), "", "?!")]


@pytest.fixture
def embedder(small_model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> StaticEmbedder:
    monkeypatch.setattr(module, "LONG", 200)
    monkeypatch.setattr(module, "ENOUGH", 100)
    monkeypatch.setattr(child, "processors", lambda: 2)
    return StaticEmbedder.load(small_model_folder)


@pytest.fixture
def two(embedder: StaticEmbedder, small_model_folder: Path) -> Iterator[Companions]:
    companions = Companions(small_model_folder, embedder.fingerprint)
    yield companions
    companions.close()


def embed(companions: Companions, embedder: StaticEmbedder, texts: list[str]) -> Vectors:
    vectors = np.full((len(texts), embedder.dim), np.nan, np.float32)
    companions.embed(texts, embedder.embed_here, vectors)
    return vectors


def test_processes_give_the_vectors_of_this_one_in_order(
    two: Companions, embedder: StaticEmbedder
) -> None:
    expected = embedder.embed_here(MANY)
    for _ in range(2):
        assert np.array_equal(embed(two, embedder, MANY), expected)
    assert len(two._processes) == 2


def test_short_list_starts_no_process(two: Companions, embedder: StaticEmbedder) -> None:
    assert np.array_equal(embed(two, embedder, MANY[:150]), embedder.embed_here(MANY[:150]))
    assert not two._processes


def test_what_a_dead_process_leaves_is_done_here_and_another_starts(
    two: Companions, embedder: StaticEmbedder
) -> None:
    embed(two, embedder, MANY)
    killed = list(two._processes)
    for process in killed:
        process.kill()
    assert np.array_equal(embed(two, embedder, MANY), embedder.embed_here(MANY))
    for process in killed:
        process.wait()
    assert np.array_equal(embed(two, embedder, MANY), embedder.embed_here(MANY))
    assert not set(killed) & set(two._processes)


def test_process_whose_model_has_changed_does_nothing(
    small_model_folder: Path, embedder: StaticEmbedder
) -> None:
    others = Companions(small_model_folder, "of another model")
    assert np.array_equal(embed(others, embedder, MANY), embedder.embed_here(MANY))
    assert [process.wait(60) for process in others._processes] == [0, 0]
    others.close()


def test_threads_at_once_each_get_their_own(two: Companions, embedder: StaticEmbedder) -> None:
    found: dict[int, Vectors] = {}
    lists = [MANY[n:] for n in range(3)]

    def run(n: int) -> None:
        found[n] = embed(two, embedder, lists[n])

    threads = [threading.Thread(target=run, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, texts in enumerate(lists):
        assert np.array_equal(found[n], embedder.embed_here(texts))


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 5000])
def test_parts_cover_a_list_once(count: int) -> None:
    parts = Parts(count, 3)
    taken: list[int] = []
    while (part := parts.take()) is not None:
        taken += range(count)[part]
    assert taken == list(range(count))
