"""How good a model is on what it has not learned from: the held-out tenth of the training data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.embed.static import Ids, StaticEmbedder
from rag.fold import words
from rag.rerank import match_words
from training.corpus import is_held_out, read_rows

QUESTIONS = (
    "questions-cmrc2018",
    "questions-drcd",
    "questions-tydiqa",
    "questions-selqa",
    "questions-squad-sentences",
)
JOINED = {"questions-squad-sentences": 5}
"""Sentences of a passage, where a set has single sentences in the order of their articles."""

TRANSLATED = "parallel-wmt-news"
QUESTIONS_EACH = 200
PASSAGES_EACH = 1000

HEADER = (
    "| held-out set | asked | among | recall@1, mean vectors | recall@1, late interaction |\n"
    "|---|---|---|---|---|\n"
)


@dataclass(frozen=True)
class Asked:
    """A question and the number of the passage that answers it."""

    question: str
    passage: int


@dataclass(frozen=True)
class HeldOut:
    """Texts to find (`passages`), texts to find them with, and the place of the right one."""

    name: str
    asked: list[list[str]]
    passages: list[list[str]]
    right: list[int]

    def recall(self, model: StaticEmbedder) -> float:
        """Recall@1 by the vectors of whole texts."""
        found = (
            model.embed_ids(_ids(model, self.asked)) @ model.embed_ids(_ids(model, self.passages)).T
        )
        return float(np.mean(found.argmax(axis=1) == np.array(self.right)))

    def late_recall(self, model: StaticEmbedder) -> float:
        """Recall@1 by late interaction alone."""
        passages = _ids(model, self.passages)
        found = [
            int(match_words(model, question, passages).maxsim.argmax())
            for question in _ids(model, self.asked)
        ]
        return float(np.mean(np.array(found) == np.array(self.right)))


def questions(data: Path, name: str) -> tuple[list[str], list[Asked]]:
    """A set's passages, and its held-out questions."""
    numbers: dict[str, int] = {}
    asked: list[Asked] = []
    for number, row in enumerate(read_rows(data / "train" / f"{name}.jsonl.gz")):
        passage = numbers.setdefault(row["b"], len(numbers))
        if is_held_out(name, number, row):
            asked.append(Asked(row["a"], passage))
    size, texts = JOINED.get(name, 1), list(numbers)
    passages = [" ".join(texts[at : at + size]) for at in range(0, len(texts), size)]
    return passages, [Asked(each.question, each.passage // size) for each in asked]


def read_held_out(data: Path, seed: int = 7) -> list[HeldOut]:
    """Questions of each set among its passages, and news sentences among their translations."""
    rng = np.random.default_rng(seed)
    found = [_question_set(data, name, rng) for name in QUESTIONS]
    return [*found, *_translations(data, rng)]


def _question_set(data: Path, name: str, rng: np.random.Generator) -> HeldOut:
    passages, asked = questions(data, name)
    chosen = [asked[at] for at in rng.permutation(len(asked))[:QUESTIONS_EACH]]
    right = {each.passage for each in chosen}
    others = [at for at in rng.permutation(len(passages)).tolist() if at not in right]
    among = [*sorted(right), *others[: max(0, PASSAGES_EACH - len(right))]]
    place = {number: at for at, number in enumerate(among)}
    return HeldOut(
        name,
        [words(each.question) for each in chosen],
        [words(passages[number]) for number in among],
        [place[each.passage] for each in chosen],
    )


def _translations(data: Path, rng: np.random.Generator) -> list[HeldOut]:
    rows = enumerate(read_rows(data / "train" / f"{TRANSLATED}.jsonl.gz"))
    pairs = {row["a"]: row["b"] for number, row in rows if is_held_out(TRANSLATED, number, row)}
    english, chinese = [words(text) for text in pairs], [words(text) for text in pairs.values()]
    chosen = [int(at) for at in rng.permutation(len(english))[:QUESTIONS_EACH]]
    return [
        HeldOut("news, English to Chinese", [english[at] for at in chosen], chinese, chosen),
        HeldOut("news, Chinese to English", [chinese[at] for at in chosen], english, chosen),
    ]


def table(sets: Sequence[HeldOut], model: StaticEmbedder) -> str:
    """The evaluation table, in Markdown."""
    rows = (
        f"| {each.name} | {len(each.asked)} | {len(each.passages)} "
        f"| {each.recall(model):.3f} | {each.late_recall(model):.3f} |\n"
        for each in sets
    )
    return HEADER + "".join(rows)


def _ids(model: StaticEmbedder, texts: Sequence[Sequence[str]]) -> list[Ids]:
    return [model.token_ids(text) for text in texts]
