"""Values: read from three kinds of text, written in three, equal when they mean the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import LANGUAGES, Language
from rag.values import Value, find_values, render
from rag.values.numerals import format_chinese, format_english, parse_chinese, parse_english
from rag.values.units import UNITS


def _only(text: str) -> Value:
    values = find_values(text)
    assert len(values) == 1, values
    return values[0]


def _renderings(value: Value) -> tuple[str, ...]:
    return tuple(render(value, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("text", "found", "english", "simplified", "traditional"),
    [
        ("减负达42亿元。", "42亿元", "4.2 billion yuan", "42亿元", "42億元"),
        ("總投資4557億元", "4557億元", "455.7 billion yuan", "4557亿元", "4557億元"),
        ("到位資金78.11億元,", "78.11億元", "7.811 billion yuan", "78.11亿元", "78.11億元"),
        ("近千亿元产值", "近千亿元", "nearly 100 billion yuan", "近1000亿元", "近1000億元"),
        ("500萬元以上", "500萬元以上", "at least 5 million yuan", "至少500万元", "至少500萬元"),
        ("约1.2万亿元", "约1.2万亿元", "about 1.2 trillion yuan", "约1.2万亿元", "約1.2萬億元"),
        ("2亿3000万元", "2亿3000万元", "230 million yuan", "2.3亿元", "2.3億元"),
        ("新台幣1.2兆元", "新台幣1.2兆元", "NT$1.2 trillion", "新台币1.2万亿元", "新台幣1.2萬億元"),
        ("worth US$3.5bn", "US$3.5bn", "US$3.5 billion", "35亿美元", "35億美元"),
        ("cost $1,200.50.", "$1,200.50", "US$1,200.50", "1200.5美元", "1200.5美元"),
        ("年产5万吨镁合金", "5万吨", "50,000 tonnes", "5万吨", "5萬噸"),
        ("占地200畝", "200畝", "200 mu", "200亩", "200畝"),
        ("年產5GWh儲能", "5GWh", "5 GWh", "5GWh", "5GWh"),
        ("装机500万千瓦", "500万千瓦", "5 million kW", "500万千瓦", "500萬千瓦"),
        ("吸納就業500人", "500人", "500 people", "500人", "500人"),
        ("200多家上下游企业", "200多家", "over 200", "超过200家", "超過200家"),
        ("10余批次客商", "10余批次", "over 10", "超过10批次", "超過10批次"),
        ("接待点 30 余处", "30 余处", "over 30", "超过30处", "超過30處"),
        ("上千名建设者", "上千名", "about 1,000 people", "约1000名", "約1000名"),
        ("四大主导产业", "四大", "4", "4", "4"),
        ("出台七条措施", "七条", "7", "7条", "7條"),
        ("it built two plants", "two", "2", "2", "2"),
        ("growth of 27.7%", "27.7%", "27.7%", "27.7%", "27.7%"),
        ("百分之零点七", "百分之零点七", "0.7%", "0.7%", "0.7%"),
        ("八成以上的企业", "八成以上", "at least 80%", "至少80%", "至少80%"),
        ("三分之二", "三分之二", "two thirds", "三分之二", "三分之二"),
        (
            "高16.9個百分點",
            "16.9個百分點",
            "16.9 percentage points",
            "16.9个百分点",
            "16.9個百分點",
        ),
        ("增长10%-15%", "10%-15%", "10% to 15%", "10%至15%", "10%至15%"),
        (
            "，10-15亿元",
            "10-15亿元",
            "1 billion to 1.5 billion yuan",
            "10亿至15亿元",
            "10億至15億元",
        ),
        ("不到17个月时间", "不到17个月时间", "under 17 months", "不到17个月", "不到17個月"),
        ("僅用了半年時間", "半年", "half a year", "半年", "半年"),
        ("不到半年就", "不到半年", "under half a year", "不到半年", "不到半年"),
        ("近半年来", "近半年", "half a year", "半年", "半年"),
        ("两个半月", "两个半月", "2.5 months", "2.5个月", "2.5個月"),
        ("24小时施工", "24小时", "24 hours", "24小时", "24小時"),
        ("近3年来", "近3年", "3 years", "3年", "3年"),
        ("2021年12月21日，", "2021年12月21日", "21 December 2021", *["2021年12月21日"] * 2),
        (
            "December 26, 2019 09:33",
            "December 26, 2019",
            "26 December 2019",
            *["2019年12月26日"] * 2,
        ),
        ("發布于2024-04-16", "2024-04-16", "16 April 2024", *["2024年4月16日"] * 2),
        ("1月28日，", "1月28日", "28 January", "1月28日", "1月28日"),
        ("民國110年", "民國110年", "2021", "2021年", "2021年"),
        ("二〇二一年十二月", "二〇二一年十二月", "December 2021", "2021年12月", "2021年12月"),
        ("工程於去年8月開工", "去年8月", "August last year", "去年8月", "去年8月"),
        ("於19世紀末", "19世紀", "the 19th century", "19世纪", "19世紀"),
        ("20世纪90年代", "20世纪90年代", "the 1990s", "1990年代", "1990年代"),
        ("一季度開工", "一季度", "the first quarter", "第一季度", "第一季度"),
        ("in Q1 2021", "Q1 2021", "the first quarter of 2021", *["2021年第一季度"] * 2),
        ("前三季度", "前三季度", "the first three quarters", "前三季度", "前三季度"),
        ("2021年上半年", "2021年上半年", "the first half of 2021", *["2021年上半年"] * 2),
        ("the first 11 months,", *["the first 11 months"] * 2, "前11个月", "前11個月"),
    ],
)
def test_values_are_found_and_rendered_in_every_language(
    text: str, found: str, english: str, simplified: str, traditional: str
) -> None:
    value = _only(text)
    assert value.text == found == text[value.start : value.end]
    assert _renderings(value) == (english, simplified, traditional)


@pytest.mark.parametrize(
    "same",
    [
        [
            "42亿元",
            "42億元",
            "4.2 billion yuan",
            "RMB 4.2bn",
            "人民币四十二亿元",
            "4,200 million yuan",
        ],
        ["35亿美元", "35億美元", "US$3.5 billion", "$3.5bn", "3.5 billion dollars"],
        ["百分之八十", "80%", "八成", "80 percent", "80 per cent", "８０％"],
        ["17个月", "17個月", "17 months", "seventeen months", "十七个月", "17-month"],
        [
            "2021年12月21日",
            "2021-12-21",
            "December 21, 2021",
            "21st of Dec 2021",
            "民國110年12月21日",
        ],
        ["5万吨", "五萬噸", "50,000 tonnes", "50 thousand tons"],
        ["三分之一", "one third", "a third", "one-third"],
        ["5百万", "500万", "5 million", "五百萬", "5,000,000"],
        ["三千五百人", "3500人", "3,500 people", "3500名"],
        ["1月至11月", "前11个月", "first eleven months", "1-11月"],
        ["10亿元至15亿元", "10至15億元", "1 to 1.5 billion yuan"],
    ],
)
def test_values_that_mean_the_same_are_equal(same: list[str]) -> None:
    assert len({_only(text) for text in same}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "去年以来",
        "几十家企业",
        "数百人",
        "五六家",
        "第五次党代会",
        "2号厂房和4号厂房",
        "G104国道、104国道",
        "国内500强企业",
        "十四五规划",
        "最后一公里",
        "一个项目，一期工程",
        "三祥新材，三都澳",
        "90后青年",
        "千万别去",
        "万一",
        "建国70周年",
        "3年级",
        "COVID-19, F-16, 5G and MP3",
        "version 2.0.1",
        "公元前7世纪，西元前221年",
        "零部件",
        "twenty-first century",
        "No. 2 plant, phase 3",
        "电话0593-2871234",
        "at 09:33",
        "one of them",
        "the “4311” goal",
        "完成立项",
        "20时至4时，下午4点30分",
        "（4）培养",
        "2023女足世界杯",
    ],
)
def test_values_leave_what_is_no_sure_value(text: str) -> None:
    assert find_values(text) == []


def test_values_of_a_sentence_stand_in_order() -> None:
    text = "4557億元，其中續建項目354個，2024年4月增長64.68%；用時17个月"
    assert [value.kind for value in find_values(text)] == [
        "money",
        "number",
        "date",
        "share",
        "duration",
    ]


def test_values_keep_two_ends_of_a_change_apart() -> None:
    assert [value.text for value in find_values("从30%到40%")] == ["30%", "40%"]
    assert [value.text for value in find_values("rose from 30% to 40%")] == ["30%", "40%"]


_AMOUNTS = st.one_of(
    st.integers(1, 10**6).map(Decimal),
    st.builds(
        lambda digits, power: Decimal(digits) * 10**power, st.integers(1, 99999), st.integers(0, 10)
    ),
    st.integers(1, 10**6).map(lambda cents: Decimal(cents) / 100),
)
_QUALIFIERS = st.sampled_from(["", "over", "at least", "nearly", "about", "under", "at most"])
_UNITS = st.sampled_from([unit for unit in UNITS if unit.code != "‰"])
_DATES = st.one_of(
    st.dates().filter(lambda day: 1000 <= day.year < 2200).map(str),
    st.dates().map(lambda day: f"--{day.month:02}-{day.day:02}"),
    st.builds(
        lambda year, part: year + ("-" if year and part else "") + part,
        st.sampled_from(["1949", "2021", "Y-1", "Y+0"]),
        st.sampled_from(["03", "12", "Q1", "Q4", "H1", "H2", "Q1/Q3", "M1/M11", "M3/M5"]),
    ),
    st.sampled_from(
        ["2021", "--05", "C19", "C21", "C12", "199X", "Q2", "H2", "Q1/Q2", "M1/M2", "M4/M9"]
    ),
)


@given(_AMOUNTS, _UNITS, _QUALIFIERS, st.sampled_from(LANGUAGES))
def test_a_rendered_quantity_reads_back_as_the_same(
    amount: Decimal, unit: object, qualifier: object, language: Language
) -> None:
    value = Value(unit.kind, amount, unit.code, qualifier=qualifier)  # type: ignore[attr-defined,arg-type]
    back = _only(render(value, language))
    assert (back, back.qualifier) == (value, qualifier)


@given(_AMOUNTS, _AMOUNTS, _UNITS, st.sampled_from(LANGUAGES))
def test_a_rendered_range_reads_back_as_the_same(
    low: Decimal, more: Decimal, unit: object, language: Language
) -> None:
    value = Value(unit.kind, low, unit.code, upper=low + more)  # type: ignore[attr-defined]
    assert _only(render(value, language)) == value


@given(_AMOUNTS, _AMOUNTS, st.sampled_from(LANGUAGES))
def test_a_rendered_range_of_plain_numbers_reads_back_as_the_same(
    low: Decimal, more: Decimal, language: Language
) -> None:
    value = Value("number", low, upper=low + more)
    assert _only(render(value, language)) == value


@given(_AMOUNTS, st.sampled_from(["", "家", "个", "台", "项", "条"]), st.sampled_from(LANGUAGES))
def test_a_rendered_count_reads_back_as_the_same(
    amount: Decimal, measure: str, language: Language
) -> None:
    value = Value("number", amount, measure=measure)
    assert _only(render(value, language)) == value


@given(_DATES, st.sampled_from(LANGUAGES))
def test_a_rendered_date_reads_back_as_the_same(iso: str, language: Language) -> None:
    assert _only(render(Value("date", date=iso), language)).date == iso


@given(_AMOUNTS)
def test_formatted_numbers_parse_back_exactly(amount: Decimal) -> None:
    assert parse_chinese(format_chinese(amount)) == amount
    assert parse_english(format_english(amount)) == amount


@given(st.integers(1, 10**9 - 1))
def test_parse_chinese_agrees_with_spelling_a_number_out(number: int) -> None:
    assert parse_chinese(_spelled(number)) == number


def _spelled(number: int) -> str:
    """A number below ten thousand million in Chinese words, digit by digit."""
    for size, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _spelled(high) + word + (gap + _spelled(low) if low else "")
    return "零一二三四五六七八九"[number]


_PIECES = st.sampled_from(
    [
        *(
            "42",
            "12",
            "2021",
            "分之",
            "季度",
            " to ",
            "billion",
            "half",
            "May",
            "Q1",
            "two",
            "over",
        ),
        *"亿元近三十百年月个多点半至第成 -%$.,㎡½",
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=25).map("".join)))
def test_find_values_never_fails_and_spans_are_in_order(text: str) -> None:
    end = 0
    for value in find_values(text):
        assert end <= value.start < value.end <= len(text)
        assert text[value.start : value.end] == value.text
        assert all(render(value, language) for language in LANGUAGES)
        end = value.end
