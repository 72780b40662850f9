"""The page in a real Chromium that can reach nothing but this machine.

Two servers: `rag serve` on the sample articles, and the page over hostile articles held in memory.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect
from visits import PHONE, SMALL_PHONE, Visit, serving

from rag.errors import StoreError
from rag.index import Index
from rag.store.conversations import Conversations, Versions
from rag.types import Answer, Citation, Document, Language, RawArticle
from rag.ui.asked import Asked
from rag.ui.history import History
from rag.ui.language_model import LanguageModel
from rag.ui.serve import application
from rag.written import Again, Piece

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTION = "How long did it take to build the SAIC base in Ningde?"
UNRELATED = "What does the Heisenberg uncertainty principle say?"


# --- servers and browser ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample articles."""
    folder = tmp_path_factory.mktemp("browser") / "index"
    with Index.open(folder, create=True) as index:
        index.ingest([SEEDS])
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where `rag serve` says that it is; ended as with Ctrl-C, which is no error."""
    command = [sys.executable, "-m", "rag", "serve", "--index", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdout is not None
        line = server.stdout.readline().decode()
        found = re.fullmatch(r"Yinju is at (http://127\.0\.0\.1:\d+)\n", line)
        if found:
            yield found[1]
        server.send_signal(signal.SIGINT)
        _, complaints = server.communicate(timeout=20)
    assert (found is not None, server.returncode, complaints.decode()) == (True, 0, "")


@pytest.fixture
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit to the sample articles; a test's parameter sets the browser's options."""
    options: dict[str, Any] = {"locale": "en-US", "viewport": {"width": 1440, "height": 900}}
    options |= getattr(request, "param", {})
    context = browser.new_context(**options)
    visit = Visit(context, address)
    yield visit
    context.close()
    assert visit.outside() == []
    assert visit.complaints == []


# --- the sample articles ---


def test_an_answer_opens_its_first_source_and_a_click_opens_another(visit: Visit) -> None:
    visit.ask(QUESTION)
    expect(visit.page.locator("#answer .said")).to_contain_text("17 months")
    entries = visit.page.locator("#answer .sources li")
    for number in range(entries.count()):
        entry = entries.nth(number)
        entry.locator(".chip").click()
        expect(visit.page.locator("#article h2")).to_have_text(entry.locator(".title").inner_text())
        quote = entry.locator("blockquote").text_content()
        expect(visit.page.locator("#article mark").first).to_have_text(quote or "")
        expect(entry.locator(".chip")).to_have_attribute("aria-current", "true")
        assert visit.mark_is_in_view()
        assert visit.scrolled() == 0  # only the article moved


def test_the_citations_in_the_text_open_the_same_spans(visit: Visit) -> None:
    visit.ask(QUESTION)
    chip = visit.page.locator("#answer .said .chip").last
    listed = visit.page.locator("#answer .sources li").nth(int(chip.inner_text()) - 1)
    chip.click()
    quote = listed.locator("blockquote").text_content()
    expect(visit.page.locator("#article mark").first).to_have_text(quote or "")
    article = visit.page.get_by_role("region", name=listed.locator(".title").inner_text())
    expect(article).to_be_visible()


def test_the_whole_question_can_be_read_beside_an_article(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1440, "height": 900})
    visit.ask("How long did it take to build the SAIC base in Ningde, from start to finish?")
    expect(visit.page.locator("#article mark")).to_be_visible()
    hidden = "(field) => field.scrollHeight - field.offsetHeight"
    visit.page.wait_for_function(f"({hidden})(document.querySelector('#question textarea')) <= 0")


def test_a_refusal_shows_nearest_passages_that_open(visit: Visit) -> None:
    visit.ask(UNRELATED)
    expect(visit.page.locator("#answer .declined")).to_be_visible()
    expect(visit.page.locator("#answer h3")).to_contain_text("nearest passages")
    expect(visit.page.locator("#article .article")).to_have_count(0)
    visit.page.locator("#answer .nearest .title").first.click()
    expect(visit.page.locator("#article mark").first).to_be_visible()
    assert visit.mark_is_in_view()


@pytest.mark.parametrize("visit", [{}, PHONE], indirect=True)
def test_the_words_that_met_stand_below_each_source(visit: Visit) -> None:
    visit.ask("How many self-service terminals are there in Jiaocheng?")
    met = visit.page.locator("#answer .sources .met")
    expect(met.first).to_contain_text("Jiaocheng = 蕉城")
    expect(met.first).to_contain_text("Matched")
    visit.page.locator("#page-language").get_by_role("radio", name="繁體").check()
    expect(met.first).to_contain_text("匹配")
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_example_asks_itself(visit: Visit) -> None:
    example = visit.page.locator("#examples button").first
    question = example.inner_text()
    example.click()
    visit.answered(question)
    expect(visit.page.locator("#answer .answer:not(.declined)")).to_be_visible()
    expect(visit.page.locator("#question textarea")).to_have_value("")


