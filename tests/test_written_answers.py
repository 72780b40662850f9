"""Written answers through the whole path: index, retrieval, a server, the check, the doors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from conftest import article
from inference_server import Call, InferenceServer, fails, replies, says

from rag.answer import ask, stream, turn_of
from rag.generate.openai_compatible import OpenAICompatible
from rag.index import Index
from rag.phrases import CUT, WHY, Reason
from rag.types import LANGUAGES, Answer, Language
from rag.written import Piece

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
    assert WHY[language]["refused"] in answer.notice
    assert "no such key" not in answer.notice
    assert answer.language == language


@pytest.mark.parametrize(("question", "language"), QUESTIONS)
def test_answer_that_the_server_cut_off_says_so_in_the_askers_language(
    index: Index, question: str, language: Language
) -> None:
    def cut(call: Call) -> None:
        says(claiming(SAID[language][0])(call.asked.body), finish="length")(call)

    with InferenceServer(cut) as server:
        answer = ask(index, question, generator=OpenAICompatible(server.url, "tiny"))
    assert answer.claims
    assert answer.notice == CUT[language].format(why=WHY[language]["length"])


def test_every_reason_has_a_sentence_in_every_language() -> None:
    faults, others = (get_args(each) for each in get_args(Reason))
    for language in LANGUAGES:
        assert set(WHY[language]) == {*faults, *others}
        sentences = set(WHY[language].values())
        assert len(sentences) == len(WHY[language])
        assert all(each.isascii() == (language == "en") for each in sentences)


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


def test_unsupported_sentences_are_dropped_where_that_is_set(index: Index) -> None:
    true, false = SAID["zh-Hans"]
    with InferenceServer(replies(claiming(false, true))) as server:
        generator = OpenAICompatible(server.url, "tiny")
        answer = ask(index, QUESTIONS[0][0], generator=generator, keep_unsupported=False)
    assert answer.text == f"{true} [1]"
    assert [each.status for each in answer.claims] == ["verified"]


def test_citations_that_only_dropped_sentences_had_are_dropped_with_them(index: Index) -> None:
    def reply(request: dict[str, Any]) -> str:
        passages = json.loads(request["messages"][1]["content"])["passages"]
        key = next(each["key"] for each in passages if QUOTE in each["text"])
        return (
            f"政策有九十批。[[{key}|出台了九十批]] 政策有九亿。[[{key}|出台了一批扶持政策]] "
            f"减负42亿元。[[{key}|{QUOTE}]]"
        )

    with InferenceServer(replies(reply)) as server:
        generator = OpenAICompatible(server.url, "tiny")
        answer = ask(index, QUESTIONS[0][0], generator=generator, keep_unsupported=False)
    assert answer.text == "减负42亿元。 [1]"
    assert [citation.quote for citation in answer.citations] == [QUOTE]


def test_stream_gives_the_quoted_answer_first_and_the_settled_one_last(index: Index) -> None:
    true, _ = SAID["en"]
    with InferenceServer(replies(claiming(true))) as server:
        generator = OpenAICompatible(server.url, "tiny")
        first, *pieces, last = stream(index, QUESTIONS[2][0], generator=generator)
    assert isinstance(first, Answer)
    assert first.text == ask(index, QUESTIONS[2][0]).text
    assert "".join(each.text for each in pieces if isinstance(each, Piece)).strip() == true
    assert isinstance(last, Answer)
    assert last.text == f"{true} [1]"


def test_follow_up_is_answered_as_it_was_resolved(index: Index) -> None:
    turns = [turn_of(ask(index, "政策在2021年为企业减负多少？"))]
    answer = ask(index, "那是哪一年？", turns=turns)
    assert answer.question == "那是哪一年？"
    assert answer.resolved is not None
    assert "减负" in answer.resolved
    assert "2021" in answer.citations[0].quote
    assert ask(index, QUESTIONS[2][0], turns=turns).resolved is None


def test_evaluation_of_written_answers_counts_their_citations(folder: Path, tmp_path: Path) -> None:
    row = {"id": "q", "question": QUESTIONS[0][0], "lang": "zh-Hans", "documents": ["relief.txt"]}
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        json.dumps({**row, "answers": ["42亿元"], "answerable": True}), encoding="utf-8"
    )
    true, _ = SAID["zh-Hans"]
    command = [sys.executable, "-m", "rag", "eval", str(questions), "--index", str(folder)]
    details = tmp_path / "details.jsonl"
    with InferenceServer(reply=claiming(true)) as server:
        done = subprocess.run(
            [*command, "--written", "--json", "--details", str(details)],
            env={**os.environ, "RAG_LLM_BASE_URL": server.url, "RAG_LLM_MODEL": "tiny"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    figures = json.loads(done.stdout)["overall"]
    assert (figures["answer_hit"], figures["citation_valid"]) == (1.0, 1.0)
    assert json.loads(details.read_text(encoding="utf-8"))["answer"] == f"{true} [1]"


def test_evaluation_of_written_answers_needs_a_model(folder: Path, tmp_path: Path) -> None:
    environment = {name: each for name, each in os.environ.items() if "RAG_LLM" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "rag", "eval", "none.jsonl", "--index", str(folder), "--written"],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert "RAG_LLM_MODEL" in done.stderr


def test_sources_that_disagree_are_shown_below_what_is_written(tmp_path: Path) -> None:
    told = "The Lind Bridge is {} metres long. Crews worked on it by night, and rain held them up."
    other = "Reporters measured it anew. The Lind Bridge is {} metres long from bank to bank."
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles(
            [
                article("a", told.format(1250), publisher="Lind Daily", date="2021-03-01"),
                article("b", other.format(1430), publisher="River Post", date="2021-04-02"),
            ]
        )

        def reply(request: dict[str, Any]) -> str:
            passages = json.loads(request["messages"][1]["content"])["passages"]
            key = next(each["key"] for each in passages if "1250" in each["text"])
            return f"The Lind Bridge is 1250 metres long. [[{key}|is 1250 metres long]]"

        with InferenceServer(replies(reply)) as server:
            generator = OpenAICompatible(server.url, "tiny")
            answer = ask(opened, "How long is the Lind Bridge?", generator=generator)
    assert answer.claims[0].status == "verified"
    assert {position.text for position in answer.disagreement} == {"1250 metres", "1430 metres"}
    for position in answer.disagreement:
        for number in position.citations:
            assert position.text.split()[0] in answer.citations[number - 1].quote
    assert [citation.number for citation in answer.citations] == [1, 2, 3]
    assert any("1430 metres" in line and "River Post" in line for line in answer.text.splitlines())
