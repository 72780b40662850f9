"""The page's pure parts: what is drawn from answers and articles, and that it is drawn as text."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import app
from rag.errors import StoreError, UsageError
from rag.index import Index
from rag.questions import read_questions
from rag.types import (
    LANGUAGES,
    Answer,
    Citation,
    Document,
    Hit,
    Language,
    Passage,
    RawArticle,
    WordMatch,
)
from rag.ui.answer import answer_html, split_markers
from rag.ui.article import article_html, written_date
from rag.ui.collection import EXAMPLES, Collection
from rag.ui.local_only import local_page
from rag.ui.replies import Opened, Replies, answer_languages
from rag.ui.serve import listen
from rag.ui.texts import TEXTS, as_language

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'too' {{pvCount}} ${alert(2)} `x` [1] [2]"
SEEDS = Path(__file__).parents[1] / "seeds"
OURS = {
    "section", "header", "div", "h2", "p", "button", "span", "a", "mark", "ol", "li", "blockquote",
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
        self._inside.append(tag)
        if tag == "p":
            self.paragraphs.append("")
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "p" in self._inside:
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


class Shelf:
    """Articles in memory, which answers with what it is given."""

    def __init__(self, replied: Answer | Exception | None = None, *documents: Document) -> None:
        self.replied = replied
        self.documents = {each.id: each for each in documents}
        self.asked: list[tuple[str, Language | None]] = []

    def ask(self, question: str, language: Language | None) -> Answer:
        self.asked.append((question, language))
        if isinstance(self.replied, Exception):
            raise self.replied
        assert self.replied is not None
        return self.replied

    def document(self, document_id: str) -> Document:
        if document_id not in self.documents:
            raise StoreError("expected a document of the index, found none: see `rag list`")
        return self.documents[document_id]

    def is_empty(self) -> bool:
        return not self.documents

    def examples(self, language: Language) -> tuple[str, ...]:
        return ("Is 1 < 2?",) if language == "en" else ()


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


def test_a_mark_over_two_paragraphs_is_closed_in_each_and_named_once() -> None:
    drawn = Drawn(article_html(document("One here.\nTwo there."), 4, 13, "en"))
    assert drawn.marked == ["here.", "Two"]
    assert [attributes.get("id") for attributes in drawn.named("mark")] == ["cited", None]


@pytest.mark.parametrize("field", ["title", "publisher", "date"])
def test_hostile_fields_are_drawn_as_text(field: str) -> None:
    drawn = Drawn(article_html(document(**{field: HOSTILE}), 0, 3, "en"))
    assert HOSTILE in drawn.text
    assert {tag for tag, _ in drawn.tags} <= OURS


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://[", "", None])
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert Drawn(article_html(document(url=url), 0, 3, "en")).named("a") == []


def test_a_web_address_is_linked_and_keeps_the_page_unknown_to_it() -> None:
    (link,) = Drawn(article_html(document(url='https://a.example/?q="x"'), 0, 3, "en")).named("a")
    assert link["href"] == 'https://a.example/?q="x"'
    assert link["rel"] == "noopener noreferrer"


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
    titles = drawn.named("button")
    assert len(titles) == 3
    assert (titles[0]["data-start"], titles[0]["data-end"]) == ("0", "400")


def test_words_that_met_stand_below_a_source_and_a_nearest_passage() -> None:
    article = document("Port of Lind, 4.2 billion.")
    matches = (
        WordMatch("港口", "Port", 0, 4, 0.67, 0.5),
        WordMatch("42亿", "4.2 billion", 14, 25, 1.0, 0.3, "value"),
        WordMatch("Lind", "Lind", 8, 12, 1.0, 0.2),
    )
    line = "港口 ↔ Port .67 · 42亿 = 4.2 billion · Lind"
    cited = Citation(1, article, 0, 26, article.text, matches)
    drawn = Drawn(answer_html(answer(f"{article.text} [1]", cited), "en"))
    assert line in drawn.text
    near = Hit(Passage("p", article.id, 0, 26, article.text), article, 0, 0, 0, 0, 0, None, matches)
    refusal = Answer("港口花了42亿？", "zh-Hans", "没有。", True, 0.05, (), (near,))
    for language in LANGUAGES:
        drawn = Drawn(answer_html(refusal, language))
        assert f"{TEXTS[language].matched} {line}" in drawn.text
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


# --- replies ---


def shown(shelf: Shelf, question: str, language: str = "en") -> list[str]:
    return [each.answer_html for each in Replies(shelf).ask(question, "auto", language)]


def test_an_answer_comes_with_its_first_source_open() -> None:
    article = document()
    cited = citation(1, "Two.", article)
    *_, last = Replies(Shelf(answer("Two [1].", cited), article)).ask("Q?", "auto", "en")
    assert last.opened == Opened(article.id, 5, 9)
    assert Drawn(last.article_html or "").marked == ["Two."]


@pytest.mark.parametrize("wanted", ["auto", *LANGUAGES, "tlh", ""])
def test_the_answers_language_is_passed_on_where_it_is_one(wanted: str) -> None:
    shelf = Shelf(answer("Yes."))
    list(Replies(shelf).ask(" Q? ", wanted, "en"))
    assert shelf.asked == [("Q?", wanted if wanted in LANGUAGES else None)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_question_is_not_asked(language: Language) -> None:
    shelf = Shelf()
    (drawn,) = shown(shelf, " \n", language)
    assert TEXTS[language].no_question in drawn
    assert shelf.asked == []


def test_a_known_error_is_shown_and_an_unknown_one_kept_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert "run &lt;this&gt;" in shown(Shelf(StoreError("damaged: run <this>")), "Q?")[-1]
    assert "secret" not in shown(Shelf(RuntimeError("secret")), "Q?")[-1]
    assert "secret" in caplog.text


SPANS = [
    {},
    {"document": 1, "start": 0, "end": 2},
    {"document": "d" * 16, "start": "0", "end": None},
]


@pytest.mark.parametrize("span", SPANS)
def test_a_click_without_a_span_closes_the_pane(span: dict[str, object]) -> None:
    assert Replies(Shelf(None, document())).open(span, "en") == ("", None)


def test_an_article_that_has_gone_is_said_to_have_gone() -> None:
    html, _ = Replies(Shelf()).open({"document": "gone", "start": 0, "end": 2}, "zh-Hant")
    assert TEXTS["zh-Hant"].article_gone in html


def test_examples_are_buttons_and_an_empty_collection_says_how_to_fill_it() -> None:
    (button,) = Drawn(Replies(Shelf(None, document())).examples("en")).named("button")
    assert button["data-question"] == "Is 1 < 2?"
    assert Replies(Shelf(None, document())).examples("zh-Hans") == ""
    assert "rag ingest" in Replies(Shelf()).examples("zh-Hans")


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
                quoted = " ".join(each.quote for each in collection.ask(question, None).citations)
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
        replied = collection.ask("How many metals has Sanxiang?", None)
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
