from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer_type import AnswerType, answer_type
from rag.embed.static import StaticEmbedder
from rag.fold import fold, words
from rag.language import detect_language
from rag.short_answer import ShortAnswer, candidate_spans, short_answer
from rag.types import LANGUAGES, Document, Evidence, Hit, Language, Passage, Query, family_of

KINDS: tuple[AnswerType, ...] = (
    "number",
    "money",
    "share",
    "date",
    "duration",
    "person",
    "organisation",
    "place",
    "other",
)
FILLED = {
    "en": "The {share} stake in the Lind harbour cost {money}, took {duration} and {number} "
    "workers, and Ada Lind of Lind Group opened it in Oslo on {date}.",
    "zh-Hans": "林德港口项目总投资{money}，占全市的{share}，用了{duration}，共{number}名工人，"
    "由李小龙的青拓集团有限公司在福建省宁德市建设，{date}启用。",
    "zh-Hant": "林德港口項目總投資{money}，佔全市的{share}，用了{duration}，共{number}名工人，"
    "由李小龍的青拓集團有限公司在福建省寧德市建設，{date}啟用。",
}
ASKED: dict[str, dict[AnswerType, str]] = {
    "en": {
        "number": "How many workers did the harbour take?",
        "money": "How much money did the harbour project cost?",
        "share": "What share of the city is the harbour project?",
        "date": "When did the harbour open?",
        "duration": "How long did the harbour project take?",
        "person": "Who opened the harbour?",
        "organisation": "Which company built the harbour?",
        "place": "Where is the harbour?",
    },
    "zh": {
        "number": "港口项目有多少名工人？",
        "money": "港口项目总投资多少钱？",
        "share": "港口项目占全市的百分之几？",
        "date": "港口什么时候启用？",
        "duration": "港口项目用了多久？",
        "person": "谁建设了港口项目？",
        "organisation": "哪家公司建设了港口项目？",
        "place": "港口项目在哪个城市？",
    },
}


@pytest.fixture(scope="module")
def lexicon() -> StaticEmbedder:
    return StaticEmbedder.load()


def evidence_of(text: str, language: Language) -> Evidence:
    """A whole text as one piece of evidence, behind some words that aren't part of it."""
    before = "# "
    document = Document("d", before + text, language, "d.txt")
    passage = Passage("p", "d", 0, len(document.text), document.text)
    hit = Hit(passage, document, cosine=1, bm25=1, maxsim=1, score=1, relevance=1)
    return Evidence(hit, len(before), len(document.text), 1.0)


def asks(
    lexicon: StaticEmbedder,
    question: str,
    *texts: str,
    language: Language | None = None,
    kind: AnswerType | None = None,
) -> ShortAnswer | None:
    """The short answer to a question from texts."""
    spoken = detect_language(question)
    query = Query(question, spoken, tuple(words(question)), np.zeros(lexicon.dim, np.float32))
    evidence = [evidence_of(text, detect_language(text)) for text in texts]
    return short_answer(lexicon, query, kind or answer_type(question), evidence, language or spoken)


PARTS = [
    *("The", "In", "Ada", "Lind", "Oslo", "Group", "of", "in", "42", "%", ".", "’s", "-"),
    *(" ", "  ", "\u00a0", "，", "宁德市", "公司", "2021年", "5万吨", "①", "ﬁ"),
]
amounts = st.integers(2, 9999)
fillings = st.fixed_dictionaries(
    {"money": amounts, "share": st.integers(1, 99), "duration": st.integers(2, 99)}
    | {"number": amounts, "date": st.dates()}
)


def filled(language: Language, filling: dict[str, object]) -> str:
    """A sentence with a value of each kind, as the language writes them."""
    money, share, duration = (filling[name] for name in ("money", "share", "duration"))
    date, number = filling["date"], filling["number"]
    if language == "en":
        values = (f"{money} million yuan", f"{share}%", f"{duration} months", f"{date:%d %B %Y}")
    else:
        month = "个月" if language == "zh-Hans" else "個月"
        day = f"{date:%Y}年{date:%m}月{date:%d}日"
        values = (f"{money}万元", f"{share}%", f"{duration}{month}", day)
    names = ("money", "share", "duration", "date")
    return FILLED[language].format(number=number, **dict(zip(names, values, strict=True)))


