"""The conversation in a real Chromium: follow-ups, written answers, what is kept, settings."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from inference_server import Behaviour, Call, InferenceServer, fails, says
from playwright.sync_api import Browser, Route, expect
from visits import PHONE, SMALL_PHONE, Visit, serving, soon

from rag.index import Index
from rag.settings import Settings
from rag.store.conversations import Conversations
from rag.types import RawArticle
from rag.ui.collection import Collection
from rag.ui.language_model import LanguageModel
from rag.ui.serve import application

SEEDS = Path(__file__).parents[1] / "seeds"
FIRST = "Who is the general manager of Narada in Jiuquan?"
SECOND = "How many self-service government terminals are there in Jiaocheng district?"
THIRD = "How long did it take to build the SAIC base in Ningde?"
QUOTE = "Its general manager in Jiuquan, Li Jingkang, gives part of the credit to the city."
WIDE = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("conversation") / "index"


@pytest.fixture(scope="module")
def index(folder: Path) -> Iterator[Index]:
    with Index.open(folder, create=True) as index:
        index.ingest([SEEDS])
        yield index


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    """The page's language model, which a test names the server of."""
    return LanguageModel(may_change=True)


@pytest.fixture(scope="module")
def address(index: Index, model: LanguageModel) -> Iterator[str]:
    collection = Collection(index)
    with serving(application(collection, collection.history(), model)) as address:
        yield address


