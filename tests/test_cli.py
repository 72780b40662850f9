"""The command line, end to end: each test runs `rag` as a process of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from rag.answer import ask
from rag.index import Index
from rag.store.conversations import Conversations, Versions

EN = """# The Lantern Bridge

The Lantern Bridge crosses the river Wen at Oldport. It was opened on 21 December 2021. The bridge
cost 4.2 billion yuan and is 1,280 metres long. The architect was Maria Castellan.
"""
ZH = """金沙港码头扩建

金沙港码头于2019年3月开工扩建，总投资18亿元。扩建后码头年吞吐量达到500万吨。负责工程的是总工程师林若川。
"""
HANT = """
竹溪圖書館於民國110年重新開放，館藏圖書三十二萬冊。館長陳美玉表示，每年約有十萬名讀者入館。
"""
QUESTIONS = [
    {"id": "q1", "question": "When was the Lantern Bridge opened?", "lang": "en",
     "documents": ["bridge.md"], "answers": ["21 December 2021"], "answerable": True},
    {"id": "q2", "question": "金沙港码头的总投资是多少？", "lang": "zh-Hans",
     "documents": ["port.txt"], "answers": ["18亿元"], "answerable": True},
    {"id": "q3", "question": "竹溪图书馆的馆长是谁？", "lang": "zh-Hans",
     "documents": ["library-1"], "answers": ["陈美玉"], "answerable": True},
    {"id": "q4", "question": "How do penguins keep their eggs warm?", "lang": "en",
     "documents": [], "answers": [], "answerable": False},
]  # fmt: skip
MATCH_KEYS = ["question", "article", "start", "end", "cosine"]
DOCUMENT_KEYS = ["id", "source_id", "path", "title", "publisher", "date", "url", "language"]


def rag(
    *words: str, at: Path, env: dict[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder; the output is decoded as UTF-8, whatever the locale."""
    return subprocess.run(
        [sys.executable, "-m", "rag", *words],
        cwd=at,
        env={**os.environ, **(env or {})},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def document_of(done: subprocess.CompletedProcess[str]) -> Any:
    """The one JSON document on standard output."""
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of an error; nothing stands on standard output."""
    assert done.stdout == ""
    assert re.fullmatch(r"rag: [^\n]+\n", done.stderr), done.stderr
    return done.stderr


def write_articles(folder: Path) -> None:
    folder.mkdir()
    (folder / "bridge.md").write_text(EN, encoding="utf-8")
    (folder / "port.txt").write_text(ZH, encoding="gb18030")
    row = {
        "id": "library-1",
        "title": "竹溪圖書館",
        "text": HANT,
        "publisher": "竹溪日報",
        "date": "2021-05-01",
    }
    (folder / "library.jsonl").write_text(
        json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8"
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three articles in seeds/, ingested, and a questions file. Not to be changed."""
    home = tmp_path_factory.mktemp("home")
    write_articles(home / "seeds")
    lines = [json.dumps(row, ensure_ascii=False) for row in QUESTIONS]
    (home / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = rag("ingest", at=home)
    assert done.returncode == 0, done.stderr
    assert "3 added, 0 updated, 0 unchanged, 0 skipped" in done.stdout
    return home


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    shutil.copytree(home, tmp_path / "home")
    return tmp_path / "home"


def test_ingest_says_what_it_did_by_source(tmp_path: Path) -> None:
    write_articles(tmp_path / "seeds")
    first = document_of(rag("ingest", "--json", at=tmp_path))
    assert list(first) == [
        "index", "added", "updated", "unchanged", "skipped", "hidden", "passages", "seconds",
    ]  # fmt: skip
    assert len(first["added"]) == 3
    again = document_of(rag("ingest", "--json", at=tmp_path))
    assert sorted(again["unchanged"]) == sorted(first["added"])
    assert (again["added"], again["updated"], again["skipped"], again["passages"]) == (
        [],
        [],
        [],
        0,
    )
    (tmp_path / "seeds" / "bridge.md").write_text(EN.replace("1,280", "1,290"), encoding="utf-8")
    changed = document_of(rag("ingest", "seeds", "--json", at=tmp_path))
    assert [Path(source).name for source in changed["updated"]] == ["bridge.md"]
    found = document_of(rag("search", "How long is the Lantern Bridge?", "--json", at=tmp_path))
    assert "1,290 metres" in found["hits"][0]["text"]
    assert "1,280" not in json.dumps(found)


def test_ingest_takes_web_addresses_and_reaches_for_nothing_on_this_machine(tmp_path: Path) -> None:
    write_articles(tmp_path / "mixed")
    done = rag("ingest", "http://127.0.0.1/a", "mixed", "--json", at=tmp_path)
    report = document_of(done)
    assert done.returncode == 1
    assert len(report["added"]) == 3
    (skipped,) = report["skipped"]
    assert skipped["source"] == "http://127.0.0.1/a"
    assert "open internet" in skipped["reason"]


def test_ingest_reads_the_rest_and_exits_with_1_when_something_cannot_be_read(
    tmp_path: Path,
) -> None:
    write_articles(tmp_path / "mixed")
    (tmp_path / "mixed" / "empty.txt").write_bytes(b"")
    (tmp_path / "mixed" / "noise.pdf").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "mixed" / "rows.jsonl").write_text('{"text": "Fine, a row."}\n{"no": "text"}\n')
    done = rag("ingest", "mixed", "absent.md", "--index", "other", "--json", at=tmp_path)
    report = document_of(done)
    assert done.returncode == 1
    assert len(report["added"]) == 4
    skipped = {Path(each["source"]).name.partition("#")[0] for each in report["skipped"]}
    assert skipped == {"empty.txt", "noise.pdf", "rows.jsonl", "absent.md"}
    assert all(each["reason"] and "\n" not in each["reason"] for each in report["skipped"])
    lines = done.stderr.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("skipped ") for line in lines)


