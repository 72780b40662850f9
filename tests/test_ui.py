"""The page's pure parts: what is drawn from answers and articles, and that it is drawn as text."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from inference_server import InferenceServer, fails, says

import app
from rag.errors import StoreError, UsageError
from rag.index import Index
from rag.phrases import DISAGREE
from rag.questions import read_questions
from rag.settings import Settings
from rag.store.conversations import Conversations, KeptCitation, Versions
from rag.store.messages import cited_article
from rag.types import (
    LANGUAGES,
    Answer,
    Citation,
    Document,
    Hit,
    Language,
    Passage,
    Position,
    RawArticle,
    WordMatch,
    WrittenClaim,
)
from rag.ui import answer as drawing
from rag.ui.answer import split_markers
from rag.ui.article import article_html, written_date
from rag.ui.asked import Asked, Question, Shown
from rag.ui.collection import EXAMPLES, Collection
from rag.ui.conversation import question_html
from rag.ui.fragment import at_quote
from rag.ui.history import History
from rag.ui.language_model import LanguageModel, is_own_page
from rag.ui.local_only import local_page
from rag.ui.panels import settings_html
from rag.ui.replies import Replies, answer_languages
from rag.ui.serve import listen
from rag.ui.talk import Exchange, Opened, Rating, Talk
from rag.ui.texts import TEXTS, as_language
from rag.written import Again, Piece

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'too' {{pvCount}} ${alert(2)} `x` [1] [2]"
SEEDS = Path(__file__).parents[1] / "seeds"
OURS = {
    "section", "header", "div", "h2", "h3", "p", "button", "span", "a", "mark", "ol", "ul", "li",
    "blockquote", "details", "summary", "form", "input", "strong", "time",
}  # fmt: skip


class Drawn(HTMLParser):
    """What a browser would see: tags with their attributes, text, and the text inside marks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.paragraphs: list[str] = []
        self.marked: list[str] = []
        self.text = ""
        self._inside: list[str] = []
        self.feed(html)
        self.close()
        assert self._inside == [], "a tag is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "input":  # holds nothing
            return
        self._inside.append(tag)
        if tag in ("p", "h3"):
            self.paragraphs.append("")
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if {"p", "h3"} & {*self._inside}:
            self.paragraphs[-1] += data
        if "mark" in self._inside:
            self.marked[-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def document(text: str = "One. Two. Three.", **fields: str | None) -> Document:
    given_fields = {"title": "A title", "publisher": "A paper", "date": "2021-12-21", **fields}
    return Document(id="d" * 16, text=text, language="en", path="a.md", **given_fields)


def citation(number: int, quote: str, of: Document | None = None) -> Citation:
    article = of or document(quote)
    start = article.text.index(quote)
    return Citation(number, article, start, start + len(quote), quote)


def answer(text: str, *citations: Citation, **fields: object) -> Answer:
    return Answer("A question?", "en", text, False, 0.9, citations, **fields)  # type: ignore[arg-type]


def answer_html(answer: Answer, language: Language) -> str:
    """The answer as the first of a conversation, which is kept."""
    return drawing.answer_html(Exchange(answer, "m" * 32), 0, language)


class Shelf:
    """Articles in memory, which answers with what it is given."""

    def __init__(
        self, replied: Answer | Exception | Sequence[Answer | Piece | Again] = (), *on: Document
    ) -> None:
        self.replied = replied
        self.documents = {each.id: each for each in on}
        self.asked: list[Asked] = []

    def stream(
        self, asked: Asked, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[Answer | Piece | Again]:
        self.asked.append(asked)
        if isinstance(self.replied, Exception):
            raise self.replied
        yield from [self.replied] if isinstance(self.replied, Answer) else self.replied

    def explained(self, answer: Answer) -> Answer:
        return answer

    def document(self, document_id: str) -> Document:
        if document_id not in self.documents:
            raise StoreError("expected a document of the index, found none: see `rag list`")
        return self.documents[document_id]

    def current(self, source: str) -> Document | None:
        return next((each for each in self.documents.values() if each.path == source), None)

    def is_empty(self) -> bool:
        return not self.documents

    def examples(self, language: Language) -> tuple[str, ...]:
        return ("Is 1 < 2?",) if language == "en" else ()


@pytest.fixture
def conversations(tmp_path: Path) -> Conversations:
    return Conversations.open(tmp_path)


@pytest.fixture
def on(conversations: Conversations) -> Callable[..., Replies]:
    """The page's replies over a shelf; a server's address makes answers written ones."""

    def over(shelf: Shelf, server: str | None = None) -> Replies:
        history = History(conversations, shelf, lambda model: Versions("0", "e", "f", model))
        settings = Settings(llm_base_url=server, llm_model="tiny" if server else None)
        return Replies(shelf, history, LanguageModel(settings))

    return over


SERVER = "http://127.0.0.1:9/v1"  # named, but the shelf never asks it


# --- article ---


@example(HOSTILE, 0, 0)
@example(HOSTILE, 9, 40)
@given(
    st.text(st.sampled_from("ab <>&\"'\n[1]{}$`。中"), max_size=60),
    st.integers(-5, 70),
    st.integers(-5, 70),
)
def test_an_article_is_drawn_whole_and_its_span_marked(text: str, start: int, end: int) -> None:
    drawn = Drawn(article_html(document(text), start, end, "en"))
    lines = [line for line in text.split("\n") if line]
    assert drawn.paragraphs[1:] == lines  # the first is publisher and date
    assert "".join(drawn.marked) == text[max(0, start) : max(0, end)].replace("\n", "")
    assert {tag for tag, _ in drawn.tags} <= OURS


@pytest.mark.parametrize("at", [0, 1_000_000, 2_399_980])
def test_of_a_text_longer_than_a_book_a_part_is_drawn(at: int) -> None:
    long = document("".join(f"Line {number:014}.\n" for number in range(114_286)))
    start = long.text.rindex("Line", 0, at + 5)
    drawn = Drawn(article_html(long, start, start + 20, "en", turn=2))
    assert drawn.marked == [long.text[start : start + 20]]
    lines = [each for each in drawn.paragraphs if each.startswith("Line")]
    assert 100_000 < len("".join(lines)) < 400_000
    assert set(lines) <= set(long.text.split("\n"))  # whole ones
    ways = [each for each in drawn.named("button") if "data-document" in each]
    assert len(ways) == (1 if at in (0, 2_399_980) else 2)
    assert {each["data-turn"] for each in ways} == {"2"}
    for way in ways:
        there = Drawn(
            article_html(long, int(way["data-start"] or 0), int(way["data-end"] or 0), "en")
        )
        assert lines[0] in there.paragraphs or lines[-1] in there.paragraphs


def test_a_text_without_paragraphs_is_drawn_in_parts_too() -> None:
    drawn = Drawn(article_html(document("x" * 2_000_000), 1_500_000, 1_500_010, "en"))
    assert drawn.marked == ["x" * 10]
    assert len(drawn.text) < 401_000


def test_a_mark_over_two_paragraphs_is_closed_in_each_and_named_once() -> None:
    drawn = Drawn(article_html(document("One here.\nTwo there."), 4, 13, "en"))
    assert drawn.marked == ["here.", "Two"]
    assert [attributes.get("id") for attributes in drawn.named("mark")] == ["cited", None]


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("Roads and rails\nThe road was paved in a year, and the rails came soon.", 1),
        ("招商不撒网\n宁德画了一张产业链的图，缺什么就去找什么，不再到处撒网。", 1),
        ("The road was paved.\nIt took a year, and then the rails came, and then ships.", 0),
        ("42.5%\nIt took a year, and then the rails came, and then the ships did.", 0),
        ("One line\nTwo", 0),
        ("The last line", 0),
    ],
)
def test_what_seems_to_be_a_heading_is_drawn_as_one(text: str, headings: int) -> None:
    drawn = Drawn(article_html(document(text), 0, 3, "en"))
    assert len(drawn.named("h3")) == headings
    assert drawn.marked == [text[:3]]