@pytest.fixture
def arrive(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Makes visits, each with a browser profile of its own."""
    visits: list[Visit] = []

    def make(**options: Any) -> Visit:
        visits.append(Visit(browser.new_context(locale="en-US", **{**WIDE, **options}), address))
        return visits[-1]

    yield make
    for visit in visits:
        visit.page.context.close()
        assert visit.outside() == []
        assert visit.complaints == []


@pytest.fixture
def visit(arrive: Callable[..., Visit], request: pytest.FixtureRequest) -> Visit:
    return arrive(**getattr(request, "param", {}))


@pytest.fixture
def kept(folder: Path) -> Conversations:
    return Conversations.open(folder)


def talk_of(visit: Visit) -> str:
    return visit.one("#now .asked").get_attribute("data-talk") or ""


# --- a conversation ---


def test_new_questions_keep_the_answers_before_them(visit: Visit) -> None:
    for question in (FIRST, SECOND, THIRD):
        visit.ask(question)
    assert visit.one("#past h2").all_inner_texts() == [FIRST, SECOND]
    expect(visit.one("#past .said").first).to_contain_text("Li Jingkang")
    expect(visit.one("#question textarea")).to_be_focused()
    head = visit.one("#now").bounding_box()
    assert head is not None
    assert head["y"] < 120  # the new question has come to the top
    visit.one("#past .said .chip").first.click()
    expect(visit.one("#article mark:not(.other)")).to_have_text(QUOTE)


def test_a_reload_finds_the_same_conversation_source_and_language(visit: Visit) -> None:
    visit.ask(FIRST)
    visit.ask(THIRD)
    visit.one("#page-language").get_by_role("radio", name="简体").check()
    expect(visit.one("#ask")).to_have_text("提问")
    visit.one("#answer .said .chip").last.click()
    expect(visit.one("#article .body")).to_be_focused()
    shown, title = visit.page.url, visit.one("#article h2").inner_text()
    visit.reload()
    expect(visit.one("#past h2")).to_have_text(FIRST)
    expect(visit.one("#now h2")).to_have_text(THIRD)
    expect(visit.one("#article h2")).to_have_text(title)
    expect(visit.one("#ask")).to_have_text("提问")
    assert visit.page.url == shown
    assert visit.mark_is_in_view()


def test_an_article_opened_while_the_language_changes_stays_open(visit: Visit) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if '"show"' in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    visit.ask(FIRST)
    visit.one("#article [data-close]").click()
    expect(visit.one("#article .article")).to_have_count(0)
    visit.page.route("**/component_server/", hold)
    visit.one("#page-language").get_by_role("radio", name="简体").check()
    expect(visit.one("#ask")).to_have_text("提问")
    visit.one("#answer .said .chip").last.click()
    expect(visit.one("#article .body")).to_be_focused()
    with visit.page.expect_response("**/component_server/"):
        held[0].continue_()
    expect(visit.one("#answer .acts [data-again]")).to_have_attribute("title", "重新回答")
    expect(visit.one("#article .article")).to_have_count(1)


def test_an_edited_question_replaces_what_follows_it(visit: Visit, kept: Conversations) -> None:
    visit.ask(FIRST)
    visit.ask(SECOND)
    visit.one("#past .edit").click()
    expect(visit.one("#question textarea")).to_have_value(FIRST)
    expect(visit.one("#question textarea")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(visit.one("#question textarea")).to_have_value("")
    visit.one("#past .edit").click()
    visit.one("#editing [data-cancel]").click()
    expect(visit.one("#question textarea")).to_have_value("")
    visit.one("#past .edit").click()
    expect(visit.one("#question textarea")).to_have_value(FIRST)
    visit.ask(THIRD)
    expect(visit.one("#past .exchange")).to_have_count(0)
    expect(visit.one("#editing")).to_be_hidden()
    assert [each.question for each in kept.messages(talk_of(visit))] == [THIRD]


def test_an_answer_is_asked_for_again_in_its_place(visit: Visit, kept: Conversations) -> None:
    visit.ask(FIRST)
    (before,) = kept.messages(talk_of(visit))
    visit.one("#answer .act.again").click()
    expect(visit.one(f'#answer [data-message="{before.id}"]')).to_have_count(0)
    visit.answered(FIRST)
    (after,) = kept.messages(talk_of(visit))
    assert (after.question, after.id == before.id) == (FIRST, False)


def test_citations_are_stepped_through_by_key_and_button(visit: Visit) -> None:
    visit.ask(THIRD)
    numbers = visit.one("#answer .sources .chip").all_inner_texts()
    current = visit.one('#answer .sources .chip[aria-current="true"]')
    visit.one("#answer .said .chip").first.focus()
    for key, number in (("]", numbers[1]), ("n", numbers[2]), ("]", numbers[0]), ("p", numbers[2])):
        visit.page.keyboard.press(key)
        expect(current).to_have_text(number)
    visit.page.get_by_role("button", name="Previous citation").click()
    expect(current).to_have_text(numbers[1])
    assert visit.mark_is_in_view()
    visit.page.fill("#question textarea", "")
    visit.page.keyboard.type("[n]")
    expect(visit.one("#question textarea")).to_have_value("[n]")
    expect(current).to_have_text(numbers[1])


def test_a_chip_previews_its_source_when_pointed_at(visit: Visit) -> None:
    visit.ask(FIRST)
    chip = visit.one("#answer .said .chip").first
    preview = visit.one("#preview")
    chip.hover()
    expect(preview).to_contain_text("Two battery plants in the desert")
    expect(preview.locator("blockquote")).to_have_text(QUOTE)
    visit.page.mouse.move(5, 5)
    expect(preview).to_be_hidden()
    chip.focus()
    expect(preview).to_be_visible()
    assert chip.get_attribute("aria-describedby") == "preview"
    visit.page.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    expect(visit.one("#article .article")).to_be_visible()  # the preview alone is gone


def test_an_answer_is_copied_with_its_references(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask(FIRST)
    visit.one("#answer .act.copy").click()
    expect(visit.page.get_by_role("button", name="Copied")).to_be_visible()
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"## {FIRST}")
    assert "Li Jingkang" in copied
    assert f"> {QUOTE}" in copied


def test_what_the_reader_thinks_is_kept_with_a_reason(visit: Visit, kept: Conversations) -> None:
    visit.ask(FIRST)
    down = visit.page.get_by_role("button", name="Bad answer")
    down.click()
    expect(visit.one("#answer .reason input")).to_be_focused()
    visit.page.keyboard.type("too <short>")
    visit.page.keyboard.press("Enter")
    expect(visit.one("#status")).to_contain_text("Thank you")
    soon(lambda: kept.messages(talk_of(visit))[0].reason == "too <short>")
    assert kept.messages(talk_of(visit))[0].verdict == "down"
    visit.reload()
    expect(down).to_have_attribute("aria-pressed", "true")
    down.click()
    expect(down).to_have_attribute("aria-pressed", "false")
    soon(lambda: kept.messages(talk_of(visit))[0].verdict is None)


def test_a_citation_of_an_article_that_changed_says_so(visit: Visit, index: Index) -> None:
    def wreck(text: str) -> RawArticle:
        return RawArticle("wreck.txt", "wreck.txt", "text", f"The wreck of the Ariel\n\n{text}")

    index.ingest_articles([wreck("The Ariel sank off Portland in 1871. Nobody was hurt in it.")])
    visit.ask("When did the Ariel sink off Portland?")
    expect(visit.one("#answer .said")).to_contain_text("1871")
    index.ingest_articles([wreck("The Ariel was towed to Weymouth and is a museum today.")])
    visit.reload()
    chip = visit.one("#answer .said .chip.changed").first
    expect(chip).to_be_visible()
    expect(visit.one("#answer .sources .state").first).to_contain_text("has changed since")
    chip.click()
    expect(visit.one("#article .body")).to_contain_text("Weymouth")
    index.remove(["wreck.txt"])
    visit.reload()
    expect(visit.one("#answer .said .chip.gone").first).to_be_visible()
    expect(visit.one("#answer .sources .state").first).to_contain_text("no longer in")


# --- conversations that are kept ---


def test_conversations_are_found_renamed_and_removed(visit: Visit, kept: Conversations) -> None:
    visit.ask(FIRST)
    first = talk_of(visit)
    visit.page.get_by_role("button", name="New conversation").click()
    expect(visit.one("#now h2")).to_have_count(0)
    expect(visit.one("#examples button").first).to_be_visible()
    visit.ask(SECOND)
    second = talk_of(visit)
    assert first != second
    visit.page.get_by_role("button", name="Conversations").click()
    names = visit.one("#history .name")
    expect(visit.one("#history [aria-current] .name")).to_have_text(SECOND)
    visit.page.keyboard.type("narada")  # the search has the focus
    expect(names.first).to_have_text(FIRST)
    assert SECOND not in names.all_inner_texts()
    row = visit.one(f'#history li[data-talk="{first}"]')
    row.hover()
    row.get_by_role("button", name="Rename").click()
    visit.page.keyboard.type("Narada <b>in</b> Jiuquan")
    visit.page.keyboard.press("Enter")
    expect(row.locator(".name")).to_have_text("Narada <b>in</b> Jiuquan")
    row.locator(".open").click()
    expect(visit.one("#now h2")).to_have_text(FIRST)
    expect(visit.one("#history")).to_have_count(0)
    visit.page.get_by_role("button", name="Conversations").click()
    row.hover()
    row.get_by_role("button", name="Delete").click()
    sure = visit.page.get_by_role("dialog", name="Delete for good?")
    sure.get_by_role("button", name="Cancel").click()
    assert kept.messages(first)
    row.get_by_role("button", name="Delete").click()
    sure.get_by_role("button", name="Delete").click()
    expect(visit.one("#now h2")).to_have_count(0)  # it was the one on the page
    assert kept.messages(first) == []
    assert kept.messages(second)
    expect(visit.page).not_to_have_url(re.compile("talk="))


@pytest.mark.parametrize("kind", ["Markdown", "JSON"])
def test_a_conversation_is_exported(visit: Visit, kind: str) -> None:
    visit.ask(FIRST)
    visit.page.get_by_role("button", name="Conversations").click()
    row = visit.one(f'#history li[data-talk="{talk_of(visit)}"]')
    with visit.page.expect_download() as download:
        row.get_by_role("button", name=f"Export as {kind}").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    if kind == "JSON":
        assert json.loads(text)["messages"][0]["question"] == FIRST
    else:
        assert text.startswith(f"# {FIRST}")
    assert download.value.suggested_filename.endswith(".json" if kind == "JSON" else ".md")


def test_a_conversation_that_is_gone_leaves_an_empty_page(visit: Visit) -> None:
    visit.page.goto("about:blank")
    visit.page.goto(f"{visit.address}/#talk=nothing&shows=%3Cb%3E%201%202%203")
    expect(visit.one("#status")).to_contain_text("no longer kept")
    expect(visit.one("#examples button").first).to_be_visible()


# --- written answers ---


def writing(*pieces: str | Event | float) -> Behaviour:
    """A model's answer; KEY stands for the key of the passage that holds QUOTE."""

    def play(call: Call) -> None:
        shown = json.loads(call.asked.body["messages"][1]["content"])["passages"]
        key = next(each["key"] for each in shown if QUOTE in each["text"])
        says(*(p.replace("KEY", key) if isinstance(p, str) else p for p in pieces))(call)

    return play


@pytest.fixture
def written(model: LanguageModel) -> Iterator[Callable[..., InferenceServer]]:
    """Lets a server with a script write the page's answers."""
    servers: list[InferenceServer] = []

    def make(*script: Behaviour) -> InferenceServer:
        servers.append(InferenceServer(*script).__enter__())
        model.change({"address": servers[-1].url, "model": "tiny"})
        return servers[-1]

    yield make
    model.change({})
    for server in servers:
        server.__exit__(None, None, None)


SAID = QUOTE.removesuffix(".")
TRUE = f"{SAID} [[KEY|{QUOTE}]]."
FALSE = f" Its general manager has been there for 25 years [[KEY|{QUOTE}]]. <b>Why</b> is not told."


def test_a_written_answer_streams_without_markers_and_settles_into_badges(
    visit: Visit, written: Callable[..., InferenceServer]
) -> None:
    middle, end = Event(), Event()
    written(
        writing(
            SAID[:20],
            0.2,
            f"{SAID[20:]} [[K",
            middle,
            *TRUE.partition("[[K")[2],
            ".",
            FALSE,
            0.2,
            " Truly.",
            end,
        )
    )
    visit.page.fill("#question textarea", FIRST)
    visit.page.keyboard.press("Enter")
    text = visit.one("#now .draft .text")
    expect(text).to_have_text(SAID)
    expect(visit.one("#answer .evidence .said")).to_contain_text(QUOTE)  # quoted meanwhile
    expect(visit.one("#answer")).to_have_attribute("aria-busy", "true")
    expect(visit.one("#ask")).to_be_hidden()
    middle.set()
    expect(text).to_contain_text("25 years")
    assert "[[" not in text.inner_text()
    assert "<b>Why</b>" in text.inner_text()
    end.set()
    visit.answered(FIRST)
    expect(visit.one("#answer")).to_have_attribute("aria-busy", "false")
    expect(visit.one("#now .draft")).to_have_count(0)
    kinds = [each.get_attribute("class") for each in visit.one("#answer .badge").all()]
    # No passage has the key that was sent in two pieces, but one says the quote.
    assert kinds[0] == "badge repaired"
    assert set(kinds[1:]) == {"badge unsupported"}
    badge = visit.one("#answer .badge.unsupported").first
    expect(badge).to_have_accessible_name(re.compile("not verified.*The quote stands in"))
    badge.focus()
    expect(visit.one("#preview")).to_contain_text("does not say what the sentence says")
    expect(visit.one("#preview")).to_contain_text("25 years")
    expect(visit.one("#answer .checked")).to_contain_text(f"{len(kinds)} sentences")
    assert visit.one("#answer b").count() == 0
    visit.reload()
    assert visit.one("#answer .badge").count() == len(kinds)


def test_a_page_that_learns_a_language_meanwhile_speaks_it_when_the_answer_stands(
    visit: Visit, written: Callable[..., InferenceServer]
) -> None:
    end = Event()
    written(writing(TRUE[:10], end, TRUE[10:]))
    visit.page.fill("#question textarea", FIRST)
    visit.page.keyboard.press("Enter")
    expect(visit.one("#now .draft .text")).to_have_text(TRUE[:10])
    visit.page.fill("#question textarea", "What else?")
    visit.one("#page-language").get_by_role("radio", name="简体").check()
    expect(visit.one("#stop")).to_have_text("停止")
    end.set()
    visit.answered(FIRST)
    expect(visit.one("#answer .act.again")).to_have_accessible_name("重新回答")
    expect(visit.one("#question textarea")).to_have_value("What else?")  # typed since


def test_writing_is_stopped_by_button_and_by_key(
    visit: Visit, written: Callable[..., InferenceServer]
) -> None:
    server = written(writing("Li ", Event()), writing("Li ", Event()))
    stops: list[Callable[[], None]] = [
        visit.one("#stop").click,
        partial(visit.page.keyboard.press, "Escape"),
    ]
    for at, stop in enumerate(stops):
        visit.page.fill("#question textarea", FIRST)
        visit.page.keyboard.press("Enter")
        expect(visit.one("#now .draft .text")).to_have_text("Li")
        stop()
        visit.answered(FIRST)
        expect(visit.one("#answer .notice")).to_contain_text("You stopped the writing")
        expect(visit.one("#answer .said")).to_contain_text(QUOTE)
        assert server.requests[at].gone.wait(5)
    expect(visit.one("#ask")).to_be_visible()


def test_a_reader_who_leaves_stops_the_model_and_finds_the_quoted_answer(
    arrive: Callable[..., Visit], written: Callable[..., InferenceServer], folder: Path
) -> None:
    kept = len(Conversations.open(folder).listed())
    server = written(writing("Li ", Event()))
    visit = arrive()
    visit.page.fill("#question textarea", FIRST)
    visit.page.keyboard.press("Enter")
    expect(visit.one("#now .draft .text")).to_have_text("Li")
    visit.page.wait_for_function("location.hash.includes('talk=')")
    address = visit.page.url
    visit.page.goto("about:blank")
    visit.complaints.clear()  # Gradio's client says that its stream was broken off
    assert server.requests[0].gone.wait(10)
    while len(Conversations.open(folder).listed()) == kept:  # soon after, it is on the disk
        time.sleep(0.05)
    visit.page.goto(address)
    expect(visit.one("#now h2")).to_have_text(FIRST)
    expect(visit.one("#answer .said")).to_contain_text(QUOTE)


def test_another_conversation_while_a_model_writes_stops_it(
    visit: Visit, written: Callable[..., InferenceServer]
) -> None:
    server = written(writing("Li ", Event()))
    visit.page.fill("#question textarea", FIRST)
    visit.page.keyboard.press("Enter")
    expect(visit.one("#now .draft .text")).to_have_text("Li")
    visit.page.get_by_role("button", name="New conversation").click()
    assert server.requests[0].gone.wait(5)
    expect(visit.one("#now h2")).to_have_count(0)
    visit.page.wait_for_timeout(500)
    expect(visit.one("#now h2")).to_have_count(0)  # the answer of before doesn't come back
    expect(visit.one("#answer .answer")).to_have_count(0)


def test_a_question_that_does_not_reach_the_server_is_not_lost(visit: Visit) -> None:
    visit.ask(FIRST)
    visit.page.context.set_offline(True)
    visit.page.fill("#question textarea", SECOND)
    visit.page.keyboard.press("Enter")
    expect(visit.one("#status")).to_contain_text("can’t be reached")
    visit.one("#answer .said .chip").last.click()
    expect(visit.one("#question textarea")).to_have_value(SECOND)
    expect(visit.one("#now h2")).to_have_text(FIRST)
    visit.page.context.set_offline(False)
    visit.complaints.clear()  # the browser says that it is offline
    visit.one("#ask").click()
    visit.answered(SECOND)
    expect(visit.one("#past h2")).to_have_text(FIRST)
    expect(visit.one("#status p")).to_have_count(0)
    expect(visit.one("#question textarea")).to_have_value("")


def test_without_the_server_every_button_says_so(visit: Visit) -> None:
    visit.ask(FIRST)
    visit.page.context.set_offline(True)
    lost = visit.one("#status").get_by_text("can’t be reached")
    for name in ("Conversations", "Settings", "Copy with references"):
        visit.page.get_by_role("button", name=name).click()
        expect(lost).to_be_visible()
        visit.page.evaluate("document.querySelector('#status [data-place]').innerHTML = ''")
    thumb = visit.page.get_by_role("button", name="Good answer")
    thumb.click()
    expect(lost).to_be_visible()
    expect(thumb).to_have_attribute("aria-pressed", "false")
    visit.page.context.set_offline(False)
    visit.complaints.clear()  # the browser says that it is offline
    thumb.click()
    expect(visit.one("#status")).to_contain_text("Thank you")


def test_back_and_forward_go_through_views_and_conversations(visit: Visit) -> None:
    visit.ask(FIRST)
    expect(visit.page).to_have_url(re.compile("talk="))
    visit.page.get_by_role("button", name="New conversation").click()
    expect(visit.one("#examples button").first).to_be_visible()
    expect(visit.page).not_to_have_url(re.compile("talk="))
    visit.ask(SECOND)
    expect(visit.page).to_have_url(re.compile("talk="))
    visit.page.go_back()
    expect(visit.one("#now h2")).to_have_count(0)
    visit.page.go_back()
    expect(visit.one("#now h2")).to_have_text(FIRST)
    expect(visit.one("#answer .said")).to_contain_text("Li Jingkang")
    visit.page.go_forward()
    visit.page.go_forward()
    expect(visit.one("#now h2")).to_have_text(SECOND)


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_back_closes_the_drawer_of_a_phone(visit: Visit) -> None:
    visit.ask(FIRST)
    expect(visit.page).to_have_url(re.compile("talk="))
    visit.one("#answer .said .chip").first.click()
    expect(visit.one("#article .body")).to_be_focused()
    visit.page.go_back()
    expect(visit.one("#panes")).not_to_have_class(re.compile("reading"))
    expect(visit.one("#now h2")).to_have_text(FIRST)


def test_a_question_that_is_being_typed_outlives_a_reload(visit: Visit) -> None:
    visit.page.fill("#question textarea", "Half a quest")
    visit.page.reload()
    expect(visit.one("#question textarea")).to_have_value("Half a quest")
    visit.ask(FIRST)
    visit.reload()
    expect(visit.one("#question textarea")).to_have_value("")


def test_a_servers_fault_ends_in_quotes_with_a_notice(
    visit: Visit, written: Callable[..., InferenceServer]
) -> None:
    written(fails(401, "no such key <i>"))
    visit.ask(FIRST)
    expect(visit.one("#answer .notice")).to_contain_text("refused: its key or the model")
    expect(visit.one("#answer .said")).to_contain_text(QUOTE)


# --- settings ---


def test_the_language_model_is_tried_and_set(visit: Visit, model: LanguageModel) -> None:
    with InferenceServer(says("hello"), writing(TRUE)) as server:
        visit.page.get_by_role("button", name="Settings").click()
        dialog = visit.page.get_by_role("dialog", name="Settings")
        dialog.get_by_label("Server’s address").fill(server.url)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.locator(".said")).to_contain_text("fill in both")
        dialog.get_by_label("Model", exact=True).fill("tiny")
        dialog.get_by_label("Key").fill("sk-secret")
        dialog.get_by_label("Leave them out").check()
        dialog.get_by_role("button", name="Try").click()
        expect(dialog.locator(".said")).to_contain_text("The server answers: tiny wrote “hello”")
        assert model.generator() is None  # tried, not taken
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0)
        assert model.settings.llm_api_key == "sk-secret"
        assert not model.settings.keep_unsupported
        visit.ask(FIRST)
        expect(visit.one("#answer .badge.verified")).to_have_count(1)
        assert server.requests[-1].headers["authorization"] == "Bearer sk-secret"
        visit.page.get_by_role("button", name="Settings").click()
        expect(dialog.get_by_label("Key")).to_have_value("")
        assert "sk-secret" not in visit.page.content()
        visit.page.keyboard.press("Escape")
        expect(visit.page.get_by_role("button", name="Settings")).to_be_focused()
    model.change({})


