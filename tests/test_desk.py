"""What a page asks about its conversation, in process and through the door for questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.errors import StoreError
from rag.settings import Settings
from rag.store.conversations import Conversations, Versions
from rag.types import Answer, Citation, Document, Language
from rag.ui.asked import Asked
from rag.ui.asking import receive_questions
from rag.ui.desk import Desk
from rag.ui.history import History
from rag.ui.language_model import LanguageModel
from rag.ui.replies import Replies
from rag.ui.talk import Talk
from rag.ui.talks import Talks
from rag.ui.texts import TEXTS
from rag.ui.writing import Writing
from rag.written import Again, Piece

ARTICLE = Document(
    id="d" * 16, text="One. Two. Three.", language="en", path="a.md", title="A title"
)
SPAN = f"{ARTICLE.id} 5 9"


def quoted(question: str) -> Answer:
    cited = Citation(1, ARTICLE, 5, 9, "Two.")
    return Answer(question, "en", "“Two.” [1]", False, 0.9, (cited,))


class Shelf:
    """One article, which answers every question; behind the quoted answer come `pieces`."""

    def __init__(self, pieces: Sequence[Piece] = (), goes_on: Event | None = None) -> None:
        self.pieces, self.goes_on = pieces, goes_on
        self.asked: list[Asked] = []

    def stream(
        self, asked: Asked, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[Answer | Piece | Again]:
        self.asked.append(asked)
        yield quoted(asked.question)
        yield from self.pieces
        if self.goes_on:
            while not (cancelled and cancelled()):
                if self.goes_on.wait(0.01):
                    break
            yield quoted(asked.question)

    def explained(self, answer: Answer) -> Answer:
        return answer

    def document(self, document_id: str) -> Document:
        if document_id != ARTICLE.id:
            raise StoreError("expected a document of the index, found none: see `rag list`")
        return ARTICLE

    def current(self, source: str) -> Document | None:
        return ARTICLE if source == ARTICLE.path else None

    def is_empty(self) -> bool:
        return False

    def examples(self, language: Language) -> tuple[str, ...]:
        return ("Is 1 < 2?",)


@pytest.fixture
def conversations(tmp_path: Path) -> Conversations:
    return Conversations.open(tmp_path)


@pytest.fixture
def over(conversations: Conversations) -> Callable[..., Desk]:
    """A desk over a shelf; a server's address makes answers written ones."""

    def make(shelf: Shelf, server: str | None = None) -> Desk:
        history = History(conversations, shelf, lambda model: Versions("0", "e", "f", model))
        settings = Settings(llm_base_url=server, llm_model="tiny" if server else None)
        return Desk(Replies(shelf, history, LanguageModel(settings)))

    return make


Over = Callable[..., Desk]
SERVER = "http://127.0.0.1:9/v1"  # named, but the shelf never asks it


def ask(desk: Desk, **words: str) -> dict[str, str]:
    """All that an answer changes, each part as it is at the end."""
    changes: dict[str, str] = {}
    for each in desk.ask({"question": "Q?", **words}, lambda: False):
        changes |= each
    return changes


def talk_in(changes: dict[str, str]) -> str:
    return changes["now"].partition('data-talk="')[2].partition('"')[0]


# --- the desk ---


def test_a_question_goes_on_where_its_conversation_is(over: Over) -> None:
    shelf = Shelf()
    desk = over(shelf)
    first = ask(desk)
    second = ask(desk, question="And then?", talk=talk_in(first))
    assert talk_in(second) == talk_in(first)
    assert ">Q?<" in second["past"]
    assert [turn.question for turn in shelf.asked[1].turns] == ["Q?"]
    assert talk_in(ask(desk)) != talk_in(first)


def test_another_server_finds_the_conversation_on_the_disk(over: Over) -> None:
    first = ask(over(Shelf()))
    second = ask(over(Shelf()), question="And then?", talk=talk_in(first))
    assert talk_in(second) == talk_in(first)
    assert ">Q?<" in second["past"]


def test_two_pages_of_one_conversation_see_each_others_questions(over: Over) -> None:
    desk = over(Shelf())
    talk = talk_in(ask(desk))
    ask(desk, question="From one page?", talk=talk)
    seen = ask(desk, question="From the other?", talk=talk)
    assert "From one page?" in seen["past"]


def test_an_answer_is_given_again_in_its_place(over: Over, conversations: Conversations) -> None:
    desk = over(Shelf())
    talk = talk_in(ask(desk))
    ask(desk, question="Second?", talk=talk)
    changed = ask(desk, question="", at="0", talk=talk)
    assert changed["past"] == ""
    assert [each.question for each in conversations.messages(talk)] == ["Q?"]
    ask(desk, question="Another?", at="0", talk=talk)
    assert [each.question for each in conversations.messages(talk)] == ["Another?"]


@pytest.mark.parametrize("at", ["7", "-1", "", "x", "٣", "9" * 40])
def test_a_number_of_no_answer_asks_behind_the_last(
    over: Over, conversations: Conversations, at: str
) -> None:
    desk = over(Shelf())
    talk = talk_in(ask(desk))
    ask(desk, question="Second?", at=at, talk=talk)
    assert [each.question for each in conversations.messages(talk)] == ["Q?", "Second?"]


