"""Near copies of an article, looked up by the signatures that are kept beside the texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError
from rag.outlets import BANDS, ROWS, are_copies, bands, numbers, share_numbers
from rag.store.documents import DocumentStore
from rag.types import Document


def outlets(store: DocumentStore, document_row: int) -> tuple[Document, ...]:
    """Where else a text was published: as it stands, nearly so, or in another script.

    Near copies are documents of their own; the same text is this document, with what another
    source of it says. Earliest date first, then those without a date.
    """
    document = store.documents([document_row])[document_row]
    seen, own_numbers = {_publication(document)}, numbers(document.text)
    found = []
    for each in store.published([document_row, *_alike(store, document_row)]):
        if _publication(each) not in seen and share_numbers(own_numbers, numbers(each.text)):
            seen.add(_publication(each))
            found.append(each)
    return tuple(sorted(found, key=lambda each: (each.date is None, each.date or "")))


def _publication(document: Document) -> tuple[str | None, ...]:
    """What tells one publication of a text from another: a file's copy in another folder does
    not."""
    return document.id, document.publisher, document.date, document.url


def _alike(store: DocumentStore, document_row: int) -> list[int]:
    """The documents whose signatures are those of copies of one, itself too."""
    sql = "SELECT (SELECT value FROM signatures WHERE document = ?)"
    own = read_signatures(store, [value for (value,) in store.query(sql, document_row)])[0]
    found = store.query(
        "SELECT value, document FROM signatures WHERE document IN (SELECT document FROM bands"
        " WHERE hash IN (SELECT value FROM json_each(?))) ORDER BY document",
        json.dumps(bands(own[None]).ravel().tolist()),
    )
    signatures = read_signatures(store, [value for value, _ in found])
    return list(compress((row for _, row in found), are_copies(own, signatures).tolist()))


def read_signatures(store: DocumentStore, stored: Sequence[Any]) -> NDArray[np.uint32]:
    """Signatures as they are stored, shape (n, 1 + BANDS * ROWS). Raises StoreError."""
    try:
        values = np.frombuffer(b"".join(stored), dtype="<u4").astype(np.uint32)
        return values.reshape(-1, 1 + BANDS * ROWS)
    except (TypeError, ValueError) as error:
        raise StoreError(
            f"expected whole signatures of documents in {store.path}, found others: "
            "run `rag doctor --repair`"
        ) from error
