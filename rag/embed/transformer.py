"""Any sentence-transformers model, by hub name or folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import EmbedderError
from rag.hub import Backend, batch_size, full_name, load_model, weights_hash
from rag.types import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

QUERY_PROMPTS = ("query",)
PASSAGE_PROMPTS = ("document", "passage", "corpus")


class TransformerEmbedder:
    """Embeds through sentence-transformers.

    Prefixes come from the model's own configuration (`prompts` in
    config_sentence_transformers.json), unless they are set. The fingerprint stands on the model's
    files and the prefixes, not on the backend that runs it.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        name: str,
        weights: str,
        query_prefix: str | None = None,
        passage_prefix: str | None = None,
    ) -> None:
        self.name = name
        self._model = model
        self._query_prefix = _prompt(model, query_prefix, QUERY_PROMPTS)
        self._passage_prefix = _prompt(model, passage_prefix, PASSAGE_PROMPTS)
        self.dim = int(model.get_embedding_dimension() or 0)
        made_of = repr((self._query_prefix, self._passage_prefix, weights))
        self.fingerprint = hashlib.sha256(made_of.encode()).hexdigest()[:16]

    @classmethod
    def load(cls, name: str, backend: Backend = "torch") -> TransformerEmbedder:
        """Load `NAME_OR_FOLDER` or `NAME_OR_FOLDER|QUERY_PREFIX|PASSAGE_PREFIX`.

        Raises EmbedderError when the model can't be loaded.
        """
        model, *prefixes = name.split("|")
        if len(prefixes) not in (0, 2):
            raise EmbedderError(
                f"expected NAME or NAME|QUERY_PREFIX|PASSAGE_PREFIX, found {name!r}: "
                "give both prefixes or none"
            )
        from sentence_transformers import SentenceTransformer

        where = full_name(model)
        found = load_model(SentenceTransformer, "sentence-transformers model", where, backend)
        return cls(found, "|".join([where, *prefixes]), weights_hash(where), *prefixes)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape (n, dim)."""
        return self._embed(texts, self._passage_prefix)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (n, dim)."""
        return self._embed(texts, self._query_prefix)

    def _embed(self, texts: Sequence[str], prefix: str) -> Vectors:
        """Texts of like length go through the model together: `encode` sorts them."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            prompt=prefix,
            batch_size=batch_size(self._model),
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def _prompt(model: SentenceTransformer, chosen: str | None, names: Sequence[str]) -> str:
    if chosen is not None:
        return chosen
    prompts = model.prompts or {}
    return next((prompt for name in names if (prompt := prompts.get(name))), "")
