"""Why a text was chosen: which words of the question it met, drawn; and which it didn't, told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import article
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from rag.answer import ask
from rag.explain import explain, explain_answer
from rag.index import Index
from rag.retrieve import search
from rag.types import (
    LANGUAGES,
    Answer,
    Citation,
    Document,
    Hit,
    Language,
    MatchKind,
    Passage,
    WordMatch,
)
from rag.ui.sources import nearest_html, sources_html, sources_of
from rag.ui.talk import Exchange
from rag.ui.texts import TEXTS
from rag.ui.why import Why, met_html, quote_html, unfolding_html

ENGLISH = TEXTS["en"]
HOSTILE = "<script>alert(1)</script> & \"quoted\" 'too' <b onload=alert(2)>"
QUESTION = "新港口什么时候启用？"
QUOTE = "The new port opened in 2021."
WHY = Why(
    QUESTION,
    (
        WordMatch("港口", "port", 108, 112, 0.67, 0.5, asked_at=1),
        WordMatch("启用", "opened", 113, 119, 0.52, 0.3, asked_at=7),
        WordMatch("新", "new", 104, 107, 0.7, 0.2, asked_at=0),
    ),
)
START = 100  # of the quote in its article


def marks(drawn: str) -> list[tuple[str, str]]:
    """The marked words and their letters, in order."""
    return [
        (mark.text_content(), mark.get("data-pair"))
        for mark in html.fromstring(f"<div>{drawn}</div>").iter("mark")
    ]


def text_of(drawn: str) -> str:
    return str(html.fromstring(f"<div>{drawn}</div>").text_content())


# --- drawn ---


def test_a_pair_has_the_same_letter_in_question_quote_and_list() -> None:
    asked = unfolding_html(WHY, "", ENGLISH)
    assert marks(asked) == [("新", "a"), ("港口", "b"), ("启用", "c")]
    quoted = quote_html(QUOTE, START, WHY)
    assert marks(quoted) == [("new", "a"), ("port", "b"), ("opened", "c")]
    listed = html.fromstring(met_html(WHY, "en", ENGLISH)).xpath("//*[@role='listitem']")
    told = [(each.get("data-pair"), each.text_content()) for each in listed]
    assert told == [
        ("a", "新 ↔ new .70 near in meaning"),
        ("b", "港口 ↔ port .67 near in meaning"),
        ("c", "启用 ↔ opened .52 near in meaning"),
    ]


def test_it_is_folded_until_one_asks_and_needs_no_script() -> None:
    (unfolds,) = html.fromstring(f"<div>{unfolding_html(WHY, 'A paper', ENGLISH)}</div>")
    assert (unfolds.tag, unfolds.get("open")) == ("details", None)
    assert unfolds.find("summary").text_content() == "A paper Why this?"


def test_the_keyboard_stops_at_the_words_of_the_question_alone() -> None:
    stops = [
        {mark.get("tabindex") for mark in html.fromstring(f"<p>{drawn}</p>").iter("mark")}
        for drawn in (unfolding_html(WHY, "", ENGLISH), quote_html(QUOTE, START, WHY))
    ]
    assert stops == [{"0"}, {"-1"}]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("question", "met", "kind", "cosine"),
    [
        ("Port", "port", "word", 1.0),
        ("港口", "port", "word", 0.67),
        ("42亿", "4.2 billion", "value", 1.0),
        ("Jiaocheng", "蕉城", "name", 1.0),
    ],
)
def test_it_is_told_how_words_met(
    question: str, met: str, kind: MatchKind, cosine: float, language: Language
) -> None:
    words = TEXTS[language]
    why = Why(question, (WordMatch(question, met, 0, len(met), cosine, 1.0, kind, 0),))
    told = text_of(met_html(why, "en", words))
    how = {"Port": words.same_word, "港口": words.near_meaning, "42亿": words.same_value}
    assert told.endswith(how.get(question, words.same_name))


def test_a_word_that_two_words_met_has_both_letters() -> None:
    why = Why(
        "car base of vehicles",
        (
            WordMatch("car", "汽车", 0, 2, 0.8, 0.3, asked_at=0),
            WordMatch("base", "汽车基地", 0, 4, 0.7, 0.3, asked_at=4),
            WordMatch("vehicles", "基地", 2, 4, 0.5, 0.3, asked_at=12),
        ),
    )
    assert marks(quote_html("汽车基地", 0, why)) == [("汽车基地", "a b c")]


def test_words_that_meet_the_same_again_share_their_letter() -> None:
    matches = tuple(WordMatch("三张", "三张", 0, 2, 1.0, 0.2, asked_at=at) for at in (0, 5))
    why = Why("三张图指哪三张？", matches)
    assert marks(unfolding_html(why, "", ENGLISH)) == [("三张", "a"), ("三张", "a")]
    assert text_of(met_html(why, "zh-Hans", ENGLISH)) == "Matched 三张 same word"


def test_a_question_that_is_not_the_one_matched_has_no_marks() -> None:
    other = replace(WHY, question="And the harbour?")
    assert "<p" not in unfolding_html(other, "", ENGLISH)
    assert marks(quote_html(QUOTE, START, other)) == marks(quote_html(QUOTE, START, WHY))


@settings(deadline=None)
@given(
    text=st.text(min_size=1, max_size=40),
    spans=st.lists(st.tuples(st.integers(0, 39), st.integers(1, 10)), max_size=6),
)
def test_marking_changes_no_letter_of_a_text(text: str, spans: list[tuple[int, int]]) -> None:
    found = [(at, min(len(text), at + length)) for at, length in spans if at < len(text)]
    matches = tuple(
        WordMatch(f"word {at}", text[start:end], start, end, 0.5, 0.5)
        for at, (start, end) in enumerate(found)
    )
    drawn = quote_html(text, 0, Why("Which words?", matches))
    plain = drawn.replace("</mark>", "").split("<mark")
    rest = [part.partition(">")[2] for part in plain[1:]]
    assert "".join([plain[0], *rest]) == quote_html(text, 0, None)


def test_hostile_words_are_drawn_as_text() -> None:
    match = WordMatch(HOSTILE, HOSTILE[:25], 0, 25, 0.5, 1.0, asked_at=0)
    why = Why(HOSTILE, (match,), (HOSTILE,))
    for drawn in (
        unfolding_html(why, "", ENGLISH),
        quote_html(HOSTILE, 0, why),
        met_html(why, "en", ENGLISH),
    ):
        assert HOSTILE in text_of(drawn)
        assert "<script" not in drawn
        assert "<b " not in drawn


def test_words_that_met_nothing_are_named_in_the_questions_language() -> None:
    why = replace(WHY, unmet=("宁德", "什么"))
    (told,) = html.fromstring(met_html(why, "en", TEXTS["zh-Hant"])).find_class("unmet")
    assert told.text_content() == "未匹配 宁德 · 什么"
    assert [each.get("lang") for each in told.xpath("span[@lang]")] == ["zh-Hans"] * 2
    assert "unmet" not in met_html(WHY, "en", ENGLISH)


def test_a_nearest_passage_is_marked_beyond_its_first_lines() -> None:
    text = "Nothing of note. " * 30 + "The port opened."
    at = text.index("port")
    document = Document("d" * 16, text, "en", "a.md")
    matches = (WordMatch("port", "port", at, at + 4, 1.0, 1.0, asked_at=4),)
    hit = Hit(Passage("p", document.id, 17, len(text), text[17:]), document, 0, 0, 0, 0, 0)
    near = replace(hit, matches=matches, unmet=("harbourmaster",))
    drawn = nearest_html((near,), 0, "Has port any harbourmaster?", "en")
    assert marks(drawn) == [("port", "a"), ("port", "a")]
    assert "Not matched harbourmaster" in text_of(drawn)


def test_a_source_without_words_that_met_unfolds_nothing() -> None:
    document = Document("d" * 16, QUOTE, "en", "a.md")
    citation = Citation(1, document, 0, len(QUOTE), QUOTE, (), unmet=("宁德",))
    answer = Answer(QUESTION, "zh-Hans", f"“{QUOTE}” [1]", False, 0.9, (citation,))
    drawn = sources_html(sources_of(Exchange(answer), 0), QUESTION, "en", unfold=True)
    assert ENGLISH.why not in drawn
    assert 'class="meta"' in drawn


# --- told ---

ARTICLES = {
    "port.txt": "The new port of Ningde opened in December 2021. Boats were waiting.",
    "gangkou.txt": "宁德的新港口于2021年12月启用，三祥新材也来了。",
    "year.txt": "到2021年底，宁德已有38个项目。",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("why") / "index", create=True) as opened:
        opened.ingest_articles(article(name, text) for name, text in ARTICLES.items())
        yield opened


def found(index: Index, question: str, source: str) -> Hit:
    """An article's passage, explained."""
    _, hits = search(index, question)
    (hit,) = (hit for hit in explain(index, question, hits) if hit.document.path == source)
    return hit