def test_of_many_outlets_the_first_are_named() -> None:
    outlets = [document("x", publisher=f"Paper {at}") for at in range(30)]
    drawn = Drawn(article_html(document(), 0, 3, "en", outlets=outlets))
    assert "Paper 7" in drawn.text
    assert "+22" in drawn.text
    assert "Paper 8" not in drawn.text


@pytest.mark.parametrize("field", ["title", "publisher", "date"])
def test_hostile_fields_are_drawn_as_text(field: str) -> None:
    drawn = Drawn(article_html(document(**{field: HOSTILE}), 0, 3, "en"))
    assert HOSTILE in drawn.text
    assert {tag for tag, _ in drawn.tags} <= OURS


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://[", "", None])
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert Drawn(article_html(document(url=url), 0, 3, "en")).named("a") == []


def test_a_web_address_is_linked_and_keeps_the_page_unknown_to_it() -> None:
    (link,) = Drawn(article_html(document(url='https://a.example/?q="x"'), 0, 4, "en")).named("a")
    assert link["href"] == 'https://a.example/?q="x"#:~:text=One.'
    assert link["rel"] == "noopener noreferrer"


@pytest.mark.parametrize(
    ("quote", "directive"),
    [
        ("A well-known day, 5% up & on.", "A%20well%2Dknown%20day%2C%205%25%20up%20%26%20on."),
        ("宁德时代", "%E5%AE%81%E5%BE%B7%E6%97%B6%E4%BB%A3"),
        (
            " ".join(f"w{n}" for n in range(40)),
            "w0%20w1%20w2%20w3%20w4,w35%20w36%20w37%20w38%20w39",
        ),
        ("One line\nand two", "One%20line,and%20two"),
    ],
)
def test_an_original_page_is_linked_at_the_quote(quote: str, directive: str) -> None:
    assert at_quote("https://a.example/p", quote) == f"https://a.example/p#:~:text={directive}"
    assert at_quote("https://a.example/p#s", quote) == f"https://a.example/p#s:~:text={directive}"
    assert at_quote("javascript:alert(1)", quote) is None


