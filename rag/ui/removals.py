"""Articles taken out of the index from the page, each of which can be had back for a while."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock, Timer
from typing import TYPE_CHECKING, Final

from rag.errors import ArticleError, StoreError, UsageError
from rag.load import is_web_address, load
from rag.types import Document, RawArticle
from rag.ui.uploads import Uploads

if TYPE_CHECKING:
    from rag.index import Index

UNDO_SECONDS: Final = 3600.0
"""How long a removed article can be had back,"""

KEPT: Final = 20
"""unless so many more were removed since."""


@dataclass(frozen=True, slots=True)
class Removed:
    """An article that can be had back: what `undo` knows it by, and what it is called."""

    removal: str
    title: str


@dataclass(frozen=True, slots=True)
class _Removal:
    documents: tuple[tuple[str, Document], ...]  # by source
    timer: Timer

    @property
    def title(self) -> str:
        source, document = self.documents[0]
        return document.title or source.rstrip("/").rpartition("/")[2] or source


class Removals:
    """Removes articles, and keeps what having them back needs. Files of others are left alone."""

    def __init__(self, index: Index, uploads: Uploads) -> None:
        self._index, self._uploads = index, uploads
        self._removed: dict[str, _Removal] = {}  # the oldest first
        self._lock = RLock()

    def offered(self) -> tuple[Removed, ...]:
        """What can be had back now, the newest first."""
        removed = [*self._removed.items()]  # without the lock: nobody waits for an undo under way
        return tuple(Removed(name, each.title) for name, each in reversed(removed))

    def remove(self, document_id: str) -> str:
        """Remove an article at once; returns the name by which `undo` has it back for a while.

        Raises RagError when it isn't there, or somebody else writes.
        """
        with self._lock:
            documents = self._documents(document_id)
            self._index.remove([document_id])
            removal = secrets.token_hex(8)
            for path in dict.fromkeys(document.path for _, document in documents):
                if self._uploads.holds(path) and not self._index.is_path(path):
                    self._uploads.set_aside(path, removal)
            timer = Timer(UNDO_SECONDS, self._forget, [removal])
            timer.daemon = True
            self._removed[removal] = _Removal(documents, timer)
            timer.start()
            for old in [*self._removed][:-KEPT]:
                self._forget(old)
        return removal

    def undo(self, removal: str) -> bool:
        """Have a removed article back; False once it is too late.

        What has taken its place since stays too: then the removed one comes back beside it. Raises
        RagError, and then it can be tried again.
        """
        with self._lock:
            found = self._removed.get(removal)
            if found is None:
                return False
            moved: dict[Path, Path] = {}
            articles = [
                self._restored(source, document, removal, moved)
                for source, document in found.documents
                if not self._is_back(source, document)
            ]
            self._index.ingest_articles(articles)
            for aside, place in moved.items():
                self._uploads.put_back(aside, place)
            self._forget(removal)
            return True

    def _is_back(self, source: str, document: Document) -> bool:
        """Whether a source holds the same again, or what its page or somebody's file says now."""
        now = self._index.current(source)
        return now is not None and (now.id == document.id or self._is_elsewhere(now.path))

    def _is_elsewhere(self, path: str) -> bool:
        return is_web_address(path) or (Path(path).is_absolute() and not self._uploads.owns(path))

    def _documents(self, document_id: str) -> tuple[tuple[str, Document], ...]:
        """An article as each of its sources has it."""
        with self._index.pinned():
            try:
                sources = self._index.entry(document_id).sources
            except StoreError as error:
                raise UsageError(
                    "expected an article of the collection, found none: see the list"
                ) from error
            return tuple((each, found) for each in sources if (found := self._index.current(each)))

    def _restored(
        self, source: str, document: Document, removal: str, moved: dict[Path, Path]
    ) -> RawArticle:
        """A removed article: from its file, or as the index had it where that says no more of it.

        A file that was set aside and has to be put back is noted in `moved`.
        """
        path = document.path
        for name in [removal, *reversed(self._removed)]:  # a later row took the file with it
            aside = self._uploads.aside(path, name)
            if aside and (
                found := _article(aside, str(aside) + source.removeprefix(path), document)
            ):
                place = moved.setdefault(aside, self._uploads.free_place(path))
                return replace(
                    found, source=str(place) + source.removeprefix(path), path=str(place)
                )
        if found := _article(Path(path), source, document):
            return found
        return _as_it_was(self._free_source(source), document)

    def _free_source(self, source: str) -> str:
        free, number = source, 2
        while self._index.current(free) is not None:
            free, number = f"{source} ({number})", number + 1
        return free

    def _forget(self, removal: str) -> None:
        with self._lock:
            if found := self._removed.pop(removal, None):
                found.timer.cancel()
                self._uploads.forget(removal)


def _article(file: Path, source: str, document: Document) -> RawArticle | None:
    """An article of a file under its source, if it still is the one that the index had."""
    from rag.clean import clean

    if not (file.is_absolute() and file.is_file()):
        return None
    for found in load(file):
        if isinstance(found, RawArticle) and found.source == source:
            try:
                return found if clean(found).id == document.id else None
            except ArticleError:
                return None
    return None


def _as_it_was(source: str, document: Document) -> RawArticle:
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
