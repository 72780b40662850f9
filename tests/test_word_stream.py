"""Many texts at once get the words that each gets alone."""

from __future__ import annotations

from itertools import groupby

import pytest
from conftest import SEEDS, TEXTS
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.fold import words
from rag.language import to_script
from rag.word_stream import END, GAP, PLACE, WordStream, word_stream

_PIECES = st.sampled_from(
    [
        *(
            "宁德时代",
            "產業園區",
            "二〇二一年",
            "中华人民共和国",
            "蕉城",
            "x",
            "它’s",
            "T恤",
            "卡拉OK",
        ),
        *("the company's", "Factories", "1,234.5", "２７．７％", "5GWh", "naïve", "U.S."),
        *("…", "℃", "½", "\n", "\r\n", "\0", "\x01", "\t", " ", "，", "。", "e\u0301", "\u0301"),
        *("カタカナ", "ｶﾞ", "한국어", "가", "Привет", "٣٤", "𝟡", "\U00011066", "\U00020000", "豈"),
        *(
            "\ud800",
            "\udc80",
            "İ",
            "ß",
            "㎡",
            "\u3099",
            "\u2028",
            "＇s",
            "#",
            "C++",
            "a_b",
            "3.",
            "-",
        ),
    ]
)
_TEXTS = st.lists(st.one_of(st.text(), st.lists(_PIECES).map("".join)), max_size=6)


def by_text(stream: WordStream) -> list[list[str]]:
    """The words between the marks, text by text."""
    texts: list[list[str]] = [[]]
    plain = iter(stream.plain)
    found_words = [next(plain) if each == PLACE else each for each in stream.words if each != GAP]
    assert not list(plain), "expected a place for every word that needed no cutting"
    for is_end, found in groupby(found_words, END.__eq__):
        if is_end:
            texts += [[] for _ in found]
        else:
            texts[-1] += found
    assert texts.pop() == [], "expected END behind the last text"
    return texts


@settings(deadline=None, max_examples=300)
@given(_TEXTS)
@example([])
@example([""])
@example(["", "\n", ""])
@example(["宁德时代", "\u0301a", "龘…龘"])
def test_stream_holds_the_words_of_each_text(texts: list[str]) -> None:
    assert by_text(word_stream(texts)) == [words(text) for text in texts]


@pytest.mark.parametrize("script", ["zh-Hans", "zh-Hant", "en"])
def test_stream_of_real_articles_holds_their_words(script: str) -> None:
    files = [path for path in sorted(SEEDS.iterdir()) if path.suffix in (".md", ".txt", ".html")]
    lines = [line for path in files for line in path.read_text("utf-8").splitlines()]
    texts = [to_script(text, script) for text in (*TEXTS.values(), *lines[::4])]  # type: ignore[arg-type]
    assert by_text(word_stream(texts)) == [words(text) for text in texts]
