"""What the page asks of a collection, and what an answer's steps change on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.follow_up import Turn
from rag.generate import Generator
from rag.types import Answer, Document, Language
from rag.ui.talk import Opened, Talk
from rag.written import Again, Piece


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and how to answer it; `turns` are those before it in its conversation."""

    question: str
    language: Language | None = None
    generator: Generator | None = None
    keep_unsupported: bool = True
    turns: Sequence[Turn] = ()


class Articles(Protocol):
    """What the page needs of a collection of articles."""

    def stream(
        self, asked: Asked, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[Answer | Piece | Again]:
        """An answer in steps, as `rag.answer.stream`."""

    def explained(self, answer: Answer) -> Answer:
        """A kept answer with the words that met; as it is where they can't be found."""

    def document(self, document_id: str) -> Document:
        """One article; raises StoreError when it is not there."""

    def is_empty(self) -> bool:
        """Whether there is nothing to ask about yet."""

    def examples(self, language: Language) -> tuple[str, ...]:
        """Questions to begin with; may be none."""


@dataclass(frozen=True, slots=True)
class Pane:
    """The right pane: what it shows, drawn."""

    html: str
    opened: Opened | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What changes on the page; what is None stays as it is.

    `past` are the earlier exchanges, `now` the question in hand with a place for what is being
    written, `piece` a text to be put behind it there, and `answer` the question's answer so far.
    """

    past: str | None = None
    now: str | None = None
    answer: str | None = None
    pane: Pane | None = None
    status: str | None = None
    piece: str | None = None
    talk: Talk | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader asks: `at` is the answer that it replaces, with all that follow it."""

    text: str
    answer_language: str = "auto"
    page_language: str = "en"
    at: int | None = None
