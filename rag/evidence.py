"""Hits -> evidence: the sentences that answer, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.answer_type import AnswerType, answer_type
from rag.asking_words import nearness
from rag.bridge import find_bridges
from rag.fold import fold, words
from rag.index import Index
from rag.labels import has_label, labels
from rag.proper_names import name_words
from rag.rerank import WordMatches, match_words, word_places
from rag.sentences import Span, split_sentences
from rag.short_answer import spans_met
from rag.types import Bridge, Evidence, Hit, Query, family_of
from rag.word_spans import placed_words

HITS_READ = 6
"""Passages whose sentences are looked at."""

# What a sentence's score is made of; chosen by hand on development questions.
_CONTEXT, _NEAR, _END, _TYPED, _SPAN, _BEHIND, _ASKS = 1.0, 0.5, 0.25, 0.15, 0.2, 0.15, 0.3
# Fitted beside those above on labelled training questions, by a conditional logit; rounded.
_TOPIC, _TELLING, _EARLY, _LONG, _DATED = 0.6, 0.4, 0.15, 0.075, 0.2
_FIRST = 0.8  # a word met in the title or the passage's first sentence counts this much for all
_NEIGHBOUR = 0.5  # and one in the sentence before or after for the sentence between
_LAST_WORDS = 4
_ARTICLE = 20_000  # characters of an article in which a name is looked for
_FIRST_ONES = 6  # sentences that are looked at in any case, and all that may overtake them
_POINTS_BACK = re.compile(
    r"[\"“「『]?(?:(?:(?:of|by|in|at|with|for|from|after|before|since|to) )?"
    r"(?:he|his|she|her|hers|it|its|they|their|theirs|them|this|that|these|those|both|such"
    r"|the (?:former|latter))\b|[到从從自在]?[他她它其该該此这這那]|前者|后者|後者|同年|当时|當時"
    r"|两者|兩者)",
    re.IGNORECASE,
)
"""How a sentence begins that can't be understood without the one before it."""

_AS_GOOD_AS_SAME = 0.85  # share of common words from which two sentences say the same


@dataclass(frozen=True, slots=True)
class _Read:
    """The n sentences of one hit, how many words they have, how they match the question, and how
    well its words are met by what the passage is about, shape (question words, 1)."""

    hit: Hit
    spans: list[Span]
    lengths: list[int]
    matches: WordMatches
    topic: NDArray[np.float32]


def find_evidence(index: Index, query: Query, hits: Sequence[Hit]) -> list[Evidence]:
    """The sentences of the best hits, scored for the question, best first.

    A sentence is measured by the question words that it meets, where those that the article's title
    or the passage's first sentence meets, its topic, count for all; more by the words near the
    question word and at the end, which say what is asked, and by those that few sentences of the
    passage meet, itself or right before it; less where it is long or late. Then by whether it holds
    the kind of answer asked for, and what stands around it; how far its passage is behind the best
    one; and whether it only asks a question itself.
    """
    kind = answer_type(query.text)
    families = {family_of(hit.document.language) for hit in hits[:HITS_READ]}
    bridges = {family: find_bridges(index, query, family)[1] for family in families}
    read = [
        _read(index, query, hit, bridges[family_of(hit.document.language)])
        for hit in hits[:HITS_READ]
    ]
    found = [evidence for each in read for evidence in _score(index, query, each, hits[0])]
    least = _least(found)
    found = [_typed(index, query, kind, each) if each.score >= least else each for each in found]
    found.sort(key=lambda evidence: -evidence.score)
    found = _of_the_named(query, found)
    seen: set[tuple[str, int]] = set()
    return [each for each in found if not _known(each, seen)]


def _of_the_named(query: Query, found: Sequence[Evidence]) -> list[Evidence]:
    """The evidence without articles on others than those that the question names, where the best
    one is on them: those on Fuan or Harbour 2, where Fuding or Harbour 12 is asked about. Only an
    article in the question's own language can lack a name."""
    own = family_of(query.language)
    names, numbers = _names(query.text), labels(query.text)
    if not found or not (names or numbers) or family_of(found[0].hit.document.language) != own:
        return list(found)
    hits = {(each.hit.document.id, each.hit.passage.start): each.hit for each in found}.values()
    on_them = {
        hit.document.id
        for hit in hits
        if family_of(hit.document.language) != own or _is_on(hit, names, numbers)
    }
    if found[0].hit.document.id not in on_them:
        return list(found)
    return [each for each in found if each.hit.document.id in on_them]


def _names(question: str) -> list[str]:
    placed = placed_words(question)
    return [fold(question[placed[at].start : placed[at].end]) for at in name_words(question)]


def _is_on(hit: Hit, names: Sequence[str], numbers: Sequence[str]) -> bool:
    """Whether a passage, its article's title or beginning has one of the names, and all of the
    numbers."""
    near = f"{hit.document.title or ''}\n{hit.passage.text}"
    return _has(near, names, numbers) or _has(hit.document.text[:_ARTICLE], names, numbers)


def _has(text: str, names: Sequence[str], numbers: Sequence[str]) -> bool:
    folded = _folded(text)
    is_named = not names or any(name in folded for name in names)
    return is_named and all(has_label(text, each) for each in numbers)


@lru_cache(256)  # folding a long article takes a millisecond
def _folded(text: str) -> str:
    return fold(text)


def _known(evidence: Evidence, seen: set[tuple[str, int]]) -> bool:
    key = evidence.hit.document.id, evidence.start
    known = key in seen
    seen.add(key)
    return known


