"""Which value, country or name belongs to what, in a claim and in its quote.

A text is cut into parts, one around each value of a kind; what stands with a value in the claim
shouldn't stand with another one in the quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from rag.support.classes import members_at
from rag.support.clauses import Reading
from rag.support.matching import Match, Spot, kind_of, value_spots
from rag.support.mismatch import Mismatch

_STRONG = re.compile(r"[;。；]|却|\b(?:but|while|whereas)\b")
_JOINING = re.compile(r"\b(?:and|compared|versus|against|than|with)\b|和|与|而|则|及|但")
_WEAK = re.compile(r"[\n,，、：:()（）]")
_UNATTACHED = frozenset({"", "sound", "ocean", "school", "faith", "metal", "continent"})
_NAMED_CLASSES = frozenset({"country", "continent", "faith", "sound"})


def is_name(match: Match, names: frozenset[str]) -> bool:
    """Whether a match is one of a name: of those given, or by its kind."""
    if match.kind in _NAMED_CLASSES:
        return True
    texts = {match.said.text, *(spot.text for spot in match.told)}
    texts = {text for text in texts if text.isascii()} or texts
    return not match.kind and any(
        text in names or any(len(name) > 1 and name >= "\u3007" and name in text for name in names)
        for text in texts
    )


def exchanged(
    said: str, told: str, found: Sequence[Match], names: frozenset[str]
) -> Iterator[Mismatch]:
    """Two names or values of a kind, with what stands beside the one beside the other."""
    single = [match for match in found if len(match.told) == 1]
    for one, other in combinations(single, 2):
        alike = (one.kind == other.kind and one.kind) or (
            is_name(one, names) and is_name(other, names)
        )
        if not alike:
            continue
        here = _halves(said, [one.said, other.said])
        there = _halves(told, [one.told[0], other.told[0]])
        if here and there:
            rest = [match for match in single if match not in (one, other)]
            crossed, straight = _beside_both(rest, here, there)
            if len(set(crossed)) == 2 and len(straight) < len(crossed):
                yield Mismatch(
                    "direction", f"{one.said.text!r} and {other.said.text!r} change places"
                )


def _halves(text: str, spots: Sequence[Spot]) -> list[tuple[int, int]]:
    """The parts of a text around two places, in the order given."""
    parts = _parts(text, sorted(spots, key=lambda spot: spot.start))
    return parts if len(parts) < 2 or spots[0].start < spots[1].start else parts[::-1]


def _beside_both(
    rest: Sequence[Match],
    here: Sequence[tuple[int, int]],
    there: Sequence[tuple[int, int]],
) -> tuple[list[int], list[int]]:
    """In which half of the claim those stand that are in the quote's other half, and its same."""
    crossed: list[int] = []
    straight: list[int] = []
    for match in rest:
        own = [at for at, part in enumerate(here) if part[0] <= match.said.start < part[1]]
        told = [at for at, part in enumerate(there) if _within(match, part)]
        if own and told:
            (straight if own == told else crossed).append(own[0])
    return crossed, straight


def with_another_value(
    claim: Reading, quote: Reading, found: Sequence[Match], named: Sequence[Match]
) -> Iterator[Mismatch]:
    """A value, country or number of what the quote gives another one of its kind for."""
    there = _spots_by_kind(quote)
    for match in found:
        if match.kind in _UNATTACHED or len(match.told) != 1:
            continue
        place = match.told[0]
        parts = _parts(quote.marked, there.get(match.kind, []))
        own = next((part for part in parts if part[0] <= place.start < part[1]), None)
        if own is None or len(parts) < 2:
            continue
        others = [part for part in parts if part != own]
        here = _beside(claim, match, found)
        rivals = [each for each in found if each.kind == match.kind and each is not match]
        elsewhere = [each for rival in rivals for each in _beside(claim, rival, found)]
        narrow = max(own[0], quote.marked.rfind("\n", 0, place.start)), own[1]
        crossed = _is_crossed(here, narrow, others, there) or _names_crossed(
            here, narrow, others, [each for each in named if each in here or each in elsewhere]
        )
        if crossed or _is_elsewhere(here, own, others):
            yield Mismatch("number", f"{match.said.text!r} belongs to something else in the quote")


