"""What a page asks about its conversation, and the parts of the page that change by it.

A page's wish is a mapping of words, checked here; what changes is a mapping of the parts' names to
their HTML, and a `piece` of what is being written, which is text. Conversations are kept between
wishes by their id, so that no wish carries one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from html import escape
from typing import Final, get_args

from rag.store.conversations import Verdict
from rag.types import Language
from rag.ui.asked import Pane, Question, Shown
from rag.ui.replies import Replies
from rag.ui.talk import Opened, Rating, Talk
from rag.ui.talks import Held, Talks
from rag.ui.texts import TEXTS, as_language
from rag.ui.writing import Writing

Words = Mapping[str, str]
Changes = dict[str, str]

_NUMBER_DIGITS: Final = 11
_REASON: Final = 500  # characters


class Desk:
    """The conversations of all pages; safe from any thread."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._talks = Talks()
        self._writing = Writing()

    @property
    def writes(self) -> bool:
        """Whether a language model writes the answers, which takes its time."""
        return self._replies.writes

    def ask(self, words: Words, has_left: Callable[[], bool]) -> Generator[Changes]:
        """What changes while a question is answered, step by step.

        The words are `question`, or `at`, the number of an answer to be given again; with both the
        question takes the place of that one, if the conversation still has `count` answers.
        `talk`, `language`, `answer_language` are as the page has them; `name` is what `stop` calls
        it by.
        """
        before, wrong = self._talk(words)
        talk, ratings = before
        if wrong:
            yield {"status": _said(wrong)}
            return
        at = _turn(words.get("at"), talk)
        count = str(len(talk.exchanges))
        if at is not None and words.get("count", count) != count:  # another page has gone on
            yield self.show({**words, "known": "yes"}) | {"status": _said(self._went_on(words))}
            return
        text = words.get("question", "")
        if not text and at is not None:
            text = talk.exchanges[at].answer.question
        question = Question(text, words.get("answer_language", ""), words.get("language", ""), at)
        with self._writing.begun(words.get("name", "")) as stopped:
            steps = self._replies.ask(
                question, talk, ratings, lambda: stopped.is_set() or has_left()
            )
            try:
                with closing(steps):
                    for shown in steps:
                        if shown.talk is not None:
                            self._talks.go_on(before, (shown.talk, ratings))
                        yield _changes(shown)
            except GeneratorExit:
                self._talks.forget(talk.id or "")  # what is kept of the answer is to be read
                raise

    def stop(self, words: Words) -> Changes:
        """Write no more of the answer called `name`: it stays quoted."""
        self._writing.stop(words.get("name", ""))
        return {}

    def show(self, words: Words) -> Changes:
        """A whole conversation on the articles of today, and what `shows` names beside it; as it
        was shown last, in another language, where it is `known`."""
        language = as_language(words.get("language"))
        if words.get("known"):
            (talk, ratings), wrong = self._talk(words)
        else:
            (talk, ratings), wrong = self._read(words.get("talk", ""), language)
        opened = _opened(words.get("shows", ""))
        if not talk.exchanges and opened is not None and opened.turn is not None:
            opened = None  # the answer that cites it is gone
        shown = self._replies.show(talk, ratings, opened, language)
        return {**_changes(shown), "status": _said(wrong)}

    def open(self, words: Words) -> Changes:
        """The article that `shows` names, at its sentence; without, none is open."""
        (talk, _), _ = self._talk(words)
        language = as_language(words.get("language"))
        return _in_pane(self._replies.pane(_opened(words.get("shows", "")), talk, language))

    def settled(self, words: Words) -> Changes:
        """What `shows` is to become once the last answer has been written."""
        (talk, _), _ = self._talk(words)
        opened = _opened(words.get("shows", ""))
        return _in_pane(self._replies.follow(opened, talk, as_language(words.get("language"))))

    def rate(self, words: Words) -> Changes:
        """Keep what the reader thinks of the answer `message`."""
        before, _ = self._talk(words)
        talk, ratings = before
        rating = _rating(words)
        if rating is None:
            return {}
        rated, said = self._replies.rate(
            words.get("message", ""), rating, ratings, as_language(words.get("language"))
        )
        self._talks.go_on(before, (talk, rated))
        return {"status": _said(said)}

    def examples(self, words: Words) -> Changes:
        """Questions to begin with."""
        return {"examples": self._replies.examples(as_language(words.get("language")))}

    def forget(self, talk_id: str) -> None:
        """The conversation was changed or removed elsewhere."""
        self._talks.forget(talk_id)

    def _talk(self, words: Words) -> tuple[Held, str]:
        """The page's conversation, and what is wrong with it, if anything is."""
        name = words.get("talk", "")
        held = self._talks.get(name)
        return (held, "") if held else self._read(name, as_language(words.get("language")))

    def _read(self, talk_id: str, language: Language) -> tuple[Held, str]:
        talk, ratings, wrong = self._replies.restore(talk_id, language)
        held = talk, ratings
        self._talks.hold(held)
        return held, wrong

    def _went_on(self, words: Words) -> str:
        return TEXTS[as_language(words.get("language"))].went_on


def _changes(shown: Shown) -> Changes:
    parts = {
        "past": shown.past,
        "now": shown.now,
        "answer": shown.answer,
        "status": None if shown.status is None else _said(shown.status),
        "piece": shown.piece,
    }
    return {name: html for name, html in parts.items() if html is not None} | _in_pane(shown.pane)


def _in_pane(pane: Pane | None) -> Changes:
    return {} if pane is None else {"article": pane.html}


def _said(status: str) -> str:
    return f"<p>{escape(status)}</p>" if status else ""


def _turn(number: str | None, talk: Talk) -> int | None:
    """The answer that a page's number names, if there is such a one."""
    if number is None or not _is_number(number) or int(number) >= len(talk.exchanges):
        return None
    return int(number)


def _rating(words: Words) -> Rating | None:
    """What a page says that its reader thinks; an empty verdict takes one back."""
    given = words.get("verdict", "")
    verdict = next((each for each in get_args(Verdict) if each == given), None)
    if given and verdict is None:
        return None
    return Rating(verdict, words.get("reason", "").strip()[:_REASON])


def _opened(shows: str) -> Opened | None:
    """A span as the page writes it: the article's id, start, end and the answer that cites it."""
    document_id, *numbers = shows.split(" ")
    if not document_id or len(numbers) not in (2, 3) or not all(map(_is_number, numbers)):
        return None
    start, end, *turn = map(int, numbers)
    return Opened(document_id, start, end, turn[0] if turn else None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _NUMBER_DIGITS
