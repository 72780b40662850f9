"""FAISS and tantivy made anew from the documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.ingest import Models
from rag.prepare import words_of
from rag.store.transaction import Transaction, tokens_blob, vector_blob
from rag.types import Family, family_of


def rebuild(transaction: Transaction, models: Models) -> None:
    """Write a generation from the rows; embed again what was embedded by another model."""
    old = transaction.meta
    new = replace(
        old,
        embedder_fingerprint=models.embedder.fingerprint,
        dim=models.embedder.dim,
        lexicon_fingerprint=models.lexicon.fingerprint,
    )
    other_model = old != new

    def terms(document_row: int) -> Sequence[tuple[int, Family, str]]:
        document = transaction.documents.documents([document_row])[document_row]
        numbered = transaction.documents.passages_of(document_row)
        rows = [row for row, _ in numbered]
        passages = [passage for _, passage in numbered]
        words = words_of(document, passages)
        if other_model or transaction.documents.damaged_rows(document_row):
            indexed = models.index(document, passages, words)
            transaction.documents.replace_blobs(
                (row, tokens_blob(each.tokens), vector_blob(each.vector))
                for row, each in zip(rows, indexed, strict=True)
            )
        family = family_of(document.language)
        return [(row, family, each.joined) for row, each in zip(rows, words, strict=True)]

    transaction.rebuild(terms, new)
