"""The built-in model opens in sentence-transformers too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import TEXTS

from rag.embed.static import BUILT_IN, StaticEmbedder

ASKED = [*TEXTS.values(), "多少錢？", "How long is it, and who built it?", "?!", ""]


@pytest.fixture(params=["shipped", "just saved"])
def folder(request: pytest.FixtureRequest, small_model_folder: Path) -> Path:
    return BUILT_IN if request.param == "shipped" else small_model_folder


def test_sentence_transformers_gives_the_same_vectors(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    own = StaticEmbedder.load(folder)
    opened = SentenceTransformer(str(folder), trust_remote_code=True, device="cpu")
    assert opened.get_embedding_dimension() == own.dim
    vectors = opened.encode(ASKED, show_progress_bar=False)
    assert np.allclose(vectors, own.embed_passages(ASKED), atol=1e-6)
    with_prompt = opened.encode(["码头"], prompt="harbour ", show_progress_bar=False)
    assert np.allclose(with_prompt, own.embed_queries(["harbour 码头"]), atol=1e-6)


def test_what_sentence_transformers_saves_the_project_loads(
    small_model_folder: Path, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    own = StaticEmbedder.load(small_model_folder)
    SentenceTransformer(str(small_model_folder), trust_remote_code=True, device="cpu").save(
        str(tmp_path)
    )
    again = StaticEmbedder.load(tmp_path)
    assert np.allclose(again.embed_passages(ASKED), own.embed_passages(ASKED), atol=1e-3)
    opened = SentenceTransformer(str(tmp_path), trust_remote_code=True, device="cpu")
    vectors = opened.encode(ASKED, show_progress_bar=False)
    assert np.allclose(vectors, again.embed_passages(ASKED), atol=1e-6)
