"""The values that flow between the steps: frozen, typed, checked when they are built."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Language = Literal["en", "zh-Hans", "zh-Hant"]
"""A BCP 47 tag of the languages that the project reads and writes."""

Family = Literal["en", "zh"]
"""What retrieval keeps in balance; both Chinese scripts are one family, as folding joins them."""

Kind = Literal["markdown", "html", "text", "jsonl", "pdf", "docx"]

Vectors = NDArray[np.float32]
"""Shape (n, dim), float32, each row of unit L2 norm."""

LANGUAGES: tuple[Language, ...] = ("en", "zh-Hans", "zh-Hant")


def family_of(language: Language) -> Family:
    """The family that a language is retrieved in."""
    return "en" if language == "en" else "zh"


@dataclass(frozen=True, slots=True)
class RawArticle:
    """One article as it was found, decoded but not cleaned.

    `source` names it for good within an index: the file's path, or `path#id` for a row of a
    JSON Lines file. The optional fields are what the file itself states (a JSON Lines row, PDF
    properties); `None` means that cleaning has to find out. `hidden` counts the characters of text
    that its readers can't see, where loading has left some out.
    """

    source: str
    path: str
    kind: Kind
    content: str
    source_id: str | None = None
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    language: Language | None = None
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a row of one, that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class HiddenText:
    """An article with text that its readers can't see, and how many characters were left out."""

    source: str
    characters: int


@dataclass(frozen=True, slots=True)
class Document:
    """One cleaned article. `id` is a hash of title and text; `date` is ISO 8601 (YYYY-MM-DD)."""

    id: str
    text: str
    language: Language
    path: str
    source_id: str | None = None
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk of a document: `document.text[start:end] == text`, offsets in code points."""

    id: str
    document_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """Another spelling of question words, as a name in the other language's letters.

    `asked` are the places of the words in the question, `spelling` the row numbers that, one
    behind the other in a text, are the same name there.
    """

    asked: tuple[int, ...]
    spelling: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A time, from its first to its last day. `text` is how a question names it; `relative` says
    that it was counted from the day of asking."""

    text: str
    first: date
    last: date
    relative: bool = False

    def holds(self, day: str | None) -> bool:
        """Whether a document's date (ISO 8601, YYYY-MM-DD) lies within."""
        return day is not None and self.first.isoformat() <= day <= self.last.isoformat()

    def is_named_in(self, text: str) -> bool:
        """Whether a text names the year, where the period lies within one."""
        year = self.first.year
        named = re.search(rf"(?<!\d){year}(?!\d)", text)
        return year == self.last.year and named is not None

    def written(self) -> str:
        """The days in ISO 8601, as short as they can be told: 2021, 2021-03, 2021-03-05."""
        first, last = self.first, self.last
        if first == last:
            return first.isoformat()
        whole_months = first.day == 1 and (last + timedelta(1)).day == 1
        if whole_months and (first.month, last.month) == (1, 12):
            return "/".join(dict.fromkeys(f"{day.year:04}" for day in (first, last)))
        if whole_months:
            ends = [f"{day.year:04}-{day.month:02}" for day in (first, last)]
            return "/".join(dict.fromkeys(ends))
        return f"{first.isoformat()}/{last.isoformat()}"


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for retrieval. `vector` has shape (dim,), unit L2; `period` is the time
    that it names, if it names one."""

    text: str
    language: Language
    terms: tuple[str, ...]
    vector: NDArray[np.float32]
    period: Period | None = None
    bridges: dict[Family, tuple[list[str], list[Bridge]]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Those of `rag.bridge.find_bridges`, kept for the next who asks."""


MatchKind = Literal["word", "name", "value"]
"""By meaning, or to the letter; a name in the other language's letters; an equal value."""


@dataclass(frozen=True, slots=True)
class WordMatch:
    """Words of a question that met words of an article, both as they are written.

    `article` stands at `start` to `end` of the document's text, `question` at `asked_at` of the
    question's, None where that isn't known. `cosine` is 1 for a name or value that is the same;
    `weight` is the share of the question that its words are, 0..1.
    """

    question: str
    article: str
    start: int
    end: int
    cosine: float
    weight: float
    kind: MatchKind = "word"
    asked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its scores; the higher the better, all of them.

    cosine: dense similarity, -1..1. bm25: lexical score, 0 where no word is shared.
    maxsim: late interaction, -1..1. score: the fused ranking score.
    relevance: the calibrated probability that the passage answers the question.
    cross_encoder: log odds by a cross-encoder, None where none has read the passage.
    matches: the words that met, best first; None until `rag.explain` has looked.
    unmet: words of the question that nothing in the passage is near to, where that can be told.
    """

    passage: Passage
    document: Document
    cosine: float
    bm25: float
    maxsim: float
    score: float
    relevance: float
    cross_encoder: float | None = None
    matches: tuple[WordMatch, ...] | None = None
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit, scored for the question; offsets in `hit.document.text`."""

    hit: Hit
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.hit.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered verbatim span of a document. One that is not verbatim can't be built.

    `outlets` are other articles that are nearly copies of the document, as one text has several
    publishers; earliest first. `matches` are the words of the question that it met; None until
    `rag.explain` has looked. `unmet` are those that nothing in it is near to, where that can be
    told.
    """

    number: int
    document: Document
    start: int
    end: int
    quote: str
    matches: tuple[WordMatch, ...] | None = None
    outlets: tuple[Document, ...] = ()
    unmet: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.document.text):
            raise ValueError(
                f"expected a non-empty span within 0..{len(self.document.text)}, "
                f"found {self.start}..{self.end}: cite a span of the document's text"
            )
        if self.document.text[self.start : self.end] != self.quote:
            raise ValueError(
                f"expected the document's own words at {self.start}..{self.end}, "
                f"found {self.quote[:40]!r}: quote document.text[start:end]"
            )


ClaimStatus = Literal["verified", "repaired", "unsupported"]
"""All quotes stand in the passages that were named for them, and say so; those that stand anywhere
do, but one is elsewhere or nowhere; none does."""


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    """A sentence by a language model, checked.

    `citations` are numbers of the answer's citations. `found` says that a quote stands in an
    article, `supported` that what is quoted says what the sentence says; `reasons` why it doesn't.
    """

    text: str
    status: ClaimStatus
    citations: tuple[int, ...] = ()
    found: bool = False
    supported: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """One of the values on which sources disagree, and the numbers of the citations that give it.

    `text` is the value as the asker reads it.
    """

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose every claim stands on a citation, or a refusal.

    `text` holds the whole answer with markers `[1]`; `short` the short answer alone, if one was
    found. `confidence` is the calibrated probability that the articles answer the question.
    `hits` are the passages it was made from, best first. `resolved` is the question as it was
    answered, where a conversation was needed to understand it. `disagreement` holds the values,
    two or more, on which sources differ; there is no short answer then. `notes` say how the time in
    the question was read. `claims` are the sentences of an answer that a language model wrote;
    `notice` says why there are none though one was asked.
    `timings_ms` maps steps to milliseconds.
    """

    question: str
    language: Language
    text: str
    declined: bool
    confidence: float
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    short: str | None = None
    resolved: str | None = None
    disagreement: tuple[Position, ...] = ()
    notes: tuple[str, ...] = ()
    claims: tuple[WrittenClaim, ...] = ()
    notice: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
