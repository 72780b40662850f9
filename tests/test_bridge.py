from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from conftest import article

from rag.bridge import find_bridges
from rag.index import Index
from rag.retrieve import prepare_query, search
from rag.types import Bridge, Family, Query, family_of

ARTICLES = {
    "jiaocheng.txt": "蕉城把两台便民终端机放在车里湾。居民在那里办理七百多项业务。",
    "fuan.txt": "福安的电机工业有六十年的历史，产品远销海外。",
    "luliang.txt": "吕梁把三十个车间改成了茶馆。",
    "lüshun.txt": "Lüshun planted four thousand cherry trees along its old tram line.",
    "women.txt": "我们从常格出发，嫦娥奔月的故事在这里流传。卧门前有一棵树。",
    "qingtuo.txt": "Qingtuo runs a stainless steel works by the sea and sells to ship builders.",
    "books.txt": "韦芝富把旧书捐给了学校，孙美玲把它们登记在册。",
    "tea.txt": "段一是镇上最老的茶农，他在山上种了四十年茶。",
    "weather.txt": "Rain fell for nine days and the lower fields stood under water.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("bridges") / "index"
    with Index.open(folder, create=True) as opened:
        opened.ingest_articles(article(name, text) for name, text in ARTICLES.items())
        yield opened


def written(index: Index, bridge: Bridge) -> str:
    """A bridge's spelling, as the entries of the vocabulary have it."""
    entries = index.lexicon.vocabulary.entries
    return "".join(entries[row].removeprefix("##") for row in bridge.spelling)


def asked(index: Index, query: Query, bridge: Bridge) -> str:
    """The question's words that a bridge stands for."""
    entries = index.lexicon.vocabulary.entries
    rows = index.lexicon.token_ids(query.terms)
    return "".join(entries[rows[place]].removeprefix("##") for place in bridge.asked)


@pytest.mark.parametrize(
    ("question", "name", "spelling", "source"),
    [
        ("Where did Jiaocheng put its kiosks?", "jiaocheng", "蕉城", "jiaocheng.txt"),
        ("What are Jiaocheng's kiosks for?", "jiaocheng", "蕉城", "jiaocheng.txt"),
        ("What does Fu'an make?", "fuan", "福安", "fuan.txt"),
        ("What does Fu’an make?", "fuan", "福安", "fuan.txt"),
        ("What did Lvliang change?", "lvliang", "吕梁", "luliang.txt"),
        ("What did Luliang change?", "luliang", "吕梁", "luliang.txt"),
        ("青拓做什么？", "青拓", "qingtuo", "qingtuo.txt"),
        ("青拓做什麼？", "青拓", "qingtuo", "qingtuo.txt"),
    ],
)
def test_name_is_met_in_the_other_languages_letters(
    index: Index, question: str, name: str, spelling: str, source: str
) -> None:
    query = prepare_query(index, question)
    terms, bridges = find_bridges(index, query, "en" if query.language != "en" else "zh")
    assert spelling in terms
    assert (name, spelling) in {(asked(index, query, b), written(index, b)) for b in bridges}
    assert search(index, question)[1][0].document.path == source


@pytest.mark.parametrize(
    ("question", "spelling", "source"),
    [
        ("What did Lüliang change?", "吕梁", "luliang.txt"),
        ("What did Lu\u0308liang change?", "吕梁", "luliang.txt"),
        ("旅顺种了什么？", "lüshun", "lüshun.txt"),
        ("旅順種了什麼？", "lüshun", "lüshun.txt"),
    ],
)
def test_name_with_an_umlaut_is_met(
    index: Index, question: str, spelling: str, source: str
) -> None:
    query = prepare_query(index, question)
    terms, bridges = find_bridges(index, query, "en" if query.language != "en" else "zh")
    assert spelling in terms
    assert len(bridges) == 1
    assert search(index, question)[1][0].document.path == source


@pytest.mark.parametrize(
    ("question", "name", "spelling", "source"),
    [
        ("What did Wei Zhifu give away?", "weizhifu", "韦芝富", "books.txt"),
        ("Who registered Sun Meiling's list?", "sunmeil", "孙美玲", "books.txt"),
        ("How long has Duan Yi grown it?", "duanyi", "段一", "tea.txt"),
    ],
)
def test_family_name_and_given_name_are_met_together(
    index: Index, question: str, name: str, spelling: str, source: str
) -> None:
    query = prepare_query(index, question)
    _, bridges = find_bridges(index, query, "zh")
    assert (name, spelling) in {(asked(index, query, b), written(index, b)) for b in bridges}
    assert search(index, question)[1][0].document.path == source


def test_two_syllables_in_small_letters_are_no_name(index: Index) -> None:
    query = prepare_query(index, "how long has duan yi grown it?")
    assert find_bridges(index, query, "zh") == ([], [])


@pytest.mark.parametrize("question", ["Where did Jiaocheng put its kiosks?", "青拓做什么？"])
def test_one_language_needs_no_bridge(index: Index, question: str) -> None:
    query = prepare_query(index, question)
    assert find_bridges(index, query, family_of(query.language)) == ([], [])


@pytest.mark.parametrize(
    "question", ["What did the women change?", "Can men gain long fame?", "Who is in China?"]
)
def test_common_english_words_are_no_names_even_where_they_read_as_pinyin(
    index: Index, question: str
) -> None:
    assert find_bridges(index, prepare_query(index, question), "zh") == ([], [])


def test_common_chinese_words_are_no_names_even_where_they_sound_as_english_words_look(
    tmp_path: Path,
) -> None:
    text = "Women made a guide to the side of the lake in Beijing, paid in yuan."
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles([article("guide.txt", text)])
        for question in ("我们的规定是什么原理？", "那麼百姓似的大廳呢？"):
            assert find_bridges(opened, prepare_query(opened, question), "en") == ([], [])
        assert "beij" in find_bridges(opened, prepare_query(opened, "北京在哪里？"), "en")[0]


def test_common_chinese_words_are_no_places_that_sound_like_them(tmp_path: Path) -> None:
    text = "宁德在年底公布了报告的附件，福建的损失都有记录。"
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles([article("report.txt", text)])
        query = prepare_query(opened, "Did Ningde, Jilin or Fujian report it?")
        found = {term for term in find_bridges(opened, query, "zh")[0] if len(term) > 1}
        assert found == {"宁德", "福建"}


@pytest.mark.parametrize(
    "question", ["Where is Xiapu?", "What is the Strzelecki track?", "?!", "霞浦在哪里？", "龘"]
)
def test_spelling_that_the_index_lacks_is_no_bridge(index: Index, question: str) -> None:
    query = prepare_query(index, question)
    for family in index.families():
        assert find_bridges(index, query, family) == ([], [])


def test_bridge_lifts_the_score_of_the_passage_with_the_name(index: Index) -> None:
    _, hits = search(index, "Qingtuo Jiaocheng")
    maxsim = {hit.document.path: hit.maxsim for hit in hits}
    assert maxsim["jiaocheng.txt"] > maxsim["fuan.txt"] + 0.2


def test_long_made_up_word_is_not_looked_up_a_thousand_times(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = prepare_query(index, "What is " + "nan" * 500 + "?")
    looked_up: list[str] = []
    idf = Index.idf

    def counted(own: Index, terms: Sequence[str], family: Family) -> object:
        looked_up.extend(terms)
        return idf(own, terms, family)

    monkeypatch.setattr(Index, "idf", counted)
    find_bridges(index, query, "zh")
    assert len(looked_up) < 20_000


# --- acronyms ---


ACRONYMS = {
    "saic.txt": "SAIC opened a plant for passenger cars by the bay.",
    "wto.txt": "Tariffs were what the WTO settled after nine years.",
    "orchard.txt": "The orchard sold its pears to a cannery in the valley.",
    "上汽.txt": "上汽在海湾边建了一座轿车工厂。",
    "世贸.txt": "世界贸易组织用九年谈妥了关税。",
    "果园.txt": "果园把梨卖给了山谷里的罐头厂。",
}


@pytest.fixture(scope="module")
def acronyms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("acronyms") / "index", create=True) as opened:
        opened.ingest_articles(article(name, text) for name, text in ACRONYMS.items())
        yield opened


@pytest.mark.parametrize(
    ("question", "name", "spelling"),
    [
        ("上汽做什么？", "上汽", "saic"),
        ("上海汽車工業集團做什麼？", "上海汽车工业集团", "saic"),
        ("What is SAIC?", "saic", "上汽"),
        ("What took SAIC's time?", "saic", "上汽"),
        ("世贸组织做了什么？", "世贸组织", "wto"),
    ],
)
def test_acronym_is_met(acronyms: Index, question: str, name: str, spelling: str) -> None:
    query = prepare_query(acronyms, question)
    terms, bridges = find_bridges(acronyms, query, "en" if query.language != "en" else "zh")
    assert spelling in terms
    met = {written(acronyms, each): asked(acronyms, query, each) for each in bridges}
    assert set(met[spelling]) == set(name)  # a long name's shorter words are asked too


def test_name_of_several_words_is_met_by_its_acronym(acronyms: Index) -> None:
    query = prepare_query(acronyms, "Who leads the WTO?")
    terms, bridges = find_bridges(acronyms, query, "zh")
    assert terms == ["世界贸易组织"]
    assert {asked(acronyms, query, each) for each in bridges} == {"wto"}


def test_word_in_small_letters_is_no_acronym(acronyms: Index) -> None:
    assert find_bridges(acronyms, prepare_query(acronyms, "what is saic?"), "zh") == ([], [])


def test_acronym_that_the_index_lacks_is_no_bridge(acronyms: Index) -> None:
    for question in ("北约在哪里？", "What is NATO?", "What is a QXZV?"):
        for family in acronyms.families():
            found = find_bridges(acronyms, prepare_query(acronyms, question), family)
            assert found == ([], [])


# --- numbers and dates ---


def first_source(tmp_path: Path, question: str, texts: Sequence[str]) -> str:
    """The text that is found first, of an index of just these."""
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles(article(f"{at}.txt", text) for at, text in enumerate(texts))
        return search(opened, question)[1][0].document.text


# The first text of each row is the one that has the question's value, written in another way.
ONE_VALUE = [
    ("谁投入了42亿元？", "The group put {} into the works.", "4.2 billion yuan",
     ("3.6 billion yuan", "42 million yuan", "2.4 billion yuan", "4.25 billion yuan")),
    ("誰投入了42億元？", "The group put {} into the works.", "4,200 million yuan",
     ("3,600 million yuan", "42 million yuan", "420 million yuan")),
    ("Who put in 4.2 billion yuan?", "该集团为工厂投入{}。", "42亿元",
     ("36亿元", "42万元", "4.2亿元", "24亿元")),
    ("Who put in 4.2 billion yuan?", "該集團為工廠投入{}。", "四十二億元",
     ("三十六億元", "四十二萬元", "四億元")),
    ("谁投入了42亿元？", "该集团为工厂投入{}。", "4200000000元", ("3600000000元", "42万元")),
    ("什么在2021年12月启用？", "The terminal opened in {}.", "December 2021",
     ("March 2021", "December 2012", "November 2021")),
    ("什麼在2021年12月啟用？", "The terminal opened in {}.", "Dec. 2021",
     ("Oct. 2021", "Dec. 2012", "Feb. 2021")),
    ("What opened in December 2021?", "航站楼于{}启用。", "2021年12月",
     ("2021年3月", "2012年12月", "2021年11月")),
    ("What opened in December 2021?", "航廈於{}啟用。", "二〇二一年十二月",
     ("二〇二一年三月", "二〇一二年十二月")),
    ("什么在2021年12月21日启用？", "The terminal opened on {}.", "December 21, 2021",
     ("December 12, 2021", "October 21, 2021", "December 21, 2012")),
    ("What opened on 21 December 2021?", "航站楼于{}启用。", "2021-12-21",
     ("2021-10-21", "2012-12-21")),
    ("哪里有百分之八十的居民参加？", "In the town {} of the residents took part.", "80%",
     ("60%", "18%", "85%")),
    ("哪裡有八成居民參加？", "In the town {} of the residents took part.", "80 percent",
     ("60 percent", "18 percent", "85 percent")),
    ("Where did 80% of the residents take part?", "镇上{}的居民参加了。", "百分之八十",
     ("百分之六十", "百分之八", "百分之八十五")),
    ("Where did 80% of the residents take part?", "鎮上{}的居民參加了。", "八成",
     ("六成", "七成")),
    ("民國110年什麼通車了？", "The bridge was opened in {}.", "2021", ("2012", "2010", "1921")),
    ("民國110年什麼通車了？", "大桥于{}年通车。", "2021", ("2012", "2010", "1921")),
    ("What bridge was opened in 2021?", "大橋於{}通車。", "民國110年",
     ("民國101年", "民國100年", "民國90年")),
    ("2021年什么通车了？", "大橋於{}通車。", "民國110年", ("民國101年", "2012年")),
    ("哪裡住著12萬人？", "The island is home to {} people.", "120,000",
     ("12,000", "210,000", "1.2 million")),
    ("哪里住着十二万人？", "The island is home to {} people.", "120,000", ("12,000", "210,000")),
    ("Where do 120,000 people live?", "岛上住着{}人。", "12万", ("12", "21万", "1.2万")),
    ("Where do 120,000 people live?", "島上住著{}人。", "十二萬", ("二十一萬", "一萬二千")),
    ("What took seventeen months?", "建设用了{}个月。", "17", ("18", "7", "12")),
    ("谁在三季度增长最快？", "Exports grew fastest in the {} quarter.", "third",
     ("first", "second", "fourth")),
]  # fmt: skip


@pytest.mark.parametrize(("question", "text", "value", "others"), ONE_VALUE)
def test_only_the_value_tells_the_passage(
    tmp_path: Path, question: str, text: str, value: str, others: Sequence[str]
) -> None:
    texts = [text.format(each) for each in (*others, value)]
    assert value in first_source(tmp_path, question, texts)
