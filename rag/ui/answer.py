"""An answer as HTML: its text with numbered chips, then its sources or its nearest passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from rag.answer import nearest
from rag.explain import written
from rag.language import detect_language
from rag.types import Answer, Citation, Document, Hit, Language, WordMatch
from rag.ui.article import meta_html
from rag.ui.texts import TEXTS, Texts

_MARKER = re.compile(r"\s?\[(\d{1,3})\]")
_SNIPPET = 180
_KEPT = 3  # characters that stay on one line with the chip after them


def answer_html(answer: Answer, language: Language) -> str:
    """The whole answer; every chip and title is a button that names the span it opens."""
    words = TEXTS[language]
    paragraphs = "".join(
        _paragraph(line, answer, words) for line in answer.text.splitlines() if line.strip()
    )
    below = (_nearest if answer.declined else _sources)(answer, language)
    kind = "answer declined" if answer.declined else "answer"
    return (
        f'<section class="{kind}" aria-label="{words.answer}">'
        f'<div class="said" lang="{answer.language}">{paragraphs}</div>{below}</section>'
    )


def message_html(title: str, detail: str = "") -> str:
    """A short message in the answer's place: what went wrong, or what is missing."""
    second = f'<p class="meta">{escape(detail)}</p>' if detail else ""
    return f'<section class="message"><p>{escape(title)}</p>{second}</section>'


def looking_html(language: Language) -> str:
    """What stands in the answer's place while it is looked for."""
    return f'<section class="looking"><p>{TEXTS[language].looking}</p></section>'


def split_markers(text: str, citations: Sequence[Citation]) -> Iterator[str | Citation]:
    """The text in pieces: words, and the citation wherever a marker `[1]` names one.

    A quoted sentence may hold `[1]` itself, as articles with footnotes do; inside a quote it
    stays text.
    """
    numbered = {citation.number: citation for citation in citations}
    quoted = _quoted_spans(text, citations)
    at = 0
    for marker in _MARKER.finditer(text):
        citation = numbered.get(int(marker[1]))
        inside = any(start <= marker.start() and marker.end() <= end for start, end in quoted)
        if citation is None or inside:
            continue
        if marker.start() > at:
            yield text[at : marker.start()]
        yield citation
        at = marker.end()
    if at < len(text):
        yield text[at:]


def _quoted_spans(text: str, citations: Sequence[Citation]) -> list[tuple[int, int]]:
    return [
        found.span()
        for citation in citations
        for found in re.finditer(re.escape(citation.quote), text)
    ]


def _paragraph(line: str, answer: Answer, words: Texts) -> str:
    short = answer.short is not None and line.startswith(answer.short)
    drawn = ""
    for text, cited in _runs(split_markers(line, answer.citations)):
        drawn += escape(text[:-_KEPT])
        chips = "".join(_chip(citation, words) for citation in cited)
        drawn += f'<span class="kept">{escape(text[-_KEPT:])}{chips}</span>'
    return f'<p class="{"short" if short else "sentence"}">{drawn}</p>'


def _runs(pieces: Iterable[str | Citation]) -> Iterator[tuple[str, list[Citation]]]:
    """Words, each time with the citations that follow them."""
    text, cited = "", list[Citation]()
    for piece in pieces:
        if isinstance(piece, Citation):
            cited.append(piece)
            continue
        if cited:
            yield text, cited
            text, cited = "", []
        text += piece
    yield text, cited


def _sources(answer: Answer, language: Language) -> str:
    if not answer.citations:
        return ""
    words = TEXTS[language]
    items = "".join(
        "<li>"
        + _chip(citation, words)
        + _entry(citation.document, citation.start, citation.end, citation.quote, language)
        + _met(citation.matches, answer, citation.document, words)
        + "</div></li>"
        for citation in answer.citations
    )
    return f'<h2>{words.sources}</h2><ol class="sources">{items}</ol>'


def _nearest(answer: Answer, language: Language) -> str:
    if not answer.hits:
        return ""
    words = TEXTS[language]
    items = "".join(
        "<li>"
        + _entry(hit.document, hit.passage.start, hit.passage.end, _snippet(hit), language)
        + _met(hit.matches, answer, hit.document, words)
        + "</div></li>"
        for hit in nearest(answer.hits)
    )
    return f'<h2>{words.nearest}</h2><ol class="sources nearest">{items}</ol>'


def _entry(document: Document, start: int, end: int, quote: str, language: Language) -> str:
    title = escape(document.title or TEXTS[language].untitled)
    return (
        f'<div class="entry"><button type="button" class="title" lang="{document.language}"'
        f" {_opens(document, start, end)}>{title}</button>"
        f'<p class="meta">{meta_html(document, language)}</p>'
        f'<blockquote lang="{document.language}">{escape(quote)}</blockquote>'
    )


def _met(
    matches: Sequence[WordMatch] | None, answer: Answer, document: Document, words: Texts
) -> str:
    """The words of the question that the text met, on one quiet line."""
    if not matches:
        return ""
    asked = detect_language(answer.question)
    pairs = '<span class="dot"> · </span>'.join(
        _pair(match, asked, document.language) for match in matches
    )
    label = f'<span class="label">{words.matched}</span>'
    return f'<p class="met" title="{words.matched_what}">{label} {pairs}</p>'


def _pair(match: WordMatch, asked: Language, language: Language) -> str:
    sign, cosine = written(match)
    article = f'<span lang="{language}">{escape(match.article)}</span>'
    if not sign:
        return f'<span class="pair">{article}</span>'
    near = f' <span class="near">{cosine}</span>' if cosine else ""
    return (
        f'<span class="pair"><span lang="{asked}">{escape(match.question)}</span>'
        f' <span class="sign">{sign}</span> {article}{near}</span>'
    )


def _chip(citation: Citation, words: Texts) -> str:
    document = citation.document
    title = document.title or words.untitled
    label = escape(words.number.format(number=citation.number, title=title))
    return (
        f'<button type="button" class="chip" aria-label="{label}" title="{label}"'
        f" {_opens(document, citation.start, citation.end)}>{citation.number}</button>"
    )


def _opens(document: Document, start: int, end: int) -> str:
    return f'data-document="{escape(document.id)}" data-start="{start}" data-end="{end}"'


def _snippet(hit: Hit) -> str:
    text = " ".join(hit.passage.text.split())
    return text if len(text) <= _SNIPPET else text[:_SNIPPET].rstrip() + "…"
