"""The sources of an answer as HTML: numbered chips, and the list that tells of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rag.answer import nearest
from rag.store.conversations import CitationState, CitedArticle
from rag.types import Document, Hit, Language, WordMatch
from rag.ui.article import also_html, meta_html
from rag.ui.talk import Exchange, Opened
from rag.ui.texts import TEXTS, Texts
from rag.ui.why import Why, met_html, quote_html, unfolding_html


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as its reader meets it; `opens` is None where its article is gone."""

    number: int
    article: Document | CitedArticle
    quote: str
    opens: Opened | None
    state: CitationState = "same"
    matches: tuple[WordMatch, ...] | None = None
    unmet: tuple[str, ...] = ()
    outlets: tuple[Document, ...] = ()


def sources_of(exchange: Exchange, turn: int) -> list[Source]:
    """The citations of an answer by number, those too that don't hold any more."""
    held = [
        Source(
            each.number,
            each.document,
            each.quote,
            Opened(each.document.id, each.start, each.end, turn),
            exchange.states.get(each.number, "same"),
            each.matches,
            each.unmet,
            each.outlets,
        )
        for each in exchange.answer.citations
    ]
    lost = [
        Source(
            each.number,
            each.article,
            each.quote,
            Opened(now, 0, 0, turn) if (now := exchange.changed.get(each.number)) else None,
            exchange.states.get(each.number, "gone"),
        )
        for each in exchange.lost
    ]
    return sorted([*held, *lost], key=lambda source: source.number)


def chip_html(source: Source, words: Texts) -> str:
    """The source's number, as a button that opens it."""
    title = source.article.title or words.untitled
    label = words.number.format(number=source.number, title=title)
    doubt = state_text(source.state, words)
    said = escape(f"{label}. {doubt}" if doubt else label)
    kind = "chip" if source.state in ("same", "moved") else f"chip {source.state}"
    return (
        f'<button type="button" class="{kind}" aria-label="{said}"'
        f' data-number="{source.number}"{_opens(source.opens)}>{source.number}</button>'
    )


def state_text(state: CitationState, words: Texts) -> str:
    """What has become of a citation; empty while it is as it was."""
    return {"same": "", "moved": words.moved, "changed": words.changed, "gone": words.gone}[state]


def sources_html(
    sources: Sequence[Source], question: str, language: Language, *, unfold: bool
) -> str:
    """The list of sources, which its heading unfolds; `question` as it was understood."""
    if not sources:
        return ""
    words = TEXTS[language]
    items = "".join(
        f'<li data-number="{source.number}">{chip_html(source, words)}'
        + _entry(
            source.article,
            source.opens,
            source.quote,
            _why(question, source.matches, source.unmet),
            language,
            _state(source, words) + also_html(source.outlets, language),
        )
        + "</li>"
        for source in sources
    )
    return (
        f'<details class="more"{" open" if unfold else ""}>'
        f'<summary><h3>{words.sources}</h3> <span class="count">{len(sources)}</span></summary>'
        f'<ol class="sources">{items}</ol></details>'
    )


def nearest_html(hits: Sequence[Hit], turn: int, question: str, language: Language) -> str:
    """The passages that came nearest to a question, as it was understood, that was declined."""
    words = TEXTS[language]
    if not hits:
        return ""
    items = "".join(
        "<li>"
        + _entry(
            hit.document,
            _span(hit, turn),
            hit.passage.text,
            _why(question, hit.matches, hit.unmet),
            language,
        )
        + "</li>"
        for hit in nearest(hits)
    )
    return f'<h3>{words.nearest}</h3><ol class="sources nearest">{items}</ol>'


def spans_of(exchange: Exchange, turn: int) -> list[Opened]:
    """What the answer cites, in order; for a refusal its nearest passages."""
    answer = exchange.answer
    if answer.declined:
        return [_span(hit, turn) for hit in nearest(answer.hits)]
    return [Opened(each.document.id, each.start, each.end, turn) for each in answer.citations]


def opens_html(opened: Opened) -> str:
    """What a button carries to open a span."""
    turn = "" if opened.turn is None else f' data-turn="{opened.turn}"'
    return (
        f'data-document="{escape(opened.document_id)}" data-start="{opened.start}"'
        f' data-end="{opened.end}"{turn}'
    )


def _span(hit: Hit, turn: int) -> Opened:
    return Opened(hit.document.id, hit.passage.start, hit.passage.end, turn)


def _opens(opened: Opened | None) -> str:
    return "" if opened is None else f" {opens_html(opened)}"


def _entry(
    article: Document | CitedArticle,
    opened: Opened | None,
    quote: str,
    why: Why | None,
    language: Language,
    told: str = "",
) -> str:
    """A source: its article, the quote, and why it is there; `told` is HTML below the quote."""
    words = TEXTS[language]
    title = escape(article.title or words.untitled)
    named = (
        f'<button type="button" class="title" lang="{article.language}"'
        f"{_opens(opened)}>{title}</button>"
        if opened
        else f'<span class="title" lang="{article.language}">{title}</span>'
    )
    meta = meta_html(article, language)
    about = unfolding_html(why, meta, words) if why else f'<p class="meta">{meta}</p>'
    quoted = quote_html(quote, opened.start if opened else 0, why)
    return (
        f'<div class="entry">{named}{about}'
        f'<blockquote lang="{article.language}">{quoted}</blockquote>{told}'
        f"{met_html(why, article.language, words) if why else ''}</div>"
    )


def _why(
    question: str, matches: tuple[WordMatch, ...] | None, unmet: tuple[str, ...]
) -> Why | None:
    return Why(question, matches, unmet) if matches else None


def _state(source: Source, words: Texts) -> str:
    said = state_text(source.state, words)
    return f'<p class="state">{said}</p>' if said else ""
