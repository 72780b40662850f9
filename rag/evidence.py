"""Hits -> evidence: the sentences that answer, best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.answer_type import AnswerType, answer_type
from rag.bridge import find_bridges
from rag.fold import lexical_terms, words
from rag.index import Index
from rag.rerank import WordMatches, match_words
from rag.sentences import Span, split_sentences
from rag.short_answer import candidate_spans
from rag.types import Bridge, Evidence, Hit, Query, family_of

HITS_READ = 6
"""Passages whose sentences are looked at."""

_NEIGHBOUR = 0.7  # a word met in the sentence before or after counts this much
_CONTEXT, _OWN, _COVERED, _BEHIND, _TYPED, _ASKS = 1.0, 0.5, 0.5, 0.15, 0.15, 0.3
_AS_GOOD_AS_SAME = 0.85  # share of common words from which two sentences say the same


@dataclass(frozen=True, slots=True)
class _Read:
    """The sentences of one hit, and how they match the question."""

    hit: Hit
    spans: list[Span]
    terms: list[list[str]]
    matches: WordMatches


def find_evidence(index: Index, query: Query, hits: Sequence[Hit]) -> list[Evidence]:
    """The sentences of the best hits, scored for the question, best first.

    A sentence's score is made of the question words that it meets (alone, and with its
    neighbours), the rare ones among them that it repeats to the letter, how far its passage is
    behind the best one, whether it holds the kind of answer that is asked for, and whether it only
    asks a question itself.
    """
    kind = answer_type(query.text)
    families = {family_of(hit.document.language) for hit in hits[:HITS_READ]}
    bridges = {family: find_bridges(index, query, family)[1] for family in families}
    read = [
        _read(index, query, hit, bridges[family_of(hit.document.language)])
        for hit in hits[:HITS_READ]
    ]
    found = [evidence for each in read for evidence in _score(index, query, each, kind, hits[0])]
    found.sort(key=lambda evidence: -evidence.score)
    seen: set[tuple[str, int]] = set()
    return [each for each in found if not _known(each, seen)]


def _known(evidence: Evidence, seen: set[tuple[str, int]]) -> bool:
    key = evidence.hit.document.id, evidence.start
    known = key in seen
    seen.add(key)
    return known


def _read(index: Index, query: Query, hit: Hit, bridges: Sequence[Bridge]) -> _Read:
    text, offset = hit.passage.text, hit.passage.start
    spans = split_sentences(text)
    terms = [words(text[start:end]) for start, end in spans]
    ids = [index.lexicon.token_ids(each) for each in terms]
    across = family_of(hit.document.language) != family_of(query.language)
    asked = index.lexicon.token_ids(query.terms)
    matches = match_words(index.lexicon, asked, ids, bridges, across=across)
    return _Read(hit, [Span(a + offset, b + offset) for a, b in spans], terms, matches)


def _score(
    index: Index, query: Query, read: _Read, kind: AnswerType, first: Hit
) -> Iterator[Evidence]:
    covered = _covered(index, query, read)
    context = _with_neighbours(read.matches)
    behind = first.score - read.hit.score
    document = read.hit.document
    for at, (start, end) in enumerate(read.spans):
        typed = bool(candidate_spans(document.text[start:end], kind, document.language))
        score = (
            _CONTEXT * context[at]
            + _OWN * read.matches.maxsim[at]
            + _COVERED * covered[at]
            - _BEHIND * behind
            + _TYPED * typed
            - _ASKS * document.text[start:end].endswith(("?", "？"))
        )
        yield Evidence(read.hit, start, end, float(score))


def _covered(index: Index, query: Query, read: _Read) -> list[float]:
    """For each sentence the share of the question's terms that it repeats, the rare ones more."""
    asked = list(dict.fromkeys(lexical_terms(query.terms)))
    idf = index.idf(asked, family_of(read.hit.document.language))
    total = max(float(idf.sum()), 1e-9)
    held = (set(lexical_terms(terms)) for terms in read.terms)
    return [
        sum(float(weight) for term, weight in zip(asked, idf, strict=True) if term in own) / total
        for own in held
    ]


def _with_neighbours(matches: WordMatches) -> NDArray[np.float32]:
    """MaxSim of each sentence where its neighbours' words count too, though less."""
    best = matches.best
    if not best.size:
        return np.zeros(best.shape[1], np.float32)
    around = np.zeros_like(best)
    around[:, 1:] = best[:, :-1]
    around[:, :-1] = np.maximum(around[:, :-1], best[:, 1:])
    found: NDArray[np.float32] = matches.weights @ np.maximum(best, _NEIGHBOUR * around)
    return found


def says_the_same(first: Evidence, second: Evidence) -> bool:
    """Whether two sentences have nearly the same words."""
    one, other = set(words(first.text)), set(words(second.text))
    return len(one & other) >= _AS_GOOD_AS_SAME * max(len(one | other), 1)