@pytest.mark.parametrize(
    ("question", "source", "unmet"),
    [
        ("Was there fog when the port of Ningde opened?", "port.txt", ["fog"]),
        ("Who financed the airport of Fuzhou?", "port.txt", ["airport", "Fuzhou"]),
        ("How much revenue did the port make?", "port.txt", []),  # what it asks for
        ("港口的股价是多少？", "gangkou.txt", ["股价"]),
        ("港口的股價是多少？", "gangkou.txt", ["股價"]),
        (
            "付文辉为什么到港口去？",
            "gangkou.txt",
            ["付文辉"],
        ),  # a name that the cutter doesn't know
        ("港口有哪几种船？", "gangkou.txt", []),
        ("When was the stadium of Fuzhou finished?", "gangkou.txt", []),  # another language
    ],
)
def test_words_that_nothing_is_near_to_are_told(
    index: Index, question: str, source: str, unmet: list[str]
) -> None:
    assert list(found(index, question, source).unmet) == unmet


@settings(max_examples=30, deadline=None)
@given(
    question=st.text(st.sampled_from("宁德港口民國42億元二〇 portNingdefog2021.%'"), max_size=30)
)
def test_what_met_and_what_did_not_are_the_questions_own_words(index: Index, question: str) -> None:
    _, hits = search(index, question)
    for hit in explain(index, question, hits):
        for match in hit.matches or ():
            assert match.asked_at is not None
            assert question[match.asked_at :].startswith(match.question)
        assert len(set(hit.unmet)) == len(hit.unmet)
        for unmet in hit.unmet:
            assert unmet in question
            assert unmet not in hit.passage.text


def test_of_two_words_that_a_name_may_be_the_likelier_is_shown(index: Index) -> None:
    met = found(index, "How many projects were in Ningde in 2021?", "year.txt").matches or ()
    assert ("Ningde", "宁德", "name") in {(each.question, each.article, each.kind) for each in met}


def test_an_answers_citations_tell_what_met_nothing(index: Index) -> None:
    answer = explain_answer(index, ask(index, "When did the new port of Ningde open in fog?"))
    first = next(each for each in answer.citations if each.document.path == "port.txt")
    assert first.unmet == ("fog",)
