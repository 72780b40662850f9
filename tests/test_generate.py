from __future__ import annotations

import asyncio
import json
import pickle
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.request import urlopen

import pytest
from inference_server import (
    MODEL,
    Behaviour,
    Call,
    InferenceServer,
    answers_at_once,
    fails,
    gives,
    hangs_up,
    is_cut,
    is_silent,
    says,
    sends,
    sends_bytes,
    stalls,
    stops_short,
)

from rag.errors import GeneratorError, RagError, UsageError
from rag.generate import Generator, Message
from rag.generate.openai_compatible import OpenAICompatible
from rag.types import Document, Hit, Passage
from rag.written import Piece, Settled, write_answer

KEY = "sk-very-secret-0123456789"
QUESTION = (Message("system", "Quote."), Message("user", "桥是什么时候建成的？"))
LONG = 10.0  # seconds that no test waits unless it fails


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    assert "generator" not in {thread.name for thread in threading.enumerate()}


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited between attempts, had anyone waited."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waited


def model_at(server: InferenceServer, **more: Any) -> OpenAICompatible:
    options = {"api_key": KEY, "timeout": LONG, "retries": 0, "back_off": 0.001, **more}
    return OpenAICompatible(server.url, MODEL, **options)


def text_of(*script: Behaviour, **more: Any) -> str:
    with InferenceServer(*script) as server:
        return "".join(model_at(server, **more).stream(QUESTION))


def fault_of(*script: Behaviour, **more: Any) -> GeneratorError:
    with pytest.raises(GeneratorError) as caught:
        text_of(*script, **more)
    return caught.value


def event(content: str | None = None, finish: str | None = None, **more: Any) -> str:
    delta = {**({} if content is None else {"content": content}), **more}
    return json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def test_an_answer_comes_whole() -> None:
    with InferenceServer(says("The harbour ", "was dug ", "in 1908.")) as server:
        model: Generator = model_at(server)
        assert model.name == MODEL
        assert list(model.stream(QUESTION)) == ["The harbour ", "was dug ", "in 1908."]
        (asked,) = server.requests
    assert not asked.gone.is_set()
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body == {
        "model": MODEL,
        "messages": [
            {"role": "system", "content": "Quote."},
            {"role": "user", "content": "桥是什么时候建成的？"},
        ],
        "stream": True,
        "temperature": 0,
    }


def test_pieces_arrive_while_the_model_goes_on() -> None:
    first_was_read = threading.Event()
    with InferenceServer(says("one", first_was_read, "two")) as server:
        pieces = model_at(server).stream(QUESTION)
        assert next(pieces) == "one"
        first_was_read.set()
        assert list(pieces) == ["two"]


def test_nothing_is_sent_before_the_first_piece_is_wanted() -> None:
    with InferenceServer(says("one")) as server:
        model_at(server).stream(QUESTION)
        assert not server.requests


def test_two_answers_of_one_model_come_side_by_side() -> None:
    first_was_read = threading.Event()
    with InferenceServer(says("a", first_was_read, "b"), says("c")) as server:
        model = model_at(server)
        first = model.stream(QUESTION)
        assert next(first) == "a"
        assert list(model.stream(QUESTION)) == ["c"]
        first_was_read.set()
        assert list(first) == ["b"]


def test_a_reader_within_an_event_loop_is_served_too() -> None:
    async def notebook() -> str:
        return text_of(says("one"))

    assert asyncio.run(notebook()) == "one"


@pytest.mark.parametrize(
    "pieces",
    [
        ("<think>42 is it, </b> or not.</think>\n\nIt is 42.",),
        ("\n<thi", "nk>or", " not</thi", "nk>", "\n\n", "It is", " 42."),
        ("It is 42.",),
        ("It", " is 42."),
    ],
)
def test_what_a_model_thinks_is_no_part_of_its_answer(pieces: tuple[str, ...]) -> None:
    assert text_of(says(*pieces)).strip() == "It is 42."


def test_an_answer_that_only_begins_like_a_thought_is_whole() -> None:
    assert text_of(says("<th", "ree> is 3")) == "<three> is 3"
    assert text_of(says("<")) == "<"


@pytest.mark.parametrize("size", [1, 5])
def test_characters_split_between_chunks_come_whole(size: int) -> None:
    text = "這座橋🌉於1984年"
    said = {"choices": [{"delta": {"content": text}, "finish_reason": "stop"}]}
    data = f"data: {json.dumps(said, ensure_ascii=False)}\n\n".encode()
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert text_of(sends_bytes(*chunks)) == text