@settings(max_examples=100, deadline=None)
@given(
    fillings,
    st.sampled_from(LANGUAGES),
    st.sampled_from(LANGUAGES),
    st.sampled_from(LANGUAGES),
    st.sampled_from(KINDS[:-1]),
)
def test_short_answer_is_a_span_of_its_evidence(
    lexicon: StaticEmbedder,
    filling: dict[str, object],
    written: Language,
    asked: Language,
    told: Language,
    kind: AnswerType,
) -> None:
    text = filled(written, filling)
    question = ASKED[family_of(asked)][kind]
    found = asks(lexicon, question, text, language=told, kind=kind)
    if found is None:
        return
    sentence = found.evidence.text
    assert sentence == text
    if found.value is not None:
        assert sentence[found.value.start : found.value.end] == found.value.text
    if written == told:
        assert found.text in sentence
    elif family_of(written) == family_of(told):
        assert fold(found.text) in fold(sentence)
    else:
        original = found.text.partition("(")[2].removesuffix(")") or found.text
        assert original in sentence
        assert found.value is None or original == found.value.text


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(
            st.sampled_from(PARTS),
            max_size=12,
        ).map("".join),
    ),
    st.sampled_from(KINDS),
    st.sampled_from(LANGUAGES),
)
def test_candidates_are_trimmed_spans_in_order(
    sentence: str, kind: AnswerType, language: Language
) -> None:
    spans = candidate_spans(sentence, kind, language)
    end_before = 0
    for start, end in spans:
        assert end_before <= start < end <= len(sentence)
        assert sentence[start:end] == sentence[start:end].strip()
        end_before = end
    if kind == "other":
        assert spans == []


@pytest.mark.parametrize(
    ("sentence", "kind", "names"),
    [
        ("In May the Lind Group hired Ada Lind.", "organisation", ["Lind Group"]),
        ("In  The  Oslo Bank’s hall", "organisation", ["Oslo Bank’s"]),
        ("But Ada Lind met Bo Ek on Monday.", "person", ["Ada Lind", "Bo Ek"]),
        ("She lives near Oslo and works for Lind Energy.", "place", ["Oslo"]),
        ("市工信局党组书记韦芝富介绍了情况。", "person", ["韦芝富"]),
        ("項目位於福建省寧德市。", "place", ["福建省寧德市"]),
        ("青拓集团有限公司、宁德时代公司。", "organisation", ["青拓集团有限公司", "宁德时代公司"]),
        ("投资42亿元，占80%，2021年建成。", "money", ["42亿元"]),
        ("投资42亿元，占80%，2021年建成。", "share", ["80%"]),
        ("投资42亿元，占80%，2021年建成。", "date", ["2021年"]),
    ],
)
def test_candidates_are_of_the_kind_that_is_asked_for(
    sentence: str, kind: AnswerType, names: list[str]
) -> None:
    spans = candidate_spans(sentence, kind, detect_language(sentence))
    assert [sentence[start:end] for start, end in spans] == names


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("什么项目投资了42亿元，多少钱？", "港口项目投资42亿元。"),
        ("Which harbour cost 4.2 billion yuan, how much money?", "港口项目投资42亿元。"),
        ("How much money is 4.2 billion yuan for a harbour?", "The harbour cost 4.2 billion yuan."),
        ("Who is Ada Lind of the harbour?", "Ada Lind chairs the harbour board."),
    ],
)
def test_what_the_question_names_itself_is_no_answer(
    lexicon: StaticEmbedder, question: str, text: str
) -> None:
    assert answer_type(question) in ("money", "person")
    assert asks(lexicon, question, text) is None


def test_number_inside_a_number_of_the_question_can_be_the_answer(lexicon: StaticEmbedder) -> None:
    found = asks(
        lexicon, "How many of the 150 towns have a harbour?", "5 of the 150 towns have a harbour."
    )
    assert found is not None
    assert found.text == "5"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("港口项目总投资多少钱？", "港口项目总投资很大，由省里承担。"),
        ("Why was the harbour built?", "The harbour cost 4.2 billion yuan."),
        ("港口项目总投资多少钱？", "昨天的晚会很热闹，门票收入300元。"),
    ],
)
def test_no_span_that_fits_gives_no_short_answer(
    lexicon: StaticEmbedder, question: str, text: str
) -> None:
    assert asks(lexicon, question, text) is None


def test_no_evidence_gives_no_short_answer(lexicon: StaticEmbedder) -> None:
    assert asks(lexicon, "港口项目总投资多少钱？") is None


