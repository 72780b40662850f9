"""What the page answers to each thing that its reader does: values in, HTML out."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

from rag.errors import RagError
from rag.types import LANGUAGES, Answer, Document, Language
from rag.ui.answer import answer_html, looking_html, message_html
from rag.ui.article import article_html
from rag.ui.texts import LANGUAGE_NAMES, TEXTS, as_language

_LOG = logging.getLogger(__name__)


class Articles(Protocol):
    """What the page needs of a collection of articles."""

    def ask(self, question: str, language: Language | None) -> Answer:
        """An answer, in the language or in the question's own."""

    def document(self, document_id: str) -> Document:
        """One article; raises StoreError when it is not there."""

    def is_empty(self) -> bool:
        """Whether there is nothing to ask about yet."""

    def examples(self, language: Language) -> tuple[str, ...]:
        """Questions to begin with; may be none."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The span of an article that the right pane shows."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the page: both panes drawn, and what they were drawn from.

    The right pane stays as it is where `article_html` is None.
    """

    answer_html: str
    article_html: str | None = ""
    answer: Answer | None = None
    opened: Opened | None = None


class Replies:
    """The page's answers to its reader; holds no state of any one reader."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles

    def brand(self, language: Language) -> str:
        """The page's head line."""
        words = TEXTS[language]
        return f"<h1>{words.name}</h1><p>{words.tagline}</p>"

    def examples(self, language: Language) -> str:
        """Buttons with questions to begin with, or how to add articles where there are none."""
        if self._articles.is_empty():
            return f'<p class="hint">{TEXTS[language].no_articles}</p>'
        questions = self._articles.examples(language)
        if not questions:
            return ""
        buttons = "".join(
            f'<button type="button" data-question="{escape(question)}">{escape(question)}</button>'
            for question in questions
        )
        return f'<p class="hint">{TEXTS[language].examples}</p><div class="row">{buttons}</div>'

    def ask(self, question: str, answer_language: str, page_language: str) -> Iterator[Shown]:
        """First that the articles are being read, then the answer with its first source open."""
        language = as_language(page_language)
        if not question.strip():
            yield Shown(message_html(TEXTS[language].no_question))
            return
        yield Shown(looking_html(language), None)
        try:
            answer = self._articles.ask(question.strip(), _wanted(answer_language))
        except RagError as error:
            yield Shown(message_html(TEXTS[language].failed, str(error)))
        except Exception:  # noqa: BLE001 - a door: the reader gets a word, the log the traceback
            _LOG.exception("asking failed")
            words = TEXTS[language]
            yield Shown(message_html(words.failed, words.failed_detail))
        else:
            yield self.show(answer, _first_source(answer), language)

    def open(self, span: Mapping[str, Any], page_language: str) -> tuple[str, Opened | None]:
        """The article pane after a click: `span` is what the clicked button carried."""
        opened = _as_opened(span)
        return self._article(opened, None, as_language(page_language)), opened

    def show(self, answer: Answer | None, opened: Opened | None, language: Language) -> Shown:
        """The answer and the open article in the language of the page."""
        drawn = answer_html(answer, language) if answer else ""
        return Shown(drawn, self._article(opened, answer, language), answer, opened)

    def _article(self, opened: Opened | None, answer: Answer | None, language: Language) -> str:
        if opened is None:
            declined = answer is not None and answer.declined and bool(answer.hits)
            return f'<p class="empty">{TEXTS[language].nothing_open}</p>' if declined else ""
        try:
            document = self._articles.document(opened.document_id)
        except RagError:
            return message_html(TEXTS[language].article_gone)
        return article_html(document, opened.start, opened.end, language)


def answer_languages(language: Language) -> list[tuple[str, str]]:
    """The choices for the answer's language: label and value."""
    names = ((name, tag) for tag, name in LANGUAGE_NAMES.items())
    return [(TEXTS[language].as_asked, "auto"), *names]


def _wanted(answer_language: str) -> Language | None:
    return next((language for language in LANGUAGES if language == answer_language), None)


def _first_source(answer: Answer) -> Opened | None:
    if answer.declined or not answer.citations:
        return None
    first = answer.citations[0]
    return Opened(first.document.id, first.start, first.end)


def _as_opened(span: Mapping[str, Any]) -> Opened | None:
    """What a browser sent, checked: anything else than a span closes the pane."""
    document_id, start, end = (span.get(name) for name in ("document", "start", "end"))
    if isinstance(document_id, str) and isinstance(start, int) and isinstance(end, int):
        return Opened(document_id, start, end)
    return None
