"""Articles into the index while the page goes on: one run at a time, in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.load import is_web_address, load
from rag.types import RawArticle, Skipped
from rag.ui.intake_run import Report, Run, Status, Thing
from rag.ui.uploads import Uploads

if TYPE_CHECKING:
    from rag.index import Index
    from rag.load.address import Rules


class Intake:
    """Adds articles and reads them again; says how far it is.

    Another process may write to the index too: then a run ends with that as its error.
    """

    def __init__(self, index: Index, rules: Rules | None = None) -> None:
        self.uploads = Uploads(index.path)
        self._index, self._rules = index, rules
        self._run: Run | None = None
        self._lock = Lock()

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self._run is not None and not self._run.ended

    def status(self) -> Status | None:
        """The run under way, or else the last one; None before the first."""
        return self._run.status() if self._run else None

    def last(self) -> Report | None:
        """What the last run changed, of this server or the one before."""
        return Report.last(self.uploads.folder)

    def cancel(self) -> None:
        """End the run after what it is reading; what was read before stays."""
        if self._run:
            self._run.cancelled.set()

    def add(self, batch: str, addresses: Sequence[str | Skipped] = ()) -> bool:
        """Read what was sent, and pages of the web; False while another run is under way.

        Raises UsageError when nothing was sent in such a batch.
        """
        with self._lock:
            if self.busy:
                return False
            things = [self._sent(batch, found) for found in self.uploads.take(batch)]
            things += [self._addressed(each) for each in addresses]
            self._start(things, then=lambda: self.uploads.drop(batch))
        return True

    def again(self, document_id: str | None = None) -> bool:
        """Read an article, or every file of the index, once more; False while a run goes on.

        Raises UsageError when there is nothing to be read.
        """
        with self._lock:
            if self.busy:
                return False
            things = list(self._files() if document_id is None else self._article(document_id))
            if not things:
                raise UsageError(
                    "expected a file or a web address to read again, found a text that was sent: "
                    "send it again"
                )
            self._start(things)
        return True

    def _start(self, things: Sequence[Thing], then: Callable[[], None] = lambda: None) -> None:
        self._run = run = Run(self._index, things)

        def work() -> None:
            try:
                run.work()
                run.report().keep(self.uploads.folder)
            finally:
                then()
                run.ended = True

        Thread(target=work, name="intake", daemon=True).start()

    # --- what there is to read ---

    def _sent(self, batch: str, found: str | Skipped) -> Thing:
        if isinstance(found, Skipped):
            return _refused(found)
        return Thing(found, partial(self.uploads.articles, batch, found))

    def _addressed(self, found: str | Skipped) -> Thing:
        if isinstance(found, Skipped):
            return _refused(found)
        return Thing(found, partial(self._page, found))

    def _page(self, url: str) -> Iterator[RawArticle | Skipped]:
        from rag.load.web import fetch

        run = self._run
        assert run is not None
        found = fetch(url, cancelled=run.cancelled.is_set, rules=self._rules)
        if isinstance(found, RawArticle) or not run.cancelled.is_set():
            yield found  # one that was cut off was not read

    def _article(self, document_id: str) -> Iterator[Thing]:
        paths = self._index.paths(document_id)
        yield from self._of_files([path for path in paths if Path(path).is_absolute()])
        for path in paths:
            if is_web_address(path):
                yield Thing(path, partial(self._page, path))

    def _files(self) -> Iterator[Thing]:
        """The files of the index, and those that somebody put beside the ones that were sent."""
        known = [path for path in self._index.paths() if Path(path).is_absolute()]
        yield from self._of_files(dict.fromkeys([*known, *_files_in(self.uploads.folder)]))

    def _of_files(self, paths: Iterable[str]) -> Iterator[Thing]:
        """Files by the names that they were sent under, or by as much of a path as no other has."""
        taken: set[str] = set()
        for path in paths:
            parts, least = Path(path).parts, 1
            if self.uploads.owns(path):
                least = len(Path(path).relative_to(self.uploads.folder).parts)
            names = ("/".join(parts[-count:]) for count in range(least, len(parts)))
            name = next((each for each in names if each not in taken), path)
            taken.add(name)
            yield Thing(name, partial(load, Path(path)))


def _refused(found: Skipped) -> Thing:
    return Thing(found.source, lambda: [found])


def _files_in(folder: Path) -> Iterator[str]:
    """The files in a folder and the folders in it, but for hidden ones, sorted."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield str(path)