def test_ask_json_has_the_promised_shape(home: Path) -> None:
    done = rag("ask", "When was the Lantern Bridge opened?", "--json", at=home)
    answer = document_of(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(answer) == [
        "question", "language", "answer", "declined", "confidence", "citations", "passages",
        "timings_ms",
    ]  # fmt: skip
    assert answer["question"] == "When was the Lantern Bridge opened?"
    assert (answer["language"], answer["declined"]) == ("en", False)
    assert 0 <= answer["confidence"] <= 1
    assert "21 December 2021" in answer["answer"]
    citation = answer["citations"][0]
    assert list(citation) == ["number", "document", "start", "end", "quote"]
    assert list(citation["document"]) == DOCUMENT_KEYS
    assert citation["end"] - citation["start"] == len(citation["quote"])
    passage = answer["passages"][0]
    assert list(passage) == ["rank", "relevance", "document_id", "start", "end", "matches"]
    assert [list(match) for match in passage["matches"]][:1] == [MATCH_KEYS]
    assert "Lantern" in {match["article"] for match in passage["matches"]}
    assert passage["rank"] == 1
    assert passage["document_id"] == citation["document"]["id"]
    assert all(isinstance(spent, float) for spent in answer["timings_ms"].values())


def test_ask_shows_each_citation_with_title_publisher_date_and_quote(home: Path) -> None:
    done = rag("ask", "竹溪图书馆的馆长是谁？", at=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "[1]" in done.stdout
    assert "竹溪圖書館 · 竹溪日報 · 2021-05-01" in done.stdout
    assert re.search(r"“[^”]*陳美玉[^”]*”", done.stdout)
    assert "\x1b" not in done.stdout  # no colours in a pipe


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "Nearest passages"), ("zh-Hans", "最接近的段落"), ("auto", "Nearest passages")],
)
def test_a_refusal_shows_the_nearest_passages(home: Path, language: str, heading: str) -> None:
    question = "How do penguins keep their eggs warm?"
    done = rag("ask", question, "--language", language, at=home)
    assert done.returncode == 0
    assert heading in done.stdout
    answer = document_of(rag("ask", question, "--language", language, "--json", at=home))
    assert answer["declined"] is True
    assert answer["citations"] == []
    assert answer["language"] == ("en" if language == "auto" else language)