def test_an_emoji_split_between_events_comes_whole() -> None:
    halves = [event("bridge \ud83c"), event("\udf09 built"), event("", "stop")]
    assert text_of(sends(*halves)) == "bridge 🌉 built"
    assert text_of(sends(event("half \ud83c", "stop"))) == "half �"


def test_what_servers_add_to_a_stream_is_coped_with() -> None:
    usage = json.dumps({"choices": [], "usage": {"total_tokens": 9}})
    start = json.dumps({"choices": [], "prompt_filter_results": []})
    thought = event(reasoning_content="The user wants", content=None)
    null = json.dumps({"choices": [{"delta": {"role": "assistant", "content": None}}]})
    no_delta = json.dumps({"choices": [{"index": 0, "finish_reason": "stop"}]})
    events = [start, null, thought, event(""), event("yes"), no_delta, usage, "[DONE]"]
    assert text_of(sends(*events)) == "yes"


def test_comments_that_keep_the_line_open_are_no_text() -> None:
    stream = f": PING\n\n\n\ndata: {event('yes', 'stop')}\n\n: PING\n\n"
    assert text_of(gives("text/event-stream; charset=utf-8", stream)) == "yes"
    assert text_of(gives("text/plain", stream)) == "yes"


def test_a_stream_that_has_finished_needs_no_done() -> None:
    assert text_of(says("one", done=False)) == "one"


@pytest.mark.parametrize("after", ["{oops", '{"error": {"message": "late"}}'])
def test_a_fault_after_the_end_is_none(after: str) -> None:
    assert text_of(sends(event("one"), event("", "stop"), after)) == "one"


def test_a_server_that_does_not_stream_is_read_at_once() -> None:
    assert text_of(answers_at_once("The harbour.")) == "The harbour."


@pytest.mark.parametrize(
    ("behaviour", "kind", "said"),
    [
        (fails(429, "slow down"), "quota", "429: slow down"),
        (fails(402, "balance"), "quota", "402: balance"),
        (fails(400, "temperature"), "refused", "400: temperature"),
        (fails(401, "wrong key"), "refused", r"401: wrong key\): check the key"),
        (fails(403, "not you"), "refused", "403: not you"),
        (fails(404, "model not found"), "refused", "404: model not found"),
        (gives("application/json", '{"detail": "no"}', 422), "refused", "422: no"),
        (gives("application/json", '{"error": "no"}', 404), "refused", "404: no"),
        (gives("text/plain", "no\nsuch\tthing", 404), "refused", "404: no such thing"),
        (fails(307, location="http://elsewhere/"), "refused", "redirect to http://elsewhere/"),
        (fails(500, "out of memory"), "server", "500: out of memory"),
        (gives("text/html", "<html>502</html>", 502), "server", "502: Bad Gateway"),
        (sends(event("a"), '{"error": {"message": "boom"}}'), "server", "boom"),
        (sends('{"error": {"message": "many", "code": 429}}'), "quota", "429: many"),
        (gives("application/json", '{"error": {"message": "boom"}}'), "server", "boom"),
        (hangs_up(), "unreachable", "found none"),
        (is_cut("a"), "cut", "cut off"),
        (is_cut(), "cut", "cut off"),
        (stops_short("a"), "cut", "without a finish_reason"),
        (sends(), "cut", "without a finish_reason"),
        (gives("text/html", "<html>Hello</html>"), "garbage", "a web page"),
        (gives("text/plain", "Hello"), "garbage", "no stream"),
        (gives("application/json", "<p>"), "garbage", "a web page"),
        (gives("application/json", "hello"), "garbage", "not JSON"),
        (gives("application/json", "{}"), "garbage", "without choices"),
        (gives("application/json", "[]"), "garbage", "without choices"),
        (sends("{oops"), "garbage", "not JSON"),
        (sends(event("a"), "{oops"), "garbage", "not JSON"),
        (sends('{"x": 1}', "[1]", '"x"', "3", "null"), "garbage", "without choices"),
        (sends_bytes(b"data: \xff\xfe\n\n"), "garbage", "not JSON"),
        (says(), "empty", "finish_reason stop"),
        (says(finish="length"), "empty", "finish_reason length"),
        (answers_at_once(""), "empty", "found none"),
    ],
)
def test_a_fault_is_one_line_of_its_kind(behaviour: Behaviour, kind: str, said: str) -> None:
    fault = fault_of(behaviour)
    assert fault.kind == kind
    assert isinstance(fault, RagError)
    message = str(fault)
    assert message.startswith("expected ") and ", found " in message and "\n" not in message
    with pytest.raises(GeneratorError, match=said):
        raise fault