def test_first_sentence_with_an_answer_gives_it(lexicon: StaticEmbedder) -> None:
    texts = "港口项目由省里投资。", "港口项目总投资42亿元。", "港口项目总投资5亿元。"
    found = asks(lexicon, "港口项目总投资多少钱？", *texts)
    assert found is not None
    assert (found.text, found.evidence.text) == ("42亿元", texts[1])


def test_span_whose_surroundings_meet_the_question_is_taken(lexicon: StaticEmbedder) -> None:
    text = (
        "体育馆的屋顶在暴雨中坍塌，修复屋顶需要三百万元，由市政府从明年的预算里支付这一笔款项，"
        "而新建的深水港口项目总投资42亿元。"
    )
    for question, short in (
        ("港口项目总投资多少钱？", "42亿元"),
        ("修复体育馆的屋顶需要多少钱？", "三百万元"),
    ):
        found = asks(lexicon, question, text)
        assert found is not None
        assert found.text == short


@pytest.mark.parametrize(
    ("told", "text"),
    [("zh-Hans", "42亿元"), ("zh-Hant", "42億元"), ("en", "4.2 billion yuan (42亿元)")],
)
def test_answer_is_told_in_the_language_that_is_asked_for(
    lexicon: StaticEmbedder, told: Language, text: str
) -> None:
    found = asks(lexicon, "港口项目总投资多少钱？", "港口项目总投资42亿元。", language=told)
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    ("question", "text", "told", "short"),
    [
        ("公司成立于哪一年？", "公司成立于1994年5月30日，总部设在北京。", "zh-Hans", "1994年"),
        ("公司成立於哪年？", "公司成立於民國83年5月30日。", "zh-Hant", "民國83年"),
        ("In which year was the firm set up?", "The firm was set up on 30 May 1994.", "en", "1994"),
        (
            "In what year was the company founded?",
            "公司成立于1994年5月30日。",
            "en",
            "1994 (1994年)",
        ),
        ("公司是什么时候成立的？", "公司成立于1994年5月30日。", "zh-Hans", "1994年5月30日"),
    ],
)
def test_year_alone_is_told_where_no_more_is_asked(
    lexicon: StaticEmbedder, question: str, text: str, told: Language, short: str
) -> None:
    found = asks(lexicon, question, text, language=told)
    assert found is not None
    assert found.text == short


def test_number_that_counts_what_is_asked_for_is_taken(lexicon: StaticEmbedder) -> None:
    text = "The defence gave up just 308 points while it led the league with 24 interceptions."
    for question, short in (
        ("How many interceptions did the defence lead the league with?", "24"),
        ("How many points did the defence give up?", "308"),
    ):
        found = asks(lexicon, question, text)
        assert found is not None
        assert found.text == short


