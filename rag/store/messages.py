"""What is kept of a conversation, and its answers made whole again from today's articles.

A message keeps its answer's words, and of each citation the quote and where it stood. An article's
id is a hash of its title and text, so where the id is still in the index, so is every span of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rag.quotes import find_quote
from rag.types import (
    Answer,
    Citation,
    Document,
    Hit,
    Language,
    Passage,
    Position,
    WrittenClaim,
)

NEAREST = 3
"""Passages kept of a refusal."""

Verdict = Literal["up", "down"]

CitationState = Literal["same", "moved", "changed", "gone"]
"""The article is still there; another of its source is, and says the quote once, or doesn't; no
article of its source is there."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What made an answer. `language_model` is None where none was asked."""

    rag: str
    embedder: str
    embedder_fingerprint: str
    language_model: str | None = None


@dataclass(frozen=True, slots=True)
class CitedArticle:
    """What an article said of itself when it was cited; `id` is that of the document."""

    id: str
    language: Language
    path: str
    source_id: str | None = None
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None

    @property
    def source(self) -> str:
        """What the index calls the article's source.

        A row of a JSON Lines file without an id goes by its number, which a document doesn't tell:
        for such a row this is a source that no index has.
        """
        return self.path if self.source_id is None else f"{self.path}#{self.source_id}"


@dataclass(frozen=True, slots=True)
class KeptCitation:
    """A citation as it was; offsets in code points of the article's text then."""

    number: int
    article: CitedArticle
    start: int
    end: int
    quote: str
    outlets: tuple[CitedArticle, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptHit:
    """A passage near to a question that was declined, with the scores of `rag.types.Hit`."""

    passage_id: str
    document_id: str
    start: int
    end: int
    cosine: float
    bm25: float
    maxsim: float
    score: float
    relevance: float
    cross_encoder: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A question, its answer, and what the reader thought of it.

    `resolved` is the question as it was answered, None when that is the question as asked.
    `language`, `text`, `short` and the rest are those of `rag.types.Answer`. `asked` is a time in
    UTC, ISO 8601. `nearest` is empty for an answer that was not declined.
    """

    id: str
    conversation_id: str
    asked: str
    question: str
    resolved: str | None
    language: Language
    text: str
    short: str | None
    declined: bool
    confidence: float
    notice: str | None
    notes: tuple[str, ...]
    disagreement: tuple[Position, ...]
    claims: tuple[WrittenClaim, ...]
    citations: tuple[KeptCitation, ...]
    nearest: tuple[KeptHit, ...]
    versions: Versions
    verdict: Verdict | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """A conversation in a list; times in UTC, ISO 8601. `messages` counts them."""

    id: str
    title: str
    created: str
    updated: str
    messages: int


@dataclass(frozen=True, slots=True)
class Restored:
    """An answer with those of its citations that still hold.

    `states` has every citation of the message, by number: the answer has the "same" and the
    "moved" ones, with their numbers. `changed` maps the "changed" ones to the id of the document
    that their source has now. The answer's text and claims still name all numbers.
    """

    answer: Answer
    states: dict[int, CitationState]
    changed: dict[int, str]


def restore(
    message: Message,
    document: Callable[[str], Document | None],
    current: Callable[[str], Document | None],
) -> Restored:
    """A message's answer on the articles of today.

    `document` finds one by its id, `current` the one that a source (`CitedArticle.source`) has now.
    Nearest passages and outlets whose article is gone are left out.
    """
    citations: list[Citation] = []
    states: dict[int, CitationState] = {}
    changed: dict[int, str] = {}
    for kept in message.citations:
        state, citation, now = _restored(kept, document, current)
        states[kept.number] = state
        if citation is not None:
            citations.append(citation)
        elif now is not None:
            changed[kept.number] = now.id
    hits = (_hit(kept, document(kept.document_id)) for kept in message.nearest)
    answer = Answer(
        question=message.question,
        language=message.language,
        text=message.text,
        declined=message.declined,
        confidence=message.confidence,
        citations=tuple(citations),
        hits=tuple(hit for hit in hits if hit is not None),
        short=message.short,
        resolved=message.resolved,
        disagreement=message.disagreement,
        notes=message.notes,
        claims=message.claims,
        notice=message.notice,
    )
    return Restored(answer, states, changed)


def _restored(
    kept: KeptCitation,
    document: Callable[[str], Document | None],
    current: Callable[[str], Document | None],
) -> tuple[CitationState, Citation | None, Document | None]:
    """The state, the citation where it holds, and the article it is or would be in."""
    found = document(kept.article.id)
    if found is not None and found.text[kept.start : kept.end] == kept.quote:
        outlets = tuple(filter(None, (document(outlet.id) for outlet in kept.outlets)))
        return "same", _cited(kept, found, kept.start, outlets), found
    now = current(kept.article.source)
    if now is None:
        return "gone", None, None
    start = _only_place(kept.quote, now.text)
    if start is None:
        return "changed", None, now
    return "moved", _cited(kept, now, start, ()), now


def _cited(
    kept: KeptCitation, found: Document, start: int, outlets: tuple[Document, ...]
) -> Citation:
    end = start + len(kept.quote)
    return Citation(kept.number, found, start, end, kept.quote, outlets=outlets)


def _only_place(quote: str, text: str) -> int | None:
    """Where a text says a quote, letter for letter, once and not as a part of other words."""
    start = text.find(quote)
    if start < 0 or text.find(quote, start + 1) >= 0:
        return None
    span = find_quote(quote, text)  # 42亿元 is no quote from 142亿元
    whole = span is not None and (span.start, span.end) == (start, start + len(quote))
    return start if whole else None


def _hit(kept: KeptHit, found: Document | None) -> Hit | None:
    if found is None or not 0 <= kept.start < kept.end <= len(found.text):
        return None
    text = found.text[kept.start : kept.end]
    return Hit(
        Passage(kept.passage_id, kept.document_id, kept.start, kept.end, text),
        found,
        kept.cosine,
        kept.bm25,
        kept.maxsim,
        kept.score,
        kept.relevance,
        kept.cross_encoder,
    )


def cited_article(document: Document) -> CitedArticle:
    """What is kept of a document that an answer cites."""
    return CitedArticle(
        document.id,
        document.language,
        document.path,
        document.source_id,
        document.title,
        document.publisher,
        document.date,
        document.url,
    )


def kept_citation(citation: Citation) -> KeptCitation:
    """What is kept of a citation."""
    return KeptCitation(
        citation.number,
        cited_article(citation.document),
        citation.start,
        citation.end,
        citation.quote,
        tuple(map(cited_article, citation.outlets)),
    )


def kept_hit(hit: Hit) -> KeptHit:
    """What is kept of a passage near to a question that was declined."""
    return KeptHit(
        hit.passage.id,
        hit.document.id,
        hit.passage.start,
        hit.passage.end,
        float(hit.cosine),
        float(hit.bm25),
        float(hit.maxsim),
        float(hit.score),
        float(hit.relevance),
        None if hit.cross_encoder is None else float(hit.cross_encoder),
    )