@pytest.mark.parametrize("behaviour", [is_silent(), stalls(), stalls("one")])
def test_silence_ends_after_the_timeout_and_is_not_asked_again(behaviour: Behaviour) -> None:
    with InferenceServer(behaviour, says("two")) as server:
        with pytest.raises(GeneratorError, match=r"within 0\.2 seconds") as caught:
            list(model_at(server, timeout=0.2, retries=3).stream(QUESTION))
        assert caught.value.kind == "timeout"
        (asked,) = server.requests
        assert asked.gone.wait(LONG)


def test_no_server_is_said_with_its_address(pauses: list[float]) -> None:
    with InferenceServer() as server:
        url = server.url
    model = OpenAICompatible(url, MODEL, retries=2, back_off=0.5)
    with pytest.raises(GeneratorError, match=f"expected a server at {url}, found none") as caught:
        list(model.stream(QUESTION))
    assert caught.value.kind == "unreachable"
    assert pauses == [0.5, 1.0]


def test_what_passes_is_asked_again() -> None:
    script = fails(429), fails(503), hangs_up(), is_cut(), stops_short()
    with InferenceServer(*script, says("at last")) as server:
        assert list(model_at(server, retries=5).stream(QUESTION)) == ["at last"]
        assert len(server.requests) == 6


def test_asking_again_has_an_end() -> None:
    with InferenceServer(*[fails(500, f"fault {at}") for at in range(1, 9)]) as server:
        with pytest.raises(GeneratorError, match="fault 3"):
            list(model_at(server, retries=2).stream(QUESTION))
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    "behaviour",
    [
        fails(401),
        fails(404),
        fails(402),
        fails(429, code="insufficient_quota"),
        fails(429, retry_after="86400"),
        sends("{oops"),
        says(),
        is_cut("some text"),
        stops_short("some text"),
        sends(event("some text"), '{"error": {"message": "boom"}}'),
    ],
)
def test_what_lasts_or_has_begun_is_not_asked_again(
    behaviour: Behaviour, pauses: list[float]
) -> None:
    with InferenceServer(behaviour, says("again")) as server:
        with pytest.raises(GeneratorError):
            list(model_at(server, retries=3).stream(QUESTION))
        assert len(server.requests) == 1
    assert not pauses


def test_text_before_a_cut_is_not_lost() -> None:
    with InferenceServer(is_cut("one", "two")) as server:
        pieces = model_at(server).stream(QUESTION)
        assert [next(pieces), next(pieces)] == ["one", "two"]
        with pytest.raises(GeneratorError):
            next(pieces)


def at_length(text: str, *, stream: bool = True) -> Behaviour:
    """An answer that the server ends in the middle because it has become too long."""
    if stream:
        return says(*text, finish="length")
    choice = {"message": {"content": text}, "finish_reason": "length"}
    return gives("application/json", json.dumps({"choices": [choice]}))


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_at_its_longest_is_given_and_said_to_be_cut(stream: bool) -> None:
    with InferenceServer(at_length("桥是19", stream=stream), says("again")) as server:
        pieces = model_at(server, retries=3).stream(QUESTION)
        found = ""
        with pytest.raises(GeneratorError, match="finish_reason length") as caught:
            for piece in pieces:
                found += piece
        assert found == "桥是19"
        assert caught.value.kind == "length"
        assert len(server.requests) == 1


ARTICLE = "The harbour of Lind was dug in 1908. It took 17 months and 400 workers."
DUG = "The harbour was dug in 1908. [[k|harbour of Lind was dug in 1908]]"
TOOK = "It took 17 months. [[k|It took 17 months]]"


