"""An answer as HTML: its text with numbered chips, then its sources or its nearest passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Protocol, TypeVar

from rag.phrases import DISAGREE
from rag.types import Answer, Language
from rag.ui.article import meta_html
from rag.ui.claims import claims_html
from rag.ui.sources import Source, chip_html, nearest_html, sources_html, sources_of
from rag.ui.talk import Exchange, Rating
from rag.ui.texts import TEXTS, Texts

_MARKER = re.compile(r"\s?\[(\d{1,3})\]")
_KEPT = 3  # characters that stay on one line with the chip after them


class Numbered(Protocol):
    """A citation, whether it holds or not."""

    @property
    def number(self) -> int:
        """Its number in the answer."""
        ...

    @property
    def quote(self) -> str:
        """The words of the article."""
        ...


_N = TypeVar("_N", bound=Numbered)


def answer_html(
    exchange: Exchange,
    turn: int,
    language: Language,
    *,
    rating: Rating | None = None,
    last: bool = True,
    writing: bool = False,
) -> str:
    """The whole answer; every chip and title is a button that names the span it opens.

    The last answer shows its sources, earlier ones unfold them. While a model is `writing` the
    quoted answer has no buttons of its own.
    """
    answer, words = exchange.answer, TEXTS[language]
    sources, asked = sources_of(exchange, turn), answer.resolved or answer.question
    below = (
        nearest_html(answer.hits, turn, asked, language)
        if answer.declined
        else sources_html(sources, asked, language, unfold=last)
    )
    said = _said(answer, sources, language)
    kind = " declined" if answer.declined else " evidence" if writing else ""
    return (
        f'<section class="answer{kind}" aria-label="{words.answer} {turn + 1}">'
        f"{_notices(answer, sources, words)}"
        f'<div class="said" lang="{answer.language}">{said}</div>{below}'
        f"{'' if writing else _acts(exchange, turn, rating, words, last=last)}</section>"
    )


def message_html(title: str, detail: str = "", question: str = "", again: str = "") -> str:
    """A short message in the answer's place: what went wrong, and a button to ask again."""
    second = f'<p class="meta">{escape(detail)}</p>' if detail else ""
    button = (
        f'<p><button type="button" class="plain" data-question="{escape(question)}">'
        f"{escape(again)}</button></p>"
        if question
        else ""
    )
    return f'<section class="message"><p>{escape(title)}</p>{second}{button}</section>'


def split_markers(text: str, citations: Sequence[_N]) -> Iterator[str | _N]:
    """The text in pieces: words, and the citation wherever a marker `[1]` names one.

    A quoted sentence may hold `[1]` itself, as articles with footnotes do; inside a quote it
    stays text.
    """
    numbered = {citation.number: citation for citation in citations}
    quoted = [
        found.span()
        for citation in citations
        for found in re.finditer(re.escape(citation.quote), text)
    ]
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


def _notices(answer: Answer, sources: Sequence[Source], words: Texts) -> str:
    """Why no model wrote it, as plain text, and how the time was read, with chips."""
    said = [escape(answer.notice)] if answer.notice else []
    said += [_with_chips(each, sources, words) for each in answer.notes]
    return "".join(f'<p class="notice">{each}</p>' for each in said)


def _said(answer: Answer, sources: Sequence[Source], language: Language) -> str:
    """What the answer says: the model's checked sentences, or its lines of quotes."""
    words = TEXTS[language]
    numbered = {source.number: source for source in sources}
    differ = _disagreement(answer, numbered, language)
    if answer.claims:
        return claims_html(answer.claims, numbered, answer.language, words) + differ
    lines = [line for line in answer.text.splitlines() if line.strip()]
    if differ and lines[0] == DISAGREE[answer.language]:  # the lines that say it too
        lines = lines[1 + len(answer.disagreement) :]
    return differ + "".join(_paragraph(line, answer, sources, words) for line in lines)


def _disagreement(answer: Answer, sources: Mapping[int, Source], language: Language) -> str:
    """The values on which sources differ, one below the other."""
    if not answer.disagreement:
        return ""
    words = TEXTS[language]
    items = ""
    for position in answer.disagreement:
        cited = [sources[number] for number in position.citations if number in sources]
        chips = "".join(chip_html(source, words) for source in cited)
        told = f'<span class="meta">{meta_html(cited[0].article, language)}</span>' if cited else ""
        items += f"<li><strong>{escape(position.text)}</strong>{chips} {told}</li>"
    return f'<div class="disagree"><p>{words.disagree}</p><ul>{items}</ul></div>'


def _paragraph(line: str, answer: Answer, sources: Sequence[Source], words: Texts) -> str:
    short = answer.short is not None and line.startswith(answer.short)
    return f'<p class="{"short" if short else "sentence"}">{_with_chips(line, sources, words)}</p>'


def _with_chips(line: str, sources: Sequence[Source], words: Texts) -> str:
    """A line with a chip for each of its markers, which stays with the word before it."""
    drawn = ""
    for text, cited in _runs(split_markers(line, sources)):
        if not cited:
            drawn += escape(text)
            continue
        chips = "".join(chip_html(source, words) for source in cited)
        drawn += f'{escape(text[:-_KEPT])}<span class="kept">{escape(text[-_KEPT:])}{chips}</span>'
    return drawn


def _runs(pieces: Iterable[str | Source]) -> Iterator[tuple[str, list[Source]]]:
    """Words, each time with the citations that follow them."""
    text, cited = "", list[Source]()
    for piece in pieces:
        if isinstance(piece, Source):
            cited.append(piece)
            continue
        if cited:
            yield text, cited
            text, cited = "", []
        text += piece
    yield text, cited


def _acts(exchange: Exchange, turn: int, rating: Rating | None, words: Texts, *, last: bool) -> str:
    """What can be done with an answer: ask again, copy it, say what it is worth."""
    again = _act("again", words.again, f'data-again="{turn}"') if last else ""
    if exchange.message is None:
        return f'<div class="acts">{again}</div>'
    message = escape(exchange.message)
    copied = _act("copy", words.copy, f'data-copy="{message}"')
    verdict, reason = (rating.verdict, rating.reason) if rating else (None, "")
    thumbs = "".join(
        _act(
            f"thumb {way}",
            label,
            f'data-rate="{way}" aria-pressed="{"true" if verdict == way else "false"}"',
        )
        for way, label in (("up", words.good), ("down", words.bad))
    )
    return (
        f'<div class="acts" data-message="{message}">'
        f"{copied}{again}{thumbs}"
        f'<form class="reason" hidden><input type="text" maxlength="500"'
        f' aria-label="{words.reason}" placeholder="{words.reason}" value="{escape(reason)}">'
        f'<button type="submit" class="plain">{words.send}</button></form></div>'
    )


def _act(kind: str, label: str, carries: str) -> str:
    return (
        f'<button type="button" class="act {kind}" aria-label="{label}" title="{label}"'
        f" {carries}></button>"
    )
