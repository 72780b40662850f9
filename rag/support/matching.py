"""Which words of a claim stand for which of its quote, in one language or across two.

Chinese is matched with Chinese by the longest runs that both have, English with English by stems,
and any two words by the vectors that rank passages, where those are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rag.embed.static import StaticEmbedder
from rag.fold import stem
from rag.pinyin import spellings
from rag.support.classes import members_at
from rag.support.clauses import Reading
from rag.support.concepts import idle_stems
from rag.support.negatives import VALUE
from rag.support.sounds import sounding_like
from rag.support.stated import bears_out
from rag.types import Vectors
from rag.values import Value
from rag.word_spans import PlacedWord, placed_words

_TRANSLATED = 0.45  # cosine of a word and its translation, at least
_SURE = 0.58
_ALIKE = 0.6  # of two words of one language
_LEAST_WEIGHT = 0.8  # of a word that says something
_LONGEST_RUN = 12
_IDLE_HAN = frozenset(
    "的了在是有和与及而也都就为于以其他这那一个之所被从到由中将把对并或等前后上下年月日"
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a word, run or value stands in a marked text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """A word or value of a claim and every place where the quote has it.

    `kind` is the class that it excludes others of (country, number, date), or empty. `sure` is
    false where only their vectors say that they may be the same.
    """

    said: Spot
    told: tuple[Spot, ...]
    kind: str = ""
    sure: bool = True


def matches(
    claim: Reading, quote: Reading, names: frozenset[str], lexicon: StaticEmbedder | None
) -> list[Match]:
    """What of a claim the quote has, in the claim's order, without overlap; `names` are folded."""
    found = [
        *_values(claim, quote),
        *_members(claim.marked, quote.marked),
        *_sounds(claim.marked, quote.marked, names),
        *_runs(claim.marked, quote.marked),
        *_numbers(claim.marked, quote.marked),
        *_words(claim.marked, quote.marked, lexicon),
    ]
    taken: list[Match] = []
    for each in _joined(found):
        if all(
            each.said.end <= other.said.start or other.said.end <= each.said.start
            for other in taken
        ):
            taken.append(each)
    return sorted(taken, key=lambda each: each.said.start)


def _joined(found: Sequence[Match]) -> list[Match]:
    """The matches, with all places in one where the same spot was matched several times."""
    joined: dict[Spot, Match] = {}
    for each in found:
        before = joined.get(each.said)
        told = tuple(dict.fromkeys([*before.told, *each.told])) if before else each.told
        joined[each.said] = Match(each.said, told, before.kind if before else each.kind, each.sure)
    return list(joined.values())


def value_spots(text: Reading) -> list[Spot]:
    """The values of a text, in order, where their marks stand."""
    return [
        Spot(match.start(), match.end(), value.text)
        for match, value in zip(re.finditer(VALUE, text.marked), text.values, strict=True)
    ]


def kind_of(value: Value) -> str:
    """What a value can be taken for another of: dates, sums in one currency, plain numbers."""
    return "date" if value.date else value.unit.replace("person", "") or "number"


def _values(claim: Reading, quote: Reading) -> Iterator[Match]:
    spots = value_spots(quote)
    for spot, value in zip(value_spots(claim), claim.values, strict=True):
        told = tuple(
            other
            for other, each in zip(spots, quote.values, strict=True)
            if bears_out(each, value, quote)
        )
        if told:
            yield Match(spot, told, kind_of(value))


def _members(said: str, told: str) -> Iterator[Match]:
    """Countries and the like, by what they are."""
    there = members_at(told)
    for name, member, start, end in members_at(said):
        spots = tuple(
            Spot(first, last, told[first:last])
            for other, each, first, last in there
            if (other, each) == (name, member)
        )
        if spots:
            yield Match(Spot(start, end, said[start:end]), spots, name)


def _runs(said: str, told: str) -> Iterator[Match]:
    """The longest runs of two Chinese characters or more that both have."""
    for part in re.finditer("[\u4e00-\u9fff]{2,}", said):
        at = part.start()
        while at < part.end() - 1:
            length = min(_LONGEST_RUN, part.end() - at)
            while length >= 2 and said[at : at + length] not in told:
                length -= 1
            run = said[at : at + length]
            if length < 2 or all(char in _IDLE_HAN for char in run):
                at += 1
                continue
            yield Match(Spot(at, at + length, run), tuple(_places(run, told)))
            at += length