@pytest.mark.parametrize(
    ("visit", "name"),
    [
        ({"locale": "en-GB"}, "Answers quoted"),
        ({"locale": "zh-CN"}, "引据"),
        ({"locale": "zh-TW"}, "引據"),
        ({"locale": "zh-HK"}, "引據"),
        ({"locale": "de-DE"}, "Answers quoted"),
    ],
    indirect=["visit"],
)
def test_the_page_first_speaks_the_browsers_language(visit: Visit, name: str) -> None:
    expect(visit.page.locator("#brand")).to_contain_text(name)


def test_the_pages_language_can_be_switched_and_is_remembered(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.page.locator("#page-language").get_by_role("radio", name="繁體").check()
    expect(visit.page.locator("#answer h3")).to_have_text("出處")
    expect(visit.page.locator("#ask")).to_have_text("提問")
    expect(visit.page.locator("#article")).to_contain_text("日")  # its date, rewritten
    visit.reload()
    expect(visit.page.locator("#brand")).to_contain_text("引據")
    assert visit.page.evaluate("document.documentElement.lang") == "zh-Hant"


def test_the_answers_language_is_the_chosen_one(visit: Visit) -> None:
    visit.page.locator("#answer-language").get_by_role("radio", name="繁體").check()
    visit.ask(QUESTION)
    expect(visit.page.locator("#answer .said")).to_have_attribute("lang", "zh-Hant")
    visit.page.locator("#answer-language").get_by_role("radio", name="As asked").check()
    visit.ask("上汽宁德基地建了多久？")
    expect(visit.page.locator("#answer .said")).to_have_attribute("lang", "zh-Hans")


def test_everything_is_done_with_the_keyboard(visit: Visit) -> None:
    visit.ask(QUESTION)
    chip = visit.page.locator("#answer .said .chip").last
    chip.focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#article .body")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#article .article")).to_have_count(0)
    expect(chip).to_be_focused()


def test_an_empty_question_is_asked_back(visit: Visit) -> None:
    visit.page.locator("#ask").click()
    expect(visit.page.locator("#status")).to_contain_text("Write a question first")


@pytest.mark.parametrize("visit", [PHONE, SMALL_PHONE], indirect=True)
def test_on_a_phone_the_article_is_a_drawer_over_the_conversation(visit: Visit) -> None:
    visit.ask(QUESTION)
    assert visit.scrolled() == 0  # the answer is read first
    expect(visit.page.locator("#article .article")).not_to_be_visible()
    chip = visit.page.locator("#answer .said .chip").last
    chip.click()
    expect(visit.page.locator("#article .body")).to_be_focused()
    assert visit.mark_is_in_view()
    assert visit.fits()
    assert visit.page.locator("#talk").get_attribute("inert") is not None
    visit.page.get_by_role("button", name="Close the article").click()
    expect(visit.page.locator("#article .article")).to_have_count(0)
    expect(chip).to_be_focused()
    chip.click()
    expect(visit.page.locator("#article .body")).to_be_focused()
    visit.page.mouse.click(180, 10)  # beside the drawer
    expect(visit.page.locator("#article .article")).to_have_count(0)
    assert visit.fits()


@pytest.mark.parametrize("visit", [{"color_scheme": "dark"}], indirect=True)
def test_a_dark_system_has_a_dark_page(visit: Visit) -> None:
    visit.ask(QUESTION)
    lightness = visit.page.evaluate(
        """(parts) => parts.map((part) => {
          const style = getComputedStyle(document.querySelector(part));
          const mean = (colour) => colour.match(/[\\d.]+/g).slice(0, 3)
            .reduce((sum, each) => sum + Number(each) / 3, 0);
          return [mean(style.backgroundColor), mean(style.color)];
        })""",
        [".gradio-container", "#question textarea", ".article", ".article mark"],
    )
    for ground, ink in lightness:
        assert ground < 100
        assert ink > 200


def test_an_article_added_meanwhile_answers_the_next_question(visit: Visit, folder: Path) -> None:
    news = RawArticle(
        source="lighthouse.txt",
        path="lighthouse.txt",
        kind="text",
        content="The lighthouse of Skerryvore\n\nSkerryvore lighthouse was lit first in 1844. "
        "Alan Stevenson built the lighthouse on the reef of Skerryvore.",
    )
    with Index.open(folder) as index:  # as another process would
        index.ingest_articles([news])
    visit.ask("Who built the lighthouse on the reef of Skerryvore?")
    expect(visit.page.locator("#answer .sources").first).to_contain_text("Alan Stevenson")


# --- hostile articles ---

TITLE = "<script>alert(1)</script>"
EXAMPLE = '"><script>alert(6)</script>'
BODY = (
    '<img src=x onerror="alert(2)"> {{constructor}} ${alert(3)} `x` [1] [2]\n'
    "</section><iframe src=https://outside.example/></iframe> ![x](https://outside.example/x.png)"
)
HOSTILE = Document(
    id="<\"'>",
    text=BODY,
    language="en",
    path="x",
    title=TITLE,
    publisher="<b onmouseover=alert(4)>",
    date="<i>",
    url="javascript:alert(5)",
)


class Hostile:
    """One article that would rather be a program."""

    def stream(
        self, asked: Asked, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[Answer | Piece | Again]:
        if asked.question == "fail":
            raise StoreError("expected <b>this</b>, found that: do something")
        quote = BODY.split("\n")[0]
        cited = Citation(1, HOSTILE, 0, len(quote), quote, outlets=(HOSTILE,))
        yield Answer(asked.question, "en", f"“{quote}” [1]", False, 0.9, (cited,), notice=BODY)

    def document(self, document_id: str) -> Document:
        assert document_id == HOSTILE.id
        return HOSTILE

    def current(self, source: str) -> Document | None:
        return None

    def is_empty(self) -> bool:
        return False

    def examples(self, language: Language) -> tuple[str, ...]:
        return (EXAMPLE,)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page over the hostile article is."""
    kept = Conversations.open(tmp_path_factory.mktemp("hostile"))
    history = History(kept, Hostile(), lambda model: Versions("0", "e", "f", model))
    with serving(application(Hostile(), history, LanguageModel())) as address:
        yield address


@pytest.fixture
def victim(browser: Browser, hostile: str) -> Iterator[Visit]:
    context = browser.new_context(locale="en-US")
    visit = Visit(context, hostile)
    yield visit
    context.close()
    assert all(url.startswith(hostile + "/") for url in visit.asked_for)
    assert visit.complaints == []


def test_a_hostile_article_is_only_text(victim: Visit) -> None:
    victim.page.locator("#examples button").click()
    expect(victim.page.locator("#article h2")).to_have_text(TITLE)
    victim.page.locator("#answer .said .chip").click()
    expect(victim.page.locator("#article .body")).to_be_focused()
    for line, drawn in zip(
        BODY.split("\n"), victim.page.locator("#article .body p").all(), strict=True
    ):
        assert drawn.inner_text() == " ".join(line.split())
    expect(victim.page.locator("#answer .said .chip")).to_have_count(1)
    victim.answered(EXAMPLE)
    victim.page.locator("#answer .said .chip").hover()
    expect(victim.page.locator("#preview .title")).to_have_text(TITLE)
    victim.page.locator(".tool.history").click()
    expect(victim.page.locator("#history .name").first).to_have_text(EXAMPLE)
    victim.page.locator("#history .act.remove").first.click()
    expect(victim.page.locator("#sure p")).to_contain_text(EXAMPLE)
    for tag in ("img", "iframe", "script", "b", "a"):
        for part in ("#panes", "#hub"):
            assert victim.page.locator(f"{part} {tag}").count() == 0


def test_what_is_served_names_no_other_machine(hostile: str) -> None:
    for path in ("/", "/theme.css", "/manifest.json"):
        with urlopen(hostile + path) as served:
            named = set(re.findall(r"https?://([\w.-]+)", served.read().decode()))
        assert named <= {"127.0.0.1", "www.w3.org"}  # w3.org names SVG, nothing is fetched there


def test_an_error_is_shown_in_the_answers_place(victim: Visit) -> None:
    victim.page.fill("#question textarea", "fail")
    victim.page.keyboard.press("Enter")
    expect(victim.page.locator("#answer .message")).to_contain_text("<b>this</b>")


def test_the_browser_refuses_what_is_not_ours(victim: Visit) -> None:
    """The policy is the second wall: markup put in past the escaping still does nothing."""
    ran = victim.page.evaluate(
        """async () => {
          document.querySelector("#answer").innerHTML =
            '<img src="https://outside.example/x.png" onerror="window.ran = true">';
          const inline = document.createElement("script");
          inline.textContent = "window.ran = true";
          document.body.append(inline);
          await new Promise((done) => setTimeout(done, 300));
          return Boolean(window.ran);
        }"""
    )
    assert not ran
    assert victim.complaints != []  # the browser says what it refused
    victim.complaints.clear()
    victim.asked_for = [url for url in victim.asked_for if "outside.example" not in url]