def test_a_long_chinese_quote_is_linked_by_its_ends() -> None:
    quote = "上汽宁德基地从打桩到试点火" * 10
    found = unquote(str(at_quote("https://a.example/", quote)).partition("text=")[2])
    assert found == f"{quote[:12]},{quote[-12:]}"


def test_the_other_citations_in_an_article_are_marked_lightly() -> None:
    drawn = Drawn(article_html(document(), 5, 9, "en", others=[(0, 4), (5, 9), (6, 12), (10, 99)]))
    assert drawn.marked == ["One.", "Two."]
    assert [each.get("class") for each in drawn.named("mark")] == ["other", None]
    assert drawn.paragraphs[-1] == "One. Two. Three."


def test_other_publishers_of_an_article_are_named_as_text() -> None:
    outlets = [document(publisher=HOSTILE), document(publisher="B", date="2020-01-02")]
    drawn = Drawn(article_html(document(), 0, 3, "en", outlets=outlets))
    assert f"Also published by {HOSTILE} (21 December 2021), B (2 January 2020)" in drawn.text
    assert {tag for tag, _ in drawn.tags} <= OURS


@pytest.mark.parametrize(
    ("language", "written"), [("en", "21 December 2021"), ("zh-Hans", "2021年12月21日")]
)
def test_dates_are_written_for_the_reader(language: Language, written: str) -> None:
    assert written_date("2021-12-21", language) == written
    assert written_date("last spring", language) == "last spring"


# --- answer ---


def test_markers_become_chips_that_open_their_span() -> None:
    first = citation(1, "Two.", document())
    drawn = Drawn(answer_html(answer("It is two. [1]", first), "en"))
    chips = [each for each in drawn.named("button") if each.get("class") == "chip"]
    assert len(chips) == 2  # in the text and in the list
    for chip in chips:
        assert (chip["data-document"], chip["data-start"], chip["data-end"]) == ("d" * 16, "5", "9")
        assert chip["aria-label"] == "Source 1: A title"
    assert "[1]" not in drawn.text


def test_markers_inside_a_quote_stay_text() -> None:
    quote = "As shown [1] before [2]."
    cited = citation(1, quote)
    assert list(split_markers(f"“{quote}” [1]", [cited])) == [f"“{quote}”", cited]


def test_markers_that_name_no_citation_stay_text() -> None:
    assert list(split_markers("See [7].", [citation(1, "x")])) == ["See [7]."]


@given(st.lists(st.sampled_from(["[1]", "[2]", "[3]", " ", "word", "。"]), max_size=12))
def test_splitting_at_markers_loses_no_words(pieces: list[str]) -> None:
    text = "".join(pieces)
    citations = [citation(1, "Alpha"), citation(2, "Beta")]
    split = list(split_markers(text, citations))
    words = "".join(piece for piece in split if isinstance(piece, str))
    assert words.replace(" ", "") == re.sub(r"\[[12]\]", "", text).replace(" ", "")
    assert [piece.number for piece in split if isinstance(piece, Citation)] == [
        int(found) for found in re.findall(r"\[([12])\]", text)
    ]


def test_a_hostile_quote_is_drawn_as_text() -> None:
    drawn = Drawn(answer_html(answer(f"{HOSTILE} [1]", citation(1, HOSTILE)), "en"))
    assert drawn.text.count(HOSTILE) == 2
    assert {tag for tag, _ in drawn.tags} <= OURS


def test_sources_are_listed_with_what_is_known_of_them() -> None:
    bare = document("Words.", title=None, publisher=None, date=None)
    drawn = Drawn(answer_html(answer("Yes [1].", citation(1, "Words.", bare)), "en"))
    assert "Untitled article" in drawn.text
    assert "no date" in drawn.text


def test_a_refusal_shows_the_nearest_passages_as_such() -> None:
    article = document("Near. " * 100)
    passage = Passage("p" * 16, article.id, 0, 400, article.text[:400])
    near = Hit(passage, article, 0.1, 0.0, 0.1, 0.1, 0.05)
    refusal = Answer("Q?", "en", "The articles don't say.", True, 0.05, (), (near,) * 5)
    drawn = Drawn(answer_html(refusal, "en"))
    assert TEXTS["en"].nearest in drawn.text
    titles = [each for each in drawn.named("button") if each.get("class") == "title"]
    assert len(titles) == 3
    assert (titles[0]["data-start"], titles[0]["data-end"]) == ("0", "400")


