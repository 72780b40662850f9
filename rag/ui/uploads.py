"""Where the articles that come from the page are kept, below the index they are in.

A name from a browser is data: none leads out of the folder, and none hides a file in it.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from threading import Lock
from time import monotonic
from typing import Final

from starlette.requests import ClientDisconnect

from rag.errors import StoreError, UsageError
from rag.load import MAX_FILE_BYTES, load
from rag.types import RawArticle, Skipped

FOLDER: Final = "articles"
LARGEST: Final = 4 * MAX_FILE_BYTES
"""Bytes of one file that is sent; a .jsonl file may be larger than other articles."""

_SENT, _REMOVED = ".sent", ".removed"  # names with a dot are passed over when a folder is read
_DEPTH, _LONGEST = 16, 200  # parts of a name, and bytes of a part
_SHOWN = 200  # characters of a name that is too long
_ABANDONED = 24 * 3600.0  # seconds after which a batch that nobody ended makes room
_UNUSABLE = re.compile(r'[<>:"|?*]')


def safe_path(name: str) -> PurePosixPath:
    """A name within a folder, from what a browser calls a file. Raises UsageError for none."""
    parts: list[str] = []
    for part in unicodedata.normalize("NFC", name).replace("\\", "/").split("/"):
        shown = "".join(each if each.isprintable() else "_" for each in part)
        kept = _UNUSABLE.sub("_", shown).strip().lstrip(".").rstrip(". ")
        if part.strip() == ".." or len(kept.encode()) > _LONGEST:
            parts = []
            break
        if kept:
            parts.append(kept)
    if not 0 < len(parts) <= _DEPTH:
        raise UsageError(
            f"expected a file's name of at most {_LONGEST} bytes within {_DEPTH - 1} folders, "
            f"found {name[:80]!r}: rename it"
        )
    return PurePosixPath(*parts)


@dataclass(slots=True)
class _Batch:
    """What has come so far, by the name it was sent under; `names` are those, by place."""

    found: dict[str, str | Skipped] = field(default_factory=dict)
    names: dict[PurePosixPath, str] = field(default_factory=dict)
    touched: float = field(default_factory=monotonic)


class Uploads:
    """The folder of an index that holds what was sent to it."""

    def __init__(self, index: Path) -> None:
        self.folder = Path(os.path.abspath(index)) / FOLDER
        self._batches: dict[str, _Batch] = {}
        self._lock = Lock()

    def clear(self) -> None:
        """Forget what an earlier server didn't finish: half a batch, and what can't be undone."""
        for name in (_SENT, _REMOVED):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    # --- arriving ---

    def begin(self) -> str:
        """The name of a new batch."""
        batch = secrets.token_hex(16)
        with self._lock:
            old = [
                name
                for name, each in self._batches.items()
                if monotonic() - each.touched > _ABANDONED
            ]
            self._batches[batch] = _Batch()
        for name in old:
            self.drop(name)
        return batch

    async def receive(self, batch: str, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Keep one file of a batch until the batch is read; why it can't be is kept instead.

        A file that is sent again under its name takes the place of the one before; of one whose
        sender goes nothing is kept. Raises UsageError for a batch that is not under way.
        """
        under_way = self._of(batch)
        under_way.touched = monotonic()
        try:
            relative = _free_path(name, under_way.names)
            new = self._sent(batch) / f".{secrets.token_hex(8)}"
            found = await _written(new, name, chunks)
            if self._batches.get(batch) is not under_way:  # it ended meanwhile
                _delete(new)
            elif found == name:
                _move(new, self._sent(batch) / relative)
        except ClientDisconnect:
            return
        except UsageError as error:
            found = Skipped(_shown(name), str(error))
        except OSError as error:
            reason = f"expected room for the file, found {error.strerror}: check the server's disk"
            found = Skipped(_shown(name), reason)
        under_way.found[name] = found

    def take(self, batch: str) -> list[str | Skipped]:
        """What has come with a batch, by name, which ends it. Raises UsageError."""
        found = self._of(batch).found
        with self._lock:
            self._batches.pop(batch, None)
        return list(found.values())

    def sent_file(self, batch: str) -> tuple[str, Path]:
        """The only file of a batch: its name, and where it is until the batch is dropped.

        Raises UsageError.
        """
        found = self.take(batch)
        if len(found) != 1 or isinstance(found[0], Skipped):
            why = found[0].reason if found and isinstance(found[0], Skipped) else ""
            raise UsageError(why or f"expected one file, found {len(found)}: send it again")
        return found[0], self._sent(batch) / safe_path(found[0])

    def drop(self, batch: str) -> None:
        """Delete what is left of a batch."""
        with self._lock:
            self._batches.pop(batch, None)
        if re.fullmatch("[0-9a-f]{32}", batch):
            shutil.rmtree(self._sent(batch), ignore_errors=True)

    def articles(self, batch: str, name: str) -> Iterator[RawArticle | Skipped]:
        """The articles of a file that was sent; one that holds any takes its place in the folder.

        A file that can't be read leaves the one that it would have replaced.
        """
        relative = safe_path(name)
        sent, place = self._sent(batch) / relative, self.folder / relative
        readable = False
        for found in load(sent):
            readable = readable or isinstance(found, RawArticle)
            yield _moved(found, str(sent), str(place), str(relative))
        if readable:
            try:
                _move(sent, place)
            except OSError as error:
                reason = f"expected a place for the file, found {error.strerror}: rename it"
                yield Skipped(str(place), reason)

    def _sent(self, batch: str) -> Path:
        return self.folder / _SENT / batch

    def _of(self, batch: str) -> _Batch:
        with self._lock:
            found = self._batches.get(batch)
        if found is None:
            raise UsageError("expected files that are being sent, found none: send them again")
        return found

    # --- leaving ---

    def owns(self, path: str) -> bool:
        """Whether a path is one of those that files which were sent have."""
        return Path(path).is_relative_to(self.folder)

    def holds(self, path: str) -> bool:
        """Whether a file is one of those that were sent, and still there."""
        return self.owns(path) and Path(path).is_file()

    def set_aside(self, path: str, removal: str) -> None:
        """Take a file out of the folder, to be put back or to be forgotten."""
        with suppress(OSError):
            _move(Path(path), self._aside(path, removal))

    def aside(self, path: str, removal: str) -> Path | None:
        """Where a file is that a removal took out of the folder; None where it took none."""
        found = self._aside(path, removal) if self.owns(path) else None
        return found if found and found.is_file() else None

    def free_place(self, path: str) -> Path:
        """Where a file can be put back: where it was, or beside the one that is there now."""
        place, number = Path(path), 2
        while place.exists():
            place = Path(path).with_stem(f"{Path(path).stem} ({number})")
            number += 1
        return place

    def put_back(self, aside: Path, place: Path) -> None:
        """Undo `set_aside`. Raises StoreError, and then the file is still set aside."""
        try:
            _move(aside, place)
        except OSError as error:
            raise StoreError(
                f"expected to write in {place.parent}, found {error.strerror}: see that the disk "
                "has room and can be written, then try again"
            ) from error

    def forget(self, removal: str) -> None:
        """Delete what was set aside."""
        shutil.rmtree(self.folder / _REMOVED / removal, ignore_errors=True)

    def _aside(self, path: str, removal: str) -> Path:
        return self.folder / _REMOVED / removal / Path(path).relative_to(self.folder)


