"""The source of truth: what goes in comes out, whoever else writes, whatever is wrong."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import StoreError
from rag.store.document_writer import DocumentWriter
from rag.store.documents import FILE_NAME, DocumentStore, FileMark, Meta
from rag.store.sqlite import is_empty_store
from rag.store.transaction import tokens_blob, vector_blob
from rag.types import Document, Passage

META = Meta("built-in", "f1", 4, "f2", generation=3, files={"a/b": FileMark(5, "00ff")})
DOCUMENT = Document("d1", "一二三。Four five.", "zh-Hans", "a.txt", title="T", date="2021-09-01")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    DocumentWriter.create(tmp_path / FILE_NAME, META)
    return tmp_path / FILE_NAME


def put(writer: DocumentWriter, document: Document, source: str) -> int:
    row = writer.document_row(document.id)
    if row is None:
        row = writer.put_document(document, "zh", "2021", 1)
        for start, end in ((0, 4), (4, 14)):
            passage = Passage(f"p{start}", document.id, start, end, document.text[start:end])
            tokens = tokens_blob(np.array([start, end], np.int32))
            writer.put_passage(row, passage, "zh", tokens, vector_blob(np.ones(4, np.float32)))
    writer.put_source(source, row, document, "hash", 1, "2024-01-01T00:00:00+00:00")
    return row


def test_meta_comes_back_as_it_was_stored(path: Path) -> None:
    assert DocumentStore.open(path).snapshot() == META


def test_passages_come_in_the_order_asked_for_each_with_its_own_words(path: Path) -> None:
    writer = DocumentWriter.open(path)
    writer.begin()
    put(writer, DOCUMENT, "a.txt")
    writer.commit()
    store = DocumentStore.open(path)
    first, second = store.rows("zh").tolist()
    found = store.passages([second, first, second])
    assert [passage.text for passage, _ in found] == ["Four five.", "一二三。", "Four five."]
    assert all(document == DOCUMENT for _, document in found)
    assert [ids.tolist() for ids in store.tokens([second, first])] == [[4, 14], [0, 4]]


def test_rows_that_are_not_there_are_an_error_that_says_so(path: Path) -> None:
    with pytest.raises(StoreError, match="99"):
        DocumentStore.open(path).passages([99])


def test_the_first_source_left_speaks_for_a_document(path: Path) -> None:
    writer = DocumentWriter.open(path)
    writer.begin()
    row = put(writer, DOCUMENT, "a.txt")
    other = Document(
        **{
            **{f: getattr(DOCUMENT, f) for f in DOCUMENT.__slots__},
            "path": "b.txt",
            "date": "2022-02-02",
        }
    )
    put(writer, other, "b.txt")
    assert writer.entry(row).sources == ("a.txt", "b.txt")
    assert writer.documents([row])[row] == DOCUMENT
    assert writer.source_document("b.txt") == other
    assert writer.drop_source("a.txt") == row
    assert writer.documents([row])[row] == other


def test_a_reader_sees_its_snapshot_until_it_takes_the_next(path: Path) -> None:
    reader = DocumentStore.open(path)
    reader.snapshot()
    writer = DocumentWriter.open(path)
    writer.begin()
    put(writer, DOCUMENT, "a.txt")
    assert reader.document_row("d1") is None
    writer.commit()
    assert reader.document_row("d1") is None
    reader.snapshot()
    assert reader.document_row("d1") is not None


def test_rolled_back_changes_are_gone(path: Path) -> None:
    writer = DocumentWriter.open(path)
    writer.begin()
    put(writer, DOCUMENT, "a.txt")
    writer.roll_back()
    assert writer.document_row("d1") is None
    assert writer.counts() == (0, 0)


def test_row_numbers_are_never_given_out_twice(path: Path) -> None:
    writer = DocumentWriter.open(path)
    writer.begin()
    row = put(writer, DOCUMENT, "a.txt")
    before = {number for number, _ in writer.drop_passages(row)}
    writer.drop_source("a.txt")
    writer.drop_document(row)
    put(writer, DOCUMENT, "a.txt")
    assert before.isdisjoint(writer.rows("zh").tolist())


def test_a_newer_version_is_refused_with_both_versions_named(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="version 2, found version 99"):
        DocumentStore.open(path)


def test_another_programs_file_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.sqlite")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        DocumentStore.open(tmp_path / "x.sqlite")


@pytest.mark.parametrize("content", [b"not a database at all" * 400, b"SQLite format 3\0" * 300])
def test_a_damaged_file_is_one_clear_error(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreError, match="source of truth and can't be rebuilt"):
        DocumentStore.open(path)


def test_a_file_cut_short_is_one_clear_error(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError, match="expected"):
        DocumentStore.open(path).snapshot()


def test_a_file_left_empty_by_a_killed_creation_counts_as_none(tmp_path: Path) -> None:
    assert is_empty_store(tmp_path / FILE_NAME)
    (tmp_path / FILE_NAME).touch()
    assert is_empty_store(tmp_path / FILE_NAME)
    (tmp_path / FILE_NAME).unlink()
    DocumentWriter.create(tmp_path / FILE_NAME, META)
    assert not is_empty_store(tmp_path / FILE_NAME)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(-(2**31), 2**31 - 1), max_size=9),
            st.lists(st.floats(-1, 1, width=16), min_size=4, max_size=4),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_tokens_and_vectors_come_back_bit_by_bit(
    path: Path, blobs: list[tuple[list[int], list[float]]]
) -> None:
    writer = DocumentWriter.open(path)
    writer.begin()
    row = writer.put_document(DOCUMENT, "zh", "2021", 1)
    rows = [
        writer.put_passage(
            row,
            Passage("p", "d1", 0, 4, "一二三。"),
            "zh",
            tokens_blob(np.array(tokens, np.int32)),
            vector_blob(np.array(vector, np.float32)),
        )
        for tokens, vector in blobs
    ]
    assert [found.tolist() for found in writer.tokens(rows)] == [tokens for tokens, _ in blobs]
    assert writer.vectors(rows, 4).tolist() == [vector for _, vector in blobs]
    assert writer.damaged_rows(row) == []
    writer.roll_back()
    writer.close()
