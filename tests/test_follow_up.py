from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.follow_up import Turn, resolve

DATA = Path(__file__).parent / "data"
SEEDS = Path(__file__).parent.parent / "seeds"
STANDS_ALONE = (
    SEEDS / "questions.jsonl",
    DATA / "hard-questions.jsonl",
    DATA / "real-articles-questions.jsonl",
    DATA / "real-articles-across-questions.jsonl",
)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


CASES = rows(DATA / "follow-ups.jsonl")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_follow_up_is_resolved_and_nothing_else_is_touched(case: dict[str, Any]) -> None:
    found = resolve(case["question"], [Turn(**turn) for turn in case["turns"]])
    if case.get("same"):
        assert found == case["question"]
        return
    padded = f" {found} ".casefold()
    for words in case["has"]:
        assert any(each.casefold() in padded for each in words.split("|")), found
    for words in case["lacks"]:
        assert words.casefold() not in padded, found


def test_half_of_the_cases_stand_alone_and_all_three_scripts_are_among_them() -> None:
    alone = sum(case.get("same", False) for case in CASES)
    assert 0.4 < alone / len(CASES) < 0.6
    text = "".join(case["question"] for case in CASES)
    assert "會" in text or "裡" in text
    assert "吗" in text or "里" in text


def test_questions_that_stand_alone_stay_as_they_are_in_any_conversation() -> None:
    asked = [row for path in STANDS_ALONE for row in rows(path)]
    choose = random.Random(7)
    turns = [Turn(row["question"], next(iter(row.get("answers", ())), "")) for row in asked]
    changed = {
        row["question"]
        for row in asked
        for _ in range(2)
        if resolve(row["question"], choose.sample(turns, 2)) != row["question"]
    }
    # it says no more than "the city": what it means is the conversation's
    assert changed <= {
        "What share of the city's growth did the four leading industries contribute?"
    }


@pytest.mark.parametrize(
    ("question", "turn", "resolved"),
    [
        (
            "and in 2020?",
            Turn("How much did Ningde's industry grow in 2021?"),
            "How much did Ningde's industry grow in 2020?",
        ),
        ("那北京呢？", Turn("上海的人口有多少？"), "北京的人口有多少？"),
        ("那高雄呢？", Turn("臺北的人口有多少？"), "高雄的人口有多少？"),
        ("他是哪里人？", Turn("三祥新材的总经理是谁？", "夏鹏"), "夏鹏是哪里人？"),
        ("Who is he?", Turn("三祥新材的总经理是谁？", "夏鹏"), "Who is 夏鹏?"),
        (
            "那它的销售额呢？",
            Turn("When was Narada founded?"),
            "Narada的销售额是多少？",
        ),
        ("面积呢？", Turn("What is the population of Beijing?"), "Beijing的面积是多少？"),
        ("And the area?", Turn("上海的人口有多少？"), "What is the area of 上海?"),
        ("Why?", Turn("When did Narada move to Jiuquan?"), "Why did Narada move to Jiuquan?"),
    ],
)
def test_the_resolved_question_reads_as_one(question: str, turn: Turn, resolved: str) -> None:
    assert resolve(question, [turn]) == resolved


def test_a_person_comes_from_the_sentence_that_answered() -> None:
    turn = Turn("三祥新材的总经理是谁？", "三祥新材总经理李靖康说，项目年底投产。")
    assert resolve("他多大年纪？", [turn]) == "李靖康多大年纪？"


def test_what_the_last_question_has_none_of_comes_from_the_one_before() -> None:
    turns = [
        Turn("Who is the general manager of Narada?", "Li Jingkang"),
        Turn("What is the population of Jiuquan?", "1.05 million"),
    ]
    assert resolve("Where was he born?", turns) == "Where was Li Jingkang born?"
    assert resolve("How many people live there?", turns) == "How many people live in Jiuquan?"


def test_a_person_told_before_is_no_company_and_a_place_was_not_built() -> None:
    talk = [
        Turn("Who is the general manager of Narada in Jiuquan?", "Li Jingkang"),
        Turn("What did Li Jingkang say?"),
    ]
    assert resolve("How many people does the company employ?", talk) == (
        "How many people does Narada employ?"
    )
    talk = [
        Turn("How long did it take to build the SAIC base in Ningde?", "17 months"),
        Turn("How many builders worked in Ningde?"),
    ]
    assert resolve("When did it open?", talk) == "When did the SAIC base open?"


def test_a_question_long_gone_is_not_meant() -> None:
    old = Turn("Who is the general manager of Narada?", "Li Jingkang")
    new = [Turn(f"How deep is lake {at}?") for at in range(3)]
    assert resolve("Where was he born?", [old, *new]) == "Where was he born?"


def test_a_resolved_question_is_what_the_next_one_builds_on() -> None:
    talk = [Turn("How many cars did Ningde make in 2021?")]
    for question, resolved in (
        ("and in 2020?", "How many cars did Ningde make in 2020?"),
        ("What about Shanghai?", "How many cars did Shanghai make in 2020?"),
        ("And buses?", "How many buses did Shanghai make in 2020?"),
    ):
        assert resolve(question, talk) == resolved
        talk.append(Turn(resolved))


WORDS = """
and what about it he the company of in 2021 2020年 呢 那 他 它 其 该 公司 的 是 谁 多少 ? ？ ，
why 为什么 Shanghai 北京 's ' ０ 其中 there then that did ½ ﷺ é ( [ \\ * 。 民國110年
"""
PIECES = st.sampled_from(WORDS.split())
QUESTIONS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map(" ".join))
TURNS = st.lists(st.builds(Turn, QUESTIONS, QUESTIONS), max_size=4)


@settings(deadline=None, max_examples=300)
@given(QUESTIONS, TURNS)
@example("\ud800他是谁？", [Turn("上海的人口有多少？")])
@example("他是谁？", [Turn("\ud800谁发明了电话？", "\udfff")])
def test_any_text_is_taken(question: str, turns: list[Turn]) -> None:
    found = resolve(question, turns)
    if not any(map(str.isalnum, "".join(turn.question for turn in turns))):
        assert found == question


@pytest.mark.parametrize(
    "piece", ["他", "it ", "and ", "的", "、", "(", "1,", "A's ", "what about "]
)
def test_long_texts_are_taken(piece: str) -> None:
    long = piece * 20_000
    assert resolve(long, [Turn(long, long)]) == long
    resolve(long[:300], [Turn(long, long)])
