"""Which words of a question met which words of an article: late interaction, shown.

The same cosines and bridges that rank the passages (`rag.rerank`), here with the way back to the
words as the user and the article wrote them. Reckoned only for what is shown, about a millisecond
for each text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.answer_type import is_question_word
from rag.bridge import find_names, find_value_spellings
from rag.embed.static import Ids
from rag.fold import fold, words
from rag.index import Index
from rag.language import detect_language
from rag.types import (
    Answer,
    Bridge,
    Citation,
    Document,
    Family,
    Hit,
    MatchKind,
    Query,
    WordMatch,
    family_of,
)
from rag.word_spans import PlacedWord, placed_words

SHOWN = 6
"""Matches of a text, at most."""

_COSINE = 0.4  # the nearest of 200 words that have nothing to do with it is below .3
_WEIGHT = 0.7  # of the mean weight of the question's words; the, who and 的 are below it
_IN_A_RUN = 0.4  # of the same, for the characters of a name
_AS_GOOD = 0.05  # a longer word is shown before a shorter one inside it that is nearer by less
_LONGEST_RUN = 6  # characters of a name that the cutter doesn't know
_TELLING = 1.1  # weight of a word of substance; people, 里 and 可以 are below it
_NEAR = 0.25  # cosine of words that have something in common: cost and spent have .28
_ASKING = ("哪", "几", "谁", "何")  # 哪几种, 几项: how such words begin


Span = tuple[int, int]
"""Start and end in code points."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text that have rows; `starts` is where the rows of each begin in `ids`."""

    words: tuple[PlacedWord, ...]
    ids: Ids
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, text: str, rows_of: Callable[[str], Sequence[int]]) -> _Words:
        placed = _placed(text)
        rows = [rows_of(word.term) for word in placed]
        known = [at for at, each in enumerate(rows) if each]
        counts = [len(rows[at]) for at in known]
        return cls(
            tuple(placed[at] for at in known),
            np.array([row for at in known for row in rows[at]], np.int32),
            np.cumsum([0, *counts])[:-1].astype(np.int64),
        )

    def span(self, first: int, last: int) -> Span:
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


@lru_cache(2048)  # a sentence that answers many is cut once
def _placed(text: str) -> tuple[PlacedWord, ...]:
    return tuple(placed_words(text))


