from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import article

from rag.answer import ask
from rag.errors import UsageError
from rag.index import Index
from rag.language import detect_language
from rag.types import Answer

ARTICLES = {
    "relief.txt": "宁德市去年出台了一批扶持政策。这些政策在2021年为企业减负达42亿元。"
    "市工信局党组书记韦芝富介绍了情况。中铜项目从开工到投产只用了17个月。",
    "harbour.txt": "The port of Lind opened on 12 March 2019. It was dug in 30 months. "
    "The project cost 3.2 billion yuan. Ada Lind chairs the port board.",
    "rail.txt": "高速鐵路全長1318公里，於2011年6月30日通車。列車的準點率達到98.5%。",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("answers") / "index"
    with Index.open(folder, create=True) as opened:
        opened.ingest_articles(article(name, text) for name, text in ARTICLES.items())
        yield opened


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("政策为企业减负多少？", "42亿元"),
        ("政策為企業減負多少？", "42億元"),
        ("How much did the policies save companies in 2021?", "4.2 billion yuan (42亿元)"),
        ("中铜项目用了多久投产？", "17个月"),
        ("港口什么时候开放的？", "2019年3月12日 (12 March 2019)"),
        ("When did the port open?", "12 March 2019"),
        ("列车的准点率是多少？", "98.5%"),
        ("谁是市工信局党组书记？", "韦芝富"),
        ("Who chairs the port board?", "Ada Lind"),
    ],
)
def test_short_answer_is_told_in_the_askers_language(
    index: Index, question: str, short: str
) -> None:
    answer = ask(index, question)
    assert not answer.declined
    assert answer.short == short
    assert answer.text.startswith(f"{short} [1]")


def test_every_quote_is_verbatim_and_its_marker_is_in_the_answer(index: Index) -> None:
    answer = ask(index, "高速鐵路有多長？")
    assert answer.citations
    for citation in answer.citations:
        assert citation.document.text[citation.start : citation.end] == citation.quote
        assert f"[{citation.number}]" in answer.text


@pytest.mark.parametrize(
    "question",
    ["How do I bake sourdough bread?", "量子纠缠的原理是什么？", "世界盃決賽誰進了球？", "龘"],
)
def test_question_that_the_articles_do_not_answer_is_declined(index: Index, question: str) -> None:
    answer = ask(index, question)
    assert answer.declined
    assert answer.citations == ()
    assert answer.short is None
    assert detect_language(answer.text) == answer.language
    assert answer.hits


def test_framing_follows_the_language_that_is_asked_for(index: Index) -> None:
    answer = ask(index, "政策为企业减负多少？", language="en")
    assert answer.language == "en"
    assert "In the articles' own words:" in answer.text
    assert answer.short == "4.2 billion yuan (42亿元)"
    assert answer.citations[0].quote in ARTICLES["relief.txt"]


def test_sources_that_say_the_same_are_cited_together(tmp_path: Path) -> None:
    said = "上汽宁德基地的年产能为24万辆，员工超过三千人。"
    first = said + "当地的港口去年扩建，新增了两个泊位，货轮可以直接靠岸。"
    second = "春节前后工厂没有停工，订单排到了六月，物流公司也加开了班车。" + said
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles([article("a.txt", first), article("b.txt", second)])
        answer = ask(opened, "上汽宁德基地的年产能是多少辆？")
    assert {citation.document.path for citation in answer.citations} == {"a.txt", "b.txt"}
    assert "[1][2]" in answer.text.splitlines()[0]


def test_empty_index_declines(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as empty:
        answer = ask(empty, "政策为企业减负多少？")
    assert answer.declined
    assert answer.confidence == 0


@pytest.mark.parametrize(
    "question", ["", "  \n", "\u200b", "\ufeff\u2060 \u200d", "\ufe0f", "\U000e0100", "\u3164"]
)
def test_question_without_text_is_refused(index: Index, question: str) -> None:
    with pytest.raises(UsageError, match="expected a question"):
        ask(index, question)


def test_answer_says_how_long_each_step_took(index: Index) -> None:
    answer: Answer = ask(index, "政策为企业减负多少？")
    assert {"total", "retrieve", "read"} <= set(answer.timings_ms)
    assert answer.timings_ms["total"] >= answer.timings_ms["retrieve"]


def test_question_as_long_as_an_article_is_refused(index: Index) -> None:
    with pytest.raises(UsageError, match=r"at most 4,000 characters, found 4,001: shorten it"):
        ask(index, "谁" * 4001)
    assert ask(index, "政策为企业减负多少？" + "谁" * 3990).question.endswith("谁")
