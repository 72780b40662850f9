from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import article
from hypothesis import given
from hypothesis import strategies as st
from tiny_transformer import save_tiny_cross_encoder, save_tiny_transformer

from rag.answer import ask
from rag.cli import run
from rag.errors import StoreError, UsageError
from rag.index import REFIT_FILE, Index
from rag.metrics import auroc
from rag.questions import Question
from rag.refit import LEAST, Models, Refit, Refitted, describe, refit
from rag.relevance import built_in_calibration
from rag.retrieve import retrieve, search
from rag.types import Document, Hit, Passage

THINGS = [
    "harbour",
    "railway",
    "battery",
    "factory",
    "school",
    "hospital",
    "bridge",
    "park",
    "library",
    "museum",
    "stadium",
    "airport",
    "tunnel",
    "dam",
    "theatre",
    "market",
    "prison",
    "tower",
    "brewery",
    "quarry",
    "mill",
    "lighthouse",
    "cinema",
    "garden",
]
TOWNS = ["Oldport", "Lind", "Castellan", "Marrow"]


def question(text: str, *documents: str) -> Question:
    return Question(text, text, "en", documents, (), bool(documents))


def questions() -> list[Question]:
    """Of every article one that it answers, and one that is near it."""
    return [
        each
        for at, thing in enumerate(THINGS)
        for each in (
            question(f"In which year did the {thing} open?", f"{thing}.txt"),
            question(f"Who painted the {thing} of {TOWNS[(at + 1) % 4]} in watercolours?"),
        )
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of small articles."""
    return make(tmp_path_factory.mktemp("refit") / "index")


def make(folder: Path, embedder: str | None = None) -> Path:
    with Index.open(folder, create=True, embedder=embedder) as index:
        index.ingest_articles(
            article(
                f"{thing}.txt",
                f"The {thing} of {TOWNS[at % 4]} opened in {1950 + at}. It has {at + 7} rooms.",
            )
            for at, thing in enumerate(THINGS)
        )
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "index"))


def fitted(folder: Path, **options: Any) -> Refitted:
    """Fit, and keep the refit."""
    with Index.open(folder, **options) as index:
        found = refit(index, questions())
    found.refit.save(folder)
    return found


def hits_of(folder: Path, text: str, **options: Any) -> list[Hit]:
    with Index.open(folder, **options) as index:
        return search(index, text)[1]


def test_refit_declines_by_its_own_threshold(folder: Path) -> None:
    found = fitted(folder)
    with Index.open(folder) as index:
        answers = [(each.answerable, ask(index, each.question)) for each in questions()]
    threshold = found.refit.threshold
    assert threshold != built_in_calibration().threshold
    assert all(answer.declined == (answer.confidence < threshold) for _, answer in answers)
    right = [answer.confidence for answerable, answer in answers if answerable]
    assert found.left_out == 0
    assert np.mean(np.array(right) < threshold) == pytest.approx(0.05, abs=1 / len(THINGS))


def test_refit_is_right_about_as_often_as_it_says(folder: Path) -> None:
    fitted(folder)
    with Index.open(folder) as index:
        said = [ask(index, each.question).confidence for each in questions()]
    share = np.mean([each.answerable for each in questions()])
    assert np.mean(said) == pytest.approx(share, abs=0.02)


def test_report_says_what_changes(folder: Path) -> None:
    found = fitted(folder)
    assert found.right + found.left_out == found.unanswerable == len(THINGS)
    before, after = found.before, found.after
    assert before.threshold == built_in_calibration().threshold
    assert after.threshold == found.refit.threshold
    with Index.open(folder) as index:
        index.__dict__["refit"] = None  # as it was before
        asked = [(each, ask(index, each.question)) for each in questions()]
    wrong = [answer for each, answer in asked if not each.answerable]
    assert before.hallucination_rate == np.mean([not answer.declined for answer in wrong])
    assert after.hallucination_rate <= before.hallucination_rate
    scores = [answer.confidence for _, answer in asked]
    assert before.auroc == auroc(scores, [each.answerable for each, _ in asked])


def test_fitting_again_gives_the_same(folder: Path) -> None:
    assert fitted(folder) == fitted(folder)


def test_higher_miss_rate_gives_a_higher_threshold(folder: Path) -> None:
    with Index.open(folder) as index:
        few, many = (refit(index, questions(), rate).refit for rate in (0.0, 0.5))
    assert few.weights == many.weights
    assert few.threshold < many.threshold


def test_order_of_hits_stays_and_every_relevance_moves_alike(folder: Path) -> None:
    text = questions()[0].question
    plain = hits_of(folder, text)
    fitted(folder)
    moved = hits_of(folder, text)
    assert [hit.passage.id for hit in moved] == [hit.passage.id for hit in plain]
    shifts = [
        np.log(after.relevance / (1 - after.relevance))
        - np.log(before.relevance / (1 - before.relevance))
        for before, after in zip(plain, moved, strict=True)
        if 1e-4 < before.relevance < 1 - 1e-4 and 1e-4 < after.relevance < 1 - 1e-4
    ]
    assert len(shifts) > 1
    assert np.allclose(shifts, shifts[0], atol=0.01)
    assert abs(shifts[0]) > 0.01


def test_relevance_does_not_depend_on_how_many_are_asked_for(folder: Path) -> None:
    fitted(folder)
    with Index.open(folder) as index:
        one = search(index, THINGS[3], top_k=1)[1]
        many = search(index, THINGS[3], top_k=20)[1]
    assert one == many[:1]


def test_unanswerable_question_may_name_the_article_it_is_about(folder: Path) -> None:
    named = [
        each if each.answerable else replace(each, documents=(f"{THINGS[at // 2]}.txt",))
        for at, each in enumerate(questions())
    ]
    with Index.open(folder) as index:
        assert refit(index, named) == refit(index, questions())


@pytest.mark.parametrize(
    ("kept", "kind"), [(True, "answerable questions"), (False, "unanswerable questions")]
)
def test_too_few_questions_are_one_clear_line(folder: Path, kept: bool, kind: str) -> None:
    few = [each for each in questions() if each.answerable == kept][: LEAST - 1]
    rest = [each for each in questions() if each.answerable != kept]
    message = rf"expected at least 20 {kind}, found 19: add"
    with Index.open(folder) as index, pytest.raises(UsageError, match=message):
        refit(index, few + rest)


def test_questions_whose_article_is_not_found_do_not_count(folder: Path) -> None:
    elsewhere = [
        replace(each, documents=("harbour.txt",)) if each.answerable else each
        for each in questions()
    ]
    message = "whose first hit is of a right article, found 1:"
    with Index.open(folder) as index, pytest.raises(UsageError, match=message):
        refit(index, elsewhere)


@pytest.mark.parametrize(
    "changed", [{each: "other"} for each in ("embedder", "lexicon", "reranker", "calibration")]
)
def test_refit_of_other_models_is_not_used_and_one_line_says_so(
    folder: Path, changed: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    plain = hits_of(folder, THINGS[0])
    kept = fitted(folder).refit
    replace(kept, models=replace(kept.models, **changed)).save(folder)
    with caplog.at_level(logging.WARNING), Index.open(folder) as index:
        assert search(index, THINGS[0])[1] == search(index, THINGS[0])[1] == plain
        assert index.refit is None
    (line,) = caplog.messages
    assert REFIT_FILE in line
    assert "rag calibrate --forget" in line


def test_open_index_moves_on_to_a_new_refit(folder: Path) -> None:
    plain = hits_of(folder, THINGS[0])
    with Index.open(folder) as reading:
        assert search(reading, THINGS[0])[1] == plain
        models = fitted(folder).refit.models
        for bias in (1.0, -1.0):
            made = Refit({"confidence": 1.0}, bias, 0.5, models)
            made.save(folder)
            assert reading.refit == made
        (folder / REFIT_FILE).unlink()
        assert search(reading, THINGS[0])[1] == plain


def test_refit_of_an_embedder_that_changed_is_not_used(tmp_path: Path) -> None:
    model = save_tiny_transformer(tmp_path / "one")
    folder = make(tmp_path / "index", str(model))
    with Index.open(folder) as index:
        Refit({"confidence": 1.0}, 0.5, 0.5, index.models).save(folder)
        assert index.refit is not None
    other = save_tiny_transformer(tmp_path / "two", seed=6)
    shutil.rmtree(model)
    other.rename(model)
    with Index.open(folder) as index:
        index.rebuild()
        assert index.refit is None


BROKEN: list[Callable[[dict[str, Any]], Any]] = [
    lambda _: "{",
    lambda _: "[]",
    lambda _: "17",
    lambda good: json.dumps({**good, "weights": {"luck": 1.0}}),
    lambda good: json.dumps({**good, "weights": [1.0]}),
    lambda good: json.dumps({**good, "bias": None}),
    lambda good: json.dumps({**good, "threshold": float("nan")}),
    lambda good: json.dumps({**good, "models": {"embedder": "x"}}),
    *(
        lambda good, name=name: json.dumps({k: v for k, v in good.items() if k != name})
        for name in ("weights", "bias", "threshold", "models")
    ),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_broken_file_is_one_clear_line(
    folder: Path, broken: Callable[[dict[str, Any]], str]
) -> None:
    fitted(folder)
    path = folder / REFIT_FILE
    path.write_text(broken(json.loads(path.read_text("utf-8"))), encoding="utf-8")
    with Index.open(folder) as index, pytest.raises(StoreError) as caught:
        ask(index, THINGS[0])
    assert str(path) in str(caught.value)
    assert f"rag calibrate --forget --index {folder}" in str(caught.value)
    assert fitted(folder).refit == Refit.load(folder)  # a new one takes its place


def test_refit_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert Refit.load(tmp_path) is None
    written = Refit({"confidence": 0.5, "lead": -2.0}, 0.1, 0.3, Models("a", "b", "判"))
    written.save(tmp_path)
    assert Refit.load(tmp_path) == written
    assert [path.name for path in tmp_path.iterdir()] == [REFIT_FILE]


def test_transformer_and_cross_encoder_have_a_say(tmp_path: Path) -> None:
    embedder = save_tiny_transformer(tmp_path / "embedder")
    judge = str(save_tiny_cross_encoder(tmp_path / "judge"))
    folder = make(tmp_path / "index", str(embedder))
    easy = [
        replace(each, documents=tuple(f"{thing}.txt" for thing in THINGS))
        if each.answerable
        else each
        for each in questions()
    ]
    with Index.open(folder) as index:
        plain = refit(index, easy).refit
        assert set(plain.weights) == {"confidence", "cosine", "lead"}
    with Index.open(folder, reranker=judge) as index:
        judged = refit(index, easy)
        judged.refit.save(folder)
        assert set(judged.refit.weights) == {"confidence", "cosine", "lead", "cross_encoder"}
    with Index.open(folder, reranker=judge) as index:
        answer = ask(index, easy[0].question)
        assert answer.declined == (answer.confidence < judged.refit.threshold)
        _, hits = retrieve(index, easy[0].question, top_k=Refit.depth)
        odds = judged.refit.bias + sum(
            judged.refit.weights[name] * value for name, value in describe(hits).items()
        )
        assert answer.confidence == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-3)
    with Index.open(folder) as index:  # fitted with the cross-encoder, which is not there now
        assert index.refit is None


def hit(relevance: float, cosine: float) -> Hit:
    document = Document("d", "x", "en", "p")
    return Hit(Passage("p", "d", 0, 1, "x"), document, cosine, 0, 0, 0, relevance)


def test_inputs_by_hand() -> None:
    hits = [hit(0.2, 0.9), hit(0.5, 0.4), hit(0.1, 0.6), *[hit(0.01, 0.5)] * 8, hit(0.9, 0.99)]
    assert describe(hits) == {
        "confidence": pytest.approx(0.0),  # the surest of ten
        "cosine": 0.9,
        "lead": pytest.approx(0.4),
    }
    assert describe([hit(0.5, 0.9)])["lead"] == 0.9
    judged = [replace(hits[0], cross_encoder=-3.0), *hits[1:]]
    assert describe(judged)["cross_encoder"] == -3


@given(st.lists(st.floats(0, 1), max_size=15), st.floats(-5, 5), st.floats(-5, 5))
def test_applied_relevance_is_a_probability_in_the_order_it_had(
    relevances: list[float], weight: float, bias: float
) -> None:
    made = Refit({"confidence": weight}, bias, 0.5, Models("a", "b", None))
    found = [each.relevance for each in made.apply([hit(each, 0.5) for each in relevances])]
    assert len(found) == len(relevances)
    assert all(0 <= each <= 1 for each in found)
    order = np.argsort(relevances, kind="stable")
    assert (np.diff(np.array(found)[order]) >= 0).all()


# --- the command ---


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    rows = (
        {"question": each.question, "documents": each.documents, "answerable": each.answerable}
        for each in questions()
    )
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], Any]]:
    """The JSON document on standard output."""
    yield lambda: json.loads(capsys.readouterr().out)


def test_command_fits_and_forgets(folder: Path, file: Path, output: Callable[[], Any]) -> None:
    index = ["--index", str(folder), "--json"]
    plain = hits_of(folder, THINGS[0])
    assert run(["calibrate", str(file), *index]) == 0
    report = output()
    assert report["refit"]["threshold"] == report["after"]["threshold"]
    assert {"auroc", "hallucination_rate", "miss_rate"} <= set(report["before"])
    assert hits_of(folder, THINGS[0]) != plain
    assert run(["calibrate", "--forget", *index]) == 0
    assert output()["forgotten"] is True
    assert hits_of(folder, THINGS[0]) == plain
    assert run(["calibrate", "--forget", *index]) == 0
    assert output()["forgotten"] is False


def test_command_prints_a_table(
    folder: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["calibrate", str(file), "--index", str(folder), "--miss-rate", "0.1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["halluc.", "before", "after"]


def test_broken_file_does_not_stop_forgetting(folder: Path) -> None:
    (folder / REFIT_FILE).write_text("{", encoding="utf-8")
    assert run(["ask", THINGS[0], "--index", str(folder)]) == 1
    assert run(["calibrate", "--forget", "--index", str(folder)]) == 0
    assert run(["ask", THINGS[0], "--index", str(folder)]) == 0


@pytest.mark.parametrize("words", [[], ["x.jsonl", "--forget"], ["x.jsonl", "--miss-rate", "2"]])
def test_wrong_use_is_one_clear_line(
    folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["calibrate", *words, "--index", str(folder)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
