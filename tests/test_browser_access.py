"""Every state of the page in a real Chromium by axe's rules, and with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect
from visits import PHONE, Visit, serving

from rag.index import Index
from rag.ui.collection import Collection
from rag.ui.language_model import LanguageModel
from rag.ui.serve import application
from rag.ui.stock import Stock

SEEDS = Path(__file__).parents[1] / "seeds"
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
STILL: dict[str, Any] = {"reduced_motion": "reduce"}  # so that colours change at once
QUESTION = "How long did it take to build the SAIC base in Ningde?"
UNRELATED = "What does the Heisenberg uncertainty principle say?"
BROKEN = FilePayload(name="broken.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4 nonsense")
FAULTS = """async (rules) => (await axe.run({ resultTypes: ["violations"], ...rules })).violations
  .filter(({ impact }) => ["serious", "critical"].includes(impact))
  .flatMap(({ id, nodes }) => nodes.map((each) => `${id}: ${each.target} ${each.failureSummary}`))
"""
THEMES: dict[str, dict[str, Any]] = {"dark": {"runOnly": ["color-contrast"]}, "light": {}}
FOCUSED = """() => {
  const at = document.activeElement;
  const box = (at.closest("label") ?? at).getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
  const above = document.elementFromPoint(x, y);
  return {
    name: (at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText).trim(),
    isShown: at.matches(":focus-visible") && x > 0 && x < innerWidth && y > 0 && y < innerHeight,
    isCovered: !above || !(at.closest("label") ?? at).contains(above) && !above.contains(at),
    html: at.outerHTML.slice(0, 200),
    above: above?.outerHTML.slice(0, 200),
  };
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Index.open(tmp_path_factory.mktemp("access") / "index", create=True) as index:
        index.ingest([SEEDS])
        collection, model = Collection(index), LanguageModel(may_change=True)
        app = application(collection, collection.history(), model, Stock.of(index))
        with serving(app) as address:
            yield address


@pytest.fixture
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    visit = Visit(browser.new_context(**request.param), address)
    yield visit
    visit.page.context.close()
    assert visit.complaints == []


# --- by rule ---


@pytest.fixture
def states(visit: Visit) -> dict[str, Callable[[], None]]:
    """What brings the page from each of its states into the next."""

    def answer_with_its_source() -> None:
        visit.ask(QUESTION)
        visit.one("#answer .said .chip").first.click()
        expect(visit.one("#article .body")).to_be_focused()

    def refusal() -> None:
        visit.page.keyboard.press("Escape")
        visit.ask(UNRELATED)

    def changing_articles() -> None:
        visit.one('[data-unfold="paste"]').click()
        visit.one("[data-files]").set_input_files([BROKEN])
        expect(visit.one(".run .why")).to_be_visible()
        visit.one(".last summary").click()
        visit.one("[data-discard]").first.click()
        expect(visit.one("[data-undo]")).to_be_visible()
        expect(visit.one("tr.going")).to_have_count(0)

    def pictures() -> None:
        visit.one("[data-undo]").click()
        expect(visit.one("[data-undo]")).to_have_count(0)
        visit.show("look")

    def history() -> None:
        visit.one(".tool.history").click()
        expect(visit.one("#history-search")).to_be_focused()

    def settings() -> None:
        visit.page.keyboard.press("Escape")
        visit.one(".tool.settings").click()
        visit.one("#settings summary").click()
        expect(visit.one("#settings kbd").first).to_be_visible()

    return {
        "first visit": lambda: None,
        "an answer with its source": answer_with_its_source,
        "a refusal": refusal,
        "articles": lambda: visit.show("articles"),
        "articles that change": changing_articles,
        "pictures": pictures,
        "conversations": history,
        "settings": settings,
    }


@pytest.mark.parametrize(
    "visit",
    [
        pytest.param({**size, **STILL, "locale": locale}, id=f"{locale}-{name}")
        for locale, name, size in (
            ("en-US", "desktop", WIDE),
            ("en-US", "phone", PHONE),
            ("zh-CN", "desktop", WIDE),
            ("zh-CN", "phone", PHONE),
            ("zh-TW", "phone", PHONE),
        )
    ],
    indirect=True,
)
def test_no_state_of_the_page_has_a_serious_fault_by_axe(
    visit: Visit, states: dict[str, Callable[[], None]]
) -> None:
    visit.page.evaluate(Axe().axe_script)
    found = []
    themes = THEMES if visit.one("html").get_attribute("lang") != "zh-Hant" else {"light": {}}
    for name, come in states.items():
        come()
        for theme, rules in themes.items():
            into(visit.page, theme)
            found += [f"{name}, {theme}: {each}" for each in visit.page.evaluate(FAULTS, rules)]
    assert found == []


def into(page: Page, theme: str) -> None:
    """Have the reader's system change its theme, and wait until the page has followed it."""
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.wait_for_function(
        """(isDark) => document.body.classList.contains("dark") === isDark
          && document.getAnimations().every(({ playState }) => playState !== "running")""",
        arg=theme == "dark",
    )


# --- by keyboard ---


@pytest.mark.parametrize(
    "visit", [{**WIDE, "locale": "en-US"}, {**PHONE, "locale": "en-US"}], indirect=True
)
def test_asking_reading_and_managing_articles_need_no_mouse(visit: Visit) -> None:
    keys = visit.page.keyboard
    keys.type(QUESTION)
    keys.press("Enter")
    visit.answered(QUESTION)
    assert focused(visit) == "Your question"
    go_to(visit, "Source 1", "Shift+Tab")
    keys.press("Enter")
    expect(visit.one("#article .body")).to_be_focused()
    first = visit.one("#article .article").get_attribute("data-shows") or ""
    keys.press("]")
    expect(visit.one("#article .article")).not_to_have_attribute("data-shows", first)
    expect(visit.one("#article .body")).to_be_focused()
    focused(visit)
    keys.press("Escape")
    expect(visit.one("#article .article")).to_have_count(0)
    assert focused(visit).startswith("Source 1")
    go_to(visit, "New conversation", "Shift+Tab")
    keys.press("Enter")
    expect(visit.one("#question textarea")).to_be_focused()
    expect(visit.one("#now h2")).to_have_count(0)
    focused(visit)
    go_to(visit, "Articles", "Shift+Tab")
    keys.press("Enter")
    expect(visit.one("#articles tbody tr").first).to_be_visible()
    assert focused(visit) == "Articles"
    keys.press("/")
    assert focused(visit) == "Search articles"
    keys.type("desert")
    expect(visit.one("#articles tbody tr")).to_have_count(1)
    go_to(visit, "Remove: Two battery plants in the desert", "Tab")
    keys.press("Enter")
    expect(visit.one(".gone")).to_contain_text("is removed")
    expect(visit.one("#shelf-search")).to_be_focused()
    focused(visit)
    go_to(visit, "Undo", "Tab")
    keys.press("Enter")
    expect(visit.one(".gone")).to_contain_text("is back")
    expect(visit.one("#articles tbody tr")).to_have_count(1)
    expect(visit.one("#shelf-search")).to_be_focused()
    focused(visit)
    go_to(visit, "Ask", "Shift+Tab")
    keys.press("Enter")
    keys.press("/")
    assert focused(visit) == "Your question"


def go_to(visit: Visit, name: str, key: str) -> None:
    """Press a key until what has the focus begins with a name; it can be seen on all the way."""
    for _ in range(80):
        visit.page.keyboard.press(key)
        if focused(visit).startswith(name):
            return
    pytest.fail(f"expected to reach {name!r} by {key}")


def focused(visit: Visit) -> str:
    """The name of what has the focus, which is marked, within the window, and not covered."""
    at = visit.page.evaluate(FOCUSED)
    assert at["isShown"] and not at["isCovered"], str(at)
    return str(at["name"])
