"""A new, empty index: in a new or empty folder, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from rag.errors import StoreError
from rag.store.conversations import FILE_NAME as CONVERSATIONS
from rag.store.document_writer import DocumentWriter
from rag.store.documents import FILE_NAME, Meta
from rag.store.generations import FOLDER_NAME
from rag.store.sqlite import is_empty_store
from rag.store.transaction import LOCK_NAME, writer_lock

_OURS = {
    FILE_NAME,
    *(f"{FILE_NAME}-{end}" for end in ("wal", "shm", "journal")),
    CONVERSATIONS,
    f"{CONVERSATIONS}-journal",
    LOCK_NAME,
    FOLDER_NAME,
}


def check_folder(root: Path) -> None:
    """Raise StoreError when something else is in the folder of a new index, or in its place."""
    is_folder = root.is_dir()
    others = sorted({each.name for each in root.iterdir()} - _OURS) if is_folder else []
    if others or (root.exists() and not is_folder):
        raise StoreError(
            f"expected an index or an empty folder, found "
            f"{others[0] if others else 'a file'} in {root}: name another folder"
        )


def create(root: Path, meta: Meta) -> None:
    """Make an index, unless another process just did.

    Raises StoreError when there is no right to write there.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"expected to make an index in {root}, found {error.strerror}: "
            "name a folder that can be written"
        ) from error
    release = writer_lock(root)
    try:
        if is_empty_store(root / FILE_NAME):
            DocumentWriter.create(root / FILE_NAME, meta)
    finally:
        release()