def test_words_that_met_stand_below_a_source_and_a_nearest_passage() -> None:
    article = document("Port of Lind, 4.2 billion.")
    matches = (
        WordMatch("港口", "Port", 0, 4, 0.67, 0.5),
        WordMatch("42亿", "4.2 billion", 14, 25, 1.0, 0.3, "value"),
        WordMatch("Lind", "Lind", 8, 12, 1.0, 0.2),
    )
    pairs = ("港口 ↔ Port .67", "42亿 = 4.2 billion", "Lind")
    cited = Citation(1, article, 0, 26, article.text, matches)
    drawn = Drawn(answer_html(answer(f"{article.text} [1]", cited), "en"))
    assert all(pair in drawn.text for pair in pairs)
    near = Hit(Passage("p", article.id, 0, 26, article.text), article, 0, 0, 0, 0, 0, None, matches)
    refusal = Answer("港口花了42亿？", "zh-Hans", "没有。", True, 0.05, (), (near,))
    for language in LANGUAGES:
        drawn = Drawn(answer_html(refusal, language))
        words = TEXTS[language]
        how = (words.near_meaning, words.same_value, words.same_word)
        line = "".join(f"{pair} {each}" for pair, each in zip(pairs, how, strict=True))
        assert f"{words.matched} {line}" in drawn.text
    assert {"zh-Hans", "en"} <= {each.get("lang") for each in drawn.named("span")}


def test_nothing_is_said_of_words_where_none_met() -> None:
    article = document("Words.")
    for matches in ((), None):
        cited = Citation(1, article, 0, 6, "Words.", matches)
        drawn = Drawn(answer_html(answer("Words. [1]", cited), "en"))
        assert TEXTS["en"].matched not in drawn.text


def test_hostile_words_that_met_are_drawn_as_text() -> None:
    article = document(HOSTILE)
    matches = (WordMatch(HOSTILE, HOSTILE[:20], 0, 20, 0.5, 1.0),)
    cited = Citation(1, article, 0, len(HOSTILE), HOSTILE, matches)
    drawn = Drawn(answer_html(answer("Yes [1].", cited), "en"))
    assert f"{HOSTILE} ↔ {HOSTILE[:20]} .50" in drawn.text
    assert {tag for tag, _ in drawn.tags} <= OURS


# --- written answers ---


def claimed(*claims: WrittenClaim) -> Answer:
    return answer("Text.", citation(1, "Two.", document()), claims=claims)


PROVED = WrittenClaim("It is two.", "verified", (1,), found=True, supported=True)
DOUBTED = WrittenClaim("It is 9.", "unsupported", (1,), found=True, reasons=("no '9' <there>",))
BARE = WrittenClaim("Trust me.", "unsupported")
MENDED = WrittenClaim("Two it is.", "repaired", (1,), found=True, supported=True)


@pytest.mark.parametrize(
    ("claim", "marks", "said"),
    [
        (PROVED, ["quote yes", "proof yes"], ["verified", "stands in", "says what"]),
        (MENDED, ["quote yes", "proof yes"], ["repaired", "wrong passage"]),
        (DOUBTED, ["quote yes", "proof no"], ["not verified", "does not say", "no '9' <there>"]),
        (BARE, ["quote no", "proof no"], ["not verified", "gave none", "nothing proves"]),
    ],
)
def test_a_sentence_has_two_marks_and_says_why(
    claim: WrittenClaim, marks: list[str], said: list[str]
) -> None:
    drawn = Drawn(answer_html(claimed(claim), "en"))
    kinds = [str(each.get("class")) for each in drawn.named("span")]
    assert [kind.removeprefix("mark ") for kind in kinds if kind.startswith("mark ")] == marks
    for words in (claim.text, *said):
        assert words in drawn.text
    chips = [each for each in drawn.named("button") if each.get("class") == "chip"]
    assert len(chips) == len(claim.citations) + 1
    assert {tag for tag, _ in drawn.tags} <= OURS


def test_how_many_sentences_are_proved_is_told() -> None:
    drawn = Drawn(answer_html(claimed(PROVED, MENDED, BARE), "en"))
    assert "3 sentences written by the language model, 2 of them proved" in drawn.text


@pytest.mark.parametrize("status", ["verified", "unsupported"])
def test_what_a_model_writes_is_only_text(status: str) -> None:
    said = f"{HOSTILE} ![x](https://outside.example/x.png) [a](https://outside.example)"
    claim = WrittenClaim(said, status, reasons=(HOSTILE,))  # type: ignore[arg-type]
    drawn = Drawn(answer_html(claimed(claim), "en"))
    assert said in drawn.text
    assert {tag for tag, _ in drawn.tags} <= OURS - {"a"}


@pytest.mark.parametrize("claims", [(), (PROVED,)])
def test_notices_notes_and_disagreement_are_told(claims: tuple[WrittenClaim, ...]) -> None:
    lines = [DISAGREE["en"], "17 <months> [1]", "two years", "“Two.” [1]"]
    found = answer(
        "\n".join(lines),
        citation(1, "Two.", document()),
        notice=f"Quoted instead: {HOSTILE}",
        notes=("Published then: [1].",),
        disagreement=(Position("17 <months>", (1,)), Position("two years", ())),
        claims=claims,
    )
    drawn = Drawn(answer_html(found, "en"))
    for words in (f"Quoted instead: {HOSTILE}", "Published then:", TEXTS["en"].disagree):
        assert words in drawn.text
    for words in ("17 <months>", "two years"):  # in the box, not in a line of its own as well
        assert drawn.text.count(words) == 1
    assert DISAGREE["en"] not in drawn.text
    assert "Published then: [1]" not in drawn.text  # it is a chip
    assert {tag for tag, _ in drawn.tags} <= OURS


