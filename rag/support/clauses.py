"""A text as clauses, each with its values, words, denials and directions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rag.fold import fold
from rag.support.bounds import bounded_values, values_in_words
from rag.support.concepts import words
from rag.support.negatives import VALUE, Denials, denials
from rag.support.turns import Turn, find_turns
from rag.support.wording import in_plain_words
from rag.values import Value


@dataclass(frozen=True, slots=True)
class Clause:
    """A folded clause with a mark in place of each value, and what it holds."""

    text: str
    values: tuple[Value, ...]
    words: frozenset[str]
    denials: Denials
    turns: tuple[Turn, ...]

    @property
    def shown(self) -> str:
        """The clause with its values back in their places."""
        values = iter(self.values)
        return re.sub(VALUE, lambda _: next(values).text, self.text).strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """A folded text, its clauses, and the values that it may be read to state besides."""

    text: str
    clauses: tuple[Clause, ...]
    in_words: tuple[Value, ...]

    @property
    def marked(self) -> str:
        """The clauses, a line each, with a mark in place of each value."""
        return "\n".join(clause.text for clause in self.clauses)

    @property
    def values(self) -> list[Value]:
        """The values of all clauses, in order."""
        return [value for clause in self.clauses for value in clause.values]


_JOINT = re.compile(
    r"(?<!\bno)(?:[;:!?。…\n]|(?<!\d)[,.]|[,.](?!\d))+|——+|但是?|却|而(?!且|言)"
    r"|\b(?P<word>and|(?<!nothing )(?<!all )(?<!cannot )but|while|whereas|although|though|which|who"
    r"|because|so|yet)\b"
)


@lru_cache(256)
def read(text: str) -> Reading:
    """Take a text apart."""
    text = in_plain_words(text)
    values = bounded_values(text)
    marked, at = "", 0
    for value in values:
        marked += text[at : value.start].replace(VALUE, " ") + VALUE
        at = value.end
    marked = fold(marked + text[at:].replace(VALUE, " "))
    waiting = iter(values)
    clauses = []
    for part in _with_fronted(_parts(marked), values):
        own = tuple(islice(waiting, part.count(VALUE)))
        if re.search(rf"\w|{VALUE}", part):
            clauses.append(_clause(part, own))
    folded = fold(text)
    return Reading(folded, tuple(clauses), tuple(values_in_words(folded)))


def _parts(marked: str) -> Iterator[str]:
    """The clauses; `and` and its like end one only behind three words: not steel and copper."""
    start = 0
    for match in _JOINT.finditer(marked):
        part = marked[start : match.start()]
        if not match["word"] or len(part.split()) >= 3:
            yield part
            start = match.end()
    yield marked[start:]


_FRONTED = re.compile(
    rf"^\W*(?:[a-z]+"
    rf" ){{0,3}}[\u4e00-\u9fff]{{0,3}}{VALUE}[^{VALUE}]{{0,2}}(?:{VALUE}[^{VALUE}]{{0,2}})?$"
)


def _with_fronted(parts: Iterable[str], values: Sequence[Value]) -> Iterator[str]:
    """The clauses, with the date that stands before one (In 2004, ...) as a part of it."""
    before, at = "", 0
    for part in parts:
        inside = values[at : at + part.count(VALUE)]
        at += len(inside)
        if not before and _FRONTED.search(part) and all(value.date for value in inside):
            before = part + " "
            continue
        yield before + part
        before = ""
    if before:
        yield before


def _clause(text: str, values: tuple[Value, ...]) -> Clause:
    turns = tuple(find_turns(text))
    held = {*words(text), *(f"={value.date or value.amount}" for value in values)}
    held |= {f"~{turn.axis}" for turn in turns}
    return Clause(text, values, frozenset(held), denials(text), turns)


def nearest(clause: Clause, quote: Reading) -> tuple[Sequence[Clause], int]:
    """The clauses of a quote that share most words with a claim's clause, and how many.

    Every clause of the quote where none shares any.
    """
    shared = [len(clause.words & other.words) for other in quote.clauses]
    most = max(shared, default=0)
    if not most:
        return quote.clauses, 0
    return [each for each, n in zip(quote.clauses, shared, strict=True) if n == most], most
