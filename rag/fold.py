"""Folding for matching (never for showing), and the words of a text.

Folding is NFKC, lower case and traditional-to-simplified by character, so that one word has one
form in every script. `words` is the project's one notion of a word: the built-in embedding model,
the lexical index and the chunk sizes all use it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

# A combining mark, or a Hangul vowel or final, belongs to the character before it.
_JOINS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u093c"
    r"\u0951-\u0954\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    r"\u302a-\u302f\u3099\u309a\ufe20-\ufe2f\uff9e\uff9f]"
)
_CLUSTER = re.compile(rf".{_JOINS.pattern}*", re.DOTALL)
_APOSTROPHES = "'\u2019\u02bc"
_HAN = ("\u3007", "\u3400-\u4dbf", "\u4e00-\u9fff", "\uf900-\ufaff", "\U00020000-\U0003ffff")
_KANA_AND_HANGUL = ("\u3040-\u30ff", "\uac00-\ud7a3")
WORD_RUN = re.compile(
    rf"[a-z\u00df-\u024f]+(?:[{_APOSTROPHES}][a-z]+)*"
    r"|\d+(?:[.,]\d+)*"
    rf"|[{''.join(_HAN)}]+"
    rf"|[{''.join(_KANA_AND_HANGUL)}]+"
    r"|[\u0370-\u1fff]+"
)
"""What a folded text is cut at first: an English word, a number, a run of Chinese."""

FIRST_HAN = "\u3007"
CUT_BLOCKS = tuple((ord(block[0]), ord(block[-1])) for block in (*_HAN, *_KANA_AND_HANGUL))
"""First and last codes of the characters whose runs the cutter takes apart."""


@cache
def _simplified() -> dict[str, str]:
    """Traditional character to simplified, from OpenCC's character table."""
    table = resources.files("opencc").joinpath("dictionary", "TSCharacters.txt")
    rows = (line.split() for line in table.read_text(encoding="utf-8").splitlines())
    simplified = {row[0]: row[1] for row in rows if len(row) > 1}
    return {char: simplified.get(form, form) for char, form in simplified.items()}  # 薴 苧 苎


class _FoldTable(dict[int, str]):
    """Character code to folded text, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_cluster(chr(code))
        return folded


def _fold_cluster(cluster: str) -> str:
    plain = unicodedata.normalize("NFKC", cluster).lower()
    plain = unicodedata.normalize("NFKC", plain)
    simplified = _simplified()
    return "".join(simplified.get(char, char) for char in plain)


_TABLE = _FoldTable()


def fold_alone(char: str) -> str | None:
    """What a character folds to wherever it stands; None for one that joins the one before it."""
    return None if _JOINS.match(char) else _TABLE[ord(char)]


def fold(text: str) -> str:
    """The form of a text that matching compares."""
    if text.isascii():
        return text.lower()
    if _JOINS.search(text):
        return "".join(map(_fold_cluster, _CLUSTER.findall(text)))
    return text.translate(_TABLE)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where each of its characters came from.

    Folded character i came from `original[starts[i]:ends[i]]`.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that folded characters start..end came from."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(
                f"expected a non-empty span within 0..{len(self.text)}, found {start}..{end}"
            )
        return self.starts[start], self.ends[end - 1]


def fold_with_map(text: str) -> Folded:
    """Fold, and keep the way back: `fold_with_map(t).text == fold(t)` for every text."""
    folded = fold(text)
    if len(folded) == len(text) and not _JOINS.search(text):
        return Folded(folded, range(len(text)), range(1, len(text) + 1))
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        count = len(_fold_cluster(match.group()))
        starts += [match.start()] * count
        ends += [match.end()] * count
    return Folded(folded, starts, ends)


@cache
def cutter() -> Callable[[str], list[str]]:
    """Cuts folded Chinese into words, and the shorter words inside each before it.

    What is no Chinese between two runs comes out too, character by character.
    """
    import rjieba  # 140 ms: loaded with the first Chinese text

    cut: Callable[[str, bool], list[str]] = rjieba.cut_for_search
    return lambda run: cut(run, False)


@cache
def _stemmer() -> Callable[[str], str]:
    import Stemmer

    stem: Callable[[str], str] = Stemmer.Stemmer("english", 50_000).stemWord
    return stem


def words(text: str) -> list[str]:
    """The words of a text, folded: Chinese words and the shorter words inside them, English
    stems (Porter 2), numbers without grouping commas."""
    return words_of_folded(fold(text))


def words_of_folded(folded: str) -> list[str]:
    """The same for a text that is folded already."""
    found: list[str] = []
    for run in WORD_RUN.findall(folded):
        if run >= FIRST_HAN and needs_cutting(run):
            if len(run) < 2:
                found.append(run)
            else:
                found += cutter()(run)
        else:
            found.append(plain_word(run))
    return found


def needs_cutting(run: str) -> bool:
    """Whether a run is of a script that stands without spaces."""
    return any(first <= ord(run[0]) <= last for first, last in CUT_BLOCKS)


def plain_word(run: str) -> str:
    """The word that a run is which needs no cutting: a number, or the stem of an English word."""
    return _plain_number(run) if run[0].isdigit() else stem(run)


def _plain_number(run: str) -> str:
    """1,234.50 -> 1234.50; a comma that doesn't group thousands is kept as a point would be."""
    return re.sub(r",(?=\d{3}(?!\d))", "", run) if "," in run else run


@lru_cache(200_000)
def stem(word: str) -> str:
    """The stem of a lower-case English word (Porter 2), without apostrophes and a possessive s."""
    if len(word) > 2 and word[-2] in _APOSTROPHES and word[-1] == "s":
        word = word[:-2]
    for mark in _APOSTROPHES:
        word = word.replace(mark, "")
    return _stemmer()(word)


def lexical_terms(found: Sequence[str]) -> list[str]:
    """Words for the lexical index: the words, plus pairs of neighbouring single characters.

    The cutter leaves a name it doesn't know as single characters; the pairs keep such a name
    together (韦芝富 -> 韦 芝 富 韦芝 芝富).
    """
    pairs = [
        first + second
        for first, second in pairwise(found)
        if len(first) == 1 and len(second) == 1 and first >= FIRST_HAN and second >= FIRST_HAN
    ]
    return [*found, *pairs]
