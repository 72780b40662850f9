"""Claims held against quotes: pairs by hand, and the rows of `data/claims.jsonl`.

`dev` is what the rules were made on; `third` was measured once, before anybody looked at it, and
no rule was changed for it since.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from rag.clean import clean
from rag.embed.static import StaticEmbedder
from rag.load import load
from rag.quotes import find_quote
from rag.sentences import split_sentences
from rag.support import MismatchKind, check_support
from rag.support.clauses import read
from rag.types import LANGUAGES, Skipped

TESTS = Path(__file__).parent
ARTICLES = [clean(raw) for raw in load(TESTS.parent / "seeds") if not isinstance(raw, Skipped)]
ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (TESTS / "data" / "claims.jsonl").read_text(encoding="utf-8").splitlines()
]
SEEDED = ROWS[:401]
"""The rows whose quotes stand in `seeds/`; the others' are from encyclopedias and newspapers."""

KINDS = {"number", "date", "unit", "share", "negation", "direction"}
MORE_KINDS = {"money", "bound", "comparison", "place", "subject", "other", "forged"}


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # values
        ("Prices rose by 0.7 percent.", "價格上漲百分之零點七。"),
        ("The plant opened in 2021.", "工廠於民國110年12月啟用。"),
        ("They met in the fourth quarter of 2021.", "双方于2021年11月会面。"),
        ("The tower was built in the 1990s.", "这座塔建于1994年。"),
        ("One third of staff left.", "三分之一的员工离职。"),
        ("The company has about 1,200 workers.", "公司现有1187名员工。"),
        ("More than 1,100 people work there.", "公司现有1187名员工。"),
        ("近1200人在那里工作。", "1,187 people work there."),
        ("至少300人参加。", "No fewer than 300 people attended."),
        ("Up to 20 people may enter.", "進入人數不超過20人。"),
        ("Between 10 and 15 people died.", "10至15人死亡。"),
        ("The bridge is 2.5 km long.", "大桥全长2500米。"),
        ("The trial lasted 90 minutes.", "庭审持续了一个半小时。"),
        ("It took less than a year.", "用时不到一年。"),
        ("It took up to 24 months.", "施工用时1至2年。"),
        ("历时十年。", "It took a decade."),
        ("The temple is over 1,000 years old.", "这座寺庙有一千多年历史。"),
        ("The new ones take up 47.2 billion yuan.", "旧的495亿元，新的472亿。"),
        ("全县5G覆盖率达九成。", "5G covers 90% of the county along road G104."),
        ("The ferry leaves at 8.", "渡轮8点开。"),
        ("Exports doubled.", "出口翻了一番。"),
        ("The lake covers 31,700 square miles.", "该湖面积为82,100平方公里。"),
        ("Temperatures can fall to −40 °C.", "温度最低可达零下40摄氏度。"),
        ("One in three students comes from abroad.", "三分之一的学生来自海外。"),
        ("The journey took 2 hours 30 minutes.", "全程需150分钟。"),
        ("He was assassinated in 44 BC.", "他于公元前44年遇刺。"),
        ("It was built late in the 18th century.", "该桥建于1793年。"),
        ("20 世纪 60 年代，他任顾问。", "Throughout the 1960s he was an adviser."),
        ("It was signed on 18 October 1974.", "1974年他到任，当年10月18日签字。"),
        ("比赛还剩4分51秒。", "With 4:51 left the game was open."),
        ("第49届超级碗在此举行。", "Super Bowl XLIX was held here."),
        ("设计时速160公里。", "The design speed is 160 km/h."),
        ("得票率从没低于七成。", "得票率始终在70%以上。"),
        ("It happened 27 times.", "此事发生27次。"),
        ("A quarter of a century passed.", "过了25年。"),
        ("土耳其只有兩個城市比它大。", "它是土耳其第三大城市。"),
        # worked out from two values of the quote
        ("More than two thirds of those on board died.", "船上共有2224人，1514人遇难。"),
        ("战争打了四年。", "The war lasted from 1861 to 1865."),
        ("价格涨到原来的四倍。", "The price rose from $2 to $8."),
        ("The bridge is 300 metres longer.", "大桥全长2300米，隧道长2000米。"),
        ("The plant was rebuilt in 1912.", "工厂1911年烧毁，次年重建。"),
        # negation
        ("The company did not raise prices.", "公司并未提价。"),
        ("该法案未获通过。", "The bill did not pass."),
        ("The bill was rejected.", "该法案未获通过。"),
        ("Nobody was injured.", "没有人受伤。"),
        ("The company not only grew but also hired 500 people.", "公司不仅增长，还招了500人。"),
        ("The company expanded and hired 500 people.", "公司不仅扩大产能，还招了500人。"),
        ("Output keeps growing.", "产量不断增长。"),
        ("Quite a few companies will come to Wuxi.", "未来不少企业将来到无锡。"),
        ("The committee approved the plan.", "委员会不得不批准该计划。"),
        ("It is close to the station.", "它离车站不远。"),
        ("The museum is free.", "博物馆不收门票。"),
        ("The museum is closed on Mondays.", "博物馆周一不开放。"),
        ("学校5月4日才复课。", "Schools will not reopen until May 4."),
        ("市长参观了学校。", "The mayor visited the school but did not speak."),
        ("No one knows the cause.", "原因不明，无人知晓。"),
        ("The disease is not curable.", "这种病无法治愈。"),
        ("This was never seen before.", "这是前所未见的。"),
        ("The museum is unlike others.", "这座博物馆与众不同。"),
        # direction
        ("Sales fell by 12 percent.", "销量减少了一成二。"),
        ("利润下降3%。", "Revenue rose 5% while profit fell 3%."),
        ("The population dropped from 1.2 million to 1 million.", "人口从120万减少到100万。"),
        ("The drug reduced deaths by 20%.", "该药使死亡率下降两成。"),
        ("The policy is meant to cut costs.", "政策旨在提高效率、降低成本。"),
        ("The rain stopped and the match began.", "雨停了，比赛开始。"),
        ("People need not wear masks.", "人们不必戴口罩。"),
        ("The Amazon is shorter than the Nile.", "The Nile is longer than the Amazon."),
        # names
        ("The city was captured by the Mongols in 1215.", "1215年，蒙古军攻占了该城。"),
        ("The treaty was signed in Paris.", "The treaty was signed in Paris, not in London."),
    ],
)
def test_a_claim_that_says_the_same_is_supported(claim: str, quote: str) -> None:
    support = check_support(claim, quote)
    assert (support.verdict, support.mismatches) == ("supported", ())


