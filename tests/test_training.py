from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from rag.embed.static import CONTINUED, StaticEmbedder
from rag.fold import words
from rag.relevance import FEATURES, Calibration
from training import calibrate, corpus, vocabulary
from training.calibrate import Examples

ROOT = Path(__file__).parents[1]
SUBJECTS = ["港口", "铁路", "电池", "工厂", "学校", "医院", "桥梁", "公园"]
MATTERS = ["harbour", "railway", "battery", "factory", "school", "hospital", "bridge", "park"]
PLACES = ["宁德", "福安", "蕉城", "酒泉", "上海", "北京"]
CITIES = ["Ningde", "Fuan", "Jiaocheng", "Jiuquan", "Shanghai", "Beijing"]


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_data(folder: Path) -> Path:
    """A small file for every source of the training texts."""
    draw = random.Random(5)
    for source in corpus.SOURCES:
        rows = []
        for _ in range(60):
            what, where = draw.randrange(len(SUBJECTS)), draw.randrange(len(PLACES))
            year, count = draw.randrange(1990, 2024), draw.randrange(2, 90)
            english = f"The {MATTERS[what]} of {CITIES[where]} opened in {year} with {count} rooms."
            chinese = f"{PLACES[where]}的{SUBJECTS[what]}于{year}年启用，有{count}个房间。"
            rows.append({"a": english, "b": chinese, "lang_a": "en", "lang_b": "zh-Hans"})
        write_rows(folder / "train" / f"{source.name}.jsonl.gz", rows)
    news = [
        {
            "text": "".join(
                f"{draw.choice(PLACES)}的{draw.choice(SUBJECTS)}启用。" for _ in range(20)
            )
        }
        for _ in range(30)
    ]
    write_rows(folder / "train" / f"{corpus.NEWS}.jsonl.gz", news)
    return folder


def trained(data: Path, out: Path) -> StaticEmbedder:
    """The model of a smoke run in a fresh Python."""
    subprocess.run(
        [sys.executable, "-m", "training", "--data", str(data), "--out", str(out), "--smoke"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return StaticEmbedder.load(out)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("training-data"))


def test_smoke_run_gives_the_same_working_model_twice(data: Path, tmp_path: Path) -> None:
    model, again = (trained(data, tmp_path / name) for name in ("one", "two"))
    assert model.fingerprint == again.fingerprint
    assert model.dim == 32
    vectors = model.embed_passages(["宁德的港口启用。", "The harbour opened.", "?!"])
    assert vectors.shape == (3, 32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 1, 0], atol=1e-5)
    table = (tmp_path / "one" / "pinyin.txt").read_text(encoding="utf-8")
    assert "jiao 蕉" in table.splitlines()
    log = (tmp_path / "one" / "training.log").read_text(encoding="utf-8")
    assert "pool step 6/6 loss" in log
    assert "match step 4/4 loss" in log
    assert str(tmp_path) not in log


def test_held_out_rows_are_not_learned_from(data: Path) -> None:
    cut = corpus.cut_sources(data, None)
    for name in calibrate.QUESTIONS:
        rows = list(corpus.read_rows(data / "train" / f"{name}.jsonl.gz"))
        held = [row for at, row in enumerate(rows) if corpus.is_held_out(name, at, row)]
        assert 0 < len(held) < len(rows) / 3
        assert len(cut[name][0]) == len(rows) - len(held)
        assert not {" ".join(words(row["b"])) for row in held} & set(cut[name][1])
    assert len(cut[calibrate.TRANSLATED][0]) == 50  # the first block of ten is held out


def test_words_are_counted_by_occurrence_and_by_text() -> None:
    cut = {"x": (["a b a", "b"], ["c", ""]), "news": (["a"], [])}
    frequency, documents = corpus.count_words(cut)
    assert frequency == Counter(a=3, b=2, c=1)
    assert documents == Counter(a=2, b=2, c=1)


