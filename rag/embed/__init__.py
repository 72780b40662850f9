"""Embedders: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.hub import Backend
from rag.types import Vectors

BUILT_IN_NAME = "built-in"


class Embedder(Protocol):
    """What the index needs of a model.

    It owns its prefixes and its normalisation: vectors are float32 of shape (n, dim), each row of
    unit L2 norm. `fingerprint` changes with anything that changes a vector. `load_embedder(name)`
    gives the same embedder again.
    """

    name: str
    dim: int
    fingerprint: str

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        ...


def load_embedder(name: str | None = None, backend: Backend = "torch") -> Embedder:
    """Load an embedder by name.

    `None` or "built-in" is the built-in model. Anything else is a sentence-transformers model: a
    folder or a hub name, optionally followed by the prefixes that it wants where its own
    configuration doesn't state them: `NAME|query: |passage: `. `backend` runs such a model; the
    built-in one needs none.

    Raises EmbedderError when there is no such model.
    """
    if name is None or name == BUILT_IN_NAME:
        from rag.embed.static import StaticEmbedder

        return StaticEmbedder.load()
    from rag.embed.transformer import TransformerEmbedder

    return TransformerEmbedder.load(name, backend)