def test_settings_are_only_shown_where_others_can_reach_the_page(
    browser: Browser, index: Index
) -> None:
    collection = Collection(index)
    model = LanguageModel(Settings(llm_base_url="http://127.0.0.1:9/v1", llm_model="tiny"))
    with serving(application(collection, collection.history(), model)) as address:
        visit = Visit(browser.new_context(locale="en-US"), address)
        visit.page.get_by_role("button", name="Settings").click()
        dialog = visit.page.get_by_role("dialog", name="Settings")
        expect(dialog.get_by_label("Server’s address")).to_be_disabled()
        expect(dialog.get_by_role("button", name="Save")).to_have_count(0)
        expect(dialog).to_contain_text("can be changed only on the machine")
        visit.page.context.close()


# --- everywhere ---


@pytest.mark.parametrize("visit", [PHONE, SMALL_PHONE], indirect=True)
def test_nothing_is_wider_than_a_phone(
    visit: Visit, written: Callable[..., InferenceServer]
) -> None:
    assert visit.fits()
    written(writing(TRUE, FALSE, f" {'W' * 200}."))
    visit.ask(FIRST)
    assert visit.fits()
    visit.one("#answer .badge").last.click()
    expect(visit.one("#preview")).to_be_visible()
    for name in ("Conversations", "Settings"):
        visit.page.get_by_role("button", name=name).click()
        expect(visit.page.get_by_role("dialog", name=name)).to_be_visible()
        assert visit.fits()
        visit.page.keyboard.press("Escape")
    for name in ("简体", "繁體", "English"):
        visit.one("#page-language").get_by_role("radio", name=name).check()
        expect(visit.one("html")).to_have_attribute(
            "lang", {"简体": "zh-Hans", "繁體": "zh-Hant"}.get(name, "en")
        )
        assert visit.fits()