class _Question:
    """A question, made ready to be matched with texts of an index."""

    def __init__(self, index: Index, text: str) -> None:
        self._index = index
        self._text = text
        self._rows_of = cache(lambda term: index.lexicon.vocabulary.rows([term]))
        self._words = _Words.of(text, self._rows_of)
        self._family = family_of(detect_language(text))
        weights = self._lexicon_weights = index.lexicon.weights(self._words.ids)
        self._weights: NDArray[np.float32] = weights / max(float(weights.sum()), 1e-9)
        self._bridges: dict[Family, list[tuple[MatchKind, Bridge]]] = {}

    def explain(self, document: Document, start: int, end: int) -> _Explained:
        """What of the question a span of a document met, and what not."""
        text = document.text[start:end]
        read = _Words.of(text, self._rows_of) if self._words.words else self._words
        if not read.words:
            return _Explained()
        family = family_of(document.language)
        met = [*self._met_by_bridge(read, family), *self._met_by_cosine(read)]
        least = _WEIGHT / len(self._words.words)
        worth = [each for each in met if each.cosine >= _COSINE and each.weight >= least]
        matches = tuple(
            WordMatch(
                self._text[each.question[0] : each.question[1]],
                text[each.article[0] : each.article[1]],
                each.article[0] + start,
                each.article[1] + start,
                each.cosine,
                each.weight,
                each.kind,
                each.question[0],
            )
            for each in _apart(worth)[:SHOWN]
        )
        return _Explained(matches, self._unmet(met, text) if family == self._family else ())

    def _unmet(self, met: Sequence[_Met], text: str) -> tuple[str, ...]:
        """What the question tells that nothing in a text of its own language is near to, or says
        to the letter. Of another language that can't be told: translations may be far apart."""
        near = [each.question for each in met if each.cosine >= _NEAR]
        folded = fold(text)
        unmet = (
            self._text[told[0].start : max(word.end for word in told)]
            for told in self._telling
            if not any(word.term in folded or _overlaps(_span(word), near) for word in told)
        )
        return tuple(dict.fromkeys(unmet))

    @cached_property
    def _telling(self) -> list[list[PlacedWord]]:
        """The question's words of substance, a long one with the shorter ones inside it, and the
        characters of a name together; a character by itself says too little. What it asks with, and
        the word behind that (how many people, 哪家公司), are for the article to replace."""
        placed = self._words.words
        asking = [_span(word) for word in placed if _asks(word)]
        for _, end in list(asking):
            behind = min((word.start for word in placed if word.start >= end), default=end)
            asking += [_span(word) for word in placed if word.start == behind]
        heavy = np.add.reduceat(self._lexicon_weights, self._words.starts) >= _TELLING
        telling = [placed[at] for at in np.flatnonzero(heavy).tolist()]
        found: list[list[PlacedWord]] = []
        for word in sorted(telling, key=_span):
            if _overlaps(_span(word), asking):
                continue
            if found and _belong_together(found[-1][-1], word):
                found[-1].append(word)
            else:
                found.append([word])
        return [told for told in found if len(told) > 1 or not _is_character(told[0])]

    def _met_by_cosine(self, text: _Words) -> Iterator[_Met]:
        """For each question word the nearest word of the text, pieces of words taken together."""
        lexicon, asked, weights = self._index.lexicon, self._words, self._weights
        similar = self._vectors @ lexicon.word_vectors(text.ids).T
        of_words = np.maximum.reduceat(similar, text.starts, axis=1) * weights[:, None]
        shares = np.add.reduceat(weights, asked.starts)
        cosines = np.add.reduceat(of_words, asked.starts, axis=0)
        cosines /= np.maximum(shares, 1e-9)[:, None]
        cosines[_differ_in_number(asked.words, text.words)] = -1.0
        for at, nearest in enumerate(cosines.argmax(axis=1).tolist()):
            cosine = min(float(cosines[at, nearest]), 1.0)
            spans = asked.span(at, at), text.span(nearest, nearest)
            yield _Met(*spans, cosine, float(shares[at]), "word")

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        return self._index.lexicon.word_vectors(self._words.ids)

    def _met_by_bridge(self, text: _Words, family: Family) -> Iterator[_Met]:
        """Names, values and runs; of several words that may be one name the likeliest."""
        spelled: set[tuple[int, ...]] = set()
        for kind, bridge in self._bridges_to(family):
            found = text.find(bridge.spelling)
            if found is not None and not (kind == "name" and bridge.asked in spelled):
                spelled.add(bridge.asked)
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
                *(("name", bridge) for bridge in sorted(names, key=self._unlike)),
                *(("value", bridge) for bridge in values),
                *(("word", bridge) for bridge in self._runs()),
            ]
        return self._bridges[family]

    def _unlike(self, name: Bridge) -> float:
        """How far a name is from its spelling: 年底 reads as Ningde too, 宁德 is it."""
        spelling = self._index.lexicon.word_vectors(np.array(name.spelling, np.int32))
        return -float((self._vectors[list(name.asked)] @ spelling.T).max())

    def _runs(self) -> Iterator[Bridge]:
        """Runs of single characters, as the cutter leaves of names: 三祥 is shown as one."""
        placed = self._words.words
        starts = [*self._words.starts.tolist(), len(self._words.ids)]
        least = _IN_A_RUN / len(placed)
        part = [
            _is_character(word) and self._weights[starts[at]] >= least
            for at, word in enumerate(placed)
        ]
        joined = [one.end == other.start for one, other in pairwise(placed)]
        for first in range(len(placed)):
            for last in range(first + 1, min(first + _LONGEST_RUN, len(placed))):
                if not all(part[first : last + 1]) or not all(joined[first:last]):
                    break
                places = range(starts[first], starts[last + 1])
                yield Bridge(tuple(places), tuple(int(self._words.ids[at]) for at in places))


