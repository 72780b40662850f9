"""Whether a claim denies what its quote says, or turns it round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.embed.static import StaticEmbedder
from rag.fold import words
from rag.language import detect_language
from rag.reasons import Reason
from rag.rerank import match_words
from rag.support.clauses import Clause, Reading, nearest
from rag.support.mismatch import Mismatch
from rag.support.negatives import VALUE, Denials
from rag.support.opposites import WITH_VALUES_ONLY
from rag.support.stated import bears_out
from rag.support.turns import Turn, both_ways
from rag.types import family_of
from rag.values import Value

_MET = 0.3  # mean cosine of the words of a clause that a claim speaks of


def denied_otherwise(
    claim: Reading, quote: Reading, lexicon: StaticEmbedder | None = None
) -> Iterator[Mismatch]:
    """More denials in a claim than its quote bears out, or fewer than what it speaks of there has.

    A word such as `lack` or `unknown` may stand for a denial, but calls for none. With a `lexicon`
    what a claim speaks of is told across languages, too.
    """
    said = sum((clause.denials for clause in claim.clauses), Denials())
    told = sum((clause.denials for clause in quote.clauses), Denials())
    if said.plain > told.plain + told.half:
        clause = max(claim.clauses, key=lambda each: each.denials.plain)
        yield Mismatch("negation", Reason("undenied", clause.shown))
        return
    denying = [each for each in _spoken_of(claim, quote) if each.denials.plain]
    if lexicon is not None:
        denying = [each for each in denying if _is_met(lexicon, each.shown, claim.text)]
    if sum(each.denials.plain for each in denying) > said.plain + said.half:
        yield Mismatch("negation", Reason("denied", denying[0].shown))


def _spoken_of(claim: Reading, quote: Reading) -> list[Clause]:
    """The clauses of a quote that some clause of the claim has most words of."""
    near = [each for clause in claim.clauses for each in nearest(clause, quote)[0]]
    return [each for each in quote.clauses if each in near]


def _is_met(lexicon: StaticEmbedder, clause: str, claim: str) -> bool:
    """Whether the words of a quote's clause are near to those of a claim."""
    told, said = (lexicon.token_ids(words(text)) for text in (clause, claim))
    across = family_of(detect_language(clause)) != family_of(detect_language(claim))
    met = match_words(lexicon, told, [said], across=across)
    return not len(told) or float(met.maxsim[0]) >= _MET


def turned_round(claim: Reading, quote: Reading) -> Iterator[Mismatch]:
    """Directions of a claim that its quote has the other way round, and only so."""
    for clause in claim.clauses:
        yield from _turned_values(clause, quote)
    told = [turn for clause in quote.clauses for turn in clause.turns]
    said = [turn for clause in claim.clauses for turn in clause.turns]
    for turn in said:
        against = [each for each in told if each.axis == turn.axis]
        ways = {each.up for each in said if each.axis == turn.axis}
        one_way = len(ways) == 1 and {each.up for each in against} == {not turn.up}
        if one_way and turn.axis not in WITH_VALUES_ONLY:
            yield _opposite(turn, against[0])


def _opposite(said: Turn, told: Turn) -> Mismatch:
    return Mismatch("direction", Reason("turned", said.word, told.word))


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
    for place, value in zip(places, clause.values, strict=True):
        nearest_turns: dict[str, Turn] = {}
        for turn in sorted(clause.turns, key=lambda turn: abs(turn.at - place)):
            nearest_turns.setdefault(turn.axis, turn)
        for axis, turn in nearest_turns.items():
            if value.date is None or axis == "side":
                yield value, turn
