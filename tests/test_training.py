from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import torch

from rag.embed.static import CONTINUED, StaticEmbedder
from rag.fold import words
from rag.relevance import FEATURES, SIGNALS, Weighing, probability
from training import corpus, fits, held_out, vocabulary
from training.acronyms import SOURCES, acronym_table, acronyms_of
from training.fits import Examples
from training.train import Texts, _matched, _MaxSim

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
    assert "match 2 step 4/4 loss" in log
    assert str(tmp_path) not in log
    assert log.count("recall@1 by mean vectors") == 4  # stage one, twice stage two, their mean
    curve = ElementTree.parse(tmp_path / "one" / "learning-curve.svg").getroot()
    sets = [each.name for each in held_out.read_held_out(data)]
    assert set(sets) <= set(curve.itertext())
    table = (tmp_path / "one" / "evaluation.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert [row[0] for row in rows] == sets
    assert all(0 <= float(share) <= 1 for row in rows for share in row[3:])


def test_held_out_rows_are_not_learned_from(data: Path) -> None:
    cut = corpus.cut_sources(data, None)
    for name in held_out.QUESTIONS:
        rows = list(corpus.read_rows(data / "train" / f"{name}.jsonl.gz"))
        held = [row for at, row in enumerate(rows) if corpus.is_held_out(name, at, row)]
        assert 0 < len(held) < len(rows) / 3
        assert len(cut[name][0]) == len(rows) - len(held)
        assert not {" ".join(words(row["b"])) for row in held} & set(cut[name][1])
    assert len(cut[held_out.TRANSLATED][0]) == 50  # the first block of ten is held out


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


@pytest.mark.parametrize(
    ("gloss", "found"),
    [
        ("World Trade Organization (WTO)", ["WTO"]),
        ("North Atlantic Treaty Organization, NATO", ["NATO"]),
        ("abbr. for , Shanghai Automotive Industry Corp.", ["SAIC"]),
        ("Association of the Makers of Small Boats", ["AMSB"]),
        ("KFC; fried chicken", ["KFC"]),
        ("World Trade Organization", []),  # three initials, not stated
        ("an island (PRC)", []),  # stated, but of something else
        ("the North Sea of old", []),
        ("to set out early; to begin", []),
        ("", []),
    ],
)
def test_gloss_states_an_acronym_or_has_its_initials(gloss: str, found: list[str]) -> None:
    assert acronyms_of(gloss) == found


def test_acronym_table_has_the_names_in_one_script(tmp_path: Path) -> None:
    glosses = {"世界贸易组织": "World Trade Organization (WTO)", "世貿組織": "WTO", "茶": "ABCD"}
    rows = [{"a": gloss, "b": name} for name, gloss in glosses.items()]
    rows += [{"a": "XYZ", "b": f"第{'一二三四五六七八九'[at]}组"} for at in range(9)]
    for source in SOURCES:
        write_rows(tmp_path / "train" / f"{source}.jsonl.gz", rows)
    assert acronym_table(tmp_path) == "wto 世界贸易组织 世贸组织\n"


def test_held_out_questions_are_asked_of_all_passages(tmp_path: Path) -> None:
    passages = [f"第{number}号港口启用。" for number in range(40)]
    rows = [{"a": f"问{at}", "b": passages[at % 40]} for at in range(80)]
    write_rows(tmp_path / "train" / "questions-x.jsonl.gz", rows)
    found, asked = held_out.questions(tmp_path, "questions-x")
    assert found == passages
    held = {at for at, row in enumerate(rows) if corpus.is_held_out("questions-x", at, row)}
    assert {each.question for each in asked} == {f"问{at}" for at in held}
    for each in asked:
        assert found[each.passage] == passages[int(each.question[1:]) % 40]


def examples(seed: int, names: Sequence[str], tells: str) -> Examples:
    """Questions with two rows each; in the right one, the number that tells is higher by far."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(0, 0.1, (200, len(names))).astype(np.float32)
    right = np.arange(200) % 2 == 0
    rows[right, names.index(tells)] += 1
    return Examples(rows, right, np.arange(200) // 2)


FITS = [(fits.fit_ranking, FEATURES, "maxsim"), (fits.fit_confidence, SIGNALS, "lead")]


@pytest.mark.parametrize(("fit", "names", "tells"), FITS)
def test_fit_tells_right_from_wrong(
    fit: Callable[..., dict[str, float]], names: Sequence[str], tells: str
) -> None:
    weighing = Weighing.read(
        fit([examples(1, names, tells), examples(2, names, tells)], names), names
    )
    unseen = examples(3, names, tells)
    found = probability(weighing.logits(unseen.rows))
    assert found[unseen.right].min() > 0.5 > found[~unseen.right].max()


@pytest.mark.parametrize(("fit", "names", "tells"), FITS)
def test_fit_gives_no_weight_to_what_it_may_not_use(
    fit: Callable[..., dict[str, float]], names: Sequence[str], tells: str
) -> None:
    fitted = fit([examples(1, names, tells)], [tells, "cosine"])
    assert set(fitted) == {*names, "bias"}
    assert {name for name in names if fitted[name]} <= {tells, "cosine"}
    assert fitted[tells] > 0


@pytest.mark.parametrize("names", [FEATURES, SIGNALS])
def test_carried_over_fit_gives_the_log_odds_of_the_first(names: Sequence[str]) -> None:
    rng = np.random.default_rng(4)
    silent = [name for name in names if name in fits.LEXICAL]
    fitted = {name: 1 + at / 10 for at, name in enumerate(names)} | dict.fromkeys(silent, 0.0)
    fitted["bias"] = -1.5
    within = rng.random((300, len(names))).astype(np.float32)
    across = (within * 0.5 + 0.1).astype(np.float32)  # scores across languages are lower
    carried = fits.carried_over(fitted, within, across, names)
    assert silent
    assert not any(carried[name] for name in silent)
    wanted = Weighing.read(fitted, names).logits(within)
    assert np.allclose(Weighing.read(carried, names).logits(across), wanted, atol=0.1)


# --- late interaction in the loss ---


def texts(*lengths: int, seed: int) -> Texts:
    """Texts of those lengths, of 40 words."""
    rng = np.random.default_rng(seed)
    return Texts.of([rng.integers(0, 40, length).astype(np.int32) for length in lengths])


def plain_matched(table: torch.Tensor, left: Texts, right: Texts) -> torch.Tensor:
    """MaxSim, one pair of texts after the other."""
    questions, passages = (
        [
            table[torch.from_numpy(ids).long()]
            for ids in np.split(each.flat, np.cumsum(each.lengths)[:-1])
        ]
        for each in (left, right)
    )
    scores = []
    for question in questions:
        weights = question.norm(dim=1) / question.norm(dim=1).sum()
        unit = torch.nn.functional.normalize(question, dim=1)
        for passage in passages:
            cosines = unit @ torch.nn.functional.normalize(passage, dim=1).T
            scores.append(weights @ cosines.amax(dim=1))
    return torch.stack(scores).view(len(questions), len(passages))


def test_late_interaction_and_its_gradient_are_those_of_the_plain_formula() -> None:
    torch.manual_seed(3)
    # the vectors lean one way, so that padding, whose cosine is 0, is nobody's best
    table = torch.randn(40, 4, dtype=torch.float64) + 1
    left, right = texts(3, 1, 6, seed=1), texts(9, 12, 7, 10, seed=2)
    one, other = table.clone().requires_grad_(), table.clone().requires_grad_()
    found, wanted = _matched(one, left, right), plain_matched(other, left, right)
    assert torch.allclose(found, wanted)
    weights = torch.randn(3, 4, dtype=torch.float64)
    (gradient,) = torch.autograd.grad((found * weights).sum(), one)
    (expected,) = torch.autograd.grad((wanted * weights).sum(), other)
    assert torch.allclose(gradient, expected)


def test_highest_cosines_and_their_gradients_are_those_of_autograd() -> None:
    torch.manual_seed(4)
    question = torch.randn(5, 3, dtype=torch.float64, requires_grad=True)
    passage = torch.randn(4 * 6, 3, dtype=torch.float64, requires_grad=True)
    best = torch.einsum("qd,pld->qpl", question, passage.view(4, 6, 3)).amax(dim=2)
    weights = torch.randn(5, 4, dtype=torch.float64)
    wanted = torch.autograd.grad((best * weights).sum(), (question, passage))
    found = _MaxSim.apply(question, passage, 6)  # type: ignore[no-untyped-call]
    assert torch.allclose(found, best)
    gradients = torch.autograd.grad((found * weights).sum(), (question, passage))
    for one, other in zip(gradients, wanted, strict=True):
        assert torch.allclose(one, other)
