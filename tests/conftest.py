"""What several tests share: articles, a small model of made-up vectors, built indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rag.embed import static
from rag.fold import words
from rag.index import Index
from rag.types import RawArticle

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SEEDS = Path(__file__).parent.parent / "seeds"
DIM = 16

TEXTS = {
    "en/harbour": "The harbour was dug in 1908. It took 17 months and 400 workers.\n"
    "Ships carried 50,000 tonnes of coal in the first year. The owner was Ms. Ada Lind.",
    "en/bridge": "A new bridge crosses the river near the old mill. The city paid 3.2 million "
    "dollars for it.\nDrivers save ten minutes a day.",
    "zh/law": "数据安全法自2021年9月1日起施行。这部法律规定了数据分类分级保护制度。\n"
    "违反规定的单位最高可被处以一千万元罚款。",
    "zh/rail": "高速鐵路全長1318公里。列車從北京出發，四小時十八分到達上海。\n"
    "去年運送旅客超過兩億人次。",
}


def article(source: str, text: str, **fields: str | None) -> RawArticle:
    """An article whose text is plain, as a row of a JSON Lines file is."""
    return RawArticle(source=source, path=source, kind="jsonl", content=text, **fields)  # type: ignore[arg-type]


def small_model(folder: Path) -> Path:
    """A static model with a random, but always the same, vector for each word of the texts."""
    entries = sorted(
        {*"abcdefghijklmnopqrstuvwxyz0123456789"}
        | {word for text in TEXTS.values() for word in words(text)}
    )
    table = np.random.default_rng(7).standard_normal((len(entries), DIM)).astype(np.float32)
    static.save(folder, "small", entries, np.ones(len(entries), np.float32), table)
    return folder


@pytest.fixture(scope="session")
def small_model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small model."""
    return small_model(tmp_path_factory.mktemp("small-model"))


@pytest.fixture
def built_in(small_model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small model in the place of the built-in one."""
    monkeypatch.setattr(static, "BUILT_IN", small_model_folder)
    return small_model_folder


@pytest.fixture
def articles() -> list[RawArticle]:
    """Two English and two Chinese articles."""
    return [article(f"{name}.txt", text) for name, text in TEXTS.items()]


@pytest.fixture
def new_index(built_in: Path, tmp_path: Path) -> Iterator[Callable[[], Index]]:
    """Makes, or opens again, the index of this test."""
    opened: list[Index] = []

    def make() -> Index:
        opened.append(Index.open(tmp_path / "index", create=True))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The sample articles, in an index made with the built-in model."""
    with Index.open(tmp_path_factory.mktemp("seeds") / "index", create=True) as index:
        index.ingest([SEEDS])
        yield index


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that resolves no name."""
    from visits import chromium  # without one installed this skips, so only the tests that want it

    with chromium() as browser:
        yield browser
