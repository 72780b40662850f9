"""Articles into the index while the page goes on: one run at a time, in a thread of its own."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Event, Lock, Thread, Timer
from typing import TYPE_CHECKING, Any, Final, Literal

from rag.errors import RagError, StoreError, UsageError
from rag.load import load
from rag.store.listing import Row
from rag.types import Document, RawArticle, Skipped
from rag.ui.uploads import Uploads

if TYPE_CHECKING:
    from rag.index import Index
    from rag.ingest import IngestReport
    from rag.load.address import Rules

UNDO_SECONDS: Final = 120.0
"""How long a removed article can be had back."""

_LOG = logging.getLogger(__name__)
_FIRST, _FACTOR = 16, 4  # things committed at first, so that they can be asked about; then more
_REMEMBERED = 500  # names of each kind that are kept of the last run
_LAST = ".last.json"

State = Literal["waiting", "read", "added", "updated", "unchanged", "skipped"]


@dataclass(frozen=True, slots=True)
class Thing:
    """A file, a web address or a text to be read: its name, and its articles when asked for."""

    name: str
    articles: Callable[[], Iterable[RawArticle | Skipped]]


@dataclass(frozen=True, slots=True)
class Item:
    """How far a thing has come; `found` is its only article, `articles` how many it has."""

    name: str
    state: State = "waiting"
    articles: int = 0
    found: Row | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a run changed, by name, and when it ended (ISO 8601)."""

    when: str
    counts: dict[str, int]
    names: dict[str, list[str]]
    reasons: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Status:
    """A run as it stands. `error` is what ended it before its time."""

    items: tuple[Item, ...]
    done: int
    ended: bool
    cancelled: bool
    error: str


@dataclass(frozen=True, slots=True)
class _Removal:
    documents: tuple[tuple[str, Document], ...]  # by source
    files: tuple[str, ...]


class Intake:
    """Adds, removes and reads articles again; says how far it is.

    Another process may write to the index too: then a run ends with that as its error.
    """

    def __init__(self, index: Index, rules: Rules | None = None) -> None:
        self.uploads = Uploads(index.path)
        self._index, self._rules = index, rules
        self._run: _Run | None = None
        self._removals: dict[str, _Removal] = {}
        self._lock = Lock()

    # --- reading ---

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self._run is not None and not self._run.ended

    def status(self) -> Status | None:
        """The run under way, or else the last one; None before the first."""
        return self._run.status() if self._run else None

    def cancel(self) -> None:
        """End the run after what it is reading; what was read before stays."""
        if self._run:
            self._run.cancelled.set()

    def add(self, batch: str, addresses: Sequence[str] = ()) -> bool:
        """Read what was sent, and pages of the web; False while another run is under way.

        Raises UsageError when nothing was sent in such a batch.
        """
        with self._lock:
            if self.busy:
                return False
            things = [self._thing(batch, found) for found in self.uploads.take(batch)]
            things += [Thing(url, partial(self._page, url)) for url in addresses]
            self._start(things, then=lambda: self.uploads.drop(batch))
        return True

    def again(self, document_id: str | None = None) -> bool:
        """Read an article, or every file of the index, once more; False while a run goes on.

        Raises UsageError when there is nothing to be read.
        """
        with self._lock:
            if self.busy:
                return False
            things = list(self._things_again(document_id))
            if not things:
                raise UsageError(
                    "expected a file or a web address to read again, found a text that was sent: "
                    "send it again"
                )
            self._start(things)
        return True

    def last(self) -> Report | None:
        """What the last run changed, of this server or the one before."""
        try:
            values = json.loads((self.uploads.folder / _LAST).read_text(encoding="utf-8"))
            return Report(**values)
        except (OSError, ValueError, TypeError):
            return None

    def _start(self, things: Sequence[Thing], then: Callable[[], None] = lambda: None) -> None:
        self._run = run = _Run(self._index, things)

        def work() -> None:
            try:
                run.work()
                self._keep(run)
            finally:
                then()
                run.ended = True

        Thread(target=work, name="intake", daemon=True).start()

    def _keep(self, run: _Run) -> None:
        self.uploads.folder.mkdir(exist_ok=True)
        kept = self.uploads.folder / f"{_LAST}.new"
        kept.write_text(json.dumps(asdict(run.report())), encoding="utf-8")
        kept.replace(self.uploads.folder / _LAST)

    def _thing(self, batch: str, found: str | Skipped) -> Thing:
        if isinstance(found, Skipped):
            return Thing(found.source, lambda: [found])
        return Thing(found, partial(self.uploads.articles, batch, found))

    def _page(self, url: str) -> Iterator[RawArticle | Skipped]:
        from rag.load.web import fetch

        run = self._run
        assert run is not None
        yield fetch(url, cancelled=run.cancelled.is_set, rules=self._rules)

    def _things_again(self, document_id: str | None) -> Iterator[Thing]:
        from rag.load import is_web_address

        paths = self._paths(document_id)
        for path in paths:
            if Path(path).is_absolute():
                yield Thing(path, partial(load, Path(path)))
            elif is_web_address(path) and document_id is not None:
                yield Thing(path, partial(self._page, path))
        if document_id is None and self.uploads.folder.is_dir():
            new = (str(each) for each in sorted(self.uploads.folder.rglob("*")) if each.is_file())
            within = len(self.uploads.folder.parts)
            for path in new:
                hidden = any(part.startswith(".") for part in Path(path).parts[within:])
                if path not in paths and not hidden:
                    yield Thing(path, partial(load, Path(path)))

    def _paths(self, document_id: str | None) -> dict[str, None]:
        """The paths of an article, or of all, each once."""
        return dict.fromkeys(self._index.paths(document_id))

    # --- removing ---

    def remove(self, document_id: str) -> str:
        """Remove an article at once; returns the name by which `undo` has it back for a while.

        Raises RagError when it isn't there, or somebody else writes.
        """
        with self._index.pinned():
            try:
                sources = self._index.entry(document_id).sources
            except StoreError as error:
                raise UsageError(
                    "expected an article of the collection, found none: see the list"
                ) from error
            documents = tuple(
                (each, found) for each in sources if (found := self._index.current(each))
            )
        self._index.remove([document_id])
        removal = secrets.token_hex(8)
        files = []
        for path in dict.fromkeys(document.path for _, document in documents):
            if self.uploads.holds(path) and not self._index.is_path(path):
                self.uploads.set_aside(path, removal)
                files.append(path)
        self._removals[removal] = _Removal(documents, tuple(files))
        timer = Timer(UNDO_SECONDS, self._forget, [removal])
        timer.daemon = True
        timer.start()
        return removal

    def undo(self, removal: str) -> bool:
        """Have a removed article back; False once it is too late. Raises RagError."""
        found = self._removals.get(removal)
        if found is None:
            return False
        for path in found.files:
            self.uploads.put_back(path, removal)
        self._index.ingest_articles([_kept(source, each) for source, each in found.documents])
        self._forget(removal)
        return True

    def _forget(self, removal: str) -> None:
        if self._removals.pop(removal, None):
            self.uploads.forget(removal)


