"""The views of articles and of pictures in a real Chromium, and the whole journey through all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Locator, expect
from visits import PHONE, SMALL_PHONE, Visit, serving

from rag.index import Index
from rag.types import RawArticle
from rag.ui.collection import Collection
from rag.ui.language_model import LanguageModel
from rag.ui.serve import application
from rag.ui.stock import Stock

SEEDS = Path(__file__).parents[1] / "seeds"
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
DARK: dict[str, Any] = {"color_scheme": "dark"}
LIGHTHOUSE = (
    "---\ntitle: The lighthouse of Skerryvore\ndate: 1994-03-14\n---\n"
    "Skerryvore lighthouse was lit first in 1844. "
    "Alan Stevenson built the lighthouse on the reef of Skerryvore."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf") / "index"


@pytest.fixture(scope="module")
def index(folder: Path) -> Iterator[Index]:
    with Index.open(folder, create=True) as index:
        index.ingest([SEEDS])
        yield index


@pytest.fixture(scope="module")
def stock(index: Index) -> Stock:
    return Stock.of(index)


@pytest.fixture(scope="module")
def address(index: Index, stock: Stock) -> Iterator[str]:
    collection, model = Collection(index), LanguageModel(may_change=True)
    with serving(application(collection, collection.history(), model, stock)) as address:
        yield address


@pytest.fixture
def visit(
    browser: Browser, address: str, index: Index, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """A visit to the sample articles; what it adds is gone afterwards."""
    options: dict[str, Any] = {"locale": "en-US", **WIDE, **getattr(request, "param", {})}
    visit = Visit(browser.new_context(**options), address)
    yield visit
    visit.page.context.close()
    assert visit.outside() == []
    assert visit.complaints == []
    sent = str(index.path / "articles")
    if any(source.startswith(sent) for entry in index.documents() for source in entry.sources):
        index.remove([sent])
    shutil.rmtree(sent, ignore_errors=True)


def payload(name: str, text: str | bytes = LIGHTHOUSE) -> FilePayload:
    data = text.encode() if isinstance(text, str) else text
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=data)


def send(visit: Visit, *files: FilePayload) -> None:
    """Send files, and wait until the server has read them."""
    visit.one("[data-files]").set_input_files(list(files))
    read(visit)


def read(visit: Visit) -> None:
    expect(visit.one(".run .head")).to_have_attribute("data-ended", "yes")


def row(visit: Visit, title: str) -> Locator:
    return visit.one("#articles tbody tr").filter(has_text=title)


def remove(visit: Visit, title: str) -> None:
    row(visit, title).get_by_role("button", name="Remove").click()
    expect(row(visit, title)).to_have_count(0)


# --- the whole journey ---


def test_the_whole_journey(visit: Visit, folder: Path) -> None:
    page = visit.page
    visit.picture("1-first-visit")
    for question, said in (
        ("How long did it take to build the SAIC base in Ningde?", "17 months"),
        ("2021年的产业扶持政策替宁德企业省了多少钱？", "42亿元"),
        ("寧德前三季的工業增加值增長多少？", "%"),
    ):
        visit.ask(question)
        expect(visit.one("#answer .said")).to_contain_text(said)
        visit.one("#answer .said .chip").first.click()
        assert visit.mark_is_in_view()
    visit.picture("2-asked")
    visit.show("articles")
    send(visit, payload("lighthouse.md"), payload("broken.pdf", b"%PDF-1.4 nonsense"))
    items = visit.one(".run li")
    expect(items.first).to_contain_text("The lighthouse of Skerryvore")
    expect(items.first).to_contain_text("14 March 1994")
    expect(items.last).to_contain_text("damaged")
    visit.picture("3-added")
    visit.show("ask")
    visit.ask("Who built the lighthouse on the reef of Skerryvore?")
    expect(visit.one("#answer .sources").first).to_contain_text("Alan Stevenson")
    visit.show("articles")
    remove(visit, "Skerryvore")
    assert not (folder / "articles" / "lighthouse.md").exists()
    visit.picture("4-removed")
    visit.one(".removed").get_by_role("button", name="Undo").click()
    expect(row(visit, "Skerryvore")).to_have_count(1)
    assert (folder / "articles" / "lighthouse.md").exists()
    remove(visit, "Skerryvore")
    visit.show("look")
    visit.picture("5-looked")
    visit.show("ask")
    page.get_by_role("button", name="Conversations").click()
    first = visit.one("#history li").first
    first.hover()
    with page.expect_download() as exported:
        first.get_by_role("button", name="Export as JSON").click()
    kept = json.loads(Path(exported.value.path()).read_text(encoding="utf-8"))
    assert [len(each["citations"]) > 0 for each in kept["messages"]] == [True] * 4


# --- adding ---


def test_a_folder_is_sent_with_its_folders_and_without_what_is_no_article(
    visit: Visit, tmp_path: Path, folder: Path
) -> None:
    sent = tmp_path / "reef"
    (sent / "north").mkdir(parents=True)
    (sent / "north" / "light.md").write_text(
        "# North light\n\nIt was lit in 1811.", encoding="utf-8"
    )
    (sent / "south.txt").write_text("South light\n\nIt was lit in 1903.", encoding="utf-8")
    (sent / "picture.png").write_bytes(b"\x89PNG")
    (sent / ".hidden.txt").write_text("No.", encoding="utf-8")
    visit.show("articles")
    visit.one("[data-folder]").set_input_files(sent)
    read(visit)
    assert sorted(visit.one(".run .name").all_inner_texts()) == [
        "reef/north/light.md",
        "reef/south.txt",
    ]
    assert (folder / "articles" / "reef" / "north" / "light.md").is_file()


def test_dropped_files_are_sent(visit: Visit) -> None:
    visit.show("articles")
    held = visit.page.evaluate_handle(
        """(text) => {
          const held = new DataTransfer();
          held.items.add(new File([text], "dropped.md"));
          return held;
        }""",
        LIGHTHOUSE,
    )
    visit.one("#articles .adding").dispatch_event("dragover", {"dataTransfer": held})
    expect(visit.one(".shelf.over")).to_be_visible()
    visit.one("#articles .adding").dispatch_event("drop", {"dataTransfer": held})
    read(visit)
    expect(visit.one(".run .name")).to_have_text("dropped.md")


def test_a_pasted_text_keeps_what_is_said_of_it(visit: Visit, index: Index) -> None:
    visit.show("articles")
    visit.page.get_by_role("button", name="Paste text").click()
    form = visit.one("form.paste")
    expect(form.get_by_label("Text of the article")).to_be_focused()
    form.get_by_label("Text of the article").fill("The reef has a light.\nIt is red.")
    for label, value in (
        ("Title", "A <b>red</b> light"),
        ("Publisher", "The Reef"),
        ("Date", "2020-02-03"),
        ("Web address", "https://reef.example/light"),
    ):
        form.get_by_label(label).fill(value)
    form.get_by_role("button", name="Add").click()
    read(visit)
    expect(row(visit, "A <b>red</b> light")).to_contain_text("The Reef")
    document = next(
        each.document for each in index.documents() if each.document.publisher == "The Reef"
    )
    assert (document.date, document.url) == ("2020-02-03", "https://reef.example/light")
    row(visit, "red").locator(".title button").click()
    expect(visit.one("#article h2")).to_have_text("A <b>red</b> light")
    remove(visit, "A <b>red</b> light")
    expect(visit.one("#article .article")).to_have_count(0)  # it is closed with its article


def test_an_address_of_this_machine_is_refused_with_its_reason(visit: Visit) -> None:
    visit.show("articles")
    visit.page.get_by_role("button", name="Web addresses").click()
    visit.page.keyboard.type(f"{visit.address}/secret")
    visit.one("form.addresses").get_by_role("button", name="Add").click()
    read(visit)
    expect(visit.one(".run .why")).to_contain_text("Pages at port")


def test_addresses_need_no_scheme_and_a_line_that_is_none_is_named(visit: Visit) -> None:
    visit.show("articles")
    visit.page.get_by_role("button", name="Web addresses").click()
    lines = visit.one("form.addresses textarea")
    lines.fill("127.0.0.1/light\nthe light of Skerryvore")
    visit.one("form.addresses").get_by_role("button", name="Add").click()
    read(visit)
    items = visit.one(".run li.skipped")
    expect(items).to_have_count(2)
    expect(items.first).to_contain_text("https://127.0.0.1/light")
    expect(items.first).to_contain_text("not on the open internet")
    expect(items.last).to_contain_text("Line 2: This can’t be a web address")


# --- removing ---


def test_each_removal_keeps_its_own_undo(visit: Visit, folder: Path) -> None:
    names = ["north", "east", "south", "west"]
    visit.show("articles")
    send(visit, *(payload(f"{name}.txt", f"The {name} light is red.") for name in names))
    for name in names:
        remove(visit, f"{name}.txt")
    expect(visit.one("#articles .removed li:visible")).to_have_text(
        [f"Removed: {name}.txtUndo" for name in ("west", "south", "east")]
    )
    visit.picture("removed")
    send(visit, payload("after.txt", "The light after them is green."))
    visit.one("#page-language").get_by_role("radio", name="简体").check()
    expect(visit.one("#articles .removed li:visible").first).to_have_text("已移除：west.txt撤销")
    visit.reload_view("articles")
    visit.one("#articles .removed summary").click()
    visit.one('#articles .removed [data-title="north.txt"]').click()
    expect(row(visit, "north.txt")).to_have_count(1)
    assert (folder / "articles" / "north.txt").is_file()
    expect(visit.one('#articles .removed [data-title="north.txt"]')).to_have_count(0)
    visit.one('#articles .removed [data-title="west.txt"]').click()
    expect(row(visit, "west.txt")).to_have_count(1)
    expect(visit.one("#articles .removed li").first).to_have_text("已移除：south.txt撤销")


def test_why_an_article_was_not_added_is_told_in_the_pages_language(visit: Visit) -> None:
    visit.one("#page-language").get_by_role("radio", name="繁體").check()
    visit.show("articles")
    send(visit, payload("junk.txt", bytes(range(256)) * 20))
    expect(visit.one(".run .why")).to_contain_text("二進位資料")
    visit.one(".last summary").click()
    last = visit.one(".last li")
    expect(last).to_contain_text("二進位資料")
    expect(last).to_contain_text("junk.txt")
    expect(last).not_to_contain_text("/")


def test_questions_are_answered_while_many_articles_are_read(
    visit: Visit, tmp_path: Path, index: Index
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for at in range(300):
        text = f"Buoy {at}\n\n" + f"Buoy number {at} lies off the reef. " * 40
        (many / f"{at}.txt").write_text(text, encoding="utf-8")
    visit.show("articles")
    visit.one("[data-folder]").set_input_files(many)
    expect(visit.one(".run progress")).to_be_visible()
    visit.show("ask")
    visit.ask("How long did it take to build the SAIC base in Ningde?")
    visit.show("articles")
    expect(visit.one(".run .head")).to_have_attribute("data-ended", "yes", timeout=60_000)
    expect(visit.one("#articles .held")).to_contain_text("315 articles")
    visit.one("#shelf-search").fill("buoy 299")
    expect(visit.one("#articles tbody tr")).to_have_count(1)
    visit.one("#shelf-search").fill("")
    visit.page.get_by_role("button", name="Title", exact=True).click()
    expect(visit.one("#articles tbody tr").first).to_contain_text("Buoy 0")
    visit.page.get_by_role("button", name="Further rows").click()
    expect(visit.one(".pager .place")).to_have_text("51–100 of 315")


def test_only_the_page_itself_on_its_own_machine_changes_articles(
    browser: Browser, index: Index, stock: Stock
) -> None:
    collection = Collection(index)
    app = application(collection, collection.history(), LanguageModel(), stock)
    with serving(app) as address:
        visit = Visit(browser.new_context(locale="en-US", **WIDE), address)
        visit.show("articles")
        expect(visit.one(".shelf .notice")).to_contain_text("can be changed only")
        for part in (".adding", "[data-discard]", "[data-reread]"):
            expect(visit.one(f"#articles {part}")).to_have_count(0)
        row(visit, "desert").locator(".title button").click()
        expect(visit.one("#article h2")).to_be_visible()
        refused = visit.page.request.post(f"{address}/articles/sent/{'0' * 32}?name=a.txt")
        assert refused.status == 403
        visit.page.context.close()


def test_an_empty_collection_says_how_to_fill_it(browser: Browser, tmp_path: Path) -> None:
    with Index.open(tmp_path / "empty", create=True) as index:
        collection, model = Collection(index), LanguageModel(may_change=True)
        app = application(collection, collection.history(), model, Stock.of(index))
        with serving(app) as address:
            page = browser.new_context(locale="zh-CN", **WIDE).new_page()
            page.goto(address)
            expect(page.locator("#examples .hint")).to_contain_text("还没有文章")
            page.locator('#views [data-view="look"]').click()
            expect(page.locator("#plot-map svg.main-svg").first).to_be_visible()
            page.locator('#views [data-view="articles"]').click()
            expect(page.locator("#articles .hint")).to_contain_text("还没有文章")
            page.locator("[data-files]").set_input_files([payload("lighthouse.md")])
            expect(page.locator("#articles tbody tr")).to_have_count(1)
            expect(page.locator("#examples")).not_to_contain_text("还没有文章")
            page.context.close()


# --- looking ---


def test_pictures_are_drawn_once_they_are_looked_at(visit: Visit) -> None:
    def plots() -> list[str]:
        return [url for url in visit.asked_for if "plotly" in url.lower()]

    visit.ask("How long did it take to build the SAIC base in Ningde?")
    assert plots() == []
    visit.show("look")
    assert plots()
    point = visit.one("#plot-map .scatterlayer path.point").first
    point.hover(force=True)
    expect(visit.one("#plot-map .hoverlayer text").first).to_be_visible()
    point.click(force=True)
    expect(visit.one("#article mark")).to_be_visible()
    assert visit.mark_is_in_view()
    visit.page.wait_for_function(  # the pictures make room for the article
        """() => {
          const plot = document.querySelector("#plot-map .main-svg").getBoundingClientRect();
          return plot.right <= document.querySelector("#source").getBoundingClientRect().left;
        }"""
    )
    visit.reload_view("look")
    expect(visit.one("#article mark")).to_be_visible()


def test_an_evaluation_is_run_from_the_page(visit: Visit) -> None:
    visit.show("look")
    questions = (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()[:8]
    choose = visit.one("[data-questions]")
    choose.set_input_files([payload("mine.jsonl", "nothing of the kind")])
    expect(visit.one("#measuring .wrong")).to_contain_text("expected")
    choose.set_input_files([payload("mine.jsonl", "\n".join(questions))])
    expect(visit.one("#measuring dd").first).to_have_text("8")
    expect(visit.one("#plot-recall svg.main-svg").first).to_be_visible()
    with visit.page.expect_download() as saved:
        visit.page.get_by_role("button", name="Save the whole report").click()
    assert "<html" in Path(saved.value.path()).read_text(encoding="utf-8")
    visit.one("#page-language").get_by_role("radio", name="简体").check()
    expect(visit.one("#measuring h2")).to_have_text("评测")
    expect(visit.one("#measuring dd").first).to_have_text("8")


# --- everywhere ---


@pytest.mark.parametrize("visit", [PHONE, SMALL_PHONE, {**PHONE, **DARK}], indirect=True)
def test_every_view_fits_a_phone(visit: Visit) -> None:
    for name, view in enumerate(("articles", "look", "ask")):
        visit.show(view)
        visit.picture(f"phone-{name}-{view}")
        assert visit.fits()
    visit.show("articles")
    row(visit, "desert").locator(".title button").click()
    expect(visit.one("#article .body")).to_be_focused()
    assert visit.one("#shelf").get_attribute("inert") is not None
    visit.page.keyboard.press("Escape")
    expect(row(visit, "desert").locator(".title button")).to_be_focused()


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_a_narrow_table_tells_when_an_article_was_added(visit: Visit) -> None:
    visit.show("articles")
    added = row(visit, "desert").locator(".added")
    expect(added).to_be_visible()
    year = visit.page.evaluate("String(new Date().getFullYear())")
    expect(added).to_contain_text(year)


def test_a_view_is_found_again_after_a_reload(visit: Visit) -> None:
    visit.show("articles")
    row(visit, "desert").locator(".title button").click()
    expect(visit.one("#article h2")).to_have_text("Two battery plants in the desert")
    visit.page.wait_for_function("location.hash.includes('shows=')")
    visit.reload_view("articles")
    expect(visit.one("#article h2")).to_have_text("Two battery plants in the desert")


def test_articles_are_managed_with_the_keyboard(visit: Visit) -> None:
    keys = visit.page.keyboard
    visit.one('#views [data-view="articles"]').focus()
    keys.press("Enter")
    expect(visit.one("#articles tbody tr").first).to_be_visible()
    keys.press("/")
    expect(visit.one("#shelf-search")).to_be_focused()
    keys.type("desert")
    expect(visit.one("#articles tbody tr")).to_have_count(1)
    while not visit.page.evaluate("document.activeElement.dataset.document"):
        keys.press("Tab")
    keys.press("Enter")
    expect(visit.one("#article .body")).to_be_focused()
    keys.press("Escape")
    expect(row(visit, "desert").locator(".title button")).to_be_focused()
    for _ in range(2):
        keys.press("Tab")
    keys.press("Enter")
    expect(visit.one(".gone")).to_contain_text("is removed")
    expect(visit.one("#shelf-search")).to_be_focused()
    visit.one(".removed button").first.focus()
    keys.press("Enter")
    expect(row(visit, "desert")).to_have_count(1)


def _violations(visit: Visit) -> list[str]:
    found = Axe().run(visit.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(
    "visit",
    [
        {},
        {**PHONE, **DARK, "locale": "zh-TW"},
    ],
    indirect=True,
)
def test_no_view_has_a_serious_fault_of_access(visit: Visit) -> None:
    look: list[Callable[[], None]] = [
        lambda: None,
        partial(visit.ask, "How long did it take to build the SAIC base in Ningde?"),
        partial(visit.ask, "What does the Heisenberg uncertainty principle say?"),
        partial(visit.show, "articles"),
        lambda: visit.one('[data-unfold="paste"]').click(),
        lambda: send(visit, payload("broken.pdf", b"%PDF-1.4 nonsense")),
        partial(visit.show, "look"),
        lambda: visit.one(".tool.history").click(),
        lambda: visit.one(".tool.settings").click(),
    ]
    for act in look:
        if visit.one("dialog[open]").count():
            visit.page.keyboard.press("Escape")
        act()
        visit.page.wait_for_timeout(250)
        assert _violations(visit) == []


def test_thousands_of_rows_come_a_page_at_a_time(browser: Browser, tmp_path: Path) -> None:
    with Index.open(tmp_path / "many", create=True) as index:
        index.ingest_articles(
            RawArticle(f"{at}", f"{at}", "jsonl", f"Text {at}.", title=f"Row {at}")
            for at in range(3000)
        )
        collection = Collection(index)
        app = application(collection, collection.history(), LanguageModel(), Stock.of(index))
        with serving(app) as address:
            page = browser.new_context(locale="en-US", **WIDE).new_page()
            page.goto(f"{address}/#view=articles")
            expect(page.locator(".pager .place")).to_have_text("1–50 of 3,000")
            page.locator("#shelf-search").fill("row 2999")
            expect(page.locator("#articles tbody tr")).to_have_count(1)
            page.context.close()
