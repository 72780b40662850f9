"""What an English question consists of, and which of its words point outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from rag.fold import stem
from rag.follow_up.english_words import (
    ALSO_VERBS,
    ASIDES,
    ATTRIBUTES,
    AUXILIARIES,
    BOUNDARIES,
    DETERMINERS,
    NOT_ANTECEDENTS,
    ORGANISATIONS,
    PLACES,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    THINGS,
    WH,
    verb_stems,
)
from rag.follow_up.parts import Kind, Part, dates_of

Class = Literal[
    "wh", "aux", "prep", "and", "det", "pronoun", "verb", "aside", "noun", "date", "mark"
]

_TOKEN = re.compile(r"[^\W\d_](?:[\w&]|['’.-](?=\w))*|\d[\d,.]*\w*%?|[^\w\s]")
_POSSESSIVE = re.compile(r"['’]s?$")
_ORGANISATION_NAME = re.compile(
    r"(?:Group|Compan(?:y|ies)|Corp(?:oration)?|Co|Ltd|Inc|LLC|PLC|Bank|University|Bureau|Ministry"
    r"|Institute|Association|Committee|Agency|Daily|Times|News|Press|Technolog(?:y|ies)|Energy"
    r"|Holdings|Motors?|Airlines?|Council|Commission|Union|Party|Club|Electric|Steel|Power)$"
)
_PLACE_PREPOSITIONS = frozenset(("in", "at", "from", "to", "near", "into", "around", "across"))
_SINGULAR_S = ("ss", "us", "is", "news", "series", "headquarters")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, date or mark; `low` is the word in lower case without a possessive ending."""

    text: str
    low: str
    start: int
    end: int
    kind: Class
    is_name: bool = False
    is_owner: bool = False


@lru_cache(64)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words, dates and marks of a text."""
    dates = [(each.start, each.end) for each in dates_of(text)]
    found: list[Token] = []
    shouted = text.isupper()
    at = 0
    while match := _TOKEN.search(text, at):
        start, end = match.span()
        at = end
        date = next((each for each in dates if each[0] <= start < each[1]), None)
        if date:
            at = max(end, date[1])
            found.append(Token(text[start:at], text[start:at].lower(), start, at, "date"))
            continue
        word = match.group()
        plain = _POSSESSIVE.sub("", word).replace("’", "'")
        low = plain.lower() if plain.lower() not in ("it", "that") else word.lower()
        before = found[-1] if found else None
        kind = _class_of(word, low, before)
        named = word[0].isupper() or word[0] > "\u3006"
        is_name = kind == "noun" and named and not shouted and word[0].isalpha()
        found.append(Token(word, low, start, end, kind, is_name, plain != word and kind == "noun"))
    return tuple(found)


def _class_of(word: str, low: str, before: Token | None) -> Class:
    if not word[0].isalnum():
        return "mark"
    after_name = before is not None and before.is_name and word[0].isupper()
    if after_name and low not in AUXILIARIES | PREPOSITIONS | BOUNDARIES:
        return "noun"
    for words, kind in _CLOSED:
        if low in words:
            return kind
    if before is not None and word[0].isupper():
        return "noun"
    if low in _NOUNS or low.endswith(_NOUN_ENDINGS) or _wants_noun(before):
        return "noun"
    return "verb" if stem(low) in verb_stems() or (low.endswith("ed") and len(low) > 4) else "noun"


def _wants_noun(before: Token | None) -> bool:
    """Whether the word behind can't be a verb."""
    if before is None or before.low == "to":
        return False
    return before.kind in ("det", "prep") or before.is_owner or before.low in _POSSESSIVES


_POSSESSIVES = frozenset(("its", "their", "his", "her", "my", "our", "your"))
_NOUN_ENDINGS = ("ment", "ments", "tion", "tions", "sion", "sions", "ance", "ence", "ity", "ship")
_NOUNS = (ROLES | ORGANISATIONS | PLACES | THINGS | ATTRIBUTES) - ALSO_VERBS