def test_the_question_is_shown_as_asked_and_as_understood() -> None:
    drawn = Drawn(question_html(f"And {HOSTILE}?", "What of <b>Lind</b>?", 3, "en"))
    assert f"And {HOSTILE}?" in drawn.text
    assert "Understood as: What of <b>Lind</b>?" in drawn.text
    assert drawn.named("header")[0]["data-turn"] == "3"
    assert "Understood" not in Drawn(question_html("Q?", None, 0, "en")).text


# --- citations that are restored ---


def test_citations_that_no_longer_hold_say_so_and_open_what_is_there() -> None:
    article = document()
    held = citation(1, "Two.", article)
    kept = [KeptCitation(number, cited_article(article), 0, 3, HOSTILE) for number in (2, 3)]
    exchange = Exchange(
        answer("So. [1] [2] [3]", held),
        states={1: "moved", 2: "changed", 3: "gone"},
        lost=tuple(kept),
        changed={2: "new"},
    )
    drawn = Drawn(drawing.answer_html(exchange, 4, "en"))
    chips = [each for each in drawn.named("button") if str(each.get("class")).startswith("chip")]
    opens = {each["data-number"]: each.get("data-document") for each in chips}
    assert opens == {"1": article.id, "2": "new", "3": None}
    assert {each.get("data-turn") for each in chips} == {"4", None}
    for words in (TEXTS["en"].moved, TEXTS["en"].changed, TEXTS["en"].gone):
        assert words in drawn.text
    assert TEXTS["en"].gone in str(chips[2]["aria-label"])
    assert {tag for tag, _ in drawn.tags} <= OURS


# --- replies ---


Over = Callable[..., Replies]


def asked(replies: Replies, question: str = "Q?", language: str = "en") -> list[Shown]:
    return list(replies.ask(Question(question, "auto", language), Talk(), {}))


def test_an_answer_comes_with_its_first_source_open(on: Over) -> None:
    article = document()
    shown = asked(on(Shelf(answer("Two [1].", citation(1, "Two.", article)), article)))
    (pane,) = [each.pane for each in shown if each.pane]
    assert pane.opened == Opened(article.id, 5, 9, 0)
    assert Drawn(pane.html).marked == ["Two."]


