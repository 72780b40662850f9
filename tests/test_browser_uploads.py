"""Hard input for the view of articles in a real Chromium: much, broken, oddly named, cut off."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Route, expect
from visits import Visit, serving, soon

from rag.index import Index
from rag.types import RawArticle, Skipped
from rag.ui.collection import Collection
from rag.ui.language_model import LanguageModel
from rag.ui.serve import application
from rag.ui.stock import Stock
from rag.ui.uploads import Uploads

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTION = "How long did it take to build the SAIC base in Ningde?"
LARGE = 2_000_000  # bytes; `benchmarks/uploads.py` takes ten times as many
SENTENCES = (
    "The {number}th buoy of the harbour was painted in spring, and its light is green. ",
    "{number}号浮标位于礁石以外，今年春天重新上漆，灯光为绿色。",
)
CUT_OFF = "net::ERR_"  # what the browser itself says of requests that the test cuts off


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True) as index:
        index.ingest([SEEDS / "ningde-seventeen-months.md"])
        yield index


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900}) as context:
        yield context


@pytest.fixture
def visit(context: BrowserContext, index: Index) -> Iterator[Visit]:
    """A visit to the view of articles over one article."""
    collection, model = Collection(index), LanguageModel(may_change=True)
    app = application(collection, collection.history(), model, Stock.of(index))
    with serving(app) as address:
        visit = Visit(context, address)
        visit.show("articles")
        yield visit
        assert visit.outside() == []
        assert [each for each in visit.complaints if CUT_OFF not in each] == []
        visit.page.close(run_before_unload=False)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """What a run waits for at a file called gate.txt."""
    opened = Event()
    whole = Uploads.articles

    def held(self: Uploads, batch: str, name: str) -> Iterator[RawArticle | Skipped]:
        if name.endswith("gate.txt"):
            assert opened.wait(60)
        yield from whole(self, batch, name)

    monkeypatch.setattr(Uploads, "articles", held)
    yield opened
    opened.set()


def large_article(size: int) -> str:
    """A plain text of so many bytes, in English and Chinese, always the same."""
    draws = random.Random(5)
    parts, length = ["The buoys of Lind\n\n"], 0
    while length < size:
        part = draws.choice(SENTENCES).format(number=draws.randrange(100_000))
        parts.append(part + ("\n\n" if draws.random() < 0.1 else ""))
        length += len(part.encode())
    return "".join(parts)


def file(name: str, data: str | bytes = "") -> FilePayload:
    content = data.encode() if isinstance(data, str) else data
    return FilePayload(
        name=name,
        mimeType="application/octet-stream",
        buffer=content or f"What {name} says of the reef is short.".encode(),
    )


def choose(visit: Visit, *files: FilePayload | Path) -> None:
    paths = [each for each in files if isinstance(each, Path)]
    payloads = [each for each in files if not isinstance(each, Path)]
    visit.one("[data-files]").set_input_files(paths or payloads)


def has_ended(visit: Visit) -> None:
    expect(visit.one(".run .head")).to_have_attribute("data-ended", "yes", timeout=60_000)


def item(visit: Visit, name: str) -> Locator:
    """What a run says of one file."""
    return visit.one(".run li").filter(has=visit.page.get_by_text(name, exact=True))


def held(visit: Visit, count: int) -> None:
    expect(visit.one("#articles .held")).to_contain_text(f"{count:,} articles")


# --- much ---


def test_a_large_article_is_read_while_questions_are_answered(visit: Visit, gate: Event) -> None:
    with holding(visit, "gate.txt"):
        choose(visit, file("large.txt", large_article(LARGE)), file("gate.txt"))
        expect(visit.one(".run .state")).to_have_text("Sending 1 of 2")
    expect(visit.one(".run .state")).to_have_text("Reading 0 of 2")
    expect(visit.one(".run .badge").first).to_have_text("reading")
    expect(visit.one(".run progress:not([value])")).to_be_visible()
    visit.show("ask")
    visit.ask(QUESTION)
    visit.show("articles")
    expect(visit.one(".run .state")).to_have_text("Reading 1 of 2", timeout=60_000)
    visit.reload_view("articles")
    expect(visit.one(".run .state")).to_have_text("Reading 1 of 2")
    gate.set()
    has_ended(visit)
    expect(visit.one("#articles tbody tr")).to_have_count(3)
    visit.one("#shelf-search").fill("buoys")
    large = visit.one("#articles tbody tr")
    expect(large).to_have_count(1)
    assert int(large.locator(".passages").inner_text().replace(",", "")) > 1000


def test_a_folder_of_many_small_files_tells_every_failure(visit: Visit, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for at in range(300):
        broken = at % 4 == 1
        path = folder / (f"{at:03}.pdf" if broken else f"{at:03}.txt")
        path.write_bytes(b"%PDF-1.4 nonsense" if broken else f"Buoy {at} is red.".encode())
    visit.one("[data-folder]").set_input_files(folder)
    expect(visit.one(".run progress")).to_be_visible()
    visit.show("ask")
    visit.ask(QUESTION)
    visit.show("articles")
    has_ended(visit)
    expect(visit.one(".run .state")).to_contain_text("225 added")
    expect(visit.one(".run li.skipped .why")).to_have_count(75)
    held(visit, 226)
    visit.one(".last summary").click()
    expect(visit.one(".last .why")).to_have_count(75)


# --- broken, oddly named ---


def test_each_hard_file_is_told_with_its_reason_and_the_others_are_added(
    visit: Visit, index: Index
) -> None:
    long, html = "n" * 196 + ".txt", "<img src=x onerror=alert(1)>.txt"
    junk = random.Random(3).randbytes(4000)
    choose(
        visit,
        file("good.txt"),
        file("cut.pdf", b"%PDF-1.4 nonsense"),
        file("cut.docx", b"PK\x03\x04" + junk),
        file("junk.txt", junk),
        FilePayload(name="empty.txt", mimeType="text/plain", buffer=b""),
        file(long),
        file("章" * 200 + ".txt"),
        file("../../outside.txt"),
        file(html),
    )
    has_ended(visit)
    expect(visit.one(".run .state")).to_contain_text("3 added")
    for name in ("good.txt", long, html):
        expect(item(visit, name).locator(".badge")).to_have_text("added")
    for name, reason in (
        ("cut.pdf", "is damaged"),
        ("cut.docx", "is damaged"),
        ("junk.txt", "binary data"),
        ("empty.txt", "is empty"),
        ("../../outside.txt", "Rename it"),
        ("章" * 100, "Rename it"),
    ):
        listed = visit.one(".run li.skipped").filter(has_text=name)
        expect(listed.locator(".why")).to_contain_text(reason)
    expect(visit.one("#articles tbody tr")).to_have_count(4)
    assert visit.one("#articles img").count() == 0
    assert visit.fits()
    kept = [path for path in (index.path / "articles").rglob("*.txt") if path.is_file()]
    assert sorted(path.name for path in kept) == sorted(
        ["good.txt", long, "_img src=x onerror=alert(1)_.txt"]
    )
    assert not list(index.path.parent.rglob("outside*"))


def test_dropped_files_of_one_name_are_kept_side_by_side(visit: Visit, index: Index) -> None:
    dropped = visit.page.evaluate_handle(
        """() => {
          const dropped = new DataTransfer();
          for (const [name, text] of [
            ["reef.txt", "The reef of Lind is red."],
            ["reef.txt", "The reef of Skerryvore is black."],
            ["a?.txt", "The first of two lights is green."],
            ["a*.txt", "The second of two lights is white."],
          ]) dropped.items.add(new File([text], name));
          return dropped;
        }"""
    )
    visit.one("#articles .adding").dispatch_event("drop", {"dataTransfer": dropped})
    has_ended(visit)
    expect(visit.one(".run .state")).to_contain_text("3 added 1 not added")
    expect(visit.one(".run .why")).to_contain_text("Rename it")
    assert {"reef.txt", "reef (2).txt", "a_.txt"} == {
        path.name for path in (index.path / "articles").glob("*.txt")
    }


def test_a_file_that_is_gone_since_it_was_chosen_is_named(visit: Visit, tmp_path: Path) -> None:
    paths = [tmp_path / f"{at}.txt" for at in range(6)]
    for path in paths:
        path.write_text(f"Light {path.stem} is red.", encoding="utf-8")
    with holding(visit, "0.txt", "1.txt", "2.txt", "3.txt"):
        choose(visit, *paths)
        expect(visit.one(".run .state")).to_have_text("Sending 0 of 6")
        paths[5].unlink()
    has_ended(visit)
    expect(visit.one(".run .state")).to_contain_text("5 added")
    expect(visit.one(".gone.wrong")).to_contain_text("5.txt")


# --- cancelled ---


def test_sending_is_cancelled_and_leaves_nothing(visit: Visit, index: Index) -> None:
    names = [f"{at}.txt" for at in range(20)]
    with holding(visit, "9.txt"):
        choose(visit, *map(file, names))
        expect(visit.one(".run .state")).to_have_text("Sending 19 of 20")
        visit.one(".run").get_by_role("button", name="Cancel").press("Enter")
        expect(visit.one("[data-pick=files]")).to_be_focused()
    choose(visit, file("after.txt"))
    has_ended(visit)
    expect(visit.one(".run .state")).to_have_text("Done 1 added")
    held(visit, 2)
    soon(lambda: not list((index.path / "articles" / ".sent").iterdir()))


def test_reading_is_cancelled_with_the_keyboard_and_keeps_what_was_read(
    visit: Visit, gate: Event
) -> None:
    first = [f"{at:02}.txt" for at in range(16)]  # as many as are committed at first
    with holding(visit, "gate.txt", "last.txt") as go_on:
        choose(visit, *map(file, [*first, "gate.txt", "last.txt"]))
        expect(visit.one(".run .state")).to_have_text("Sending 16 of 18")
        go_on("gate.txt")
        expect(visit.one(".run .state")).to_have_text("Sending 17 of 18")
    expect(visit.one(".run .state")).to_have_text("Reading 16 of 18")
    cancel = visit.one(".run").get_by_role("button", name="Cancel")
    cancel.focus()
    looked = visit.page.evaluate("performance.getEntriesByType('resource').length")
    visit.page.wait_for_function(
        f"performance.getEntriesByType('resource').length > {looked + 3}"
    )  # what is drawn anew meanwhile takes nobody's focus
    expect(cancel).to_be_focused()
    visit.page.keyboard.press("Enter")
    expect(visit.one(".run .state")).to_contain_text("Cancelling")
    expect(cancel).to_be_focused()
    gate.set()
    has_ended(visit)
    expect(visit.one(".run .state")).to_contain_text("Cancelled")
    expect(visit.one(".run").get_by_role("button", name="Hide")).to_be_focused()
    held(visit, 18)
    visit.page.keyboard.press("Enter")
    expect(visit.one(".run .head")).to_have_count(0)
    expect(visit.one("[data-pick=files]")).to_be_focused()


# --- cut off ---


def test_sending_and_reading_outlast_a_time_offline(visit: Visit, gate: Event) -> None:
    again, context = "Trying again", visit.page.context
    with holding(visit, "gate.txt"):
        choose(visit, *map(file, ["0.txt", "1.txt", "gate.txt"]))
        expect(visit.one(".run .state")).to_have_text("Sending 2 of 3")
        context.set_offline(True)
    expect(visit.one(".gone.wrong")).to_contain_text(again)
    context.set_offline(False)
    expect(visit.one(".run .state")).to_have_text("Reading 2 of 3")
    expect(visit.one(".gone")).to_have_text("")
    context.set_offline(True)
    expect(visit.one(".gone.wrong")).to_contain_text(again)
    gate.set()
    context.set_offline(False)
    has_ended(visit)
    expect(visit.one(".gone")).to_have_text("")
    held(visit, 4)


def test_what_two_pages_send_at_once_is_read_one_after_the_other(
    visit: Visit, context: BrowserContext, gate: Event
) -> None:
    other = Visit(context, visit.address)
    other.show("articles")
    with holding(other, "second.txt"):
        choose(other, file("second.txt"))
        expect(other.one(".run .state")).to_have_text("Sending 0 of 1")
        choose(visit, file("gate.txt"))
        expect(visit.one(".run .state")).to_have_text("Reading 0 of 1")
    expect(other.one(".run .state")).to_contain_text("after the articles before them")
    gate.set()
    has_ended(visit)
    has_ended(other)
    expect(other.one(".run .state")).to_have_text("Done 1 added")
    held(other, 3)


def test_a_server_that_is_killed_while_files_are_sent_gets_them_again(
    browser: Browser, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    with Index.open(folder, create=True) as index:
        index.ingest([SEEDS / "ningde-seventeen-months.md"])
    context = browser.new_context(locale="en-US")
    with served(folder) as (address, first):
        visit = Visit(context, address)
        visit.show("articles")
        with holding(visit, "5.txt"):
            choose(visit, *(file(f"{at}.txt") for at in range(10)))
            expect(visit.one(".run .state")).to_have_text("Sending 9 of 10")
            first.send_signal(signal.SIGKILL)
            first.wait()
        expect(visit.one(".gone.wrong")).to_contain_text("Trying again")
    with served(folder, "--port", address.rpartition(":")[2]):
        has_ended(visit)
        expect(visit.one(".run .state")).to_have_text("Done 10 added")
        held(visit, 11)
        assert [
            each for each in visit.complaints if CUT_OFF not in each and "409" not in each
        ] == []
        context.close()


@contextmanager
def holding(visit: Visit, *names: str) -> Iterator[Callable[[str], None]]:
    """Keep files on their way: until they are let go on by name, and all at the end."""
    routes: dict[str, Route] = {}
    waiting = set(names)

    def keep(route: Route) -> None:
        name = route.request.url.rpartition("=")[2]
        if name in waiting:
            routes[name] = route
        else:
            route.continue_()

    def go_on(name: str) -> None:
        waiting.discard(name)
        routes.pop(name).continue_()

    visit.page.route("**/articles/sent/*", keep)
    yield go_on
    visit.page.unroute("**/articles/sent/*", keep)  # lets what is kept go on


@contextmanager
def served(index: Path, *more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Where `rag serve` is, in a process of its own."""
    command = [sys.executable, "-m", "rag", "serve", "--index", str(index), *more]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[-1]
        try:
            yield address, server
        finally:
            server.kill()
