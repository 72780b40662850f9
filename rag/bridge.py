"""What no vector knows, met by its spelling: names in other letters, and numbers and dates.

Names across languages: which words of the question are written how in the passages' letters
(蕉城, Jiaocheng). Values in every language: how else the same number or date is said (42亿 is 4.2
billion, 百分之八十 is 80%, 民國110年 is 2021). Only spellings that the index has are bridges.

Rows know no ends of words: a number that the model has no row for is a run of shorter ones, so
that a bare 4.2 is met at the beginning of such a 4.2536 too, as it is without any bridge. The word
behind the number (4.2 billion, 42 亿) leaves that out.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.index import Index
from rag.name_spellings import spelled_names
from rag.other_words import OtherWords
from rag.rerank import word_places
from rag.types import Bridge, Family, Query
from rag.value_words import value_words

_MOST_VALUES = 40  # spellings of a question's values; each is looked for in every candidate

Found = tuple[list[str], list[Bridge]]


def find_bridges(index: Index, query: Query, family: Family) -> Found:
    """The further terms to look up in a family of passages, and how they match the question."""
    if family not in query.bridges:
        names, name_bridges = find_names(index, query, family)
        values, value_bridges = find_value_spellings(index, query, family)
        terms = list(dict.fromkeys([*names, *values]))
        query.bridges[family] = terms, [*name_bridges, *value_bridges]
    return query.bridges[family]


def find_names(index: Index, query: Query, family: Family) -> Found:
    """The same for names; there are none in passages of the question's own family."""
    return _bridged(index, query, spelled_names(index, query, family))


def find_value_spellings(index: Index, query: Query, family: Family) -> Found:
    """The same for the question's numbers and dates; passages of its own family have them too."""
    spelled = value_words(query.text, family)
    held = index.held(list({term for each in spelled for term in each.terms}), family)
    found = [each for each in spelled if held.issuperset(each.terms)]
    return _bridged(index, query, found[:_MOST_VALUES])


def _bridged(index: Index, query: Query, found: Sequence[OtherWords]) -> Found:
    places = word_places(index.lexicon, query.terms) if found else []
    bridges = []
    for each in found:
        rows = [index.lexicon.vocabulary.rows([term]) for term in each.terms]
        asked = tuple(place for at in each.asked for place in places[at])
        if asked and all(rows):
            bridges.append(Bridge(asked, tuple(row for word in rows for row in word)))
    further = dict.fromkeys(term for each in found for term in each.telling)
    return [term for term in further if term not in query.terms], bridges