def _differ_in_number(
    asked: Sequence[PlacedWord], there: Sequence[PlacedWord]
) -> NDArray[np.bool_]:
    """Which pairs of words have a number that the other is not, shape (asked, there): 777 is no
    77772, whatever pieces they have in common."""
    found = np.zeros((len(asked), len(there)), np.bool_)
    digits = [at for at, word in enumerate(asked) if word.term[0].isdigit()]
    others = [at for at, word in enumerate(there) if word.term[0].isdigit()]
    found[digits] = True
    found[:, others] = True
    for one in digits:
        for other in others:
            found[one, other] = asked[one].term != there[other].term
    return found


@dataclass(frozen=True, slots=True)
class _Explained:
    """What of a question met a text, the best first, and what nothing in the text is near to."""

    matches: tuple[WordMatch, ...] = ()
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Met:
    """Two spans that met, of the question and of the text."""

    question: Span
    article: Span
    cosine: float
    weight: float
    kind: MatchKind


def explain(index: Index, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits, each with the words of its passage that the question's words met."""
    with index.pinned():
        asked = _Question(index, question)
        return tuple(_found(asked, hit) for hit in hits)


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
        citations = tuple(_cited(asked, each) for each in answer.citations)
        hits = tuple(_found(asked, hit) for hit in answer.hits[:seen]) + answer.hits[seen:]
    return replace(answer, citations=citations, hits=hits)


def written(match: WordMatch) -> tuple[str, str]:
    """What stands between the two sides of a match, and its cosine: "harbour ↔ 港口 .82",
    "42亿元 = 4.2 billion"; both empty where the article has the question's own word."""
    if match.kind != "word":
        return "=", ""
    if words(match.question) == words(match.article):
        return "", ""
    return "↔", f"{match.cosine:.2f}".removeprefix("0")


def _cited(asked: _Question, citation: Citation) -> Citation:
    why = asked.explain(citation.document, citation.start, citation.end)
    return replace(citation, matches=why.matches, unmet=why.unmet)


def _found(asked: _Question, hit: Hit) -> Hit:
    why = asked.explain(hit.document, hit.passage.start, hit.passage.end)
    return replace(hit, matches=why.matches, unmet=why.unmet)


def _apart(met: Sequence[_Met]) -> list[_Met]:
    """The best matches, of which no two speak of the same part of the question."""
    longest = [each for each in met if not any(_outdone(each, other) for other in met)]
    longest.sort(key=lambda each: (-each.cosine * each.weight, each.article))
    found: list[_Met] = []
    for each in longest:
        if not _overlaps(each.question, [other.question for other in found]):
            found.append(each)
    return found


def _outdone(one: _Met, other: _Met) -> bool:
    """Whether a match is part of a longer one that is as good."""
    (start, end), (left, right) = one.question, other.question
    longer = left <= start and end <= right and right - left > end - start
    return longer and other.cosine >= one.cosine - _AS_GOOD


def _span(word: PlacedWord) -> Span:
    return word.start, word.end


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    start, end = span
    return any(left < end and start < right for left, right in others)


def _asks(word: PlacedWord) -> bool:
    return is_question_word(word.term) or word.term.startswith(_ASKING)


def _belong_together(one: PlacedWord, other: PlacedWord) -> bool:
    """Whether a word begins inside the one before it, or both are characters of one name."""
    characters = _is_character(one) and _is_character(other)
    return other.start < one.end or (characters and other.start == one.end)


def _is_character(word: PlacedWord) -> bool:
    return len(word.term) == 1 and word.term >= "\u3400"
