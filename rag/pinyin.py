"""Chinese names in Latin letters: 蕉城 is Jiaocheng, 福安 is Fu'an.

Toneless Hanyu Pinyin by character, every usual reading, from `models/static/pinyin.txt`: one
syllable a line, then its characters, the most frequent first. The file has v for ü, as passports
had; 吕梁 is Lüliang, Lvliang and Luliang.
"""

from __future__ import annotations

from functools import cache
from itertools import islice, product
from pathlib import Path

RANKS = ("区", "县", "市", "镇", "省")
"""A place is one word with its rank, which English leaves out: 蕉城区 is Jiaocheng."""

_TABLE = Path(__file__).parent / "models" / "static" / "pinyin.txt"
_LONGEST = 6  # letters of a syllable (zhuang)
_READINGS = 16  # spellings of one name, at most


@cache
def _characters() -> dict[str, str]:
    rows = (line.split(" ", 1) for line in _TABLE.read_text(encoding="utf-8").splitlines())
    return {row[0]: row[1] for row in rows}


@cache
def _readings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for syllable, characters in _characters().items():
        for character in characters:
            found.setdefault(character, []).extend(_written(syllable))
    return found


def _written(syllable: str) -> tuple[str, ...]:
    """A syllable as it is written: ü also as v and as u."""
    if "v" not in syllable:
        return (syllable,)
    return syllable.replace("v", "ü"), syllable, syllable.replace("v", "u")


def characters_of(syllable: str) -> str:
    """The characters read as a syllable, the most frequent first; "" when there is no such."""
    return _characters().get(syllable.replace("ü", "v"), "")


def spellings(name: str) -> list[str]:
    """The ways to write a Chinese name in Latin letters, without spaces; none if one character
    has no known reading."""
    readings = [list(dict.fromkeys(_readings().get(character, []))) for character in name]
    return ["".join(each) for each in islice(product(*readings), _READINGS)]


def syllables(word: str) -> tuple[str, ...]:
    """The fewest syllables that make up a word of lower-case Latin letters; none if none do.

    A consonant between vowels begins a syllable, as the rules of Pinyin have it: fan gan, since
    fang an is written fang'an.
    """
    fewest = {len(word): 0}
    following: dict[int, int] = {}
    for start in reversed(range(len(word))):
        ends = [
            end
            for end in range(start + 1, min(start + _LONGEST, len(word)) + 1)
            if end in fewest and characters_of(word[start:end])
        ]
        if ends:
            following[start] = min(ends, key=fewest.__getitem__)
            fewest[start] = fewest[following[start]] + 1
    found: list[str] = []
    at = 0
    while at in following:
        found.append(word[at : following[at]])
        at = following[at]
    return tuple(found)
