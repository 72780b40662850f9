"""Rated answers become a questions file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.answer import ask
from rag.errors import StoreError
from rag.feedback import feedback_rows
from rag.index import Index
from rag.questions import read_questions
from rag.store.conversations import Conversations, Versions
from rag.types import RawArticle

VERSIONS = Versions("0", "e", "f", None)


def test_rated_answers_are_questions_that_an_evaluation_reads(
    new_index: Callable[[], Index], articles: list[RawArticle], tmp_path: Path
) -> None:
    index = new_index()
    index.ingest_articles(articles)
    assert feedback_rows(index.path) == []
    kept = Conversations.open(index.path)
    found = ask(index, "How many workers dug the harbour in 1908?")
    good = kept.add(kept.begin(), found, VERSIONS)
    kept.add(kept.begin(), found, VERSIONS)  # not rated
    kept.rate(good, "up", "as it is")
    rows = feedback_rows(index.path)
    assert [(row["id"], row["verdict"], row["reason"]) for row in rows] == [
        (good, "up", "as it is")
    ]
    file = tmp_path / "feedback.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (question,) = read_questions(file)
    assert question.question == found.question
    assert question.answerable is not found.declined


def test_a_folder_without_an_index_has_no_feedback(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="expected an index"):
        feedback_rows(tmp_path)
    assert list(tmp_path.iterdir()) == []
