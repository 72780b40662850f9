"""A conversation as HTML: the questions above their answers, and the one that is being answered."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rag.types import Language
from rag.ui.answer import answer_html
from rag.ui.talk import Exchange, Rating, Ratings, Talk
from rag.ui.texts import TEXTS


def past_html(talk: Talk, ratings: Ratings, language: Language) -> str:
    """Every exchange of a talk, the oldest first, as ones that came before."""
    return "".join(
        '<section class="exchange">'
        + question_html(exchange.answer.question, exchange.answer.resolved, turn, language)
        + answer_html(exchange, turn, language, rating=_rating(exchange, ratings), last=False)
        + "</section>"
        for turn, exchange in enumerate(talk.exchanges)
    )


def last_html(talk: Talk, ratings: Ratings, language: Language) -> tuple[str, str]:
    """The question and the answer of the last exchange; empty where there is none."""
    if not talk.exchanges:
        return "", ""
    turn, exchange = len(talk.exchanges) - 1, talk.exchanges[-1]
    asked = question_html(
        exchange.answer.question, exchange.answer.resolved, turn, language, talk=talk.id
    )
    return asked, answer_html(exchange, turn, language, rating=_rating(exchange, ratings))


def question_html(
    question: str, resolved: str | None, turn: int, language: Language, *, talk: str | None = None
) -> str:
    """A question as asked, and beneath it as it was understood where that is another.

    With `talk`, the id of the conversation, the page remembers where it is.
    """
    words = TEXTS[language]
    understood = (
        f'<p class="resolved">{escape(words.understood.format(question=resolved))}</p>'
        if resolved is not None
        else ""
    )
    kept = f' data-talk="{escape(talk)}"' if talk else ""
    return (
        f'<header class="asked" data-turn="{turn}"{kept}><div><h2>{escape(question)}</h2>'
        f'<button type="button" class="act edit" data-edit="{turn}" aria-label="{words.edit}"'
        f' title="{words.edit}"></button></div>{understood}</header>'
    )


def draft_html(language: Language, spoken: Language) -> str:
    """Where the page's scripts put what a model writes, not checked yet; `spoken` is its
    language."""
    return (
        f'<div class="draft writing"><p class="state">{TEXTS[language].writing}</p>'
        f'<p class="text" lang="{spoken}"></p></div>'
    )


def examples_html(questions: Sequence[str], language: Language) -> str:
    """Buttons with questions to begin with."""
    buttons = "".join(
        f'<button type="button" data-question="{escape(question)}">{escape(question)}</button>'
        for question in questions
    )
    return f'<p class="hint">{TEXTS[language].examples}</p><div class="row">{buttons}</div>'


def _rating(exchange: Exchange, ratings: Ratings) -> Rating | None:
    return ratings.get(exchange.message) if exchange.message else None
