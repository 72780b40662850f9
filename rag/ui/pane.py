"""The right pane: which article is open at which sentence, and the way to the next citation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from rag.errors import RagError
from rag.types import Document, Language
from rag.ui.answer import message_html
from rag.ui.article import article_html
from rag.ui.sources import opens_html, spans_of
from rag.ui.talk import Exchange, Opened, Talk
from rag.ui.texts import TEXTS, Texts


def pane_html(
    document: Callable[[str], Document], opened: Opened | None, talk: Talk, language: Language
) -> str:
    """The open article with all that its answer cites in it marked.

    `document` finds an article by its id, and raises RagError when there is none.
    """
    words = TEXTS[language]
    if opened is None:
        last = talk.exchanges[-1].answer if talk.exchanges else None
        choose = last is not None and last.declined and bool(last.hits)
        return f'<p class="empty">{words.nothing_open}</p>' if choose else ""
    try:
        article = document(opened.document_id)
    except RagError:
        return message_html(words.article_gone)
    spans, answer = _spans(opened, talk), talk.answer(opened.turn)
    here = [(each.start, each.end) for each in spans if each.document_id == article.id]
    cited = answer.citations if answer else ()
    return article_html(
        article,
        opened.start,
        opened.end,
        language,
        others=[] if answer and answer.declined else here,
        outlets=next((each.outlets for each in cited if each.document.id == article.id), ()),
        steps=_steps_html(opened, spans, words),
        turn=opened.turn,
    )


def settled(opened: Opened | None, talk: Talk) -> Opened | None:
    """What to open once the last answer is written: a citation of it, where one of the quoted
    answer is open. None where the pane stays as it is."""
    turn = len(talk.exchanges) - 1
    if opened is None or opened.turn != turn or not talk.exchanges:
        return None
    spans = spans_of(talk.exchanges[turn], turn)
    if not talk.exchanges[turn].answer.claims or not spans:
        return None  # it is as it was quoted
    same = (each for each in spans if each.document_id == opened.document_id)
    return opened if opened in spans else next(same, spans[0])


def first_source(exchange: Exchange, turn: int) -> Opened | None:
    """What an answer cites first; nothing for a refusal."""
    return None if exchange.answer.declined else next(iter(spans_of(exchange, turn)), None)


def _spans(opened: Opened, talk: Talk) -> list[Opened]:
    """All that the answer cites whose citation is open."""
    if opened.turn is None or not 0 <= opened.turn < len(talk.exchanges):
        return []
    return spans_of(talk.exchanges[opened.turn], opened.turn)


def _steps_html(opened: Opened, spans: Sequence[Opened], words: Texts) -> str:
    """Buttons to the citation before and after the open one, and its place among them."""
    if opened not in spans or len(spans) < 2:
        return ""
    at = spans.index(opened)
    place = words.place.format(number=at + 1, total=len(spans))
    before, after = spans[at - 1], spans[(at + 1) % len(spans)]
    return (
        f'<button type="button" class="step previous" data-step="-1" {opens_html(before)}'
        f' aria-label="{words.previous}" title="{words.previous}"></button>'
        f'<span class="place">{escape(place)}</span>'
        f'<button type="button" class="step next" data-step="1" {opens_html(after)}'
        f' aria-label="{words.next}" title="{words.next}"></button>'
    )
