"""Answers as rows of the conversations' file, and messages read from them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar, get_args

from rag.fold import fold
from rag.store.messages import (
    NEAREST,
    CitedArticle,
    KeptCitation,
    KeptHit,
    Message,
    Verdict,
    Versions,
    kept_citation,
    kept_hit,
)
from rag.types import LANGUAGES, Answer, ClaimStatus, Position, WrittenClaim

_T = TypeVar("_T")

_VERSIONS = tuple(each.name for each in fields(Versions))
_OWN = tuple(
    each.name for each in fields(Message) if each.name not in ("conversation_id", "versions")
)
MESSAGES = (
    f"SELECT c.id AS conversation_id, {', '.join(f'm.{name}' for name in (*_OWN, *_VERSIONS))}"
    " FROM messages m JOIN conversations c ON c.row = m.conversation"
)
"""Selects what `message_of` reads, to be narrowed and ordered by what follows."""


def row_of(answer: Answer, versions: Versions) -> dict[str, Any]:
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
        **{name: None if text is None else plain(text) for name, text in words.items()},
        "declined": int(answer.declined),
        "confidence": float(answer.confidence),
        **{name: json.dumps(values) for name, values in lists.items()},
        **{name: getattr(versions, name) for name in _VERSIONS},
        "folded": folded(answer.question, resolved, answer.text),
    }


def message_of(row: sqlite3.Row) -> Message:
    """A row as it was kept. Raises ValueError, TypeError or KeyError where it isn't whole."""
    values = dict(row)
    versions = Versions(**{name: values.pop(name) for name in _VERSIONS})
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


# --- text ---


def plain(text: str) -> str:
    """What SQLite can keep and search: a browser may send half a character, or a NUL."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def folded(*texts: str | None) -> str:
    """The form of texts that is searched."""
    return fold(plain("\n".join(filter(None, texts))))


def titled(text: str) -> tuple[str, str]:
    """A title on one line, and the form of it that is searched."""
    title = plain(" ".join(text.split()))
    return title, folded(title)
