"""Articles taken out of the index from the page, which can be had back for a while."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Final

from rag.errors import StoreError, UsageError
from rag.load import load
from rag.types import Document, RawArticle, Skipped
from rag.ui.uploads import Uploads

if TYPE_CHECKING:
    from rag.index import Index

UNDO_SECONDS: Final = 120.0
"""How long a removed article can be had back."""


@dataclass(frozen=True, slots=True)
class _Removal:
    documents: tuple[tuple[str, Document], ...]  # by source
    files: tuple[str, ...]


class Removals:
    """Removes articles, and keeps what having them back needs. Files of others are left alone."""

    def __init__(self, index: Index, uploads: Uploads) -> None:
        self._index, self._uploads = index, uploads
        self._removed: dict[str, _Removal] = {}

    def remove(self, document_id: str) -> str:
        """Remove an article at once; returns the name by which `undo` has it back for a while.

        Raises RagError when it isn't there, or somebody else writes.
        """
        documents = self._documents(document_id)
        self._index.remove([document_id])
        removal = secrets.token_hex(8)
        files = []
        for path in dict.fromkeys(document.path for _, document in documents):
            if self._uploads.holds(path) and not self._index.is_path(path):
                self._uploads.set_aside(path, removal)
                files.append(path)
        self._removed[removal] = _Removal(documents, tuple(files))
        timer = Timer(UNDO_SECONDS, self._forget, [removal])
        timer.daemon = True
        timer.start()
        return removal

    def undo(self, removal: str) -> bool:
        """Have a removed article back; False once it is too late. Raises RagError."""
        found = self._removed.get(removal)
        if found is None:
            return False
        for path in found.files:
            self._uploads.put_back(path, removal)
        self._index.ingest_articles([_kept(source, each) for source, each in found.documents])
        self._forget(removal)
        return True

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

    def _forget(self, removal: str) -> None:
        if self._removed.pop(removal, None):
            self._uploads.forget(removal)


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
