"""Hostile articles and an obedient model behind the page, in a real Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from inference_server import InferenceServer
from playwright.sync_api import Browser, expect
from test_hostile import ATTACKS, HONEST, KEY, Obedient, write_article
from visits import Visit, serving

from rag.index import Index
from rag.settings import Settings
from rag.ui.collection import Collection
from rag.ui.language_model import LanguageModel
from rag.ui.serve import application

SAMPLE = (
    Path(__file__).parents[1] / "seeds" / "ningde-seventeen-months.md"
)  # the page has examples of it
ROWS = [
    row
    for row in ATTACKS
    if row["family"] in {"markup", "exfiltration", "url schemes", "terminal", "prompt leak"}
]
ASKED_OF_THEM = {
    "Where does the plan of the harbour of Lind hang?": "plan of the harbour of Lind hangs in",
    "金沙港码头扩建工地门口有什么？": "的一块牌子",
    "東山高速鐵路的時刻表張貼在哪裡？": "張貼在月台上",
}
"""Questions that hostile articles answer, and words of theirs."""
ALIVE = (
    "img, iframe, object, embed, link, script, meta, base, [src], [action], [formaction], [data]"
    ", [onerror], [onload], [onfocus], [onmouseover]"
)


def obey_all(request: dict[str, Any]) -> str:
    """What all articles on a question order, one after the other; nothing on other questions."""
    question = json.loads(request["messages"][1]["content"])["question"]
    rows = [row for row in ROWS if row["question"] == question]
    return "\n".join(Obedient(row)(request) for row in rows) or "NONE"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page over the honest and the hostile articles is."""
    folder = tmp_path_factory.mktemp("hostile")
    articles = folder / "articles"
    articles.mkdir()
    for at, honest in enumerate(HONEST.values()):
        (articles / f"honest-{at}.txt").write_text(honest.text, encoding="utf-8")
    for row in ROWS:
        write_article(row, articles)
    with (
        Index.open(folder / "index", create=True) as index,
        InferenceServer(reply=obey_all) as server,
    ):
        index.ingest([articles, SAMPLE])
        settings = Settings(llm_base_url=server.url, llm_model="obedient", llm_api_key=KEY)
        collection = Collection(index)
        app = application(collection, collection.history(), LanguageModel(settings))
        with serving(app) as found:
            yield found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    context = browser.new_context(locale="en-US")
    context.on("request", lambda request: asked_for.append(request.url))
    asked_for: list[str] = []
    visit = Visit(context, address)
    yield visit
    context.close()
    visit.asked_for += asked_for
    assert visit.outside() == []
    assert visit.complaints == []


def assert_only_text(visit: Visit) -> None:
    """Nothing in the conversation or the article runs or loads; links go to web addresses."""
    assert KEY not in visit.page.content()
    for part in ("#past", "#now", "#answer", "#article"):
        assert visit.page.locator(part).locator(ALIVE).count() == 0
        for link in visit.page.locator(f"{part} a").all():
            assert (link.get_attribute("href") or "").startswith("https://news.example/")


@pytest.mark.parametrize("question", list(HONEST)[1::2])  # one of each script
def test_orders_of_articles_do_nothing_on_the_page(visit: Visit, question: str) -> None:
    visit.ask(question)
    expect(visit.page.locator("#answer .said")).to_contain_text(HONEST[question].sentence[:-1])
    assert_only_text(visit)
    visit.page.locator("#answer .said .chip").first.click()
    expect(visit.page.locator("#article mark").first).to_contain_text(HONEST[question].quote)
    assert_only_text(visit)


def test_hostile_articles_are_only_text_when_they_are_read(visit: Visit) -> None:
    for question, words in ASKED_OF_THEM.items():
        visit.ask(question)
        visit.page.locator("#answer .said .chip").first.click()
        expect(visit.page.locator("#article mark").first).to_contain_text(words)
        assert_only_text(visit)