_CLOSED: tuple[tuple[frozenset[str], Class], ...] = (
    (WH, "wh"),
    (AUXILIARIES, "aux"),
    (PRONOUNS, "pronoun"),
    (DETERMINERS, "det"),
    (PREPOSITIONS, "prep"),
    (
        frozenset(("and", "but", "or", "because", "if", "whether", "while", "although", "though")),
        "and",
    ),
    (ASIDES, "aside"),
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: tokens `first` to `last` (exclusive); its head is its last word."""

    first: int
    last: int
    head: str


def phrases_of(tokens: Sequence[Token]) -> list[Phrase]:
    """The noun phrases of a text, those after an `of` on their own."""
    found, at = [], 0
    while at < len(tokens):
        first = at
        if tokens[at].kind == "det" and at + 1 < len(tokens):
            at += 1
        nouns = at
        while at < len(tokens) and (
            tokens[at].kind == "noun"
            or (tokens[at].kind == "verb" and at > first and _is_inside(tokens, at))
        ):
            at += 1
        if at > nouns:
            found.append(Phrase(first, at, tokens[at - 1].low))
        else:
            at = first + 1
    return found


def _is_inside(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word that may be a verb stands within a noun phrase: the steel export value."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    return (
        after is not None
        and after.kind == "noun"
        and not after.is_name
        and tokens[at - 1].kind in ("det", "noun")
        and tokens[at].low.endswith("ing")
    )


@lru_cache(64)
def parts_of(question: str) -> tuple[Part, ...]:
    """What a question speaks of, in order; what it asks for comes last."""
    tokens = tokens_of(question)
    found: list[Part] = []
    asked: list[Part] = []
    phrases = phrases_of(tokens)
    for at, phrase in enumerate(phrases):
        before = tokens[phrase.first - 1] if phrase.first else None
        if phrase.head in NOT_ANTECEDENTS and not tokens[phrase.last - 1].is_name:
            continue
        if before and (before.kind == "wh" or before.low in ("many", "much")):
            asked += _asked_part(question, tokens, phrase)
            continue
        found += _parts_in(question, tokens, phrases, at)
    return (*_joined(question, found), *found, *asked)


def _joined(question: str, parts: Sequence[Part]) -> Iterator[Part]:
    """Two names with an `and` between them, as one."""
    for first, second in pairwise(parts):
        between = question[first.end : second.start].strip()
        if first.kind == second.kind and between in ("and", "&"):
            text = question[first.start : second.end]
            yield Part(text, first.kind, first.start, second.end, True, True)


def _parts_in(
    question: str, tokens: Sequence[Token], phrases: Sequence[Phrase], at: int
) -> Iterator[Part]:
    """A phrase with what belongs to it, then the names inside."""
    phrase = phrases[at]
    before = tokens[phrase.first - 1] if phrase.first else None
    last = phrase.last
    for other in phrases[at + 1 :]:
        if other.first != last + 1 or tokens[last].low != "of":
            break
        last = other.last
    start, end = tokens[phrase.first].start, tokens[last - 1].end
    head = tokens[phrase.last - 1]
    text = question[start:end]
    names = list(_names_in(question, tokens, phrase))
    nouns = [each for each in tokens[phrase.first : last] if each.kind == "noun"]
    if last > phrase.last and all(each.is_name and not each.is_owner for each in nouns):
        yield Part(text, kind_of_name(text), start, end)  # Dream of the Red Chamber
        return
    is_place = before is not None and before.low in _PLACE_PREPOSITIONS
    whole_name = bool(names) and not head.is_owner and names[-1].end == end and last == phrase.last
    lone = whole_name and all(
        each.is_name or each.kind == "det" for each in tokens[phrase.first : phrase.last]
    )
    if not lone and not head.is_owner:
        plural = is_plural(head.low) and not head.is_name
        kind = kind_of_head(head.low)
        bare = not (plural or names) and tokens[phrase.first].kind != "det"
        weak = bare or is_measure(tokens, phrase) or (is_place and kind != "organisation")
        yield Part(text, kind, start, end, weak, plural)
    for name in names:
        weak = is_place and name.kind == "place" and name.end == end
        yield Part(name.text, name.kind, name.start, name.end, weak)


def is_measure(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Whether a phrase is only what is asked of something: the fee, in what is the fee for a
    passport."""
    if phrase.head in ATTRIBUTES:
        return True
    asked = tokens[0].low == "what" and phrase.first == 2 and tokens[1].kind == "aux"
    behind = tokens[phrase.last].low if phrase.last < len(tokens) else ""
    named = any(each.is_name for each in tokens[phrase.first : phrase.last])
    return asked and behind in ("of", "in", "for", "at", "per") and not named


def _names_in(question: str, tokens: Sequence[Token], phrase: Phrase) -> Iterator[Part]:
    at = phrase.first
    before = tokens[at - 1].low if at else ""
    while at < phrase.last:
        if not tokens[at].is_name:
            at += 1
            continue
        first = at
        while at < phrase.last and tokens[at].is_name:
            at += 1
            if tokens[at - 1].is_owner:
                break
        start, end = tokens[first].start, tokens[at - 1].end
        kind = kind_of_name(_POSSESSIVE.sub("", question[start:end]), before)
        if first == phrase.first + 1 and at == phrase.last and tokens[first - 1].low == "the":
            start = tokens[first - 1].start  # the Data Security Law
        text = question[start:end]
        text = _POSSESSIVE.sub("", text) if tokens[at - 1].is_owner else text
        yield Part(text, kind, start, start + len(text))


def kind_of_name(name: str, before: str = "") -> Kind:
    """What a name is of, by its words and the one before it."""
    if _ORGANISATION_NAME.search(name) or (name.isupper() and len(name) > 1):
        return "organisation"
    if stem(name.rsplit(" ", 1)[-1].lower()) in _PLACE_STEMS or before in _PLACE_PREPOSITIONS:
        return "place"
    return "name"


_PLACE_STEMS = frozenset(stem(word) for word in PLACES)


def kind_of_head(head: str) -> Kind:
    singular = head[:-1] if is_plural(head) else head
    for words, kind in _HEADS:
        if head in words or singular in words:
            return kind
    return "thing"


_HEADS: tuple[tuple[frozenset[str], Kind], ...] = (
    (ROLES, "role"),
    (ORGANISATIONS | {"companie", "universitie", "agencie"}, "organisation"),
    (PLACES | {"citie", "countie", "countrie"}, "place"),
)


def is_plural(word: str) -> bool:
    return word in ("people", "men", "women", "children") or (
        len(word) > 3 and word.endswith("s") and not word.endswith(_SINGULAR_S)
    )


def _asked_part(question: str, tokens: Sequence[Token], phrase: Phrase) -> Iterator[Part]:
    """What a question asks for, told by its other words: the companies that settled in Ningde."""
    end = tokens[phrase.last - 1].end
    name = question[tokens[phrase.first].start : end]
    head = tokens[phrase.last - 1].low
    rest = tokens[phrase.last :]
    if rest and rest[0].kind == "aux" and rest[0].low in ("do", "does", "did"):
        rest = rest[1:]
    while rest and rest[-1].kind == "mark":
        rest = rest[:-1]
    if rest:
        clause = question[rest[0].start : rest[-1].end]
        text = f"the {name} that {clause}"
        yield Part(text, kind_of_head(head), tokens[phrase.first].start, end, True, is_plural(head))


def is_question(tokens: Sequence[Token]) -> bool:
    """Whether a text asks with a verb: what has none is a fragment."""
    return any(each.kind in ("wh", "aux", "verb") for each in tokens)
