"""What stands around the sentences of an answer: citation numbers, how a time that the question
names was read, what the sources disagree on."""

from __future__ import annotations

from collections.abc import Sequence

from rag import phrases
from rag.types import Citation, Language, Period, Position
from rag.values.dates import render_date

_FIRST_TOLD = 1000  # years before are told as the question has them


def markers(numbers: Sequence[int]) -> str:
    """Citation numbers as they stand in an answer: [1][3]."""
    return "".join(f"[{number}]" for number in numbers)


def time_notes(
    period: Period | None, citations: Sequence[Citation], language: Language
) -> tuple[str, ...]:
    """How the time that a question names was read, and which of the citations are of it."""
    if period is None or not citations:
        return ()
    days = _told_days(period, language)
    notes = []
    if period.relative:
        notes.append(phrases.READ_AS[language].format(text=period.text, days=days))
    of_it = [each for each in citations if period.holds(each.document.date)]
    is_named = any(period.is_named_in(each.quote) for each in citations)
    if of_it:
        said = phrases.OF_THE_TIME if period.relative or is_named else phrases.PUBLISHED_THEN
        notes.append(said[language].format(numbers=markers([each.number for each in of_it])))
    elif any(each.document.date for each in citations) and not is_named:
        notes.append(phrases.NOT_OF_THE_TIME[language].format(days=days))
    return tuple(notes)


def _told_days(period: Period, language: Language) -> str:
    if period.first.year < _FIRST_TOLD:
        return period.text
    joint = " to " if language == "en" else "至"
    return joint.join(render_date(day, language) for day in period.written().split("/"))


def disagreement_lines(
    positions: Sequence[Position], citations: Sequence[Citation], language: Language
) -> list[str]:
    """The lines of an answer that tell what its sources disagree on; none where they don't."""
    if not positions:
        return []
    return [phrases.DISAGREE[language], *(_told(each, citations, language) for each in positions)]


def _told(position: Position, citations: Sequence[Citation], language: Language) -> str:
    """A line for a value that a part of the sources give: 3.2% [1] (Xinhua, 2021-03-05)."""
    sources = [
        ", ".join(filter(None, (document.publisher, document.date or phrases.UNDATED[language])))
        for document in (citations[number - 1].document for number in position.citations)
    ]
    opening, closing = ("(", ")") if language == "en" else ("（", "）")
    return f"- {position.text} {markers(position.citations)} {opening}{'; '.join(sources)}{closing}"
