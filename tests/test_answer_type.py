from __future__ import annotations

import pytest

from rag.answer_type import AnswerType, answer_type, is_question_word
from rag.fold import words


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("政策为企业减负多少？", "money"),
        ("酒泉今年計劃總投資多少？", "money"),
        ("工业增加值增长了多少？", "share"),
        ("采购的百分之几可以就近完成？", "share"),
        ("項目用了多久才投產？", "duration"),
        ("一期工程什么时候开工？", "date"),
        ("誰是市工信局黨組書記？", "person"),
        ("哪家公司建了这个园区？", "organisation"),
        ("這個項目在哪個城市？", "place"),
        ("蕉城区投放了多少台终端机？", "number"),
        ("这项政策为什么重要？", "reason"),
        ("項目延期的原因是什麼？", "reason"),
        ("什么是锂电池？", "definition"),
        ("專精特新指的是什麼？", "definition"),
        ("这条高铁有多长？", "number"),
        ("这条高铁要走多长时间？", "duration"),
        ("他是怎么说的？", "other"),
        ("How much money did the policies save?", "money"),
        ("By how much did exports grow?", "share"),
        ("What percentage of parts is bought nearby?", "share"),
        ("How long did the project take?", "duration"),
        ("How many months passed before it opened?", "duration"),
        ("When did the plant start?", "date"),
        ("Who chairs the committee?", "person"),
        ("Which company built the plant?", "organisation"),
        ("Which city is it in?", "place"),
        ("How many kiosks are there?", "number"),
        ("Why did it close?", "reason"),
        ("What caused the delay?", "reason"),
        ("What is a battery passport?", "definition"),
        ("How long is the bridge?", "number"),
        ("How long is it since the bridge opened?", "duration"),
        ("What did the mayor say?", "other"),
    ],
)
def test_kind_is_told_from_the_question_words(question: str, kind: AnswerType) -> None:
    assert answer_type(question) == kind


@pytest.mark.parametrize(
    "question",
    ["谁来了？", "誰來了？", "哪位作家来了？", "他是什么时候来的？", "花了多少钱？", "怎么去？",
     "Who came?", "What came?", "How many came?", "Why not?"],
)  # fmt: skip
def test_question_has_a_question_word(question: str) -> None:
    assert any(map(is_question_word, words(question)))


@pytest.mark.parametrize("text", ["他来了。", "The harbour opened.", "几乎没有人"])
def test_statement_has_none(text: str) -> None:
    assert not any(map(is_question_word, words(text)))
