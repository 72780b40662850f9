"""Whether a Chinese name may be a Latin one by its sound: 史特拉斯堡 and Strasbourg.

Both are reduced to their consonants, of which those that transliteration confuses are one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.pinyin import spellings

_ALIKE = 0.8  # share of consonants that agree; all where there are but three
_FEWEST = 3
_NEVER = frozenset(
    "的了是在和与为从由被把对到于有及将并其这那也都就而或至向往公司市区县省国年月日大学"
)
"""Characters that are hardly ever part of a name told by its sound."""

_LONGEST = 8  # characters of a name
_INITIALS = (
    (re.compile("zh|ch|sh|sch|tz|ts|cz|x"), "s"),
    (re.compile("ph|v"), "f"),
    (re.compile("th"), "t"),
    (re.compile("ck|qu|gh"), "k"),
    (re.compile("^er$"), "l"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("(?<=[aeiou])ng(?![aeiou])"), "n"),
    (re.compile("[zc](?=[aeiou])(?<!^c)"), "s"),
)
_ONE = str.maketrans(
    {"b": "p", "d": "t", "g": "k", "j": "k", "q": "k", "c": "k", "h": "k", "r": "l", "z": "s"}
    | dict.fromkeys("aeiouywü", "")
)


@lru_cache(8192)
def consonants(name: str) -> str:
    """The consonants of lower-case Latin letters, one for those that are confused."""
    for pattern, letter in _INITIALS:
        name = pattern.sub(letter, name)
    plain = name.translate(_ONE)
    return re.sub(r"[^a-z]|(.)(?=\1)", "", plain)


@lru_cache(8192)
def _of_character(character: str) -> str:
    read = spellings(character)
    if not read:
        return ""
    if read[0] in ("z", "c") or read[0][0] in "zc":
        return "s" + consonants(read[0].lstrip("zch"))
    return consonants(read[0])


def sounding_like(name: str, run: str) -> tuple[int, int] | None:
    """Where in a run of Chinese the characters stand that sound most like a name, if any do."""
    wanted = consonants(name)
    if len(wanted) < _FEWEST:
        return None
    sounds = [_of_character(character) for character in run]
    best, place = 0.0, None
    least = 1.0 if len(wanted) == _FEWEST else _ALIKE
    for start in range(len(run)):
        for end in range(start + 2, min(len(run), start + _LONGEST) + 1):
            heard = "".join(sounds[start:end])
            if not _NEVER.isdisjoint(run[start:end]) or len(heard) > 2 * len(wanted) + 2:
                break
            common = _in_common(wanted, heard)
            alike = 2 * common / (len(wanted) + len(heard))
            if common >= _FEWEST and alike > best and sounds[start][:1] == wanted[:1]:
                best, place = alike, (start, end)
    return place if best >= least else None


@lru_cache(65536)
def _in_common(one: str, other: str) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for char in one:
        above = 0
        for at, each in enumerate(other, start=1):
            above, row[at] = row[at], above + 1 if char == each else max(row[at], row[at - 1])
    return row[-1]
