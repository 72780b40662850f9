"""Near copies are found by what they say, in either script, and nothing else is taken for one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations as orders
from pathlib import Path

import numpy as np
import pytest
from conftest import article
from datasketch import MinHash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from rag import workers
from rag.errors import StoreError
from rag.index import Index
from rag.outlets import (
    BANDS,
    ROWS,
    are_copies,
    bands,
    draw_permutations,
    numbers,
    share_numbers,
    shingles,
    signature,
)
from rag.store.transaction import Transaction
from rag.types import Document, RawArticle

MakeIndex = Callable[[], Index]

BRIDGE = (
    "青石大桥7月3日正式通车，两岸居民过江的时间由四十分钟缩短到六分钟。大桥全长2318米，"
    "双向六车道，设计时速80公里，总投资14.7亿元。",
    "工程于2019年开工，先后有1200多名建设者参与。项目负责人林国华介绍，桥址处水深流急，"
    "施工队在江心搭建了两座临时平台，用了26个月才完成主墩的基础。",
    "通车首日，约9000辆汽车驶过大桥。住在南岸的陈女士说，以前送孩子上学要等轮渡，遇上大雾"
    "只能绕行几十公里，如今开车几分钟就到。",
    "当地交通部门表示，旧渡口将在年底前停运，原址改建为滨江公园，渡轮上的职工由企业统一安排"
    "转岗培训。大桥管理处提醒，桥面设有区间测速，请驾驶员按限速行驶。",
)
BRIDGE_BY_ANOTHER = (
    "盼了多年的跨江通道终于来了。7月3日上午九点，随着第一辆公交车驶上桥面，青石大桥开始迎接"
    "市民。记者在现场看到，不少人特意起早，带着老人和孩子步行过桥留影。",
    "“我在渡轮上干了22年。”船长周建平望着江面说，停运之后他打算去管理处应聘。像他这样的职工"
    "有47人，公司承诺不让一个人掉队。",
    "专家认为，大桥把南岸的两个工业园区与高铁站连成一片，物流成本有望下降一成五。按照规划，"
    "南岸还要新建3所学校和一家医院，预计2026年投入使用。",
)
HARBOUR = (
    "The harbour of Linmouth will close to cargo ships in March, the port authority said on "
    "Tuesday, ending a trade that began in 1908. Some 240 dockers will lose their jobs.",
    "Freight has fallen by 62 per cent in ten years as the larger ships moved to the deeper "
    "terminal at Westhaven, 35 miles down the coast, where berths cost a third less.",
    "The council wants to turn the quays into a marina with 180 moorings and a market hall. "
    "Building would start in 2027 and cost 41 million pounds, half of it from the state.",
    "Union leaders called the plan a betrayal. 'Nobody asked the people who worked here,' said "
    "Mary Alder, who has driven a crane at the port for nineteen years.",
)
WHOLE = "\n".join(BRIDGE)
SHARES = (
    "截至{0}月{1}日收盘，华澜机电报收于{2}元，{3}，换手率{4}%，成交量{5}万手，成交额{6}亿元。"
    "资金流向数据方面，当日主力资金净流入{7}万元，占总成交额{8}%，游资资金净流出{9}万元，"
    "散户资金净流出{10}万元。该股最近九十天内共有{11}家机构给出评级，买入评级{12}家。"
    "根据近五年财报数据，估值分析工具显示，华澜机电行业内竞争力的护城河良好，盈利能力一般，"
    "营收成长性较差。以上内容由本站根据公开信息整理，与本站立场无关，如数据存在问题请联系我们。"
    "本文为数据整理，不对您构成任何投资建议，投资有风险，请谨慎决策。主力资金指特大单成交，游资"
    "指大单成交，散户指中小单成交，指标仅供参考，不代表未来表现，过往业绩不预示其将来的走势。"
    "公司主营业务为矿山机械、港口机械和风电设备的研制与销售，产品出口亚非拉多个国家和地区，"
    "客户多为大型国有企业，近年来逐步向整机维护和远程监测等服务延伸，并与几所高校共建实验室。"
)
PERMUTATIONS = draw_permutations()


def to_traditional(text: str) -> str:
    converted: str = OpenCC("s2t").convert(text)
    return converted


def alike(one: str, other: str) -> bool:
    """Whether two texts are copies, as far as their signatures tell."""
    first, second = (signature(text, PERMUTATIONS) for text in (one, other))
    same = are_copies(first, second[None])[0]
    assert same == are_copies(second, first[None])[0]
    return bool(same)


def names(documents: tuple[Document, ...]) -> list[str]:
    return [each.path for each in documents]


def outlets(index: Index, source: str) -> list[str]:
    """The paths of the near copies of the article that a source names."""
    (found,) = (each.document.id for each in index.documents() if source in each.sources)
    return names(index.outlets(found))


# --- signatures ---


@pytest.mark.parametrize("text", [WHOLE, "\n".join(HARBOUR), WHOLE * 30, "桥" * 5, ""])
def test_a_signature_is_what_datasketch_makes_of_the_shingles(text: str) -> None:
    oracle = MinHash(BANDS * ROWS, hashfunc=int, scheme="affine32")
    oracle.permutations = PERMUTATIONS
    oracle.update_batch(shingles(text).tolist())
    found = signature(text, PERMUTATIONS)
    assert found[0] == len(shingles(text))
    assert np.array_equal(found[1:], oracle.hashvalues)


def test_shingles_begin_with_every_chinese_character_and_every_word() -> None:
    assert len(shingles("大桥正式通车")) == 3
    assert len(shingles("the quick brown foxes jump")) == 2  # from which sixteen letters follow
    assert set(shingles("大桥，正式通车！")) == set(shingles("大橋正式通車"))
    assert set(shingles("The QUICK brown foxes")) == set(shingles("the quick, brown foxes"))


@given(text=st.text(max_size=80))
def test_any_text_has_a_signature_and_the_same_each_time(text: str) -> None:
    found = signature(text, PERMUTATIONS)
    assert found.shape == (1 + BANDS * ROWS,)
    assert np.array_equal(found, signature(text, PERMUTATIONS))


def test_bands_differ_where_the_values_in_them_do_and_from_each_other() -> None:
    one = signature(WHOLE, PERMUTATIONS)
    other = one.copy()
    other[1 + 4 * ROWS] += 1  # the first value of the fifth band
    found = bands(np.stack([one, other]))
    assert found.shape == (2, BANDS)
    assert np.flatnonzero(found[0] != found[1]).tolist() == [4]
    assert len(set(bands(np.zeros((1, 1 + BANDS * ROWS), np.uint32))[0].tolist())) == BANDS


@pytest.mark.parametrize("parts", [BRIDGE, HARBOUR])
def test_copies_are_told_from_other_articles_on_the_same_event(parts: tuple[str, ...]) -> None:
    whole = "\n".join(parts)
    assert alike(whole, f"By our own correspondent. 本报记者报道。\n{whole}")
    assert alike(whole, "\n".join(parts[:-1]))
    assert alike(whole, "\n".join(parts[1:]))
    assert alike(whole, to_traditional(whole).upper())
    assert not alike(whole, "\n".join(BRIDGE_BY_ANOTHER))
    assert not alike(whole, "\n".join([parts[0], *BRIDGE_BY_ANOTHER]))  # what agencies say first


def test_a_text_is_a_copy_of_the_one_that_it_abridges_by_half_but_not_to_a_paragraph() -> None:
    assert alike(WHOLE, "\n".join(BRIDGE[:2]))
    assert not alike(WHOLE, BRIDGE[0])


def test_short_texts_are_copies_only_when_nothing_differs() -> None:
    short = "今天最高气温三十一度，东南风三级，空气质量良好，适宜户外活动。"
    assert alike(short, to_traditional(short))
    assert not alike(short, short.replace("一", "二"))
    assert not alike("", "")


def test_reports_that_a_template_makes_are_told_apart_by_their_numbers() -> None:
    one = SHARES.format(
        7, 24, 15.96, "上涨3.37%", 2.94, 3.1, 0.49, 664.34, 13.5, 210.2, 454.1, 5, 4
    )
    other = SHARES.format(8, 18, 13.08, "下跌1.22%", 0.87, 1.2, 0.16, 91.5, 5.7, 33.8, 57.7, 6, 2)
    assert not share_numbers(numbers(one), numbers(other))
    assert share_numbers(numbers(one), numbers("7月24日18:30讯：" + one))
    assert share_numbers(numbers(one), numbers("报收１５.96元，换手率2.94%，还有其他九项。"))
    assert share_numbers(numbers("没有数字的文章。"), numbers(one))


def test_of_few_numbers_all_but_one_must_be_the_same() -> None:
    one = numbers("Harbour 12 handled 444 tonnes in 2021.")
    assert share_numbers(one, numbers("In 2021 Harbour 12 handled 445 tonnes."))
    assert not share_numbers(one, numbers("In 2021 Harbour 45 handled 1665 tonnes."))


# --- in an index ---


def published(source: str, text: str, **fields: str | None) -> RawArticle:
    return article(source, text, **{"title": source, "publisher": f"{source} Daily", **fields})


COPIES = [
    published("first", WHOLE, date="2024-07-03"),
    published("headline", "\n".join(BRIDGE), title="六分钟过江", date="2024-07-05"),
    published("traditional", to_traditional(WHOLE), date="2024-07-04"),
    published("cut", "\n".join(BRIDGE[:-1])),
]
OTHERS = [
    published("event", "\n".join(BRIDGE_BY_ANOTHER), date="2024-07-03"),
    published("harbour", "\n".join(HARBOUR), date="2024-07-03"),
]


def test_copies_are_each_others_outlets_earliest_first_and_undated_last(
    new_index: MakeIndex,
) -> None:
    index = new_index()
    index.ingest_articles([*COPIES, *OTHERS])
    assert outlets(index, "first") == ["traditional", "headline", "cut"]
    assert outlets(index, "cut") == ["first", "traditional", "headline"]
    assert outlets(index, "event") == outlets(index, "harbour") == []
    (found, *_) = index.outlets(next(index.documents()).document.id)
    assert found.publisher == "traditional Daily"
    assert found.text == to_traditional(WHOLE)
    assert index.verify() == ()


def test_a_document_that_is_not_there_has_no_outlets_but_an_error(new_index: MakeIndex) -> None:
    with pytest.raises(StoreError, match="found no 0123"):
        new_index().outlets("0123")


def test_reports_that_a_template_makes_are_no_outlets(new_index: MakeIndex) -> None:
    index = new_index()
    monday = SHARES.format(7, 24, 15.9, "涨3.3%", 2.94, 3.1, 0.49, 664.3, 13.5, 210.2, 454.1, 5, 4)
    friday = SHARES.format(7, 28, 13.1, "跌1.2%", 0.87, 1.2, 0.16, 91.5, 5.7, 33.8, 57.7, 6, 2)
    index.ingest_articles([published("monday", monday), published("friday", friday)])
    assert alike(monday, friday)
    assert outlets(index, "monday") == outlets(index, "friday") == []


def test_what_is_removed_or_changed_is_no_outlet_any_more(new_index: MakeIndex) -> None:
    index = new_index()
    index.ingest_articles([*COPIES, *OTHERS])
    index.remove(["headline"])
    assert outlets(index, "first") == ["traditional", "cut"]
    index.ingest_articles([replace(COPIES[2], content="\n".join(HARBOUR[:3]))])
    assert outlets(index, "first") == ["cut"]
    assert outlets(index, "traditional") == ["harbour"]
    index.remove(["first", "cut", "traditional", "event", "harbour"])
    assert index._store.query("SELECT count(*) FROM bands") == [(0,)]
    assert index._store.query("SELECT count(*) FROM signatures") == [(0,)]
    assert index.verify() == ()


def test_ingesting_again_changes_nothing(new_index: MakeIndex) -> None:
    index = new_index()
    index.ingest_articles([*COPIES, *OTHERS])
    before = index._store.query("SELECT * FROM bands"), outlets(index, "first")
    index.ingest_articles([*reversed(OTHERS), *reversed(COPIES)])
    assert (index._store.query("SELECT * FROM bands"), outlets(index, "first")) == before


def test_articles_that_other_processes_prepare_have_the_same_signatures(
    new_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "ALONE", 1)
    index = new_index()
    index.ingest_articles([*COPIES, *OTHERS])
    assert outlets(index, "first") == ["traditional", "headline", "cut"]
    assert index.verify() == ()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE signatures SET value = zeroblob(256) WHERE document = 1", "signature of document"),
        ("UPDATE signatures SET value = x'00' WHERE document = 2", "signature of document"),
        ("DELETE FROM signatures WHERE document = 1", "signature of document"),
        ("DELETE FROM bands WHERE document = 2", f"in {BANDS} bands"),
        ("INSERT INTO bands VALUES (1, 1), (2, 99)", "rows of bands"),
    ],
)
def test_damaged_signatures_and_bands_are_found_and_mended(
    new_index: MakeIndex, damage: str, told: str
) -> None:
    index = new_index()
    index.ingest_articles([*COPIES, *OTHERS])
    with Transaction(index.path) as transaction:
        transaction.documents.query(damage)
        transaction.documents.commit()
    (problem,) = index.verify()
    assert told in problem
    index.rebuild()
    assert index.verify() == ()
    assert outlets(index, "first") == ["traditional", "headline", "cut"]


def test_a_signature_that_is_cut_short_is_one_clear_error(new_index: MakeIndex) -> None:
    index = new_index()
    index.ingest_articles(COPIES)
    with Transaction(index.path) as transaction:
        transaction.documents.query("UPDATE signatures SET value = x'00' WHERE document = 1")
        transaction.documents.commit()
    with pytest.raises(StoreError, match="rag doctor --repair"):
        outlets(index, "first")


PARTS = (*BRIDGE, *BRIDGE_BY_ANOTHER, *HARBOUR)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(
        st.lists(st.sampled_from(PARTS), min_size=1, max_size=6, unique=True),
        min_size=2,
        max_size=5,
    )
)
def test_of_two_documents_each_is_the_others_outlet_or_neither(
    built_in: Path, tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]]
) -> None:
    with Index.open(tmp_path_factory.mktemp("pairs") / "index", create=True) as index:
        index.ingest_articles(published(str(n), "\n".join(parts)) for n, parts in enumerate(texts))
        ids = [each.document.id for each in index.documents()]
        found = {one: {each.id for each in index.outlets(one)} for one in ids}
        assert all(one not in found[one] for one in ids)
        assert all((a in found[b]) == (b in found[a]) for a, b in orders(ids, 2))


def test_finding_outlets_loads_no_datasketch(new_index: MakeIndex) -> None:
    index = new_index()
    index.ingest_articles(COPIES)
    code = (
        "import sys\nfrom pathlib import Path\nfrom rag.index import Index\n"
        "with Index.open(Path(sys.argv[1])) as index:\n"
        "    assert len(index.outlets(next(index.documents()).document.id)) == 3\n"
        "assert not {'datasketch', 'scipy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(index.path)], check=True, cwd=Path.cwd())


def test_the_same_text_of_another_publisher_is_an_outlet_of_its_document(
    new_index: MakeIndex,
) -> None:
    index = new_index()
    text = "".join(BRIDGE)
    index.ingest_articles(
        [
            article("a", text, publisher="江报", date="2021-07-04"),
            article("b", text, publisher="河报", date="2021-07-03"),
            article("copy-of-a", text, publisher="江报", date="2021-07-04"),
        ]
    )
    (entry,) = index.documents()
    (outlet,) = index.outlets(entry.document.id)
    assert (outlet.id, outlet.publisher) == (entry.document.id, "河报")


def test_the_document_of_a_source_is_the_one_that_it_has_now(new_index: MakeIndex) -> None:
    index = new_index()
    index.ingest_articles([article("a", "".join(BRIDGE))])
    before = index.current("a")
    index.ingest_articles([article("a", "".join(BRIDGE[1:]))])
    after = index.current("a")
    assert before is not None
    assert after is not None
    assert before.id != after.id
    assert index.current("b") is None
