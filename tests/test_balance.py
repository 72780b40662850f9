"""Languages in balance: fifty articles of one language among five thousand of the other.

Neither size may starve the other: an article that alone answers is found whichever language holds
it and whichever language asks, though the crowd has dozens of articles about the same town, told
in the same words. `tests/data/balance.json` has the words.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import article

from rag.index import Index
from rag.retrieve import search
from rag.types import Family, RawArticle

WORDS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "balance.json").read_text(encoding="utf-8")
)
FAMILIES: tuple[Family, Family] = ("en", "zh")
ASKED = 10  # articles of each language that are asked about, in both languages


class Subject(NamedTuple):
    """What one article tells: of a thing in a town, how it was `built` or how it is `run`.

    Thing and place are named in English and in Chinese.
    """

    thing: tuple[str, str]
    place: tuple[str, str]
    story: str

    def fill(self, template: str, family: Family, **facts: int) -> str:
        at = FAMILIES.index(family)
        return template.format(thing=self.thing[at], place=self.place[at], **facts)


class Collection(NamedTuple):
    """An index, and by language the subjects that it has articles about."""

    articles: Index
    told: dict[Family, list[Subject]]


def subjects(few: Family) -> dict[Family, list[Subject]]:
    """What each language tells: ten things that nothing else tells of, then common ones."""
    rng = random.Random(f"few {few}")
    places, stories = [tuple(names) for names in WORDS["places"]], ("built", "run")
    things = [tuple(names) for names in WORDS["common"]]
    common = [Subject(*each) for each in product(things, places, stories)]
    rng.shuffle(common)
    alone = [
        Subject(tuple(thing), place, rng.choice(stories))
        for thing, place in zip(
            rng.sample(WORDS["rare"], 2 * ASKED), rng.sample(places, 2 * ASKED), strict=True
        )
    ]
    many: Family = "zh" if few == "en" else "en"
    return {few: alone[:ASKED] + common[:40], many: alone[ASKED:] + common[10:]}


def name(subject: Subject, family: Family) -> str:
    return f"{family} {subject.story} {subject.thing[0]} {subject.place[0]}"


def written(subject: Subject, family: Family) -> RawArticle:
    """The article about a subject in one language: always the same words and figures."""
    source = name(subject, family)
    rng = random.Random(source)
    facts = {"year": 1900 + rng.randrange(110), "months": rng.randrange(8, 60)}
    facts |= {"crew": rng.randrange(90, 3000), "staff": rng.randrange(11, 900)}
    facts |= {"cost": rng.randrange(2, 400)}
    story = WORDS["stories"][family]
    told = subject.fill(rng.choice(story[subject.story]), family, **facts)
    return article(source, " ".join((told, *rng.sample(story["more"], 2))), source_id=source)


@pytest.fixture(scope="module", params=FAMILIES)
def collection(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Collection]:
    """Fifty articles in the language of the parameter among five thousand in the other."""
    told = subjects(request.param)
    assert sorted(map(len, told.values())) == [50, 5000]
    with Index.open(tmp_path_factory.mktemp(f"few-{request.param}"), create=True) as index:
        index.ingest_articles([written(one, tag) for tag in FAMILIES for one in told[tag]])
        yield Collection(index, told)


def test_neither_language_starves_the_other(collection: Collection) -> None:
    ranks = {
        (held, asked): [rank(collection.articles, one, held, asked) for one in told[:ASKED]]
        for held, told in collection.told.items()
        for asked in FAMILIES
    }
    for pair, found in ranks.items():
        assert sum(at <= 3 for at in found) >= 0.7 * ASKED, (pair, ranks)
    every = [at for found in ranks.values() for at in found]
    assert sum(at == 1 for at in every) >= 0.8 * len(every), ranks
    assert sum(at <= 3 for at in every) >= 0.9 * len(every), ranks


def rank(index: Index, subject: Subject, held: Family, asked: Family) -> int:
    """The place of the subject's article, 99 when it is not among the first ten."""
    question = subject.fill(WORDS["questions"][asked][subject.story], asked)
    names = [hit.document.source_id for hit in search(index, question, top_k=10)[1]]
    wanted = name(subject, held)
    return names.index(wanted) + 1 if wanted in names else 99