@pytest.mark.parametrize(
    ("claim", "quote", "kind"),
    [
        ("860 projects are planned.", "计划推进806个项目。", "number"),
        ("More than 1,200 people work there.", "公司现有1187名员工。", "number"),
        ("The company has about 1,300 workers.", "公司现有1187名员工。", "number"),
        ("China has 1.4 million people.", "中国有14亿人口。", "number"),
        ("The plan is worth 10 billion yuan.", "计划总额达1000亿元。", "money"),
        ("Growth was 38.9%.", "增速为39.8%。", "share"),
        ("Growth was about 38.9%.", "增速为39.8%。", "share"),
        ("It opened in 2022.", "工廠於民國110年12月啟用。", "date"),
        ("It opened on 5 December 2021.", "工厂于2021年12月启用。", "date"),
        ("It took 18 months.", "工程用了17个月。", "duration"),
        ("It was built in a year and a half.", "由動土到投產只花了半年。", "duration"),
        ("The rate fell 2 percentage points.", "利率下降2%。", "unit"),
        ("The deal is worth 5 million US dollars.", "这笔交易价值500万元。", "unit"),
        ("The fire burned 30 mu.", "大火烧毁30公顷林地。", "unit"),
        ("It took 17 weeks.", "工程用了17个月。", "unit"),
        ("It took up to two years.", "施工用时1至2个月。", "duration"),
        ("500 people came.", "来了500家企业。", "unit"),
        ("The company raised prices.", "公司并未提价。", "negation"),
        ("The company did not raise prices.", "公司提高了价格。", "negation"),
        ("官员从未参观工厂。", "Officials visited the plant last year.", "negation"),
        ("全省的企业没有增加投资。", "全省企业增加了投资。", "negation"),
        ("The committee did not approve the plan.", "委员会不得不批准该计划。", "negation"),
        ("He can return home.", "他无法回家。", "negation"),
        ("All residents agreed.", "并非所有居民都同意。", "negation"),
        ("销量增长12%。", "Sales fell by 12%.", "direction"),
        ("Revenue fell 5% while profit rose 3%.", "营收增长5%，利润下降3%。", "direction"),
        ("The company lost 3 million yuan.", "公司盈利300万元。", "direction"),
        ("The company bought 30 ships.", "公司卖出30艘船。", "direction"),
        ("The law took effect before 1 May 2020.", "该法于2020年5月1日之后生效。", "direction"),
        ("It was the last city to sign.", "它是第一个签约的城市。", "direction"),
        ("At least 20 people may enter.", "進入人數不超過20人。", "direction"),
        ("It took more than half a year.", "用时不到半年。", "direction"),
        ("A minority of residents agreed.", "多数居民同意。", "direction"),
        ("人们不必戴口罩。", "Everyone must wear a mask.", "direction"),
        ("The line will open in early 2025.", "该线将于2025年底开通。", "direction"),
        # numbers of names and scores, and what a number counts
        ("The station is on line G104.", "车站位于G105国道旁。", "number"),
        ("It uses the 804.11n standard.", "它采用802.11n标准。", "number"),
        ("The match ended 24–13.", "比賽以24-10結束。", "number"),
        ("A six-match losing streak ended.", "五連敗告終。", "number"),
        ("他有14次助攻、13个篮板。", "他拿下14篮板球、13助攻。", "number"),
        ("It lasts from November to April.", "从10月持续到4月。", "date"),
        ("The levee is 100 metres long.", "100英尺长的堤坝。", "unit"),
        # order, rates, eras
        ("It is the third tallest building in China.", "它是中国第二高楼。", "number"),
        ("It has half a million visitors a month.", "博物馆每年吸引50万名游客。", "unit"),
        ("It was built in the 14th century.", "这座寺庙建于公元前14世纪。", "date"),
        ("He died early in the 18th century.", "He died in 1793.", "date"),
        # names
        ("The meeting was held on a Tuesday.", "会议于星期四举行。", "name"),
        ("Smith was born in Lisbon.", "Smith was born in Madrid.", "name"),
    ],
)
def test_a_claim_that_says_otherwise_is_unsupported(
    claim: str, quote: str, kind: MismatchKind
) -> None:
    support = check_support(claim, quote, about="")
    assert support.verdict == "unsupported"
    assert kind in {mismatch.kind for mismatch in support.mismatches}
    assert all(mismatch.reason.text("en") for mismatch in support.mismatches)


