"""What `import rag` promises, pinned: a change here is a change for every user."""

from __future__ import annotations

import inspect
from importlib.metadata import version

import pytest

import rag

PUBLIC = [
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


def test_the_public_names_are_these() -> None:
    assert rag.__all__ == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_each_public_name_is_there_and_says_what_it_is(name: str) -> None:
    value = getattr(rag, name)
    assert inspect.getdoc(value)
    assert name in dir(rag)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = rag.nothing


def test_the_signatures_are_these() -> None:
    names = {name: list(inspect.signature(getattr(rag, name)).parameters) for name in PUBLIC[-4:]}
    assert names == {
        "ask": ["index", "question", "language", "generator", "keep_unsupported", "turns", "today"],
        "open": ["path", "create", "embedder", "backend", "reranker"],
        "search": ["index", "text", "top_k", "today"],
        "stream": [
            *("index", "question", "language", "generator", "keep_unsupported", "turns", "today"),
            "cancelled",
        ],
    }


def test_the_version_is_the_packages() -> None:
    assert rag.__version__ == version("yinju")
