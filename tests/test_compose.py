from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import article

from rag.answer import ask, turn_of
from rag.index import Index
from rag.render import show_answer
from rag.shapes import answer_json
from rag.types import Answer, Language, RawArticle

BRIDGE = (
    "The council opened the Lind Bridge on Monday after four years of work. "
    "The Lind Bridge is {length} metres long and carries six lanes of traffic. "
    "Engineers from three firms checked every cable before the first cars crossed. "
    "The mayor thanked the workers and promised that there would be no toll. A market will be held "
    "under the eastern arch each Saturday, where farmers of the hills sell fruit, cheese, wool. "
    "Cyclists have a lane of their own on the northern side, which is lit at night. The old ferry "
    "house becomes a museum about river trade, paid for by a foundation of local families. "
    "Buses will run over the bridge every ten minutes during the day and twice an hour after "
    "midnight, and school children travel without a ticket until the end of the summer."
)
ANOTHER = (
    "Readers asked about the size of the new crossing. According to the builders the Lind Bridge "
    "is {length} metres long from bank to bank. It replaces the ferry, which will stop in June."
)
ARTICLES = [
    article("a.txt", BRIDGE.format(length="1,250"), publisher="Lind Daily", date="2021-03-01"),
    article("b.txt", ANOTHER.format(length="1,430"), publisher="River Post", date="2021-04-02"),
    article(
        "copy.txt",
        "Bridge opens. " + BRIDGE.format(length="1,250"),
        publisher="Harbour News",
        date="2021-03-02",
    ),
    article(
        "zh.txt",
        "新航线上周开通。该航线途经板桥、青浦、松江和奉贤四个城市，全程三小时。船票由市政府补贴。",
        publisher="江城日报",
        date="2023-05-06",
    ),
    article(
        "steps.txt",
        "Farmers can apply for the orchard grant from May.\n"
        "The orchard grant pays for these things:\n- young trees\n- fences against deer\n"
        "- drip pipes\n\nApplications close in August.",
        publisher="Field Notes",
        date="2022-05-01",
    ),
    article(
        "museum.txt", "The Lind museum opened in 2012.", publisher="Field Notes", date="2020-01-01"
    ),
    article(
        "y1.txt", "The Oster mill made 310 tonnes of paper.", publisher="Mill", date="2024-01-10"
    ),
    article(
        "y2.txt", "The Oster mill made 275 tonnes of paper.", publisher="Mill", date="2025-01-10"
    ),
]
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("composed") / "index", create=True) as opened:
        opened.ingest_articles(ARTICLES)
        yield opened


def asked(index: Index, question: str) -> Answer:
    answer = ask(index, question, today=TODAY)
    assert not answer.declined
    return answer


def publishers(answer: Answer, numbers: tuple[int, ...]) -> set[str | None]:
    return {answer.citations[number - 1].document.publisher for number in numbers}


def test_sources_that_disagree_are_shown_each_with_publisher_and_date(index: Index) -> None:
    answer = asked(index, "How long is the Lind Bridge?")
    assert answer.short is None
    assert {each.text for each in answer.disagreement} == {"1,250 metres", "1,430 metres"}
    told = dict.fromkeys(answer.text.splitlines())
    assert "The sources disagree:" in told
    assert any("1,430 metres" in line and "(River Post, 2021-04-02)" in line for line in told)
    for position in answer.disagreement:
        for number in position.citations:
            amount = position.text.split()[0]
            assert amount in answer.citations[number - 1].quote


def test_copies_are_one_source_with_several_outlets(index: Index) -> None:
    answer = asked(index, "How long is the Lind Bridge?")
    first = next(each for each in answer.disagreement if each.text == "1,250 metres")
    assert len(first.citations) == 1
    citation = answer.citations[first.citations[0] - 1]
    names = {citation.document.publisher, *(outlet.publisher for outlet in citation.outlets)}
    assert names == {"Lind Daily", "Harbour News"}
    shown = answer_json(answer)["citations"][citation.number - 1]["outlets"]
    assert [outlet["publisher"] for outlet in shown] == [
        outlet.publisher for outlet in citation.outlets
    ]


def test_terminal_tells_outlets_notes_and_what_was_understood(
    index: Index, capsys: pytest.CaptureFixture[str]
) -> None:
    show_answer(asked(index, "How long is the Lind Bridge?"))
    shown = capsys.readouterr().out
    assert "The sources disagree:" in shown
    assert "also published: Harbour News · 2021-03-02" in shown or "Lind Daily" in shown
    turns = [turn_of(asked(index, "How many tonnes of paper did the Oster mill make in 2024?"))]
    show_answer(ask(index, "and last year?", turns=turns, today=TODAY))
    shown = capsys.readouterr().out
    assert shown.startswith("Understood as: ")
    assert "Oster mill" in shown.splitlines()[0]
    assert "“last year” was read as 2025." in shown


