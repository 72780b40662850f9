"""Which words of a question met which words of an article: late interaction, shown.

The same cosines and bridges that rank the passages (`rag.rerank`), here with the way back to the
words as the user and the article wrote them. Reckoned only for what is shown, about a millisecond
for each text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.bridge import find_names, find_value_spellings
from rag.embed.static import Ids
from rag.fold import words
from rag.index import Index
from rag.language import detect_language
from rag.types import Answer, Bridge, Document, Family, Hit, MatchKind, Query, WordMatch, family_of
from rag.word_spans import PlacedWord, placed_words

SHOWN = 6
"""Matches of a text, at most."""

_COSINE = 0.4  # the nearest of 200 words that have nothing to do with it is below .3
_WEIGHT = 0.7  # of the mean weight of the question's words; the, who and 的 are below it
_IN_A_RUN = 0.4  # of the same, for the characters of a name
_AS_GOOD = 0.05  # a longer word is shown before a shorter one inside it that is nearer by less
_LONGEST_RUN = 6  # characters of a name that the cutter doesn't know


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text that have rows; `starts` is where the rows of each begin in `ids`."""

    words: tuple[PlacedWord, ...]
    ids: Ids
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, text: str, rows_of: Callable[[str], Sequence[int]]) -> _Words:
        placed = placed_words(text)
        rows = [rows_of(word.term) for word in placed]
        known = [at for at, each in enumerate(rows) if each]
        counts = [len(rows[at]) for at in known]
        return cls(
            tuple(placed[at] for at in known),
            np.array([row for at in known for row in rows[at]], np.int32),
            np.cumsum([0, *counts])[:-1].astype(np.int64),
        )

    def span(self, first: int, last: int) -> tuple[int, int]:
        """From one word to another, in the text."""
        within = self.words[first : last + 1]
        return min(word.start for word in within), max(word.end for word in within)

    def word_at(self, row: int) -> int:
        """The word that a place in `ids` belongs to."""
        return int(np.searchsorted(self.starts, row, side="right")) - 1

    def find(self, spelling: Sequence[int]) -> tuple[int, int] | None:
        """First and last word of a run of rows that are whole words, where it stands first."""
        length = len(spelling)
        starts = np.ones(max(0, len(self.ids) - length + 1), dtype=bool)
        for at, row in enumerate(spelling):
            starts &= self.ids[at : at + len(starts)] == row
        for start in np.flatnonzero(starts).tolist():
            ends = {start, start + length}
            if ends <= {*self.starts.tolist(), len(self.ids)}:
                return self.word_at(start), self.word_at(start + length - 1)
        return None


