from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.fold import fold, words
from rag.word_spans import placed_words

CHINESE = "中国家级北京市人民大会堂一百二十万亿元年八月成之宁德哈民國價後號"


@pytest.mark.parametrize(
    "text",
    [
        "百分之八十的人在2021年12月去了北京北京市。",
        "中华人民共和国国家级高新技术产业开发区",
        "哈哈哈哈哈哈",
        "人人民民人民",
        "Xi'an's ４.２ billion ① ½ ﬁne Ünï café 港口",
        "民國一百一十年的價格，㍿",
    ],
)
def test_each_word_stands_where_it_is_said_to(text: str) -> None:
    check(text)


@settings(max_examples=200, deadline=None)
@example("")
@given(st.text(st.sampled_from(CHINESE + "ab 1.,'é"), max_size=40))
def test_words_are_placed_in_any_text(text: str) -> None:
    check(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_words_are_placed_in_wild_text(text: str) -> None:
    placed = placed_words(text)
    assert [word.term for word in placed] == words(text)
    assert all(0 <= word.start < word.end <= len(text) for word in placed)


def check(text: str) -> None:
    """The words are those of `words`; a Chinese one is what its span folds to, and whole words
    leave nothing of a run out."""
    placed = placed_words(text)
    assert [word.term for word in placed] == words(text)
    for word in placed:
        if word.term >= "\u3007":
            assert word.term in fold(text[word.start : word.end])  # ㍿ folds to four
    covered = {at for word in placed for at in range(word.start, word.end)}
    assert covered >= {at for at, char in enumerate(text) if "\u4e00" <= char <= "\u9fff"}


def test_shorter_words_lie_inside_the_longer_that_follows() -> None:
    placed = placed_words("占百分之八十")
    assert [(word.term, word.start) for word in placed] == [
        ("占", 0),
        ("百分", 1),
        ("八十", 4),
        ("百分之", 1),
        ("百分之八十", 1),
    ]
