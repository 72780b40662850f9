"""Conversations, kept in one SQLite file beside the index; no change to the index touches it.

The file is made by the first message. Each call opens it, and lets go of it before it returns, so
that threads and processes need nothing between them but SQLite's own locks, and a file that was
moved away meanwhile is never written to. There is no write-ahead log: of what is removed, nothing
may be left in one because somebody was reading.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

from rag.errors import StoreError, UsageError
from rag.fold import fold
from rag.store.messages import (
    NEAREST,
    CitationState,
    CitedArticle,
    ConversationEntry,
    KeptCitation,
    KeptHit,
    Message,
    Restored,
    Verdict,
    Versions,
    kept_citation,
    kept_hit,
    restore,
)
from rag.store.sqlite import connect
from rag.types import LANGUAGES, Answer, ClaimStatus, Position, WrittenClaim

__all__ = [
    "FILE_NAME",
    "CitationState",
    "CitedArticle",
    "ConversationEntry",
    "Conversations",
    "KeptCitation",
    "KeptHit",
    "Message",
    "Restored",
    "Verdict",
    "Versions",
    "restore",
]

FILE_NAME = "conversations.sqlite"

_T = TypeVar("_T")

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
_KEPT = (
    "id, asked, question, resolved, language, text, short, declined, confidence, notice, notes,"
    " disagreement, claims, citations, nearest, rag, embedder, embedder_fingerprint, language_model"
)
_MESSAGES = (
    f"SELECT c.id AS conversation_id, {', '.join(f'm.{name}' for name in _KEPT.split(', '))},"
    " m.verdict, m.reason FROM messages m JOIN conversations c ON c.row = m.conversation"
)
_ENTRIES = """
SELECT c.id, c.title, c.created, c.updated,
    (SELECT count(*) FROM messages m WHERE m.conversation = c.row)
