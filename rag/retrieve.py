"""A question -> hits: dense and lexical candidates of each language, then late interaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rag.bridge import find_bridges
from rag.confidence import Ranking, number_words, signals
from rag.cross_encoder import RESCORED, rescore
from rag.embed.static import Ids, StaticEmbedder
from rag.errors import UsageError
from rag.fold import lexical_terms, words
from rag.fuse import reciprocal_rank_fusion
from rag.index import Index
from rag.language import detect_language
from rag.period import asked_period
from rag.proper_names import name_words
from rag.questions import LONGEST, too_long
from rag.relevance import Calibration, Pair, built_in_calibration, features, probability
from rag.rerank import WordMatches, match_words, word_places
from rag.ruled_out import are_ruled_out
from rag.types import Family, Hit, Period, Query, Vectors, family_of

CANDIDATES = 64
"""Passages taken from each retriever for each language family, at least."""

_OF_A_TIME = 30  # passages looked at for those of the time that a question names
_TIME_LIFT = 0.25  # what being of that time is worth, of the way from their last to their first

_BM25_K1 = 1.2  # as tantivy has it: a term's score is at most (k1 + 1) * idf


@dataclass(frozen=True, slots=True)
class Candidates:
    """One family's candidates: `features` of shape (n, len(FEATURES)), the other scores (n,)."""

    family: Family
    rows: NDArray[np.int64]
    cosine: NDArray[np.float32]
    bm25: NDArray[np.float32]
    features: NDArray[np.float32]
    matches: WordMatches

    def __len__(self) -> int:
        return len(self.rows)


def search(
    index: Index, text: str, *, top_k: int = 10, today: date | None = None
) -> tuple[Query, list[Hit]]:
    """The passages that answer a question best, best first, at most `top_k`.

    Where the index has a reranker, that has the last word on the best of them; where it has a
    refit, that has the last word on their relevance. A question that names a time prefers passages
    published or set then; it is counted from `today`, the machine's date when not given. Where no
    passage can answer it, whatever words they meet, their relevance is 0. Raises UsageError when
    the question is too long to be one.
    """
    if len(text) > LONGEST:
        raise UsageError(too_long(text))
    refit, period = index.refit, asked_period(text, today or date.today())
    depth = max(refit.depth if refit else 0, top_k, _OF_A_TIME if period else 0)
    query, hits = retrieve(index, text, top_k=depth)
    if refit is not None:
        hits = refit.apply(hits)
    if period is not None:
        query, hits = replace(query, period=period), _by_time(hits, period)
    if are_ruled_out(query, hits):
        hits = [replace(hit, relevance=0.0) for hit in hits]
    return query, hits[:top_k]


def _by_time(hits: Sequence[Hit], period: Period) -> list[Hit]:
    """The hits with those before others that are of a time."""
    if not hits:
        return []
    scores = [hit.score for hit in hits]
    lift = _TIME_LIFT * (max(scores) - min(scores))
    lifted = [replace(hit, score=hit.score + lift) if _is_of(hit, period) else hit for hit in hits]
    return sorted(lifted, key=lambda hit: -hit.score)


def _is_of(hit: Hit, period: Period) -> bool:
    """Whether a passage was published in a period, or names its year."""
    return period.holds(hit.document.date) or period.is_named_in(hit.passage.text)


def retrieve(index: Index, text: str, *, top_k: int) -> tuple[Query, list[Hit]]:
    """As `search`, but for the refit."""
    reranker = index.reranker
    with index.pinned():
        query = prepare_query(index, text)
        depth = max(CANDIDATES, top_k)
        families = index.families()
        found = [describe_candidates(index, query, family, depth) for family in families]
        if reranker is None:
            return query, _hits(index, query, found, top_k)
        hits = _hits(index, query, found, max(RESCORED, top_k))
        return query, rescore(reranker, text, hits)[:top_k]


def prepare_query(index: Index, text: str) -> Query:
    """Detect the question's language, cut its words, embed it."""
    terms = tuple(words(text))
    return Query(text, detect_language(text), terms, index.embedder.embed_queries([text])[0])


