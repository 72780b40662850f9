"""Who did what to whom, and from where to where.

Only what can be told with some certainty: a name behind `from` in the claim and behind `to` in the
quote, two names on other sides of the same verb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Literal

from rag.support.attached import exchanged, is_name, with_another_value
from rag.support.clauses import Reading
from rag.support.matching import Match, Spot
from rag.support.mismatch import Mismatch

Role = Literal["source", "goal", "agent", "before", "after", "rejected"]

_BEFORE_IT: tuple[tuple[Role, re.Pattern[str]], ...] = (  # what stands before a name in its role
    (
        "source",
        re.compile(
            r"(?:\bfrom(?: the)?\s|(?<!来)[从自](?!己)|离开|脱离"
            r"|由(?=[^,.;，。]{1,24}(?:到|至|向|往|升|降|增|减|改|变|迁|移)))\s?$"
        ),
    ),
    ("goal", re.compile(r"(?:\b(?:to|into|towards?)(?: the)?\s|(?:[到至往向]|成为?)了?)\s?$")),
    (
        "agent",
        re.compile(r"(?:\bby(?: the)?\s|被|遭到?|由|受到?|败给|输给|\blost to(?: the)?\s)\s?$"),
    ),
    (
        "rejected",
        re.compile(
            r"(?:(?:^\s*not|rather than|instead of)(?: in| to| by| from)?(?: the)? "
            r"|^\s*不是[在由]?|^\s*非[在由]?)$"
        ),
    ),
    ("before", re.compile(r"\b(?:before|prior to)(?: \w+){0,3} $")),
    ("after", re.compile(r"\b(?:after|following)(?: \w+){0,3} $")),
)
_BEHIND_IT: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("before", re.compile(r"[^,.;，。\n]{0,6}?(?:之前|以前|前(?=[,，]))")),
    ("after", re.compile(r"[^,.;，。\n]{0,6}?(?:之后|以后|后(?=[,，]))")),
)
_OPPOSITE_ROLES = ({"source", "goal"}, {"before", "after"})
_PASSIVE = re.compile(
    r"\bby\b|被|遭|获|经|接受|得到|受到?|由|\b(?:lost|los[es]\w*) to\b|败给|输给|不敌|把|将|用"
    r"|\bwith\b|从|自|\bfrom\b"
)
_CONJOINED = re.compile(r"^[\s\w]{0,12}(?:\band\b|\bor\b|和|与|及|、|跟|同|,)[\s\w]{0,12}$")
_COMPARED = re.compile(
    r"\bthan\b(?: in| that of)?|(?<![\x01\d])比(?![赛例分\x01\d])|[大小多少高低长短强弱重轻早晚]于"
)
_BREAK = re.compile(r"[;\n。，,：:()（）]")


def misattributed(
    claim: Reading, quote: Reading, found: Sequence[Match], names: frozenset[str]
) -> Iterator[Mismatch]:
    """Names, words and values of a claim that have another part in its quote.

    `found` are their matches, `names` the folded names of both.
    """
    yield from _other_role(claim.marked, quote.marked, found)
    named = [match for match in found if is_name(match, names)]
    yield from _other_side(claim, quote, named, found)
    runs = [match for match in found if _is_a_run(match)]
    verbs = [match for match in runs if _is_a_verb(match.said.text)]
    yield from _other_side(claim, quote, runs, verbs)
    yield from with_another_value(claim, quote, found, named)
    yield from exchanged(claim.marked, quote.marked, found, names)


def _roles(text: str, spot: Spot) -> set[Role]:
    before, behind = text[max(0, spot.start - 24) : spot.start], text[spot.end : spot.end + 12]
    before = before.rpartition("\n")[2]
    found = {role for role, pattern in _BEFORE_IT if pattern.search(before)}
    return found | {role for role, pattern in _BEHIND_IT if pattern.match(behind)}


def _other_role(said: str, told: str, found: Sequence[Match]) -> Iterator[Mismatch]:
    """From A to B where the quote says from B to A; by A where it says by B, and has A as well."""
    roles = [
        (
            match,
            _roles(said, match.said),
            set[Role]().union(*(_roles(told, spot) for spot in match.told)),
        )
        for match in found
    ]
    for match, own, there in roles:
        for pair in _OPPOSITE_ROLES:
            if len(own & pair) == len(there & pair) == 1 and own & pair != there & pair:
                yield Mismatch("direction", f"{match.said.text!r} is the other end in the quote")
    for match, own, there in roles:
        everywhere = all("rejected" in _roles(told, spot) for spot in match.told)
        if everywhere and "rejected" not in own and there:
            yield Mismatch("negation", f"the quote says that it is not {match.said.text!r}")
    singular: tuple[Role, ...] = ("source", "agent")
    for role in singular:
        here = [match for match, own, there in roles if role in own and role not in there]
        instead = [match for match, own, there in roles if role in there and role not in own]
        same = [one for one in here for other in instead if one.kind == other.kind]
        if same:
            text = same[0].said.text
            yield Mismatch("direction", f"{text!r} has another part in the quote")


def is_converse(claim: Reading, quote: Reading, found: Sequence[Match]) -> bool:
    """Whether a claim compares the other way round: A is shorter than B, B is longer than A."""
    return any(
        all(_COMPARED.search(text) for text in gaps.texts)
        for _, _, gaps in _turned_pairs(claim.marked, quote.marked, found)
    )


@dataclass(frozen=True, slots=True)
class _Gaps:
    """What stands between two names: in the claim, then in each place of the quote."""

    places: tuple[tuple[int, int], ...]
    texts: tuple[str, ...]


def _turned_pairs(
    said: str, told: str, named: Sequence[Match]
) -> Iterator[tuple[Match, Match, _Gaps]]:
    """Names of which one acts on the other in the claim, and only the other way round in the"
    " quote."""
    for one, other in combinations(named, 2):
        if not _acts_on(said, one.said, other.said):
            continue
        same = [
            (first, last)
            for first in one.told
            for last in other.told
            if "\n" not in told[min(first.end, last.end) : max(first.start, last.start)]
        ]
        turned = [pair for pair in same if _acts_on(told, pair[1], pair[0])]
        if turned and not any(first.start < last.start for first, last in same):
            own = one.said.end, other.said.start
            places = (own, *((last.end, first.start) for first, last in turned))
            texts = (said[slice(*own)], *(told[slice(*place)] for place in places[1:]))
            yield one, other, _Gaps(places, texts)