def test_a_reason_names_the_value() -> None:
    (mismatch,) = check_support("Support saved 4.2 billion dollars.", "替企业省下42亿元").mismatches
    assert mismatch.kind == "unit"
    assert "4.2 billion dollars" in mismatch.reason.text("en")
    assert "42亿元" in mismatch.reason.text("zh-Hant")


SENTENCES = [
    article.text[span.start : span.end]
    for article in ARTICLES
    for span in split_sentences(article.text)
]
CONVERTERS = [OpenCC("s2t"), OpenCC("t2s")]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_supports_itself_in_both_scripts(sentence: str) -> None:
    assert check_support(sentence, sentence).mismatches == ()
    for converter in CONVERTERS:
        assert check_support(converter.convert(sentence), sentence).mismatches == ()


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_get_a_verdict(claim: str, quote: str) -> None:
    support = check_support(claim, quote)
    assert (support.verdict == "supported") == (not support.mismatches)
    assert check_support(claim, quote) == support


def test_the_claims_are_balanced() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) >= 200
    assert 0.45 < sum(row["altered"] for row in ROWS) / len(ROWS) < 0.55
    altered = Counter(row["kind"] for row in ROWS if row["altered"])
    assert set(altered) == KINDS | MORE_KINDS
    assert min(altered[kind] for kind in KINDS) >= 20
    assert {row["lang_claim"] for row in ROWS} == {row["lang_quote"] for row in ROWS}
    assert {row["lang_claim"] for row in ROWS} == set(LANGUAGES)
    assert {row["split"] for row in ROWS} == {"dev", "third"}


