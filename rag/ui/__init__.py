"""The chat page. Nothing heavy is imported until a page is built."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rag.hub import Backend
from rag.settings import Settings
from rag.ui.quick_import import prepare

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag.index import Index

__all__ = ["build", "launch"]

prepare()


def build(index: Index, settings: Settings | None = None) -> FastAPI:
    """The page over an opened index as an ASGI application, to serve or to mount in another.

    `settings` name the language model, which the page's reader can't change; without, answers are
    quoted.
    """
    from rag.ui.collection import Collection
    from rag.ui.language_model import LanguageModel
    from rag.ui.serve import application
    from rag.ui.stock import Stock

    collection = Collection(index)
    return application(collection, collection.history(), LanguageModel(settings), Stock.of(index))


def launch(
    index: Path,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    backend: Backend = "torch",
    reranker: str | None = None,
    settings: Settings | None = None,
) -> None:
    """Serve the page until interrupted; prints its address once it answers.

    Without `port` the first free one from 7860 on is taken. `backend` and `reranker` are those of
    `Index.open`; `settings` name the language model, those of the environment when not given.
    Raises StoreError when `index` holds no index and UsageError when the address can't be used.
    """
    from rag.ui.serve import serve

    serve(
        index,
        host=host,
        port=port,
        backend=backend,
        reranker=reranker,
        settings=settings or Settings.from_environment(os.environ),
    )
