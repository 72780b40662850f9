"""Conversations, kept in one SQLite file beside the index; no change to the index touches it."""

from __future__ import annotations

import json
import secrets
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from rag.errors import StoreError, UsageError
from rag.store.conversation_file import ConversationFile
from rag.store.message_rows import MESSAGES, folded, message_of, plain, row_of, titled
from rag.store.messages import (
    CitationState,
    CitedArticle,
    ConversationEntry,
    KeptCitation,
    KeptHit,
    Message,
    Restored,
    Verdict,
    Versions,
    restore,
)
from rag.types import Answer

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
        self._file = ConversationFile(path)

    @classmethod
    def open(cls, folder: Path) -> Conversations:
        """Those of the index in a folder; nothing is read or made yet."""
        return cls(Path(folder) / FILE_NAME)

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
        with self._file.writing() as connection:
            if instead_of is not None:
                _cut(connection, conversation_id, instead_of, answer.question)
            connection.execute(
                "INSERT INTO conversations (id, title, folded, created, updated)"
                " VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT (id) DO UPDATE SET updated = ?4",
                (conversation_id, *titled(answer.question), now),
            )
            row = {"id": message_id, "asked": now, **row_of(answer, versions)}
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
        with self._file.writing() as connection:
            found = connection.execute(
                "UPDATE conversations SET title = ?, folded = ? WHERE id = ?",
                (*titled(title), conversation_id),
            )
            _require(found, "conversation", conversation_id)

    def remove(self, conversation_id: str) -> None:
        """Remove a conversation and its messages, so that none of their bytes stays in the file.

        One that isn't there is no error.
        """
        if self._file.is_empty():
            return
        with self._file.writing() as connection:
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
        with self._file.writing() as connection:
            found = connection.execute(
                "UPDATE messages SET verdict = ?, reason = ? WHERE id = ?",
                (verdict, plain(reason) if verdict else "", message_id),
            )
            _require(found, "message", message_id)

    # --- reading ---

    def listed(self, words: str = "", *, limit: int = 200) -> list[ConversationEntry]:
        """Conversations, the last one written to first.

        Each of the `words` must stand in the title, a question or an answer, in either script.
        """
        wanted = json.dumps(folded(words).split())
        found = self._file.read(_ENTRIES + _WITH_WORDS, wanted, limit)
        return [ConversationEntry(*row) for row in found]

    def entry(self, conversation_id: str) -> ConversationEntry | None:
        """One conversation as it is listed; None when it isn't there."""
        found = self._file.read(_ENTRIES + "WHERE c.id = ?", conversation_id)
        return ConversationEntry(*found[0]) if found else None

    def messages(self, conversation_id: str) -> list[Message]:
        """The messages of a conversation in the order they were asked; none when it isn't there."""
        return self._messages(" WHERE c.id = ? ORDER BY m.row", conversation_id)

    def rated(self) -> list[Message]:
        """Every message that the reader has rated, the oldest first."""
        return self._messages(" WHERE m.verdict IS NOT NULL ORDER BY m.row")

    def _messages(self, where: str, *values: str) -> list[Message]:
        rows = self._file.read(MESSAGES + where, *values)
        try:
            return [message_of(row) for row in rows]
        except (ValueError, TypeError, KeyError) as error:
            raise self._file.damaged("a message with parts missing") from error


def _require(found: sqlite3.Cursor, what: str, name: str) -> None:
    if not found.rowcount:
        raise StoreError(f"expected a {what} that is kept, found no {name}: it may be removed")


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
    if title == titled(asked)[0]:
        connection.execute(
            "UPDATE conversations SET title = ?1, folded = ?2 WHERE row = ?3"
            " AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation = ?3)",
            (*titled(question), row),
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
