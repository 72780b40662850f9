"""The SQLite file of conversations: opened for each use, checked, and made by the first message.

Each use lets go of the file before it returns, so that threads and processes need nothing between
them but SQLite's own locks, and a file that was moved away meanwhile is never written to. There is
no write-ahead log: of what is removed, nothing may be left in one because somebody was reading.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rag.errors import StoreError, UsageError
from rag.store.sqlite import connect

_VERSION = 1
_APPLICATION = 0x59494E43  # "YINC", marks the file as one of ours
_WAIT_MS = 20_000  # for others who write, each for a few milliseconds

_SCHEMA = """
CREATE TABLE conversations (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    folded TEXT NOT NULL,     -- the title, to be searched
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE TABLE messages (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation INTEGER NOT NULL REFERENCES conversations(row),
    asked TEXT NOT NULL,
    question TEXT NOT NULL,
    resolved TEXT,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    short TEXT,
    declined INTEGER NOT NULL,
    confidence REAL NOT NULL,
    notice TEXT,
    notes TEXT NOT NULL,         -- this one and the next four: JSON lists
    disagreement TEXT NOT NULL,
    claims TEXT NOT NULL,
    citations TEXT NOT NULL,
    nearest TEXT NOT NULL,
    rag TEXT NOT NULL,
    embedder TEXT NOT NULL,
    embedder_fingerprint TEXT NOT NULL,
    language_model TEXT,
    verdict TEXT,
    reason TEXT NOT NULL DEFAULT '',
    folded TEXT NOT NULL         -- question and answer, to be searched
);
CREATE INDEX messages_of_conversation ON messages(conversation);
"""


class ConversationFile:
    """The file at a path; nothing is read or made until it is used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def is_empty(self) -> bool:
        """Whether nothing was ever written: no file, or one that a killed creation left empty."""
        try:
            return not self.path.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False  # opening it says what is wrong

    def read(self, sql: str, *values: str | int) -> list[sqlite3.Row]:
        """The rows of a statement; none where nothing was ever written. Raises StoreError."""
        if self.is_empty():
            return []
        with self._told("read"), closing(connect(self.path, "mode=rw")) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
            if _is_new(connection):
                return []
            _check(connection, self.path)
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end of the block, forgotten when the block fails.

        Raises StoreError.
        """
        with self._told("write"), closing(connect(self.path, "mode=rwc")) as connection:
            for setting in (
                f"busy_timeout = {_WAIT_MS}",
                "foreign_keys = ON",
                "secure_delete = ON",
                "synchronous = FULL",
                "temp_store = MEMORY",
                "journal_mode = TRUNCATE",  # a file that comes and goes disturbs who lists files
            ):
                connection.execute(f"PRAGMA {setting}")
            connection.execute("BEGIN IMMEDIATE")
            if _is_new(connection):
                _create(connection)
            else:
                _check(connection, self.path)
            yield connection
            if connection.in_transaction:
                connection.execute("COMMIT")

    def damaged(self, found: str) -> StoreError:
        """What to tell about a file that isn't as it was written."""
        return StoreError(
            f"expected sound conversations in {self.path}, found: {found}: restore that file from "
            "a backup, or move it elsewhere to begin anew; the articles are not affected"
        )

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """SQLite's errors as StoreErrors."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "malformed" in str(error):
                raise self.damaged(str(error)) from error
            raise StoreError(
                f"expected to {what} {self.path}, found: {error}: free the disk, the rights or the "
                "lock that it names, and try again"
            ) from error
        except sqlite3.Error as error:
            raise self.damaged(str(error)) from error
        except UnicodeEncodeError as error:
            message = "expected an id, found half a character in it: give it whole"
            raise UsageError(message) from error


def _is_new(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {_VERSION}")
    for statement in filter(str.strip, _SCHEMA.split(";")):
        connection.execute(statement)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if application != _APPLICATION:
        raise StoreError(
            f"expected conversations, found another program's {path}: move that file elsewhere"
        )
    if version != _VERSION:
        raise StoreError(
            f"expected conversations of version {_VERSION}, found version {version} in {path}: "
            "use the release that made it, or move that file elsewhere to begin anew"
        )
