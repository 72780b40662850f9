"""Which part of the page changes when its reader does what."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from rag.types import Language
from rag.ui.asked import Pane, Question, Shown
from rag.ui.conversation import editing_html
from rag.ui.page import Parts, read
from rag.ui.panels import brand_html, tools_html, views_html, words_html
from rag.ui.replies import Replies, answer_languages
from rag.ui.talk import Opened, Ratings, Talk
from rag.ui.texts import TEXTS, as_language
from rag.ui.writing import Writing

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_QUICK = {**_QUIET, "queue": False}  # one request and its answer, whatever else is under way
_SLOW = {**_QUIET, "concurrency_limit": 24}  # a language model may write for a minute


def wire(page: gr.Blocks, parts: Parts, replies: Replies) -> None:
    """Tie what the reader does to what the page replies."""
    writing = Writing()
    asking = _wire_asking(parts, replies, writing)
    _wire_stopping(page, parts, writing)
    _wire_reading(parts, replies)
    _wire_places(page, parts, replies, writing, asking)


def _wire_asking(parts: Parts, replies: Replies, writing: Writing) -> list[Any]:
    """The box and its button; examples and answers that are asked for again."""
    reply = [
        parts.question,
        parts.past,
        parts.now,
        parts.answer,
        parts.article,
        parts.status,
        parts.talk,
        parts.opened,
        parts.editing,
        parts.editing_line,
    ]
    given = [parts.answer_language, parts.page_language, parts.talk, parts.ratings]

    def steps(
        question: Question, talk: Talk, ratings: Ratings, request: gr.Request
    ) -> Iterator[list[Any]]:
        session = str(request.session_hash)
        answering = writing.begin(session)
        try:
            for shown in replies.ask(question, talk, ratings, answering.stopped.is_set):
                if answering.has_left:
                    return
                begun = shown.past is not None
                yield [
                    "" if begun else gr.skip(),
                    *_drawn(shown),
                    None if begun else gr.skip(),
                    "" if begun else gr.skip(),
                ]
        finally:
            answering.stopped.set()
            writing.end(session, answering)

    def ask(
        text: str,
        answer_language: str,
        language: str,
        talk: Talk,
        ratings: Ratings,
        editing: int | None,
        request: gr.Request,
    ) -> Iterator[list[Any]]:
        question = Question(text, answer_language, language, editing)
        yield from steps(question, talk, ratings, request)

    def ask_this(
        answer_language: str,
        language: str,
        talk: Talk,
        ratings: Ratings,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[list[Any]]:
        at = _turn(event._data.get("at"), talk)
        text = event._data.get("question")
        if at is not None:
            text = talk.exchanges[at].answer.question
        question = Question(text if isinstance(text, str) else "", answer_language, language, at)
        yield from steps(question, talk, ratings, request)

    def follow(opened: Opened | None, talk: Talk, language: str) -> list[Any]:
        return _in_pane(replies.follow(opened, talk, language))

    asked = [
        gr.on(
            [parts.question.submit, parts.ask.click],
            ask,
            [parts.question, *given, parts.editing],
            reply,
            trigger_mode="once",
            **_SLOW,
        ),
        parts.hub.ask_this(ask_this, given, reply, trigger_mode="once", **_SLOW),
    ]
    for each in asked:
        each.then(
            follow,
            [parts.opened, parts.talk, parts.page_language],
            [parts.article, parts.opened],
            **_QUICK,
        )
    return asked


def _wire_stopping(page: gr.Blocks, parts: Parts, writing: Writing) -> None:
    def stop(request: gr.Request) -> None:
        writing.stop(str(request.session_hash))

    parts.stop.click(stop, None, None, **_QUICK)
    page.unload(stop)


def _wire_reading(parts: Parts, replies: Replies) -> None:
    """Articles, questions to be changed, and what the reader thinks of answers."""

    def open_span(talk: Talk, language: str, event: gr.EventData) -> list[Any]:
        return _in_pane(replies.open(event._data, talk, language))

    def edit_this(talk: Talk, language: str, event: gr.EventData) -> list[Any]:
        turn = _turn(event._data.get("turn"), talk)
        text = "" if turn is None else talk.exchanges[turn].answer.question
        return [text, turn, editing_html(turn, as_language(language))]

    def rate(ratings: Ratings, language: str, event: gr.EventData) -> list[Any]:
        rated, said = replies.rate(event._data, ratings, as_language(language))
        return [rated, _said(said)]

    parts.hub.open_span(
        open_span,
        [parts.talk, parts.page_language],
        [parts.article, parts.opened],
        trigger_mode="always_last",
        **_QUICK,
    )
    parts.hub.edit_this(
        edit_this,
        [parts.talk, parts.page_language],
        [parts.question, parts.editing, parts.editing_line],
        trigger_mode="always_last",
        **_QUICK,
    )
    parts.hub.rate(
        rate,
        [parts.ratings, parts.page_language],
        [parts.ratings, parts.status],
        trigger_mode="multiple",
        **_QUICK,
    )


def _wire_places(
    page: gr.Blocks, parts: Parts, replies: Replies, writing: Writing, asking: list[Any]
) -> None:
    """Arriving, going to another conversation, and another language of the page."""
    shown = [parts.past, parts.now, parts.answer, parts.article, parts.status]
    held = [parts.talk, parts.opened]
    spoken = [
        parts.brand,
        parts.views,
        parts.tools,
        parts.hub,
        parts.page_language,
        parts.question,
        parts.ask,
        parts.stop,
        parts.answer_language,
        parts.examples,
    ]

    def arrive(tag: str, place: str) -> list[Any]:
        language = as_language(tag)
        talk_id, opened = _as_place(place)
        talk, ratings, wrong = replies.restore(talk_id, language)
        alone = opened is not None and opened.turn is None
        shows = opened if talk.exchanges or alone else None
        drawn = replies.show(talk, ratings, shows, language)
        return [*_drawn(drawn, wrong), ratings, *_speak(replies, language, parts)]

    def visit(tag: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        writing.stop(str(request.session_hash), leaving=True)
        language = as_language(tag)
        talk, ratings, wrong = replies.restore(str(event._data.get("talk") or ""), language)
        drawn = replies.show(talk, ratings, None, language)
        return [*_drawn(drawn, wrong), ratings, None, ""]

    def redraw(tag: str, talk: Talk, opened: Opened | None, ratings: Ratings) -> list[Any]:
        return _drawn(replies.show(talk, ratings, opened, as_language(tag)), "")[:3]

    def speak(
        tag: str, talk: Talk, ratings: Ratings, opened: Opened | None, editing: int | None
    ) -> list[Any]:
        language = as_language(tag)
        drawn = _drawn(replies.show(talk, ratings, opened, language), "")
        return [*drawn[:5], editing_html(editing, language), *_speak(replies, language, parts)]

    def changed(tag: str) -> str:
        return replies.examples(as_language(tag))

    parts.hub.changed(changed, parts.page_language, parts.examples, **_QUICK)
    page.load(
        arrive,
        [parts.page_language, parts.place],
        [*shown, *held, parts.ratings, *spoken],
        js=read("arrive.js"),
        **_QUICK,
    )
    went = parts.hub.visit(
        visit,
        parts.page_language,
        [*shown, *held, parts.ratings, parts.editing, parts.editing_line],
        cancels=asking,
        trigger_mode="always_last",
        **_QUICK,
    )
    # What was on its way to the browser from the conversation before may come in behind that.
    went.then(redraw, [parts.page_language, *held, parts.ratings], shown[:3], **_QUICK)
    parts.page_language.input(
        speak,
        [parts.page_language, parts.talk, parts.ratings, parts.opened, parts.editing],
        [*shown, parts.editing_line, *spoken],
        js=read("remember.js"),
        **_QUICK,
    )


def _drawn(shown: Shown, wrong: str | None = None) -> list[Any]:
    """Values for past, now, answer, article, status, talk and opened."""
    status = shown.status if wrong is None else wrong
    parts = [shown.past, shown.now, shown.answer, shown.pane and shown.pane.html]
    return [
        *(gr.skip() if part is None else part for part in parts),
        gr.skip() if status is None else _said(status),
        gr.skip() if shown.talk is None else shown.talk,
        gr.skip() if shown.pane is None else shown.pane.opened,
    ]


def _in_pane(pane: Pane | None) -> list[Any]:
    return [gr.skip(), gr.skip()] if pane is None else [pane.html, pane.opened]


def _said(status: str) -> str:
    return f'<p role="status">{escape(status)}</p>' if status else ""


def _speak(replies: Replies, language: Language, parts: Parts) -> list[Any]:
    """The words of the page around the conversation."""
    words = TEXTS[language]
    return [
        brand_html(language),
        views_html(language) if parts.look is not None else "",
        tools_html(language),
        words_html(language, arrived=True),
        gr.update(value=language, label=words.page_language),
        gr.update(label=words.question, placeholder=words.placeholder),
        words.ask,
        words.stop,
        gr.update(label=words.answer_language, choices=answer_languages(language)),
        replies.examples(language),
    ]


def _turn(value: object, talk: Talk) -> int | None:
    """The answer that a browser's value names, if there is such a one."""
    return value if isinstance(value, int) and 0 <= value < len(talk.exchanges) else None


def _as_place(place: str) -> tuple[str, Opened | None]:
    """The conversation and the open article that an address names, as `source.js` wrote it."""
    values = parse_qs(str(place).removeprefix("#"))
    talk_id = values.get("talk", [""])[0]
    document_id, *numbers = values.get("shows", [""])[0].split(" ")
    if len(numbers) not in (2, 3) or not all(
        each.isascii() and each.isdecimal() and len(each) < 12 for each in numbers
    ):
        return talk_id, None
    start, end, *turn = map(int, numbers)
    return talk_id, Opened(document_id, start, end, turn[0] if turn else None)
