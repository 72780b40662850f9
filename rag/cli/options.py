"""What several commands take, and the index that they open."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import UsageError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.index import Index

IndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="The index folder (default: $RAG_INDEX, else indexes/default).",
        show_default=False,
    ),
]
RerankerOption = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="A cross-encoder, by name or folder, to rank the best passages anew "
        "(default: $RAG_RERANKER, else none).",
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]


def settings_of(index: Path | None, reranker: str | None = None) -> Settings:
    """What the command line says, and the environment where it says nothing."""
    found = Settings.from_environment(os.environ)
    return replace(found, index=index or found.index, reranker=reranker or found.reranker)


def open_index(
    settings: Settings, *, create: bool = False, embedder: str | None = None, check: bool = True
) -> Index:
    """The index that the settings name. Raises StoreError and EmbedderError as `Index.open`."""
    from rag.index import Index

    return Index.open(
        settings.index,
        create=create,
        embedder=embedder,
        check=check,
        backend=settings.backend,
        reranker=settings.reranker,
    )


def worded(text: str, what: str) -> str:
    """The text, if it holds a question. Raises UsageError when it is blank or not UTF-8."""
    try:
        text = os.fsencode(text).decode("utf-8")  # UTF-8 whatever the locale says
    except UnicodeError as error:
        message = f"expected {what} in UTF-8, found other bytes: check the terminal"
        raise UsageError(message) from error
    if not text.strip():
        raise UsageError(f"expected {what}, found an empty text: put it in quotes")
    return text


def check_writable(*files: Path | None) -> None:
    """Refuse what can't be written before the long work, not after it. Raises UsageError."""
    for file in files:
        if file is not None and (file.is_dir() or not file.parent.is_dir()):
            raise UsageError(f"expected a file in an existing folder, found {file}: name another")
