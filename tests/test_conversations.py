"""Conversations on disk: what goes in comes out, whoever else writes, until it is removed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import article

from rag.errors import RagError, StoreError, UsageError
from rag.index import Index
from rag.store import documents
from rag.store.conversations import (
    FILE_NAME,
    CitedArticle,
    Conversations,
    KeptCitation,
    Message,
    Restored,
    Versions,
    restore,
)
from rag.types import Answer, Citation, Document, Hit, Passage, Position, RawArticle, WrittenClaim

VERSIONS = Versions("0.1.0", "built-in", "f00d", "acme/chat")
TEXT = "The dam holds 40 tonnes.\nIt was built in 1908."
DOCUMENT = Document("d1", TEXT, "en", "/a/dam.md", None, "A dam", "The Gazette", "2021-03-04")
COPY = Document(
    "d2", TEXT + " (Wire)", "zh-Hant", "/a/wire.jsonl", "7", None, None, None, "https://x.org/7"
)
HIT = Hit(Passage("p1", "d1", 0, 24, TEXT[:24]), DOCUMENT, 0.5, 2.0, 0.25, 0.75, 0.125, -1.5)
ANSWER = Answer(
    question="How much does it hold?",
    language="zh-Hans",
    text="四十吨 [1]\n文章原文：\n“The dam holds 40 tonnes.” [1]",
    declined=False,
    confidence=0.875,
    citations=(
        Citation(1, DOCUMENT, 0, 24, TEXT[:24], outlets=(COPY,)),
        Citation(2, COPY, 25, 46, TEXT[25:]),
    ),
    hits=(HIT,),
    short="四十吨",
    resolved="How much does the dam hold?",
    disagreement=(Position("40 吨", (1,)), Position("1908", (2,))),
    notes=("2021 was read as the year.",),
    claims=(
        WrittenClaim("It holds 40 t.", "verified", (1,), True, True),
        WrittenClaim("It leaks.", "unsupported", (), False, False, ("no quote", "另一句")),
    ),
    notice="A notice",
    timings_ms={"total": 3.0},
)
REFUSAL = Answer("Who owns it?", "en", "No.", True, 0.1, hits=(HIT,) * 5)


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations.open(tmp_path)


def said(question: str, text: str = "An answer.") -> Answer:
    return replace(REFUSAL, question=question, text=text)


def questions(kept: Conversations, conversation: str) -> list[str]:
    return [message.question for message in kept.messages(conversation)]


# --- what is kept ---


def test_every_part_of_an_answer_comes_back(kept: Conversations) -> None:
    before = datetime.now(UTC)
    conversation = kept.begin()
    name = kept.add(conversation, ANSWER, VERSIONS)
    (message,) = kept.messages(conversation)
    assert (message.id, message.conversation_id) == (name, conversation)
    assert before.replace(microsecond=0) <= datetime.fromisoformat(message.asked)
    assert datetime.fromisoformat(message.asked) <= datetime.now(UTC)
    assert message.asked.endswith("+00:00")
    same = set(Message.__slots__) & set(Answer.__slots__) - {"citations"}
    assert {each: getattr(message, each) for each in same} == {
        each: getattr(ANSWER, each) for each in same
    }
    dam = CitedArticle("d1", "en", "/a/dam.md", None, "A dam", "The Gazette", "2021-03-04")
    wire = CitedArticle("d2", "zh-Hant", "/a/wire.jsonl", "7", url="https://x.org/7")
    assert message.citations == (
        KeptCitation(1, dam, 0, 24, "The dam holds 40 tonnes.", (wire,)),
        KeptCitation(2, wire, 25, 46, "It was built in 1908."),
    )
    assert message.nearest == ()
    assert message.versions == VERSIONS
    assert (message.verdict, message.reason) == (None, "")


def test_no_part_of_an_answer_is_forgotten() -> None:
    """A field that an answer gets one day has to be kept, or named here."""
    found = {each.name for each in fields(Answer)}
    assert found == set(Message.__slots__) & found | {"hits", "timings_ms"}


def test_of_a_refusal_the_three_nearest_passages_are_kept(kept: Conversations) -> None:
    conversation = kept.begin()
    kept.add(conversation, REFUSAL, replace(VERSIONS, language_model=None))
    (message,) = kept.messages(conversation)
    assert [(hit.document_id, hit.start, hit.end) for hit in message.nearest] == [("d1", 0, 24)] * 3
    assert message.versions.language_model is None
    assert restore(message, {"d1": DOCUMENT}.get, lambda _: None).answer == replace(
        REFUSAL, hits=(HIT,) * 3
    )


def test_a_question_that_was_answered_as_asked_has_no_other(kept: Conversations) -> None:
    conversation = kept.begin()
    kept.add(conversation, replace(ANSWER, resolved=ANSWER.question), VERSIONS)
    assert kept.messages(conversation)[0].resolved is None


@pytest.mark.parametrize(
    "odd", ["\ud800?", "a\0b", "", "'; DROP TABLE messages; --", "字" * 20_000]
)
def test_odd_text_is_kept_and_harms_nothing(kept: Conversations, odd: str) -> None:
    conversation = kept.begin()
    name = kept.add(conversation, said(f"Q {odd}", odd), VERSIONS)
    kept.rate(name, "down", odd)
    assert kept.messages(conversation)[0].question.startswith("Q ")
    assert kept.listed(f"q {odd}")[0].id == conversation


def test_a_conversation_is_written_with_its_first_message(
    kept: Conversations, tmp_path: Path
) -> None:
    conversation = kept.begin()
    assert kept.listed() == []
    assert kept.messages(conversation) == []
    assert list(kept.rated()) == []
    kept.remove(conversation)
    assert list(tmp_path.iterdir()) == []
    kept.add(conversation, said("First\n question?"), VERSIONS)
    kept.add(conversation, said("Second?"), VERSIONS)
    (entry,) = kept.listed()
    assert (entry.id, entry.title, entry.messages) == (conversation, "First question?", 2)
    assert questions(kept, conversation) == ["First\n question?", "Second?"]
    assert kept.entry(conversation) == entry
    assert kept.entry("none") is None


def test_the_last_written_conversation_is_listed_first(kept: Conversations) -> None:
    first, second = kept.begin(), kept.begin()
    for conversation in (first, second):
        kept.add(conversation, REFUSAL, VERSIONS)
    assert [entry.id for entry in kept.listed()] == [second, first]
    time.sleep(0.002)
    kept.add(first, REFUSAL, VERSIONS)
    kept.rename(second, "Renamed")  # which is no message
    assert [entry.id for entry in kept.listed()] == [first, second]
    assert [entry.id for entry in kept.listed(limit=1)] == [first]
    assert kept.listed()[0].created < kept.listed()[0].updated


def test_an_answer_takes_the_place_of_a_message_and_all_after_it(kept: Conversations) -> None:
    one, other = kept.begin(), kept.begin()
    names = [kept.add(one, said(f"{n}?"), VERSIONS) for n in range(3)]
    kept.add(other, said("Other?"), VERSIONS)
    kept.add(one, said("New?"), VERSIONS, instead_of=names[1])
    assert questions(kept, one) == ["0?", "New?"]
    kept.add(other, said("Next?"), VERSIONS, instead_of=names[0])  # not a message of this one
    assert (questions(kept, one), questions(kept, other)) == (["0?", "New?"], ["Other?", "Next?"])
    kept.add(one, said("First?"), VERSIONS, instead_of=names[0])
    entry = kept.entry(one)
    assert entry is not None
    assert (entry.title, entry.messages) == ("First?", 1)
    kept.rename(one, "Mine")
    kept.add(one, said("Again?"), VERSIONS, instead_of=kept.messages(one)[0].id)
    assert [each.title for each in kept.listed("again")] == ["Mine"]
    assert kept.listed("first") == []


def test_an_answer_that_can_not_be_kept_leaves_the_one_before(
    kept: Conversations, tmp_path: Path
) -> None:
    name = kept.add("one", said("Before?"), VERSIONS)
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    connection.close()
    with pytest.raises(StoreError, match="full"):
        kept.add("one", said("After?"), VERSIONS, instead_of=name)
    assert questions(kept, "one") == ["Before?"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("数据安全", "zh"),
        ("數據安全", "zh"),
        ("实施 罰款", "zh"),  # the question's word and the answer's, each in the other script
        ("ＤＡＭ", "en"),
        ("dam 40%", "en"),
        ("dam 罚款", ""),
        ("4_", ""),
        ("100%", ""),
        ("renamed", "en"),
        ("", "zh en"),
        (" ".join(["dam"] * 2000), "en"),
    ],
)
def test_conversations_are_found_by_words_in_either_script(
    kept: Conversations, words: str, found: str
) -> None:
    names = {kept.begin(): "en", kept.begin(): "zh"}
    english, chinese = names
    kept.add(english, said("What of the Dam?", "It holds 40% of it."), VERSIONS)
    kept.add(chinese, said("數據安全法何時實施？", "最高可处罚款。"), VERSIONS)
    kept.rename(english, "Renamed")
    assert [names[entry.id] for entry in kept.listed(words)] == found.split()


def test_a_title_can_be_changed(kept: Conversations) -> None:
    conversation = kept.begin()
    kept.add(conversation, REFUSAL, VERSIONS)
    kept.rename(conversation, " New\n title ")
    assert kept.listed()[0].title == "New title"
    with pytest.raises(UsageError, match="expected a title"):
        kept.rename(conversation, " ")
    with pytest.raises(StoreError, match="found no other"):
        kept.rename("other", "Title")


def test_a_rating_takes_the_place_of_the_one_before(kept: Conversations) -> None:
    conversation = kept.begin()
    first, second = (kept.add(conversation, said(text), VERSIONS) for text in ("One?", "Two?"))
    kept.rate(second, "up")
    kept.rate(first, "down", "因为不对")
    assert [(each.id, each.verdict, each.reason) for each in kept.rated()] == [
        (first, "down", "因为不对"),
        (second, "up", ""),
    ]
    kept.rate(first, None, "left over")
    assert [each.id for each in kept.rated()] == [second]
    assert kept.messages(conversation)[0].reason == ""
    with pytest.raises(StoreError, match="expected a message that is kept, found no gone"):
        kept.rate("gone", "up")
    with pytest.raises(UsageError, match="expected 'up', 'down' or None"):
        kept.rate(first, "left")  # type: ignore[arg-type]


# --- removal ---


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize("seed", [1, 5])
def test_of_a_removed_conversation_no_byte_stays(
    kept: Conversations, tmp_path: Path, seed: int
) -> None:
    """Among others that grow, SQLite moves its rows from page to page and leaves copies behind."""
    rng = random.Random(seed)
    secret, *others = (f"{seed}-{n}" for n in range(5))
    names = []
    for _ in range(60):
        conversation = secret if rng.random() < 0.25 else rng.choice(others)
        word = "SECRET" if conversation == secret else "plain"
        answer = Answer(word, "en", f"{word} " * rng.randint(1, 40), True, 0.1)
        names.append((word, kept.add(conversation, answer, Versions("0", "e", "f"))))
        word, name = rng.choice(names)
        kept.rate(name, "down", word * rng.randint(1, 40))
    assert b"secret" in bytes_of(tmp_path).lower()
    before = {other: kept.messages(other) for other in others}
    kept.remove(secret)
    assert b"secret" not in bytes_of(tmp_path).lower()
    assert {other: kept.messages(other) for other in others} == before
    assert kept.messages(secret) == []
    kept.remove(secret)  # once more is no error


def test_a_removed_conversation_leaves_no_byte_while_another_process_reads(
    kept: Conversations, tmp_path: Path
) -> None:
    conversation = kept.begin()
    kept.add(conversation, said("SECRET?"), VERSIONS)
    reader = sqlite3.connect(tmp_path / FILE_NAME)
    reader.execute("SELECT * FROM messages").fetchall()
    kept.remove(conversation)
    assert b"secret" not in bytes_of(tmp_path).lower()
    reader.close()


def test_a_message_after_a_removal_begins_the_conversation_anew(kept: Conversations) -> None:
    conversation = kept.begin()
    kept.add(conversation, said("Before?"), VERSIONS)
    kept.remove(conversation)
    kept.add(conversation, said("After?"), VERSIONS)
    assert kept.listed()[0].title == "After?"
    assert questions(kept, conversation) == ["After?"]


# --- others ---

# Adds messages to a conversation of its own in the folder at argv[1], and says each one's number.
WRITER = """
import sys
from pathlib import Path
from rag.store.conversations import Conversations, Versions
from rag.types import Answer
kept, versions = Conversations.open(Path(sys.argv[1])), Versions("0", "e", "f")
print("ready", flush=True)
sys.stdin.readline()
for n in range(int(sys.argv[3])):
    answer = Answer(f"Question {n}?", "en", "Text. " * 900, True, 0.5)
    name = kept.add(sys.argv[2], answer, versions)
    kept.rate(name, "up")
    print(n, flush=True)
    if n % 5 == 4:
        other = kept.begin()
        kept.add(other, Answer("Short-lived?", "en", "Yes.", True, 0.5), versions)
        kept.remove(other)
