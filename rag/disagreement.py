"""Sources that give different values for what a question asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer_spans import VALUE_KINDS
from rag.answer_type import AnswerType
from rag.bridge import find_bridges
from rag.embed.static import Ids
from rag.fold import words
from rag.index import Index
from rag.relevance import Pair
from rag.rerank import match_words
from rag.short_answer import ShortAnswer, may_be_of, short_answer_in
from rag.types import Evidence, Language, Query, family_of
from rag.values import Value, find_values

# For two sentences in one language, and in two, where words meet less well:
_CLOSE = {"same": 0.75, "cross": 0.6}  # of the first one's score, for one to speak against it
_COVERED = {"same": 0.85, "cross": 0.75}  # of what the first one meets of the question
_ALIKE = {"same": 0.55, "cross": 0.5}  # how well each must meet the other's words, values left out
_ROUNDED = 0.05  # by which a value may be off another that has fewer digits


@dataclass(frozen=True, slots=True)
class Stand:
    """A value, as the asker reads it, and the sentences that give it, of one document each."""

    text: str
    value: Value
    evidence: tuple[Evidence, ...]


def find_stands(
    index: Index,
    query: Query,
    kind: AnswerType,
    first: ShortAnswer,
    evidence: Sequence[Evidence],
    language: Language,
) -> list[Stand]:
    """The different values that documents give for what is asked, `first`'s before the others.

    One where none disagrees. A sentence counts only if it speaks of the same as the first one, as
    far as words can tell: it meets as much of the question, is of the time that is asked for, names
    no other, and each meets the other's words.
    """
    if first.value is None or kind not in VALUE_KINDS:
        return []
    stands = [Stand(first.text, first.value, (first.evidence,))]
    seen = {first.evidence.hit.document.id}
    for each in evidence:
        if each.hit.document.id in seen or not _close(first.evidence, each):
            continue
        if query.period and not may_be_of(query.period, each):
            continue
        found = short_answer_in(index.lexicon, query, kind, each, language)
        if found is None or found.value is None or found.value.kind != first.value.kind:
            continue
        if not _same_matter(index, query, first, found):
            continue
        seen.add(each.hit.document.id)
        _place(stands, found)
    return stands


def _place(stands: list[Stand], found: ShortAnswer) -> None:
    """Add a value to the stand that it agrees with, or as a new one."""
    assert found.value is not None
    for at, stand in enumerate(stands):
        if agree(stand.value, found.value):
            stands[at] = Stand(stand.text, stand.value, (*stand.evidence, found.evidence))
            return
    stands.append(Stand(found.text, found.value, (found.evidence,)))


def agree(one: Value, other: Value) -> bool:
    """Whether two values may be the same, one told with fewer digits or less exactly."""
    if one == other or _bears_out(one, other) or _bears_out(other, one):
        return True
    if one.amount is None or other.amount is None:
        return False
    if one.amount in (other.amount, other.upper) or other.amount == one.upper:
        return True
    if one.unit != other.unit:
        return False
    off = abs(one.amount - other.amount)
    place = max(_last_place(one), _last_place(other))
    return off < place and float(off) <= _ROUNDED * float(max(abs(one.amount), abs(other.amount)))


def _bears_out(told: Value, said: Value) -> bool:
    from rag.support.clauses import read  # a tenth of a second, where two sources give a value
    from rag.support.stated import bears_out

    return bears_out(told, said, read(told.text))


def _last_place(value: Value) -> float:
    assert value.amount is not None
    return 10.0 ** int(value.amount.normalize().as_tuple().exponent)


def _languages(one: Evidence, other: Evidence) -> Pair:
    families = {family_of(each.hit.document.language) for each in (one, other)}
    return "same" if len(families) == 1 else "cross"


def _close(first: Evidence, other: Evidence) -> bool:
    return other.score >= _CLOSE[_languages(first, other)] * first.score


def _same_matter(index: Index, query: Query, one: ShortAnswer, other: ShortAnswer) -> bool:
    """Whether two sentences speak of the same, as far as words can tell."""
    if not _same_time(one, other) or _tells_both(one, other):
        return False
    pair = one.evidence, other.evidence
    covered, alike = _COVERED[_languages(*pair)], _ALIKE[_languages(*pair)]
    if other.evidence.hit.maxsim < covered * one.evidence.hit.maxsim:
        return False
    asked = index.lexicon.token_ids(query.terms)
    met = [_met(index, query, asked, each) for each in pair]
    if met[1] < covered * met[0]:
        return False
    return min(_alike(index, *pair), _alike(index, *reversed(pair))) >= alike


def _same_time(one: ShortAnswer, other: ShortAnswer) -> bool:
    """Whether neither sentence names a year, but as its answer, where the other names others."""
    years = [_other_years(each) for each in (one, other)]
    return not all(years) or bool(years[0] & years[1])


def _tells_both(one: ShortAnswer, other: ShortAnswer) -> bool:
    """Whether either sentence has the other's value as well."""
    return any(
        value == found.value
        for found, text in ((one, other.evidence.text), (other, one.evidence.text))
        for value in find_values(text)
    )


def _other_years(found: ShortAnswer) -> set[str]:
    values = (value for value in find_values(found.evidence.text) if value != found.value)
    return {value.date[:4] for value in values if value.date and value.date[0] in "12"}


def _met(index: Index, query: Query, asked: Ids, evidence: Evidence) -> float:
    family = family_of(evidence.hit.document.language)
    bridges = find_bridges(index, query, family)[1]
    ids = index.lexicon.token_ids(words(evidence.text))
    across = family != family_of(query.language)
    return float(match_words(index.lexicon, asked, [ids], bridges, across=across).maxsim[0])


def _alike(index: Index, one: Evidence, other: Evidence) -> float:
    """How well a sentence's words other than numbers are met by another's, 0..1."""
    asked, there = (
        index.lexicon.token_ids([term for term in words(each.text) if not term[0].isdigit()])
        for each in (one, other)
    )
    across = _languages(one, other) == "cross"
    return float(match_words(index.lexicon, asked, [there], across=across).maxsim[0])