FROM conversations c
"""
_WITH_WORDS = """
WHERE NOT EXISTS (
    SELECT 1 FROM json_each(?) word
    WHERE NOT instr(c.folded, word.value) AND NOT EXISTS (
        SELECT 1 FROM messages m WHERE m.conversation = c.row AND instr(m.folded, word.value)
    )
)
ORDER BY c.updated DESC, c.row DESC LIMIT ?
"""


class Conversations:
    """The conversations beside an index; safe to use from several threads and processes.

    Every method raises StoreError when the file is damaged, not ours or of another version, and
    those that write do where writing isn't possible. Such a file is left as it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def open(cls, folder: Path) -> Conversations:
        """Those of the index in a folder; nothing is read or made yet."""
        return cls(Path(folder) / FILE_NAME)

    def close(self) -> None:
        """Nothing to do: no call leaves the file open."""

    # --- writing ---

    def begin(self) -> str:
        """A new conversation's id; its first message writes it."""
        return secrets.token_hex(16)

    def add(
        self,
        conversation_id: str,
        answer: Answer,
        versions: Versions,
        *,
        instead_of: str | None = None,
    ) -> str:
        """Keep an answer as the last message of a conversation; returns the message's id.

        It takes the place of the message `instead_of` and all after it, in one step.
        """
        message_id, now = secrets.token_hex(16), _now()
        with self._writing() as connection:
            if instead_of is not None:
                _cut(connection, conversation_id, instead_of, answer.question)
            connection.execute(
                "INSERT INTO conversations (id, title, folded, created, updated)"
                " VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT (id) DO UPDATE SET updated = ?4",
                (conversation_id, *_title(answer.question), now),
            )
            row = {"id": message_id, "asked": now, **_kept(answer), **_made_with(versions)}
            names = ", ".join(row)
            connection.execute(
                f"INSERT INTO messages (conversation, {names}) VALUES ((SELECT row FROM"
                f" conversations WHERE id = ?), {', '.join('?' * len(row))})",
                (conversation_id, *row.values()),
            )
        return message_id

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title, which is kept on one line."""
        if not title.strip():
            raise UsageError("expected a title, found an empty text: write one")
        with self._writing() as connection:
            found = connection.execute(
                "UPDATE conversations SET title = ?, folded = ? WHERE id = ?",
                (*_title(title), conversation_id),
            )
            _require(found, "conversation", conversation_id)

    def remove(self, conversation_id: str) -> None:
        """Remove a conversation and its messages, so that none of their bytes stays in the file.

        One that isn't there is no error.
        """
        if self._is_empty():
            return
        with self._writing() as connection:
            connection.execute(
                "DELETE FROM messages WHERE conversation ="
                " (SELECT row FROM conversations WHERE id = ?)",
                (conversation_id,),
            )
            connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))
            connection.execute("COMMIT")
            connection.execute("VACUUM")

    def rate(self, message_id: str, verdict: Verdict | None, reason: str = "") -> None:
        """Keep what the reader thinks of an answer, in the place of what they thought before.

        None takes it back, and the reason with it.
        """
        if verdict is not None and verdict not in get_args(Verdict):
            raise UsageError(f"expected 'up', 'down' or None, found {verdict!r}: give one of them")
        with self._writing() as connection:
            found = connection.execute(
                "UPDATE messages SET verdict = ?, reason = ? WHERE id = ?",
                (verdict, _plain(reason) if verdict else "", message_id),
            )
            _require(found, "message", message_id)

    # --- reading ---

    def listed(self, words: str = "", *, limit: int = 200) -> list[ConversationEntry]:
        """Conversations, the last one written to first.

        Each of the `words` must stand in the title, a question or an answer, in either script.
        """
        wanted = json.dumps(_folded(words).split())
        found = self._read(_ENTRIES + _WITH_WORDS, wanted, limit)
        return [ConversationEntry(*row) for row in found]

    def entry(self, conversation_id: str) -> ConversationEntry | None:
        """One conversation as it is listed; None when it isn't there."""
        found = self._read(_ENTRIES + "WHERE c.id = ?", conversation_id)
        return ConversationEntry(*found[0]) if found else None

    def messages(self, conversation_id: str) -> list[Message]:
        """The messages of a conversation in the order they were asked; none when it isn't there."""
        return self._messages(" WHERE c.id = ? ORDER BY m.row", conversation_id)

    def rated(self) -> Iterator[Message]:
        """Every message that the reader has rated, the oldest first."""
        return iter(self._messages(" WHERE m.verdict IS NOT NULL ORDER BY m.row"))

    def _messages(self, where: str, *values: str) -> list[Message]:
        rows = self._read(_MESSAGES + where, *values)
        try:
            return [_message(row) for row in rows]
        except (ValueError, TypeError, KeyError) as error:
            raise _damaged(self.path, "a message with parts missing") from error

    # --- the file ---

    def _is_empty(self) -> bool:
        """Whether nothing was ever written: no file, or one that a killed creation left empty."""
        try:
            return not self.path.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False  # opening it says what is wrong

    def _read(self, sql: str, *values: str | int) -> list[sqlite3.Row]:
        if self._is_empty():
            return []
        with _told(self.path, "read"), closing(connect(self.path, "mode=rw")) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
            if not _is_new(connection):
                _check(connection, self.path)
                return connection.execute(sql, values).fetchall()
            return []

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end of the block, forgotten when the block fails."""
        with _told(self.path, "write"), closing(connect(self.path, "mode=rwc")) as connection:
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


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    """SQLite's errors as StoreErrors."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "malformed" in str(error):
            raise _damaged(path, str(error)) from error
        raise StoreError(
            f"expected to {what} {path}, found: {error}: free the disk, the rights or the lock "
            "that it names, and try again"
        ) from error
    except sqlite3.Error as error:
        raise _damaged(path, str(error)) from error
    except UnicodeEncodeError as error:
        raise UsageError("expected an id, found half a character in it: give it whole") from error


def _damaged(path: Path, found: str) -> StoreError:
    return StoreError(
        f"expected sound conversations in {path}, found: {found}: restore that file from a backup, "
        "or move it elsewhere to begin anew; the articles are not affected"
    )


def _require(found: sqlite3.Cursor, what: str, name: str) -> None:
    if not found.rowcount:
        raise StoreError(f"expected a {what} that is kept, found no {name}: it may be removed")


