"""The report, opened in a real browser that has no network."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.evaluate import Evaluation, Outcome, summarise
from rag.questions import Question
from rag.report import report_html
from rag.types import Answer

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


def outcome(number: int) -> Outcome:
    """A question of ten, of which four are unanswerable and two are answered wrongly."""
    answerable, declined = number < 6, number in (4, 7, 8)
    question = Question(str(number), "What & <why>?", "en", ("a.md",), ("42",), answerable)
    confidence = 0.9 - number / 20
    answer = Answer(question.question, "en", "It is 42 [1].", declined, confidence)
    return Outcome(question, (), answer, frozenset(), ("en",), None, (), 0, 10.0 + number)


@pytest.mark.skipif(BROWSER is None, reason="expected chromium on the path, found none")
def test_the_report_opens_without_a_network(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    outcomes = tuple(outcome(number) for number in range(10))
    figures = summarise(outcomes)
    page_file = tmp_path / "report.html"
    page_file.write_text(
        report_html(Evaluation(figures, {"en->en": figures}, outcomes), "q.jsonl"), encoding="utf-8"
    )
    requests: list[str] = []
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_context(offline=True).new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(page_file.as_uri())
        plots = page.locator(".plotly-graph-div:has(.main-svg)")
        plots.nth(3).wait_for()
        shown = plots.count()
        bars = page.locator(".bars .point").count()
        failures = page.locator("table").last.locator("tr").count() - 1
        browser.close()
    assert (shown, failures) == (4, 8)
    assert bars >= 6
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
