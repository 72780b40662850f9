"""What the two languages share: the parts of a question, and how dates are exchanged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.fold import fold
from rag.types import Language
from rag.values import Value, find_values, render
from rag.values.dates import date_parts

Kind = Literal["person", "role", "organisation", "place", "thing", "name"]
"""`role` describes a person (the mayor of Lind), `name` is one of a kind that isn't told."""

Wanted = Literal["person", "organisation", "place", "thing", "many", "time", "matter"]
"""What a pronoun points to. `many` are several of any kind, `matter` all that a question says."""


@dataclass(frozen=True, slots=True)
class Part:
    """A noun phrase of a question that others may point to, and its span there.

    `text` is how it is named when carried over. `weak` is one that only says where, or is asked
    for itself.
    """

    text: str
    kind: Kind
    start: int
    end: int
    weak: bool = False
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """Words of a question that point outside it. `noun` is what they name: that bridge; `exact`
    says that nothing without this noun can be meant."""

    start: int
    end: int
    wanted: Wanted
    noun: str = ""
    possessive: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a question without a verb puts in the place of a part of the last one.

    `preposition` is the English one before it, if any.
    """

    text: str
    preposition: str = ""


_NEXT = re.compile(
    r"the (?:following|next) year|(?:a|one) year later|the year after|[后後次下]一年|第二年"
)
_BEFORE = re.compile(
    r"the (?:previous|preceding) year|(?:a|one) year (?:earlier|before)|the year before|[前上]一年"
)
_RELATIVE = re.compile(
    r"(?:last|this|next) (?:year|month|week|quarter)|today|yesterday|now|nowadays|recently"
    r"|[去今明前後后]年|[上本下]个?月|[上本下]周|现在|目前|如今|今天|昨天"
)


def dates_of(text: str) -> list[Value]:
    """The dates of a text, in order."""
    return [value for value in find_values(text) if value.date is not None]


def says_only_time(text: str) -> bool:
    """Whether a text is a date and nothing else."""
    folded = fold(text).strip()
    if any(each.fullmatch(folded) for each in (_NEXT, _BEFORE, _RELATIVE)):
        return True
    values = dates_of(text)
    return len(values) == 1 and values[0].text.strip() == text.strip()


def date_for(text: str, old: Value | None, language: Language) -> str:
    """The words for the date that `text` says, where `old` stood: its year holds on."""
    folded = fold(text).strip()
    year = int(old.date[:4]) if old and old.date and old.date[:4].isdecimal() else None
    if year and (_NEXT.fullmatch(folded) or _BEFORE.fullmatch(folded)):
        return render(
            Value("date", date=str(year + (1 if _NEXT.fullmatch(folded) else -1))), language
        )
    new = next(iter(dates_of(text)), None)
    if new is None or new.date is None or new.date[0] == "C" or new.date[-1] == "X":
        return text
    named, month, day, span = date_parts(new.date)
    if not named and year:
        ending = span or f"{month:02}" + (f"-{day:02}" if day else "")
        return render(replace(new, date=f"{year}-{ending}"), language)
    return render(new, language)


def like_value(text: str, question: str) -> tuple[Value, Value] | None:
    """The number that a text is, and the one of a question that it could stand for."""
    values = find_values(text)
    if len(values) != 1 or values[0].kind == "date" or values[0].text.strip() != text.strip():
        return None
    new = values[0]
    alike = (old for old in find_values(question) if (old.kind, old.unit) == (new.kind, new.unit))
    old = next(alike, None)
    return (new, old) if old else None


def first_of(
    parts: Sequence[Part], wanted: Wanted, noun: str = "", exact: bool = False
) -> Part | None:
    """The part that a pointer of a kind means; one that ends in its noun before others."""
    named = [part for part in parts if noun and fold(part.text).endswith(fold(noun))]
    if named:
        return named[0]
    for kinds in () if exact else _RANKS[wanted]:
        fitting = [part for part in parts if part.kind in kinds]
        if wanted == "many":
            fitting.sort(key=lambda part: (not part.plural, part.weak))
        elif wanted == "thing":
            fitting.sort(key=lambda part: part.weak or part.plural)
        if fitting:
            return fitting[0]
    return None


_RANKS: dict[Wanted, tuple[tuple[Kind, ...], ...]] = {
    "person": (("person",), ("role",), ("name",)),
    "organisation": (("organisation",), ("name",)),
    "place": (("place",), ("name",), ("organisation",)),
    "thing": (("thing", "organisation", "name", "place"),),
    "many": (("thing", "organisation", "role", "person", "name"), ("place",)),
    "time": (),
    "matter": (),
}
