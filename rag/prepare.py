"""An article made ready for the index: cleaned, chunked, its words cut once for every use."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from rag.errors import ArticleError
from rag.fold import lexical_terms, words
from rag.outlets import Signature
from rag.types import Document, Passage, RawArticle, Skipped

VERSION = 6
"""Raise it when cleaning, chunking or words change what an article becomes: the next ingest then
does it anew, though the files are the same."""


@dataclass(frozen=True, slots=True)
class PassageWords:
    """The words of a passage for retrieval: of its document's title and year, then its own.

    `joined` separates them by spaces and goes on with the pairs that only the lexical index wants;
    the words proper are the first `count`.
    """

    joined: str
    count: int

    @property
    def words(self) -> list[str]:
        """The words proper."""
        return self.joined.split(" ")[: self.count] if self.count else []


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be embedded and stored.

    `words` has an entry for each passage, and so has `tokens`, the lexicon's row numbers of those
    words, where another process has looked them up already. `hidden` counts the characters of
    hidden text that were left out. `signature` is that of the document's text, once it was made.
    """

    source: str
    content_hash: str
    document: Document
    passages: tuple[Passage, ...]
    words: tuple[PassageWords, ...]
    tokens: tuple[NDArray[np.int32], ...] | None = None
    hidden: int = 0
    signature: Signature | None = None


class Cutter:
    """Cuts each text into words once, however often it is asked for."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[list[str], list[str]]] = {}

    def cut(self, text: str) -> tuple[list[str], list[str]]:
        """The words of a text, and the pairs that the lexical index adds."""
        found = self._known.get(text)
        if found is None:
            cut = words(text)
            found = self._known[text] = cut, lexical_terms(cut)[len(cut) :]
        return found

    def count(self, text: str) -> int:
        """The size of a text in words."""
        return len(self.cut(text)[0])

    def join(self, texts: Iterable[str]) -> PassageWords:
        """The words of several texts, one behind the other."""
        own: list[str] = []
        pairs: list[str] = []
        for text in texts:
            some_words, some_pairs = self.cut(text)
            own += some_words
            pairs += some_pairs
        return PassageWords(" ".join(own + pairs), len(own))


def content_hash(raw: RawArticle) -> str:
    """A hash of everything that an article's source says: another hash, another article."""
    values = (getattr(raw, each.name) for each in fields(raw))
    joined = "\0".join("" if value is None else f"={value}" for value in values)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def year_of(document: Document) -> str:
    """The year that retrieval knows a document by, "" when it has no date."""
    return (document.date or "")[:4]


def prepare(raw: RawArticle) -> Prepared | Skipped:
    """Clean and chunk one article; one that can't be cleaned is skipped with its reason."""
    from rag.clean import clean_article

    try:
        document, hidden = clean_article(raw)
    except ArticleError as error:
        return Skipped(raw.source, str(error))
    passages, found = chunk_document(document)
    return Prepared(raw.source, content_hash(raw), document, passages, found, hidden=hidden)


def chunk_document(document: Document) -> tuple[tuple[Passage, ...], tuple[PassageWords, ...]]:
    """The passages of a document, and their words."""
    from rag.chunk import chunk_in_pieces

    cutter = Cutter()
    chunked = chunk_in_pieces(document, cutter.count)
    heading = (document.title or "", year_of(document))
    found = tuple(cutter.join((*heading, *pieces)) for pieces in chunked.pieces)
    return chunked.passages, found


def words_of(document: Document, passages: Sequence[Passage]) -> list[PassageWords]:
    """The words of passages that were chunked before, as `chunk_document` found them then."""
    again, found = chunk_document(document)
    known = {passage.id: each for passage, each in zip(again, found, strict=True)}
    heading = (document.title or "", year_of(document))
    return [known.get(each.id) or Cutter().join((*heading, each.text)) for each in passages]
