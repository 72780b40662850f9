"""Whether a quote says what a claim says of numbers, order, negation, direction and who did what.

Rules and word lists: a claim is unsupported where it states a value that the quote doesn't, puts
something in another place of an order, denies what the quote affirms or the other way round, turns
a direction round (rose, 下降), or has names and numbers change places. What else they say is not
compared: a claim on another matter comes out supported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.embed.static import StaticEmbedder
from rag.support.classes import excluded
from rag.support.clauses import read
from rag.support.matching import matches
from rag.support.mismatch import Mismatch, MismatchKind
from rag.support.names import names_of, unnamed
from rag.support.ranks import misplaced, other_rates
from rag.support.roles import is_converse, misattributed
from rag.support.sense import denials, turned_round
from rag.support.stated import unstated

__all__ = ["Mismatch", "MismatchKind", "Support", "check_support"]


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a quote bears a claim out, and where it doesn't."""

    verdict: Literal["supported", "unsupported"]
    mismatches: tuple[Mismatch, ...] = ()


def check_support(
    claim: str, quote: str, lexicon: StaticEmbedder | None = None, about: str | None = None
) -> Support:
    """Hold a claim against its quote: values and their units, negation, opposite directions, names.

    A claim may be less exact: a year for a day, `about` or `nearly` for a rounded number, `over`
    for one cut short. Spans of time, lengths, areas and the like are converted, money is not. What
    two numbers of the quote come to (a third of it, seven years later) counts as said.

    With a `lexicon` words are matched across languages, which tells more of who did what. With
    `about`, the text that the quote stands in, names that neither has are missed, too: a quote by
    itself may well say `it`.
    """
    said, told = read(claim), read(quote)
    names = names_of(claim) | names_of(quote)
    matched = matches(said, told, names, lexicon)
    found = [
        *unstated(said, told),
        *denials(said, told, matched),
        *(() if is_converse(said, told, matched) else turned_round(said, told)),
        *misplaced(said, told),
        *other_rates(said, told),
        *excluded(said, told),
        *misattributed(said, told, matched, names),
        *(() if about is None else unnamed(claim, f"{quote}\n{about}")),
    ]
    mismatches = tuple(dict.fromkeys(found))
    return Support("unsupported" if mismatches else "supported", mismatches)
