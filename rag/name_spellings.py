"""Names of a question in the letters of the other language: 蕉城 is Jiaocheng, 韦芝富 Wei Zhifu,
上汽 SAIC.

Pinyin is ambiguous, so of all that a name may be only what the index has is a spelling.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from rag.acronyms import acronyms_of, names_of
from rag.fold import fold, stem, words
from rag.index import Index
from rag.other_words import OtherWords
from rag.pinyin import RANKS, characters_of, spellings, syllables
from rag.types import Family, Query, family_of
from rag.word_spans import PlacedWord, placed_words

_CAPITALS = re.compile(r"\b[A-Z]{3,6}\b")
_LATIN = re.compile(r"[a-z\u00fc]+(?:['\u2019][a-z\u00fc]+)*")
_RARE = 8.5
"""Words of at least this inverse document frequency may be names: `women` reads as wo men too."""

_TOGETHER = 0.3  # cosine
_CHARACTERS = 40  # of a syllable, the most frequent ones
_SURNAMES = 12  # of a syllable that stands before a given name which is a word by itself
_LONGEST_NAME = 4  # characters
_LONGEST_CHINESE = 14  # characters of a name that has an acronym
_MOST_NAMES = 6  # of a question, in Latin letters; looking one up takes milliseconds


def spelled_names(index: Index, query: Query, family: Family) -> list[OtherWords]:
    """How a family's passages may write the question's names; nothing for its own family."""
    if family == family_of(query.language):
        return []
    if family == "en":
        return [*_in_latin(index, query), *_acronyms_of_names(index, query)]
    return [*_in_chinese(index, query), *_names_of_acronyms(index, query)]


# --- Chinese names in Latin letters ---


def _in_latin(index: Index, query: Query) -> Iterator[OtherWords]:
    """Spellings of the question's Chinese words, and of neighbouring single characters."""
    spelled = {
        (at, term): None
        for at, name in _han_names(query.terms)
        for term in map(stem, spellings(name))
        if _may_spell(index, term, name)
    }
    held = index.held([term for _, term in spelled], "en")
    return (OtherWords(at, (term,), (term,)) for at, term in spelled if term in held)


def _han_names(terms: Sequence[str]) -> Iterator[tuple[tuple[int, ...], str]]:
    for at, term in enumerate(terms):
        if "\u3400" <= term[0] <= "\u9fff":
            if 2 <= len(term) <= _LONGEST_NAME:
                yield (at,), term
            if 3 <= len(term) <= _LONGEST_NAME and term.endswith(RANKS):
                yield (at,), term[:-1]
            for end in range(at + 2, min(len(terms), at + _LONGEST_NAME) + 1):
                run = terms[at:end]
                if any(len(each) > 1 or each < "\u3400" for each in run):
                    break
                yield tuple(range(at, end)), "".join(run)


def _may_spell(index: Index, term: str, name: str) -> bool:
    """Whether a word may be a name of the other language: if it is common, like `women` (我们) or
    年底 (nián dǐ, and níng de), only where training has seen that the two go together, like `beij`
    and 北京."""
    if _may_be_a_name(index, term):
        return True
    rows = [index.lexicon.vocabulary.rows([each]) for each in (term, name)]
    if any(len(each) != 1 for each in rows):
        return False
    vectors = index.lexicon.word_vectors(index.lexicon.token_ids([term, name]))
    return float(vectors[0] @ vectors[1]) >= _TOGETHER


def _may_be_a_name(index: Index, term: str) -> bool:
    rows = index.lexicon.vocabulary.rows([term])
    return len(rows) != 1 or float(index.lexicon.rarity[rows[0]]) >= _RARE


# --- names in Latin letters in Chinese ---


@dataclass(frozen=True, slots=True)
class _LatinWord:
    """A word as it is written, its places among the question's words, and the syllables of each of
    its parts (Xi'an has two parts)."""

    text: str
    at: tuple[int, ...]
    parts: tuple[tuple[str, ...], ...]
    capital: bool

    @property
    def syllable(self) -> str | None:
        """The word, where it is one syllable."""
        return self.parts[0][0] if [len(part) for part in self.parts] == [1] else None

    @property
    def syllables(self) -> list[str]:
        """Of all its parts; none if one of them has none."""
        return [each for part in self.parts for each in part] if all(self.parts) else []


