"""Evidence -> the text of a quoted answer, with its citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag import phrases
from rag.answer_lines import disagreement_lines, markers
from rag.answer_type import answer_type
from rag.cite import cite, outlets_of
from rag.disagreement import Stand, find_stands
from rag.enumeration import asks_for_list
from rag.index import Index
from rag.selection import (
    Groups,
    beside_short_answer,
    choose,
    place_of,
    with_stands,
    without_copies,
)
from rag.short_answer import ShortAnswer, short_answer, short_list
from rag.types import Citation, Evidence, Language, Position, Query
from rag.values import find_values


@dataclass(frozen=True, slots=True)
class Composed:
    """A quoted answer: see `rag.types.Answer` for its parts."""

    text: str
    citations: tuple[Citation, ...]
    short: str | None = None
    disagreement: tuple[Position, ...] = ()


def compose(
    index: Index, query: Query, evidence: Sequence[Evidence], language: Language
) -> Composed:
    """The best sentences, each cited, under a short answer where one stands out; the values that
    sources disagree on; as much of a list as the articles give."""
    listed = asks_for_list(query.text)
    groups = choose(evidence, listed=listed)
    leading = [group[0] for group in groups]
    kind = answer_type(query.text)
    found = short_list(index.lexicon, query, leading) if listed else None
    found = found or short_answer(index.lexicon, query, kind, leading, language)
    if found and not listed:
        groups = beside_short_answer(groups)
    stands = find_stands(index, query, kind, found, evidence, language) if found else []
    if len(stands) > 1:
        groups = with_stands(groups, stands)
    outlets = outlets_of(index, groups)
    groups = without_copies(groups, outlets)
    against = {each.hit.document.id for stand in stands[1:] for each in stand.evidence}
    citations = cite(groups, outlets, against, whole_lists=listed)
    lines = _quoted(groups, citations, language)
    if len(stands) > 1:
        positions = tuple(_position(stand, groups) for stand in stands)
        head = disagreement_lines(positions, citations, language)
        return Composed("\n".join([*head, *lines]), citations, disagreement=positions)
    if found is None:
        return Composed("\n".join(lines), citations)
    head = [f"{found.text} {markers(_supporting(groups, found))}"]
    return Composed("\n".join([*head, *lines]), citations, short=found.text)


def _quoted(groups: Groups, citations: Sequence[Citation], language: Language) -> list[str]:
    """A line for each group: its first sentence, and the numbers of all."""
    opening, closing = phrases.QUOTES[language]
    lines = [phrases.INTRODUCTION[language]]
    at = 0
    for group in groups:
        numbers = [citation.number for citation in citations[at : at + len(group)]]
        lines.append(f"{opening}{citations[at].quote}{closing} {markers(numbers)}")
        at += len(group)
    return lines


def _numbered(groups: Groups) -> list[tuple[int, Evidence]]:
    return list(enumerate((each for group in groups for each in group), start=1))


def _supporting(groups: Groups, found: ShortAnswer) -> list[int]:
    """The numbers of the sentences that hold the short answer: its own, or one with an equal
    value that bounds it no more."""
    return [number for number, each in _numbered(groups) if _supports(each, found)]


def _supports(evidence: Evidence, found: ShortAnswer) -> bool:
    if evidence == found.evidence:
        return True
    if found.value is None:
        return found.text in evidence.text
    bounds = ("", found.value.qualifier)
    values = find_values(evidence.text)
    return any(value == found.value and value.qualifier in bounds for value in values)


def _position(stand: Stand, groups: Groups) -> Position:
    places = {place_of(each) for each in stand.evidence}
    numbers = [number for number, each in _numbered(groups) if place_of(each) in places]
    return Position(stand.text, tuple(numbers))
