"""Articles prepared by other processes: the same, in order, and no silent loss."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from conftest import TEXTS, article

import rag
from rag import workers
from rag.embed.static import StaticEmbedder
from rag.errors import RagError
from rag.outlets import draw_permutations, signature
from rag.prepare import Prepared, prepare
from rag.types import RawArticle
from rag.workers import Workers, prepare_all

PERMUTATIONS = draw_permutations()


def some(number: int) -> list[RawArticle]:
    texts = [*TEXTS.values(), ""]
    return [
        article(f"{n}\udc80", f"{n}. {texts[n % 5]}" if texts[n % 5] else "", title=f"T{n}")
        for n in range(number)
    ]


def test_processes_prepare_what_this_one_would_in_the_same_order() -> None:
    with Workers(2, PERMUTATIONS) as two:
        found = list(two.prepare(some(150)))
    plain = [
        replace(each, tokens=None, signature=None) if isinstance(each, Prepared) else each
        for each in found
    ]
    assert plain == [prepare(raw) for raw in some(150)]


def test_processes_look_up_the_rows_of_words_in_the_built_in_model() -> None:
    lexicon = StaticEmbedder.load()
    with Workers(1, PERMUTATIONS) as one:
        (found,) = one.prepare([article("a.txt", TEXTS["zh/law"])])
    assert isinstance(found, Prepared)
    assert found.tokens is not None
    assert [ids.tolist() for ids in found.tokens] == [
        lexicon.token_ids(each.words).tolist() for each in found.words
    ]


def test_a_signature_is_the_same_whichever_process_makes_it() -> None:
    raw = article("a.txt", TEXTS["zh/law"])
    with Workers(1, PERMUTATIONS) as one:
        (found,) = one.prepare([raw])
    (alone,) = prepare_all([raw], PERMUTATIONS)
    for each in (found, alone):
        assert isinstance(each, Prepared)
        assert each.signature is not None
        assert np.array_equal(each.signature, signature(each.document.text, PERMUTATIONS))


def test_articles_are_not_read_far_ahead_of_what_is_asked_for() -> None:
    numbers = count()
    endless = (article(f"{n}", f"Ship {n} came in.") for n in numbers)
    with Workers(2, PERMUTATIONS) as two:
        first = next(two.prepare(endless))
        assert first.source == "0"
        assert next(numbers) <= 32 * 7


def test_few_articles_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_start", None)
    assert len(list(prepare_all(some(workers.ALONE), PERMUTATIONS))) == workers.ALONE


def test_a_process_that_ends_early_is_a_clear_error() -> None:
    with Workers(1, PERMUTATIONS) as one:
        prepared = one.prepare(article(f"{n}", "A ship.") for n in range(10_000))
        next(prepared)
        one._processes[0].kill()
        with pytest.raises(RagError, match="found that it ended"):
            list(prepared)


def test_a_script_needs_no_main_guard(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from rag import workers\n"
        "from rag.outlets import draw_permutations\n"
        "from rag.types import RawArticle\n"
        "workers.ALONE = 1\n"
        "raws = [RawArticle(str(n), 'p', 'jsonl', f'Ship {n} came in.') for n in range(40)]\n"
        "print(len(list(workers.prepare_all(raws, draw_permutations()))))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(rag.__file__).parent.parent)},
    )
    assert done.stdout == "40\n"