def written_with(*script: Behaviour) -> tuple[str, Settled]:
    """What is shown while a model writes about ARTICLE, and how it settles."""
    document = Document("d", ARTICLE, "en", "d.txt")
    passage = Passage("p", "d", 0, len(ARTICLE), ARTICLE)
    hit = Hit(passage, document, cosine=1, bm25=1, maxsim=1, score=1, relevance=1)
    with InferenceServer(*script) as server:
        *pieces, settled = write_answer(model_at(server), "When was it dug?", [hit], "en")
    assert isinstance(settled, Settled)
    return "".join(each.text for each in pieces if isinstance(each, Piece)), settled


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (f"{DUG} {TOOK} Then 400 wor", 2),
        (f"{DUG} {TOOK} [[k|400 wor", 2),
        (f"{DUG} It took 17 months. [[k|It took 17 mon", 1),
        (f"{DUG} It took 17 months. [", 1),
        (f"{DUG} It took 17 months.", 1),
        (f"{DUG} It took 1", 1),
        (DUG, 1),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
def test_a_sentence_that_the_limit_cut_off_is_no_claim(
    text: str, claims: int, stream: bool
) -> None:
    shown, settled = written_with(at_length(text, stream=stream))
    said = ["The harbour was dug in 1908.", "It took 17 months."][:claims]
    assert [each.text for each in settled.claims] == said
    assert all(each.supported for each in settled.claims)
    assert settled.reason is None
    assert settled.cut  # the reader may be told
    assert shown.startswith(said[0])


@pytest.mark.parametrize("text", ["The harbour was du", "The harbour was dug in 1908. [[k|harb"])
def test_a_limit_that_leaves_no_proven_sentence_is_told(
    text: str, caplog: pytest.LogCaptureFixture
) -> None:
    _, settled = written_with(at_length(text))
    assert (settled.claims, settled.reason) == ((), "length")
    (line,) = caplog.messages
    assert "at the longest that the server allows (finish_reason length)" in line
    assert "\n" not in line


def test_the_pauses_double_unless_the_server_names_them(pauses: list[float]) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    asked = [None, None, "7", "soon", date, past]
    script = [fails(429, **({"retry_after": each} if each else {})) for each in asked]
    assert text_of(*script, says("at last"), retries=6, back_off=0.5) == "at last"
    by_date = pauses.pop(4)
    assert 0 < by_date <= 30
    assert pauses == [0.5, 1.0, 7.0, 4.0, 0.0]


def test_a_cancelled_wait_closes_the_connection() -> None:
    with InferenceServer(is_silent()) as server:
        asked = server.requests
        assert list(model_at(server).stream(QUESTION, cancelled=lambda: bool(asked))) == []
        assert asked[0].gone.wait(LONG)


@pytest.mark.parametrize("tail", [(), ("two",) * 1000])
def test_a_cancelled_stream_closes_the_connection(tail: tuple[str, ...]) -> None:
    cancelled = threading.Event()
    with InferenceServer(stalls("one", *tail)) as server:
        pieces = model_at(server).stream(QUESTION, cancelled=cancelled.is_set)
        assert next(pieces) == "one"
        cancelled.set()
        assert list(pieces) == []
        assert server.requests[0].gone.wait(LONG)


def test_a_cancelled_pause_ends_at_once() -> None:
    with InferenceServer(fails(429, retry_after="20"), says("too late")) as server:
        asked = server.requests
        model = model_at(server, retries=3)
        assert list(model.stream(QUESTION, cancelled=lambda: bool(asked))) == []
        assert len(asked) == 1


def test_what_was_cancelled_before_it_began_is_not_sent() -> None:
    with InferenceServer(says("one")) as server:
        assert list(model_at(server).stream(QUESTION, cancelled=lambda: True)) == []
        assert not server.requests


def test_a_reader_that_stops_closes_the_connection() -> None:
    with InferenceServer(stalls("one"), stalls("one")) as server:
        pieces = model_at(server).stream(QUESTION)
        assert next(pieces) == "one"
        pieces.close()  # type: ignore[attr-defined]
        assert server.requests[0].gone.wait(LONG)
        for piece in model_at(server).stream(QUESTION):
            assert piece == "one"
            break
        assert server.requests[1].gone.wait(LONG)


