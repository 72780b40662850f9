"""Articles that come from the page: kept files, one run at a time, removing with a way back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from conftest import TEXTS, article
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import RagError, UsageError
from rag.index import Index
from rag.load.address import Rules
from rag.store.transaction import Transaction
from rag.types import LANGUAGES, Language, RawArticle, Skipped
from rag.ui import intake_run
from rag.ui import removals as removals_module
from rag.ui.changes import last_html, removed_html
from rag.ui.intake import Intake
from rag.ui.intake_run import Report, Status
from rag.ui.listing import PAGE, Listing, View, as_view
from rag.ui.removals import KEPT, Removals
from rag.ui.shelf import listed_html, run_html, shelf_html
from rag.ui.uploads import LARGEST, Uploads, safe_path

HARBOUR, BRIDGE = TEXTS["en/harbour"], TEXTS["en/bridge"]


@pytest.fixture
def index(new_index: Callable[[], Index]) -> Index:
    return new_index()


@pytest.fixture
def intake(index: Index) -> Intake:
    return Intake(index)


@pytest.fixture
def removals(index: Index, intake: Intake) -> Removals:
    return Removals(index, intake.uploads)


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 1000):
        yield data[at : at + 1000]


def receive(uploads: Uploads, batch: str, name: str, data: str | bytes) -> None:
    content = data.encode() if isinstance(data, str) else data
    asyncio.run(uploads.receive(batch, name, _chunks(content)))


def send(intake: Intake, **files: str | bytes) -> Status:
    """Send files, their names with `_` for the dot, and wait until they are read."""
    batch = intake.uploads.begin()
    for name, data in files.items():
        receive(intake.uploads, batch, name.replace("_", "."), data)
    assert intake.add(batch)
    return ended(intake)


def ended(intake: Intake) -> Status:
    ends = monotonic() + 20
    while intake.busy:
        assert monotonic() < ends
        sleep(0.01)
    status = intake.status()
    assert status is not None
    return status


def sources(index: Index) -> set[str]:
    return {source for entry in index.documents() for source in entry.sources}


# --- names ---


@given(st.text(st.sampled_from("ab./\\ ..\n:é中"), max_size=24))
def test_no_name_leads_out_of_the_folder_or_hides_in_it(name: str) -> None:
    try:
        path = safe_path(name)
    except UsageError:
        return
    assert not path.is_absolute()
    assert path.parts
    assert all(not part.startswith(".") and "\\" not in part for part in path.parts)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("/etc/passwd.txt", "etc/passwd.txt"),
        ("C:\\a\\b.txt", "C_/a/b.txt"),
        (".ssh/.key.txt", "ssh/key.txt"),
        ("报告 2021.pdf", "报告 2021.pdf"),
        ("cafe\u0301.txt", "caf\u00e9.txt"),
    ],
)
def test_a_name_becomes_one_within_the_folder(name: str, kept: str) -> None:
    assert str(safe_path(name)) == kept


@pytest.mark.parametrize("name", ["", "..", "../a.txt", "a/../../b.txt", "x" * 300, "a/" * 40])
def test_a_name_that_can_be_none_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="expected a file's name"):
        safe_path(name)


# --- adding ---


def test_files_are_read_like_any_others_and_told_with_what_was_recognised(
    intake: Intake, index: Index
) -> None:
    status = send(intake, harbour_txt=f"The harbour\n\n{HARBOUR}", broken_pdf=b"%PDF-1.4 nonsense")
    read, refused = status.items
    assert (read.state, read.found and read.found.language) == ("added", "en")
    assert read.found and read.found.passages == 1
    assert (refused.state, len(refused.reasons)) == ("skipped", 1)
    assert "PDF" in refused.reasons[0]
    assert (status.done, status.ended, status.error) == (2, True, "")
    folder = intake.uploads.folder
    assert sources(index) == {str(folder / "harbour.txt")}
    assert (folder / "harbour.txt").is_file()
    assert not (folder / "broken.pdf").exists()
    again = index.ingest([folder])  # as `rag ingest` would: the sources are the files
    assert again.unchanged == (str(folder / "harbour.txt"),)


def test_a_file_of_the_same_name_takes_the_place_of_the_one_before(
    intake: Intake, index: Index
) -> None:
    send(intake, news_txt=HARBOUR)
    assert send(intake, news_txt=HARBOUR).items[0].state == "unchanged"
    assert send(intake, news_txt=BRIDGE).items[0].state == "updated"
    (entry,) = index.documents()
    assert "bridge" in entry.document.text
    last = intake.last()
    assert last is not None
    assert last.counts == {"added": 0, "updated": 1, "unchanged": 0, "skipped": 0}


def test_a_file_that_cant_be_read_leaves_the_one_before(intake: Intake, index: Index) -> None:
    send(intake, news_txt=HARBOUR)
    assert send(intake, news_txt=b"\x89PNG").items[0].state == "skipped"
    assert (intake.uploads.folder / "news.txt").read_text(encoding="utf-8") == HARBOUR
    assert "harbour" in next(index.documents()).document.text


def test_rows_are_counted_and_the_bad_ones_told(intake: Intake, index: Index) -> None:
    rows = [{"text": HARBOUR, "title": "One"}, {"text": ""}, {"text": BRIDGE, "title": "Two"}]
    (item,) = send(intake, rows_jsonl="\n".join(map(json.dumps, rows))).items
    assert (item.state, item.articles) == ("added", 2)
    assert "line 2" in item.reasons[0]
    assert len(sources(index)) == 2


def test_what_a_name_or_a_size_forbids_is_told_as_a_file_that_was_not_added(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.ui.uploads.LARGEST", 2000)
    batch = intake.uploads.begin()
    receive(intake.uploads, batch, "../../evil.txt", "x")
    receive(intake.uploads, batch, "large.txt", "x" * 2001)
    assert intake.add(batch)
    items = ended(intake).items
    assert [item.state for item in items] == ["skipped", "skipped"]
    assert "rename it" in items[0].reasons[0]
    assert "split the file" in items[1].reasons[0]
    assert LARGEST > 2000
    assert not list(intake.uploads.folder.rglob("*.txt"))


def test_a_batch_is_read_once(intake: Intake) -> None:
    batch = intake.uploads.begin()
    receive(intake.uploads, batch, "a.txt", HARBOUR)
    assert intake.add(batch)
    ended(intake)
    with pytest.raises(UsageError, match="send them again"):
        intake.add(batch)
    with pytest.raises(UsageError, match="send them again"):
        receive(intake.uploads, batch, "b.txt", BRIDGE)
    assert not any(intake.uploads.folder.glob(".sent/*"))


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/harbour"
        self.send_response(200 if found else 404)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        if found:
            text = f"{HARBOUR} {BRIDGE} {BRIDGE}"
            self.wfile.write(f"<title>The harbour</title><p>{text}</p>".encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Page)
    Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_web_addresses_are_fetched_and_each_failure_told(index: Index, site: str) -> None:
    port = int(site.rpartition(":")[2])
    intake = Intake(index, Rules(allowed=lambda _: True, ports=frozenset([port])))
    assert intake.add(intake.uploads.begin(), [f"{site}/harbour", f"{site}/none"])
    read, refused = ended(intake).items
    assert (read.state, refused.state) == ("added", "skipped"), read.reasons
    assert "no such page" in refused.reasons[0]
    assert sources(index) == {f"{site}/harbour"}
    (entry,) = index.documents()
    assert intake.again(entry.document.id)
    assert ended(intake).items[0].state == "unchanged"


def test_by_itself_no_address_of_this_machine_is_fetched(intake: Intake, site: str) -> None:
    assert intake.add(intake.uploads.begin(), [f"{site}/harbour"])
    assert ended(intake).items[0].state == "skipped"


# --- one run at a time ---


def test_a_second_run_waits_and_a_cancelled_one_keeps_what_it_read(
    intake: Intake, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on = Event(), Event()
    whole = Uploads.articles

    def slow(self: Uploads, batch: str, name: str) -> Iterator[RawArticle | Skipped]:
        if name == "b.txt":
            reached.set()
            assert go_on.wait(10)
        yield from whole(self, batch, name)

    monkeypatch.setattr(Uploads, "articles", slow)
    batch = intake.uploads.begin()
    for name, text in (("a.txt", HARBOUR), ("b.txt", BRIDGE), ("c.txt", TEXTS["zh/law"])):
        receive(intake.uploads, batch, name, text)
    assert intake.add(batch)
    assert reached.wait(10)
    assert not intake.add(intake.uploads.begin())
    assert not intake.again()
    status = intake.status()
    assert status is not None
    assert not status.ended
    assert [item.state for item in status.items] == ["read", "reading", "waiting"]
    intake.cancel()
    go_on.set()
    status = ended(intake)
    assert status.cancelled
    assert [item.state for item in status.items] == ["added", "added", "waiting"]
    assert len(sources(index)) == 2


def test_a_writer_elsewhere_is_told_and_nothing_is_lost(intake: Intake, index: Index) -> None:
    with Transaction(index.path):
        status = send(intake, news_txt=HARBOUR)
    assert status.ended
    assert "writ" in status.error
    assert send(intake, news_txt=HARBOUR).items[0].state == "added"


def test_the_first_articles_of_many_can_be_asked_about_before_the_last_are_read(
    intake: Intake, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_run, "_FIRST", 2)
    seen: list[int] = []
    whole = Uploads.articles

    def watched(self: Uploads, batch: str, name: str) -> Iterator[RawArticle | Skipped]:
        seen.append(len(sources(index)))
        yield from whole(self, batch, name)

    monkeypatch.setattr(Uploads, "articles", watched)
    files: dict[str, str | bytes] = {f"n{at}_txt": f"Story {at}. {HARBOUR}" for at in range(4)}
    assert [item.state for item in send(intake, **files).items] == ["added"] * 4
    assert seen == [0, 0, 2, 2]


def test_a_run_that_is_cancelled_once_all_is_read_is_done(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Uploads.articles

    def watched(self: Uploads, batch: str, name: str) -> Iterator[RawArticle | Skipped]:
        yield from whole(self, batch, name)
        intake.cancel()

    monkeypatch.setattr(Uploads, "articles", watched)
    status = send(intake, news_txt=HARBOUR)
    assert status.cancelled
    assert "Done" in run_html(status, "en")
    assert "Cancelled" not in run_html(status, "en")


def test_a_page_that_was_cut_off_was_not_read(index: Index) -> None:
    asked, go_on = Event(), Event()

    def resolve(host: str, port: int) -> list[str]:
        asked.set()
        assert go_on.wait(10)
        return []

    intake = Intake(index, Rules(resolve=resolve))
    assert intake.add(intake.uploads.begin(), ["https://harbour.example/"])
    assert asked.wait(10)
    intake.cancel()
    status = ended(intake)
    go_on.set()
    assert [item.state for item in status.items] == ["waiting"]
    assert "Cancelled" in run_html(status, "en")


# --- the last change ---


def test_the_last_change_counts_what_was_sent_and_calls_it_as_it_was_sent(intake: Intake) -> None:
    rows = [{"text": HARBOUR}, {"text": ""}, {"text": BRIDGE}, {"text": ""}]
    batch = intake.uploads.begin()
    receive(intake.uploads, batch, "reef/rows.jsonl", "\n".join(map(json.dumps, rows)))
    receive(intake.uploads, batch, "reef/junk.pdf", b"junk")
    assert intake.add(batch)
    status = ended(intake)
    last = intake.last()
    assert last is not None
    assert last.counts == status.counts == {"added": 1, "updated": 0, "unchanged": 0, "skipped": 1}
    assert last.names["added"] == ["reef/rows.jsonl"]
    assert last.names["skipped"] == ["reef/junk.pdf"]
    assert len(last.why["reef/rows.jsonl"]) == 2
    html = last_html(last, "zh-Hans")
    assert "1 已添加" in html
    assert "1 未添加" in html
    assert "第 4 行" in html
    assert "expected" not in html
    assert str(intake.uploads.folder) not in html
    assert intake.again()
    ended(intake)
    again = intake.last()
    assert again is not None
    assert again.names["unchanged"] == ["reef/rows.jsonl"]  # with its reasons
    assert str(intake.uploads.folder) not in last_html(again, "en")


def test_files_of_one_name_are_told_apart(intake: Intake, index: Index, tmp_path: Path) -> None:
    for folder, text in (("north", HARBOUR), ("south", BRIDGE)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "light.txt").write_text(text, encoding="utf-8")
        index.ingest([tmp_path / folder])
    assert intake.again()
    assert [item.name for item in ended(intake).items] == ["light.txt", "south/light.txt"]


def test_what_an_older_server_kept_of_its_last_run_is_passed_over(intake: Intake) -> None:
    intake.uploads.folder.mkdir()
    (intake.uploads.folder / ".last.json").write_text(
        '{"when": "2026-01-01", "counts": {}, "names": {}, "reasons": []}', encoding="utf-8"
    )
    assert Report.last(intake.uploads.folder) is None


# --- reading again ---


def test_changed_files_are_read_again_wherever_they_are(
    intake: Intake, index: Index, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text(HARBOUR, encoding="utf-8")
    index.ingest([elsewhere])
    send(intake, own_txt=BRIDGE)
    elsewhere.write_text(f"{HARBOUR} It was widened in 1950.", encoding="utf-8")
    new = intake.uploads.folder / "new.txt"
    new.write_text(TEXTS["zh/law"], encoding="utf-8")
    assert intake.again()
    states = {Path(item.name).name: item.state for item in ended(intake).items}
    assert states == {"elsewhere.txt": "updated", "own.txt": "unchanged", "new.txt": "added"}


def test_a_text_that_has_no_file_cant_be_read_again(intake: Intake, index: Index) -> None:
    index.ingest_articles([article("sent by a program", HARBOUR)])
    (entry,) = index.documents()
    with pytest.raises(UsageError, match="send it again"):
        intake.again(entry.document.id)


# --- removing ---


def test_a_removed_article_comes_back_with_its_file(
    intake: Intake, removals: Removals, index: Index
) -> None:
    send(intake, news_txt=HARBOUR)
    (entry,) = index.documents()
    file = intake.uploads.folder / "news.txt"
    removal = removals.remove(entry.document.id)
    assert not list(index.documents())
    assert not file.exists()
    assert index.ingest([intake.uploads.folder]).added == ()
    assert removals.undo(removal)
    assert file.is_file()
    assert [each.document for each in index.documents()] == [entry.document]
    assert not removals.undo(removal)


def test_an_article_without_a_file_comes_back_as_it_was(removals: Removals, index: Index) -> None:
    index.ingest_articles(
        [article("x", HARBOUR, title="Harbour", publisher="Us", date="1908-01-02", source_id="7")]
    )
    (entry,) = index.documents()
    assert removals.undo(removals.remove(entry.document.id))
    assert [each.document for each in index.documents()] == [entry.document]


def test_a_file_is_deleted_once_it_cant_be_had_back(
    intake: Intake, removals: Removals, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removals_module, "UNDO_SECONDS", 0.01)
    send(intake, news_txt=HARBOUR)
    (entry,) = index.documents()
    removal = removals.remove(entry.document.id)
    ends = monotonic() + 10
    while any(intake.uploads.folder.rglob("news.txt")):
        assert monotonic() < ends
        sleep(0.01)
    assert not removals.undo(removal)


def titles(removals: Removals) -> list[str]:
    return [each.title for each in removals.offered()]


def texts(index: Index) -> set[str]:
    return {entry.document.text for entry in index.documents()}


def remove_all(index: Index, removals: Removals) -> list[str]:
    return [removals.remove(entry.document.id) for entry in list(index.documents())]


def test_each_removal_can_be_undone_in_any_order(
    intake: Intake, removals: Removals, index: Index
) -> None:
    names = ["a", "b", "c"]
    send(intake, **{f"{name}_txt": f"{name}: {HARBOUR}" for name in names})
    before = texts(index)
    removed = remove_all(index, removals)
    assert titles(removals) == ["c.txt", "b.txt", "a.txt"]
    assert not list(index.documents())
    assert removals.undo(removed[1])
    assert titles(removals) == ["c.txt", "a.txt"]
    assert removals.undo(removed[0])
    assert removals.undo(removed[2])
    assert titles(removals) == []
    assert texts(index) == before
    assert {path.name for path in intake.uploads.folder.glob("*.txt")} == {
        "a.txt",
        "b.txt",
        "c.txt",
    }


def test_more_removals_than_are_kept_forget_the_oldest(
    intake: Intake, removals: Removals, index: Index
) -> None:
    send(intake, **{f"n{at:02}_txt": f"Story {at}. {HARBOUR}" for at in range(KEPT + 2)})
    removed = remove_all(index, removals)
    assert len(titles(removals)) == KEPT
    assert [removals.undo(each) for each in removed[:2]] == [False, False]
    kept = {path.name for path in intake.uploads.folder.rglob("*.txt")}
    assert kept == {f"n{at:02}.txt" for at in range(2, KEPT + 2)}
    assert removals.undo(removed[2])


def test_what_has_taken_the_place_of_a_removed_file_stays_beside_it(
    intake: Intake, removals: Removals, index: Index
) -> None:
    send(intake, news_txt=HARBOUR)
    (first,) = remove_all(index, removals)
    send(intake, news_txt=BRIDGE)
    assert removals.undo(first)
    assert texts(index) == {HARBOUR, BRIDGE}
    folder = intake.uploads.folder
    assert (folder / "news.txt").read_text(encoding="utf-8") == BRIDGE
    assert (folder / "news (2).txt").read_text(encoding="utf-8") == HARBOUR
    assert index.ingest([folder]).added == ()


def test_two_removed_files_of_one_name_both_come_back(
    intake: Intake, removals: Removals, index: Index
) -> None:
    removed = []
    for text in (HARBOUR, BRIDGE):
        send(intake, news_txt=text)
        removed += remove_all(index, removals)
    assert [removals.undo(each) for each in removed] == [True, True]
    assert texts(index) == {HARBOUR, BRIDGE}
    kept = {path.read_text(encoding="utf-8") for path in intake.uploads.folder.glob("*.txt")}
    assert kept == {HARBOUR, BRIDGE}


def test_a_row_brings_back_the_file_that_went_with_a_later_one(
    intake: Intake, removals: Removals, index: Index
) -> None:
    rows = [{"text": HARBOUR, "id": "1"}, {"text": BRIDGE, "id": "2"}]
    send(intake, rows_jsonl="\n".join(map(json.dumps, rows)))
    first, second = remove_all(index, removals)
    file = intake.uploads.folder / "rows.jsonl"
    assert not file.exists()
    assert removals.undo(first)
    assert file.is_file()
    assert sources(index) == {f"{file}#1"}
    assert removals.undo(second)
    assert sources(index) == {f"{file}#1", f"{file}#2"}


def test_a_text_without_a_file_comes_back_beside_what_has_its_name_now(
    removals: Removals, index: Index
) -> None:
    index.ingest_articles([article("sent by a program", HARBOUR)])
    (removal,) = remove_all(index, removals)
    index.ingest_articles([article("sent by a program", BRIDGE)])
    assert removals.undo(removal)
    assert texts(index) == {HARBOUR, BRIDGE}


def test_an_undo_that_fails_can_be_tried_again(
    intake: Intake, removals: Removals, index: Index
) -> None:
    send(intake, news_txt=HARBOUR)
    (removal,) = remove_all(index, removals)
    with Transaction(index.path), pytest.raises(RagError, match="only writer"):
        removals.undo(removal)
    assert titles(removals) == ["news.txt"]
    assert removals.undo(removal)
    assert (intake.uploads.folder / "news.txt").is_file()


def test_what_was_removed_is_offered_newest_first_and_all_but_a_few_are_folded(
    removals: Removals, index: Index
) -> None:
    index.ingest_articles(article(f"{at}", f"{at} {HARBOUR}", title=f"<b>{at}") for at in range(5))
    remove_all(index, removals)
    html = removed_html(removals.offered(), "en")
    assert html.count("data-undo") == 5
    assert "<b>" not in html
    shown, _, folded = html.partition("<details>")
    assert shown.index("&lt;b&gt;4") < shown.index("&lt;b&gt;2")
    assert folded.count("data-undo") == 2


def test_a_row_leaves_the_file_to_the_others(
    intake: Intake, removals: Removals, index: Index
) -> None:
    rows = [{"text": HARBOUR, "id": "1"}, {"text": BRIDGE, "id": "2"}]
    send(intake, rows_jsonl="\n".join(map(json.dumps, rows)))
    first = next(index.documents())
    removal = removals.remove(first.document.id)
    assert (intake.uploads.folder / "rows.jsonl").is_file()
    assert removals.undo(removal)
    assert len(sources(index)) == 2


def test_files_of_others_are_never_touched(
    removals: Removals, index: Index, tmp_path: Path
) -> None:
    file = tmp_path / "mine.txt"
    file.write_text(HARBOUR, encoding="utf-8")
    index.ingest([file])
    (entry,) = index.documents()
    removals.remove(entry.document.id)
    assert file.is_file()
    with pytest.raises(RagError, match="found none"):
        removals.remove(entry.document.id)


def test_a_new_server_forgets_what_the_last_one_left(
    intake: Intake, removals: Removals, index: Index
) -> None:
    send(intake, news_txt=HARBOUR)
    receive(intake.uploads, intake.uploads.begin(), "half.txt", HARBOUR)
    removals.remove(next(index.documents()).document.id)
    Uploads(index.path).clear()
    assert [each.name for each in intake.uploads.folder.rglob("*.txt")] == []


# --- the table ---


@pytest.fixture
def listing(index: Index) -> Listing:
    raw = [
        article(
            f"a{at:03}",
            f"Number {at}. {HARBOUR}",
            title=f"Title {at:03}",
            date=f"20{at % 9}1-01-01",
        )
        for at in range(PAGE + 5)
    ]
    raw.append(article("z", TEXTS["zh/rail"], title="高速鐵路", publisher="日報"))
    index.ingest_articles(raw)
    return Listing(index)


def test_the_table_is_found_sorted_and_paged(listing: Listing, index: Index) -> None:
    page = listing.page(View(column="title", descending=False))
    assert [row.title for row in page.rows] == [f"Title {at:03}" for at in range(PAGE)]
    assert (page.found, page.total) == (PAGE + 6, PAGE + 6)
    rest = listing.page(View(column="title", descending=False, start=PAGE))
    assert [row.title for row in rest.rows][-1] == "高速鐵路"
    beyond = listing.page(View(start=10_000))
    assert beyond.view.start == PAGE
    dates = [row.date for row in listing.page(View(column="date", start=PAGE)).rows]
    assert dates[-1] is None
    for words in ("高速铁路", "日报", "高速 日報"):  # either script finds the other
        assert [row.title for row in listing.page(View(words)).rows] == ["高速鐵路"]
    assert listing.page(View("no such words")).rows == ()
    index.ingest_articles([article("new", BRIDGE, title="New")])
    assert listing.page(View("new")).found == 1


def test_what_a_browser_asks_for_is_checked() -> None:
    assert as_view({"column": "text; DROP", "start": "-1", "order": "sideways"}) == View()
    assert as_view({"column": "date", "start": "50", "order": "up"}) == View("", "date", False, 50)


# --- drawn ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_and_titles_are_only_text(intake: Intake, index: Index, language: Language) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    index.ingest_articles([article(f"{hostile}.txt", HARBOUR, title=hostile, publisher=hostile)])
    files: dict[str, str | bytes] = {f"{hostile}_txt": BRIDGE, "<b>_pdf": b"x"}
    status = send(intake, **files)
    shown = Listing(index).page(View())
    for html in (
        listed_html(shown, language, may_change=True),
        run_html(status, language),
        last_html(intake.last(), language),
    ):
        assert "<img" not in html
        assert "<b>" not in html


def test_who_may_not_change_anything_sees_no_button_that_would(index: Index) -> None:
    index.ingest_articles([RawArticle("a", "a", "jsonl", HARBOUR)])
    drawn = shelf_html("en", may_change=False)
    drawn += listed_html(Listing(index).page(View()), "en", may_change=False)
    for name in ("data-discard", "data-reread", "data-pick", "<form"):
        assert name not in drawn
    assert "data-document" in drawn
