"""A questions file -> metrics, overall and for each pair of question and article language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os.path import abspath
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from rag import metrics
from rag.questions import Question
from rag.types import Answer, Citation, Document, Hit, Query

if TYPE_CHECKING:
    from rag.index import Index

DISTINCT = 10  # a question's hits name this many different articles, where the index has them
_FIRST_DEPTH, _LAST_DEPTH = 50, 3200  # passages asked for, to name that many
NO_ARTICLE = "none"  # the article language of an unanswerable question that names no article
NOT_FOUND = "unknown"  # that of an answerable one none of whose articles is in the index


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    `hits` name up to ten different articles, best first; `wanted` are the ids of the articles
    that the row names and the index has; `languages` those articles' languages; `rank` the place
    of the first wanted one among the different articles of `hits`; `missing` the row's names
    that no article answers to.
    """

    question: Question
    hits: tuple[Hit, ...]
    answer: Answer
    wanted: frozenset[str]
    languages: tuple[str, ...]
    rank: int | None
    missing: tuple[str, ...]
    sound_citations: int
    latency_ms: float

    @property
    def answered_right(self) -> bool:
        """Some gold answer occurs in a quote or in the answer."""
        quotes = (citation.quote for citation in self.answer.citations)
        return metrics.mentions(self.question.answers, (self.answer.text, *quotes))

    @property
    def pairs(self) -> tuple[str, ...]:
        """`question language -> article language`, once for each language of its articles."""
        nothing = NOT_FOUND if self.question.answerable else NO_ARTICLE
        return tuple(f"{self.question.lang}->{tag}" for tag in self.languages or (nothing,))


