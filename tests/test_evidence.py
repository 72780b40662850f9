from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import article
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evidence import HITS_READ, before, find_evidence, says_the_same
from rag.fold import words
from rag.index import Index
from rag.retrieve import search
from rag.sentences import split_sentences
from rag.types import Document, Evidence, Hit, Passage

ARTICLES = {
    "relief.txt": "宁德市去年出台了一批扶持政策。这些政策在2021年为企业减负达42亿元。"
    "市工信局的负责人介绍了情况。中铜项目从开工到投产只用了17个月。",
    "harbour.txt": "The harbour of Lind opened on 12 March 2019. It was dug in 30 months. "
    "The project cost 3.2 billion yuan. Ada Lind chairs the harbour board.",
    "rail.txt": "高速鐵路全長1318公里，於2011年6月30日通車。"
    "列車的準點率達到98.5%。沿線有二十四座車站。",
    "kiosks.txt": "蕉城把两台终端机放在车里湾。居民在那里办理七百多项业务。",
}
QUESTIONS = [
    ("政策为企业减负多少？", "42亿元"),
    ("政策為企業減負多少？", "42亿元"),
    ("中铜项目用了多久投产？", "17个月"),
    ("When did the harbour open?", "12 March 2019"),
    ("Who chairs the harbour board?", "Ada Lind"),
    ("列车的准点率是多少？", "98.5%"),
    ("Where did Jiaocheng put its kiosks?", "车里湾"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("evidence") / "index"
    with Index.open(folder, create=True) as opened:
        opened.ingest_articles(article(name, text) for name, text in ARTICLES.items())
        yield opened


def evidence_for(index: Index, question: str) -> list[Evidence]:
    with index.pinned():
        query, hits = search(index, question)
        return find_evidence(index, query, hits)


@pytest.mark.parametrize(("question", "part"), QUESTIONS)
def test_sentence_that_answers_comes_first(index: Index, question: str, part: str) -> None:
    assert part in evidence_for(index, question)[0].text


@pytest.mark.parametrize("question", [*(question for question, _ in QUESTIONS), "?!", "龘"])
def test_every_sentence_of_the_hits_is_evidence_once_and_best_first(
    index: Index, question: str
) -> None:
    with index.pinned():
        query, hits = search(index, question)
        found = find_evidence(index, query, hits)
    sentences = {
        (hit.document.id, start + hit.passage.start, end + hit.passage.start)
        for hit in hits[:HITS_READ]
        for start, end in split_sentences(hit.passage.text)
    }
    spans = [(each.hit.document.id, each.start, each.end) for each in found]
    assert sorted(spans) == sorted(sentences)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)


def test_evidence_is_the_documents_own_text_even_deep_inside_it(tmp_path: Path) -> None:
    filler = "仓库的门窗每周检查一次，检查的结果写在门后的表上。" * 40
    text = f"{filler}\n中铜项目从开工到投产只用了17个月。\n{filler}"
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles([article("long.txt", text)])
        best = evidence_for(opened, "中铜项目用了多久投产？")[0]
    assert best.hit.passage.start > 0
    assert best.text == "中铜项目从开工到投产只用了17个月。"


def test_passages_that_share_a_sentence_give_it_once(index: Index) -> None:
    with index.pinned():
        query, hits = search(index, "政策为企业减负多少？")
        once = find_evidence(index, query, hits[:1])
        assert find_evidence(index, query, [hits[0], hits[0]]) == once


def test_no_hits_give_no_evidence(index: Index) -> None:
    query, _ = search(index, "政策为企业减负多少？")
    assert find_evidence(index, query, []) == []


def test_neighbours_words_count_where_a_sentence_only_points_back(tmp_path: Path) -> None:
    texts = {
        "harbour.txt": "The harbour of Lind was planned for years. It opened on 12 March 2019.",
        "stadium.txt": "The stadium of Lind was planned for years. It opened on 5 May 2011.",
    }
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles(article(name, text) for name, text in texts.items())
        dated = [
            each.text
            for each in evidence_for(opened, "When did the harbour open?")
            if "opened" in each.text
        ]
    assert dated[0] == "It opened on 12 March 2019."


def test_what_the_title_says_need_not_be_said_again(tmp_path: Path) -> None:
    text = (
        "Work began in spring. The Orla bridge is a bridge that many love, says the Orla council. "
        "It cost 40 million yuan."
    )
    found = []
    for title in ("The Orla bridge", None):
        folder = tmp_path / str(title)
        with Index.open(folder, create=True) as opened:
            opened.ingest_articles([article("a.txt", text, title=title)])
            evidence = evidence_for(opened, "What did the Orla bridge cost?")
            found.append(next(each.score for each in evidence if "40 million" in each.text))
    assert found[0] > found[1]


def test_what_the_question_asks_counts_more_than_what_it_is_about(tmp_path: Path) -> None:
    text = (
        "白脸山雀是一种小鸟，生活在北方的林子里。饲养的白脸山雀寿命可多于十岁。主要以松子为食物。"
    )
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles([article("birds.txt", text)])
        best = evidence_for(opened, "白脸山雀主要以什么为食？")[0]
    assert best.text == "主要以松子为食物。"


RAILWAY = ("A railway of forty kilometres crosses them.", "The museum stands in the valley.")
OPENED = "It was opened on 12 March 1911."
LONG = "It was opened on 12 March 1911 by a man whose hat, coat, gloves and boots were all of grey."


def score_of(sentence: str, tmp_path: Path, *texts: str) -> list[float]:
    """The score of the sentence in each of the texts, which stand in an index of their own."""
    found = []
    for number, text in enumerate(texts):
        with Index.open(tmp_path / str(number), create=True) as opened:
            opened.ingest_articles([article("rail.txt", text)])
            evidence = evidence_for(opened, "When was the railway in the mountains of Lind opened?")
        found += [each.score for each in evidence if each.text == sentence]
    return found


def test_sentence_behind_the_one_that_meets_more_scores_higher_than_the_one_ahead_of_it(
    tmp_path: Path,
) -> None:
    railway, museum = RAILWAY
    texts = (
        f"The mountains of Lind are cold. {one} {OPENED} {other}"
        for one, other in ((railway, museum), (museum, railway))
    )
    behind, ahead = score_of(OPENED, tmp_path, *texts)
    assert behind > ahead


def test_sentence_that_says_much_else_scores_lower(tmp_path: Path) -> None:
    texts = [f"The mountains of Lind are cold. {RAILWAY[0]} {last}" for last in (OPENED, LONG)]
    (short,) = score_of(OPENED, tmp_path / "short", texts[0])
    (long,) = score_of(LONG, tmp_path / "long", texts[1])
    assert short > long


def sentence(text: str, start: int) -> Evidence:
    """The sentence of an article that begins there."""
    whole = evidence_of(text)
    end = next(end for first, end in split_sentences(text) if first == start)
    return Evidence(whole.hit, start, end, 1.0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The mine collapsed at noon.", " It killed fourteen people."),
        ("青拓集團建廠於2008年。", "它用了10年做到千億。"),
        ("青拓集团建厂于2008年。", "该集团用了10年做到千亿。"),
    ],
)
def test_sentence_that_points_back_has_the_one_before_it(first: str, second: str) -> None:
    found = before(sentence(first + second, len(first + second) - len(second.lstrip())))
    assert found is not None
    assert found.text == first


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The mine collapsed at noon.", " Itineraries were changed."),
        ("The mine collapsed at noon.", "\nIt killed fourteen people."),
        ("青拓集团建厂于2008年。", "集团用了10年做到千亿。"),
        ("", "It killed fourteen people."),
    ],
)
def test_sentence_that_stands_alone_has_none(first: str, second: str) -> None:
    assert before(sentence(first + second, len(first + second) - len(second.lstrip()))) is None


def evidence_of(text: str) -> Evidence:
    document = Document("d", text, "en", "d.txt")
    passage = Passage("p", "d", 0, len(text), text)
    hit = Hit(passage, document, cosine=1, bm25=1, maxsim=1, score=1, relevance=1)
    return Evidence(hit, 0, len(text), 1.0)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("The harbour opened in 2019.", "the harbour opened, in 2019!", True),
        ("上汽基地的年产能为24万辆。", "上汽基地的年產能為24萬輛", True),
        ("The harbour opened in 2019.", "The harbour opened in 2011.", False),
        ("The harbour opened.", "体育馆的屋顶坍塌了。", False),
    ],
)
def test_sentences_of_nearly_the_same_words_say_the_same(
    first: str, second: str, same: bool
) -> None:
    one, other = evidence_of(first), evidence_of(second)
    assert says_the_same(one, other) is same
    assert says_the_same(other, one) is same


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=30).filter(words))
def test_sentence_says_the_same_as_itself(text: str) -> None:
    assert says_the_same(evidence_of(text), evidence_of(text)) is True
