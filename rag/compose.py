"""Evidence -> the text of a quoted answer, with its citations."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from rag import phrases
from rag.answer_type import answer_type
from rag.disagreement import Stand, find_stands
from rag.enumeration import asks_for_list
from rag.evidence import before, says_the_same
from rag.index import Index
from rag.short_answer import ShortAnswer, short_answer, short_list
from rag.types import Citation, Document, Evidence, Language, Period, Position, Query
from rag.values import find_values
from rag.values.dates import render_date

SENTENCES = 3
"""Sentences quoted, at most; those that say the same count as one."""

ITEMS = 6
"""The same where a list is asked for, whose items may stand in several places."""

_WORSE = 0.4  # a further sentence must score at least this share of the first one's score
_BESIDE = 0.6  # the same where there is a short answer
_FAR_WORSE = 0.8  # the same where its passage is far less relevant
_RELEVANT = 0.5  # of the first one's passage
_FIRST_TOLD = 1000  # years before are told as the question has them
_AS_GOOD = 0.8  # the same for those beyond the third
_ANOTHER = 0.03  # of the first one's score, which a sentence of an article quoted already must lead
_LISTED = re.compile(
    r"\s*(?:[-*•·‣◦–—]|\(?\d{1,2}[.)、．]|[（(]?[一二三四五六七八九十]{1,2}[)）、])\s*\S"
)
_LEADS_IN = re.compile(r"[:：]\s*$")


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
    groups = _chosen(evidence, ITEMS if listed else SENTENCES)
    leading = [group[0] for group in groups]
    kind = answer_type(query.text)
    found = short_list(index.lexicon, query, leading) if listed else None
    found = found or short_answer(index.lexicon, query, kind, leading, language)
    if found and not listed:
        least = _BESIDE * leading[0].score
        groups = [groups[0], *(group for group in groups[1:] if group[0].score >= least)]
    stands = find_stands(index, query, kind, found, evidence, language) if found else []
    if len(stands) > 1:
        groups = _with_stands(groups, stands)
    outlets = _outlets(index, groups)
    groups = _without_copies(groups, outlets)
    against = {each.hit.document.id for stand in stands[1:] for each in stand.evidence}
    citations = _cited(groups, outlets, against, whole_lists=listed)
    lines = _quoted(groups, citations, language)
    if len(stands) > 1:
        positions = tuple(_position(stand, groups) for stand in stands)
        head = disagreement_lines(positions, citations, language)
        return Composed("\n".join([*head, *lines]), citations, disagreement=positions)
    if found is None:
        return Composed("\n".join(lines), citations)
    head = [f"{found.text} {markers(_supporting(groups, found))}"]
    return Composed("\n".join([*head, *lines]), citations, short=found.text)


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
    of_it = [each.number for each in citations if period.holds(each.document.date)]
    if of_it:
        notes.append(phrases.OF_THE_TIME[language].format(numbers=markers(of_it)))
    elif any(each.document.date for each in citations) and not any(
        period.is_named_in(each.quote) for each in citations
    ):
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


Groups = list[list[Evidence]]
"""The sentences to quote, those that say the same in one group."""

Outlets = dict[str, tuple[Document, ...]]
"""Documents by id, each with its near copies."""


def _chosen(evidence: Sequence[Evidence], most: int) -> Groups:
    """The best sentences; of two that are about as good the one from another article. One that is
    quoted before another, as that points back to it, isn't quoted again."""
    groups: Groups = []
    quoted: set[tuple[str, int]] = set()
    for each in _varied(evidence):
        if groups and not _good_enough(groups[0][0], each):
            continue
        if _place(each) in quoted:
            continue
        same = next((group for group in groups if says_the_same(group[0], each)), None)
        if same is not None:
            if all(other.hit.document.id != each.hit.document.id for other in same):
                same.append(each)
        elif len(groups) < SENTENCES or (
            len(groups) < most and each.score >= _AS_GOOD * groups[0][0].score
        ):
            groups.append([each])
            quoted |= {_place(one) for one in (each, before(each)) if one is not None}
    return groups


def _good_enough(first: Evidence, other: Evidence) -> bool:
    """Whether a sentence may be quoted below the first one."""
    near = other.hit.relevance >= _RELEVANT * first.hit.relevance
    return other.score >= (_WORSE if near else _FAR_WORSE) * first.score


