"""One run that reads things into an index, and how far it is."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final, Literal

from rag.errors import RagError
from rag.store.listing import Row
from rag.types import RawArticle, Skipped

if TYPE_CHECKING:
    from rag.index import Index
    from rag.ingest import IngestReport

_LOG = logging.getLogger(__name__)
_FIRST, _FACTOR = 16, 4  # things committed at first, so that they can be asked about; then more
_REASONS = 3  # kept of a thing
_REMEMBERED = 500  # names of each kind that are kept of the last run
_LAST = ".last.json"

State = Literal["waiting", "reading", "read", "added", "updated", "unchanged", "skipped"]
DONE: Final[tuple[State, ...]] = ("added", "updated", "unchanged", "skipped")
"""What becomes of a thing."""


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

    def taken(self, state: State, row: Row | None) -> Item:
        """The thing with one more article in the index."""
        found = None if self.articles else row
        return replace(self, state=state, articles=self.articles + 1, found=found)

    def refused(self, reason: str) -> Item:
        """The thing with one more reason why it, or an article of it, was not taken."""
        if reason in self.reasons:
            return self
        state = self.state if self.articles else "skipped"
        return replace(self, state=state, reasons=(*self.reasons, reason)[:_REASONS])


@dataclass(frozen=True, slots=True)
class Status:
    """A run as it stands. `error` is what ended it before its time."""

    items: tuple[Item, ...]
    done: int
    ended: bool
    cancelled: bool
    error: str

    @property
    def is_all_read(self) -> bool:
        """Whether nothing is left to be read."""
        return self.done == len(self.items)

    @property
    def counts(self) -> dict[State, int]:
        """How many things came to what."""
        return {state: sum(item.state == state for item in self.items) for state in DONE}


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did and when it ended (ISO 8601): the things by what became of them, and why."""

    when: str
    counts: dict[State, int]
    names: dict[State, list[str]]
    why: dict[str, list[str]]

    @classmethod
    def last(cls, folder: Path) -> Report | None:
        """The one that was kept in a folder, if any."""
        try:
            return cls(**json.loads((folder / _LAST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, folder: Path) -> None:
        """Keep it in a folder, in the place of the one before."""
        folder.mkdir(exist_ok=True)
        new = folder / f"{_LAST}.new"
        new.write_text(json.dumps(asdict(self)), encoding="utf-8")
        new.replace(folder / _LAST)


class Run:
    """Some things, read one after the other in whatever thread calls `work`."""

    def __init__(self, index: Index, things: Sequence[Thing]) -> None:
        self.cancelled = Event()
        self.ended = False
        self._index, self._things = index, things
        self._items = {each.name: Item(each.name) for each in things}
        self._thing_of: dict[str, str] = {}  # by the source of an article
        self._reports: list[IngestReport] = []
        self._error = ""

    def status(self) -> Status:
        """How far it is now."""
        items = tuple(self._items.values())
        done = sum(item.state not in ("waiting", "reading") for item in items)
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
        for item in tuple(self._items.values()):
            if item.state == "reading":  # an error came between
                self._put(replace(item, state="waiting"))

    def report(self) -> Report:
        """What became of the things, bounded; those that were not wholly taken come first."""
        why = self._reasons()
        named: dict[State, list[str]] = {state: [] for state in DONE}
        for item in sorted(self._items.values(), key=lambda item: item.name not in why):
            if item.state in named:
                named[item.state].append(item.name)
        named["unchanged"] = [name for name in named["unchanged"] if name in why]
        return Report(
            datetime.now(UTC).isoformat(timespec="seconds"),
            self.status().counts,
            {state: names[:_REMEMBERED] for state, names in named.items()},
            why,
        )

    def _reasons(self) -> dict[str, list[str]]:
        """Why things, or articles of them, were not taken, by the names of the things."""
        found = {item.name: [*item.reasons] for item in self._items.values() if item.reasons}
        skipped = (each for one in self._reports for each in one.skipped)
        for each in islice(skipped, _REMEMBERED):
            item = self._item_of(each.source)
            if item and each.reason not in (why := found.setdefault(item.name, [])):
                why.append(each.reason)
        return dict(islice(found.items(), _REMEMBERED))

    def _articles(self, group: Sequence[Thing]) -> Iterator[RawArticle | Skipped]:
        for thing in group:
            if self.cancelled.is_set():
                return
            self._put(replace(self._items[thing.name], state="reading"))
            is_read = False
            for found in thing.articles():
                is_read = True
                self._thing_of[found.source] = thing.name
                if isinstance(found, Skipped):
                    self._put(self._items[thing.name].refused(found.reason))
                yield found
            item = self._items[thing.name]
            if item.state == "reading":
                left = self.cancelled.is_set() and not is_read
                self._put(replace(item, state="waiting" if left else "read"))

    def _settle(self, report: IngestReport) -> None:
        """What became of each article, as the index has it now."""
        rows = self._index.rows([*report.added, *report.updated, *report.unchanged])
        row_of = {row.source: row for row in rows}
        state: State
        for state in ("unchanged", "updated", "added"):
            for source in getattr(report, state):
                if item := self._item_of(source):
                    self._put(item.taken(state, row_of.get(source)))
        for skipped in report.skipped:
            if item := self._item_of(skipped.source):
                self._put(item.refused(skipped.reason))

    def _item_of(self, source: str) -> Item | None:
        return self._items.get(self._thing_of.get(source, source))

    def _put(self, item: Item) -> None:
        self._items[item.name] = item
