"""Folders of FAISS and tantivy files, one for each commit, never changed after it.

    generations/000012/vectors-en.faiss  vectors-zh.faiss  lexical/en/  lexical/zh/

SQLite names the current one and remembers the checksum of each file. A folder that SQLite doesn't
name is left over from a commit that didn't come to its end, or from the past.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from rag.errors import StoreError
from rag.store.documents import FileMark
from rag.store.lexical import LexicalIndex
from rag.store.vectors import VectorIndex
from rag.types import Family

FOLDER_NAME = "generations"
FAMILIES: tuple[Family, ...] = ("en", "zh")
CHECKED_ON_OPEN = 64_000_000  # bytes; larger generations are compared by size, and by `verify`
_LOCKS = (".tantivy-writer.lock", ".tantivy-meta.lock")


def folder_of(root: Path, number: int) -> Path:
    """Where a generation of the index in `root` lies."""
    return root / FOLDER_NAME / f"{number:06d}"


def vectors_name(family: Family) -> str:
    """A family's vectors within a generation."""
    return f"vectors-{family}.faiss"


def lexical_name(family: Family) -> str:
    """A family's words within a generation."""
    return f"lexical/{family}"


class Generation:
    """A committed folder, open for searching; its parts are read when they are first used."""

    def __init__(self, root: Path, number: int, files: Mapping[str, FileMark]) -> None:
        self.number = number
        self.folder = folder_of(root, number)
        self.files = files
        self._hold = _hold(self.folder)
        self._lock = Lock()
        self._vectors: dict[Family, VectorIndex | None] = {}
        self._lexical: dict[Family, LexicalIndex | None] = {}

    def vectors(self, family: Family) -> VectorIndex | None:
        """The family's vectors, None when it has no passages."""
        with self._lock:
            if family not in self._vectors:
                name = vectors_name(family)
                there = name in self.files
                self._vectors[family] = VectorIndex.load(self.folder / name) if there else None
            return self._vectors[family]

    def lexical(self, family: Family) -> LexicalIndex | None:
        """The family's words, None when it has no passages."""
        with self._lock:
            if family not in self._lexical:
                name = lexical_name(family)
                there = f"{name}/meta.json" in self.files
                self._lexical[family] = LexicalIndex.open(self.folder / name) if there else None
            return self._lexical[family]

    def close(self) -> None:
        """Let go of the files; a generation can be closed twice."""
        with self._lock:
            self._vectors.clear()
            self._lexical.clear()
            if self._hold is not None:
                os.close(self._hold)
                self._hold = None


def problems(folder: Path, files: Mapping[str, FileMark], *, thorough: bool) -> list[str]:
    """How a generation's files differ from what was committed, one line for each."""
    small = sum(mark.size for mark in files.values()) <= CHECKED_ON_OPEN
    found = []
    for name, mark in files.items():
        try:
            size = (folder / name).stat().st_size
            if size != mark.size:
                found.append(f"expected {mark.size:,} bytes in {folder / name}, found {size:,}")
            elif (thorough or small) and _sha256(folder / name) != mark.sha256:
                found.append(f"expected the committed content of {folder / name}, found other")
        except FileNotFoundError:
            found.append(f"expected {folder / name}, found no such file")
        except OSError as error:
            found.append(f"expected to read {folder / name}, found {error.strerror}")
    return found


def start(root: Path, current: int, files: Mapping[str, FileMark]) -> Path:
    """A new folder that begins as links to the current generation's files.

    tantivy and `VectorIndex.save` replace files and never write into one, so links are safe.
    """
    target = folder_of(root, current + 1)
    source = folder_of(root, current)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in files:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source / name, target / name)
        except FileNotFoundError as error:
            raise StoreError(
                f"expected {source / name}, found no such file: run `rag doctor --repair`"
            ) from error
        except OSError:  # a file system without links
            shutil.copy2(source / name, target / name)
    return target


def seal(folder: Path, before: Path | None, known: Mapping[str, FileMark]) -> dict[str, FileMark]:
    """Put a finished folder on the disk for good; returns what its files hold.

    A file that is still a link to the generation `before` keeps the mark that is `known`.
    """
    marks: dict[str, FileMark] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.name in _LOCKS:
            path.unlink()
        elif before is not None and name in known and _same(path, before / name):
            marks[name] = known[name]
        else:
            _sync(path)
            marks[name] = FileMark(path.stat().st_size, _sha256(path))
    for inner in [path for path in folder.rglob("*") if path.is_dir()]:
        _sync(inner)
    for outer in (folder, folder.parent, folder.parent.parent):
        _sync(outer)
    return marks


def prune(root: Path, current: int) -> None:
    """Remove every generation but the current one and those that a reader still holds."""
    parent = root / FOLDER_NAME
    for folder in sorted(parent.iterdir()) if parent.is_dir() else []:
        if folder == folder_of(root, current) or not folder.name.isdigit():
            continue
        if not _is_held(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _same(path: Path, other: Path) -> bool:
    return other.exists() and path.samefile(other)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hold(folder: Path) -> int | None:
    """Keep writers from removing a folder until the returned handle is closed."""
    if sys.platform == "win32":
        return None  # there an open file can't be removed
    import fcntl

    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
    except OSError:  # a file system without locks
        os.close(handle)
        return None
    return handle


def _is_held(folder: Path) -> bool:
    if sys.platform == "win32":
        return False
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False
