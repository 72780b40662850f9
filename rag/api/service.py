"""What every door asks of an index. Nothing here knows HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from os.path import abspath
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rag import __version__, phrases
from rag.api.access import Access
from rag.api.metrics import Metrics
from rag.errors import StoreError, UsageError
from rag.index import DocumentEntry, Index
from rag.settings import Settings
from rag.types import Answer, Family, Hit, Language, Query

if TYPE_CHECKING:
    from rag.follow_up import Turn
    from rag.generate import Generator as LanguageModel
    from rag.ingest import IngestReport
    from rag.written import Again, Piece

_TURNS = 8  # questions before that a question may need, with those that they need themselves
_MARKER = re.compile(r"\s*\[\d+\]")
_OWN_LINES = {
    line
    for said in (phrases.REFUSAL, phrases.EMPTY, phrases.INTRODUCTION)
    for line in said.values()
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a program asks it. `turns` are the questions before, each with what its answer
    said; `language` is that of the answer's own words, the question's when not given. `explained`
    answers tell which words met, which takes about as long as the answer."""

    question: str
    language: Language | None = None
    turns: tuple[tuple[str, str], ...] = ()
    written: bool = False
    explained: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the documents, in the order they were added, and how many there are."""

    entries: tuple[DocumentEntry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Health:
    """How much an index holds, and what is wrong with it."""

    version: str
    embedder: str
    documents: int
    passages: dict[Family, int]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """An open index for programs. `settings` gives those that hold now: the language model.

    Every method may be called from any thread. What they raise is a RagError.
    """

    index: Index
    settings: Callable[[], Settings] = Settings
    access: Access = field(default_factory=Access)
    metrics: Metrics = field(default_factory=Metrics)

    # --- asking ---

    def ask(self, asked: Asked) -> Answer:
        """The settled answer. Raises UsageError for a blank question, and
        where a written answer is asked of a server without a language model."""
        *_, answer = self.stream(asked)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self, asked: Asked, cancelled: Callable[[], bool] | None = None
    ) -> Generator[Answer | Piece | Again]:
        """As `ask`, in steps: see `rag.answer.stream`."""
        from rag.answer import stream
        from rag.explain import explain_answer

        settings = self.settings()
        settled: Answer | None = None
        try:
            for event in stream(
                self.index,
                asked.question,
                language=asked.language,
                generator=_language_model(settings) if asked.written else None,
                keep_unsupported=settings.keep_unsupported,
                turns=conversation(asked.turns),
                cancelled=cancelled,
            ):
                if isinstance(event, Answer):
                    settled = event
                    event = explain_answer(self.index, event) if asked.explained else event
                yield event
        finally:
            if settled is not None:
                self.metrics.answered(settled)

    def search(self, query: str, top_k: int = 10) -> tuple[Query, list[Hit]]:
        """The passages that fit best, with the words that met. Raises UsageError for no words."""
        from rag.explain import explain
        from rag.retrieve import search

        if not query.strip():
            raise UsageError("expected a query, found an empty text: search for something")
        read, hits = search(self.index, query, top_k=top_k)
        return read, list(explain(self.index, query, hits))

    # --- articles ---

    def documents(self, offset: int = 0, limit: int = 100) -> Page:
        """A page of the documents."""
        with self.index.pinned():
            return Page(tuple(self.index.page(offset, limit)), self.index.counts()[0])

    def document(self, document_id: str) -> DocumentEntry:
        """One document with its sources. Raises UsageError when there is none of this id."""
        try:
            return self.index.entry(document_id)
        except StoreError as error:
            raise UsageError(
                f"expected the id of a document of the index, found {document_id[:80]}: "
                "list the documents"
            ) from error

    def ingest_rows(self, rows: Sequence[object]) -> IngestReport:
        """Add or update articles, each a row as of a .jsonl file, read by the same code."""
        from rag.api.uploads import row_articles

        with TemporaryDirectory(prefix="yinju-") as folder:
            return self.index.ingest_articles(row_articles(Path(folder), rows))

    def ingest_files(self, files: Sequence[tuple[str, Path]]) -> IngestReport:
        """Add or update the articles of files that were sent, each under the name that it came
        with; a name says which article a later file of that name updates."""
        from rag.api.uploads import file_articles

        return self.index.ingest_articles(
            chain.from_iterable(file_articles(name, path) for name, path in files)
        )

    def remove(self, name: str) -> tuple[str, ...]:
        """Remove an article by a source, a `source_id` or a document's id; returns its sources.

        Raises UsageError when the name means nothing, and when it is a folder's: who means all of
        a folder should name its articles.
        """
        within = f"{abspath(name)}/"
        if any(each.path.startswith(within) for each in self.index.sources(name)):
            raise UsageError(
                f"expected a source or an id, found a folder, {name[:80]}: name its articles; "
                "nothing was removed"
            )
        return self.index.remove([name])

    # --- the server ---

    def health(self, *, verify: bool = False) -> Health:
        """How much the index holds; `verify` reads all of it and says what is wrong.

        Raises StoreError when it can't be opened, EmbedderError when its model can't be loaded.
        """
        embedder = self.index.embedder.name
        problems = self.index.verify() if verify else ()
        return Health(__version__, embedder, *self._sizes(), problems)

    def metrics_text(self) -> bytes:
        """The counts in Prometheus' text format."""
        return self.metrics.text(*self._sizes())

    def _sizes(self) -> tuple[int, dict[Family, int]]:
        with self.index.pinned():
            return self.index.counts()[0], self.index.families()


def _language_model(settings: Settings) -> LanguageModel:
    found = settings.generator()
    if found is None:
        raise UsageError(
            "expected a language model for a written answer, found none: set RAG_LLM_BASE_URL and "
            "RAG_LLM_MODEL where the server is started, or ask for a quoted one"
        )
    return found


def conversation(turns: Sequence[tuple[str, str]]) -> tuple[Turn, ...]:
    """Questions and answers as the next question is understood by them, each question resolved by
    those before it."""
    if not turns:
        return ()
    from rag.follow_up import Turn, resolve

    found: list[Turn] = []
    for question, answer in turns[-_TURNS:]:
        found.append(Turn(resolve(question, found), said(answer)))
    return tuple(found)


def said(answer: str) -> str:
    """What an answer said in short: its first line that is not the page's own, without markers."""
    lines = (line.strip() for line in answer.splitlines())
    first = next((line for line in lines if line and line not in _OWN_LINES), "")
    return _MARKER.sub("", first).strip("“”「」")


def source_text(entry: DocumentEntry, start: int, end: int, context: int) -> dict[str, Any]:
    """A span of an article with so many characters on both sides; offsets in code points.

    Raises UsageError when it is not a span of the article's text.
    """
    text = entry.document.text
    if not 0 <= start <= end <= len(text):
        raise UsageError(
            f"expected a span within 0..{len(text)}, found {start}..{end}: take start and end from "
            "a citation or a hit"
        )
    first, last = max(0, start - context), min(len(text), end + context)
    return {"start": first, "end": last, "length": len(text), "text": text[first:last]}