def _varied(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence, best first, where a sentence comes a little later for each that is before it
    of the same article."""
    before_it: dict[str, int] = {}
    ranked = []
    for each in evidence:
        earlier = before_it.get(each.hit.document.id, 0)
        before_it[each.hit.document.id] = earlier + 1
        ranked.append((each.score - _ANOTHER * min(earlier, 1) * abs(evidence[0].score), each))
    return [each for _, each in sorted(ranked, key=lambda pair: -pair[0])]


def _with_stands(groups: Groups, stands: Sequence[Stand]) -> Groups:
    """The sentences of each stand first, then what else was chosen."""
    led = [list(stand.evidence) for stand in stands]
    shown = {_place(each) for group in led for each in group}
    rest = [[each for each in group if _place(each) not in shown] for group in groups]
    return [*led, *(group for group in rest if group)][: max(len(led), SENTENCES)]


def _place(evidence: Evidence) -> tuple[str, int]:
    return evidence.hit.document.id, evidence.start


def _outlets(index: Index, groups: Groups) -> Outlets:
    documents = {each.hit.document.id for group in groups for each in group}
    return {document: index.outlets(document) for document in documents}


def _without_copies(groups: Groups, outlets: Outlets) -> Groups:
    """The groups without sentences that only repeat one before them in another outlet."""
    found: Groups = []
    for group in groups:
        copies: set[str] = set()
        kept = []
        for each in group:
            if each.hit.document.id not in copies:
                kept.append(each)
                copies |= {other.id for other in outlets[each.hit.document.id]}
        found.append(kept)
    return found


def _cited(
    groups: Groups, outlets: Outlets, against: Set[str], *, whole_lists: bool
) -> tuple[Citation, ...]:
    """A citation for each sentence, in order, with its outlets; a copy that says another thing is
    none of them."""
    sentences = [each for group in groups for each in group]
    chosen = {_place(each) for each in sentences}
    citations = []
    for number, each in enumerate(sentences, start=1):
        document = each.hit.document
        start, end = _whole(each, chosen, whole_list=whole_lists)
        others = tuple(
            other
            for other in outlets[document.id]
            if other.id == document.id or not {other.id, document.id} & against
        )
        quote = document.text[start:end]
        citations.append(Citation(number, document, start, end, quote, outlets=others))
    return tuple(citations)


def _whole(
    evidence: Evidence, chosen: set[tuple[str, int]], *, whole_list: bool
) -> tuple[int, int]:
    """What is quoted of a sentence: with the one before it where it points back to that and the
    reader does not see it anyway; with the items that it leads to, where a list is asked for."""
    start, end = evidence.start, evidence.end
    pointed = before(evidence)
    if pointed is not None and (evidence.hit.document.id, pointed.start) not in chosen:
        start = pointed.start
    if whole_list:
        end = _end_of_list(evidence.hit.document.text, evidence.start, end)
    return start, end


def _end_of_list(text: str, start: int, end: int) -> int:
    """Where the lines end that list what a sentence leads to; its own end where it leads to none.

    Lines of a list begin with a mark or a number; so may the sentence itself, one of them.
    """
    line = text[text.rfind("\n", 0, start) + 1 : end]
    if not _LEADS_IN.search(line) and not _LISTED.match(line):
        return end
    while (stop := text.find("\n", end)) >= 0:
        if text[end:stop].strip():
            return end
        after = stop + 1
        while after < len(text) and text[after] == "\n":
            after += 1
        close = text.find("\n", after)
        close = len(text) if close < 0 else close
        if not _LISTED.match(text[after:close]):
            return end
        end = close
    return end


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
    value."""
    return [number for number, each in _numbered(groups) if _supports(each, found)]


def _supports(evidence: Evidence, found: ShortAnswer) -> bool:
    if evidence == found.evidence:
        return True
    if found.value is None:
        return found.text in evidence.text
    return any(value == found.value for value in find_values(evidence.text))


def _position(stand: Stand, groups: Groups) -> Position:
    places = {_place(each) for each in stand.evidence}
    numbers = [number for number, each in _numbered(groups) if _place(each) in places]
    return Position(stand.text, tuple(numbers))


def _told(position: Position, citations: Sequence[Citation], language: Language) -> str:
    """A line for a value that a part of the sources give: 3.2% [1] (Xinhua, 2021-03-05)."""
    sources = [
        ", ".join(filter(None, (document.publisher, document.date or phrases.UNDATED[language])))
        for document in (citations[number - 1].document for number in position.citations)
    ]
    opening, closing = ("(", ")") if language == "en" else ("（", "）")
    return f"- {position.text} {markers(position.citations)} {opening}{'; '.join(sources)}{closing}"