def test_quotes_of_the_claims_are_verbatim() -> None:
    for row in SEEDED:
        texts = [each.text for each in ARTICLES if each.language == row["lang_quote"]]
        assert any(row["quote"] in text for text in texts), row["id"]
        assert any(find_quote(row["quote"], text) for text in texts), row["id"]


def test_hardly_an_altered_claim_about_the_sample_articles_is_supported() -> None:
    altered = [row for row in SEEDED if row["altered"]]
    wrong = [
        row["id"]
        for row in altered
        if check_support(row["claim"], row["quote"]).verdict == "supported"
    ]
    assert len(wrong) <= 0.06 * len(altered), wrong


def test_true_claims_about_the_sample_articles_are_supported() -> None:
    true = [row for row in SEEDED if not row["altered"]]
    wrong = [
        row["id"]
        for row in true
        if check_support(row["claim"], row["quote"]).verdict == "unsupported"
    ]
    assert len(wrong) <= 0.02 * len(true), wrong


@pytest.mark.parametrize(("split", "passed", "failed"), [("dev", 92, 10), ("third", 13, 5)])
def test_no_more_claims_than_these_are_misjudged(split: str, passed: int, failed: int) -> None:
    """Altered claims that come out supported and true ones that don't; 92 of 420 and 10 of 421 in
    `dev`, 13 of 80 and 5 of 100 in `third`."""
    lexicon = StaticEmbedder.load()
    wrong = Counter(
        row["altered"]
        for row in ROWS
        if row["split"] == split
        and row["kind"] != "forged"
        and (check_support(row["claim"], row["quote"], lexicon, about="").verdict == "supported")
        == row["altered"]
    )
    assert wrong[True] <= passed
    assert wrong[False] <= failed


def test_a_forged_quote_is_not_found_in_its_source() -> None:
    forged = [row for row in ROWS if row["kind"] == "forged"]
    assert len(forged) == 20
    assert [row["id"] for row in forged if find_quote(row["quote"], row["source"])] == []


def test_names_are_missed_only_where_the_text_around_the_quote_is_known() -> None:
    claim, quote = "It opened in Lisbon in 1998.", "The bridge opened in 1998."
    assert check_support(claim, quote).verdict == "supported"
    (mismatch,) = check_support(claim, quote, about="Bridges of Porto").mismatches
    assert (mismatch.kind, "Lisbon" in mismatch.reason.said) == ("name", True)
    assert check_support(claim, quote, about="Bridges of Lisbon").verdict == "supported"


def test_a_check_is_quick() -> None:
    """Two milliseconds where nothing else runs; a busy machine gets six."""
    check_support("Prices rose 0.7%.", "價格上漲百分之零點七。")
    started = process_time()
    for row in SEEDED:
        read.cache_clear()
        check_support(row["claim"], row["quote"])
    assert (process_time() - started) / len(SEEDED) < 0.006