def test_vocabulary_has_the_frequent_words_of_each_kind() -> None:
    frequency = Counter(
        {"港口": 9, "港": 5, "罕见": 2, "harbour": 8, "harbours": 4, "rare": 1, "2019": 7, "αβ": 9}
    )
    entries = vocabulary.learn(frequency)
    assert len(entries) == len(set(entries))
    assert {"港口", "港", "harbour", "2019", *"az09"} <= set(entries)
    assert not {"罕见", "rare", "αβ"} & set(entries)
    assert any(entry.startswith(CONTINUED) for entry in entries)


def test_rarer_words_have_the_higher_rarity() -> None:
    found = vocabulary.rarity(["often", "seldom", "never"], Counter(often=90, seldom=2), 100)
    assert found[0] < found[1] < found[2]
    assert found[2] == pytest.approx(np.log(1 + 100.5 / 0.5))


def test_pinyin_table_has_every_reading_in_the_order_of_the_vocabulary() -> None:
    table = vocabulary.pinyin_table(["成", "重庆", "重", "吕", "城", "harbour", "5", "绿"])
    rows = dict(line.split(" ") for line in table.splitlines())
    assert rows["cheng"] == "成城"
    assert (rows["zhong"], rows["chong"]) == ("重", "重")
    assert (rows["lv"], rows["lu"]) == ("吕绿", "吕绿")
    assert list(rows) == sorted(rows)


def test_calibration_asks_the_held_out_questions_only(tmp_path: Path) -> None:
    passages = [f"第{number}号港口启用。" for number in range(40)]
    rows = [{"a": f"问{at}", "b": passages[at % 40]} for at in range(80)]
    write_rows(tmp_path / "train" / "questions-x.jsonl.gz", rows)
    found, asked = calibrate.questions(tmp_path, "questions-x")
    assert found == passages
    held = {at for at, row in enumerate(rows) if corpus.is_held_out("questions-x", at, row)}
    assert {each.question for each in asked} == {f"问{at}" for at in held}
    for each in asked:
        assert found[each.passage] == passages[int(each.question[1:]) % 40]


def example_scores(seed: int) -> Examples:
    """Questions with two candidates each: the own one has the higher MaxSim, by far."""
    rng = np.random.default_rng(seed)
    features = rng.normal(0, 0.1, (200, len(FEATURES))).astype(np.float32)
    own = np.arange(200) % 2 == 0
    features[own, FEATURES.index("maxsim")] += 1
    return Examples(features, own, np.arange(200) // 2)


def test_fit_tells_a_questions_own_passage_from_the_other() -> None:
    fit = calibrate._fit([example_scores(1), example_scores(2)], FEATURES)
    assert set(fit) == {*FEATURES, "bias"}
    unseen = example_scores(3)
    found = calibrate._probability(fit, unseen.features)
    assert found[unseen.own].min() > 0.5 > found[~unseen.own].max()


def test_fit_gives_no_weight_to_features_that_it_may_not_use() -> None:
    fit = calibrate._fit([example_scores(1)], ["maxsim", "cosine"])
    assert {name for name in FEATURES if fit[name]} <= {"maxsim", "cosine"}
    assert fit["maxsim"] > 0


def test_carried_over_fit_gives_the_log_odds_of_the_first() -> None:
    rng = np.random.default_rng(4)
    fit = {name: float(at) for at, name in enumerate(FEATURES)} | {"bias": -1.5, "bm25_share": 0.0}
    within = rng.random((300, len(FEATURES))).astype(np.float32)
    across = (within * 0.5 + 0.1).astype(np.float32)  # scores across languages are lower
    carried = calibrate._carried_over(fit, within, across)
    assert carried["bm25_share"] == 0
    wanted = calibrate._probability(fit, within)
    assert np.allclose(calibrate._probability(carried, across), wanted, atol=1e-3)


def test_fit_is_read_back_as_the_calibration_it_is(tmp_path: Path) -> None:
    examples = example_scores(1)
    fit = calibrate._fit([examples], FEATURES)
    path = tmp_path / "relevance.json"
    path.write_text(json.dumps({"pairs": {"same": fit, "cross": fit}, "threshold": 0.2}))
    logits = Calibration.load(path).logits(examples.features, "same")
    found = calibrate._probability(fit, examples.features)
    assert np.allclose(1 / (1 + np.exp(-logits)), found, atol=1e-4)
