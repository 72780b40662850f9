"""The JSON that goes in, checked, and the JSON that comes out, described.

What comes out is made by `rag.shapes`, as on the command line; the classes here only describe it.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.api.service import Asked
from rag.types import Language


class Body(BaseModel):
    """A document of a request; a key that it doesn't know is an error, not a silent nothing."""

    model_config = ConfigDict(extra="forbid")


class TurnBody(Body):
    """A question before, and its answer: its text as it was given, or what it said in short."""

    question: str
    answer: str = ""


class AskBody(Body):
    """A question."""

    question: str = Field(description="In English, 简体中文 or 繁體中文.")
    language: Literal["auto", "en", "zh-Hans", "zh-Hant"] | None = Field(
        None, description="The language of the answer's own words; the question's when not given."
    )
    turns: list[TurnBody] = Field(
        default=[], max_length=100, description="The questions before, oldest first."
    )
    written: bool = Field(
        False, description="Whether the server's language model writes the answer, checked."
    )
    matches: bool = Field(
        True,
        description="Whether each passage says which words of the question it met. Without, an "
        "answer takes about half as long.",
    )

    def asked(self) -> Asked:
        """The same as the service takes it."""
        language: Language | None = None
        if self.language is not None and self.language != "auto":
            language = self.language
        turns = tuple((turn.question, turn.answer) for turn in self.turns)
        return Asked(self.question, language, turns, self.written, self.matches)


class SearchBody(Body):
    """A search."""

    query: str
    top_k: int = Field(10, ge=1, le=1000, description="Passages at most.")


class RowsBody(Body):
    """Articles, each a row as of a .jsonl file: `text`, and `id`, `title`, `publisher`, `date`,
    `url`, `language` where they are known. One that can't be read is skipped, with its reason."""

    articles: list[Any] = Field(min_length=1, max_length=100_000)


class Shape(BaseModel):
    """A document of an answer."""

    model_config = ConfigDict(extra="forbid")


class ProblemShape(Shape):
    """What was expected, what was found, what to do."""

    error: str


class DocumentShape(Shape):
    """What names an article."""

    id: str
    source_id: str | None
    path: str
    title: str | None
    publisher: str | None
    date: str | None
    url: str | None
    language: Language


class EntryShape(DocumentShape):
    """An article with its sources, the first of which speaks for it."""

    sources: list[str]
    passages: int
    added: str


class TextShape(EntryShape):
    """An article with its text, which every start and end counts the code points of."""

    text: str


class MatchShape(Shape):
    """Words of the question that met words of the article."""

    question: str
    article: str
    start: int
    end: int
    cosine: float


class CitationShape(Shape):
    """A verbatim span of an article; `outlets` are near copies of it."""

    number: int
    document: DocumentShape
    start: int
    end: int
    quote: str
    outlets: list[DocumentShape] = []


class PassageShape(Shape):
    """A passage that the answer was made from."""

    rank: int
    relevance: float
    document_id: str
    start: int
    end: int
    matches: list[MatchShape] = []


class PositionShape(Shape):
    """One of the values on which sources disagree, and who gives it."""

    text: str
    citations: list[int]


class ClaimShape(Shape):
    """A sentence of a written answer, as it was checked."""

    text: str
    status: Literal["verified", "repaired", "unsupported"]
    citations: list[int]
    found: bool
    supported: bool
    reasons: list[str]


class AnswerShape(Shape):
    """An answer, as `rag ask --json` prints it."""

    question: str
    language: Language
    answer: str
    declined: bool
    confidence: float
    citations: list[CitationShape]
    passages: list[PassageShape]
    timings_ms: dict[str, float]
    resolved: str | None = None
    disagreement: list[PositionShape] = []
    notes: list[str] = []
    notice: str | None = None
    claims: list[ClaimShape] = []


class HitShape(Shape):
    """A ranked passage."""

    rank: int
    score: float
    document: DocumentShape
    start: int
    end: int
    text: str
    matches: list[MatchShape] = []


class SearchShape(Shape):
    """Passages, as `rag search --json` prints them."""

    query: str
    language: Language
    hits: list[HitShape]


class SkippedShape(Shape):
    """What could not be read, and why."""

    source: str
    reason: str


class HiddenShape(Shape):
    """An article with text that its readers can't see, which was left out."""

    source: str
    characters: int


class IngestShape(Shape):
    """What became of each article, as `rag ingest --json` prints it."""

    index: str
    added: list[str]
    updated: list[str]
    unchanged: list[str]
    skipped: list[SkippedShape]
    hidden: list[HiddenShape]
    passages: int
    seconds: float


class ListShape(Shape):
    """Articles in the order they were added, as `rag list --json` prints them, a page of them."""

    index: str
    documents: list[EntryShape]
    total: int
    offset: int
    limit: int


class RemovedShape(Shape):
    """The sources that were removed, as `rag remove --json` prints them."""

    index: str
    removed: list[str]


class HeldShape(Shape):
    """How much the index holds, and what is wrong with it where that was asked."""

    version: str
    embedder: str
    documents: int
    passages: dict[str, int]
    problems: list[str]


class HealthShape(HeldShape):
    """An index that can be used."""

    status: Literal["ok"]


class DamageShape(HeldShape):
    """An index that can't; `error` is the first problem."""

    error: str


class FaultShape(Shape):
    """What went wrong with a chat completion: `message` as a ProblemShape has it."""

    message: str
    type: Literal[
        "authentication_error",
        "permission_error",
        "not_found_error",
        "invalid_request_error",
        "server_error",
    ]
    param: None
    code: None


class RefusedShape(Shape):
    """An error as OpenAI's clients expect it."""

    error: FaultShape