"""

# Is killed when half of a large transaction has reached the file.
KILLED = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE messages SET text = 'torn', question = 'torn'")
connection.execute("UPDATE conversations SET title = ?", ("torn" * 100_000,))
os.kill(os.getpid(), signal.SIGKILL)
"""


def start(script: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def go(writer: subprocess.Popen[str]) -> None:
    assert writer.stdin is not None
    writer.stdin.write("\n")
    writer.stdin.flush()


def test_two_processes_write_at_once(kept: Conversations, tmp_path: Path) -> None:
    writers = {name: start(WRITER, str(tmp_path), name, "25") for name in ("one", "two")}
    for writer in writers.values():
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers.values():
        go(writer)
    for writer in writers.values():
        _, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors
    for name in writers:
        assert questions(kept, name) == [f"Question {n}?" for n in range(25)]
    assert {entry.id for entry in kept.listed()} == {"one", "two"}
    assert len(list(kept.rated())) == 50


def test_threads_write_and_read_at_once(kept: Conversations) -> None:
    conversation = kept.begin()

    def write(n: int) -> int:
        kept.add(conversation, said(f"{n}?"), VERSIONS)
        return len(kept.messages(conversation)) + len(kept.listed())

    with ThreadPoolExecutor(8) as threads:
        assert max(threads.map(write, range(40))) == 41
    assert sorted(questions(kept, conversation)) == sorted(f"{n}?" for n in range(40))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_in_the_middle_of_a_write_the_file_is_as_before(
    kept: Conversations, tmp_path: Path
) -> None:
    conversation = kept.begin()
    for n in range(30):
        kept.add(conversation, said(f"{n}?", "Text. " * 500), VERSIONS)
    before = (tmp_path / FILE_NAME).read_bytes()
    writer = start(KILLED, str(tmp_path / FILE_NAME))
    _, errors = writer.communicate(timeout=60)
    assert writer.returncode == -signal.SIGKILL, errors
    assert (tmp_path / FILE_NAME).read_bytes() != before  # half of it was written
    assert questions(kept, conversation) == [f"{n}?" for n in range(30)]
    assert (tmp_path / FILE_NAME).read_bytes() == before
    kept.add(conversation, said("Next?"), VERSIONS)
    assert questions(kept, conversation)[-1] == "Next?"


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_at_any_time_what_was_said_to_be_kept_is_kept(tmp_path: Path) -> None:
    rng = random.Random(5)
    for n in range(6):
        folder = tmp_path / str(n)
        folder.mkdir()
        writer = start(WRITER, str(folder), "one", "1000")
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        go(writer)
        time.sleep(rng.uniform(0, 0.2))
        writer.kill()
        told = [int(line) for line in writer.communicate()[0].split()]
        kept = Conversations.open(folder)
        found = questions(kept, "one")
        assert found == [f"Question {n}?" for n in range(len(found))]
        assert len(found) >= len(told)
        kept.add("one", said("Next?"), VERSIONS)
        assert questions(kept, "one") == [*found, "Next?"]


# --- files that are not right ---


@pytest.mark.parametrize("content", [b"not a database at all" * 400, b"SQLite format 3\0" * 300])
def test_a_damaged_file_is_one_clear_error_and_left_alone(
    kept: Conversations, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    for use in (
        kept.listed,
        lambda: kept.messages("one"),
        lambda: kept.add("one", REFUSAL, VERSIONS),
        lambda: kept.remove("one"),
    ):
        with pytest.raises(StoreError, match="restore that file from a backup, or move it") as told:
            use()
        assert "\n" not in str(told.value)
        assert str(tmp_path / FILE_NAME) in str(told.value)
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_a_file_cut_short_is_one_clear_error(kept: Conversations, tmp_path: Path) -> None:
    conversation = kept.begin()
    for _ in range(9):
        kept.add(conversation, ANSWER, VERSIONS)
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(StoreError, match="expected sound conversations"):
        kept.messages(conversation)
    with pytest.raises(StoreError, match="expected sound conversations"):
        kept.add(conversation, ANSWER, VERSIONS)


@pytest.mark.parametrize(
    "change",
    [
        "claims = '['",
        "claims = '[{}]'",
        "citations = '7'",
        "language = 'fr'",
        "verdict = 'so-so'",
        "nearest = '[[1]]'",
        'claims = \'[{"text": 1, "status": "odd", "citations": [], "reasons": []}]\'',
    ],
)
def test_a_row_that_is_not_whole_is_one_clear_error(
    kept: Conversations, tmp_path: Path, change: str
) -> None:
    conversation = kept.begin()
    kept.add(conversation, ANSWER, VERSIONS)
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute(f"UPDATE messages SET {change}")
    connection.close()
    with pytest.raises(StoreError, match="a message with parts missing"):
        kept.messages(conversation)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("PRAGMA user_version = 99", "version 1, found version 99"),
        ("PRAGMA application_id = 5", "another program's"),
    ],
)
def test_a_file_of_another_kind_is_refused_and_left_alone(
    kept: Conversations, tmp_path: Path, sql: str, told: str
) -> None:
    kept.add("one", REFUSAL, VERSIONS)
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute(sql)
    connection.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(StoreError, match=told):
        kept.listed()
    with pytest.raises(StoreError, match=told):
        kept.add("one", REFUSAL, VERSIONS)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_an_index_is_not_taken_for_conversations(
    new_index: Callable[[], Index], tmp_path: Path
) -> None:
    new_index().close()
    shutil.copy(tmp_path / "index" / documents.FILE_NAME, tmp_path / FILE_NAME)
    with pytest.raises(StoreError, match="another program's"):
        Conversations.open(tmp_path).listed()


