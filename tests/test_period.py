from __future__ import annotations

from datetime import date

import pytest

from rag.period import asked_period

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("question", "text", "days"),
    [
        ("How much did it grow in 2021?", "2021", "2021"),
        ("2021年3月的出口", "2021年3月", "2021-03"),
        ("民國110年的預算是多少？", "民國110年", "2021"),
        ("In the first half of 2023, what was built?", "the first half of 2023", "2023-01/2023-06"),
        ("What was said on 5 March 2021?", "5 March 2021", "2021-03-05"),
        ("20世纪90年代的产量", "20世纪90年代", "1990/1999"),
        ("Who ruled in the 19th century?", "the 19th century", "1801/1900"),
        ("3世纪的人口", "3世纪", "0201/0300"),
        ("Who ruled in the 1st century?", "the 1st century", "0001/0100"),
    ],
)
def test_a_time_in_the_question_is_read(question: str, text: str, days: str) -> None:
    period = asked_period(question, SUNDAY)
    assert period is not None
    assert (period.text, period.written(), period.relative) == (text, days, False)


@pytest.mark.parametrize(
    ("question", "text", "days"),
    [
        ("去年出口多少？", "去年", "2025"),
        ("去年8月出口多少？", "去年8月", "2025-08"),
        ("前年的預算", "前年", "2024"),
        ("What was exported last year?", "last year", "2025"),
        ("What opens next year?", "next year", "2027"),
        ("上個月簽了幾個項目？", "上個月", "2026-10"),
        ("What was signed last month?", "last month", "2026-10"),
        ("本周有什么会议？", "本周", "2026-11-16/2026-11-22"),
        ("上星期的會議", "上星期", "2026-11-09/2026-11-15"),
        ("昨天谁发言？", "昨天", "2026-11-21"),
        ("What happened today?", "today", "2026-11-22"),
    ],
)
def test_a_relative_time_is_counted_from_the_day_of_asking(
    question: str, text: str, days: str
) -> None:
    period = asked_period(question, SUNDAY)
    assert period is not None
    assert (period.text, period.written(), period.relative) == (text, days, True)


def test_the_month_before_january_is_in_the_year_before() -> None:
    period = asked_period("上个月", date(2026, 1, 31))
    assert period is not None
    assert (period.first, period.last) == (date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    "question",
    [
        "When was it founded?",
        "Compare 2020 and 2021.",
        "2021年2月30日",
        "12月有多少场？",
        "上周三的会议",
        "In 9999, what?",
        "",
    ],
)
def test_no_time_several_and_impossible_ones_are_none(question: str) -> None:
    assert asked_period(question, SUNDAY) is None


def test_a_period_holds_its_first_and_last_day() -> None:
    period = asked_period("2021年3月", SUNDAY)
    assert period is not None
    days = ["2021-02-28", "2021-03-01", "2021-03-31", "2021-04-01", None]
    assert [period.holds(day) for day in days] == [False, True, True, False, False]