def test_the_whole_journey_needs_no_mouse(visit: Visit) -> None:
    keys = visit.page.keyboard
    keys.type("Who is the general manager\n")
    visit.answered("Who is the general manager")
    keys.type("How many")
    keys.press("Shift+Enter")
    keys.type("self-service government terminals are there in Jiaocheng district?")
    keys.press("Enter")
    visit.answered("How many\nself-service government terminals are there in Jiaocheng district?")
    names = []
    for _ in range(60):
        keys.press("Shift+Tab")
        focused = visit.page.evaluate(
            """() => {
              const at = document.activeElement;
              const box = at.getBoundingClientRect();
              return [at.getAttribute("aria-label") ?? at.innerText ?? "", box.width > 0,
                getComputedStyle(at).outlineStyle, at.matches("input")];
            }"""
        )
        names.append(focused[0])
        assert focused[1] or focused[3], f"{focused} has the focus and can't be seen"
        if focused[0] == "Conversations":
            break
    for name in (
        "Good answer",
        "Ask again",
        "Copy with references",
        "Edit the question",
        "Settings",
        "New conversation",
        "Conversations",
    ):
        assert name in names
    keys.press("Enter")
    expect(visit.one("#history-search")).to_be_focused()
    keys.press("Tab")
    assert visit.one("#history").evaluate("(drawer) => drawer.contains(document.activeElement)")
    keys.press("Escape")
    expect(visit.one("#history")).to_have_count(0)
    expect(visit.page.get_by_role("button", name="Conversations")).to_be_focused()
    keys.press("/")
    expect(visit.one("#question textarea")).to_be_focused()
