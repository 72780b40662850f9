from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import article
from tiny_transformer import save_tiny_transformer

from rag.index import Index
from rag.retrieve import search

HARBOUR = {
    "en": "The new deep-water harbour of Lind opened in March 2019. It can load 400 ships a year "
    "and cost 3.2 billion yuan, paid by the province.",
    "zh": "体育馆的屋顶在暴雨中坍塌，没有人受伤。市政府已经派人调查原因，修复需要半年时间。",
    "hant": "高速鐵路全長1318公里，列車從北京出發，四小時十八分到達上海，"
    "去年運送旅客超過兩億人次。",
}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True) as opened:
        opened.ingest_articles(article(f"{name}.txt", text) for name, text in HARBOUR.items())
        yield opened


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("When did the harbour open?", "en.txt"),
        ("港口什么时候启用？", "en.txt"),
        ("港口花了多少錢？", "en.txt"),
        ("体育馆的屋顶怎么了？", "zh.txt"),
        ("體育館的屋頂怎麼了？", "zh.txt"),
        ("What happened to the roof of the stadium?", "zh.txt"),
        ("高铁有多长？", "hant.txt"),
        ("How long is the high-speed railway?", "hant.txt"),
    ],
)
def test_question_of_any_script_finds_the_article_of_any_other(
    index: Index, question: str, source: str
) -> None:
    _, hits = search(index, question)
    assert hits[0].document.path == source


def test_hits_are_ranked_and_their_scores_have_their_ranges(index: Index) -> None:
    query, hits = search(index, "高铁有多长？", top_k=2)
    assert query.language == "zh-Hans"
    assert len(hits) == 2
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert 0 <= hit.relevance <= 1
        assert -1 <= hit.cosine <= 1.001
        assert hit.document.text[hit.passage.start : hit.passage.end] == hit.passage.text


@pytest.mark.parametrize("text", ["?!", "   ", "龘龘", "\u200b"])
def test_question_without_known_words_is_no_error(index: Index, text: str) -> None:
    _, hits = search(index, text)
    assert all(np.isfinite(hit.score) for hit in hits)


def test_empty_index_gives_no_hits(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as empty:
        assert search(empty, "高铁有多长？")[1] == []


def test_no_language_starves_another(tmp_path: Path) -> None:
    chinese = (
        article(
            f"zh{number}.txt", f"第{number}号港口去年装卸货物{number}万吨，新港口的工程已经启用。"
        )
        for number in range(400)
    )
    with Index.open(tmp_path / "index", create=True) as crowded:
        crowded.ingest_articles([article("en.txt", HARBOUR["en"]), *chinese])
        _, hits = search(crowded, "林德深水港的建设花了省里多少钱？", top_k=10)
    assert "en.txt" in {hit.document.path for hit in hits}


def test_transformer_index_is_searched_with_its_own_vectors(tmp_path: Path) -> None:
    model = save_tiny_transformer(tmp_path / "model")
    folder = tmp_path / "index"
    with Index.open(folder, create=True, embedder=str(model)) as made:
        made.ingest_articles(article(f"{name}.txt", text) for name, text in HARBOUR.items())
    with Index.open(folder) as again:
        assert again.embedder.dim == 32
        _, hits = search(again, "体育馆的屋顶怎么了？")
        vector = again.embedder.embed_queries(["体育馆的屋顶怎么了？"])[0]
        assert hits[0].document.path == "zh.txt"
        own = again.embedder.embed_passages([hits[0].passage.text])[0]
        assert hits[0].cosine == pytest.approx(float(own @ vector), abs=2e-3)
