"""The page in a real Chromium where a reader is quick, or the browser or the paper is unusual."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Request, Route, expect
from pypdf import PdfReader
from visits import PHONE, SMALL_PHONE, Visit, serving, soon

from rag.index import Index
from rag.questions import LONGEST
from rag.store.conversations import Conversations
from rag.ui.collection import Collection
from rag.ui.language_model import LanguageModel
from rag.ui.serve import application
from rag.ui.stock import Stock

SEEDS = Path(__file__).parents[1] / "seeds"
FIRST = "Who is the general manager of Narada in Jiuquan?"
SECOND = "How many self-service government terminals are there in Jiaocheng district?"
THIRD = "How long did it take to build the SAIC base in Ningde?"
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 600}, "locale": "en-US"}
NO_MEMORY = """for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, {
    get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
  });
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("edges") / "index"


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with Index.open(folder, create=True) as index:
        index.ingest([SEEDS])
        collection, model = Collection(index), LanguageModel(may_change=True)
        app = application(collection, collection.history(), model, Stock.of(index))
        with serving(app) as address:
            yield address


@pytest.fixture
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit; a test's parameter sets the browser's options, `script` runs before the page's."""
    options = {**WIDE, **getattr(request, "param", {})}
    script = options.pop("script", "")
    context = browser.new_context(**options)
    context.add_init_script(script)
    visit = Visit(context, address)
    yield visit
    context.close()
    assert visit.outside() == []
    assert visit.complaints == []


@pytest.fixture
def kept(folder: Path) -> Conversations:
    return Conversations.open(folder)


def talk_of(visit: Visit) -> str:
    return visit.one("#now .asked").get_attribute("data-talk") or ""


def choose(visit: Visit, language: str) -> None:
    """Have the page speak another language."""
    visit.one("#page-language").get_by_role("radio", name=language).check()


# --- arriving ---


@pytest.mark.parametrize("visit", [{"script": NO_MEMORY}], indirect=True)
def test_a_browser_that_keeps_nothing_shows_a_whole_page(visit: Visit) -> None:
    visit.page.locator("#question textarea").press_sequentially(FIRST)
    visit.page.keyboard.press("Enter")
    visit.answered(FIRST)
    choose(visit, "简体")
    expect(visit.one("#ask")).to_have_text("提问")
    expect(visit.one("#answer h3")).to_have_text("出处")
    visit.show("articles")
    visit.show("ask")
    visit.page.reload()
    expect(visit.one("#now h2")).to_have_text(FIRST)
    expect(visit.one("#ask")).to_have_text("Ask")  # the language is forgotten


def asks(what: str) -> Callable[[Request], bool]:
    """Whether a request asks the server for something, by its name."""
    return lambda request: f'"{what}"' in (request.post_data or "")


def gradio_speaks(request: Request) -> bool:
    return bool(re.search(r"/gradio_api/(run|queue/join)", request.url))


@pytest.mark.parametrize("held_back", [gradio_speaks, asks("show")])
def test_a_question_that_is_quicker_than_the_page_is_asked_once_that_is_there(
    visit: Visit, held_back: Callable[[Request], bool]
) -> None:
    visit.ask(FIRST)
    here = visit.page.url
    visit.page.goto("about:blank")
    waiting: list[Route] = []
    arrived: list[bool] = []

    def hold(route: Route) -> None:
        if arrived or not held_back(route.request):
            route.continue_()
        else:
            waiting.append(route)

    visit.page.route("**/gradio_api/**", hold)
    visit.page.goto(here)
    visit.page.fill("#question textarea", SECOND)
    while not waiting:
        visit.page.wait_for_timeout(10)
    visit.page.keyboard.press("Enter")
    expect(visit.one("#question textarea")).to_have_value(SECOND)
    expect(visit.one("#now h2")).to_have_count(0)
    arrived.append(True)
    for route in waiting:
        route.continue_()
    visit.answered(SECOND)
    expect(visit.one("#past h2")).to_have_text(FIRST)
    expect(visit.one("#question textarea")).to_have_value("")


# --- asking ---


@pytest.mark.parametrize("visit", [{"locale": "zh-TW"}], indirect=True)
def test_a_question_that_is_too_long_stays_whole_and_says_so(visit: Visit) -> None:
    too_long = "長" * LONGEST + "？"
    visit.page.fill("#question textarea", too_long)
    visit.page.keyboard.press("Enter")
    expect(visit.one("#status")).to_contain_text("問題最多 4,000 個字元，現有 4,001 個")
    expect(visit.one("#question textarea")).to_have_value(too_long)
    long = f"{THIRD} {'𠮷' * (LONGEST - len(THIRD) - 1)}"  # two units of JavaScript's each
    visit.page.fill("#question textarea", long)
    visit.page.keyboard.press("Enter")
    expect(visit.one("#now h2")).to_have_text(long)
    expect(visit.one("#status p")).to_have_count(0)


