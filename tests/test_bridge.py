from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import pytest
from conftest import article

from rag.bridge import find_bridges
from rag.index import Index
from rag.rerank import Bridge
from rag.retrieve import prepare_query, search
from rag.types import Query, family_of

ARTICLES = {
    "jiaocheng.txt": "蕉城把两台便民终端机放在车里湾。居民在那里办理七百多项业务。",
    "fuan.txt": "福安的电机工业有六十年的历史，产品远销海外。",
    "women.txt": "我们从常格出发，嫦娥奔月的故事在这里流传。卧门前有一棵树。",
    "qingtuo.txt": "Qingtuo runs a stainless steel works by the sea and sells to ship builders.",
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


def test_long_made_up_word_takes_no_time(index: Index) -> None:
    query = prepare_query(index, "What is " + "nan" * 500 + "?")
    started = perf_counter()
    find_bridges(index, query, "zh")
    assert perf_counter() - started < 2
