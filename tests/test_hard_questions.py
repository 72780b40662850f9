"""The hard questions file: counts, scripts, golds that stand in the articles, pairs together."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rag.clean import clean
from rag.fold import fold
from rag.language import detect_language
from rag.load import load
from rag.questions import read_questions
from rag.types import LANGUAGES, Document, Skipped

TESTS = Path(__file__).parent
SEEDS = TESTS.parent / "seeds"
HARD = TESTS / "data" / "hard-questions.jsonl"
KINDS = ("entity", "attribute", "constraint", "premise", "sequel")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in HARD.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def articles() -> dict[str, Document]:
    found = {}
    for raw in load(SEEDS):
        assert not isinstance(raw, Skipped), raw
        found[raw.source_id or Path(raw.path).name] = clean(raw)
    return found


def test_the_file_is_one_that_eval_reads(rows: list[dict[str, Any]]) -> None:
    questions = read_questions(HARD)
    assert [question.id for question in questions] == [row["id"] for row in rows]
    assert all(row["answerable"] == bool(row["documents"]) == bool(row["answers"]) for row in rows)


def test_no_question_is_asked_twice(rows: list[dict[str, Any]]) -> None:
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({fold(row["question"]) for row in rows}) == len(rows)
    others = {fold(question.question) for question in read_questions(SEEDS / "questions.jsonl")}
    assert not [row["id"] for row in rows if fold(row["question"]) in others]


def test_kinds_and_scripts_are_balanced(rows: list[dict[str, Any]]) -> None:
    hard = [row for row in rows if not row["answerable"]]
    assert len(hard) >= 240
    assert len(rows) - len(hard) >= 200
    assert Counter(row["kind"] for row in hard) == dict.fromkeys(KINDS, len(hard) // len(KINDS))
    cells = Counter((row["lang"], row["kind"]) for row in hard)
    assert min(cells[lang, kind] for lang in LANGUAGES for kind in KINDS) >= 15
    assert {row["kind"] for row in rows if row["answerable"]} == {"twin", "across"}


def test_questions_are_in_the_language_they_say(rows: list[dict[str, Any]]) -> None:
    assert not [row["id"] for row in rows if detect_language(row["question"]) != row["lang"]]


def test_gold_answers_stand_in_the_articles_they_name(
    rows: list[dict[str, Any]], articles: dict[str, Document]
) -> None:
    texts = {name: fold(document.text) for name, document in articles.items()}
    for row in rows:
        golds = [fold(answer) for answer in row["answers"]]
        for name in row["documents"]:
            assert any(gold in texts[name] for gold in golds), (row["id"], name)
        if golds:
            assert row["documents"][0] == row["about"]
            assert golds[0] in texts[row["about"]], row["id"]


def test_a_third_of_the_questions_are_in_another_language(
    rows: list[dict[str, Any]], articles: dict[str, Document]
) -> None:
    for answerable in (True, False):
        asked = [row for row in rows if row["answerable"] == answerable]
        across = [row for row in asked if row["lang"] != articles[row["about"]].language]
        assert 0.3 <= len(across) / len(asked) <= 0.45


def test_every_hard_question_has_its_twin(rows: list[dict[str, Any]]) -> None:
    twins = {row["id"]: row for row in rows if row["kind"] == "twin"}
    hard = [row for row in rows if not row["answerable"]]
    assert len(twins) == len(hard)
    for row in hard:
        twin = twins[f"{row['id']}-twin"]
        assert (twin["about"], twin["lang"]) == (row["about"], row["lang"])


def test_an_article_is_in_one_half_only(rows: list[dict[str, Any]]) -> None:
    halves = {row["about"]: row["split"] for row in rows}
    assert all(halves[row["about"]] == row["split"] for row in rows)
    counts = Counter(row["split"] for row in rows if not row["answerable"])
    assert set(counts) == {"dev", "test"}
    assert min(counts.values()) >= 100
