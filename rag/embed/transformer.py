"""Any sentence-transformers model, by hub name or folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import EmbedderError
from rag.types import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

QUERY_PROMPTS = ("query",)
PASSAGE_PROMPTS = ("document", "passage", "corpus")
BATCH = 32


class TransformerEmbedder:
    """Embeds through sentence-transformers.

    Prefixes come from the model's own configuration (`prompts` in
    config_sentence_transformers.json), unless they are set.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        name: str,
        query_prefix: str | None = None,
        passage_prefix: str | None = None,
    ) -> None:
        self.name = name
        self._model = model
        self._query_prefix = _prompt(model, query_prefix, QUERY_PROMPTS)
        self._passage_prefix = _prompt(model, passage_prefix, PASSAGE_PROMPTS)
        self.dim = int(model.get_embedding_dimension() or 0)
        self.fingerprint = self._fingerprint()

    @classmethod
    def load(cls, name: str) -> TransformerEmbedder:
        """Load `NAME_OR_FOLDER` or `NAME_OR_FOLDER|QUERY_PREFIX|PASSAGE_PREFIX`.

        Raises EmbedderError when the model can't be loaded.
        """
        model, *prefixes = name.split("|")
        if len(prefixes) not in (0, 2):
            raise EmbedderError(
                f"expected NAME or NAME|QUERY_PREFIX|PASSAGE_PREFIX, found {name!r}: "
                "give both prefixes or none"
            )
        where = str(Path(model).resolve()) if Path(model).is_dir() else model
        return cls(_load_model(where), "|".join([where, *prefixes]), *prefixes)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape (n, dim)."""
        return self._embed(texts, self._passage_prefix)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (n, dim)."""
        return self._embed(texts, self._query_prefix)

    def _embed(self, texts: Sequence[str], prefix: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            prompt=prefix,
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    def _fingerprint(self) -> str:
        digest = hashlib.sha256(repr((self._query_prefix, self._passage_prefix)).encode())
        for key, tensor in sorted(self._model.state_dict().items()):
            digest.update(key.encode())
            digest.update(tensor.detach().cpu().float().numpy().tobytes())
        return digest.hexdigest()[:16]


def _load_model(where: str) -> SentenceTransformer:
    """From the disk where it is there; only what isn't is asked of the hub."""
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(where, local_files_only=True)
    except (OSError, ValueError):
        pass
    try:
        return SentenceTransformer(where)
    except (OSError, ValueError, ImportError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise EmbedderError(
            f"expected a sentence-transformers model at {where!r}, found none ({reason}): "
            "give a model's folder, or a hub name with the hub in reach"
        ) from error


def _prompt(model: SentenceTransformer, chosen: str | None, names: Sequence[str]) -> str:
    if chosen is not None:
        return chosen
    prompts = model.prompts or {}
    return next((prompt for name in names if (prompt := prompts.get(name))), "")
