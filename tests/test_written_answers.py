"""Written answers through the whole path: index, retrieval, a server, the check, the doors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import article
from inference_server import InferenceServer, fails, replies

from rag.answer import ask
from rag.generate.openai_compatible import OpenAICompatible
from rag.index import Index
from rag.types import Language

ARTICLES = {
    "relief.txt": "宁德市去年出台了一批扶持政策。这些政策在2021年为企业减负达42亿元。",
    "harbour.txt": "The port of Lind opened on 12 March 2019. The project cost 3.2 billion yuan.",
}
QUESTIONS: list[tuple[str, Language]] = [
    ("政策为企业减负多少？", "zh-Hans"),
    ("政策為企業減負多少？", "zh-Hant"),
    ("How much did the policies save companies in 2021?", "en"),
]
SAID: dict[Language, tuple[str, str]] = {
    "en": ("The policies saved companies 4.2 billion yuan.", "They saved 42 billion yuan."),
    "zh-Hans": ("政策为企业减负42亿元。", "政策为企业减负420亿元。"),
    "zh-Hant": ("政策為企業減負42億元。", "政策為企業減負420億元。"),
}
QUOTE = "为企业减负达42亿元"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("written") / "index"
    with Index.open(found, create=True) as opened:
        opened.ingest_articles(article(name, text) for name, text in ARTICLES.items())
    return found


@pytest.fixture(scope="module")
def index(folder: Path) -> Iterator[Index]:
    with Index.open(folder) as opened:
        yield opened


def claiming(*sentences: str) -> Callable[[dict[str, Any]], str]:
    """A model that proves each sentence with QUOTE, from the passage that holds it."""

    def reply(request: dict[str, Any]) -> str:
        shown = json.loads(request["messages"][1]["content"])["passages"]
        key = next(each["key"] for each in shown if QUOTE in each["text"])
        return " ".join(f"{sentence} [[{key}|{QUOTE}]]" for sentence in sentences)

    return reply


@pytest.mark.parametrize(("question", "language"), QUESTIONS)
def test_answer_is_written_in_the_askers_language_and_checked(
    index: Index, question: str, language: Language
) -> None:
    true, false = SAID[language]
    with InferenceServer(replies(claiming(true, false))) as server:
        answer = ask(index, question, generator=OpenAICompatible(server.url, "tiny"))
    assert [each.status for each in answer.claims] == ["verified", "unsupported"]
    assert answer.claims[1].reasons
    (citation,) = answer.citations
    assert citation.quote == QUOTE
    first, second = answer.text.splitlines()
    assert first == f"{true} [1]"
    assert second.startswith(f"{false} ")
    assert second != f"{false} [1]"  # the reader is told
    assert (answer.language, answer.declined, answer.notice) == (language, False, None)
    assert answer.timings_ms["total"] >= answer.timings_ms["write"] > 0


@pytest.mark.parametrize(("question", "language"), QUESTIONS)
def test_fault_ends_in_the_quoted_answer_with_a_notice(
    index: Index, question: str, language: Language
) -> None:
    quoted = ask(index, question)
    with InferenceServer(fails(401, "no such key")) as server:
        answer = ask(index, question, generator=OpenAICompatible(server.url, "tiny"))
    assert (answer.text, answer.citations) == (quoted.text, quoted.citations)
    assert answer.claims == ()
    assert answer.notice is not None
    assert "no such key" in answer.notice
    assert answer.language == language


def test_model_is_not_asked_where_the_articles_hold_no_answer(index: Index) -> None:
    with InferenceServer() as server:
        generator = OpenAICompatible(server.url, "tiny")
        answer = ask(index, "How do I bake sourdough bread?", generator=generator)
        assert server.requests == []
    assert answer.declined
    assert answer.notice is None


def asked(folder: Path, server: InferenceServer, *options: str) -> str:
    """Standard output of `rag ask` with the server in its environment."""
    done = subprocess.run(
        [sys.executable, "-m", "rag", "ask", QUESTIONS[0][0], "--index", str(folder), *options],
        env={**os.environ, "RAG_LLM_BASE_URL": server.url, "RAG_LLM_MODEL": "tiny"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def test_command_line_writes_with_the_model_of_the_environment(folder: Path) -> None:
    true, _ = SAID["zh-Hans"]
    with InferenceServer(reply=claiming(true)) as server:
        found = json.loads(asked(folder, server, "--json"))
        assert asked(folder, server).startswith(f"{true} [1]\n")
    assert found["answer"] == f"{true} [1]"
    (claim,) = found["claims"]
    assert (claim["status"], claim["citations"]) == ("verified", [1])
    assert (claim["found"], claim["supported"]) == (True, True)


def test_command_line_tells_why_it_quotes(folder: Path) -> None:
    with InferenceServer(fails(401), fails(401)) as server:
        found = json.loads(asked(folder, server, "--json"))
        shown = asked(folder, server)
    assert "claims" not in found
    assert found["citations"]
    assert shown.splitlines()[0] == found["notice"]