def _free_path(name: str, names: dict[PurePosixPath, str]) -> PurePosixPath:
    """The path of a name in a batch, from now on taken. Raises UsageError."""
    path = safe_path(name)
    if (other := names.setdefault(path, name)) != name:
        raise UsageError(
            f"expected a name of its own, found that it would be kept in the place of {other!r}: "
            "rename it"
        )
    return path


def _shown(name: str) -> str:
    """A name without the middle of one that is too long."""
    half = _SHOWN // 2
    return name if len(name) <= _SHOWN else f"{name[:half]}…{name[-half:]}"


async def _written(place: Path, name: str, chunks: AsyncIterator[bytes]) -> str | Skipped:
    """The name of a file that was written whole; nothing is left of another."""
    size = 0
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with place.open("wb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size <= LARGEST:
                    file.write(chunk)
    except BaseException:  # also where the sender has left
        _delete(place)
        raise
    if size <= LARGEST:
        return name
    _delete(place)
    return Skipped(name, f"expected at most {LARGEST:,} bytes, found {size:,}: split the file")


def _delete(file: Path) -> None:
    """Delete a file, and its folder with the last one."""
    file.unlink(missing_ok=True)
    with suppress(OSError):
        file.parent.rmdir()


def _moved(found: RawArticle | Skipped, sent: str, place: str, name: str) -> RawArticle | Skipped:
    """What was read where a file was sent, as read where it is kept."""
    source = place + found.source.removeprefix(sent)
    if isinstance(found, Skipped):
        return Skipped(source, found.reason.replace(sent, name))
    return replace(found, source=source, path=place)


def _move(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    file.replace(to)