def test_a_key_begins_a_new_conversation(visit: Visit) -> None:
    visit.ask(FIRST)
    visit.show("articles")
    visit.page.keyboard.press("Alt+n")
    expect(visit.one("#question textarea")).to_be_focused()
    expect(visit.one("#now h2")).to_have_count(0)
    visit.page.keyboard.type("n")
    visit.page.keyboard.press("Alt+n")
    expect(visit.one("#question textarea")).to_have_value("")


@pytest.mark.parametrize(
    ("language", "names"), [("简体", ("快捷键", "新对话")), ("繁體", ("快捷鍵", "新對話"))]
)
def test_the_settings_list_the_keys(visit: Visit, language: str, names: tuple[str, str]) -> None:
    choose(visit, language)
    visit.one(".tool.settings").click()
    visit.one("#settings summary").get_by_text(names[0]).click()
    row = visit.one("#settings .keys div").filter(has_text="Alt+N")
    expect(row).to_be_visible()
    expect(row).to_contain_text(names[1])


@pytest.mark.parametrize(
    "visit",
    [{**SMALL_PHONE, "locale": each} for each in ("en-US", "zh-CN", "zh-TW")],
    indirect=True,
)
def test_the_fields_hint_is_whole_on_a_small_phone(visit: Visit) -> None:
    room, needed = visit.page.evaluate(
        """() => {
          const field = document.querySelector("#question textarea");
          const style = getComputedStyle(field);
          const pen = document.createElement("canvas").getContext("2d");
          pen.font = style.font;
          const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
          return [field.clientWidth - padding, pen.measureText(field.placeholder).width];
        }"""
    )
    assert needed <= room


# --- the article ---


def test_an_article_that_is_drawn_anew_stays_where_it_is_read(visit: Visit) -> None:
    visit.ask(FIRST)
    body = visit.one("#article .body")
    expect(visit.one("#article mark:not(.other)")).to_be_visible()
    visit.page.wait_for_function("document.querySelector('#article .body').scrollTop > 0")
    assert visit.mark_is_in_view()
    place = body.evaluate("(body) => body.scrollTop")
    before = body.element_handle()
    visit.one("#answer .act.again").click()
    visit.page.wait_for_function("(before) => !before.isConnected", arg=before)
    visit.answered(FIRST)
    assert body.evaluate("(body) => body.scrollTop") == place
    body.evaluate("(body) => body.scrollTo(0, body.scrollHeight)")
    place = body.evaluate("(body) => body.scrollTop")
    before = body.element_handle()
    choose(visit, "繁體")
    visit.page.wait_for_function("(before) => !before.isConnected", arg=before)
    expect(visit.one("#answer h3")).to_have_text("出處")
    assert abs(body.evaluate("(body) => body.scrollTop") - place) < 5


# --- views ---


def test_each_view_is_found_again_where_it_was_left(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1440, "height": 400})
    visit.ask(FIRST)
    visit.ask(SECOND)
    visit.page.evaluate("scrollTo(0, 100)")
    visit.show("articles")
    expect(visit.one("#articles tbody tr").first).to_be_visible()
    assert visit.scrolled() == 0
    visit.page.evaluate("scrollTo(0, 50)")
    visit.show("ask")
    assert visit.scrolled() == 100
    visit.page.go_back()
    expect(visit.one('#panes[data-view="articles"]')).to_be_visible()
    assert visit.scrolled() == 50
    visit.page.go_forward()
    expect(visit.one('#panes[data-view="ask"]')).to_be_visible()
    assert visit.scrolled() == 100


def test_pictures_fit_beside_an_article_after_a_reload(visit: Visit) -> None:
    visit.show("look")
    visit.reload_view("look")
    expect(visit.one("#plot-map svg.main-svg").first).to_be_visible()
    expect(visit.one("#plot-map .js-plotly-plot[data-heard]")).to_be_visible()
    visit.page.evaluate(
        """() => {
          const map = document.querySelector("#plot-map .js-plotly-plot");
          map.emit("plotly_click", { points: [{ customdata: map.data[0].customdata[0] }] });
        }"""
    )
    expect(visit.one("#article .article")).to_be_visible()
    visit.page.wait_for_function(FITS)
    narrow = visit.one("#plot-map").bounding_box()
    visit.page.get_by_role("button", name="Close the article").click()
    visit.page.wait_for_function(FITS)
    wide = visit.one("#plot-map").bounding_box()
    assert narrow is not None
    assert wide is not None
    assert narrow["width"] < wide["width"]


FITS = """() => [...document.querySelectorAll("#look .js-plotly-plot")].every((plot) => {
  const drawing = plot.querySelector(".main-svg");
  return Math.abs(drawing.getBoundingClientRect().width - plot.clientWidth) < 2;
})"""


def drop(visit: Visit, path: Path) -> None:
    """Drop a file on the middle of the window, as a reader's own system does."""
    devtools = visit.page.context.new_cdp_session(visit.page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 700, "y": 300, "data": data})


def test_a_file_dropped_on_another_view_is_taken_to_the_articles(
    visit: Visit, tmp_path: Path
) -> None:
    path = tmp_path / "reef.txt"
    path.write_text("The reef of Lind is red.", encoding="utf-8")
    drop(visit, path)
    expect(visit.one(".run .state")).to_contain_text("1 added")
    expect(visit.one('#panes[data-view="articles"]')).to_be_visible()
    expect(visit.one("#articles tbody")).to_contain_text("reef.txt")