@pytest.mark.parametrize(
    "behaviour",
    [
        fails(401, f"Incorrect API key provided: {KEY}."),
        fails(500, f"Authorization: Bearer {KEY}"),
        fails(500, f"{'x' * 180}{KEY}"),
        gives("text/plain", f"bad {KEY}", 403),
        fails(302, location=f"http://elsewhere/?key={KEY}"),
        gives("application/json", json.dumps({"error": KEY})),
        sends(json.dumps({"error": {"message": KEY}})),
        says(finish=KEY),
        gives("text/html", KEY),
        sends(KEY),
        is_cut(KEY),
    ],
)
def test_the_key_is_in_no_message(behaviour: Behaviour) -> None:
    fault = fault_of(behaviour)
    assert KEY[:14] not in str(fault) + repr(fault) + "".join(traceback.format_exception(fault))
    assert KEY not in repr(OpenAICompatible("http://127.0.0.1/v1", MODEL, KEY))


def test_a_server_that_needs_no_key_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with InferenceServer(says("one")) as server:
        assert list(model_at(server, api_key="").stream(QUESTION)) == ["one"]
        assert KEY not in str(server.requests)


def test_the_server_learns_nothing_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-acme")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "secret-plan")
    with InferenceServer(says("one")) as server:
        assert list(model_at(server).stream(QUESTION)) == ["one"]
        headers = server.requests[0].headers
    assert not [name for name in headers if name.startswith(("x-stainless", "openai"))]
    assert not {"org-acme", "secret-plan"} & set(headers.values())


def test_a_redirect_is_not_followed() -> None:
    with InferenceServer(says("from elsewhere")) as elsewhere:
        location = f"{elsewhere.url}/chat/completions"
        assert fault_of(fails(307, location=location)).kind == "refused"
        assert not elsewhere.requests


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with InferenceServer(says("by proxy")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        model = OpenAICompatible("http://models.invalid/v1", MODEL, timeout=LONG, retries=0)
        assert list(model.stream(QUESTION)) == ["by proxy"]
        (asked,) = proxy.requests
    assert asked.path == "http://models.invalid/v1/chat/completions"


def test_a_proxy_that_can_not_be_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://127.0.0.1:1")
    fault = fault_of(says("one"))
    assert fault.kind == "unreachable"
    assert "check the proxy" in str(fault)


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_address_is_good_with_and_without_a_slash(slash: str) -> None:
    with InferenceServer(says("one")) as server:
        assert list(OpenAICompatible(server.url + slash, MODEL).stream(QUESTION)) == ["one"]


def test_a_password_in_the_address_is_not_shown() -> None:
    with InferenceServer(fails(500)) as server:
        url = server.url.replace("://", "://ann:passwort@")
        with pytest.raises(GeneratorError) as caught:
            list(OpenAICompatible(url, MODEL, retries=0).stream(QUESTION))
    assert "passwort" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "url", ["", "localhost:11434", "ftp://host/v1", "http://", "http://host:port/v1", "http://a b/"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="expected a server's address"):
        OpenAICompatible(url, MODEL)


def test_a_missing_model_and_a_spoiled_key_are_refused() -> None:
    with pytest.raises(UsageError, match="expected the name of a model"):
        OpenAICompatible("http://127.0.0.1/v1", " ")
    with pytest.raises(UsageError, match="expected a key of ASCII") as caught:
        OpenAICompatible("http://127.0.0.1/v1", MODEL, f"{KEY}\n")
    assert KEY not in str(caught.value)


def test_a_long_message_is_cut() -> None:
    assert len(str(fault_of(fails(500, "很长的话 " * 1000)))) < 400


def test_the_error_survives_pickling() -> None:
    error = GeneratorError("cut", "expected a whole answer, found half of it: ask again")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (copy.kind, str(copy)) == (error.kind, str(error))


def test_a_scripted_server_can_answer_from_what_it_reads() -> None:
    def echo(body: dict[str, Any]) -> str:
        return str(body["messages"][-1]["content"])

    with InferenceServer(fails(404), reply=echo) as server:
        model = model_at(server)
        with pytest.raises(GeneratorError):
            list(model.stream(QUESTION))
        assert "".join(model.stream(QUESTION)) == QUESTION[-1].content
        with urlopen(f"{server.url}/models") as answer:
            assert [each["id"] for each in json.load(answer)["data"]] == [MODEL]


def test_each_attempt_has_a_connection_of_its_own() -> None:
    came_from = []

    def fault(call: Call) -> None:
        came_from.append(call.client_address)
        fails(500)(call)

    with InferenceServer(fault, fault, says("at last")) as server:
        assert list(model_at(server, retries=2).stream(QUESTION)) == ["at last"]
    assert len(set(came_from)) == 2