@dataclass(frozen=True, slots=True)
class Figures:
    """The metrics of one group of questions; `None` where one is undefined.

    recall and MRR stand on the answerable questions that name articles, `answer_hit` on the
    answerable ones that have gold answers, latencies (milliseconds) on all.
    """

    questions: int
    recall_at_1: float | None
    recall_at_3: float | None
    recall_at_10: float | None
    mrr_at_10: float | None
    answer_hit: float | None
    answered: int
    declined: int
    hallucination_rate: float | None
    miss_rate: float | None
    refusal_auroc: float | None
    citation_valid: float | None
    latency_p50: float | None
    latency_p95: float | None

    def as_json(self) -> dict[str, Any]:
        """The figures under the names of the command line's contract."""
        return {
            "questions": self.questions,
            "recall@1": self.recall_at_1,
            "recall@3": self.recall_at_3,
            "recall@10": self.recall_at_10,
            "mrr@10": self.mrr_at_10,
            "answer_hit": self.answer_hit,
            "answered": self.answered,
            "declined": self.declined,
            "hallucination_rate": self.hallucination_rate,
            "miss_rate": self.miss_rate,
            "refusal_auroc": self.refusal_auroc,
            "citation_valid": self.citation_valid,
            "latency_ms": {"p50": self.latency_p50, "p95": self.latency_p95},
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures overall and by language pair (`en->zh-Hans`), and what they stand on."""

    overall: Figures
    pairs: dict[str, Figures]
    outcomes: tuple[Outcome, ...]

    def as_json(self) -> dict[str, Any]:
        """The document that `rag eval --json` prints."""
        return {
            "overall": self.overall.as_json(),
            "pairs": {pair: figures.as_json() for pair, figures in self.pairs.items()},
        }


class Search(Protocol):
    """`rag.retrieve.search`, or a stand-in."""

    def __call__(self, index: Index, text: str, *, top_k: int) -> tuple[Query, list[Hit]]: ...


class Ask(Protocol):
    """`rag.answer.ask`, or a stand-in."""

    def __call__(self, index: Index, question: str) -> Answer: ...


def evaluate(
    index: Index,
    questions: Sequence[Question],
    *,
    search: Search | None = None,
    ask: Ask | None = None,
    progress: Callable[[int], None] | None = None,
) -> Evaluation:
    """Search and ask every question; `progress` is told how many are done.

    `search` and `ask` stand in for the project's own.
    """
    from rag.answer import ask as ask_articles
    from rag.retrieve import search as search_articles

    search, ask = search or search_articles, ask or ask_articles
    names, documents = article_names(index)
    outcomes = []
    for done, question in enumerate(questions, start=1):
        hits = _deep_hits(index, question.question, search)
        started = perf_counter()
        answer = ask(index, question.question)
        latency_ms = (perf_counter() - started) * 1000
        outcomes.append(_outcome(index, question, hits, answer, latency_ms, names, documents))
        if progress is not None:
            progress(done)
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        for pair in outcome.pairs:
            groups[pair].append(outcome)
    pairs = {pair: summarise(groups[pair]) for pair in sorted(groups)}
    return Evaluation(summarise(outcomes), pairs, tuple(outcomes))


def article_names(index: Index) -> tuple[dict[str, set[str]], dict[str, Document]]:
    """Every name that an article answers to -> ids of such articles; and the articles by id."""
    names: dict[str, set[str]] = defaultdict(set)
    documents = {}
    for entry in index.documents():
        document = entry.document
        documents[document.id] = document
        for name in _names_of(document, entry.sources):
            names[name].add(document.id)
    return names, documents


def _names_of(document: Document, sources: Iterable[str]) -> set[str]:
    names = {document.id, document.path, Path(document.path).name, document.source_id or ""}
    for source in sources:
        path, mark, row = source.rpartition("#")
        names |= {source, Path(source).name}
        if mark:  # a row of a JSON Lines file: path#id
            names |= {path, Path(path).name, row}
    return names - {""}


def wanted(question: Question, names: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The names that a question gives -> ids of the articles that answer to each."""
    return {
        name: names.get(name) or names.get(abspath(name)) or set() for name in question.documents
    }


def _deep_hits(index: Index, text: str, search: Search) -> tuple[Hit, ...]:
    depth = _FIRST_DEPTH
    while True:
        _, hits = search(index, text, top_k=depth)
        articles: set[str] = set()
        for count, hit in enumerate(hits, start=1):
            articles.add(hit.document.id)
            if len(articles) == DISTINCT:
                return tuple(hits[:count])
        if len(hits) < depth or depth >= _LAST_DEPTH:
            return tuple(hits)
        depth *= 2


def _outcome(
    index: Index,
    question: Question,
    hits: tuple[Hit, ...],
    answer: Answer,
    latency_ms: float,
    names: dict[str, set[str]],
    documents: dict[str, Document],
) -> Outcome:
    found = wanted(question, names)
    every = frozenset[str]().union(*found.values())
    return Outcome(
        question=question,
        hits=hits,
        answer=answer,
        wanted=every,
        languages=tuple(sorted({documents[each].language for each in every})),
        rank=metrics.rank_of_first((hit.document.id for hit in hits), every),
        missing=tuple(name for name, ids in found.items() if not ids),
        sound_citations=sum(_is_sound(index, citation) for citation in answer.citations),
        latency_ms=latency_ms,
    )


def _is_sound(index: Index, citation: Citation) -> bool:
    """Whether the quote is the text of the article as the index holds it, not as it was shown."""
    text = index.document(citation.document.id).text
    return text[citation.start : citation.end] == citation.quote


def summarise(outcomes: Sequence[Outcome]) -> Figures:
    """The figures of a group of outcomes."""
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    unanswerable = [outcome for outcome in outcomes if not outcome.question.answerable]
    ranks = [outcome.rank for outcome in answerable if outcome.question.documents]
    citations = sum(len(outcome.answer.citations) for outcome in outcomes)
    latencies = [outcome.latency_ms for outcome in outcomes]
    declined = sum(outcome.answer.declined for outcome in outcomes)
    return Figures(
        questions=len(outcomes),
        recall_at_1=metrics.recall_at(ranks, 1),
        recall_at_3=metrics.recall_at(ranks, 3),
        recall_at_10=metrics.recall_at(ranks, 10),
        mrr_at_10=metrics.mrr_at(ranks, 10),
        answer_hit=metrics.mean([o.answered_right for o in answerable if o.question.answers]),
        answered=len(outcomes) - declined,
        declined=declined,
        hallucination_rate=metrics.mean([not o.answer.declined for o in unanswerable]),
        miss_rate=metrics.mean([o.answer.declined for o in answerable]),
        refusal_auroc=metrics.auroc(
            [o.answer.confidence for o in outcomes], [o.question.answerable for o in outcomes]
        ),
        citation_valid=(
            sum(o.sound_citations for o in outcomes) / citations if citations else None
        ),
        latency_p50=metrics.percentile(latencies, 0.5),
        latency_p95=metrics.percentile(latencies, 0.95),
    )
