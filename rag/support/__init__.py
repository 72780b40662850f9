"""Whether a quote says what a claim says of numbers, order, negation and direction.

Rules and word lists: a claim is unsupported where it states a value that the quote doesn't, puts
something in another place of an order, denies what the quote affirms or the other way round, or
turns a direction round (rose, 下降). What else they say is not compared, who did what least of all:
a claim on another matter comes out supported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.embed.static import StaticEmbedder
from rag.support.classes import excluded
from rag.support.clauses import read
from rag.support.counted import recounted
from rag.support.mismatch import Mismatch, MismatchKind
from rag.support.names import unnamed
from rag.support.numbers import strange_numbers
from rag.support.ranks import misplaced, other_rates
from rag.support.sense import denied_otherwise, turned_round
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

    With a `lexicon` it is told across languages, too, whether a claim speaks of what its quote
    denies. With `about`, the text that the quote stands in, names that neither has are missed,
    too: a quote by itself may well say `it`.
    """
    said, told = read(claim), read(quote)
    found = [
        *unstated(said, told),
        *strange_numbers(said, told),
        *recounted(said, told),
        *denied_otherwise(said, told, lexicon),
        *turned_round(said, told),
        *misplaced(said, told),
        *other_rates(said, told),
        *excluded(said, told),
        *(() if about is None else unnamed(claim, f"{quote}\n{about}")),
    ]
    mismatches = tuple(dict.fromkeys(found))
    return Support("unsupported" if mismatches else "supported", mismatches)