def _spots_by_kind(text: Reading) -> dict[str, list[Spot]]:
    """The values, countries and numbers of a text, by kind, in order."""
    found: dict[str, list[Spot]] = {}
    for spot, value in zip(value_spots(text), text.values, strict=True):
        found.setdefault(kind_of(value), []).append(spot)
    for name, _, start, end in sorted(members_at(text.marked), key=lambda each: each[2]):
        found.setdefault(name, []).append(Spot(start, end, text.marked[start:end]))
    for match in re.finditer(r"\d+", text.marked):
        found.setdefault("numbered", []).append(Spot(*match.span(), match.group()))
    return found


def _parts(text: str, spots: Sequence[Spot]) -> list[tuple[int, int]]:
    """The stretches of a text that each belong to one of its values, where they can be told"
    " apart."""
    if not spots:
        return []
    parts = []
    start = max((joint.end() for joint in _STRONG.finditer(text, 0, spots[0].start)), default=0)
    for spot, following in pairwise(spots):
        joint = _joint(text, spot.end, following.start)
        if joint is None:
            return []
        parts.append((start, joint.start()))
        start = joint.end()
    closing = _STRONG.search(text, spots[-1].end)
    parts.append((start, closing.start() if closing else len(text)))
    return parts


def _joint(text: str, start: int, end: int) -> re.Match[str] | None:
    """The last of the strongest boundaries between two places of a text."""
    for pattern in (_STRONG, _JOINING, _WEAK):
        found = list(pattern.finditer(text, start, end))
        if found:
            return found[-1]
    return None


def _beside(claim: Reading, match: Match, found: Sequence[Match]) -> list[Match]:
    """The matches of a claim's clause that stand nearer to this value than to others of its"
    " kind."""
    rivals = [each for each in found if each.kind == match.kind and each is not match]
    begin = claim.marked.rfind("\n", 0, match.said.start) + 1
    end = claim.marked.find("\n", match.said.end)
    end = len(claim.marked) if end < 0 else end

    def gap(one: Match, other: Match) -> int:
        return max(one.said.start - other.said.end, other.said.start - one.said.end)

    return [
        each
        for each in found
        if each is not match
        and begin <= each.said.start < end
        and all(gap(each, match) < gap(each, rival) for rival in rivals)
    ]


def _within(match: Match, part: tuple[int, int]) -> bool:
    return any(part[0] <= spot.start < part[1] for spot in match.told)


def _is_elsewhere(
    here: Sequence[Match], own: tuple[int, int], others: Sequence[tuple[int, int]]
) -> bool:
    """Whether what stands with a value in the claim stands only with others in the quote."""
    at_home = [each for each in here if _within(each, own)]
    return not at_home and any(
        each.sure and _within(each, part) for each in here for part in others
    )


def _names_crossed(
    here: Sequence[Match],
    own: tuple[int, int],
    others: Sequence[tuple[int, int]],
    named: Sequence[Match],
) -> bool:
    """Whether a name beside a value stands with another in the quote, and with it another name."""
    named = [each for each in named if each.kind in ("", "sound")]
    taken = any(each not in here and _within(each, own) for each in named)
    return taken and any(
        each in here and not _within(each, own) and any(_within(each, part) for part in others)
        for each in named
    )


def _is_crossed(
    here: Sequence[Match],
    own: tuple[int, int],
    others: Sequence[tuple[int, int]],
    there: Mapping[str, Sequence[Spot]],
) -> bool:
    """Whether a date or name beside a value stands with another in the quote, and one like it here.

    Tesla in 1915 and Edison in 1937 where the quote has them the other way round.
    """
    for each in here:
        if not each.kind or _within(each, own):
            continue
        like = there.get(each.kind, ())
        taken = any(own[0] <= spot.start < own[1] for spot in like)
        if taken and any(_within(each, part) for part in others):
            return True
    return False
