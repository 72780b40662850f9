"""What readers thought of answers, as a questions file that `rag eval` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.errors import StoreError
from rag.store.conversations import Conversations
from rag.store.documents import FILE_NAME
from rag.store.sqlite import is_empty_store
from rag.transcript import feedback_questions


def feedback_rows(index: Path) -> list[dict[str, Any]]:
    """A row for each rated answer of the conversations beside an index, the oldest first.

    See `rag.transcript.feedback_questions`. Empty where nothing was rated. Raises StoreError when
    the folder holds no index, or its conversations can't be read.
    """
    if is_empty_store(index / FILE_NAME):
        raise StoreError(f"expected an index in {index}, found none: name one with --index")
    return feedback_questions(Conversations.open(index).rated())