def test_nothing_asked_changes_only_the_status(over: Over) -> None:
    assert ask(over(Shelf()), question=" ") == {"status": f"<p>{TEXTS['en'].no_question}</p>"}


def test_stopping_ends_in_the_quoted_answer(over: Over) -> None:
    desk = over(Shelf([Piece("It is")], Event()), SERVER)
    steps = desk.ask({"question": "Q?", "name": "mine"}, lambda: False)
    next(steps)
    desk.stop({"name": "another"})
    assert next(steps) == {"piece": "It is"}
    desk.stop({"name": "mine"})
    *_, last = steps
    assert TEXTS["en"].stopped in last["answer"]


def test_an_answer_that_stands_can_not_be_stopped_any_more() -> None:
    writing = Writing()
    with writing.begun("mine") as stop:
        pass
    writing.stop("mine")
    assert not stop.is_set()


def test_what_a_reader_who_left_was_told_is_found_again(over: Over) -> None:
    desk = over(Shelf([Piece("It is")], Event()), SERVER)
    talk = talk_in(ask(over(Shelf())))
    steps = desk.ask({"question": "Left?", "talk": talk}, lambda: False)
    next(steps)
    next(steps)
    steps.close()
    shown = desk.show({"talk": talk, "known": "yes"})
    assert ">Left?<" in shown["now"]


def test_a_conversation_is_shown_with_its_article_in_a_language(over: Over) -> None:
    desk = over(Shelf())
    talk = talk_in(ask(desk))
    shown = desk.show({"talk": talk, "shows": f"{SPAN} 0", "language": "zh-Hans"})
    assert "<mark" in shown["article"]
    assert TEXTS["zh-Hans"].sources in shown["answer"]
    assert desk.show({"talk": "nothing", "shows": f"{SPAN} 0"}) == {
        "past": "",
        "now": "",
        "answer": "",
        "status": f"<p>{TEXTS['en'].conversation_gone}</p>",
        "article": "",
    }
    assert "<mark" in desk.show({"shows": SPAN})["article"]  # of no conversation


@pytest.mark.parametrize(
    "shows",
    ["", "d", f"{ARTICLE.id} 5", f"{ARTICLE.id} 5 x", f"{ARTICLE.id} -5 9", " 1 2", SPAN * 9],
)
def test_what_names_no_span_opens_nothing(over: Over, shows: str) -> None:
    assert over(Shelf()).open({"shows": shows}) == {"article": ""}


def test_a_rating_is_kept_and_shown_in_another_language(over: Over) -> None:
    desk = over(Shelf())
    first = ask(desk)
    talk, message = talk_in(first), first["answer"].partition('data-message="')[2][:32]
    thanks = desk.rate({"talk": talk, "message": message, "verdict": "down", "reason": "<short>"})
    assert thanks == {"status": f"<p>{TEXTS['en'].thanks}</p>"}
    shown = desk.show({"talk": talk, "known": "yes", "language": "zh-Hant"})
    assert 'data-rate="down" aria-pressed="true"' in shown["answer"]
    desk.rate({"talk": talk, "message": message, "verdict": ""})
    assert 'aria-pressed="true"' not in desk.show({"talk": talk})["answer"]


@pytest.mark.parametrize("given", [{"verdict": "sideways"}, {"message": "m" * 32, "verdict": "?"}])
def test_a_rating_that_is_none_changes_nothing(over: Over, given: dict[str, str]) -> None:
    assert over(Shelf()).rate(given) == {}


def test_the_conversation_that_nobody_used_for_longest_is_forgotten() -> None:
    talks = Talks()
    for number in range(200):
        talks.hold((Talk(str(number)), {}))
        talks.get("0")
    assert talks.get("0") == (Talk("0"), {})
    assert talks.get("1") is None
    assert talks.get("199") is not None
    talks.forget("199")
    assert talks.get("199") is None


# --- the door ---


@pytest.fixture
def at_door(over: Over) -> Callable[..., TestClient]:
    def make(shelf: Shelf, server: str | None = None) -> TestClient:
        app = FastAPI()
        receive_questions(app, over(shelf, server))
        return TestClient(app)

    return make


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_an_answer_comes_in_lines(at_door: Callable[..., TestClient]) -> None:
    told = at_door(Shelf()).post("/asked", json={"question": "What is “二”?", "language": "en"})
    assert told.headers["content-type"].startswith("application/x-ndjson")
    assert told.headers["cache-control"] == "no-store"
    (changes,) = lines(told.text)
    assert "What is “二”?" in changes["now"]
    assert "Two." in changes["answer"]
    assert "<mark" in changes["article"]


