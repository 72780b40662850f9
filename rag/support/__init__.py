"""Whether a quote says what a claim says of numbers, negation and direction, in any language.

Rules and word lists, no model: a claim is unsupported where it states a value that the quote
doesn't, denies what the quote affirms or the other way round, or turns a direction round (rose,
下降). What else they say is not compared: a claim on another matter comes out supported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.support.clauses import read
from rag.support.mismatch import Mismatch, MismatchKind
from rag.support.sense import denials, turned_round
from rag.support.stated import unstated

__all__ = ["Mismatch", "MismatchKind", "Support", "check_support"]


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a quote bears a claim out, and where it doesn't."""

    verdict: Literal["supported", "unsupported"]
    mismatches: tuple[Mismatch, ...] = ()


def check_support(claim: str, quote: str) -> Support:
    """Hold a claim against its quote: values and their units, negation, opposite directions.

    A claim may be less exact: a year for a day, `about` or `nearly` for a rounded number, `over`
    for one cut short. Spans of time, lengths, areas and the like are converted, money is not.
    """
    said, told = read(claim), read(quote)
    found = [*unstated(said, told), *denials(said, told), *turned_round(said, told)]
    mismatches = tuple(dict.fromkeys(found))
    return Support("unsupported" if mismatches else "supported", mismatches)
