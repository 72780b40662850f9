"""Acronyms of names in the dictionaries: what World Health Organization is to 世界卫生组织.

Chinese has no initials, so that no spelling leads from one to the other; English glosses do. An
acronym is taken where a gloss states it (`World Trade Organization (WTO)`, `WTO`) or, if it is long
enough to be hardly anything else, as the initials of a gloss that is a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from rag.fold import fold
from training.corpus import read_rows

SOURCES = ("terms-cedict", "terms-cedpane", "terms-wordnet")

_HAN = re.compile(r"[\u3400-\u9fff]{2,14}")
_STATED = re.compile(r"[A-Z]{3,6}")
_PART = re.compile(r"[;(),]|abbr\. (?:for|of|to)")
_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*")
_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "to", "de"})
_LONG_ENOUGH = range(4, 7)  # three initials are too often those of something else
_MOST_NAMES = 8  # of an acronym: one of more names tells nothing


def acronym_table(data: Path, limit: int | None = None) -> str:
    """An acronym a line, in small letters, then the names it stands for, in simplified Chinese."""
    names: dict[str, set[str]] = {}
    for source in SOURCES:
        for row in read_rows(data / "train" / f"{source}.jsonl.gz", limit):
            name = fold(row["b"])
            if _HAN.fullmatch(name):
                for acronym in acronyms_of(row["a"]):
                    names.setdefault(acronym.lower(), set()).add(name)
    kept = {acronym: sorted(of) for acronym, of in names.items() if len(of) <= _MOST_NAMES}
    return "".join(f"{acronym} {' '.join(of)}\n" for acronym, of in sorted(kept.items()))


def acronyms_of(gloss: str) -> Iterable[str]:
    """The acronyms that an English gloss states, or that its names have for initials."""
    return sorted(set(_acronyms(gloss)))


def _acronyms(gloss: str) -> Iterator[str]:
    parts = [part.strip() for part in _PART.split(gloss) if part.strip()]
    for at, part in enumerate(parts):
        if _STATED.fullmatch(part):
            if at == 0 or _spells(part, gloss.replace(part, "")):
                yield part
            continue
        found = _WORD.findall(part)
        capitals = [word for word in found if word[0].isupper()]
        if len(capitals) in _LONG_ENOUGH and _SMALL.issuperset(set(found) - set(capitals)):
            yield "".join(word[0] for word in capitals)


def _spells(acronym: str, gloss: str) -> bool:
    """Whether its letters stand in the gloss in their order, as initials do."""
    letters = iter(gloss.upper())
    return all(letter in letters for letter in acronym)