def _read(index: Index, query: Query, hit: Hit, bridges: Sequence[Bridge]) -> _Read:
    text, offset = hit.passage.text, hit.passage.start
    spans, terms = _sentences(text)
    ids = [index.lexicon.token_ids(each) for each in terms]
    title = index.lexicon.token_ids(words(hit.document.title or ""))
    across = family_of(hit.document.language) != family_of(query.language)
    asked = index.lexicon.token_ids(query.terms)
    matches = match_words(index.lexicon, asked, [*ids, title], bridges, across=across)
    topic = matches.best[:, [0, -1] if len(title) else [0]].max(axis=1, keepdims=True)
    n = len(ids)
    matches = replace(matches, best=matches.best[:, :n], window=matches.window[:n])
    places = [Span(a + offset, b + offset) for a, b in spans]
    return _Read(hit, places, [len(each) for each in ids], matches, topic)


@lru_cache(2048)  # a passage that many ask about is cut once
def _sentences(text: str) -> tuple[list[Span], list[list[str]]]:
    """The sentences of a passage, and the words of each."""
    spans = split_sentences(text)
    return spans, [words(text[start:end]) for start, end in spans]


def _score(index: Index, query: Query, read: _Read, first: Hit) -> Iterator[Evidence]:
    """By the words that are met."""
    met = read.matches.best
    if not met.shape[1]:
        return
    near, end = _asking_words(index, query, read.matches)
    scores = (
        _CONTEXT * (read.matches.weights @ _with_context(met, read.topic))
        + _NEAR * (near @ met)
        + _END * (end @ met)
        + _by_place(read.matches, read.topic)
        - _LONG * np.log1p(read.lengths)
        - _BEHIND * (first.score - read.hit.score)
    )
    for (start, stop), score in zip(read.spans, scores.tolist(), strict=True):
        yield Evidence(read.hit, start, stop, score)


def _with_context(met: NDArray[np.float32], topic: NDArray[np.float32]) -> NDArray[np.float32]:
    """How well sentences meet words where what their neighbours and their topic meet counts."""
    found: NDArray[np.float32] = np.maximum(met, _FIRST * topic)
    found[:, 1:] = np.maximum(found[:, 1:], _NEIGHBOUR * met[:, :-1])
    found[:, :-1] = np.maximum(found[:, :-1], _NEIGHBOUR * met[:, 1:])
    return found


def _by_place(matches: WordMatches, topic: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a sentence's place in its passage adds, shape (sentences,): the words that it or its
    topic meets; of those that few sentences meet, the words that it or the one before it meets;
    and more for being early."""
    met = matches.best
    before_it = met.copy()
    before_it[:, 1:] = np.maximum(met[:, 1:], met[:, :-1])
    telling = matches.weights * (1 - met.mean(axis=1))
    telling /= max(float(telling.sum()), 1e-9)
    early = 1 / np.arange(1, met.shape[1] + 1, dtype=np.float32)
    found: NDArray[np.float32] = (
        _TOPIC * (matches.weights @ np.maximum(met, topic))
        + _TELLING * (telling @ before_it)
        + _EARLY * early
    )
    return found


def _least(found: Sequence[Evidence]) -> float:
    """The score from which the kind of answer that a sentence holds may yet bring it among the
    first: to look for it takes a while."""
    scores = sorted((each.score for each in found), reverse=True)
    return scores[:_FIRST_ONES][-1] - _TYPED - _DATED - _SPAN if scores else 0.0


def _typed(index: Index, query: Query, kind: AnswerType, found: Evidence) -> Evidence:
    """The sentence with its score for the kind of answer that it holds."""
    language, score = found.hit.document.language, found.score
    spans, around = spans_met(index.lexicon, query, kind, found.text, language)
    if spans:
        score += _TYPED + _DATED * (kind == "date") + _SPAN * float(around.max())
    if found.text.endswith(("?", "？")):
        score -= _ASKS
    return replace(found, score=score)


def _asking_words(
    index: Index, query: Query, matches: WordMatches
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights of the question's words by nearness to its question word, less for what many
    sentences meet; and of its last words. Each sums to 1, or to 0 where there are none."""
    near: NDArray[np.float32] = nearness(index.lexicon, query.terms) * matches.weights
    near *= 1 - matches.best.mean(axis=1)
    end = np.zeros_like(matches.weights)
    for rows in word_places(index.lexicon, query.terms)[-_LAST_WORDS:]:
        end[rows.start : rows.stop] = 1
    end *= matches.weights
    return near / max(float(near.sum()), 1e-9), end / max(float(end.sum()), 1e-9)


def before(evidence: Evidence) -> Evidence | None:
    """The sentence before one that points back to it (It, 他, 该 ...), in the same paragraph."""
    if not _POINTS_BACK.match(evidence.text):
        return None
    offset, text = evidence.hit.passage.start, evidence.hit.passage.text
    for one, other in pairwise(split_sentences(text)):
        if other.start + offset == evidence.start and "\n" not in text[one.start : other.start]:
            return replace(evidence, start=one.start + offset, end=one.end + offset)
    return None


def says_the_same(first: Evidence, second: Evidence) -> bool:
    """Whether two sentences have nearly the same words."""
    one, other = _word_set(first.text), _word_set(second.text)
    return len(one & other) >= _AS_GOOD_AS_SAME * max(len(one | other), 1)


@lru_cache(512)  # a sentence is held against several others
def _word_set(text: str) -> frozenset[str]:
    return frozenset(words(text))
