"""Cited answers from your own articles, in English, 简体中文 and 繁體中文.

    import rag

    with rag.open("indexes/mine", create=True) as index:
        index.ingest([Path("articles")])
        answer = rag.ask(index, "数据安全法什么时候施行？")
        print(answer.text)
        for citation in answer.citations:
            print(citation.number, citation.document.title, citation.quote)

The names are loaded when they are first used, so that `import rag` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from os import PathLike

    from rag.answer import ask, stream
    from rag.errors import ArticleError, EmbedderError, RagError, StoreError, UsageError
    from rag.follow_up import Turn
    from rag.hub import Backend
    from rag.index import Index
    from rag.retrieve import search
    from rag.types import Answer, Citation, Document, Evidence, Hit, Passage, Query, RawArticle

__all__ = [
    "Answer",
    "ArticleError",
    "Citation",
    "Document",
    "EmbedderError",
    "Evidence",
    "Hit",
    "Index",
    "Passage",
    "Query",
    "RagError",
    "RawArticle",
    "StoreError",
    "Turn",
    "UsageError",
    "ask",
    "open",
    "search",
    "stream",
]

__version__ = "0.1.0"

_HOMES = {
    "ask": "rag.answer",
    "stream": "rag.answer",
    "Turn": "rag.follow_up",
    "search": "rag.retrieve",
    "Index": "rag.index",
    **dict.fromkeys(
        ("ArticleError", "EmbedderError", "RagError", "StoreError", "UsageError"), "rag.errors"
    ),
    **dict.fromkeys(
        ("Answer", "Citation", "Document", "Evidence", "Hit", "Passage", "Query", "RawArticle"),
        "rag.types",
    ),
}


def open(
    path: str | PathLike[str],
    *,
    create: bool = False,
    embedder: str | None = None,
    backend: Backend = "torch",
    reranker: str | None = None,
) -> Index:
    """Open the index in the folder `path`; `create` makes it when there is none.

    `embedder` is the name or folder of a sentence-transformers model; the built-in model when
    not given. `reranker` is that of a cross-encoder, which ranks the best passages of every search
    anew; `backend` ("torch", "onnx" or "openvino") runs both. Raises StoreError when the index is
    missing, damaged or of another version, and EmbedderError when `embedder` is not the one that
    made it.
    """
    from pathlib import Path

    from rag.index import Index

    return Index.open(
        Path(path), create=create, embedder=embedder, backend=backend, reranker=reranker
    )


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