def test_what_a_model_writes_comes_line_by_line(at_door: Callable[..., TestClient]) -> None:
    client = at_door(Shelf([Piece("It "), Piece("is.")]), SERVER)
    quoted_first, *drafts, settled = lines(client.post("/asked", json={"question": "Q?"}).text)
    assert "evidence" in quoted_first["answer"]
    assert drafts == [{"piece": "It "}, {"piece": "is."}]
    assert "writing" not in settled["now"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content": b'{"question": "Q?"}', "headers": {"content-type": "text/plain"}}, 415),
        ({"data": {"question": "Q?"}}, 415),  # what a form of another site sends
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400),
        ({"json": {"question": "Q" * 200_000}}, 413),
    ],
)
def test_what_is_no_question_is_refused(
    at_door: Callable[..., TestClient], sent: dict[str, Any], status: int
) -> None:
    shelf = Shelf()
    assert at_door(shelf).post("/asked", **sent).status_code == status
    assert shelf.asked == []


@pytest.mark.parametrize("body", [[], 1, None, {"question": 3}, {"question": None, "at": []}])
def test_other_json_asks_nothing(at_door: Callable[..., TestClient], body: Any) -> None:
    kind = {"content-type": "application/json; charset=utf-8"}
    told = at_door(Shelf()).post("/asked", content=json.dumps(body), headers=kind)
    (changes,) = lines(told.text)
    assert changes == {"status": f"<p>{TEXTS['en'].no_question}</p>"}


def test_many_ask_at_once_and_each_has_its_own_answer(at_door: Callable[..., TestClient]) -> None:
    client = at_door(Shelf())
    told: dict[int, str] = {}

    def one(number: int) -> None:
        told[number] = client.post("/asked", json={"question": f"Number {number}?"}).text

    threads = [Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(20):
        (changes,) = lines(told[number])
        assert f">Number {number}?<" in changes["now"]
        assert changes["past"] == ""


# --- several pages of one conversation ---


def test_pages_that_ask_at_once_lose_no_answer(over: Over, conversations: Conversations) -> None:
    desk = over(Shelf())
    talk = talk_in(ask(desk))
    threads = [
        Thread(target=ask, args=[desk], kwargs={"question": f"Number {number}?", "talk": talk})
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shown = desk.show({"talk": talk, "known": "yes"})
    for number in range(8):
        assert f"Number {number}?" in shown["past"] + shown["now"]
    assert len(conversations.messages(talk)) == 9


def test_a_page_that_is_behind_replaces_nothing_that_it_does_not_show(
    over: Over, conversations: Conversations
) -> None:
    desk = over(Shelf())
    talk = talk_in(ask(desk))
    ask(desk, question="From another page?", talk=talk)
    told = ask(desk, question="Edited?", at="0", count="1", talk=talk)
    assert told["status"] == f"<p>{TEXTS['en'].went_on}</p>"
    assert "From another page?" in told["now"]
    assert len(conversations.messages(talk)) == 2
    ask(desk, question="Edited?", at="0", count="2", talk=talk)
    assert [each.question for each in conversations.messages(talk)] == ["Edited?"]


def test_a_rating_while_an_answer_is_made_is_not_lost(over: Over) -> None:
    desk = over(Shelf([Piece("It is")], Event()), SERVER)
    plain = over(Shelf())
    first = ask(plain)
    talk, message = talk_in(first), first["answer"].partition('data-message="')[2][:32]
    steps = desk.ask({"question": "And?", "talk": talk, "name": "mine"}, lambda: False)
    next(steps)
    desk.rate({"talk": talk, "message": message, "verdict": "up"})
    desk.stop({"name": "mine"})
    list(steps)
    shown = desk.show({"talk": talk, "known": "yes"})
    assert ">And?<" in shown["now"]
    assert 'data-rate="up" aria-pressed="true"' in shown["past"]


def test_a_removed_conversation_is_gone_for_other_pages_too(
    over: Over, conversations: Conversations
) -> None:
    desk = over(Shelf())
    talk = talk_in(ask(desk))
    conversations.remove(talk)
    desk.forget(talk)
    gone = f"<p>{TEXTS['en'].conversation_gone}</p>"
    assert ask(desk, question="Still there?", talk=talk) == {"status": gone}
    assert desk.show({"talk": talk, "known": "yes"})["status"] == gone
    assert conversations.messages(talk) == []


class Failing(Shelf):
    """Fails where it is asked so."""

    def stream(
        self, asked: Asked, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[Answer | Piece | Again]:
        if asked.question == "Fail?":
            raise StoreError("damaged: run <this>")
        yield from super().stream(asked, cancelled)


def test_a_failure_leaves_the_conversation_as_it_was(over: Over) -> None:
    desk = over(Failing())
    talk = talk_in(ask(desk))
    failed = ask(desk, question="Fail?", talk=talk)
    assert talk_in(failed) == talk
    assert "run &lt;this&gt;" in failed["answer"]
    again = ask(desk, question="And now?", talk=talk)
    assert talk_in(again) == talk
    assert ">Q?<" in again["past"]


def test_odd_text_is_answered_too(at_door: Callable[..., TestClient]) -> None:
    client = at_door(Shelf())
    kind = {"content-type": "application/json"}
    half = client.post("/asked", content=b'{"question": "Half \\ud800?"}', headers=kind)
    (changes,) = lines(half.text)
    assert "Half ?" in changes["now"]
    deep = client.post("/asked", content=b"[" * 90_000, headers=kind)
    assert deep.status_code == 400