# --- rows ---


def _cut(connection: sqlite3.Connection, conversation: str, message: str, question: str) -> None:
    """Remove a message and all after it; a title that was the first question's becomes the new
    one's."""
    found = connection.execute(
        "SELECT c.row, c.title, m.row, m.question FROM messages m"
        " JOIN conversations c ON c.row = m.conversation WHERE c.id = ? AND m.id = ?",
        (conversation, message),
    ).fetchone()
    if found is None:
        return
    row, title, first, asked = found
    connection.execute("DELETE FROM messages WHERE conversation = ? AND row >= ?", (row, first))
    if title == _title(asked)[0]:
        connection.execute(
            "UPDATE conversations SET title = ?1, folded = ?2 WHERE row = ?3"
            " AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation = ?3)",
            (*_title(question), row),
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _plain(text: str) -> str:
    """What SQLite can keep and search: a browser may send half a character, or a NUL."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _folded(*texts: str | None) -> str:
    return fold(_plain("\n".join(filter(None, texts))))


def _title(text: str) -> tuple[str, str]:
    """A title on one line, and the form of it that is searched."""
    title = _plain(" ".join(text.split()))
    return title, _folded(title)


def _kept(answer: Answer) -> dict[str, Any]:
    """The columns that an answer fills."""
    resolved = answer.resolved if answer.resolved != answer.question else None
    lists: dict[str, list[Any]] = {
        "notes": list(answer.notes),
        "disagreement": [asdict(each) for each in answer.disagreement],
        "claims": [asdict(each) for each in answer.claims],
        "citations": [asdict(kept_citation(each)) for each in answer.citations],
        "nearest": [asdict(kept_hit(each)) for each in answer.hits[:NEAREST] if answer.declined],
    }
    words = {
        "question": answer.question,
        "resolved": resolved,
        "language": answer.language,
        "text": answer.text,
        "short": answer.short,
        "notice": answer.notice,
    }
    return {
        **{name: None if text is None else _plain(text) for name, text in words.items()},
        "declined": int(answer.declined),
        "confidence": float(answer.confidence),
        **{name: json.dumps(values) for name, values in lists.items()},
        "folded": _folded(answer.question, resolved, answer.text),
    }


def _made_with(versions: Versions) -> dict[str, str | None]:
    return {name: getattr(versions, name) for name in _VERSION_NAMES}


_VERSION_NAMES = tuple(each.name for each in fields(Versions))


def _message(row: sqlite3.Row) -> Message:
    """A row as it was kept. Raises ValueError, TypeError or KeyError where it isn't whole."""
    values = dict(row)
    versions = Versions(**{name: values.pop(name) for name in _VERSION_NAMES})
    if values["language"] not in LANGUAGES or values["verdict"] not in (None, *get_args(Verdict)):
        raise ValueError
    return Message(
        **{
            **values,
            "declined": bool(values["declined"]),
            "notes": tuple(json.loads(values["notes"])),
            "disagreement": _each(values["disagreement"], _position),
            "claims": _each(values["claims"], _claim),
            "citations": _each(values["citations"], _citation),
            "nearest": _each(values["nearest"], lambda kept: KeptHit(**kept)),
            "versions": versions,
        }
    )


def _each(text: str, build: Callable[[Mapping[str, Any]], _T]) -> tuple[_T, ...]:
    return tuple(build(each) for each in json.loads(text))


def _position(kept: Mapping[str, Any]) -> Position:
    return Position(**{**kept, "citations": tuple(kept["citations"])})


def _claim(kept: Mapping[str, Any]) -> WrittenClaim:
    if kept["status"] not in get_args(ClaimStatus):
        raise ValueError
    lists = {name: tuple(kept[name]) for name in ("citations", "reasons")}
    return WrittenClaim(**{**kept, **lists})


def _citation(kept: Mapping[str, Any]) -> KeptCitation:
    article = CitedArticle(**kept["article"])
    outlets = tuple(CitedArticle(**each) for each in kept["outlets"])
    return KeptCitation(**{**kept, "article": article, "outlets": outlets})
