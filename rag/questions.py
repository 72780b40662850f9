"""Questions files: JSON Lines of questions with the articles and answers expected of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import UsageError

LONGEST = 4000
"""Characters of a question, at most: what takes longer to read than to answer is an article."""


@dataclass(frozen=True, slots=True)
class Question:
    """One row of a questions file. `documents` are source ids, paths or file names."""

    id: str
    question: str
    lang: str
    documents: tuple[str, ...]
    answers: tuple[str, ...]
    answerable: bool


def read_questions(path: Path) -> list[Question]:
    """The rows of a questions file. Raises UsageError, naming the line, where one is not right."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError as error:
        raise UsageError(f"expected a questions file at {path}, found none: name one") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"expected a questions file in UTF-8 at {path}, could not read it ({error}): "
            "name a JSON Lines file"
        ) from error
    rows = [
        _question(line, f"{path}:{number}", number)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not rows:
        raise UsageError(f"expected questions in {path}, found none: write one JSON row a line")
    return rows


def _question(line: str, place: str, number: int) -> Question:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{place}: expected one JSON object, found {line.strip()[:40]!r} ({error.msg}): "
            "write one row a line"
        ) from error
    if not isinstance(row, dict):
        raise UsageError(f"{place}: expected a JSON object, found {type(row).__name__}: fix it")
    text = _field(row, "question", str, place)
    if re.search("[\ud800-\udfff]", json.dumps(row, ensure_ascii=False)):
        raise UsageError(
            f"{place}: expected whole characters, found half of one: write it as one character"
        )
    if text is None or not text.strip():
        raise UsageError(f"{place}: expected a question, found none: give the row a 'question'")
    if len(text) > LONGEST:
        raise UsageError(f"{place}: {too_long(text)}")
    documents = _texts(row, "documents", place)
    answerable = _field(row, "answerable", bool, place)
    return Question(
        id=str(row.get("id", number)),
        question=text,
        lang=_field(row, "lang", str, place) or _detected(text),
        documents=documents,
        answers=_texts(row, "answers", place),
        answerable=bool(documents) if answerable is None else answerable,
    )


def too_long(text: str) -> str:
    """What is wrong with a question of more than `LONGEST` characters."""
    return f"expected a question of at most {LONGEST:,} characters, found {len(text):,}: shorten it"


def _field(row: dict[str, Any], name: str, kind: type, place: str) -> Any:
    value = row.get(name)
    if value is not None and not isinstance(value, kind):
        raise UsageError(
            f"{place}: expected {name!r} as {kind.__name__}, found {json.dumps(value)[:40]}: fix it"
        )
    return value


def _texts(row: dict[str, Any], name: str, place: str) -> tuple[str, ...]:
    values = _field(row, name, list, place) or []
    for value in values:
        if not isinstance(value, str):
            raise UsageError(
                f"{place}: expected {name!r} as a list of texts, found {json.dumps(value)[:40]} "
                "in it: put it in quotes"
            )
    return tuple(values)


def _detected(text: str) -> str:
    from rag.language import detect_language

    return detect_language(text)
