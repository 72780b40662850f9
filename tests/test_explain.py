from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import article
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer import ask
from rag.explain import SHOWN, explain, explain_answer
from rag.index import Index
from rag.retrieve import search
from rag.types import WordMatch

ARTICLES = {
    "port.txt": "The new port of Ningde opened in December 2021. "
    "The province paid 4.2 billion yuan for it.",
    "gangkou.txt": "宁德的新港口于2021年12月启用。省里为此拨款42亿元，百分之八十的居民赞成。",
    "hant.txt": "寧德的新港口於民國110年啟用，省裡為此撥款四十二億元。",
    "names.txt": "韦芝富在蕉城区开了一家茶馆。",
    "rain.txt": "Rain fell for nine days and the lower fields stood under water.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("explain") / "index", create=True) as opened:
        opened.ingest_articles(article(name, text) for name, text in ARTICLES.items())
        yield opened


def matches(index: Index, question: str, source: str) -> tuple[WordMatch, ...]:
    """The words of an article that a question met."""
    _, hits = search(index, question)
    (found,) = (hit for hit in explain(index, question, hits) if hit.document.path == source)
    assert found.matches is not None
    return found.matches


def pairs(index: Index, question: str, source: str) -> dict[tuple[str, str], str]:
    """The same as question words and article words, with what kind of match they are."""
    return {(m.question, m.article): m.kind for m in matches(index, question, source)}


@pytest.mark.parametrize(
    ("question", "source", "met", "kind"),
    [
        ("When did the PORT open?", "port.txt", ("PORT", "port"), "word"),
        ("When did the port open?", "gangkou.txt", ("port", "港口"), "word"),
        ("港口什么时候启用？", "port.txt", ("港口", "port"), "word"),
        ("港口什麼時候啟用？", "gangkou.txt", ("啟用", "启用"), "word"),
        ("Was Ningde's port dear?", "gangkou.txt", ("Ningde's", "宁德"), "name"),
        ("Who lives in Jiaocheng?", "names.txt", ("Jiaocheng", "蕉城区"), "name"),
        ("韋芝富是誰？", "names.txt", ("韋芝富", "韦芝富"), "word"),
        ("谁拨款42亿元？", "port.txt", ("42亿元", "4.2 billion"), "value"),
        ("Who paid 4.2 billion yuan?", "hant.txt", ("4.2 billion", "四十二億元"), "value"),
        ("What opened in 2021?", "hant.txt", ("2021", "民國110年"), "value"),
        ("What opened in December?", "gangkou.txt", ("December", "12月"), "value"),
        ("谁获得80%的居民赞成？", "gangkou.txt", ("80", "百分之八十"), "value"),
    ],
)
def test_words_that_met_are_told_as_both_wrote_them(
    index: Index, question: str, source: str, met: tuple[str, str], kind: str
) -> None:
    found = pairs(index, question, source)
    assert found.get(met) == kind, found


QUESTIONS = [
    "When did the new port of Ningde open?",
    "宁德的新港口什么时候启用？花了42亿元还是百分之八十？",
    "新港新港新港新港新港新港",
    "ﬁne ① ４２億元 Lüliang Fu'an ½",
    "?!",
    "",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_matches_are_verbatim_few_and_apart(index: Index, question: str) -> None:
    check(index, question)


@settings(max_examples=30, deadline=None)
@given(question=st.text(st.sampled_from("宁德港口民國42億元二〇 portNingde2021.%'"), max_size=30))
def test_matches_of_wild_questions_too(index: Index, question: str) -> None:
    check(index, question)


def check(index: Index, question: str) -> None:
    """What every explanation keeps to."""
    _, hits = search(index, question)
    for hit in explain(index, question, hits):
        assert hit.matches is not None
        assert len(hit.matches) <= SHOWN
        strengths = [match.cosine * match.weight for match in hit.matches]
        assert strengths == sorted(strengths, reverse=True)
        for match in hit.matches:
            assert hit.document.text[match.start : match.end] == match.article
            assert hit.passage.start <= match.start < match.end <= hit.passage.end
            assert match.question in question
            assert 0 < match.cosine <= 1
            assert 0 < match.weight <= 1.0001


def test_words_of_grammar_are_not_shown(index: Index) -> None:
    asked = {match.question for match in matches(index, "What is the cost of it?", "port.txt")}
    assert not asked & {"is", "the", "of"}


def test_passage_that_has_nothing_to_do_with_it_has_few_weak_matches(index: Index) -> None:
    near = matches(index, "When did the port open?", "port.txt")
    far = matches(index, "When did the port open?", "rain.txt")
    strength = [sum(m.cosine * m.weight for m in found) for found in (near, far)]
    assert strength[0] > 2 * strength[1]


def test_number_is_not_met_by_the_beginning_of_another(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles(
            article(f"{at}.txt", f"The mill cost {number} yuan to build.")
            for at, number in enumerate(("4200000000", "42000000007"))
        )
        assert pairs(opened, "谁花了42亿元？", "0.txt")["42亿元", "4200000000"] == "value"
        assert "value" not in pairs(opened, "谁花了42亿元？", "1.txt").values()


def test_a_number_is_not_near_to_another_nor_to_a_word(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles([article("mill.txt", "Mill 77772 in town 5862 made 40 tonnes.")])
        found = pairs(opened, "How much did mill 777 make?", "mill.txt")
    assert ("mill", "Mill") in found
    assert not any(digits in there for _, there in found for digits in ("77772", "5862", "40"))


def test_an_answers_citations_are_explained_within_their_quotes(index: Index) -> None:
    plain = ask(index, "When did the new port of Ningde open?")
    assert plain.citations
    assert all(citation.matches is None for citation in plain.citations)
    assert all(hit.matches is None for hit in plain.hits)
    answer = explain_answer(index, plain)
    assert answer.text == plain.text
    assert all(hit.matches is not None for hit in answer.hits)
    for citation in answer.citations:
        assert citation.matches
        for match in citation.matches:
            assert citation.start <= match.start < match.end <= citation.end
            assert citation.document.text[match.start : match.end] == match.article


def test_only_what_a_reader_sees_is_explained_where_that_is_asked(index: Index) -> None:
    answer = ask(index, "When did the port of Ningde open?")
    shown = explain_answer(index, answer, shown_only=True)
    assert all(citation.matches for citation in shown.citations)
    assert all(hit.matches is None for hit in shown.hits)
    refusal = replace(answer, declined=True, citations=())
    nearest_ones = explain_answer(index, refusal, shown_only=True).hits
    assert [hit.matches is not None for hit in nearest_ones][:3] == [True] * min(
        3, len(nearest_ones)
    )
    assert all(hit.matches is None for hit in nearest_ones[3:])
