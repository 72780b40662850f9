"""Passages made findable: their vectors, and the lexicon's rows for their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.embed import Embedder
from rag.embed.static import StaticEmbedder
from rag.prepare import PassageWords
from rag.store.transaction import IndexedPassage
from rag.types import Document, Passage, Vectors

_EMBED_AT = 512  # passages that go through the built-in model in one go,
_EMBED_SLOWLY_AT = 128  # and through one that takes seconds for them


@dataclass(frozen=True, slots=True)
class Part:
    """A document in passages; `tokens` are the lexicon's row numbers of its words, if known."""

    document: Document
    passages: Sequence[Passage]
    words: Sequence[PassageWords]
    tokens: Sequence[NDArray[np.int32]] | None = None


@dataclass(frozen=True, slots=True)
class PassageModels:
    """What makes the numbers of a passage: its vector, and its words' rows in the lexicon."""

    embedder: Embedder
    lexicon: StaticEmbedder

    @property
    def at_once(self) -> int:
        """Passages to embed in one go: enough to sort by length, few enough to show progress."""
        return _EMBED_AT if self._is_built_in else _EMBED_SLOWLY_AT

    @property
    def _is_built_in(self) -> bool:
        return self.embedder.fingerprint == self.lexicon.fingerprint

    def index(
        self, document: Document, passages: Sequence[Passage], words: Sequence[PassageWords]
    ) -> list[IndexedPassage]:
        """The passages of one document, ready to be stored."""
        return self.index_all([Part(document, passages, words)])[0]

    def index_all(self, parts: Sequence[Part]) -> list[list[IndexedPassage]]:
        """The same for several documents, embedded in one go."""
        tokens = [ids for part in parts for ids in part.tokens or self._token_ids(part.words)]
        texts = ((part.document, passage) for part in parts for passage in part.passages)
        found = zip(tokens, self._embed(tokens, texts), strict=True)
        return [
            [
                IndexedPassage(passage, *next(found), each.joined)
                for passage, each in zip(part.passages, part.words, strict=True)
            ]
            for part in parts
        ]

    def _token_ids(self, words: Sequence[PassageWords]) -> list[NDArray[np.int32]]:
        return [self.lexicon.token_ids(each.words) for each in words]

    def _embed(
        self, tokens: Sequence[NDArray[np.int32]], texts: Iterable[tuple[Document, Passage]]
    ) -> Vectors:
        if not tokens:
            return np.empty((0, self.embedder.dim), dtype=np.float32)
        if self._is_built_in:
            return self.lexicon.embed_ids(tokens)
        return self.embedder.embed_passages(
            [
                f"{document.title}\n{passage.text}" if document.title else passage.text
                for document, passage in texts
            ]
        )
