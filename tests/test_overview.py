"""The numbers of a collection and its map, over real indexes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise, product, starmap
from math import hypot
from pathlib import Path
from statistics import mean

import numpy as np
import pytest
from conftest import TEXTS, article

from rag.embed import static
from rag.index import Index
from rag.overview import MAP_POINTS, NAMED_PUBLISHERS, Overview, overview, passage_map
from rag.types import Language, family_of

NewIndex = Callable[[], Index]
MANY = 10_000


@pytest.fixture(scope="module")
def large(small_model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of ten thousand passages, from which two articles were removed."""
    line = "The harbour of year {} took {} workers and 17 months of coal. "
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(static, "BUILT_IN", small_model_folder)
        index = Index.open(tmp_path_factory.mktemp("large") / "index", create=True)
        index.ingest_articles(
            article(f"{n}.txt", "\n".join(line.format(n, k * 7 + n) * 12 for k in range(1000)))
            for n in range(12)
        )
        index.remove([f"{n}.txt" for n in (1, 4)])
    with index:
        yield index


def every_interval(found: Overview) -> list[tuple[int, int | None, dict[Language, int]]]:
    return [(each.year, each.month, dict(each.articles)) for each in found.intervals]


def test_an_empty_index_has_an_overview_of_nothing(new_index: NewIndex) -> None:
    index = new_index()
    assert overview(index) == Overview(0, 0, {}, "year", (), 0, (), 0, 0, 0, ())
    assert passage_map(index) == ()


def test_one_article_stands_in_the_middle(new_index: NewIndex) -> None:
    index = new_index()
    index.ingest_articles([article("a.txt", TEXTS["en/bridge"], date="2021-05-03")])
    found = overview(index)
    assert (found.articles, found.passages, found.languages) == (1, 1, {"en": 1})
    assert every_interval(found) == [(2021, 5, {"en": 1})]
    (point,) = passage_map(index)
    assert (point.x, point.y) == (0.0, 0.0)
    assert point.text == "A new bridge crosses the river near the old mill."


def test_articles_are_counted_by_language_publisher_and_time(new_index: NewIndex) -> None:
    index = new_index()
    index.ingest_articles(
        [
            article("a", TEXTS["en/bridge"], publisher="Mill", date="2021-05-03"),
            article("b", TEXTS["en/harbour"], publisher="Mill", date="2021-05-30"),
            article("c", TEXTS["zh/law"], publisher="法报", date="2021-07-01", language="zh-Hans"),
            article("d", TEXTS["zh/rail"], language="zh-Hant"),
        ]
    )
    found = overview(index)
    assert found.languages == {"en": 2, "zh-Hans": 1, "zh-Hant": 1}
    assert [(each.name, each.articles) for each in found.publishers] == [("Mill", 2), ("法报", 1)]
    assert (found.undated, found.unnamed, found.others) == (1, 1, 0)
    assert found.unit == "month"
    assert every_interval(found) == [(2021, 5, {"en": 2}), (2021, 7, {"zh-Hans": 1})]


def test_an_article_of_two_sources_counts_once_as_the_first_says(new_index: NewIndex) -> None:
    index = new_index()
    text = TEXTS["en/bridge"]
    index.ingest_articles(
        [
            article("a", text, publisher="First", date="2020-01-01"),
            article("b", text, publisher="Second", date="2022-01-01"),
        ]
    )
    found = overview(index)
    assert found.articles == 1
    assert [each.name for each in found.publishers] == ["First"]
    assert every_interval(found) == [(2020, 1, {"en": 1})]


def test_a_long_time_is_counted_by_years(new_index: NewIndex) -> None:
    index = new_index()
    dates = ("1998-02-01", "1998-12-31", "2020-06-15")
    index.ingest_articles(
        article(day, f"{TEXTS['en/bridge']} On {day} it opened.", date=day) for day in dates
    )
    found = overview(index)
    assert found.unit == "year"
    assert every_interval(found) == [(1998, None, {"en": 2}), (2020, None, {"en": 1})]


def test_publishers_beyond_the_named_ones_are_counted_together(new_index: NewIndex) -> None:
    index = new_index()
    index.ingest_articles(
        article(f"{n}-{k}", f"{TEXTS['en/bridge']} It was number {n} {k}.", publisher=f"P{n:02}")
        for n in range(20)
        for k in range(1 + (n == 19))
    )
    found = overview(index)
    assert len(found.publishers) == NAMED_PUBLISHERS
    assert [each.name for each in found.publishers[:3]] == ["P19", "P00", "P01"]
    assert (found.others, found.other_articles, found.unnamed) == (5, 5, 0)


