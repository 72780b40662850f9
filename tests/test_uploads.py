"""Files on their way from the page: cut off, sent twice, sent under names that come to the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.requests import ClientDisconnect

from rag.errors import UsageError
from rag.types import Skipped
from rag.ui import uploads as uploads_module
from rag.ui.uploads import Uploads


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path)


async def _chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def receive(uploads: Uploads, batch: str, name: str, text: str) -> None:
    asyncio.run(uploads.receive(batch, name, _chunks(text.encode())))


def left(uploads: Uploads) -> list[str]:
    """The names of all files that are below the folder."""
    return sorted(path.name for path in uploads.folder.rglob("*") if path.is_file())


def test_a_file_that_is_sent_again_takes_the_place_of_the_first(uploads: Uploads) -> None:
    batch = uploads.begin()
    receive(uploads, batch, "a.txt", "half")
    receive(uploads, batch, "a.txt", "the whole")
    name, path = uploads.sent_file(batch)
    assert (name, path.read_text(encoding="utf-8")) == ("a.txt", "the whole")
    assert left(uploads) == ["a.txt"]


def test_the_second_of_two_names_that_come_to_the_same_is_told(uploads: Uploads) -> None:
    batch = uploads.begin()
    receive(uploads, batch, "a?.txt", "first")
    receive(uploads, batch, "a*.txt", "second")
    first, second = uploads.take(batch)
    assert first == "a?.txt"
    assert isinstance(second, Skipped)
    assert (second.source, "'a?.txt'" in second.reason) == ("a*.txt", True)


def test_names_that_are_too_long_stay_apart(uploads: Uploads) -> None:
    batch = uploads.begin()
    for end in ("one", "two"):
        receive(uploads, batch, "x" * 400 + f"{end}.txt", "text")
    sources = [each.source for each in uploads.take(batch) if isinstance(each, Skipped)]
    assert len(set(sources)) == 2
    assert all(len(source) < 250 for source in sources)


def test_nothing_is_left_of_a_file_whose_sender_goes(uploads: Uploads) -> None:
    async def cut_off() -> AsyncIterator[bytes]:
        yield b"half of "
        raise ClientDisconnect

    batch = uploads.begin()
    asyncio.run(_received(uploads, batch, cut_off()))
    assert left(uploads) == []
    assert uploads.take(batch) == []


def test_nothing_is_left_of_a_file_that_was_under_way_when_its_batch_was_dropped(
    uploads: Uploads,
) -> None:
    batch = uploads.begin()

    async def dropped_meanwhile() -> AsyncIterator[bytes]:
        yield b"half of "
        uploads.drop(batch)
        yield b"it"

    asyncio.run(_received(uploads, batch, dropped_meanwhile()))
    assert left(uploads) == []
    assert list(uploads.folder.glob(".sent/*")) == []
    with pytest.raises(UsageError, match="send them again"):
        uploads.take(batch)


def test_a_batch_that_nobody_ends_makes_room_in_time(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = uploads.begin()
    receive(uploads, old, "a.txt", "text")
    monkeypatch.setattr(uploads_module, "_ABANDONED", -1.0)
    uploads.begin()
    assert left(uploads) == []
    with pytest.raises(UsageError, match="send them again"):
        receive(uploads, old, "b.txt", "text")


async def _received(uploads: Uploads, batch: str, chunks: AsyncIterator[bytes]) -> None:
    await uploads.receive(batch, "a.txt", chunks)