def test_a_file_left_empty_by_a_killed_creation_counts_as_none(
    kept: Conversations, tmp_path: Path
) -> None:
    (tmp_path / FILE_NAME).touch()
    assert kept.listed() == []
    kept.add("one", REFUSAL, VERSIONS)
    assert len(kept.listed()) == 1


def test_a_file_moved_away_is_never_written_to_again(kept: Conversations, tmp_path: Path) -> None:
    kept.add("one", REFUSAL, VERSIONS)
    (tmp_path / FILE_NAME).rename(tmp_path / "away.sqlite")
    before = (tmp_path / "away.sqlite").read_bytes()
    assert kept.listed() == []
    kept.add("two", REFUSAL, VERSIONS)
    assert [entry.id for entry in kept.listed()] == ["two"]
    assert (tmp_path / "away.sqlite").read_bytes() == before


@pytest.mark.parametrize("above", ["none", "file"])
def test_without_a_folder_there_is_nothing_to_read_and_writing_is_an_error(
    tmp_path: Path, above: str
) -> None:
    (tmp_path / "file").touch()
    kept = Conversations.open(tmp_path / above)
    assert kept.listed() == []
    assert kept.messages("one") == []
    with pytest.raises(StoreError, match="expected to write"):
        kept.add("one", REFUSAL, VERSIONS)