def describe_candidates(index: Index, query: Query, family: Family, depth: int) -> Candidates:
    """The `depth` best passages of a family by vector and by words, with their scores."""
    further, bridges = find_bridges(index, query, family)
    terms = [*lexical_terms(query.terms), *further]
    near, _ = index.dense(query.vector, family, depth)
    named, scores = index.lexical(terms, family, depth)
    # np.union1d would load all of numpy.ma, which costs a cold start 40 ms.
    rows = np.array(sorted({*near.tolist(), *named.tolist()}), np.int64)
    bm25 = np.zeros(len(rows), np.float32)
    bm25[np.searchsorted(rows, named)] = scores
    own = index.idf(lexical_terms(query.terms), family)  # other spellings are no more to ask for
    most = (_BM25_K1 + 1) * float(own.sum())
    numbers = [int(row) for row in rows]
    ids, tokens = index.lexicon.token_ids(query.terms), index.tokens(numbers)
    across = family != family_of(query.language)
    matches = match_words(index.lexicon, ids, tokens, bridges, across=across)
    cosine = index.vectors(numbers) @ query.vector
    static = cosine
    spelled = {place for bridge in bridges for place in bridge.asked} if across else set()
    if spelled or not isinstance(index.embedder, StaticEmbedder):
        # words with a bridge are met by their spelling; their vectors would speak against it
        meant = np.delete(ids, sorted(spelled)) if len(spelled) < len(ids) else ids
        static = _static_vectors(index, numbers, tokens) @ index.lexicon.embed_ids([meant])[0]
    places = word_places(index.lexicon, query.terms)
    names = [row for word in name_words(query.text) for row in places[word]]
    digits = [row for word in number_words(query) for row in places[word]]
    described = features(static, bm25 / max(most, 1e-9), matches, names, digits)
    return Candidates(family, rows, cosine, bm25, described, matches)


def _static_vectors(index: Index, rows: Sequence[int], tokens: Sequence[Ids]) -> Vectors:
    """Vectors of passages by the built-in model, whatever model the index is searched with."""
    if isinstance(index.embedder, StaticEmbedder):
        return index.vectors(rows)
    return index.lexicon.embed_ids(tokens)


def rank(query: Query, found: Sequence[Candidates], calibration: Calibration) -> Ranking:
    """The candidates of all families in one ranking by their log odds."""
    score = np.concatenate(
        [calibration.ranking[pair_of(query, each.family)].logits(each.features) for each in found]
    )
    order = np.argsort(-score, kind="stable")
    return Ranking(
        order=order,
        rows=np.concatenate([each.rows for each in found])[order],
        score=score[order],
        features=np.concatenate([each.features for each in found])[order],
        best=np.concatenate([each.matches.best for each in found], axis=1)[:, order],
        weights=found[0].matches.weights,
    )


def pair_of(query: Query, family: Family) -> Pair:
    """Whether a family's passages are in the question's own language family."""
    return "same" if family == family_of(query.language) else "cross"


def _hits(index: Index, query: Query, found: Sequence[Candidates], top_k: int) -> list[Hit]:
    if not any(len(each) for each in found):
        return []
    calibration = built_in_calibration()
    ranking = rank(query, found, calibration)
    families = [each.family for each in found for _ in range(len(each))]
    leading = families[int(ranking.order[0])]
    confidence = calibration.confidence[pair_of(query, leading)].logits(
        signals(index, query, ranking, leading, calibration.others)[None]
    )
    relevance = probability(ranking.score - ranking.score[0] + confidence)
    cosine, bm25, maxsim = (
        np.concatenate(each)[ranking.order]
        for each in (
            [each.cosine for each in found],
            [each.bm25 for each in found],
            [each.matches.maxsim for each in found],
        )
    )
    score = ranking.score
    if not isinstance(index.embedder, StaticEmbedder):
        # a transformer's cosines are not what was calibrated: its ranking is fused in
        rankings = [list(range(len(score))), np.argsort(-cosine, kind="stable").tolist()]
        fused = reciprocal_rank_fusion(rankings)
        score = np.array([fused[at] for at in range(len(score))], np.float32)
    best = np.argsort(-score, kind="stable")[:top_k]
    passages = index.passages([int(row) for row in ranking.rows[best]])
    return [
        Hit(
            passage=passage,
            document=document,
            cosine=float(cosine[at]),
            bm25=float(bm25[at]),
            maxsim=float(maxsim[at]),
            score=float(score[at]),
            relevance=float(relevance[at]),
        )
        for at, (passage, document) in zip(best, passages, strict=True)
    ]
