"""FAISS, tantivy and the signatures made anew from the documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.indexing import PassageModels
from rag.outlets import signature
from rag.prepare import words_of
from rag.store.document_writer import DocumentWriter
from rag.store.transaction import Transaction, tokens_blob, vector_blob
from rag.types import Family, family_of

_AT_ONCE = 10_000  # documents whose texts and signatures are held at a time


def rebuild(transaction: Transaction, models: PassageModels) -> None:
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

    _sign(transaction.documents)
    transaction.rebuild(terms, new)


def _sign(documents: DocumentWriter) -> None:
    """Make every signature anew, and leave none that is of no document."""
    documents.clear_signatures()
    permutations = documents.permutations()
    rows = documents.document_rows()
    for start in range(0, len(rows), _AT_ONCE):
        found = documents.documents(rows[start : start + _AT_ONCE])
        documents.put_signatures(
            {row: signature(each.text, permutations) for row, each in found.items()}
        )
