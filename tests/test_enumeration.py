from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.enumeration import asks_for_list, find_enumerations


@pytest.mark.parametrize(
    ("sentence", "items"),
    [
        ("公司在北京、上海和广州设有办事处。", ["北京", "上海", "广州"]),
        ("該線途經板橋、樹林、鶯歌等站。", ["板橋", "樹林", "鶯歌"]),
        (
            "他写过《春江》、《秋水》以及《寒山（上、下）》。",
            ["《春江》", "《秋水》", "《寒山（上、下）》"],
        ),
        ("产品分为电池（方形）、电机、电控等三类。", ["电池（方形）", "电机", "电控"]),
        ("The port ships coal, iron ore and timber.", ["coal", "iron ore", "timber"]),
        (
            "Its markets include Japan, South Korea and Vietnam.",
            ["Japan", "South Korea", "Vietnam"],
        ),
        (
            "Its offices are in Lind, Port Ada, and North Mill since 2019.",
            ["Lind", "Port Ada", "North Mill"],
        ),
    ],
)
def test_the_items_of_an_enumeration_are_found(sentence: str, items: list[str]) -> None:
    found = find_enumerations(sentence)
    assert len(found) == 1
    assert [sentence[start:end] for start, end in found[0].items] == items


@pytest.mark.parametrize(
    "sentence",
    [
        "北京是首都。",
        "他说，今天，明天，后天都来。",
        "In 1886, Robert Lane and Benjamin Vail formed a company.",
        "《上、下》是一本书。",
        "",
    ],
)
def test_what_is_no_enumeration_is_none(sentence: str) -> None:
    assert find_enumerations(sentence) == []


@given(st.text("北京、上海和广州《》（）等是在, and or ab.A1", max_size=60))
def test_items_are_in_order_within_the_text(text: str) -> None:
    for found in find_enumerations(text):
        places = [place for item in found.items for place in item]
        assert places == sorted(places)
        assert all(start < end for start, end in found.items)
        assert found.span == (places[0], places[-1])


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("铁路沿线设有哪些站点？", True),
        ("由哪幾個部分組成？", True),
        ("Which cities does the line pass?", True),
        ("List all the stations.", True),
        ("What are the three sectors?", True),
        ("哪个城市是首都？", False),
        ("Which city is the capital?", False),
        ("How many stations are there?", False),
    ],
)
def test_questions_for_a_list_are_known(question: str, wanted: bool) -> None:
    assert asks_for_list(question) is wanted
