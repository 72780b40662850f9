"""A cross-encoder: reads question and passage together, and ranks the best candidates anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import EmbedderError
from rag.hub import Backend, batch_size, load_model
from rag.types import Hit

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

RESCORED = 32
"""Candidates that are read, the best of the retrieval before it."""


class Reranker(Protocol):
    """Scores passages for a question; the higher the better."""

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One score for each text, shape (n,), on the scale of log odds."""
        ...


class CrossEncoderReranker:
    """A cross-encoder of sentence-transformers, by hub name or folder."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model

    @classmethod
    def load(cls, name: str, backend: Backend = "torch") -> CrossEncoderReranker:
        """Load a model. Raises EmbedderError when it can't be loaded or gives no single score."""
        from sentence_transformers import CrossEncoder

        model = load_model(CrossEncoder, "cross-encoder", name, backend)
        if model.num_labels != 1:
            raise EmbedderError(
                f"expected a cross-encoder that gives one score, found {model.num_labels} labels "
                f"in {name!r}: give one that was trained to rank"
            )
        return cls(model)

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """The model's own scores before any squashing, shape (n,)."""
        from torch.nn import Identity

        scores = self._model.predict(
            [(question, text) for text in texts],
            batch_size=batch_size(self._model),
            activation_fn=Identity(),
            show_progress_bar=False,
        )
        return np.asarray(scores, dtype=np.float32).reshape(len(texts))


def rescore(reranker: Reranker, question: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits, the first RESCORED of them read and ranked anew, the others behind them.

    What is read gets the cross-encoder's score as its own; the others keep their distances.
    """
    read, others = hits[:RESCORED], hits[RESCORED:]
    if not read:
        return []
    scores = reranker.score(question, [text_of(hit) for hit in read]).tolist()
    first = [
        replace(hit, score=score, cross_encoder=score)
        for hit, score in zip(read, scores, strict=True)
    ]
    first.sort(key=lambda hit: -hit.score)
    shift = min(0.0, first[-1].score - others[0].score) if others else 0.0
    return [*first, *(replace(hit, score=hit.score + shift) for hit in others)]


def text_of(hit: Hit) -> str:
    """A passage as models read it: its article's title, then its own text."""
    title = hit.document.title
    return f"{title}\n{hit.passage.text}" if title else hit.passage.text