def told(lexicon: StaticEmbedder, question: str, *texts: str) -> str | None:
    found = asks(lexicon, question, *texts)
    return found.text if found else None


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("When was the mill founded?", "The mill was not founded in 1900.", None),
        ("When was the mill founded?", "In 1900, the mill was not founded.", None),
        ("When was the mill founded?", "The mill was not, as it says, founded in 1900.", None),
        (
            "When was the mill founded?",
            "It wasn’t in 1900 but in 1912 that it was founded.",
            "1912",
        ),
        ("When was the mill founded?", "The mill was founded in 1912, not 1900.", "1912"),
        ("When was the mill founded?", "The mill was founded in 1912 rather than 1900.", "1912"),
        ("When was the mill founded?", "It was founded neither in 1900 nor in 1910.", None),
        ("When did the mill open?", "The mill did not open until 1912.", "1912"),
        ("When did the mill open?", "The mill did not only open in 1912.", "1912"),
        ("When did the mill open?", "It is not true that the mill did not open in 1912.", "1912"),
        ("When did the mill not open?", "The mill did not open in 1912.", "1912"),
        ("How many people does it employ?", "It no longer employs 60 people.", None),
        ("How many people does it employ?", "It employs no more than 60 people.", "60"),
        ("水库是什么时候建成的？", "水库并不是1958年建成的，而是1963年才建成。", "1963年"),
        ("水庫是什麼時候建成的？", "水庫不是1958年建成，也沒有在1960年建成。", None),
        ("水库是什么时候建成的？", "水库1963年建成，而不是1958年。", "1963年"),
        ("水库是什么时候建成的？", "水库直到1963年才建成。", "1963年"),
        ("水库是什么时候建成的？", "水库不仅在1963年建成。", "1963年"),
        ("水库是什么时候建成的？", "水库直到1963年都没有建成。", None),
        ("工厂有多少名工人？", "工厂不再有60名工人。", None),
        ("工厂有多少名工人？", "工厂有不到60名工人。", "60"),
    ],
)
def test_what_a_sentence_denies_is_no_answer(
    lexicon: StaticEmbedder, question: str, text: str, short: str | None
) -> None:
    found = told(lexicon, question, text)
    assert (found is None) == (short is None)
    assert (short or "") in (found or "")


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("Who built the bridge?", "The bridge was opened in 1984 by Ellen Varga.", None),
        ("Who built the bridge?", "The bridge was constructed by Ellen Varga.", "Ellen Varga"),
        (
            "Who built the bridge?",
            "It was built by the Danish firm Møller & Sons.",
            "Møller & Sons",
        ),
        ("Who opened the bridge?", "The Hollow Sound Bridge was opened in 1984.", None),
        (
            "Who opened the bridge?",
            "The Hollow Sound Bridge was opened in 1984 by Ellen Varga.",
            "Ellen Varga",
        ),
        ("Who did the town elect?", "The town elected Ellen Varga.", "Ellen Varga"),
        ("Who runs the crew?", "“It rusts,” says Ola Brandt, who ran the crew.", "Ola Brandt"),
        ("Who is the manager of the mill?", "The mill’s manager is Anna Falk.", "Anna Falk"),
        ("Who is the manager of the mill?", "The mill was designed by Anna Falk.", None),
        ("Who is Peter Stone?", "The wheel was painted for Peter Stone by Anna Falk.", None),
        ("谁设计了水库？", "水库由周立波设计，后来扩建。", "周立波"),
        ("谁设计了水库？", "给水库剪彩的是周立波。", None),
        ("工厂的厂长是谁？", "工厂的厂长是周立波。", "周立波"),
        ("哪家公司建设了港口？", "林德港口公司表示，港口很大，由省里建设。", None),
    ],
)
def test_name_is_an_answer_only_for_what_is_told_of_it(
    lexicon: StaticEmbedder, question: str, text: str, short: str | None
) -> None:
    assert told(lexicon, question, text) == short


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("How many pupils were there in 2021?", "It has 83 pupils, down from 97 in 2020.", None),
        ("How many pupils are there?", "It had 83 pupils in 2020.", "83"),
        (
            "How many tonnes did the mill grind in 2021?",
            "In 2023 the mill ground 400 tonnes of rye; in 2021 it ground 310 tonnes.",
            "310 tonnes",
        ),
        (
            "How many cars crossed it in 2022?",
            "Last year 42 cars crossed it; in 2022 it was 39.",
            None,
        ),
        ("2022年供水多少？", "2022年供水3.1亿立方米，2023年供水2.8亿立方米。", "3.1亿立方米"),
        ("2021年供水多少？", "2022年供水3.1亿立方米，2023年供水2.8亿立方米。", None),
        ("《2021年法令》涉及多少家工厂？", "2022年，法令涉及310家工厂。", "310家"),
    ],
)
def test_value_of_another_year_is_no_answer(
    lexicon: StaticEmbedder, question: str, text: str, short: str | None
) -> None:
    assert told(lexicon, question, text) == short


@pytest.mark.parametrize("question", ["Who are you?", "你是谁", "Who is it?", "When was that?"])
def test_question_that_says_nothing_has_no_short_answer(
    lexicon: StaticEmbedder, question: str
) -> None:
    assert told(lexicon, question, "Ola Brandt, who you are, is 12 and was there in 1984.") is None


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        # what a comma parts from a value is the next one's
        (
            "互通提前多久通车？",
            "互通比计划提前三个月通车，建设时间不到一年。",
            "三个月",
        ),
        ("How many tonnes of paper did mills make?", "Tonnes of paper: 58 mills made them.", None),
        ("How many tonnes of paper did mills make?", "Mills made 58 tonnes of paper.", "58 tonnes"),
        ("How many cars does the base build?", "The base, built in 1 year, has 30 halls.", None),
        ("How many suppliers does the base have?", "The base has 30 suppliers.", "30"),
        # a name of the question in the letters of the other language
        ("Which city does Ningde trust?", "宁德市信任这条路。", None),
        ("Which city does Hangzhou trust?", "杭州市信任这条路。", None),
    ],
)
def test_a_value_is_told_of_what_is_asked(
    lexicon: StaticEmbedder, question: str, text: str, short: str | None
) -> None:
    found = asks(lexicon, question, text)
    assert (found and found.text) == short
