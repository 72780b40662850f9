"""Opening an index's SQLite file, and saying plainly what is wrong with one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from rag.errors import StoreError

SCHEMA_VERSION = 2
APPLICATION = 0x59494E4A  # "YINJ", marks the file as one of ours


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open for reading, also where nothing can be written."""
    try:
        connection = connect(path, "mode=rw")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return connection
    except sqlite3.OperationalError as error:
        return _connect_read_only(path, error)
    except sqlite3.DatabaseError as error:
        raise damaged(path, error) from error


def is_empty_store(path: Path) -> bool:
    """Whether the file is missing, or was left empty by a creation that didn't come to its end."""
    if not path.exists():
        return True
    try:
        connection = connect(path, "mode=rw")
        empty = bool(connection.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])
        connection.close()
    except sqlite3.Error:
        return False  # opening it says what is wrong
    return empty


def connect(path: Path, how: str) -> sqlite3.Connection:
    """Open the file; SQLite waits up to 5 s for another's lock."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}",
        uri=True,
        isolation_level=None,
        timeout=5,
        check_same_thread=False,
    )


def _connect_read_only(path: Path, error: sqlite3.OperationalError) -> sqlite3.Connection:
    """SQLite's log needs a writable folder, unless it is told that nobody writes."""
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise StoreError(
            f"expected a finished index in {path.parent}, found an unfinished log and "
            "no right to finish it: open the index once where it can be written"
        ) from error
    try:
        return connect(path, "mode=ro&immutable=1")
    except sqlite3.DatabaseError as second:
        raise damaged(path, second) from second


def damaged(path: Path, error: Exception) -> StoreError:
    """What to tell about a file that SQLite can't work with."""
    text = str(error)
    if isinstance(error, sqlite3.OperationalError) and "malformed" not in text:
        return StoreError(
            f"expected to use {path}, found: {text}: free the disk, the rights or "
            "the lock that it names, and try again"
        )
    return StoreError(
        f"expected a sound {path}, found: {text or type(error).__name__}: this file is the source "
        "of truth and can't be rebuilt; restore it from a backup, or ingest into a new index"
    )