def test_sizes_hold_every_article_once(large: Index, seeds_index: Index) -> None:
    for index in (large, seeds_index):
        found = overview(index)
        counts = Counter(entry.passages for entry in index.documents())
        assert sum(each.articles for each in found.sizes) == found.articles == counts.total()
        for each in found.sizes:
            assert each.articles == sum(counts[n] for n in range(each.first, each.last + 1))
        bounds = [(each.first, each.last) for each in found.sizes]
        assert all(b[0] == a[1] + 1 for a, b in pairwise(bounds))
    assert [(each.first, each.last) for each in overview(seeds_index).sizes] == [
        (n, n) for n in range(1, max(counts) + 1)
    ]


def test_a_map_of_many_is_sampled_the_same_each_time(large: Index) -> None:
    passages = overview(large).passages
    assert passages == MANY
    points = passage_map(large)
    assert MAP_POINTS * 0.8 < len(points) <= MAP_POINTS
    assert passage_map(large) == points
    documents = {entry.document.id: entry.passages for entry in large.documents()}
    sampled = Counter(point.document_id for point in points)
    assert sampled.keys() == documents.keys()
    assert max(sampled.values()) < 2 * min(sampled.values())
    assert len(passage_map(large, limit=100)) <= 100
    assert len(passage_map(large, limit=passages)) == passages


def test_every_point_names_the_span_of_its_sentence(seeds_index: Index) -> None:
    points = passage_map(seeds_index)
    assert len(points) == overview(seeds_index).passages
    for point in points:
        document = seeds_index.document(point.document_id)
        assert document.text[point.start : point.end] == point.text
        assert (point.title, point.language) == (document.title, document.language)
        assert point.text.strip()
        assert -1 <= point.x <= 1
        assert -1 <= point.y <= 1
    assert max(max(abs(point.x), abs(point.y)) for point in points) == 1


def test_the_map_puts_neither_language_apart(seeds_index: Index) -> None:
    def middle(family: str) -> tuple[float, float]:
        own = [(p.x, p.y) for p in points if family_of(p.language) == family]
        x, y = np.mean(own, axis=0)
        return x, y

    points = passage_map(seeds_index)
    spread = np.std([(point.x, point.y) for point in points], axis=0)
    assert np.linalg.norm(np.subtract(middle("en"), middle("zh")) / spread) < 0.8


def test_the_plane_is_that_of_a_singular_value_decomposition(seeds_index: Index) -> None:
    with seeds_index.pinned():
        rows = seeds_index.spread_rows(1000)
        vectors, passages = seeds_index.vectors(rows), seeds_index.passages(rows)
    english = np.array([family_of(document.language) == "en" for _, document in passages])
    centred = vectors - vectors.mean(axis=0)
    for own in (english, ~english):
        centred[own] -= centred[own].mean(axis=0) * (own.sum() / (own.sum() + 10))
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    expected = left[:, :2] * values[:2]
    expected /= np.abs(expected).max()
    found = np.array([(point.x, point.y) for point in passage_map(seeds_index)])
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=2e-3)


MATTERS = {
    "sport": [
        ("The football team won the final after a late goal.", "足球队凭借最后的进球赢得了决赛。"),
        ("The coach praised his players after the match.", "教练在比赛之后称赞了他的球员。"),
        ("The striker scored twice in the league match.", "前锋在联赛的比赛中两次进球得分。"),
        ("Fans filled the stadium to see the champions.", "球迷挤满了体育场，要看冠军球队。"),
    ],
    "money": [
        ("The central bank raised interest rates again.", "中央银行再一次提高了贷款利率。"),
        ("Investors sold shares as the market fell.", "股市下跌，投资者纷纷卖出股票。"),
        ("The bank lent money to small companies.", "这家银行向小型企业发放了贷款资金。"),
        ("Inflation made loans and credit expensive.", "通货膨胀使银行贷款和信贷变得昂贵。"),
    ],
}


def test_a_matter_lies_in_one_place_in_both_languages(tmp_path: Path) -> None:
    texts = [text for pairs in MATTERS.values() for pair in pairs for text in pair]
    with Index.open(tmp_path / "index", create=True) as index:
        index.ingest_articles(article(str(n), text) for n, text in enumerate(texts))
        points = {point.text: point for point in passage_map(index)}

    def apart(one: str, other: str) -> float:
        return hypot(points[one].x - points[other].x, points[one].y - points[other].y)

    def mean_apart(one: str, other: str) -> float:
        pairs = product((en for en, _ in MATTERS[one]), (zh for _, zh in MATTERS[other]))
        return mean(starmap(apart, pairs))

    for matter in MATTERS:
        assert mean_apart(matter, matter) < 0.7 * mean_apart("sport", "money")
