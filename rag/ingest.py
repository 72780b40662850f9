"""Articles into an index: what is new is prepared, embedded and stored; what is known is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rag import interrupts
from rag.indexing import Part, PassageModels
from rag.outlets import Signature
from rag.prepare import VERSION, Prepared, chunk_document, content_hash, year_of
from rag.store.documents import KnownSource
from rag.store.transaction import IndexedPassage, Transaction
from rag.types import Document, HiddenText, RawArticle, Skipped, family_of
from rag.workers import prepare_all

COMMIT_AT = 50_000  # passages; an ingest that is killed loses no more,
COMMIT_AFTER = 300.0  # nor more than the work of so many seconds
_TWICE = (
    "expected each source once, found another article of the same name before it: "
    "give each row an id of its own"
)
_NAMELESS = "expected a name and an id in Unicode, found broken characters: rename it"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is: articles done (of about `total`, where known), passages written, the
    article done last, and the seconds since it began."""

    done: int
    total: int | None
    passages: int
    source: str
    seconds: float

    @property
    def passages_per_second(self) -> float:
        """Passages written in a second, on the average so far."""
        return self.passages / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes if it goes on like this; None where nobody can know."""
        if self.total is None or not self.done:
            return None
        return max(0, self.total - self.done) * self.seconds / self.done


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, by source, and how many passages it wrote.

    `hidden` names the articles whose hidden text it left out; those unchanged were told before.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    passages: int
    seconds: float
    hidden: tuple[HiddenText, ...] = ()


@dataclass(slots=True)
class Ingest:
    """One run over some articles."""

    transaction: Transaction
    models: PassageModels
    progress: Callable[[Progress], None] | None = None
    total: int | None = None
    _added: list[str] = field(default_factory=list)
    _updated: list[str] = field(default_factory=list)
    _unchanged: list[str] = field(default_factory=list)
    _skipped: list[Skipped] = field(default_factory=list)
    _hidden: list[HiddenText] = field(default_factory=list)
    _passages: int = 0
    _changed: bool = False
    _touched: set[int] = field(default_factory=set)
    _signatures: dict[int, Signature] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)
    _committed: float = field(default_factory=time.monotonic)

    def run(self, articles: Iterable[RawArticle | Skipped]) -> IngestReport:
        """Ingest the articles, committing as COMMIT_AT and COMMIT_AFTER say and at the end."""
        waiting: list[Prepared] = []
        size = 0
        permutations = self.transaction.documents.permutations()
        with closing(prepare_all(self._changed_articles(articles), permutations)) as results:
            for result in results:
                interrupts.check()
                if isinstance(result, Skipped):
                    self._skip(result)
                    continue
                if result.hidden:
                    self._hidden.append(HiddenText(result.source, result.hidden))
                waiting.append(result)
                size += len(result.passages)
                if size >= self.models.at_once:
                    self._store(waiting)
                    waiting, size = [], 0
        self._store(waiting)
        self._commit()
        return IngestReport(
            tuple(self._added),
            tuple(self._updated),
            tuple(self._unchanged),
            tuple(self._skipped),
            self._passages,
            time.monotonic() - self._began,
            tuple(self._hidden),
        )

    def _changed_articles(self, articles: Iterable[RawArticle | Skipped]) -> Iterator[RawArticle]:
        for article in articles:
            if isinstance(article, Skipped):
                self._skip(article)
                continue
            if not _is_text(article.source, article.path, article.source_id or ""):
                self._skip(Skipped(_shown(article.source), _NAMELESS))
                continue
            found = content_hash(article)
            if self._seen.setdefault(article.source, found) != found:
                self._skip(Skipped(article.source, _TWICE))
            elif _is_current(self._known(article.source), found):
                self._done(self._unchanged, article.source)
            else:
                yield article

    def _known(self, source: str) -> KnownSource | None:
        return self.transaction.documents.source(source)

    def _store(self, batch: Sequence[Prepared]) -> None:
        """Store prepared articles; only documents that aren't there yet are embedded."""
        documents = self.transaction.documents
        new = {
            each.document.id: Part(each.document, each.passages, each.words, each.tokens)
            for each in batch
            if documents.document_version(each.document.id) != VERSION
        }
        passages = dict(zip(new, self.models.index_all(list(new.values())), strict=True))
        for each in batch:
            self._store_one(each, passages.pop(each.document.id, None))
        waited = time.monotonic() - self._committed
        if self.transaction.pending >= COMMIT_AT or waited >= COMMIT_AFTER:
            self._commit()

    def _store_one(self, each: Prepared, passages: list[IndexedPassage] | None) -> None:
        documents = self.transaction.documents
        known = self._known(each.source)
        if _is_current(known, each.content_hash):  # twice in one run
            self._done(self._unchanged, each.source)
            return
        before = documents.source_document(each.source) if known else None
        row = documents.document_row(each.document.id)
        if passages is not None:
            row = self._put(row, each.document, passages)
            assert each.signature is not None
            self._signatures[row] = each.signature
        assert row is not None
        now = datetime.now(UTC).isoformat(timespec="seconds")
        documents.put_source(each.source, row, each.document, each.content_hash, VERSION, now)
        self._changed = True
        if known is not None:
            self._touched |= {row, known.document}
        elif passages is None:  # a document that was there before has one more source
            self._touched.add(row)
        if known is None:
            self._done(self._added, each.source)
        elif before == each.document and passages is None:
            self._done(self._unchanged, each.source)  # other only in what cleaning takes away
        else:
            self._done(self._updated, each.source)

    def _put(self, row: int | None, document: Document, passages: list[IndexedPassage]) -> int:
        """Write a document with its passages, in place of those that it had."""
        family = family_of(document.language)
        if row is not None:
            self.transaction.drop_passages(row)
        row = self.transaction.documents.put_document(document, family, year_of(document), VERSION)
        self.transaction.add_passages(row, family, passages)
        self._passages += len(passages)
        return row

    def remove(self, sources: Iterable[str]) -> None:
        """Remove sources, and every document that has none left."""
        for source in sources:
            self._touched.add(self.transaction.documents.drop_source(source))
            self._changed = True
        self._commit()

    def _commit(self) -> None:
        if not self._changed:
            return
        self._settle()
        self.transaction.commit()
        self._changed = False
        self._committed = time.monotonic()

    def _settle(self) -> None:
        """Bring the documents whose sources changed in line with the sources they have now."""
        documents = self.transaction.documents
        for row in sorted(self._touched):
            if not documents.has_sources(row):
                self.transaction.drop_passages(row)
                documents.drop_document(row)
                self._signatures.pop(row, None)
                continue
            document = documents.documents([row])[row]
            made_with = (family_of(document.language), year_of(document))
            if documents.made_with(row) != made_with:
                self._put(row, document, self.models.index(document, *chunk_document(document)))
        self._touched.clear()
        documents.put_signatures(self._signatures)
        self._signatures.clear()

    def _skip(self, skipped: Skipped) -> None:
        self._skipped.append(skipped)
        self._tell(skipped.source)

    def _done(self, to: list[str], source: str) -> None:
        to.append(source)
        self._tell(source)

    def _tell(self, source: str) -> None:
        if self.progress is None:
            return
        done = len(self._added) + len(self._updated) + len(self._unchanged) + len(self._skipped)
        seconds = time.monotonic() - self._began
        self.progress(Progress(done, self.total, self._passages, source, seconds))


def _is_current(known: KnownSource | None, found_hash: str) -> bool:
    return known is not None and (known.content_hash, known.version) == (found_hash, VERSION)


def _is_text(*names: str) -> bool:
    """Whether names can be stored and shown: those of files can be any bytes."""
    try:
        "".join(names).encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()
