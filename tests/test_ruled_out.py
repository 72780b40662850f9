"""Questions that no article of an index can answer, however well it meets their words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import article

from rag.answer import ask
from rag.index import Index
from rag.labels import has_label, labels
from rag.types import RawArticle

MILL = "The Oster mill made 310 tonnes of paper with 40 workers. It sold them to printers in town."


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    articles: list[RawArticle] = [
        article("mill.txt", MILL, date="2021-01-10"),
        article("last.txt", "Last year the Oster quay was paved.", date="2020-03-01"),
        article("roc.txt", "奧斯特水塔於民國107年落成，高四十公尺。", date="2021-05-01"),
        article("undated.txt", "The Oster theatre seats 900 people."),
        article("h2.txt", "Harbour 2 handled 70 tonnes of fish.", date="2021-02-01"),
        article("h12.txt", "Harbour 12 handled 444 tonnes of fish.", date="2021-02-01"),
        article("hall.txt", "福鼎基地的2号厂房于2021年7月投产，4号厂房动工。", date="2021-07-01"),
    ]
    with Index.open(tmp_path_factory.mktemp("ruled") / "index", create=True) as opened:
        opened.ingest_articles(articles)
        yield opened


@pytest.mark.parametrize(
    "question",
    [
        "How many tonnes of paper did the Oster mill make in 2018?",
        "2018年奥斯特造纸厂生产了多少吨纸？",
        "How many tonnes did Harbour 9999 handle?",
        "福鼎基地的3号厂房什么时候投产？",
        "What is 2+2?",
        "2+2等于几？",
    ],
)
def test_what_the_articles_can_not_tell_is_declined(index: Index, question: str) -> None:
    assert ask(index, question).declined


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("How many tonnes of paper did the Oster mill make in 2021?", "310"),
        ("When was the Oster quay paved, in 2019?", "quay"),
        ("2018年落成的奧斯特水塔有多高？", "四十公尺"),
        ("How many people did the Oster theatre seat in 1990?", "900"),
        ("How many tonnes of fish did Harbour 12 handle?", "444"),
        ("福鼎基地的2号厂房什么时候投产？", "2号厂房于2021年7月投产"),
    ],
)
def test_what_they_may_tell_is_answered(index: Index, question: str, quoted: str) -> None:
    answer = ask(index, question)
    assert any(quoted in each.quote for each in answer.citations)


def test_articles_on_others_than_the_one_that_is_named_are_not_quoted(index: Index) -> None:
    answer = ask(index, "How many tonnes of fish did Harbour 12 handle?")
    assert answer.short == "444 tonnes"
    assert not any("Harbour 2 " in each.quote for each in answer.citations)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How much did Harbour 12 handle in 2021?", ["12"]),
        ("When did workshop No. 3 open on March 12?", ["3"]),
        ("What did mill number 777 make?", ["777"]),
        ("7月3号3号厂房发生了什么？", ["3"]),
        ("第50届大会在哪里召开？", ["50"]),
        ("第3季度增长多少？", []),
        ("Who flew the AS-206 for K-12 students in 7 days?", []),
        ("How did 20 firms grow by 5%?", []),
    ],
)
def test_numbers_that_name_things_are_labels(question: str, found: list[str]) -> None:
    assert list(labels(question)) == found


@pytest.mark.parametrize(
    ("text", "label", "has"),
    [
        ("Harbour 12 grew.", "12", True),
        ("Harbour twelve grew.", "12", True),
        ("十二号码头", "12", True),
        ("Harbour 123 grew.", "12", False),
        ("It grew by 12.5 tonnes.", "12", False),
        ("", "12", False),
    ],
)
def test_a_label_is_met_whole_in_digits_or_words(text: str, label: str, has: bool) -> None:
    assert has_label(text, label) == has