def test_a_file_dropped_on_a_dialog_is_not_opened_in_the_pages_place(visit: Visit) -> None:
    visit.one(".tool.settings").click()
    expect(visit.one("#settings")).to_be_visible()
    kept_from_the_browser = visit.one("#settings").evaluate(
        """(dialog) => ["dragover", "drop"].map((kind) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["<p>elsewhere</p>"], "hull.html"));
          const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
          return !dialog.dispatchEvent(event);
        })"""
    )
    assert kept_from_the_browser == [True, True]
    expect(visit.one('#panes[data-view="ask"]')).to_be_visible()


# --- paper ---


@pytest.mark.parametrize("visit", [{"color_scheme": "dark"}], indirect=True)
def test_a_printed_conversation_has_its_sources_and_no_buttons(visit: Visit) -> None:
    visit.ask(FIRST)
    visit.ask(SECOND)
    visit.page.evaluate(
        """() => addEventListener("beforeprint", () => {
          window.printed = {
            unfolded: [...document.querySelectorAll("#talk details.more")].map(({ open }) => open),
            isDark: document.body.classList.contains("dark"),
          };
        })"""
    )
    pdf = PdfReader(io.BytesIO(visit.page.pdf()))
    assert visit.page.evaluate("window.printed") == {"unfolded": [True, True], "isDark": False}
    assert visit.one("#talk details.more[open]").count() == 1  # as it was on the screen
    expect(visit.one("body")).to_have_class(re.compile("dark"))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for words in (FIRST, SECOND, "gives part of the credit to the city"):
        assert words in text
    assert "Answer in" not in text
    assert "Conversations" not in text
    visit.page.emulate_media(media="print")
    for hidden in ("#top", "#composer", ".answer .acts", "#source"):
        expect(visit.one(hidden).first).to_be_hidden()


# --- what is kept ---


def test_a_good_answer_may_have_a_reason_too(visit: Visit, kept: Conversations) -> None:
    visit.ask(FIRST)
    visit.page.get_by_role("button", name="Good answer").click()
    reason = visit.one("#answer .reason input")
    expect(reason).to_be_visible()
    reason.fill("short and right")
    reason.press("Enter")
    expect(reason).to_be_hidden()
    soon(lambda: kept.messages(talk_of(visit))[0].reason == "short and right")
    assert kept.messages(talk_of(visit))[0].verdict == "up"
    visit.page.get_by_role("button", name="Bad answer").click()
    expect(reason).to_have_value("")  # that was why it is good
    soon(lambda: kept.messages(talk_of(visit))[0].verdict == "down")
    assert kept.messages(talk_of(visit))[0].reason == ""


def test_a_new_name_is_kept_when_one_clicks_elsewhere(visit: Visit, kept: Conversations) -> None:
    visit.ask(FIRST)
    talk = talk_of(visit)
    visit.one(".tool.history").first.click()
    row = visit.one(f'#history li[data-talk="{talk}"]')
    row.hover()
    row.get_by_role("button", name="Rename").click()
    visit.page.keyboard.type("Dropped")
    visit.page.keyboard.press("Escape")
    expect(row.locator(".name")).to_have_text(FIRST)
    expect(row.locator(".open")).to_be_focused()
    row.get_by_role("button", name="Rename").click()
    visit.page.keyboard.type("Kept")
    visit.one("#history-search").click()
    expect(row.locator(".name")).to_have_text("Kept")
    soon(lambda: (entry := kept.entry(talk)) is not None and entry.title == "Kept")
    assert "Dropped" not in json.dumps([each.title for each in kept.listed()])


@pytest.mark.parametrize(
    "visit", [{"timezone_id": "Asia/Shanghai"}, {**PHONE, "locale": "zh-CN"}], indirect=True
)
def test_todays_conversations_are_told_apart_by_their_time(
    visit: Visit, kept: Conversations
) -> None:
    visit.ask(FIRST)
    entry = kept.entry(talk_of(visit))
    assert entry is not None
    day = {"year": "numeric", "month": "2-digit", "day": "2-digit"}
    hour, other = visit.page.evaluate(
        """([when, day]) => {
          const at = new Date(when);
          const told = (parts) => new Intl.DateTimeFormat("en-GB", parts).format(at);
          return [told({ hour: "2-digit", minute: "2-digit" }), told(day)];
        }""",
        [entry.updated, day],
    )
    visit.page.clock.set_fixed_time(entry.updated)
    visit.one(".tool.history").first.click()
    time = visit.one(f'#history li[data-talk="{entry.id}"] time')
    expect(time).to_have_text(hour)
    visit.page.keyboard.press("Escape")
    visit.page.clock.set_fixed_time("2031-01-01T12:00:00Z")
    visit.one(".tool.history").first.click()
    expect(time).to_contain_text(other.rpartition("/")[2])  # the year
