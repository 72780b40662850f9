"""Why a source was chosen, in a real Chromium: the words that met, across languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect
from visits import SMALL_PHONE, Visit, serving

from rag.index import Index
from rag.ui.collection import Collection
from rag.ui.language_model import LanguageModel
from rag.ui.serve import application

SEEDS = Path(__file__).parents[1] / "seeds"
ACROSS = "How many self-service government terminals are there in Jiaocheng district?"
CHINESE = "酒泉成立了多少個項目謀劃工作組？"
UNANSWERED = "What are the first symptoms of appendicitis?"
SIZES = [{}, SMALL_PHONE, SMALL_PHONE | {"color_scheme": "dark"}]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Index.open(tmp_path_factory.mktemp("why") / "index", create=True) as index:
        index.ingest([SEEDS])
        collection = Collection(index)
        page = application(collection, collection.history(), LanguageModel(may_change=False))
        with serving(page) as address:
            yield address


@pytest.fixture
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit; a test's parameter sets the browser's options."""
    options: dict[str, Any] = {"locale": "en-US", "viewport": {"width": 1440, "height": 900}}
    context = browser.new_context(**(options | getattr(request, "param", {})))
    visit = Visit(context, address)
    yield visit
    context.close()
    assert visit.outside() == []
    assert visit.complaints == []


def unfold(visit: Visit, entry: Locator) -> None:
    """Open what a source says of itself, with the keyboard."""
    entry.locator(".why > summary").focus()
    visit.page.keyboard.press("Enter")
    expect(entry.locator(".why")).to_have_attribute("open", "")


def background(words: Locator) -> str:
    return str(words.evaluate("(element) => getComputedStyle(element).backgroundColor"))


@pytest.mark.parametrize("visit", SIZES, indirect=True)
def test_it_unfolds_the_words_that_met(visit: Visit) -> None:
    visit.ask(ACROSS)
    entry = visit.one("#answer .sources .entry").first
    marks = entry.locator(".query mark")
    expect(marks.first).to_be_hidden()
    expect(entry.locator(".how").first).to_be_hidden()
    unfold(visit, entry)
    expect(marks).to_have_text(["self", "terminals", "Jiaocheng", "district"])
    expect(entry.locator("blockquote mark")).to_have_text(["蕉城区", "自助", "终端"])
    expect(entry.locator(".how").first).to_have_text("near in meaning")
    assert visit.fits()
    quote = entry.locator("blockquote")
    assert quote.evaluate("(element) => element.scrollHeight <= element.clientHeight")
    found = Axe().run(visit.page, context=".entry", options={"resultTypes": ["violations"]})
    assert found.response["violations"] == []
    visit.page.keyboard.press("Enter")
    expect(marks.first).to_be_hidden()


def test_a_word_that_has_the_focus_shows_its_partner(visit: Visit) -> None:
    visit.ask(ACROSS)
    entry = visit.one("#answer .sources .entry").first
    unfold(visit, entry)
    partner, other = (entry.locator("blockquote mark", has_text=met) for met in ("终端", "自助"))
    plain = background(other)
    assert background(partner) == plain
    for _ in range(2):
        visit.page.keyboard.press("Tab")
    expect(entry.locator(".query mark", has_text="terminals")).to_be_focused()
    assert background(partner) != plain
    assert background(other) == plain
    other.hover()
    assert background(entry.locator(".query mark", has_text="self")) != plain


def test_what_met_nothing_is_named_where_the_languages_are_one(visit: Visit) -> None:
    visit.ask(CHINESE)
    visit.page.locator("#page-language").get_by_role("radio", name="繁體").check()
    entries = visit.one("#answer .sources .entry")
    expect(entries.first.locator(".ask")).to_have_text("為什麼是這條？")
    chinese = entries.filter(has=visit.one('blockquote[lang="zh-Hant"]')).first
    expect(chinese.locator(".unmet")).to_be_hidden()
    unfold(visit, chinese)
    expect(chinese.locator(".unmet")).to_have_text("未匹配 項目 · 謀劃")
    english = entries.filter(has=visit.one('blockquote[lang="en"]'))
    expect(english.locator(".unmet")).to_have_count(0)


def test_a_nearest_passage_is_shown_whole_on_asking(visit: Visit) -> None:
    visit.ask(UNANSWERED)
    entry = visit.one("#answer .nearest .entry").first
    quote = entry.locator("blockquote")
    is_cut = "(element) => element.scrollHeight > element.clientHeight"
    assert quote.evaluate(is_cut)
    unfold(visit, entry)
    assert not quote.evaluate(is_cut)
    expect(quote.locator("mark").last).to_be_visible()
    assert visit.fits()


def test_a_conversation_that_is_read_again_tells_it_too(visit: Visit) -> None:
    visit.ask(ACROSS)
    visit.reload()
    entry = visit.one("#answer .sources .entry").first
    unfold(visit, entry)
    expect(entry.locator("blockquote mark")).to_have_text(["蕉城区", "自助", "终端"])
