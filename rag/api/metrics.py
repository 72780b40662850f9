"""What a monitor may count, in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from rag.types import Answer, Family

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counts of one server; safe to use from several threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "yinju_questions", "Questions answered or declined.", registry=self._registry
        )
        self._declined = Counter(
            "yinju_declined", "Questions that the articles don't answer.", registry=self._registry
        )
        self._seconds = Histogram(
            "yinju_answer_seconds",
            "Seconds from a question to its settled answer.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._documents = Gauge(
            "yinju_documents", "Documents in the index.", registry=self._registry
        )
        self._passages = Gauge(
            "yinju_passages", "Passages in the index.", ["language"], registry=self._registry
        )

    def answered(self, answer: Answer) -> None:
        """Count an answer, the settled one of its question."""
        self._questions.inc()
        if answer.declined:
            self._declined.inc()
        self._seconds.observe(answer.timings_ms.get("total", 0.0) / 1000)

    def text(self, documents: int, passages: Mapping[Family, int]) -> bytes:
        """All of it, with how much the index holds now."""
        self._documents.set(documents)
        for family in ("en", "zh"):
            self._passages.labels(family).set(passages.get(family, 0))
        return generate_latest(self._registry)
