"""Passages: exact offsets, whole sentences, sizes, and what is counted."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chunk import chunk, chunk_in_pieces
from rag.types import Document


def _document(text: str) -> Document:
    return Document(id="d0", text=text, language="zh-Hans", path="a.md")


def _count(text: str) -> int:
    """Words of letters or digits, and each Han character."""
    return len(re.findall(r"[a-zA-Z0-9]+|[\u4e00-\u9fff]", text))


_WORDS = st.sampled_from(
    [
        "宁德",
        "时代投产",
        "。",
        "！",
        "，",
        "\n",
        "\n",
        " ",
        "The plant ",
        "opened. ",
        "3.5",
        "；",
        "  ",
        "a",
    ]
)
_TEXTS = st.one_of(st.text(), st.lists(_WORDS, max_size=80).map("".join))


@given(_TEXTS, st.integers(1, 40))
def test_chunk_covers_the_text_with_exact_spans(text: str, max_tokens: int) -> None:
    end = 0
    for passage in chunk(_document(text), _count, max_tokens):
        assert text[passage.start : passage.end] == passage.text == passage.text.strip() != ""
        assert text[end : passage.start].strip() == ""
        end = passage.end
    assert text[end:].strip() == ""


@given(_TEXTS, st.integers(1, 40))
def test_chunk_keeps_sentences_whole_and_passages_small(text: str, max_tokens: int) -> None:
    chunked = chunk_in_pieces(_document(text), _count, max_tokens)
    edges = {p.start for p in chunked.passages} | {p.end for p in chunked.passages}
    for sentence in chunked.sentences:
        if _count(text[sentence.start : sentence.end]) <= max_tokens:
            assert not any(sentence.start < edge < sentence.end for edge in edges)
    assert all(_count(passage.text) <= max_tokens for passage in chunked.passages)


@given(_TEXTS, st.integers(1, 40))
def test_chunk_pieces_join_up_to_the_passages(text: str, max_tokens: int) -> None:
    chunked = chunk_in_pieces(_document(text), _count, max_tokens)
    assert len(chunked.passages) == len(chunked.pieces)
    for passage, pieces in zip(chunked.passages, chunked.pieces, strict=True):
        assert "".join(pieces).strip() == passage.text
    if chunked.pieces:
        assert "".join(piece for pieces in chunked.pieces for piece in pieces) == text


def test_chunk_counts_each_sentence_once() -> None:
    counted: Counter[str] = Counter()

    def count(text: str) -> int:
        counted[text] += 1
        return _count(text)

    text = "\n".join(f"第{n}段的第一句话。这里是第{n}段的第二句话！" * 3 for n in range(20))
    chunk(_document(text), count, 50)
    assert max(counted.values()) == 1
    assert sum(map(len, counted)) <= len(text)


def test_chunk_ends_a_half_full_passage_at_a_paragraph_end() -> None:
    text = "一二三四五六。\n" + "甲乙丙丁。戊己庚辛。"
    assert [p.text for p in chunk(_document(text), _count, 10)] == [
        "一二三四五六。",
        "甲乙丙丁。戊己庚辛。",
    ]


def test_chunk_keeps_a_heading_with_what_follows() -> None:
    text = "标题\n" + "甲乙丙丁。戊己庚辛。"
    assert [p.text for p in chunk(_document(text), _count, 8)] == ["标题\n甲乙丙丁。", "戊己庚辛。"]


def test_chunk_cuts_a_sentence_longer_than_a_passage_at_its_commas() -> None:
    text = "甲乙丙丁，1,000家企业，戊己庚辛，壬癸。"
    assert [p.text for p in chunk(_document(text), _count, 6)] == [
        "甲乙丙丁，",
        "1,000家企业，",
        "戊己庚辛，壬癸。",
    ]


def test_chunk_ids_are_stable_and_distinct() -> None:
    text = "一二三。一二三。一二三。"
    first = chunk(_document(text), _count, 3)
    assert first == chunk(_document(text), _count, 3)
    assert len({passage.id for passage in first}) == 3
    assert all(re.fullmatch(r"[0-9a-f]{16}", passage.id) for passage in first)


def test_chunk_does_not_repeat_punctuation_that_holds_no_token() -> None:
    text = "……\n".join(f"第{n}段落的话。" for n in range(9))
    assert "\n".join(p.text for p in chunk(_document(text), _count, 7)) == text


@pytest.mark.parametrize("text", ["", " \n\n "])
def test_chunk_gives_nothing_for_an_empty_text(text: str) -> None:
    assert chunk(_document(text), _count) == ()
