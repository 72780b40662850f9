"""A whole article as HTML, its cited sentence marked. Article text is data: all is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import escape
from urllib.parse import urlsplit

from rag.types import Document, Language
from rag.ui.texts import TEXTS, Texts

_PARAGRAPH = re.compile(r"[^\n]+")


def article_html(document: Document, start: int, end: int, language: Language) -> str:
    """The article as a region of the page, `document.text[start:end]` inside `<mark>`.

    Offsets outside the text mark what part of it they cover, at the least nothing.
    """
    words = TEXTS[language]
    title = escape(document.title or words.untitled)
    return (
        f'<section class="article" role="region" aria-label="{words.article}: {title}"'
        f' data-shows="{escape(document.id)} {start} {end}">'
        f'<header><div><h2 lang="{document.language}">{title}</h2>'
        f'<p class="meta">{meta_html(document, language)}{_original(document, words)}</p></div>'
        f'<button type="button" class="close" data-close aria-label="{words.close}"'
        f' title="{words.close}">×</button></header>'
        f'<div class="body" tabindex="0" lang="{document.language}">'
        + "".join(_paragraphs(document.text, start, end))
        + "</div></section>"
    )


def meta_html(document: Document, language: Language) -> str:
    """Publisher and date on one line, as far as they are known."""
    publisher = (
        f'<span lang="{document.language}">{escape(document.publisher)}</span>'
        if document.publisher
        else ""
    )
    when = escape(written_date(document.date, language)) or TEXTS[language].undated
    return '<span class="dot"> · </span>'.join(part for part in (publisher, when) if part)


def written_date(value: str | None, language: Language) -> str:
    """An ISO 8601 date as a reader of the language writes it; another text as it stands."""
    if not value:
        return ""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _original(document: Document, words: Texts) -> str:
    url = document.url or ""
    if not _is_web_address(url):
        return ""
    return (
        f'<span class="dot"> · </span><a href="{escape(url)}" target="_blank"'
        f' rel="noopener noreferrer">{words.original}</a>'
    )


def _is_web_address(url: str) -> bool:
    """Whether it is safe to link to: an article may state `javascript:...` as its address."""
    try:
        return urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


def _paragraphs(text: str, start: int, end: int) -> Iterator[str]:
    """Each paragraph in `<p>`; a mark that runs over a paragraph's end goes on in the next."""
    first = True
    for paragraph in _PARAGRAPH.finditer(text):
        left, right = paragraph.span()
        mark_from, mark_to = max(left, start), min(right, end)
        if mark_from >= mark_to:
            yield f"<p>{escape(paragraph[0])}</p>"
            continue
        identity = ' id="cited"' if first else ""
        first = False
        yield (
            f"<p>{escape(text[left:mark_from])}<mark{identity}>"
            f"{escape(text[mark_from:mark_to])}</mark>{escape(text[mark_to:right])}</p>"
        )
