from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.fold import words
from rag.types import Family
from rag.value_words import value_words
from rag.values import Value, find_values
from rag.values.numerals import english_words, han_numeral, parse_chinese, parse_english
from rag.values.spellings import spellings

FAMILIES: tuple[Family, ...] = ("en", "zh")


def said(question: str, family: Family) -> set[tuple[str, str]]:
    """The question's words, and words that say the same."""
    own = words(question)
    return {
        (" ".join(own[at] for at in each.asked), " ".join(each.terms))
        for each in value_words(question, family)
    }


@pytest.mark.parametrize(
    ("question", "family", "pair"),
    [
        ("谁投入了42亿元？", "en", ("42 亿元", "4.2 billion")),
        ("誰投入了42億元？", "en", ("42 亿元", "4200 million")),
        ("Who put in 4.2 billion yuan?", "zh", ("4.2 billion", "42 亿元")),
        ("Who put in 4.2 billion yuan?", "en", ("4.2 billion", "4200 million")),
        ("2021年12月开了什么？", "en", ("12 月", "decemb")),
        ("What opened in May 2021?", "zh", ("may", "5 月")),
        ("2021年5月开了什么？", "en", ("2021 年 5 月", "may 2021")),
        ("八成居民在哪里？", "en", ("八成", "80")),
        ("民國110年開了什麼？", "en", ("民国 110 年", "2021")),
        ("What opened in 2021?", "zh", ("2021", "民国 110 年")),
        ("What grew in the third quarter?", "zh", ("third quarter", "三季 季度 三季度")),
    ],
)
def test_value_is_said_in_other_words(question: str, family: Family, pair: tuple[str, str]) -> None:
    assert pair in said(question, family)


@pytest.mark.parametrize(
    "question",
    [
        "Who may march in?",
        "5月开了什么？",
        "谁去年来了？",
        "三家公司在哪里？",
        "一半在哪里？",
        "When?",
        "",
    ],
)
def test_what_is_no_value_or_says_little_is_left_to_its_words(question: str) -> None:
    terms = {terms for _, terms in said(question, "en")}
    assert "may" not in terms
    assert not terms & {"2020", "3", "three", "50", "half of"}


def test_one_month_is_never_said_by_another() -> None:
    assert "may" not in {terms for _, terms in said("2021年5月开了什么？", "en")}
    assert "10 月" not in {terms for _, terms in said("What opened in December 2021?", "zh")}


def test_months_days_and_multipliers_are_not_looked_up() -> None:
    questions = ["Who put in 4.2 billion on 21 December 2021?", "谁在2021年12月21日投入42亿元？"]
    looked_up = {
        term
        for question in questions
        for family in FAMILIES
        for each in value_words(question, family)
        for term in each.telling
    }
    assert {"42", "4.2", "4200", "decemb"} <= looked_up
    assert not looked_up & {"12", "21", "亿", "亿元", "billion", "million", "月", "may", "一年"}


@given(st.integers(1, 99_999_999))
def test_chinese_numerals_are_read_back(number: int) -> None:
    for text in han_numeral(Decimal(number)):
        assert parse_chinese(text) == number


@given(st.integers(1, 99), st.sampled_from([1, 100, 10**3, 10**6, 10**9, 10**12]))
def test_english_words_are_read_back(count: int, scale: int) -> None:
    text = english_words(Decimal(count * scale))
    assert not text or parse_english(text) == count * scale


amounts = st.decimals(Decimal("0.1"), 10**13, places=1) | st.builds(
    lambda count, scale: Decimal(count).scaleb(scale), st.integers(1, 9999), st.integers(-1, 10)
)


@settings(max_examples=200, deadline=None)
@given(amounts, st.sampled_from(["CNY", "%"]))
def test_every_spelling_of_a_number_that_can_be_read_says_that_number(
    amount: Decimal, unit: str
) -> None:
    value = Value("share" if unit == "%" else "money", amount, unit)
    behind = {"en": " yuan" if unit == "CNY" else "", "zh": ""}
    for family in FAMILIES:
        for spelling in spellings(value, family):
            if spelling.text.split()[-1] in ("k", "m", "mn", "bn", "tn"):
                continue  # read where they stand close behind a sum alone
            for found in find_values(f" {spelling.text}{behind[family]} "):
                assert found.amount in (amount, None)  # 2021 alone is a year


@settings(max_examples=200, deadline=None)
@given(st.dates(min_value=date(1000, 1, 1)), st.booleans())
def test_every_spelling_of_a_date_that_can_be_read_is_part_of_it(day: date, whole: bool) -> None:
    iso = str(day) if whole else str(day)[:7]
    for family in FAMILIES:
        for spelling in spellings(Value("date", date=iso), family):
            for found in find_values(f"in {spelling.text} "):
                assert found.date is None or found.date.strip("-") in iso
