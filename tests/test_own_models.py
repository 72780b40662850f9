"""Models of the user's own choice, from the command line: every command works with them."""

from __future__ import annotations

import gc
import json
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from test_cli import QUESTIONS, write_articles
from tiny_transformer import save_tiny_cross_encoder, save_tiny_transformer

from rag.cli import run

Rag = Callable[..., tuple[int, Any]]
QUESTION = "金沙港码头的总投资是多少？"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two models, a judge, articles, questions. Not to be changed."""
    made = tmp_path_factory.mktemp("made")
    prompts = {"query": "查询 ", "passage": "段落 "}
    save_tiny_transformer(made / "first", prompts)
    save_tiny_transformer(made / "second", prompts, seed=8)
    save_tiny_cross_encoder(made / "judge")
    write_articles(made / "seeds")
    lines = [json.dumps(row, ensure_ascii=False) for row in QUESTIONS]
    (made / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


@pytest.fixture
def rag(
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Rag:
    """Runs a command in a copy of that folder, whose articles are ingested with the first model."""
    monkeypatch.chdir(shutil.copytree(made, tmp_path / "home"))

    def rag(*words: str) -> tuple[int, Any]:
        code = run([*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    code, report = rag("ingest", "--embedder", "first/model")
    assert code == 0
    assert len(report["added"]) == 3
    return rag


def test_search_ask_eval_and_doctor_need_not_be_told_the_model(rag: Rag) -> None:
    _, found = rag("search", QUESTION)
    assert found["hits"][0]["document"]["path"].endswith("port.txt")
    _, answer = rag("ask", QUESTION)
    assert "18亿元" in answer["answer"]
    code, figures = rag("eval", "questions.jsonl")
    assert (code, figures["overall"]["recall@10"]) == (0, 1.0)
    assert figures["overall"]["citation_valid"] == 1.0
    assert rag("doctor") == (0, {"index": "indexes/default", "sound": True, "problems": [],
                                 "repaired": []})  # fmt: skip


def test_ingesting_more_needs_the_same_model(rag: Rag) -> None:
    Path("more.txt").write_text("The Lantern Bridge was painted red in 2023.", encoding="utf-8")
    assert len(rag("ingest", "more.txt")[1]["added"]) == 1
    assert rag("ingest", "more.txt", "--embedder", "first/model")[0] == 0
    for other in ("second/model", "built-in", "first/model|q: |p: "):
        code, said = rag("ingest", "more.txt", "--embedder", other)
        assert code == 1
        assert "leave the embedder out" in said["error"]
    assert rag("doctor")[1]["sound"] is True


def test_a_model_that_has_changed_is_refused_until_everything_is_embedded_anew(rag: Rag) -> None:
    shutil.rmtree("first/model")
    shutil.copytree("second/model", "first/model")
    code, said = rag("ask", QUESTION)
    assert code == 1
    assert "rag doctor --repair" in said["error"]
    assert rag("doctor")[1]["sound"] is False
    assert rag("doctor", "--repair")[1]["sound"] is True
    assert "18亿元" in rag("ask", QUESTION)[1]["answer"]


def test_a_reranker_is_named_by_an_option_or_by_the_environment(
    rag: Rag, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = rag("search", QUESTION)[1]["hits"]
    by_option = rag("search", QUESTION, "--reranker", "judge")[1]["hits"]
    monkeypatch.setenv("RAG_RERANKER", "judge")
    assert rag("search", QUESTION)[1]["hits"] == by_option
    assert [hit["score"] for hit in by_option] != [hit["score"] for hit in plain]
    answer = rag("ask", QUESTION)[1]
    assert answer["passages"][0]["document_id"] == by_option[0]["document"]["id"]
    assert rag("eval", "questions.jsonl")[0] == 0
    monkeypatch.setenv("RAG_RERANKER", "seeds")
    code, said = rag("ask", QUESTION)
    assert code == 1
    assert "expected a cross-encoder at 'seeds'" in said["error"]


@pytest.mark.filterwarnings("ignore")  # those of an export, where one can be made
def test_the_backend_is_named_by_the_environment(rag: Rag, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = rag("search", QUESTION)[1]["hits"]
    monkeypatch.setenv("RAG_BACKEND", "onnx")
    code, found = rag("search", QUESTION)
    if find_spec("onnxruntime") is None:
        assert code == 1
        assert "pip install 'sentence-transformers[onnx]'" in found["error"]
    else:
        assert [hit["text"] for hit in found["hits"]] == [hit["text"] for hit in plain]
    gc.collect()


def test_an_unknown_backend_is_wrong_use(rag: Rag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_BACKEND", "tensorflow")
    code, said = rag("ask", QUESTION)
    assert code == 2
    assert "torch, onnx or openvino" in said["error"]
