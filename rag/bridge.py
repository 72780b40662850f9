"""What no vector knows, met by its spelling: names in other letters, and numbers and dates.

Names across languages: which words of the question are written how in the passages' letters
(蕉城, Jiaocheng). Values in every language: how else the same number or date is said (42亿 is 4.2
billion, 百分之八十 is 80%, 民國110年 is 2021). Only spellings that the index has are bridges.

Rows know no ends of words: a number that the model has no row for is a run of shorter ones, so
that a bare 4.2 is met at the beginning of such a 4.2536 too, as it is without any bridge. The word
behind the number (4.2 billion, 42 亿) leaves that out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import numpy as np

from rag.fold import fold, stem
from rag.index import Index
from rag.pinyin import characters_of, spellings, syllables
from rag.rerank import Bridge
from rag.types import Family, Query, family_of
from rag.value_words import value_words

_LATIN = re.compile(r"[a-z\u00fc]+(?:['\u2019][a-z\u00fc]+)*")
_RARE = 8.5
"""Words of at least this inverse document frequency may be names: `women` reads as wo men too."""

_TOGETHER = 0.3  # cosine
_CHARACTERS = 40  # of a syllable, the most frequent ones
_LONGEST_NAME = 4  # characters
_MOST_NAMES = 6  # of a question, in Latin letters; looking one up takes milliseconds
_MOST_VALUES = 40  # spellings of a question's values; each is looked for in every candidate
_ENDINGS = ("", "区", "县", "市", "镇", "省")
"""A place is one word with its rank, which English leaves out: 蕉城区 is Jiaocheng."""


def find_bridges(index: Index, query: Query, family: Family) -> tuple[list[str], list[Bridge]]:
    """The further terms to look up in a family of passages, and how they match the question."""
    names, name_bridges = find_names(index, query, family)
    values, value_bridges = find_value_spellings(index, query, family)
    return list(dict.fromkeys([*names, *values])), [*name_bridges, *value_bridges]


def find_value_spellings(
    index: Index, query: Query, family: Family
) -> tuple[list[str], list[Bridge]]:
    """The same for the question's numbers and dates; passages of its own family have them too."""
    spelled = value_words(query.text, family)
    held = _held(index, list({term for each in spelled for term in each.terms}), family)
    found = [each for each in spelled if held.issuperset(each.terms)][:_MOST_VALUES]
    places = word_places(index, query.terms) if found else []
    bridges = []
    for each in found:
        rows = [index.lexicon.vocabulary.rows([term]) for term in each.terms]
        asked = tuple(place for at in each.asked for place in places[at])
        if asked and all(rows):
            bridges.append(Bridge(asked, tuple(row for word in rows for row in word)))
    further = dict.fromkeys(term for each in found for term in each.telling)
    return [term for term in further if term not in query.terms], bridges


def find_names(index: Index, query: Query, family: Family) -> tuple[list[str], list[Bridge]]:
    """The same for names; there are none in passages of the question's own family."""
    if family == family_of(query.language):
        return [], []
    named = _english_for(index, query) if family == "en" else _chinese_for(index, query)
    wanted = list(dict.fromkeys(term for _, term in named))
    held = _held(index, wanted, family)
    places = word_places(index, query.terms)
    bridges = [
        Bridge(asked, tuple(int(row) for row in index.lexicon.token_ids([term])))
        for at, term in named
        if term in held
        for asked in [tuple(place for word in at for place in places[word])]
        if asked
    ]
    return [term for term in wanted if term in held], [each for each in bridges if each.spelling]


def _held(index: Index, terms: Sequence[str], family: Family) -> set[str]:
    if not terms:
        return set()
    idf = index.idf(terms, family)
    absent = float(index.idf(["\0"], family)[0])
    return {term for term, each in zip(terms, idf, strict=True) if each < absent - 1e-6}


def word_places(index: Index, terms: Sequence[str]) -> list[range]:
    """For each word of the question the places of its rows."""
    counts = [len(index.lexicon.vocabulary.rows([term])) for term in terms]
    ends = np.cumsum([0, *counts]).tolist()
    return [range(start, end) for start, end in pairwise(ends)]


def _english_for(index: Index, query: Query) -> list[tuple[tuple[int, ...], str]]:
    """Spellings of the question's Chinese words, and of neighbouring single characters."""
    found = []
    for at, name in _han_names(query.terms):
        terms = dict.fromkeys(stem(spelling) for spelling in spellings(name))
        found += [(at, term) for term in terms if _may_spell(index, term, name)]
    return found


def _may_spell(index: Index, term: str, name: str) -> bool:
    """Whether an English word may be a Chinese one: if it is common, like `women` (我们) and
    `guid` (规定), only where training has seen that the two go together, like `beij` (北京)."""
    if _may_be_a_name(index, term):
        return True
    rows = [index.lexicon.vocabulary.rows([each]) for each in (term, name)]
    if any(len(each) != 1 for each in rows):
        return False
    vectors = index.lexicon.word_vectors(index.lexicon.token_ids([term, name]))
    return float(vectors[0] @ vectors[1]) >= _TOGETHER


def _han_names(terms: Sequence[str]) -> Iterator[tuple[tuple[int, ...], str]]:
    for at, term in enumerate(terms):
        if "\u3400" <= term[0] <= "\u9fff":
            if 2 <= len(term) <= _LONGEST_NAME:
                yield (at,), term
            if 3 <= len(term) <= _LONGEST_NAME and term.endswith(_ENDINGS[1:]):
                yield (at,), term[:-1]
            for end in range(at + 2, min(len(terms), at + _LONGEST_NAME) + 1):
                run = terms[at:end]
                if any(len(each) > 1 or each < "\u3400" for each in run):
                    break
                yield tuple(range(at, end)), "".join(run)


def _chinese_for(index: Index, query: Query) -> list[tuple[tuple[int, ...], str]]:
    """Pairs of characters that the question's rare Latin words may be the pinyin of."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(query.terms):
        places.setdefault(term, []).append(place)
    found: list[tuple[tuple[int, ...], str]] = []
    names = 0
    for run in dict.fromkeys(_LATIN.findall(fold(query.text))):
        plain = run.removesuffix("'s").removesuffix("\u2019s")
        at = tuple(places.get(stem(run), ()))
        if at and _may_be_a_name(index, query.terms[at[0]]):
            pairs = list(_pairs(re.split("['\u2019]", plain)))
            found += [(at, pair) for pair in pairs]
            names += bool(pairs)
        if names == _MOST_NAMES:
            break
    return found


def _may_be_a_name(index: Index, term: str) -> bool:
    rows = index.lexicon.vocabulary.rows([term])
    return len(rows) != 1 or float(index.lexicon.rarity[rows[0]]) >= _RARE


def _pairs(parts: Sequence[str]) -> Iterator[str]:
    """Pairs of characters for the neighbouring syllables of a name, written in parts (Xi'an),
    alone and as the name of a place of some rank."""
    cuts = [syllables(part) for part in parts]
    if all(cuts):
        for first, second in pairwise(syllable for cut in cuts for syllable in cut):
            pairs = product(characters_of(first)[:_CHARACTERS], characters_of(second)[:_CHARACTERS])
            for one, other in pairs:
                yield from (one + other + ending for ending in _ENDINGS)
