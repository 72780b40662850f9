from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.fold import words
from rag.proper_names import name_words


def names(text: str) -> list[str]:
    """The words themselves."""
    found = words(text)
    return [found[at] for at in name_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("When did the Port of Lind open?", ["port", "lind"]),
        ("Who is Wei Zhifu?", ["wei", "zhifu"]),
        ("How many people live in Fu'an?", ["fuan"]),
        ("what does CATL make?", ["catl"]),
        ("韦芝富是谁？", ["韦", "芝", "富"]),
        ("韋芝富是誰？", ["韦", "芝", "富"]),
        ("青拓集团有多少员工？", ["青", "拓"]),
        ("青拓集團有多少員工？", ["青", "拓"]),
        ("上海到北京有多远？", ["上海", "北京"]),
        ("上海到北京有多遠？", ["上海", "北京"]),
        ("What did CATL build in 宁德?", ["catl", "宁德"]),
    ],
)
def test_words_of_names_are_found_in_every_script(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Harbours opened when?",
        "When was the harbour opened in 2019?",
        "港口什么时候启用？",
        "港口什麼時候啟用？",
        "?!",
        "",
    ],
)
def test_a_first_word_and_plain_words_are_no_names(text: str) -> None:
    assert names(text) == []


def test_capitals_tell_nothing_where_all_are_capitals() -> None:
    assert names("Who is Wei Zhifu?")
    assert names("WHO IS WEI ZHIFU?") == []


@given(st.text(alphabet="aZ '宁德韋芝富青拓北京.，?19", max_size=30))
def test_places_are_those_of_words_each_once(text: str) -> None:
    found = name_words(text)
    assert list(found) == sorted(set(found))
    assert all(0 <= at < len(words(text)) for at in found)