@pytest.mark.parametrize(("language", "marks"), [("en", "“{}”"), ("zh-Hant", "「{}」")])
def test_terminal_has_the_quotation_marks_of_the_language(
    index: Index, capsys: pytest.CaptureFixture[str], language: Language, marks: str
) -> None:
    answer = ask(index, "新航线全程多久？", language=language, today=TODAY)
    show_answer(answer)
    shown = capsys.readouterr().out
    assert answer.citations
    for citation in answer.citations:
        assert shown.count(marks.format(citation.quote)) == 2  # in the answer, and by its source


def test_sources_that_agree_are_no_disagreement(tmp_path: Path) -> None:
    rounded: list[RawArticle] = [
        article("a.txt", BRIDGE.format(length="1,250"), publisher="A"),
        article("b.txt", ANOTHER.format(length="about 1,250"), publisher="B"),
    ]
    with Index.open(tmp_path / "index", create=True) as index:
        index.ingest_articles(rounded)
        answer = asked(index, "How long is the Lind Bridge?")
    assert answer.disagreement == ()
    assert answer.short is not None
    assert "1,250" in answer.short


def test_a_list_is_given_with_every_item(index: Index) -> None:
    answer = asked(index, "航线途经哪些城市？")
    assert answer.short == "板桥、青浦、松江和奉贤"


def test_a_list_of_lines_is_quoted_to_its_end(index: Index) -> None:
    answer = asked(index, "What are the things that the orchard grant pays for?")
    quotes = [citation.quote for citation in answer.citations]
    assert any(all(item in quote for item in ("trees", "deer", "drip")) for quote in quotes)
    assert all("Applications" not in quote for quote in quotes if "drip" in quote)


@pytest.mark.parametrize(
    ("question", "amount", "note"),
    [
        ("How many tonnes of paper did the Oster mill make in 2024?", "310", None),
        ("How many tonnes of paper did the Oster mill make in 2025?", "275", None),
        (
            "How many tonnes of paper did the Oster mill make last year?",
            "275",
            "“last year” was read as 2025.",
        ),
        ("Oster mill 前年生产了多少吨纸？", "310", "“前年”按2024年理解。"),
    ],
)
def test_articles_of_the_time_asked_for_come_first_and_the_answer_says_so(
    index: Index, question: str, amount: str, note: str | None
) -> None:
    answer = asked(index, question)
    assert amount in answer.citations[0].quote
    assert answer.citations[0].document.date is not None
    assert "[1]" in answer.notes[-1]
    assert note is None or answer.notes[0] == note
    assert answer_json(answer)["notes"] == list(answer.notes)


def test_an_article_of_the_year_need_not_tell_of_it_and_the_answer_says_so(index: Index) -> None:
    answer = asked(index, "How long was the Lind Bridge in 2021?")
    assert answer.notes == (
        "Published then, though it may tell of another time: "
        f"{''.join(f'[{each.number}]' for each in answer.citations)}.",
    )


def test_a_value_of_another_time_is_no_short_answer(index: Index) -> None:
    question = "How many tonnes of paper did the Oster mill make this year?"
    answer = asked(index, question)
    assert answer.short is None
    assert answer.notes[-1] == "None of the articles quoted was published then: 2026."
    assert ask(index, question, today=date(2025, 6, 1)).short == "275 tonnes"


def test_a_bound_is_not_cited_for_the_value_itself(tmp_path: Path) -> None:
    texts = {
        "a": "It took 17 months to build the Lind Bridge, the council said.",
        "b": "Less than 17 months were needed to build the Lind Bridge, as the builders told us.",
    }
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles(article(f"{name}.txt", text) for name, text in texts.items())
        answer = asked(opened, "How long did it take to build the Lind Bridge?")
    assert answer.short == "17 months"
    head = answer.text.splitlines()[0]
    for each in answer.citations:
        assert (f"[{each.number}]" in head) == ("Less" not in each.quote)


@pytest.mark.parametrize("time", ["in the 3rd century", "in the 1990s"])
def test_times_long_ago_are_told_as_they_are_asked(index: Index, time: str) -> None:
    answer = asked(index, f"How long was the Lind Bridge {time}?")
    (note,) = answer.notes
    assert note.startswith("None of the articles quoted was published then: ")


def test_a_quote_that_names_the_time_needs_no_note(index: Index) -> None:
    answer = asked(index, "What opened in 2012?")
    assert "2012" in answer.citations[0].quote
    assert answer.notes == ()


def test_a_question_without_a_time_has_no_notes(index: Index) -> None:
    answer = asked(index, "How long is the Lind Bridge?")
    assert answer.notes == ()
    assert "notes" not in answer_json(answer)
