from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import TEXTS, article
from numpy.typing import NDArray
from tiny_transformer import save_tiny_cross_encoder, save_tiny_transformer

from rag.answer import ask
from rag.cross_encoder import RESCORED, CrossEncoderReranker, rescore, text_of
from rag.errors import EmbedderError
from rag.index import Index
from rag.retrieve import search
from rag.types import Document, Hit, Passage

QUESTION = "How long is the railway?"


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_cross_encoder(tmp_path_factory.mktemp("judge") / "model")


@pytest.fixture(scope="module", params=["built-in", "transformer"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index, made with the built-in model or with a tiny transformer."""
    folder = tmp_path_factory.mktemp("judged")
    own = request.param == "built-in"
    embedder = None if own else str(save_tiny_transformer(folder / "model"))
    with Index.open(folder / "index", create=True, embedder=embedder) as index:
        index.ingest_articles(
            article(f"{name}.txt", text, title=name) for name, text in TEXTS.items()
        )
    return folder / "index"


@pytest.fixture
def judged(folder: Path, judge: Path) -> Iterator[Index]:
    with Index.open(folder, reranker=str(judge)) as index:
        yield index


def test_hits_come_in_the_order_and_with_the_scores_of_the_cross_encoder(
    judged: Index, judge: Path
) -> None:
    from sentence_transformers import CrossEncoder
    from torch.nn import Identity

    _, hits = search(judged, QUESTION)
    pairs = [(QUESTION, f"{hit.document.title}\n{hit.passage.text}") for hit in hits]
    model = CrossEncoder(str(judge), device="cpu")
    expected = model.predict(pairs, activation_fn=Identity(), show_progress_bar=False)
    assert len({hit.document.id for hit in hits}) == len(TEXTS)
    assert np.allclose([hit.cross_encoder for hit in hits], expected, atol=1e-5)
    assert np.all(np.diff(expected) <= 1e-5)
    assert [hit.score for hit in hits] == [hit.cross_encoder for hit in hits]


def test_it_chooses_among_more_than_are_asked_for(judged: Index) -> None:
    _, every = search(judged, QUESTION)
    _, best = search(judged, QUESTION, top_k=1)
    assert [hit.passage.id for hit in best] == [every[0].passage.id]


def test_answers_stand_on_the_hits_as_it_ranks_them(judged: Index) -> None:
    _, hits = search(judged, QUESTION)
    answer = ask(judged, QUESTION)
    assert [hit.passage.id for hit in answer.hits] == [hit.passage.id for hit in hits]


def test_without_one_no_hit_has_its_score(folder: Path) -> None:
    with Index.open(folder) as index:
        assert index.reranker is None
        assert {hit.cross_encoder for hit in search(index, QUESTION)[1]} == {None}


class ByLength:
    """Long texts are better: a stand-in whose order is known."""

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([len(text) for text in texts], np.float32)


def hit(number: int, score: float) -> Hit:
    text = "x" * (1 + number % 7)
    document = Document(f"d{number}", text, "en", "p")
    return Hit(
        Passage(f"p{number}", document.id, 0, len(text), text), document, 0, 0, 0, score, 0.5
    )


@pytest.mark.parametrize("first", [1000.0, 1.0])
def test_what_it_has_not_read_comes_behind_in_the_order_it_had(first: float) -> None:
    hits = [hit(number, first - number) for number in range(RESCORED + 5)]
    found = rescore(ByLength(), QUESTION, hits)
    assert [each.passage.id for each in found[RESCORED:]] == [f"p{RESCORED + n}" for n in range(5)]
    assert {each.cross_encoder for each in found[RESCORED:]} == {None}
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert [len(text_of(each)) for each in found[:RESCORED]] == scores[:RESCORED]


def test_nothing_to_read_is_no_error() -> None:
    assert rescore(ByLength(), QUESTION, []) == []


def test_a_folder_without_a_model_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="expected a cross-encoder at"):
        CrossEncoderReranker.load(str(tmp_path))


def test_a_model_with_several_labels_is_refused(tmp_path: Path) -> None:
    model = save_tiny_cross_encoder(tmp_path / "model", labels=3)
    with pytest.raises(EmbedderError, match="one score, found 3 labels"):
        CrossEncoderReranker.load(str(model))
