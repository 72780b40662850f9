"""Evidence -> the sentences that a quoted answer has, those that say the same in one group."""

from __future__ import annotations

from collections.abc import Sequence

from rag.disagreement import Stand
from rag.evidence import before, says_the_same
from rag.types import Document, Evidence

_SENTENCES = 3  # quoted, at most; those that say the same count as one
_ITEMS = 6  # the same where a list is asked for, whose items may stand in several places
_WORSE = 0.4  # a further sentence must score at least this share of the first one's score
_BESIDE = 0.6  # the same where there is a short answer
_FAR_WORSE = 0.8  # the same where its passage is far less relevant
_RELEVANT = 0.5  # of the first one's passage
_AS_GOOD = 0.8  # the same for those beyond the third
_ANOTHER = 0.03  # of the first one's score, which a sentence of an article quoted already must lead

Groups = list[list[Evidence]]
"""The sentences to quote, those that say the same in one group."""

Outlets = dict[str, tuple[Document, ...]]
"""Documents by id, each with its near copies."""


def choose(evidence: Sequence[Evidence], *, listed: bool) -> Groups:
    """The best sentences; of two that are about as good the one from another article. One that is
    quoted before another, as that points back to it, isn't quoted again.

    `listed` says that a list is asked for.
    """
    most = _ITEMS if listed else _SENTENCES
    groups: Groups = []
    quoted: set[tuple[str, int]] = set()
    for each in _varied(evidence):
        if groups and not _good_enough(groups[0][0], each):
            continue
        if place_of(each) in quoted:
            continue
        same = next((group for group in groups if says_the_same(group[0], each)), None)
        if same is not None:
            if all(other.hit.document.id != each.hit.document.id for other in same):
                same.append(each)
        elif len(groups) < _SENTENCES or (
            len(groups) < most and each.score >= _AS_GOOD * groups[0][0].score
        ):
            groups.append([each])
            quoted |= {place_of(one) for one in (each, before(each)) if one is not None}
    return groups


def _good_enough(first: Evidence, other: Evidence) -> bool:
    """Whether a sentence may be quoted below the first one."""
    near = other.hit.relevance >= _RELEVANT * first.hit.relevance
    return other.score >= (_WORSE if near else _FAR_WORSE) * first.score


def beside_short_answer(groups: Groups) -> Groups:
    """The sentences that are good enough to stand below one that has the answer in short."""
    first = groups[0][0].score
    return [groups[0], *(group for group in groups[1:] if group[0].score >= _BESIDE * first)]


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


def with_stands(groups: Groups, stands: Sequence[Stand]) -> Groups:
    """The sentences of each stand first, then what else was chosen."""
    led = [list(stand.evidence) for stand in stands]
    shown = {place_of(each) for group in led for each in group}
    rest = [[each for each in group if place_of(each) not in shown] for group in groups]
    return [*led, *(group for group in rest if group)][: max(len(led), _SENTENCES)]


def without_copies(groups: Groups, outlets: Outlets) -> Groups:
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


def place_of(evidence: Evidence) -> tuple[str, int]:
    """What tells one sentence from another."""
    return evidence.hit.document.id, evidence.start
