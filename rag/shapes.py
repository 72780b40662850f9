"""The JSON documents that the command line prints and writes, key for key as promised."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rag.types import Answer, Citation, Document, Hit, Query, WordMatch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rag.evaluate import Outcome
    from rag.ingest import IngestReport
    from rag.store.documents import DocumentEntry

Json = dict[str, Any]


def document_json(document: Document) -> Json:
    """What names an article, without its text."""
    return {
        "id": document.id,
        "source_id": document.source_id,
        "path": document.path,
        "title": document.title,
        "publisher": document.publisher,
        "date": document.date,
        "url": document.url,
        "language": document.language,
    }


def citation_json(citation: Citation) -> Json:
    """A citation with its article; start and end in code points of the article's text."""
    return {
        "number": citation.number,
        "document": document_json(citation.document),
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        **_outlets_json(citation),
    }


def _outlets_json(citation: Citation) -> Json:
    """The near copies of the article, where there are any."""
    if not citation.outlets:
        return {}
    return {"outlets": [document_json(outlet) for outlet in citation.outlets]}


def match_json(match: WordMatch) -> Json:
    """Words that met; start and end in code points of the article's text."""
    return {
        "question": match.question,
        "article": match.article,
        "start": match.start,
        "end": match.end,
        "cosine": float(match.cosine),
    }


def _matches_json(hit: Hit) -> Json:
    """The words that met, for hits that have been explained."""
    if hit.matches is None:
        return {}
    return {"matches": [match_json(match) for match in hit.matches]}


def hits_json(hits: Iterable[Hit]) -> list[Json]:
    """Ranked passages with their text, from rank 1."""
    return [
        {
            "rank": rank,
            "score": float(hit.score),
            "document": document_json(hit.document),
            "start": hit.passage.start,
            "end": hit.passage.end,
            "text": hit.passage.text,
            **_matches_json(hit),
        }
        for rank, hit in enumerate(hits, start=1)
    ]


def answer_json(answer: Answer) -> Json:
    """`rag ask --json`."""
    return {
        "question": answer.question,
        "language": answer.language,
        "answer": answer.text,
        "declined": bool(answer.declined),
        "confidence": float(answer.confidence),
        "citations": [citation_json(citation) for citation in answer.citations],
        "passages": [
            {
                "rank": rank,
                "relevance": float(hit.relevance),
                "document_id": hit.document.id,
                "start": hit.passage.start,
                "end": hit.passage.end,
                **_matches_json(hit),
            }
            for rank, hit in enumerate(answer.hits, start=1)
        ],
        "timings_ms": {step: float(spent) for step, spent in answer.timings_ms.items()},
        **_further_json(answer),
        **_written_json(answer),
    }


def _further_json(answer: Answer) -> Json:
    """What only some answers have: how the question was understood, what sources disagree on."""
    found: Json = {}
    if answer.resolved is not None:
        found["resolved"] = answer.resolved
    if answer.disagreement:
        found["disagreement"] = [asdict(position) for position in answer.disagreement]
    if answer.notes:
        found["notes"] = list(answer.notes)
    return found


def _written_json(answer: Answer) -> Json:
    """The claims of a written answer, and why there are none or not all; nothing where none was
    asked for."""
    found: Json = {}
    if answer.notice is not None:
        found["notice"] = answer.notice
    if answer.claims:
        found["claims"] = [asdict(claim) for claim in answer.claims]
    return found


def search_json(query: Query, hits: Iterable[Hit]) -> Json:
    """`rag search --json`."""
    return {"query": query.text, "language": query.language, "hits": hits_json(hits)}


def outcome_json(outcome: Outcome) -> Json:
    """One row of `rag eval --details`."""
    return {
        "id": outcome.question.id,
        "question": outcome.question.question,
        "hits": hits_json(outcome.hits),
        "answer": outcome.answer.text,
        "citations": [citation_json(citation) for citation in outcome.answer.citations],
        "confidence": float(outcome.answer.confidence),
        "declined": bool(outcome.answer.declined),
    }


def ingest_json(index: Path, report: IngestReport) -> Json:
    """`rag ingest --json`: sources by what became of them."""
    return {
        "index": str(index),
        "added": list(report.added),
        "updated": list(report.updated),
        "unchanged": list(report.unchanged),
        "skipped": [{"source": each.source, "reason": each.reason} for each in report.skipped],
        "hidden": [
            {"source": each.source, "characters": each.characters} for each in report.hidden
        ],
        "passages": report.passages,
        "seconds": report.seconds,
    }


def list_json(index: Path, entries: Iterable[DocumentEntry]) -> Json:
    """`rag list --json`."""
    return {
        "index": str(index),
        "documents": [
            {
                **document_json(entry.document),
                "sources": list(entry.sources),
                "passages": entry.passages,
                "added": entry.added,
            }
            for entry in entries
        ],
    }
