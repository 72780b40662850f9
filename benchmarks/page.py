"""`python -m benchmarks.page [--index DIR] [--sessions N] [--seconds S] [--pause S]`: the page.

From the command to a page that answers, from the click to the first text in Chromium, and many
sessions that ask at once, as the page asks. `--pause` is the mean time that a session
thinks between an answer and its next question; 0 means that it asks again at once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
STARTS, CLICKS = 3, 20
OFFLINE = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
CLICK_TO_TEXT = """(question) => new Promise((done, fail) => {
  setTimeout(() => fail(new Error(`no answer to ${question}`)), 15000);
  const field = document.querySelector("#question textarea");
  field.value = question;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  setTimeout(() => {
    const before = document.querySelector("#answer .said")?.textContent;
    let began = 0;
    new MutationObserver((_, observer) => {
      const said = document.querySelector("#answer .said");
      const isNew = document.querySelector("#now h2")?.textContent === question;
      if (!said || !isNew || !said.textContent || said.textContent === before) return;
      observer.disconnect();
      requestAnimationFrame(() => done(performance.now() - began));
    }).observe(document.body, {childList: true, subtree: true, characterData: true});
    began = performance.now();
    document.querySelector("#ask").click();
  }, 200);
})"""


def main() -> None:
    """Print each figure with what it was measured on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--index", type=Path, help="the sample articles if not set")
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pause", type=float, default=0.0)
    chosen = parser.parse_args()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load before {load}")
    with tempfile.TemporaryDirectory() as folder:
        index = chosen.index or Path(folder) / "seeds"
        if chosen.index is None:
            rag = [
                sys.executable,
                "-m",
                "rag",
                "ingest",
                str(ROOT / "seeds"),
                "--index",
                str(index),
            ]
            subprocess.run(rag, check=True, capture_output=True)
        started = [start(index) for _ in range(STARTS)]
        print(
            f"command to page: first {started[0]:.2f} s, "
            f"median {statistics.median(started):.2f} s, worst {max(started):.2f} s"
        )
        asked = questions()
        with serving(index) as address:
            click(address, asked)
            asyncio.run(crowd(address, asked, chosen.sessions, chosen.seconds, chosen.pause))


def questions() -> list[str]:
    """Those of the sample articles."""
    lines = (ROOT / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


@contextmanager
def serving(index: Path) -> Iterator[str]:
    """Where `rag serve` is; it answers when this is entered."""
    command = [sys.executable, "-m", "rag", "serve", "--index", str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[-1]
        try:
            yield address
        finally:
            server.terminate()


def start(index: Path) -> float:
    """Seconds from the command until the page is delivered."""
    began = time.perf_counter()
    with serving(index) as address:
        while True:
            try:
                with urlopen(address) as page:
                    page.read()
                return time.perf_counter() - began
            except URLError:
                time.sleep(0.01)


def click(address: str, asked: list[str]) -> None:
    """From the click on Ask until the answer's first text is drawn."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("click to first text: not measured, there is no chromium")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OFFLINE)
        page = browser.new_page()
        page.goto(address)
        page.locator("#examples button").first.wait_for()
        spent = []
        for turn, question in enumerate(asked[:CLICKS]):
            spent.append(page.evaluate(CLICK_TO_TEXT, question))
            page.locator(f'#now .asked[data-turn="{turn}"][data-talk]').wait_for()
            page.wait_for_timeout(300)
        browser.close()
    print(
        f"click to first text, {len(spent)} questions: first {spent[0]:.0f} ms, "
        f"median {statistics.median(spent):.0f} ms, worst {max(spent):.0f} ms"
    )


async def crowd(
    address: str, asked: list[str], sessions: int, seconds: float, pause: float
) -> None:
    """Sessions that ask one question after the other, each through the queue of the page."""
    import httpx

    spent: list[float] = []
    errors: list[str] = []
    limits = httpx.Limits(max_connections=2 * sessions)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as client:

        async def session(name: str) -> None:
            picks = random.Random(name)
            until = time.perf_counter() + seconds
            await asyncio.sleep(picks.random() * max(pause, 1.0))
            while time.perf_counter() < until:
                began = time.perf_counter()
                try:
                    await _ask(client, picks.choice(asked))
                    spent.append(time.perf_counter() - began)
                except (httpx.HTTPError, ValueError) as error:
                    errors.append(repr(error))
                if pause:
                    await asyncio.sleep(picks.expovariate(1 / pause))

        await asyncio.gather(*(session(f"session{at:05}") for at in range(sessions)))
    spent.sort()
    load = f"{os.getloadavg()[0]:.1f}"
    p50, p95 = (spent[int(len(spent) * share)] for share in (0.5, 0.95))
    print(
        f"{sessions} sessions for {seconds:g} s, pause {pause:g} s: {len(spent)} answers "
        f"({len(spent) / seconds:.1f} a second), {len(errors)} errors, p50 {p50:.2f} s, "
        f"p95 {p95:.2f} s, worst {spent[-1]:.2f} s; load after {load}"
    )
    for error in sorted(set(errors))[:3]:
        print(f"  {error}")


async def _ask(client: Any, question: str) -> None:
    """One question in a conversation of its own, until its answer is whole; ValueError where there
    is none."""
    asked = {"question": question, "language": "en", "answer_language": "auto"}
    said = False
    async with client.stream("POST", "/asked", json=asked) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            said = said or 'class=\\"said\\"' in line
    if not said:
        raise ValueError(f"no answer to {question}")


if __name__ == "__main__":
    main()