def _in_chinese(index: Index, query: Query) -> Iterator[OtherWords]:
    """The characters of the question's rare Latin words, alone (Jiaocheng) and behind a family
    name (Wei Zhifu), and of two words of one syllable each (Wang Yi)."""
    names = 0
    for surname, word in _latin_words(query):
        if names == _MOST_NAMES:
            break
        if len(word.syllables) > 1 and _may_be_a_name(index, query.terms[word.at[0]]):
            names += 1
            held = sorted(index.held(_pairs(word.syllables), "zh"))
            latin = query.terms[word.at[0]]
            alone = (each for each in held if _may_spell(index, each, latin))
            yield from (OtherWords(word.at, (each,), (each,)) for each in alone)
            if surname:
                yield from _full_names(
                    index, surname, word, [each for each in held if len(each) == 2]
                )
        elif surname and word.syllable and surname.capital and word.capital:
            names += 1
            given = characters_of(word.syllable)[:_CHARACTERS]
            yield from _full_names(index, surname, word, given)


def _latin_words(query: Query) -> Iterator[tuple[_LatinWord | None, _LatinWord]]:
    """Each Latin word of the question once, and the syllable before it, if one stands there."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(query.terms):
        places.setdefault(term, []).append(place)
    folded = fold(query.text)
    aligned = len(folded) == len(query.text)
    seen: set[tuple[str, str]] = set()
    before: _LatinWord | None = None
    end = -1
    for match in _LATIN.finditer(folded):
        run = match.group()
        plain = run.removesuffix("'s").removesuffix("\u2019s")
        word = _LatinWord(
            run,
            tuple(places.get(stem(run), ())),
            tuple(map(syllables, re.split("['\u2019]", plain))),
            aligned and query.text[match.start()].isupper(),
        )
        beside = (
            before if before and before.syllable and folded[end : match.start()] == " " else None
        )
        key = beside.text if beside else "", run
        if word.at and key not in seen:
            seen.add(key)
            yield beside, word
        before, end = word, match.end()


def _full_names(
    index: Index, surname: _LatinWord, word: _LatinWord, given: Iterable[str]
) -> Iterator[OtherWords]:
    """Family name and given name: one word of the index, or characters that stand together in it,
    or a character before a given name that is a word."""
    assert surname.syllable is not None
    family = characters_of(surname.syllable)[:_CHARACTERS]
    names = [(one, rest) for rest in given for one in family]
    looked_up = {one + rest[:end] for one, rest in names for end in (1, 2)} | set(family)
    held = index.held(list(looked_up), "zh")
    at = (*surname.at, *word.at)
    for one, rest in names:
        if one + rest in held:
            yield OtherWords(at, (one + rest,), (one + rest,))
        elif one + rest[0] in held:
            yield OtherWords(at, (one, *rest), (one + rest[0],))
        elif len(rest) > 1 and one in held and one in family[:_SURNAMES]:
            yield OtherWords(at, (one, rest), ())


def _pairs(found: Sequence[str]) -> list[str]:
    """Pairs of characters for neighbouring syllables, alone and as the name of a ranked place."""
    pairs = [
        one + other
        for first, second in pairwise(found)
        for one, other in product(
            characters_of(first)[:_CHARACTERS], characters_of(second)[:_CHARACTERS]
        )
    ]
    return pairs + [pair + rank for pair in pairs for rank in RANKS]


# --- acronyms ---


def _acronyms_of_names(index: Index, query: Query) -> Iterator[OtherWords]:
    """The acronyms of the question's Chinese names (上汽: SAIC)."""
    folded = fold(query.text)
    placed = placed_words(folded)
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    for start, end in _spans(placed):
        name = folded[start:end]
        for acronym in map(stem, acronyms_of(name)):
            inside = [
                at for at, word in enumerate(placed) if start <= word.start and word.end <= end
            ]
            found[acronym] = name, tuple(inside)
    held = index.held(list(found), "en")
    for acronym, (name, at) in found.items():
        if acronym in held and _may_spell(index, acronym, name):
            yield OtherWords(at, (acronym,), (acronym,))


def _spans(placed: Sequence[PlacedWord]) -> Iterator[tuple[int, int]]:
    """Of everything from the beginning of a Chinese word to the end of one not far behind it."""
    han = [word for word in placed if "\u3400" <= word.term[0] <= "\u9fff"]
    ends = sorted({word.end for word in han})
    for start in sorted({word.start for word in han}):
        near = bisect_left(ends, start + 2), bisect_right(ends, start + _LONGEST_CHINESE)
        yield from ((start, end) for end in ends[slice(*near)])


def _names_of_acronyms(index: Index, query: Query) -> Iterator[OtherWords]:
    """The Chinese names of the question's acronyms, which it has in capitals (SAIC: 上汽)."""
    for acronym in dict.fromkeys(map(str.lower, _CAPITALS.findall(query.text))):
        at = tuple(place for place, term in enumerate(query.terms) if term == stem(acronym))
        spelled = {name: tuple(words(name)) for name in names_of(acronym)}
        held = index.held([term for terms in spelled.values() for term in terms], "zh")
        for terms in spelled.values():
            if at and held.issuperset(terms):
                yield OtherWords(at, terms, (max(terms, key=len),))