class _Question:
    """A question, made ready to be matched with texts of an index."""

    def __init__(self, index: Index, text: str) -> None:
        self._index = index
        self._text = text
        self._rows_of = cache(lambda term: index.lexicon.vocabulary.rows([term]))
        self._words = _Words.of(text, self._rows_of)
        weights = index.lexicon.weights(self._words.ids)
        self._weights: NDArray[np.float32] = weights / max(float(weights.sum()), 1e-9)
        self._bridges: dict[Family, list[tuple[MatchKind, Bridge]]] = {}

    def matches(self, document: Document, start: int, end: int) -> tuple[WordMatch, ...]:
        """The matches worth showing in a span of a document, the best first."""
        if not self._words.words:
            return ()
        text = document.text[start:end]
        read = _Words.of(text, self._rows_of)
        if not read.words:
            return ()
        met = [
            *self._met_by_bridge(read, family_of(document.language)),
            *self._met_by_cosine(read),
        ]
        least = _WEIGHT / len(self._words.words)
        worth = [each for each in met if each.cosine >= _COSINE and each.weight >= least]
        return tuple(
            WordMatch(
                self._text[each.question[0] : each.question[1]],
                text[each.article[0] : each.article[1]],
                each.article[0] + start,
                each.article[1] + start,
                each.cosine,
                each.weight,
                each.kind,
            )
            for each in _apart(worth)[:SHOWN]
        )

    def _met_by_cosine(self, text: _Words) -> Iterator[_Met]:
        """For each question word the nearest word of the text, pieces of words taken together."""
        lexicon, asked, weights = self._index.lexicon, self._words, self._weights
        similar = self._vectors @ lexicon.word_vectors(text.ids).T
        of_words = np.maximum.reduceat(similar, text.starts, axis=1) * weights[:, None]
        shares = np.add.reduceat(weights, asked.starts)
        cosines = np.add.reduceat(of_words, asked.starts, axis=0)
        cosines /= np.maximum(shares, 1e-9)[:, None]
        for at, nearest in enumerate(cosines.argmax(axis=1).tolist()):
            cosine = min(float(cosines[at, nearest]), 1.0)
            spans = asked.span(at, at), text.span(nearest, nearest)
            yield _Met(*spans, cosine, float(shares[at]), "word")

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        return self._index.lexicon.word_vectors(self._words.ids)

    def _met_by_bridge(self, text: _Words, family: Family) -> Iterator[_Met]:
        for kind, bridge in self._bridges_to(family):
            found = text.find(bridge.spelling)
            if found is not None:
                named = sorted({self._words.word_at(row) for row in bridge.asked})
                together = [at for step, at in enumerate(named) if at - named[0] == step]
                span = self._words.span(together[0], together[-1])
                weight = float(self._weights[list(bridge.asked)].sum())
                yield _Met(span, text.span(*found), 1.0, weight, kind)

    def _bridges_to(self, family: Family) -> list[tuple[MatchKind, Bridge]]:
        if family not in self._bridges:
            language = detect_language(self._text)
            terms = tuple(words(self._text))
            query = Query(self._text, language, terms, np.zeros(0, np.float32))
            names = find_names(self._index, query, family)[1]
            values = find_value_spellings(self._index, query, family)[1]
            self._bridges[family] = [
                *(("name", bridge) for bridge in names),
                *(("value", bridge) for bridge in values),
                *(("word", bridge) for bridge in self._runs()),
            ]
        return self._bridges[family]

    def _runs(self) -> Iterator[Bridge]:
        """Runs of single characters, as the cutter leaves of names: 三祥 is shown as one."""
        placed = self._words.words
        starts = [*self._words.starts.tolist(), len(self._words.ids)]
        least = _IN_A_RUN / len(placed)
        part = [
            len(word.term) == 1 and word.term >= "\u3400" and self._weights[starts[at]] >= least
            for at, word in enumerate(placed)
        ]
        joined = [one.end == other.start for one, other in pairwise(placed)]
        for first in range(len(placed)):
            for last in range(first + 1, min(first + _LONGEST_RUN, len(placed))):
                if not all(part[first : last + 1]) or not all(joined[first:last]):
                    break
                places = range(starts[first], starts[last + 1])
                yield Bridge(tuple(places), tuple(int(self._words.ids[at]) for at in places))


@dataclass(frozen=True, slots=True)
class _Met:
    """Two spans that met, of the question and of the text."""

    question: tuple[int, int]
    article: tuple[int, int]
    cosine: float
    weight: float
    kind: MatchKind


def explain(index: Index, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits, each with the words of its passage that the question's words met."""
    with index.pinned():
        asked = _Question(index, question)
        return tuple(_explained(asked, hit) for hit in hits)


def explain_answer(index: Index, answer: Answer, *, shown_only: bool = False) -> Answer:
    """The answer, its citations and its hits each with the words that met.

    `shown_only` leaves out the hits that a reader doesn't see: all where there is an answer, all
    but the nearest where there is none.
    """
    seen = len(answer.hits)
    if shown_only:
        from rag.answer import nearest

        seen = len(nearest(answer.hits)) if answer.declined else 0
    with index.pinned():
        asked = _Question(index, answer.resolved or answer.question)
        citations = tuple(
            replace(each, matches=asked.matches(each.document, each.start, each.end))
            for each in answer.citations
        )
        hits = tuple(_explained(asked, hit) for hit in answer.hits[:seen]) + answer.hits[seen:]
    return replace(answer, citations=citations, hits=hits)


def written(match: WordMatch) -> tuple[str, str]:
    """What stands between the two sides of a match, and its cosine: "harbour ↔ 港口 .82",
    "42亿元 = 4.2 billion"; both empty where the article has the question's own word."""
    if match.kind != "word":
        return "=", ""
    if words(match.question) == words(match.article):
        return "", ""
    return "↔", f"{match.cosine:.2f}".removeprefix("0")


def _explained(asked: _Question, hit: Hit) -> Hit:
    passage = hit.passage
    return replace(hit, matches=asked.matches(hit.document, passage.start, passage.end))


def _apart(met: Sequence[_Met]) -> list[_Met]:
    """The best matches, of which no two speak of the same part of the question."""
    longest = [each for each in met if not any(_outdone(each, other) for other in met)]
    longest.sort(key=lambda each: (-each.cosine * each.weight, each.article))
    found: list[_Met] = []
    for each in longest:
        start, end = each.question
        if all(end <= other.question[0] or other.question[1] <= start for other in found):
            found.append(each)
    return found


def _outdone(one: _Met, other: _Met) -> bool:
    """Whether a match is part of a longer one that is as good."""
    (start, end), (left, right) = one.question, other.question
    longer = left <= start and end <= right and right - left > end - start
    return longer and other.cosine >= one.cosine - _AS_GOOD
