"""What the page answers to each thing that its reader does: values in, HTML out."""

from __future__ import annotations

import logging
from collections import abc
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from rag.answer import is_blank, nearest
from rag.errors import RagError
from rag.types import LANGUAGES, Answer, Language
from rag.ui.answer import answer_html, message_html
from rag.ui.asked import Articles, Asked, Pane, Question, Shown
from rag.ui.conversation import (
    draft_html,
    examples_html,
    last_html,
    past_html,
    question_html,
)
from rag.ui.history import History
from rag.ui.language_model import LanguageModel
from rag.ui.pane import first_source, pane_html, settled
from rag.ui.talk import Exchange, Opened, Rating, Ratings, Talk
from rag.ui.texts import LANGUAGE_NAMES, TEXTS, Texts, as_language
from rag.written import Piece

_EXPLAINED = 20  # exchanges of a restored conversation; each takes 2 ms
_LOG = logging.getLogger(__name__)


class Replies:
    """The page's answers to its reader; holds no state of any one reader."""

    def __init__(self, articles: Articles, history: History, model: LanguageModel) -> None:
        self._articles, self._history, self._model = articles, history, model

    @property
    def writes(self) -> bool:
        """Whether a language model writes the answers."""
        return self._model.settings.llm_base_url is not None

    def examples(self, language: Language) -> str:
        """Buttons with questions to begin with, or how to add articles where there are none."""
        if self._articles.is_empty():
            return f'<p class="hint">{TEXTS[language].no_articles}</p>'
        questions = self._articles.examples(language)
        return examples_html(questions, language) if questions else ""

    # --- asking ---

    def ask(
        self,
        question: Question,
        talk: Talk,
        ratings: Ratings,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> abc.Generator[Shown, None, None]:
        """First the quoted answer with its first source, then what a model writes as it comes, and
        last the answer as it is kept; without a model that alone."""
        language = as_language(question.page_language)
        text = question.text.strip()
        if is_blank(text):
            yield Shown(status=TEXTS[language].no_question)
            return
        dropped = talk.exchanges[question.at :] if question.at is not None else ()
        before = talk.before(question.at)
        talk = before if before.id else replace(before, id=self._history.begin())
        asked = question_html(text, None, len(talk.exchanges), language, talk=before.id)
        past: str | None = past_html(before, ratings, language)
        instead_of = next((each.message for each in dropped if each.message), None)
        question = replace(question, text=text)
        try:
            with closing(self._answer(question, talk, instead_of, cancelled)) as steps:
                for shown in steps:
                    yield (
                        shown
                        if past is None
                        else replace(shown, past=past, status=shown.status or "")
                    )
                    past = None
        except RagError as error:
            yield self._failed(asked, str(error), text, past, TEXTS[language])
        except Exception:  # noqa: BLE001 - a door: the reader gets a word, the log the traceback
            _LOG.exception("asking failed")
            words = TEXTS[language]
            yield self._failed(asked, words.failed_detail, text, past, words)

    def _failed(self, asked: str, why: str, text: str, past: str | None, words: Texts) -> Shown:
        message = message_html(words.failed, why, text, words.try_again)
        return Shown(past=past, now=asked, answer=message)

    def _answer(
        self, question: Question, talk: Talk, instead_of: str | None, cancelled: Callable[[], bool]
    ) -> abc.Generator[Shown, None, None]:
        """The steps of an answer; one whose reader has left meanwhile is kept as it is quoted."""
        language = as_language(question.page_language)
        settings, generator = self._model.settings, self._model.generator()
        model = generator.name if generator else None
        asked = Asked(
            question.text,
            _wanted(question.answer_language),
            generator,
            settings.keep_unsupported,
            talk.turns(),
        )
        quoted: Answer | None = None
        answer: Answer | None = None
        try:
            for event in self._articles.stream(asked, cancelled):
                if isinstance(event, Piece):
                    yield Shown(piece=event.text)
                elif isinstance(event, Answer):
                    answer = event
                    if quoted is None:
                        quoted = event
                        if generator is not None:
                            yield self._quoted(event, talk, language)
                elif quoted is not None:
                    yield Shown(now=self._now(quoted, talk, language))  # what was written is void
        except GeneratorExit:  # the reader has left
            if quoted is not None:
                self._keep(talk, quoted, model, instead_of)
            raise
        except RagError as error:
            if quoted is None:
                raise
            answer = replace(quoted, notice=str(error))  # it stands, whatever came after it
        if answer is None or quoted is None:
            return
        if answer is not quoted and cancelled():
            answer = replace(quoted, notice=TEXTS[answer.language].stopped)
        settled = self._settle(answer, talk, model, instead_of, language)
        opens = self._opens(answer, talk, language) if generator is None else None
        yield replace(settled, pane=opens)

    def _quoted(self, answer: Answer, talk: Talk, language: Language) -> Shown:
        """The quoted answer with its first source open, which a model writes anew beside it."""
        turn, exchange = len(talk.exchanges), Exchange(answer)
        return Shown(
            now=self._now(answer, talk, language),
            answer=answer_html(exchange, turn, language, writing=not answer.declined),
            pane=self._opens(answer, talk, language),
        )

    def _opens(self, answer: Answer, talk: Talk, language: Language) -> Pane:
        """The first source of an answer that a talk hasn't yet."""
        exchange = Exchange(answer)
        opened = first_source(exchange, len(talk.exchanges))
        return self.pane(opened, talk.plus(exchange), language)

    def _now(self, quoted: Answer, talk: Talk, language: Language) -> str:
        """The question, above a place for what is written where something will be."""
        turn = len(talk.exchanges)
        if quoted.declined:
            return question_html(quoted.question, quoted.resolved, turn, language)
        asked = question_html(quoted.question, quoted.resolved, turn, language, talk=talk.id)
        return asked + draft_html(language, quoted.language)

    def _settle(
        self,
        answer: Answer,
        talk: Talk,
        model: str | None,
        instead_of: str | None,
        language: Language,
    ) -> Shown:
        """The answer, kept, with what can be done with it."""
        message, status = self._keep(talk, answer, model, instead_of), ""
        if not message.kept:
            status = TEXTS[language].not_kept.format(why=message.why)
        # What was found and isn't shown would hold whole articles as long as the page is open.
        shown = replace(answer, hits=nearest(answer.hits) if answer.declined else ())
        talk = talk.plus(Exchange(shown, message.kept))
        now, drawn = last_html(talk, {}, language)
        return Shown(now=now, answer=drawn, status=status, talk=talk)

    def _keep(self, talk: Talk, answer: Answer, model: str | None, instead_of: str | None) -> _Kept:
        """Keep an answer; the reader has it on the page even where that isn't possible."""
        try:
            return _Kept(self._history.keep(talk.id or "", answer, model, instead_of))
        except RagError as error:
            return _Kept(None, str(error))

    # --- reading ---

    def follow(self, opened: Opened | None, talk: Talk, language: Language) -> Pane | None:
        """The pane once the last answer has settled; None where it stays as it is."""
        now = settled(opened, talk)
        return None if now is None else self.pane(now, talk, language)

    def pane(self, opened: Opened | None, talk: Talk, language: Language) -> Pane:
        """The open article, with the answer's other citations in it."""
        return Pane(pane_html(self._articles.document, opened, talk, language), opened)

    # --- whole conversations ---

    def show(
        self, talk: Talk, ratings: Ratings, opened: Opened | None, language: Language
    ) -> Shown:
        """A conversation and the open article in the language of the page."""
        now, answer = last_html(talk, ratings, language)
        earlier = talk.before(-1) if talk.exchanges else talk
        pane = self.pane(opened, talk, language)
        return Shown(past_html(earlier, ratings, language), now, answer, pane)

    def restore(self, talk_id: str, language: Language) -> tuple[Talk, dict[str, Rating], str]:
        """A kept conversation, what its reader thought of it, and what is wrong, if anything is."""
        if not talk_id:
            return Talk(), {}, ""
        try:
            found = self._history.talk(talk_id)
        except RagError as error:
            return Talk(), {}, str(error)
        if found is None:
            return Talk(), {}, TEXTS[language].conversation_gone
        talk, ratings = found
        return replace(talk, exchanges=self._explained(talk.exchanges)), ratings, ""

    def _explained(self, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
        """Exchanges of which the last ones tell which words met, which isn't kept."""
        told = [
            replace(each, answer=self._articles.explained(each.answer))
            for each in exchanges[-_EXPLAINED:]
        ]
        return (*exchanges[:-_EXPLAINED], *told)

    def rate(
        self, message: str, rating: Rating, ratings: Ratings, language: Language
    ) -> tuple[Ratings, str]:
        """What the reader thinks now, and a word of thanks or of what went wrong."""
        try:
            self._history.rate(message, rating.verdict, rating.reason)
        except RagError as error:
            return ratings, str(error)
        thanks = TEXTS[language].thanks if rating.verdict else ""
        return {**ratings, message: rating}, thanks


@dataclass(frozen=True, slots=True)
class _Kept:
    """The id of a message that was kept, or why it wasn't."""

    kept: str | None
    why: str = ""


def answer_languages(language: Language) -> list[tuple[str, str]]:
    """The choices for the answer's language: label and value."""
    names = ((name, tag) for tag, name in LANGUAGE_NAMES.items())
    return [(TEXTS[language].as_asked, "auto"), *names]


def _wanted(answer_language: str) -> Language | None:
    return next((language for language in LANGUAGES if language == answer_language), None)
