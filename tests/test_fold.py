"""Folding: the map back to the original, one form for every script, and the words of a text."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.fold import fold, fold_with_map, lexical_terms, words

_TRICKY = st.lists(
    st.sampled_from(
        [
            *"aÅéßİıﬁ½㎡㈱Ⅳｶﾞ가각時間萬億后後隻髮乾臺裏爲著麼Ω",
            *("e\u0301", "o\u0308\u0323", "\u0300", "\u1161", "\u11a8", "\u0345", "\u3099"),
            *("\u00a8", "\u1e9b\u0323", "\uf900", "\U0002f800", "\uff9e", "\u302c", "薴"),
        ]
    ),
    max_size=12,
).map("".join)
_TEXTS = st.one_of(st.text(), _TRICKY)


@cache
def _table() -> dict[str, str]:
    path = resources.files("opencc").joinpath("dictionary", "TSCharacters.txt")
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    once = {row[0]: row[1] for row in rows if len(row) > 1}
    return {char: once.get(form, form) for char, form in once.items()}


def _naive(text: str) -> str:
    """What folding means, for the whole text at once and without a map."""
    simplified = _table()
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return "".join(simplified.get(char, char) for char in plain)


@given(_TEXTS)
def test_fold_with_map_folds_as_fold_does(text: str) -> None:
    assert fold_with_map(text).text == fold(text)


@given(_TEXTS, st.data())
def test_folded_spans_map_back_to_spans_that_hold_them(text: str, data: st.DataObject) -> None:
    folded = fold_with_map(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.span(start, end)
    assert 0 <= first < last <= len(text)
    assert folded.text[start:end] in fold(text[first:last])


@given(_TEXTS)
@example("\u0130\uff9e")
@example("e\u302c\u0301")
@example("薴")
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(_TEXTS)
def test_fold_spans_move_forward(text: str) -> None:
    folded = fold_with_map(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Mn", "Mc", "Me", "Lo"))))
@example("Ａ１２３％ ＡＢＣ ½ ㎡")
@example("臺灣時間：萬億產業")
@example("e\u0301te\u0301 naïve")
def test_fold_agrees_with_folding_the_whole_text(text: str) -> None:
    assert fold(text) == _naive(text)


@given(st.text(st.sampled_from(sorted(_table())), max_size=30))
def test_fold_gives_traditional_and_simplified_one_form(text: str) -> None:
    table = _table()
    assert fold(text) == fold("".join(table[char] for char in text))


def test_span_refuses_what_lies_outside() -> None:
    folded = fold_with_map("萬億")
    for start, end in [(0, 3), (-1, 1), (1, 1)]:
        with pytest.raises(ValueError, match="expected a non-empty span"):
            folded.span(start, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("福鼎時代的工業增加值", ["福鼎", "时代", "的", "工业", "增加值"]),
        ("福鼎时代的工业增加值", ["福鼎", "时代", "的", "工业", "增加值"]),
        ("The companies' factories opened in 1,234.5 days", None),
        ("增長２７．７％，约1,000家CATL公司", None),
    ],
)
def test_words_are_the_same_in_both_scripts(text: str, expected: list[str] | None) -> None:
    found = words(text)
    if expected is not None:
        assert set(expected) <= set(found)
    assert found == words(fold(text))


def test_words_stem_english_and_join_numbers() -> None:
    assert words("The company's factories opened, 1,234.5 of them") == [
        "the",
        "compani",
        "factori",
        "open",
        "1234.5",
        "of",
        "them",
    ]


def test_words_of_mixed_text_keep_every_script() -> None:
    found = words("宁德時代 (CATL) 年產5GWh")
    assert {"宁德", "catl", "5", "gwh"} <= set(found)
    assert "时代" in found


def test_lexical_terms_join_single_characters() -> None:
    assert lexical_terms(["韦", "芝", "富", "宁德", "a", "b"]) == [
        *["韦", "芝", "富", "宁德", "a", "b"],
        *["韦芝", "芝富"],
    ]
