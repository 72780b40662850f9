from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.settings import Settings


def test_the_environment_says_what_the_command_line_does_not() -> None:
    found = Settings.from_environment(
        {"RAG_INDEX": "/data/i", "RAG_BACKEND": "onnx", "RAG_RERANKER": " models/judge "}
    )
    assert found == Settings(index=Path("/data/i"), backend="onnx", reranker="models/judge")


@pytest.mark.parametrize("empty", [{}, {"RAG_INDEX": "", "RAG_BACKEND": " ", "RAG_RERANKER": ""}])
def test_what_is_unset_or_empty_stays_as_it_is(empty: dict[str, str]) -> None:
    assert Settings.from_environment(empty) == Settings()


def test_an_unknown_backend_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="torch, onnx or openvino, found 'tensorflow'"):
        Settings.from_environment({"RAG_BACKEND": "tensorflow"})


def test_a_language_model_needs_its_server_and_its_name() -> None:
    found = Settings.from_environment(
        {"RAG_LLM_BASE_URL": "http://127.0.0.1:1/v1", "RAG_LLM_MODEL": "m", "RAG_LLM_API_KEY": "s3"}
    )
    generator = found.generator()
    assert generator is not None
    assert generator.name == "m"
    assert "s3" not in repr(found)
    assert Settings().generator() is None
    for alone in ("RAG_LLM_BASE_URL", "RAG_LLM_MODEL"):
        with pytest.raises(UsageError, match="found only one of them: set RAG_LLM_"):
            Settings.from_environment({alone: "x"})
