"""`python -m training --data FOLDER [--out FOLDER] [--smoke]`: raw data to the model's files."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embed.static import BUILT_IN, StaticEmbedder, Vocabulary, save
from training import corpus, held_out, vocabulary
from training.acronyms import acronym_table
from training.plot import Point, line_plot
from training.train import SMOKE, Plan, train

NAME = "yinju-static-zh-en"


def main() -> None:
    """Read the pairs, learn the vocabulary, train the table, write the model."""
    parser = argparse.ArgumentParser(prog="python -m training", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--out", type=Path, default=BUILT_IN, help="where the model goes")
    parser.add_argument("--smoke", action="store_true", help="a tiny run that proves the path")
    chosen = parser.parse_args()
    started = time.monotonic()
    lines: list[str] = []

    def log(line: str) -> None:
        lines.append(line)
        print(line, file=sys.stderr, flush=True)

    cut = corpus.cut_sources(chosen.data, 300 if chosen.smoke else None)
    log(f"cut {sum(len(a) + len(b) for a, b in cut.values())} texts")
    frequency, documents = corpus.count_words(cut)
    entries = vocabulary.learn(frequency)
    texts = sum(len(a) + len(b) for a, b in cut.values())
    rarity = vocabulary.rarity(entries, documents, texts)
    log(f"vocabulary of {len(entries)} entries")
    sources, news = _numbered(cut, Vocabulary(entries))
    sets = held_out.read_held_out(chosen.data)
    curve: dict[str, list[Point]] = {each.name: [] for each in sets}

    def keep(step: int, table: NDArray[np.float32]) -> None:
        """Write the model as it is by now, and measure it."""
        save(chosen.out, NAME, entries, rarity, table)
        model = StaticEmbedder.load(chosen.out)
        for each in sets:
            curve[each.name].append((step, each.recall(model)))
        found = ", ".join(f"{name} {points[-1][1]:.3f}" for name, points in curve.items())
        log(f"step {step}: recall@1 by mean vectors: {found}")

    train(sources, news, rarity, SMOKE if chosen.smoke else Plan(), log, keep)
    _write_report(chosen.out, curve, sets)
    readings = vocabulary.pinyin_table(entries)
    (chosen.out / "pinyin.txt").write_text(readings, encoding="utf-8")
    acronyms = acronym_table(chosen.data, 300 if chosen.smoke else None)
    (chosen.out / "acronyms.txt").write_text(acronyms, encoding="utf-8")
    log(f"written to {chosen.out.name} after {time.monotonic() - started:.0f} s")
    (chosen.out / "training.log").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_report(out: Path, curve: dict[str, list[Point]], sets: list[held_out.HeldOut]) -> None:
    """The learning curve and the evaluation table, beside the model."""
    drawn = line_plot(
        curve,
        title="Recall@1 on held-out texts, by mean vectors",
        x_title="training steps",
        y_title="recall@1",
    )
    (out / "learning-curve.svg").write_text(drawn, encoding="utf-8")
    table = held_out.table(sets, StaticEmbedder.load(out))
    (out / "evaluation.md").write_text(table, encoding="utf-8")


def _numbered(
    cut: dict[str, tuple[list[str], list[str]]], known: Vocabulary
) -> tuple[list[corpus.Pairs], list[NDArray[np.int32]]]:
    """Words to row numbers; pairs with an empty side are left out."""

    def numbers(text: str) -> NDArray[np.int32]:
        return np.array(known.rows(text.split()), dtype=np.int32)

    found: list[corpus.Pairs] = []
    for source in corpus.SOURCES:
        sides = zip(*cut[source.name], strict=True)
        rows = [(numbers(a), numbers(b)) for a, b in sides]
        rows = [(a, b) for a, b in rows if len(a) and len(b)]
        pairs = [a for a, _ in rows], [b for _, b in rows]
        found.append(corpus.Pairs(source.name, *pairs, source.weights, source.ordered))
    news = [numbers(text) for text in cut[corpus.NEWS][0]]
    return found, [article for article in news if len(article) >= 40]


if __name__ == "__main__":
    main()