@pytest.mark.parametrize("wanted", ["auto", *LANGUAGES, "tlh", ""])
def test_the_answers_language_is_passed_on_where_it_is_one(on: Over, wanted: str) -> None:
    shelf = Shelf(answer("Yes."))
    list(on(shelf).ask(Question(" Q? ", wanted), Talk(), {}))
    assert shelf.asked == [Asked("Q?", wanted if wanted in LANGUAGES else None)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_question_is_not_asked(on: Over, language: Language) -> None:
    shelf = Shelf()
    (shown,) = asked(on(shelf), " \n", language)
    assert shown == Shown(status=TEXTS[language].no_question)
    assert shelf.asked == []


def test_a_known_error_is_shown_and_an_unknown_one_kept_in_the_log(
    on: Over, caplog: pytest.LogCaptureFixture
) -> None:
    known = asked(on(Shelf(StoreError("damaged: run <this>"))))[-1]
    assert "run &lt;this&gt;" in str(known.answer)
    assert known.talk is None  # the conversation is as it was
    assert Drawn(str(known.answer)).named("button")[0]["data-question"] == "Q?"
    assert "secret" not in str(asked(on(Shelf(RuntimeError("secret"))))[-1].answer)
    assert "secret" in caplog.text


QUOTED = answer("“Two.” [1]", citation(1, "Two.", document()))
WRITTEN: list[Answer | Piece | Again] = [
    QUOTED,
    Piece("It is "),
    Again(),
    Piece("It is <two>."),
    replace(QUOTED, claims=(PROVED,)),
]


def test_the_quoted_answer_stands_while_a_model_writes(
    on: Over, conversations: Conversations
) -> None:
    article = document()
    shown = asked(on(Shelf(WRITTEN, article), SERVER))
    quoted, *drafts, last = shown
    assert "Two." in Drawn(str(quoted.answer)).text
    assert "act" not in str(quoted.answer)
    assert "writing" in str(quoted.now)
    assert [each.piece for each in drafts] == ["It is ", None, "It is <two>."]
    assert "writing" in str(drafts[1].now)  # begun anew
    assert {each.answer for each in drafts} == {None}
    assert "writing" not in str(last.now)
    assert Drawn(str(last.answer)).text.startswith("It is two.")
    assert last.talk is not None
    (message,) = conversations.messages(str(last.talk.id))
    assert message.claims == (PROVED,)
    assert message.versions.language_model == "tiny"


def test_a_question_is_asked_after_those_before_it(on: Over) -> None:
    shelf = Shelf(QUOTED, document())
    replies = on(shelf)
    talk = asked(replies)[-1].talk
    assert talk is not None
    *_, last = replies.ask(Question("And then?"), talk, {})
    assert [turn.question for turn in shelf.asked[1].turns] == ["A question?"]
    assert last.talk is not None
    assert (last.talk.id, len(last.talk.exchanges)) == (talk.id, 2)


def test_a_question_asked_in_anothers_place_drops_what_follows(
    on: Over, conversations: Conversations
) -> None:
    replies = on(Shelf(QUOTED, document()))
    talk = Talk()
    for _ in range(3):
        talk = list(replies.ask(Question("Q?"), talk, {}))[-1].talk or talk
    kept = [each.id for each in conversations.messages(str(talk.id))]
    talk = list(replies.ask(Question("Other?", at=1), talk, {}))[-1].talk or talk
    assert len(talk.exchanges) == 2
    now = [each.id for each in conversations.messages(str(talk.id))]
    assert now == [kept[0], talk.exchanges[1].message]
    assert now[1] not in kept


def test_a_stopped_answer_is_quoted_and_says_so(on: Over, conversations: Conversations) -> None:
    stops = iter([True])
    replies = on(Shelf(WRITTEN, document()), SERVER)
    *_, last = replies.ask(Question("Q?"), Talk(), {}, lambda: next(stops, True))
    assert TEXTS["en"].stopped in str(last.answer)
    assert "Two." in str(last.answer)
    (message,) = conversations.messages(str(last.talk and last.talk.id))
    assert (message.claims, message.notice) == ((), TEXTS["en"].stopped)


def test_an_answer_whose_reader_left_is_kept_as_quoted(
    on: Over, conversations: Conversations
) -> None:
    steps = on(Shelf(WRITTEN, document()), SERVER).ask(Question("Q?"), Talk(), {})
    assert "Two." in str(next(steps).answer)
    steps.close()  # type: ignore[attr-defined]
    (entry,) = conversations.listed()
    assert [each.claims for each in conversations.messages(entry.id)] == [()]


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(
    on: Over, conversations: Conversations
) -> None:
    conversations.path.write_bytes(b"something else")
    last = asked(on(Shelf(QUOTED, document())))[-1]
    assert "Two." in str(last.answer)
    assert str(conversations.path) in str(last.status)


def test_a_quoted_answer_is_drawn_once(on: Over) -> None:
    article = document()
    hit = Hit(Passage("p", article.id, 0, 4, "One."), article, 0, 0, 0, 0, 0)
    (shown,) = asked(on(Shelf(replace(QUOTED, hits=(hit,)), article)))
    assert (shown.past, shown.status) == ("", "")
    assert shown.talk is not None
    assert shown.talk.exchanges[0].answer.hits == ()  # nothing that isn't shown is held


def test_an_error_behind_the_quoted_answer_leaves_it_standing(
    on: Over, conversations: Conversations
) -> None:
    class Breaks(Shelf):
        def stream(
            self, asked: Asked, cancelled: Callable[[], bool] | None = None
        ) -> Iterator[Answer | Piece | Again]:
            yield from super().stream(asked, cancelled)
            raise StoreError("expected <it>, found it damaged")

    *_, last = asked(on(Breaks(QUOTED, document()), SERVER))
    assert "Two." in str(last.answer)
    assert "expected &lt;it&gt;, found it damaged" in str(last.answer)
    assert last.talk is not None
    assert len(conversations.messages(str(last.talk.id))) == 1


def test_the_pane_follows_to_the_settled_answer(on: Over) -> None:
    article = document()
    replies = on(Shelf((), article))
    settled = answer("Three.", citation(1, "Three.", article), claims=(PROVED,))
    talk = Talk("t", (Exchange(settled),))
    pane = replies.follow(Opened(article.id, 5, 9, 0), talk, "en")
    assert pane is not None
    assert pane.opened == Opened(article.id, 10, 16, 0)
    again = replies.follow(pane.opened, talk, "en")
    assert again == pane  # its place among the citations may be another
    for still in (None, Opened(article.id, 5, 9, None)):
        assert replies.follow(still, talk, "en") is None
    as_quoted = Talk("t", (Exchange(replace(settled, claims=())),))
    assert replies.follow(Opened(article.id, 5, 9, 0), as_quoted, "en") is None


def test_citations_are_stepped_through_in_a_ring(on: Over) -> None:
    article = document()
    cited = [citation(n, quote, article) for n, quote in enumerate(("One.", "Two.", "Three."), 1)]
    talk = Talk("t", (Exchange(answer("[1][2][3]", *cited)),))
    pane = on(Shelf((), article)).pane(Opened(article.id, 0, 4, 0), talk, "en")
    steps = {
        each["data-step"]: each for each in Drawn(pane.html).named("button") if "data-step" in each
    }
    assert (steps["-1"]["data-start"], steps["1"]["data-start"]) == ("10", "5")
    assert "1 of 3" in Drawn(pane.html).text
    assert Drawn(pane.html).marked == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("turn", [None, -1, 7])
def test_a_span_of_no_answer_still_opens_its_article(on: Over, turn: int | None) -> None:
    pane = on(Shelf((), document())).pane(Opened("d" * 16, 5, 9, turn), Talk(), "en")
    assert Drawn(pane.html).marked == ["Two."]


def test_an_article_that_has_gone_is_said_to_have_gone(on: Over) -> None:
    pane = on(Shelf()).pane(Opened("gone", 0, 2), Talk(), "zh-Hant")
    assert TEXTS["zh-Hant"].article_gone in pane.html


def test_examples_are_buttons_and_an_empty_collection_says_how_to_fill_it(on: Over) -> None:
    (button,) = Drawn(on(Shelf((), document())).examples("en")).named("button")
    assert button["data-question"] == "Is 1 < 2?"
    assert on(Shelf((), document())).examples("zh-Hans") == ""
    assert "rag ingest" in on(Shelf()).examples("zh-Hans")


# --- conversations ---


def test_a_conversation_is_restored_with_what_its_reader_thought(on: Over) -> None:
    article = document()
    shelf = Shelf(answer("Two [1].", citation(1, "Two.", article)), article)
    replies = on(shelf)
    talk = asked(replies)[-1].talk
    assert talk is not None
    message = str(talk.exchanges[0].message)
    ratings, said = replies.rate(message, Rating("down", "<too> short"), {}, "en")
    assert said == TEXTS["en"].thanks
    found, restored, wrong = replies.restore(str(talk.id), "en")
    assert (wrong, restored) == ("", ratings)
    assert list(ratings.values()) == [Rating("down", "<too> short")]
    shown = replies.show(found, restored, None, "zh-Hans")
    assert 'data-rate="down" aria-pressed="true"' in str(shown.answer)
    assert Drawn(str(shown.answer)).named("input")[0]["value"] == "<too> short"
    shelf.documents.clear()
    gone, _, _ = replies.restore(str(talk.id), "en")
    assert gone.exchanges[0].states == {1: "gone"}


def test_a_conversation_that_is_not_there_is_said_to_be_gone(on: Over) -> None:
    assert on(Shelf()).restore("x", "en") == (Talk(), {}, TEXTS["en"].conversation_gone)
    assert on(Shelf()).restore("", "en") == (Talk(), {}, "")


def test_conversations_are_listed_as_text_and_exported(
    on: Over, conversations: Conversations
) -> None:
    shelf = Shelf(replace(QUOTED, question=HOSTILE), document())
    talk = asked(on(shelf), HOSTILE)[-1].talk
    history = History(conversations, shelf, lambda model: Versions("0", "e", "f", model))
    drawn = Drawn(history.list_html("", "en"))
    assert HOSTILE in drawn.text
    assert {tag for tag, _ in drawn.tags} <= OURS
    assert TEXTS["en"].no_match in history.list_html("nothingofthekind", "en")
    assert talk is not None
    name, text = history.export(str(talk.id), "json") or ("", "")
    assert json.loads(text)["messages"][0]["question"] == HOSTILE
    assert re.fullmatch(r"[\w-]+\.json", name)
    name, text = history.export(str(talk.id), "markdown") or ("", "")
    assert name.endswith(".md")
    assert "Two." in text
    copied = history.copied(str(talk.id), str(talk.exchanges[0].message))
    assert copied.startswith("## ")
    assert "Two." in copied
    history.remove(str(talk.id))
    assert history.export(str(talk.id), "json") is None
    assert TEXTS["en"].no_conversations in history.list_html("", "en")


# --- the language model's settings ---


KEYED = Settings(
    llm_base_url="http://user:s3cret@127.0.0.1:1/v1", llm_model="m", llm_api_key="sk-1"
)
FORM = {"address": "http://127.0.0.1:1/v1", "model": "m", "key": "", "unproved": "drop"}


@pytest.mark.parametrize("may_change", [True, False])
def test_the_key_never_comes_back_to_the_page(may_change: bool) -> None:
    model = LanguageModel(KEYED, may_change=may_change)
    drawn = settings_html(model, "en", may_change=may_change)
    assert "sk-1" not in drawn
    assert "s3cret" not in drawn
    assert ('type="submit"' in drawn) is may_change
    assert ("disabled" in drawn) is not may_change


def test_an_empty_key_keeps_the_one_that_is_set_for_the_same_server_alone() -> None:
    model = LanguageModel(KEYED)
    model.change(FORM)
    assert model.settings == replace(KEYED, keep_unsupported=False)
    model.change({**FORM, "address": "http://127.0.0.2:1/v1"})
    assert model.settings.llm_api_key == ""
    model.change({**FORM, "address": "", "model": ""})
    assert model.generator() is None


@pytest.mark.parametrize(
    "wrong", [{"address": ""}, {"model": " "}, {"address": "file:///etc/passwd"}, {"key": "钥匙"}]
)
def test_settings_that_cannot_be_leave_those_before(wrong: dict[str, str]) -> None:
    model = LanguageModel(KEYED)
    with pytest.raises(UsageError):
        model.change({**FORM, **wrong})
    assert model.settings == KEYED


def test_a_server_is_tried_in_one_line() -> None:
    model = LanguageModel()
    with InferenceServer(says("Hel", "lo\n<b>"), fails(401, "no such key")) as server:
        form = {"address": server.url, "model": "tiny"}
        assert model.tried(form, TEXTS["en"]) == "The server answers: tiny wrote “Hello <b>”."
        refused = model.tried(form, TEXTS["en"])
    assert "no such key" in refused
    assert "\n" not in refused
    assert model.tried({}, TEXTS["en"]) == TEXTS["en"].no_server


@pytest.mark.parametrize(
    ("host", "origin", "own"),
    [
        ("127.0.0.1:7860", "http://127.0.0.1:7860", True),
        ("localhost:7860", "http://localhost:7860", True),
        ("[::1]:7860", "http://[::1]:7860", True),
        ("127.0.0.1:7860", "https://outside.example", False),
        ("127.0.0.1:7860", "", False),
        ("outside.example", "http://outside.example", False),  # its name, this machine's address
        ("192.168.1.5:7860", "http://192.168.1.5:7860", False),
        ("", "", False),
    ],
)
def test_only_the_page_on_this_machine_changes_the_server(
    host: str, origin: str, own: bool
) -> None:
    assert is_own_page({"host": host, "origin": origin}) is own


# --- the collection ---


def article(name: str, text: str) -> RawArticle:
    return RawArticle(source=f"/articles/{name}", path=name, kind="text", content=text)


def test_the_examples_are_answered_from_the_samples(tmp_path: Path) -> None:
    asked = {each.question: each for each in read_questions(SEEDS / "questions.jsonl")}
    with Index.open(tmp_path / "index", create=True) as index:
        index.ingest([SEEDS])
        collection = Collection(index)
        for language in LANGUAGES:
            shown = collection.examples(language)
            assert shown == tuple(question for question, _ in EXAMPLES[language])
            for question in shown:
                assert asked[question].lang == language
                *_, found = collection.stream(Asked(question))
                assert isinstance(found, Answer)
                quoted = " ".join(each.quote for each in found.citations)
                assert any(gold in quoted for gold in asked[question].answers), question


def test_a_collection_is_empty_then_sees_what_another_index_object_adds(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        collection = Collection(index)
        collection.warm()
        assert collection.is_empty()
        assert collection.examples("zh-Hans") == ()
        with Index.open(tmp_path / "index") as other:
            other.ingest_articles([article("sanxiang-zirconium.txt", "Sanxiang\n\nOne metal.")])
        assert not collection.is_empty()
        assert collection.examples("zh-Hans") == ("三祥新材的总经理是谁？",)
        *_, replied = collection.stream(Asked("How many metals has Sanxiang?"))
        assert isinstance(replied, Answer)
        assert collection.document(replied.hits[0].document.id).text.endswith("One metal.")


def test_the_app_reads_the_samples_once_then_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("Bridges\n\nThe bridge was built in 1984.\n")
    served: list[Path] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAG_INDEX", "mine")
    monkeypatch.setattr("rag.ui.launch", lambda index, **_: served.append(index))
    assert app.main() == 0
    assert "seeds" in capsys.readouterr().err
    assert app.main() == 0
    assert capsys.readouterr().err == ""
    assert served == [Path("mine")] * 2
    with Index.open(Path("mine")) as index:
        assert len(list(index.documents())) == 1


def test_the_app_says_in_one_line_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAG_INDEX", str(tmp_path))  # a folder, but no index
    assert app.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("error: expected an index")
    assert said.count("\n") == 1


# --- words ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_page_is_in_every_language(language: Language) -> None:
    for name in TEXTS["en"].__dataclass_fields__:
        said, english = getattr(TEXTS[language], name), getattr(TEXTS["en"], name)
        assert said.strip()
        assert re.findall(r"{\w*}", said) == re.findall(r"{\w*}", english)
    assert [value for _, value in answer_languages(language)] == ["auto", *LANGUAGES]


@pytest.mark.parametrize("value", ["de", "", None, 3, "zh"])
def test_a_language_that_the_page_lacks_falls_back(value: object) -> None:
    assert as_language(value, "zh-Hans") == "zh-Hans"


# --- serving ---


def test_a_page_keeps_its_scripts_and_loses_outside_addresses() -> None:
    page = (
        b'<meta property="og:image" content="https://cdn.example/x.jpg" />\n'
        b'<meta name="twitter:title" content="x" /><meta name="viewport" content="y" />'
        b'<script type="module" src="./a.js"></script>'
    )
    local = local_page(page, "N")
    assert b"cdn.example" not in local
    assert b"twitter" not in local
    assert b'name="viewport"' in local
    assert b'<script nonce="N" type="module"' in local


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_named_port_that_is_taken_is_an_error(taken: int) -> None:
    with pytest.raises(UsageError, match=rf"expected a free port .*{taken}.*--port"):
        listen("127.0.0.1", taken)


def test_without_a_port_the_next_free_one_is_taken() -> None:
    with listen("127.0.0.1", None) as first, listen("127.0.0.1", None) as second:
        ports = [each.getsockname()[1] for each in (first, second)]
    assert ports[0] < ports[1]
    assert ports[0] >= 7860


def test_a_host_that_is_not_this_machine_is_an_error() -> None:
    with pytest.raises(UsageError, match="expected the name or address"):
        listen("no-such-host.invalid", None)
