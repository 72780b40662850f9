"""A whole article as HTML, its cited sentences marked. Article text is data: all is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from rag.store.conversations import CitedArticle
from rag.types import Document, Language
from rag.ui.fragment import at_quote
from rag.ui.texts import TEXTS, Texts

_DRAWN = 400_000  # characters of an article that are drawn at once; a long novel
_OUTLETS = 8  # that are named, of those of one text
_PARAGRAPH = re.compile(r"[^\n]+")
_HEADING = 64  # Latin letters; a Chinese character is as wide as two
_PROSE = 24  # characters of a paragraph below one, at least
_WIDE = re.compile("[\u3000-\u9fff]")
_NO_HEADING = re.compile(  # a sentence, a row of a table, a number, an item of a list
    r"[。！？；，、…：.!?;,:”」』）)]$| · |^\W*$|^\d[\d.,]*\D{0,3}$|^\d+[.)、]"
)

Span = tuple[int, int]
"""Start and end in code points."""


def article_html(
    document: Document,
    start: int,
    end: int,
    language: Language,
    *,
    others: Sequence[Span] = (),
    outlets: Sequence[Document] = (),
    steps: str = "",
    turn: int | None = None,
) -> str:
    """The article as a region of the page, `document.text[start:end]` inside `<mark>`.

    Offsets outside the text mark what part of it they cover, at the least nothing. `others` are
    marked lightly where they don't overlap; `steps` is HTML that goes to other citations, and
    `turn` the answer that cites.
    """
    words = TEXTS[language]
    title = escape(document.title or words.untitled)
    marks = _marks(len(document.text), (start, end), others)
    return (
        f'<section class="article" role="region" aria-label="{words.article}: {title}"'
        f' data-shows="{escape(document.id)} {start} {end}{"" if turn is None else f" {turn}"}">'
        f'<header><div class="named"><h2 lang="{document.language}">{title}</h2>'
        f'<p class="meta">{meta_html(document, language)}'
        f"{_original(document, document.text[max(0, start) : max(0, end)], words)}</p>"
        f"{also_html(outlets, language)}</div>"
        f'<div class="tools">{steps}<button type="button" class="close" data-close'
        f' aria-label="{words.close}" title="{words.close}">×</button></div></header>'
        f'<div class="body" tabindex="0" lang="{document.language}">'
        + _text(document, (start, end), marks, turn, words)
        + "</div></section>"
    )


def meta_html(document: Document | CitedArticle, language: Language) -> str:
    """Publisher and date on one line, as far as they are known."""
    publisher = (
        f'<span lang="{document.language}">{escape(document.publisher)}</span>'
        if document.publisher
        else ""
    )
    when = escape(written_date(document.date, language)) or TEXTS[language].undated
    return '<span class="dot"> · </span>'.join(part for part in (publisher, when) if part)


def also_html(outlets: Sequence[Document], language: Language) -> str:
    """The other publishers of the same article, each with its date."""
    named = [
        " ".join(filter(None, (each.publisher or each.title, _in_brackets(each, language))))
        for each in outlets
        if each.publisher or each.title
    ]
    if not named:
        return ""
    if len(named) > _OUTLETS:
        named = [*named[:_OUTLETS], f"+{len(named) - _OUTLETS}"]
    comma = ", " if language == "en" else "、"
    also = TEXTS[language].also.format(outlets=comma.join(named))
    return f'<p class="meta also">{escape(also)}</p>'


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


def _in_brackets(document: Document, language: Language) -> str:
    when = written_date(document.date, language)
    return f"({when})" if when else ""


def _original(document: Document, quote: str, words: Texts) -> str:
    """A link to the page at the quote, where the article has a web address."""
    address = at_quote(document.url or "", quote)
    if address is None:
        return ""
    return (
        f'<span class="dot"> · </span><a href="{escape(address)}" target="_blank"'
        f' rel="noopener noreferrer">{words.original}</a>'
    )


def _marks(length: int, cited: Span, others: Sequence[Span]) -> list[tuple[int, int, bool]]:
    """Spans in order, none of them over another, and whether each is the one that was cited."""
    start, end = max(0, cited[0]), min(length, cited[1])
    marks = [(start, end, True)] if start < end else []
    for left, right in others:
        free = all(right <= taken or until <= left for taken, until, _ in marks)
        if 0 <= left < right <= length and free:
            marks.append((left, right, False))
    return sorted(marks)


def _text(
    document: Document,
    cited: Span,
    marks: Sequence[tuple[int, int, bool]],
    turn: int | None,
    words: Texts,
) -> str:
    """The text, or of one that is longer than a book what is around the citation, with ways to the
    parts before and after it."""
    text = document.text
    left, right = _part(text, cited)
    ways = {words.earlier: (left - 1, left), words.later: (right, right + 1)}
    before, after = (
        f'<p><button type="button" class="plain" data-document="{escape(document.id)}"'
        f' data-start="{start}" data-end="{end}"'
        f"{'' if turn is None else f' data-turn={turn}'}>{label}</button></p>"
        if 0 <= start < len(text)
        else ""
        for label, (start, end) in ways.items()
    )
    return before + "".join(_paragraphs(text, left, right, marks)) + after


def _part(text: str, cited: Span) -> Span:
    """What is drawn of a text, in whole paragraphs where it has any."""
    if len(text) <= _DRAWN:
        return 0, len(text)
    start, end = (min(max(0, place), len(text)) for place in cited)
    left = max(0, min(start, len(text) - _DRAWN // 2) - _DRAWN // 2)
    right = min(len(text), left + _DRAWN)
    first, last = text.find("\n", left, start) if left else -1, text.rfind("\n", end, right)
    whole = right == len(text)
    return left if first < 0 else first + 1, right if last < 0 or whole else last


def _paragraphs(
    text: str, first: int, last: int, marks: Sequence[tuple[int, int, bool]]
) -> Iterator[str]:
    """Each paragraph of a part in `<p>`, or what seems to be a heading in `<h3>`; a mark that runs
    over a paragraph's end goes on in the next."""
    named = False
    for paragraph in _PARAGRAPH.finditer(text, first, last):
        left, right = paragraph.span()
        at, drawn = left, ""
        for start, end, cited in marks:
            mark_from, mark_to = max(left, start), min(right, end)
            if mark_from >= mark_to:
                continue
            kind = ' class="other"' if not cited else "" if named else ' id="cited"'
            named = named or cited
            drawn += f"{escape(text[at:mark_from])}<mark{kind}>"
            drawn += f"{escape(text[mark_from:mark_to])}</mark>"
            at = mark_to
        tag = "h3" if _is_heading(text, left, right) else "p"
        yield f"<{tag}>{drawn}{escape(text[at:right])}</{tag}>"


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether a paragraph seems to be a heading: short, no sentence, above a much longer one."""
    line = text[start:end].strip()
    below = _PARAGRAPH.search(text, end)
    if not line or below is None or _NO_HEADING.search(line):
        return False
    width = len(line) + len(_WIDE.findall(line))
    return width <= _HEADING and len(below.group()) >= max(_PROSE, 2 * len(line))
