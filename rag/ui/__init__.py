"""The chat page. Nothing heavy is imported until a page is built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rag.hub import Backend

if TYPE_CHECKING:
    import gradio

    from rag.index import Index

__all__ = ["build", "launch"]


def build(index: Index) -> gradio.Blocks:
    """The page over an opened index, to mount in another application."""
    from rag.ui.collection import Collection
    from rag.ui.page import build_page

    return build_page(Collection(index))


def launch(
    index: Path,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    backend: Backend = "torch",
    reranker: str | None = None,
) -> None:
    """Serve the page until interrupted; prints its address once it answers.

    Without `port` the first free one from 7860 on is taken. `backend` and `reranker` are those of
    `Index.open`. Raises StoreError when `index` holds no index and UsageError when the address
    can't be used.
    """
    from rag.ui.serve import serve

    serve(index, host=host, port=port, backend=backend, reranker=reranker)
