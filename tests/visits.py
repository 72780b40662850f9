"""Visits to the page in a real Chromium that can reach nothing but this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from rag.ui.serve import listen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None and "CI" not in os.environ:
    pytest.skip("chromium is not installed (apt-get install chromium)", allow_module_level=True)

OFFLINE = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
PHONE = {"viewport": {"width": 390, "height": 844}}
SMALL_PHONE = {"viewport": {"width": 360, "height": 740}}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that resolves no name."""
    assert CHROMIUM, "expected chromium, found none: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
        yield browser
        browser.close()


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Where an application is served, in a thread of this process."""
    with listen("127.0.0.1", None) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join()


def soon(holds: Callable[[], bool]) -> None:
    """Wait until something holds; it must within ten seconds."""
    ends = monotonic() + 10
    while not holds():
        assert monotonic() < ends
        sleep(0.02)


class Visit:
    """One visitor with a fresh browser profile; keeps what the page asked for and complained of."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.asked_for: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("request", lambda request: self.asked_for.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("console", self._listen)
        self.open()

    def _listen(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self.complaints.append(str(getattr(message, "text", message)))

    def show(self, view: str) -> None:
        """Go to one of the page's views, and wait until it is there."""
        self.page.locator(f'#views [data-view="{view}"]').click()
        there = {
            "ask": "#question",
            "articles": "#articles .held",
            "look": "#plot-map svg.main-svg",
        }
        expect(self.page.locator(there[view]).first).to_be_visible()

    def picture(self, name: str) -> None:
        """Keep what is on the screen, where a folder for pictures is named."""
        if folder := os.environ.get("SCREENSHOTS"):
            self.page.wait_for_timeout(400)  # until what moves has come to rest
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    def open(self) -> None:
        """Go to the page and wait until it speaks the visitor's language."""
        self.page.goto(self.address)
        expect(self.page.locator("#examples button").first).to_be_visible()

    def ask(self, question: str) -> None:
        """Ask with the keyboard, and wait for the whole answer, which can be asked for again."""
        self.page.fill("#question textarea", question)
        self.page.keyboard.press("Enter")
        self.answered(question)

    def answered(self, question: str) -> None:
        """Wait until a question has its whole answer."""
        expect(self.page.locator("#now h2")).to_have_text(question)
        expect(self.page.locator("#answer .act.thumb").first).to_be_visible()

    def reload(self) -> None:
        """Load the page again, and wait for the conversation that it shows."""
        self.page.reload()
        expect(self.page.locator("#answer .answer")).to_be_visible()

    def reload_view(self, view: str) -> None:
        """Load the page again, and wait for the view that it shows."""
        self.page.reload()
        expect(self.page.locator(f'#panes[data-view="{view}"]')).to_be_visible()

    def one(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def scrolled(self) -> float:
        return float(self.page.evaluate("window.scrollY"))

    def fits(self) -> bool:
        """Whether nothing is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    def mark_is_in_view(self) -> bool:
        """Whether the highlighted sentence starts within the window and within its pane."""
        return bool(
            self.page.evaluate(
                """() => {
                  const mark = document.querySelector("#article mark:not(.other)")
                    .getBoundingClientRect();
                  const pane = document.querySelector("#article .body").getBoundingClientRect();
                  return mark.top >= Math.max(0, pane.top)
                    && mark.top < Math.min(innerHeight, pane.bottom);
                }"""
            )
        )

    def outside(self) -> list[str]:
        """What was asked of others than the page's server."""
        return [
            url
            for url in self.asked_for
            if not url.startswith(self.address + "/")
            and urlsplit(url).scheme not in {"data", "blob"}
        ]
