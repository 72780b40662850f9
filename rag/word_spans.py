"""Where the words of a text stand in it.

`rag.fold.words` gives them without their places, which matching has no need of; saying which words
met, and which words a number is written with, has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.fold import WORD_RUN, fold_with_map, needs_cutting, words_of_folded


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word as `rag.fold.words` has it, and its span in the text as written."""

    term: str
    start: int
    end: int


def placed_words(text: str) -> list[PlacedWord]:
    """The words of a text in the order of `rag.fold.words`; shorter words lie inside longer."""
    folded = fold_with_map(text)
    found: list[PlacedWord] = []
    for match in WORD_RUN.finditer(folded.text):
        run, offset = match.group(), match.start()
        terms = words_of_folded(run)
        spans = _tiled(run, terms) if needs_cutting(run) else [(0, len(run))]
        for term, (start, end) in zip(terms, spans, strict=True):
            found.append(PlacedWord(term, *folded.span(offset + start, offset + end)))
    return found


def _tiled(run: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    return list(_from_the_end(run, terms))[::-1]


def _from_the_end(run: str, terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Spans of the words of a Chinese run, the last word first.

    Whole words stand end to end. Before each come the words inside it, of two characters and then
    of three, each from left to right; since every one of them that is a word is there, what can
    be inside is.
    """
    start = inside = len(run)
    whole, length = "", 0  # of the last word inside it, or of itself
    for term in reversed(terms):
        at = -1
        if 2 <= len(term) <= length and len(term) < len(whole):
            last = inside - 1 if len(term) == length else start + len(whole) - len(term)
            at = run.rfind(term, start, last + len(term))
        if at < 0:
            start -= len(term)
            whole, length, at = term, len(term), start
        else:
            inside, length = at, len(term)
        yield at, at + len(term)