def _numbers(said: str, told: str) -> Iterator[Match]:
    """Numbers that are names, such as those of houses: 4号."""
    there = [Spot(*each.span(), each.group()) for each in re.finditer(r"\d+", told)]
    for match in re.finditer(r"\d+", said):
        same = tuple(spot for spot in there if spot.text == match.group())
        if same:
            yield Match(Spot(*match.span(), match.group()), same, "numbered")


def _sounds(said: str, told: str, names: frozenset[str]) -> Iterator[Match]:
    """Names in Latin letters and Chinese characters that sound like them, either way round."""
    for latin, han, turned in ((said, told, False), (told, said, True)):
        for word in re.finditer(r"[a-z][a-z'’-]{3,}", latin):
            if stem(word.group()) not in names and word.group() not in names:
                continue
            for run in re.finditer("[\u4e00-\u9fff]{2,}", han):
                place = sounding_like(word.group(), run.group())
                if place:
                    start, end = run.start() + place[0], run.start() + place[1]
                    one, other = (
                        Spot(*word.span(), stem(word.group())),
                        Spot(start, end, han[start:end]),
                    )
                    yield Match(other, (one,), "sound") if turned else Match(one, (other,), "sound")


def _places(run: str, text: str) -> Iterator[Spot]:
    at = text.find(run)
    while at >= 0:
        yield Spot(at, at + len(run), run)
        at = text.find(run, at + 1)


@lru_cache(512)
def content_words(text: str) -> tuple[Spot, ...]:
    """The words of a marked text, the longest where they lie in each other; no idle ones."""
    placed = placed_words(text)
    return tuple(
        Spot(word.start, word.end, word.term)
        for at, word in enumerate(placed)
        if not _lies_inside(word, placed[at + 1 : at + 8])
        and word.term not in idle_stems()
        and not all(char in _IDLE_HAN for char in word.term)
        and not word.term[0].isdigit()
    )


def _lies_inside(word: PlacedWord, following: Sequence[PlacedWord]) -> bool:
    return any(
        other.start <= word.start
        and word.end <= other.end
        and other.end - other.start > word.end - word.start
        for other in following
    )


def _words(said: str, told: str, lexicon: StaticEmbedder | None) -> Iterator[Match]:
    """Words with the same stem, spelling or meaning."""
    there = content_words(told)
    own = content_words(said)
    similar = _similar(own, there, lexicon)
    for at, word in enumerate(own):
        same = [other for other in there if other.text == word.text or _spelled(word, other)]
        if not same and similar is not None:
            best = float(similar[at].max(initial=0.0))
            same = [
                other
                for other, cosine in zip(there, similar[at].tolist(), strict=True)
                if cosine >= max(best - 0.05, _least(word, other))
            ]
            if same:
                yield Match(word, tuple(same), sure=best >= _SURE)
        elif same:
            yield Match(word, tuple(same))


def _least(word: Spot, other: Spot) -> float:
    return _TRANSLATED if (word.text < "\u3007") != (other.text < "\u3007") else _ALIKE


def _spelled(word: Spot, other: Spot) -> bool:
    """Whether one is the other in Latin letters."""
    latin, han = sorted((word.text, other.text))
    if latin >= "\u3007" or han < "\u3007" or not 2 <= len(han) <= 4 or len(latin) < 4:
        return False
    return latin in _pinyin(han)


@lru_cache(4096)
def _pinyin(name: str) -> frozenset[str]:
    found = spellings(name)
    if len(name) > 2 and name[-1] in "区县市镇省":
        found = found + spellings(name[:-1])
    return frozenset(stem(each) for each in found)


def _similar(
    own: Sequence[Spot], there: Sequence[Spot], lexicon: StaticEmbedder | None
) -> Vectors | None:
    if lexicon is None or not own or not there:
        return None
    vectors = [_vectors(words, lexicon) for words in (own, there)]
    similar: Vectors = vectors[0] @ vectors[1].T
    return similar


def _vectors(words: Sequence[Spot], lexicon: StaticEmbedder) -> Vectors:
    """One unit vector a word; zero for a word that has no row of its own."""
    rows = [lexicon.vocabulary.rows([word.text]) for word in words]
    found = np.zeros((len(words), lexicon.dim), dtype=np.float32)
    known = [at for at, each in enumerate(rows) if len(each) == 1]
    if known:
        ids = np.array([rows[at][0] for at in known], dtype=np.int32)
        found[known] = lexicon.word_vectors(ids)
    return found