class _Run:
    """One run over some things, and how far it is."""

    def __init__(self, index: Index, things: Sequence[Thing]) -> None:
        self.cancelled = Event()
        self.ended = False
        self._index, self._things = index, things
        self._items = {each.name: Item(each.name) for each in things}
        self._of_source: dict[str, str] = {}
        self._reports: list[IngestReport] = []
        self._error = ""

    def status(self) -> Status:
        """How far it is now."""
        items = tuple(self._items.values())
        done = sum(item.state != "waiting" for item in items)
        return Status(items, done, self.ended, self.cancelled.is_set(), self._error)

    def work(self) -> None:
        """Read everything; commits after the first few, so that they can be asked about."""
        things, size = iter(self._things), _FIRST
        try:
            while not self.cancelled.is_set() and (group := list(islice(things, size))):
                report = self._index.ingest_articles(self._articles(group))
                self._reports.append(report)
                self._settle(report)
                size *= _FACTOR
        except RagError as error:
            self._error = str(error)
        except Exception:  # noqa: BLE001 - a thread's door: the reader gets a word, the log all of it
            _LOG.exception("reading articles failed")
            self._error = "expected to read the articles, found an unexpected error: see the log"

    def report(self) -> Report:
        """What changed, bounded."""
        named: dict[str, list[str]] = {}
        for kind in ("added", "updated", "unchanged"):
            named[kind] = [source for each in self._reports for source in getattr(each, kind)]
        skipped = [(each.source, each.reason) for one in self._reports for each in one.skipped]
        return Report(
            datetime.now(UTC).isoformat(timespec="seconds"),
            {**{kind: len(names) for kind, names in named.items()}, "skipped": len(skipped)},
            {kind: names[:_REMEMBERED] for kind, names in named.items() if kind != "unchanged"},
            skipped[:_REMEMBERED],
        )

    def _articles(self, group: Sequence[Thing]) -> Iterator[RawArticle | Skipped]:
        for thing in group:
            if self.cancelled.is_set():
                return
            for found in thing.articles():
                self._of_source[found.source] = thing.name
                if isinstance(found, Skipped):
                    self._change(
                        thing.name, state="skipped", reasons=_few(self._items[thing.name], found)
                    )
                yield found
            if self._items[thing.name].state == "waiting":
                self._change(thing.name, state="read")

    def _settle(self, report: IngestReport) -> None:
        """What became of each article, as the index has it now."""
        named = [*report.added, *report.updated, *report.unchanged]
        known = {row.source: row for row in self._index.rows(named)}
        for state, sources in (
            ("unchanged", report.unchanged),
            ("updated", report.updated),
            ("added", report.added),
        ):
            for source in sources:
                name = self._of_source.get(source, source)
                item = self._items.get(name)
                if item is not None:
                    found = known.get(source) if not item.articles else None
                    self._change(name, state=state, articles=item.articles + 1, found=found)
        for skipped in report.skipped:
            name = self._of_source.get(skipped.source, skipped.source)
            item = self._items.get(name)
            if item is not None and skipped.reason not in item.reasons:
                state = "skipped" if not item.articles else item.state
                self._change(name, state=state, reasons=_few(item, skipped))

    def _change(self, name: str, **fields: Any) -> None:
        self._items[name] = replace(self._items[name], **fields)


def _few(item: Item, skipped: Skipped) -> tuple[str, ...]:
    return (*item.reasons, skipped.reason)[:3]


def _kept(source: str, document: Document) -> RawArticle | Skipped:
    """A removed article: from its file, or as the index had it where that says no more of it."""
    if Path(document.path).is_absolute() and Path(document.path).is_file():
        for found in load(Path(document.path)):
            if isinstance(found, RawArticle) and found.source == source:
                return found
    return RawArticle(
        source=source,
        path=document.path,
        kind="jsonl",
        content=document.text,
        source_id=document.source_id,
        title=document.title,
        publisher=document.publisher,
        date=document.date,
        url=document.url,
        language=document.language,
    )
