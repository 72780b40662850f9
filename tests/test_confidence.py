from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from conftest import article

from rag.confidence import Ranking, signals
from rag.index import Index
from rag.relevance import FEATURES, SIGNALS, Others, built_in_calibration
from rag.retrieve import CANDIDATES, describe_candidates, prepare_query, rank
from rag.types import RawArticle, family_of

TOWN = "The town of Oldport lies at the mouth of the river Wen. " + (
    "Its people have fished, traded and built boats for as long as anyone can tell. " * 40
)
SCHOOL = 4 * (
    "The school was opened in 1984 and has room for four hundred pupils, "
    "who learn in twelve rooms. "
)
MINISTER = "部长韦芝富昨天来到宁德，参观了新港口和旁边的工厂。"
NOTHING = Others(score=0.0, bm25_share=0.0, met=0.0)
ORDINARY = Others(score=-2.0, bm25_share=0.25, met=0.5)

Told = Callable[..., tuple[dict[str, float], Ranking]]


@contextmanager
def index_of(folder: Path, *articles: RawArticle) -> Iterator[Told]:
    """An index of articles, and what it tells: signals by name, and the ranking they are of."""
    with Index.open(folder / "index", create=True) as index:
        index.ingest_articles(articles)

        def told(question: str, others: Others = NOTHING) -> tuple[dict[str, float], Ranking]:
            with index.pinned():
                query = prepare_query(index, question)
                families = index.families()
                found = [describe_candidates(index, query, each, CANDIDATES) for each in families]
                ranking = rank(query, found, built_in_calibration())
                ((_, best),) = index.passages([int(ranking.rows[0])])
                family = family_of(best.language)
                values = signals(index, query, ranking, family, others).tolist()
            return dict(zip(SIGNALS, values, strict=True)), ranking

        yield told


def shares(ranking: Ranking) -> list[float]:
    return [float(each) for each in ranking.features[:, FEATURES.index("bm25_share")]]


def harbours(count: int) -> list[RawArticle]:
    """Articles on one matter, each of one passage."""
    return [
        article(f"{at}.txt", f"Harbour {at} handled {at * 7} ships last year and cost a fortune.")
        for at in range(1, count + 1)
    ]


def test_lead_is_over_the_mean_of_the_next_ten(tmp_path: Path) -> None:
    with index_of(tmp_path, *harbours(14)) as told:
        found, ranking = told("How many ships did harbour 9 handle?")
        again, _ = told("How many ships did harbour 9 handle?", ORDINARY)
    assert found == again  # where there are ten others, no ordinary ones stand in
    assert len(ranking.score) == 14
    assert found["score"] == pytest.approx(float(ranking.score[0]))
    assert found["lead"] == pytest.approx(float(ranking.score[0] - ranking.score[1:11].mean()))
    share = shares(ranking)
    assert found["share_lead"] == pytest.approx(share[0] - sum(share[1:11]) / 10, abs=1e-5)


def test_a_small_index_counts_as_filled_up_with_ordinary_passages(tmp_path: Path) -> None:
    with index_of(tmp_path, *harbours(4)) as told:
        found, ranking = told("How many ships did harbour 3 handle?", ORDINARY)
    rest = [*ranking.score[1:].tolist(), *[ORDINARY.score] * 7]
    assert found["lead"] == pytest.approx(float(ranking.score[0]) - sum(rest) / 10, abs=1e-5)
    share = shares(ranking)
    rest = [*share[1:], *[ORDINARY.bm25_share] * 7]
    assert found["share_lead"] == pytest.approx(share[0] - sum(rest) / 10, abs=1e-5)
    met = (ranking.best[:, 1:].sum(axis=1) + 7 * ORDINARY.met) / 10
    more = ranking.weights @ np.maximum(ranking.best[:, 0] - met, 0)
    assert found["more"] == pytest.approx(float(more), abs=1e-5)


def test_one_passage_alone_is_compared_with_ordinary_ones(tmp_path: Path) -> None:
    with index_of(tmp_path, article("only.txt", SCHOOL)) as told:
        found, ranking = told("Which school was opened in 1984?", ORDINARY)
    assert len(ranking.rows) == 1
    assert found["lead"] == pytest.approx(found["score"] - ORDINARY.score, abs=1e-5)
    assert found["share_lead"] == pytest.approx(found["bm25_share"] - ORDINARY.bm25_share, abs=1e-5)
    assert found["article"] == pytest.approx(found["maxsim"], abs=1e-5)


def test_words_repeated_by_the_passage_are_exact_and_others_are_not(tmp_path: Path) -> None:
    with index_of(tmp_path, article("only.txt", SCHOOL)) as told:
        repeated, _ = told("school opened 1984")
        other, _ = told("Quantum chromodynamics lecture")
    assert repeated["exact"] == pytest.approx(1, abs=1e-5)
    assert repeated["maxsim"] == pytest.approx(1, abs=1e-3)
    assert other["exact"] == 0


def test_a_name_counts_as_met_wherever_in_the_article_it_stands(tmp_path: Path) -> None:
    question = "How many pupils has the school in Oldport room for?"
    whole = article("whole.txt", f"{TOWN}\n\n{SCHOOL}")
    apart = article("town.txt", TOWN), article("school.txt", SCHOOL)
    with index_of(tmp_path / "whole", whole) as told:
        together, ranking = told(question)
        foreign, _ = told("How many pupils has the school in Castellan room for?")
    assert len(ranking.rows) > 1
    with index_of(tmp_path / "apart", *apart) as told:
        elsewhere, _ = told(question)
    assert together["names"] == pytest.approx(1, abs=1e-5)
    assert together["article"] > together["maxsim"]
    assert -1 <= elsewhere["names"] < 0
    assert -1 <= foreign["names"] < 0


@pytest.mark.parametrize(
    "question", ["韦芝富参观了什么？", "韋芝富參觀了什麼？", "What did Wei Zhifu visit in Ningde?"]
)
def test_names_are_met_across_scripts_and_languages(tmp_path: Path, question: str) -> None:
    with index_of(tmp_path, article("visit.txt", MINISTER)) as told:
        found, _ = told(question)
    assert found["names"] == pytest.approx(1, abs=1e-3)


def test_numbers_are_met_only_where_the_article_has_them(tmp_path: Path) -> None:
    with index_of(tmp_path, article("only.txt", SCHOOL)) as told:
        right, _ = told("Which school was opened in 1984?")
        wrong, _ = told("Which school was opened in 1985?")
        none, _ = told("Which school was opened?")
    assert right["numbers"] == pytest.approx(1, abs=1e-5)
    assert -1 <= wrong["numbers"] < 0
    assert none["numbers"] == none["names"] == 0


@pytest.mark.parametrize("question", ["?!", "龘龘", "    "])
def test_a_question_without_known_words_gives_numbers(tmp_path: Path, question: str) -> None:
    with index_of(tmp_path, article("only.txt", SCHOOL), article("other.txt", MINISTER)) as told:
        found, _ = told(question, ORDINARY)
    assert np.isfinite(list(found.values())).all()
