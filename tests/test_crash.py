"""Killed at any moment, an index is what its last commit made it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import article

from rag.errors import StoreError
from rag.index import Index
from rag.store import generations
from rag.store.document_writer import DocumentWriter
from rag.store.lexical import LexicalWriter
from rag.store.vectors import VectorIndex

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")

Sources = dict[str, str]

# Ingests "new-0", "new-1", ... into the index at argv[1], one commit each, and says so.
WRITER = """
import sys
from pathlib import Path
from rag.embed import static
from rag.index import Index
from rag.types import RawArticle
static.BUILT_IN = Path(sys.argv[2])
with Index.open(Path(sys.argv[1]), create=True) as index:
    print("open", flush=True)
    for n in range(1000):
        index.ingest_articles([
            RawArticle(f"new-{n}", f"new-{n}", "jsonl", f"Ship {n} came in. 第{n}艘船到了。"),
            RawArticle("always", "always", "jsonl", f"There were {n} ships."),
        ])
        print(n, flush=True)
"""

# Kills itself before or after the first call of a function while it ingests one article.
SUICIDE = """
import os, signal, sys
from importlib import import_module
from pathlib import Path
from rag.embed import static
from rag.index import Index
from rag.types import RawArticle
static.BUILT_IN = Path(sys.argv[2])
index = Index.open(Path(sys.argv[1]))
owner, when = import_module(sys.argv[3]), sys.argv[5]
*inner, name = sys.argv[4].split(".")
for each in inner:
    owner = getattr(owner, each)
real = getattr(owner, name)
def die(*args, **kwargs):
    if when == "after":
        real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, die)
index.ingest_articles([
    RawArticle("old", "old", "jsonl", "The old ship has sailed."),
    RawArticle("new", "new", "jsonl", "A new ship came in."),
])
"""

STEPS = [
    ("rag.store.generations", "start"),
    ("rag.store.document_writer", "DocumentWriter.put_passage"),
    ("rag.store.document_writer", "DocumentWriter.put_source"),
    ("rag.store.document_writer", "DocumentWriter.drop_document"),
    ("rag.store.document_writer", "DocumentWriter.put_signatures"),
    ("rag.store.lexical", "LexicalWriter.commit"),
    ("rag.store.vectors", "VectorIndex.save"),
    ("rag.store.generations", "seal"),
    ("rag.store.document_writer", "DocumentWriter.put_meta"),
    ("rag.store.document_writer", "DocumentWriter.commit"),
    ("rag.store.document_writer", "DocumentWriter.checkpoint"),
]


def run(script: str, index: Path, model: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(index), str(model), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def sources(index: Index) -> Sources:
    return {source: entry.document.text for entry in index.documents() for source in entry.sources}


def check_sound_and_writable(path: Path) -> Sources:
    """Open, verify, write and verify again; returns what was in it."""
    with Index.open(path) as index:
        assert index.verify() == ()
        found = sources(index)
        index.ingest_articles([article("afterwards", "After the storm.")])
        assert index.verify() == ()
        assert sources(index) == {**found, "afterwards": "After the storm."}
        index.remove(["afterwards"])
        left = sorted(each.name for each in (path / "generations").iterdir())
        current = index.stats().generation  # and the one that `index` was reading
        assert left == [f"{current - 1:06d}", f"{current:06d}"]
    return found


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("module", "function"), STEPS)
def test_killed_at_a_step_the_index_is_the_last_commit(
    built_in: Path, tmp_path: Path, module: str, function: str, when: str
) -> None:
    path = tmp_path / "index"
    before = {"old": "The old ship is here.", "other": "海上有一艘船。"}
    with Index.open(path, create=True) as index:
        index.ingest_articles([article(name, text) for name, text in before.items()])
    writer = run(SUICIDE, path, built_in, module, function, when)
    _, errors = writer.communicate(timeout=60)
    assert writer.returncode == -signal.SIGKILL, errors
    committed = (function, when) == ("DocumentWriter.commit", "after") or "checkpoint" in function
    after = {**before, "old": "The old ship has sailed.", "new": "A new ship came in."}
    assert check_sound_and_writable(path) == (after if committed else before)


def test_killed_at_any_time_the_index_is_the_last_commit(built_in: Path, tmp_path: Path) -> None:
    rng = random.Random(11)
    path = tmp_path / "index"
    for _ in range(8):
        writer = run(WRITER, path, built_in)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        time.sleep(rng.uniform(0, 0.7))
        writer.kill()
        said = [int(line) for line in writer.communicate()[0].split()]
        found = check_sound_and_writable(path)
        if not found:
            assert not said
            continue
        last = max(int(name.removeprefix("new-")) for name in found if name != "always")
        assert last >= max(said, default=0)  # what it said was committed is there
        assert found["always"] == f"There were {last} ships." or last not in said
        assert all(f"new-{n}" in found for n in range(last + 1))


def test_killed_while_it_is_made_an_index_can_be_made_again(built_in: Path, tmp_path: Path) -> None:
    rng = random.Random(5)
    for n in range(6):
        path = tmp_path / f"index-{n}"
        writer = run(WRITER, path, built_in)
        deadline = time.monotonic() + 30
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.0005)
        time.sleep(rng.uniform(0, 0.02))
        writer.kill()
        writer.communicate()
        with Index.open(path, create=True) as index:
            assert index.verify() == ()
        check_sound_and_writable(path)


FULL = OSError(28, "No space left on device")
TOLD = StoreError("expected room, found none: make some")


@pytest.mark.parametrize(
    ("owner", "name", "fault"),
    [
        (generations, "start", FULL),
        (generations, "seal", FULL),
        (generations, "seal", TOLD),
        (VectorIndex, "save", TOLD),
        (LexicalWriter, "commit", TOLD),
        (LexicalWriter, "add", KeyboardInterrupt()),
        (DocumentWriter, "put_source", TOLD),
        (DocumentWriter, "put_source", KeyboardInterrupt()),
        (DocumentWriter, "commit", TOLD),
    ],
)
def test_after_a_fault_at_a_step_the_same_index_goes_on(
    new_index: Callable[[], Index],
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    fault: BaseException,
) -> None:
    index = new_index()
    before = {"old": "The old ship is here.", "other": "海上有一艘船。"}
    index.ingest_articles([article(source, text) for source, text in before.items()])

    def fail(*_: object, **__: object) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fail)
        with pytest.raises((StoreError, KeyboardInterrupt)):
            index.ingest_articles([article("old", "Gone."), article("new", "Here.")])
    assert sources(index) == before
    assert index.verify() == ()
    index.ingest_articles([article("new", "Here.")])
    assert sources(index) == {**before, "new": "Here."}
    assert index.verify() == ()