def test_an_id_that_is_no_text_is_refused(kept: Conversations) -> None:
    kept.add("one", REFUSAL, VERSIONS)
    with pytest.raises(RagError, match="expected an id"):
        kept.messages("\ud800")


# In a process that file rights apply to (they don't apply to root): reads, then tries to write.
READ_ONLY = """
import os, sys
from pathlib import Path
from rag.errors import StoreError
from rag.store.conversations import Conversations, Versions
from rag.types import Answer
os.geteuid() or os.setuid(65534)
kept = Conversations.open(Path(sys.argv[1]))
print(len(kept.listed()), len(kept.messages("one")))
for write in (
    lambda: kept.add("one", Answer("Q?", "en", "A.", True, 0.5), Versions("0", "e", "f")),
    lambda: kept.rename("one", "Title"),
):
    try:
        write()
    except StoreError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the rights of POSIX")
@pytest.mark.parametrize("filled", [True, False])
def test_a_read_only_folder_can_be_read_and_writing_there_is_an_error(filled: bool) -> None:
    folder = Path(tempfile.mkdtemp())  # tmp_path lies where only its owner may go
    if filled:
        Conversations.open(folder).add("one", REFUSAL, VERSIONS)
    for path in (*folder.iterdir(), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        out, errors = start(READ_ONLY, str(folder)).communicate(timeout=60)
        found, *told = out.splitlines()
        assert found == ("1 1" if filled else "0 0"), errors
        assert len(told) == 2
        assert all(each.startswith("expected to write") for each in told), told
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


# --- beside an index ---


def test_nothing_that_happens_to_the_index_touches_the_conversations(
    new_index: Callable[[], Index], articles: list[RawArticle]
) -> None:
    index = new_index()
    kept = Conversations.open(index.path)
    kept.add("one", ANSWER, VERSIONS)
    before = kept.path.read_bytes()
    index.ingest_articles(articles)
    index.remove([articles[0].source])
    index.rebuild()
    assert index.verify() == ()
    assert kept.path.read_bytes() == before
    files = {path.name for path in index.path.iterdir()}
    assert {name for name in files if "conversations" in name} <= {
        FILE_NAME,
        f"{FILE_NAME}-journal",
    }


Again = Callable[[], Restored]


@pytest.fixture
def asked(new_index: Callable[[], Index]) -> tuple[Index, Again]:
    """An index of two articles, and what becomes of an answer that cites a sentence of each."""
    index = new_index()
    index.ingest_articles(
        [
            article("dam.txt", "The dam holds 40 tonnes of water.\nIt was built in 1908."),
            article("rows.jsonl#7", "投资金额为42亿元。工程已经完工。", source_id="7"),
        ]
    )
    found = {entry.sources[0]: entry.document for entry in index.documents()}
    dam, row = found["dam.txt"], replace(found["rows.jsonl#7"], path="rows.jsonl")
    answer = replace(
        ANSWER,
        citations=(
            cite(1, dam, "The dam holds 40 tonnes of water.", row),
            cite(2, row, "投资金额为42亿元。"),
        ),
        hits=(),
    )
    kept = Conversations.open(index.path)
    kept.add("one", answer, VERSIONS)
    store = documents.DocumentStore.open(index.path / documents.FILE_NAME)

    def by_id(name: str) -> Document | None:
        return next((e.document for e in index.documents() if e.document.id == name), None)

    def again() -> Restored:
        return restore(kept.messages("one")[0], by_id, store.source_document)

    return index, again


def cite(number: int, document: Document, quote: str, *outlets: Document) -> Citation:
    start = document.text.index(quote)
    return Citation(number, document, start, start + len(quote), quote, outlets=outlets)


def test_citations_of_articles_that_are_there_hold(asked: tuple[Index, Again]) -> None:
    index, again = asked
    found = again()
    assert found.states == {1: "same", 2: "same"}
    assert found.changed == {}
    assert [each.quote for each in found.answer.citations] == [
        "The dam holds 40 tonnes of water.",
        "投资金额为42亿元。",
    ]
    first = found.answer.citations[0]
    assert first.document == index.document(first.document.id)
    assert [outlet.id for outlet in first.outlets] == [found.answer.citations[1].document.id]
    assert replace(found.answer, citations=()) == replace(
        ANSWER, citations=(), hits=(), timings_ms={}
    )


def test_a_quote_that_stands_once_in_the_changed_article_has_moved(
    asked: tuple[Index, Again],
) -> None:
    index, again = asked
    text = "It was built in 1908.\nA correction follows.\nThe dam holds 40 tonnes of water."
    index.ingest_articles([article("dam.txt", text)])
    found = again()
    assert found.states == {1: "moved", 2: "same"}
    first = found.answer.citations[0]
    assert (first.number, first.document.text[first.start : first.end]) == (1, first.quote)
    assert "correction" in first.document.text


@pytest.mark.parametrize(
    ("source", "text", "number"),
    [
        ("dam.txt", "The dam holds 41 tonnes of water.", 1),
        (
            "dam.txt",
            "The dam holds 40 tonnes of water.\nAgain: The dam holds 40 tonnes of water.",
            1,
        ),
        ("rows.jsonl#7", "投资金额为43亿元。", 2),
    ],
)
def test_a_quote_that_the_changed_article_no_longer_has_is_told_with_the_article(
    asked: tuple[Index, Again], source: str, text: str, number: int
) -> None:
    index, again = asked
    row = {"source_id": "7"} if "#" in source else {}
    index.ingest_articles([article(source, text, **row)])
    found = again()
    assert found.states[number] == "changed"
    assert [each.number for each in found.answer.citations] == [3 - number]
    assert index.document(found.changed[number]).text == text


def test_the_end_of_a_larger_number_is_not_the_quote(asked: tuple[Index, Again]) -> None:
    index, again = asked
    kept = Conversations.open(index.path)
    (document,) = (e.document for e in index.documents() if e.sources == ("dam.txt",))
    short = cite(1, document, "40 tonnes of water.")
    kept.remove("one")
    kept.add("one", replace(ANSWER, citations=(short,)), VERSIONS)
    index.ingest_articles([article("dam.txt", "The dam holds 1,240 tonnes of water.")])
    assert again().states == {1: "changed"}


def test_citations_of_removed_articles_are_gone(asked: tuple[Index, Again]) -> None:
    index, again = asked
    index.remove(["dam.txt"])
    index.remove(["rows.jsonl#7"])
    found = again()
    assert found.states == {1: "gone", 2: "gone"}
    assert (found.answer.citations, found.changed) == ((), {})
    assert found.answer.text == ANSWER.text


def test_an_article_found_elsewhere_is_the_same(asked: tuple[Index, Again]) -> None:
    index, again = asked
    index.ingest_articles(
        [article("new-place.txt", "The dam holds 40 tonnes of water.\nIt was built in 1908.")]
    )
    index.remove(["dam.txt"])
    found = again()
    assert found.states[1] == "same"
    assert found.answer.citations[0].document.path == "new-place.txt"


def test_nearest_passages_of_removed_articles_are_left_out(kept: Conversations) -> None:
    kept.add("one", REFUSAL, VERSIONS)
    (message,) = kept.messages("one")
    found = restore(message, lambda _: None, lambda _: None)
    assert found.answer == replace(REFUSAL, hits=())
    assert found.states == {}