def test_search_json_has_the_promised_shape(home: Path) -> None:
    done = rag("search", "金沙港碼頭的總投資", "--top-k", "2", "--json", at=home)
    found = document_of(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(found) == ["query", "language", "hits"]
    assert (found["query"], found["language"]) == ("金沙港碼頭的總投資", "zh-Hant")
    assert [hit["rank"] for hit in found["hits"]] == list(range(1, len(found["hits"]) + 1))
    assert 1 <= len(found["hits"]) <= 2
    first = found["hits"][0]
    assert list(first) == ["rank", "score", "document", "start", "end", "text", "matches"]
    assert list(first["document"]) == DOCUMENT_KEYS
    assert first["document"]["path"].endswith("port.txt")
    assert first["end"] - first["start"] == len(first["text"])
    assert "18亿元" in first["text"]
    for match in first["matches"]:
        assert list(match) == MATCH_KEYS
        assert match["question"] in "金沙港碼頭的總投資"
        within = slice(match["start"] - first["start"], match["end"] - first["start"])
        assert first["text"][within] == match["article"]
        assert 0 < match["cosine"] <= 1


def test_search_shows_the_words_that_met_under_each_passage(home: Path) -> None:
    done = rag("search", "Who spent 1.8 billion yuan?", "--top-k", "1", at=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1.8 billion = 18亿元" in done.stdout.splitlines()[-1]


def test_eval_writes_figures_details_and_report(home: Path, tmp_path: Path) -> None:
    details, report = tmp_path / "details.jsonl", tmp_path / "report.html"
    done = rag(
        "eval", "questions.jsonl", "--json", "--details", str(details), "--report", str(report),
        at=home,
    )  # fmt: skip
    figures = document_of(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(figures) == ["overall", "pairs"]
    assert list(figures["overall"]) == [
        "questions", "recall@1", "recall@3", "recall@10", "mrr@10", "answer_hit", "answered",
        "declined", "hallucination_rate", "miss_rate", "refusal_auroc", "citation_valid",
        "latency_ms",
    ]  # fmt: skip
    assert set(figures["pairs"]) == {"en->en", "en->none", "zh-Hans->zh-Hans", "zh-Hans->zh-Hant"}
    assert figures["overall"]["recall@1"] == 1.0
    assert figures["overall"]["citation_valid"] == 1.0
    rows = [json.loads(line) for line in details.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["q1", "q2", "q3", "q4"]
    assert all(len({hit["document"]["id"] for hit in row["hits"]}) == 3 for row in rows[:1])
    assert report.read_text("utf-8").startswith("<!doctype html>")
    assert "overall" in rag("eval", "questions.jsonl", at=home).stdout


def test_eval_names_articles_that_are_not_there(home: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    row = {"id": "lost", "question": "Where?", "documents": ["lost.md"], "answerable": True}
    questions.write_text(json.dumps(row))
    done = rag("eval", str(questions), "--json", at=home)
    assert done.returncode == 0
    assert "lost.md" in done.stderr
    assert document_of(done)["overall"]["recall@10"] == 0.0


def test_list_and_remove(copy: Path) -> None:
    listed = document_of(rag("list", "--json", at=copy))["documents"]
    assert len(listed) == 3
    assert list(listed[0]) == [*DOCUMENT_KEYS, "sources", "passages", "added"]
    removed = document_of(rag("remove", "bridge.md", "library-1", "--json", at=copy))["removed"]
    assert len(removed) == 2
    shown = rag("list", at=copy)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "port.txt" in shown.stdout
    assert "bridge.md" not in shown.stdout
    found = rag("search", "Lantern Bridge", "--json", at=copy)
    assert "Lantern" not in json.dumps(document_of(found)["hits"])
    assert "bridge.md" in one_line(rag("remove", "bridge.md", at=copy))


def test_doctor_finds_and_repairs_what_was_lost(copy: Path) -> None:
    assert rag("doctor", at=copy).returncode == 0
    for file in (copy / "indexes" / "default" / "generations").rglob("*.faiss"):
        file.write_bytes(b"spoiled")
    refused = rag("ask", "When was the Lantern Bridge opened?", at=copy)
    assert refused.returncode == 1
    assert "rag doctor --repair" in one_line(refused)
    found = rag("doctor", "--json", at=copy)
    assert found.returncode == 1
    assert document_of(found)["sound"] is False
    mended = rag("doctor", "--repair", "--json", at=copy)
    assert mended.returncode == 0, mended.stderr
    assert document_of(mended)["problems"] == []
    assert document_of(mended)["repaired"]
    answer = document_of(rag("ask", "When was the Lantern Bridge opened?", "--json", at=copy))
    assert answer["declined"] is False


def test_doctor_of_a_spoiled_database_is_one_line(copy: Path) -> None:
    database = copy / "indexes" / "default" / "documents.sqlite"
    database.write_bytes(b"not a database" * 1000)
    done = rag("doctor", "--repair", at=copy)
    assert done.returncode == 1
    assert "documents.sqlite" in one_line(done)


@pytest.mark.parametrize(
    "words",
    [
        ["ask"],
        ["ask", ""],
        ["ask", " \t\n"],
        ["ask", "Why?", "now?"],
        ["ask", "Why?", "--language", "fr"],
        ["ask", "Why?", "--bad"],
        ["search", ""],
        ["search", "x", "--top-k", "0"],
        ["search", "x", "--top-k", "many"],
        ["eval"],
        ["eval", "absent.jsonl"],
        ["eval", "questions.jsonl", "--report", "absent/report.html"],
        ["remove"],
        ["serve", "--port", "70000"],
        ["nonsense"],
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(home: Path, words: list[str]) -> None:
    done = rag(*words, at=home)
    one_line(done)
    assert done.returncode == 2
    with_json = rag(*words, "--json", at=home)
    assert with_json.returncode == 2
    if "absent" not in str(words):
        assert list(document_of(with_json)) == ["error"]


@pytest.mark.parametrize("command", [["ask", "Why?"], ["search", "x"], ["list"], ["doctor"]])
def test_without_an_index_one_line_says_to_ingest(tmp_path: Path, command: list[str]) -> None:
    done = rag(*command, at=tmp_path)
    line = one_line(done)
    assert done.returncode == 1
    assert "rag ingest" in line
    assert str(Path("indexes/default")) in line
    assert list(tmp_path.iterdir()) == []


def test_ingest_without_seeds_says_what_to_name(tmp_path: Path) -> None:
    done = rag("ingest", at=tmp_path)
    assert "seeds" in one_line(done)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_the_environment_names_the_index(home: Path, tmp_path: Path) -> None:
    where = {"RAG_INDEX": str(home / "indexes" / "default")}
    assert len(document_of(rag("list", "--json", at=tmp_path, env=where))["documents"]) == 3
    named = rag("list", "--index", "nowhere", at=tmp_path, env=where)
    assert named.returncode == 1
    assert "nowhere" in one_line(named)


def test_debug_shows_the_traceback_and_nothing_else_does(tmp_path: Path) -> None:
    for words in (["--debug", "ask", "Why?"], ["ask", "Why?", "--debug"]):
        assert "Traceback" in rag(*words, at=tmp_path).stderr
    assert "Traceback" not in rag("ask", "Why?", at=tmp_path).stderr


def test_output_is_utf_8_in_every_locale(home: Path) -> None:
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = rag("search", "金沙港", "--json", at=home, env=plain)
    assert done.returncode == 0, done.stderr
    assert any("金沙港" in hit["text"] for hit in document_of(done)["hits"])
    assert "金沙港" in rag("list", at=home, env=plain).stdout


def test_a_reader_who_goes_away_is_no_error(home: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m rag list --json | head -c 1",
        shell=True,
        cwd=home,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("{", "")


def test_an_interrupt_is_one_line_and_130_and_leaves_the_index_whole(copy: Path) -> None:
    rows = (json.dumps({"text": f"Article {n}. " + EN * 5}) for n in range(30_000))
    (copy / "many.jsonl").write_text("\n".join(rows))
    running = subprocess.Popen(
        [sys.executable, "-m", "rag", "ingest", "many.jsonl"],
        cwd=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not list(copy.glob("indexes/default/generations/*/lexical/*/.tantivy-writer.lock")):
        assert running.poll() is None  # the first passages come into the index in about a second
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (130, "rag: interrupted\n")
    assert rag("doctor", at=copy).returncode == 0


def test_help_names_every_command(tmp_path: Path) -> None:
    done = rag("--help", at=tmp_path)
    assert done.returncode == 0
    commands = "ingest ask search eval calibrate list remove doctor serve mcp export-feedback"
    assert set(commands.split()) <= set(done.stdout.split())
    assert rag(at=tmp_path).returncode == 2
    assert rag("--version", at=tmp_path).stdout.startswith("rag 0.")


def test_ratings_are_exported_as_a_questions_file(copy: Path) -> None:
    rag("ingest", at=copy)
    kept = Conversations.open(copy / "indexes" / "default")
    with Index.open(copy / "indexes" / "default") as index:
        found = ask(index, "How long did it take to build the SAIC base in Ningde?")
    kept.rate(kept.add(kept.begin(), found, Versions("0", "e", "f", None)), "up")
    assert rag("export-feedback", "rated.jsonl", at=copy).returncode == 0
    assert rag("eval", "rated.jsonl", "--json", at=copy).returncode == 0
    printed = rag("export-feedback", at=copy).stdout
    assert printed == (copy / "rated.jsonl").read_text(encoding="utf-8")
    assert rag("export-feedback", "none/rated.jsonl", at=copy).returncode == 2
