from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.pinyin import characters_of, spellings, syllables

SYLLABLES = ["a", "an", "cheng", "e", "fu", "gan", "jiao", "na", "ning", "qing", "tuo", "zhuang"]


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("蕉城", "jiaocheng"),
        ("福安", "fuan"),
        ("青拓", "qingtuo"),
        ("宁德", "ningde"),
        ("重庆", "chongqing"),
        ("厦门", "xiamen"),
    ],
)
def test_name_is_spelled_as_it_is_written_in_english(name: str, spelling: str) -> None:
    assert spelling in spellings(name)


@pytest.mark.parametrize("name", ["Ning", "宁A", "龘城", "宁 德"])
def test_name_with_a_character_of_no_known_reading_has_no_spelling(name: str) -> None:
    assert spellings(name) == []


def test_name_of_many_readings_has_a_limited_number_of_spellings() -> None:
    assert 1 < len(spellings("重" * 12)) <= 16


def test_frequent_characters_of_a_syllable_stand_first() -> None:
    characters = characters_of("cheng")
    assert characters.index("成") < characters.index("橙")
    assert characters_of("strong") == ""


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("jiaocheng", ("jiao", "cheng")),
        ("qingtuo", ("qing", "tuo")),
        ("fuan", ("fu", "an")),
        ("xian", ("xian",)),
        ("fangan", ("fan", "gan")),
        ("women", ("wo", "men")),
        ("strong", ()),
        ("qingtuox", ()),
        ("xqingtuo", ()),
        ("", ()),
    ],
)
def test_word_is_cut_into_the_fewest_syllables(word: str, cut: tuple[str, ...]) -> None:
    assert syllables(word) == cut


def every_cut(word: str) -> list[tuple[str, ...]]:
    """Each way to cut a word, found the slow way."""
    if not word:
        return [()]
    return [
        (word[:end], *rest)
        for end in range(1, len(word) + 1)
        if characters_of(word[:end])
        for rest in every_cut(word[end:])
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*SYLLABLES, "x", "r"]), min_size=1, max_size=4).map("".join))
def test_cut_is_as_short_as_any_of_all_cuts(word: str) -> None:
    cuts = every_cut(word)
    found = syllables(word)
    assert (found in cuts) if cuts else found == ()
    assert len(found) == min(map(len, cuts), default=0)


def test_long_word_that_can_be_cut_in_many_ways_takes_no_time() -> None:
    started = perf_counter()
    assert len(syllables("na" * 1000)) == 1000
    assert perf_counter() - started < 1


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="宁德蕉城青拓福安重庆长行乐", min_size=1, max_size=4))
def test_spelling_of_a_name_is_made_of_its_characters_readings(name: str) -> None:
    for spelling in spellings(name):
        cuts = every_cut(spelling)
        assert any(
            len(cut) == len(name)
            and all(c in characters_of(part) for c, part in zip(name, cut, strict=True))
            for cut in cuts
        )
