"""`python -m benchmarks.uploads [--bytes N] [--files N]`: much sent to the view of articles.

One large article, then a folder of small files, each through the page in Chromium to a server of
its own: how long sending and reading take, the slowest answer that another page gets meanwhile, and
the server's peak memory.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.page import OFFLINE, ROOT, questions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PATIENCE = 600_000  # milliseconds
SENTENCES = (
    "The {number}th buoy of the harbour was painted in spring, and its light is green. ",
    "{number}号浮标位于礁石以外，今年春天重新上漆，灯光为绿色。",
)
WATCH = """() => {
  const run = document.querySelector("#articles .run");
  window.sent = window.read = 0;
  new MutationObserver(() => {
    if (run.querySelector("[data-ended]")) window.sent ||= performance.now();
    if (run.querySelector("[data-ended=yes]")) window.read ||= performance.now();
  }).observe(run, {childList: true, subtree: true, attributes: true});
  window.began = performance.now();
}"""


def main() -> None:
    """Print each figure with what it was measured on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.uploads", description=__doc__)
    parser.add_argument("--bytes", type=int, default=20_000_000, help="of the large article")
    parser.add_argument("--files", type=int, default=5000, help="in the folder")
    chosen = parser.parse_args()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load before {load}")
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder) / "large.txt"
        article.write_text(large_article(chosen.bytes), encoding="utf-8")
        measure(f"an article of {chosen.bytes:,} bytes", "[data-files]", article)
        many = Path(folder) / "many"
        many.mkdir()
        for at in range(chosen.files):
            text = "".join(each.format(number=at) for each in SENTENCES)
            (many / f"{at}.txt").write_text(text, encoding="utf-8")
        measure(f"a folder of {chosen.files:,} files", "[data-folder]", many)


def large_article(size: int) -> str:
    """A plain text of so many bytes, in English and Chinese, always the same."""
    draws = random.Random(5)
    parts, length = ["The buoys of Lind\n\n"], 0
    while length < size:
        part = draws.choice(SENTENCES).format(number=draws.randrange(100_000))
        parts.append(part + ("\n\n" if draws.random() < 0.1 else ""))
        length += len(part.encode())
    return "".join(parts)


def measure(what: str, into: str, path: Path) -> None:
    """Send a file or folder into one of the page's fields."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("expected chromium, found none: apt-get install chromium")
    with serving() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OFFLINE)
        alone = max(ask(browser, server.address, question) for question in questions()[:5])
        sender = opened(browser, server.address)
        sender.locator('#views [data-view="articles"]').click()
        sender.locator("#articles .held").wait_for()
        sender.evaluate(WATCH)
        sender.locator(into).set_input_files(path)
        spent = []
        for question in cycle(questions()):
            spent.append(ask(browser, server.address, question))
            if sender.evaluate("window.read"):
                break
        sent, read = sender.evaluate("[window.sent - window.began, window.read - window.sent]")
        sender.locator("#articles .last summary").wait_for()
        held = sender.locator("#articles .held").inner_text()
        browser.close()
    print(
        f"{what}: sent in {sent / 1e3:.1f} s, read in {read / 1e3:.1f} s ({held}); "
        f"{len(spent)} answers meanwhile, worst {max(spent):.2f} s (before, worst {alone:.2f} s); "
        f"peak memory of the server {server.peak / 1e6:.0f} MB"
    )


@dataclass(slots=True)
class Server:
    """Where `rag serve` is; once it has ended, the most memory that it took, in bytes."""

    address: str
    peak: int = 0


@contextmanager
def serving() -> Iterator[Server]:
    """A server over the sample articles."""
    with tempfile.TemporaryDirectory() as folder:
        rag = [sys.executable, "-m", "rag"]
        index = ["--index", str(Path(folder) / "index")]
        subprocess.run(
            [*rag, "ingest", str(ROOT / "seeds"), *index], check=True, stdout=subprocess.DEVNULL
        )
        process = subprocess.Popen([*rag, "serve", *index], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        server = Server(process.stdout.readline().split()[-1])
        try:
            yield server
        finally:
            process.terminate()
            _, process.returncode, used = os.wait4(process.pid, 0)
            process.stdout.close()
            server.peak = used.ru_maxrss * 1024


def opened(browser: Browser, address: str) -> Page:
    """The page, ready to be asked."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator("#examples button").first.wait_for()
    return page


def ask(browser: Browser, address: str, question: str) -> float:
    """Seconds from the key to the whole answer, on a page of its own."""
    page = opened(browser, address)
    page.fill("#question textarea", question)
    began = time.perf_counter()
    page.keyboard.press("Enter")
    page.locator("#answer .act.thumb").first.wait_for()
    spent = time.perf_counter() - began
    page.close()
    return spent


if __name__ == "__main__":
    main()
