"""Whether a claim denies what its quote says, or turns it round."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.support.clauses import Clause, Reading, nearest
from rag.support.matching import Match
from rag.support.mismatch import Mismatch
from rag.support.negatives import VALUE, says_otherwise
from rag.support.opposites import WITH_VALUES_ONLY
from rag.support.stated import bears_out
from rag.support.turns import Turn, both_ways
from rag.values import Value


def denials(claim: Reading, quote: Reading, found: Sequence[Match] = ()) -> Iterator[Mismatch]:
    """Clauses that deny what the quote affirms, or affirm what it denies.

    `found` says which words of the one are which of the other, across languages.
    """
    claim_denies = any(clause.denies for clause in claim.clauses)
    for at, clause in enumerate(claim.clauses):
        if clause.denies:
            if not any(each.denies or each.half_denies for each in _spoken_of(clause, quote)):
                yield Mismatch("negation", f"the quote doesn't deny {clause.shown!r}")
        elif not clause.half_denies and not says_otherwise(clause.text, quote.text):
            near, shared = nearest(clause, quote)
            if not shared:
                near = _met(at, claim, quote, found) or near
            clear = shared or not claim_denies
            if clear and near and all(each.denies for each in near):
                yield Mismatch("negation", f"the quote denies {clause.shown!r}")


def _met(at: int, claim: Reading, quote: Reading, found: Sequence[Match]) -> list[Clause]:
    """The clauses of a quote that have most words of a claim's clause, by what was matched."""
    counts = [0] * len(quote.clauses)
    for match in found:
        if claim.marked.count("\n", 0, match.said.start) == at:
            for nth in {quote.marked.count("\n", 0, spot.start) for spot in match.told}:
                counts[nth] += 1
    most = max(counts, default=0)
    return [each for each, n in zip(quote.clauses, counts, strict=True) if n == most > 1]


def _spoken_of(clause: Clause, quote: Reading) -> Iterable[Clause]:
    """The clauses of the quote of which one must deny what a claim's clause denies."""
    near, shared = nearest(clause, quote)
    if not shared or 2 * shared >= len(clause.words):
        return near
    return [each for each in quote.clauses if each.words & clause.words]


def turned_round(claim: Reading, quote: Reading) -> Iterator[Mismatch]:
    """Directions of a claim that its quote has the other way round."""
    for clause in claim.clauses:
        yield from _turned_values(clause, quote)
        near, _ = nearest(clause, quote)
        for turn in clause.turns:
            told = _turns(near, turn.axis) or _turns(quote.clauses, turn.axis)
            own = _turns([clause], turn.axis)
            turned = _more(own, told, turn.up) and _more(told, own, not turn.up)
            if turned and turn.axis not in WITH_VALUES_ONLY:
                yield _opposite(turn, next(each for each in told if each.up != turn.up))


def _turns(clauses: Iterable[Clause], axis: str) -> list[Turn]:
    return [turn for clause in clauses for turn in clause.turns if turn.axis == axis]


def _more(turns: Iterable[Turn], others: Iterable[Turn], up: bool) -> bool:
    """Whether more of the former than of the latter go one way."""
    return sum(turn.up == up for turn in turns) > sum(turn.up == up for turn in others)


def _opposite(said: Turn, told: Turn) -> Mismatch:
    return Mismatch("direction", f"{said.word!r} where the quote says {told.word!r}")


def _turned_values(clause: Clause, quote: Reading) -> Iterator[Mismatch]:
    """A value that rises in the claim and falls in the quote."""
    for value, turn in _with_turns(clause):
        for other in quote.clauses:
            for told, against in _with_turns(other):
                opposite = turn.axis == against.axis and turn.up != against.up
                unclear = turn.axis in WITH_VALUES_ONLY and (
                    both_ways(turn.axis, clause.turns) or both_ways(turn.axis, other.turns)
                )
                if opposite and not unclear and bears_out(told, value, quote):
                    yield _opposite(turn, against)


def _with_turns(clause: Clause) -> Iterator[tuple[Value, Turn]]:
    """Each value of a clause with the words of direction that stand nearest to it, one an axis."""
    places = [match.start() for match in re.finditer(VALUE, clause.text)]
    turns = [turn for turn in clause.turns if turn.axis != "limit"]
    for place, value in zip(places, clause.values, strict=True):
        nearest_turns: dict[str, Turn] = {}
        for turn in sorted(turns, key=lambda turn: abs(turn.at - place)):
            nearest_turns.setdefault(turn.axis, turn)
        for axis, turn in nearest_turns.items():
            if value.date is None or axis == "side":
                yield value, turn