def _other_side(
    claim: Reading, quote: Reading, named: Sequence[Match], verbs: Sequence[Match]
) -> Iterator[Mismatch]:
    """A beat B where the quote says that B beat A."""
    for one, other, gaps in _turned_pairs(claim.marked, quote.marked, named):
        compared = {bool(_COMPARED.search(text)) for text in gaps.texts}
        if len(compared) > 1:
            continue
        if all(compared):
            sure = len(set(gaps.texts)) == 1 or _go_one_way(claim, quote)
        else:
            sure = _is_latin(one) and _is_latin(other) and _close(gaps.texts)
        by_verb = not any(compared) and any(
            _stands_between(verb, gaps.places) and _may_be_a_verb(verb) for verb in verbs
        )
        if sure or by_verb:
            yield Mismatch("direction", f"{one.said.text!r} and {other.said.text!r} change places")


def _go_one_way(claim: Reading, quote: Reading) -> bool:
    """Whether some word of direction goes the same way in both, and none the other way."""
    said, told = (
        {(turn.axis, turn.up) for clause in text.clauses for turn in clause.turns}
        for text in (claim, quote)
    )
    return bool(said & told) and not any((axis, not up) in told for axis, up in said)


def _acts_on(text: str, one: Spot, other: Spot) -> bool:
    """Whether one stands before the other in a clause, joined by neither `and` nor a passive."""
    gap = text[one.end : other.start]
    gap = _COMPARED.sub("", gap)
    return one.end < other.start and not (
        _BREAK.search(gap) or _CONJOINED.match(gap) or _PASSIVE.search(gap)
    )


def _is_a_run(match: Match) -> bool:
    """Whether the same Chinese characters stand in both."""
    return not match.kind and match.said.text > "\u3007"


@lru_cache(4096)
def _is_a_verb(word: str) -> bool:
    import rjieba

    return [tag[:1] for _, tag in rjieba.tag(word, True)] == ["v"]


def _is_latin(match: Match) -> bool:
    """Whether a name is in Latin letters on both sides, and the very same."""
    return {match.said.text} == {spot.text for spot in match.told} and match.said.text.isascii()


def _close(texts: Sequence[str]) -> bool:
    """Whether no more than a verb and a word beside it stand in each of the gaps."""
    return all(
        1 <= len(text.split()) <= 2 if text.isascii() else len(text) <= 6 and _has_a_verb(text)
        for text in texts
    )


@lru_cache(4096)
def _has_a_verb(word: str) -> bool:
    import rjieba

    return any(tag.startswith("v") for _, tag in rjieba.tag(word, True))


def _may_be_a_verb(match: Match) -> bool:
    """Whether what a match has in Chinese is a verb; in English alone nothing tells it."""
    texts = [match.said.text, *(spot.text for spot in match.told)]
    han = [text for text in texts if text > "\u3007"]
    return not match.kind and (any(map(_has_a_verb, han)) if han else True)


def _stands_between(verb: Match, gaps: Sequence[tuple[int, int]]) -> bool:
    own, *others = gaps
    return own[0] <= verb.said.start < own[1] and any(
        start <= spot.start < end for start, end in others for spot in verb.told
    )
