"""What a Chinese question consists of, and which of its words point outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.fold import fold, fold_with_map
from rag.follow_up.chinese_words import (
    AFTER_VERBS,
    ASKING,
    ATTRIBUTES,
    COUNTRIES,
    MEASURES,
    OPENING_VERBS,
    ORGANISATIONS,
    PLACES,
    RELATIVE_TIMES,
    ROLES,
    SURNAMES,
    THINGS,
    VERBS,
)
from rag.follow_up.parts import Kind, Part, dates_of

Class = Literal["noun", "of", "and", "ask", "date", "verb", "other"]

_ASKING = re.compile(ASKING)
_NAME_TAGS = ("nr", "nrt", "nrfg", "ns", "nt", "nz")
_NOUN_TAGS = (*_NAME_TAGS, "n", "ng", "vn", "eng", "j", "b", "s", "an", "l", "i")
_ASKED_PAIRS = frozenset((("什么", "时候"), ("什么", "时间"), ("多少", "钱"), ("哪里", "人")))


@dataclass(frozen=True, slots=True)
class Token:
    """A word, folded, with jieba's part of speech and its span in the text as written."""

    text: str
    tag: str
    start: int
    end: int
    kind: Class

    @property
    def is_name(self) -> bool:
        """Whether jieba takes it for a name, or it is in Latin letters."""
        latin = self.kind == "noun" and self.text[0] < "\u2e80"
        return latin or (self.tag in _NAME_TAGS and not self.text.endswith(ROLES + ATTRIBUTES))


@lru_cache(64)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words and dates of a text, without spaces."""
    import rjieba

    folded = fold_with_map(text)
    dates = [(each.start, each.end) for each in dates_of(text)]
    cut: list[tuple[str, str, int, int]] = []
    at = 0
    for word, tag in rjieba.tag(folded.text, True):
        start, end = folded.span(at, at + len(word))
        at += len(word)
        date = next((each for each in dates if each[0] < end and start < each[1]), None)
        if date and cut and cut[-1][1] == "date" and cut[-1][2] == date[0]:
            continue
        if date:
            cut.append((fold(text[date[0] : date[1]]), "date", *date))
        elif not word.isspace():
            cut.append((word, tag, start, end))
    return tuple(Token(*each, _class_of(cut, place)) for place, each in enumerate(cut))


def _class_of(cut: Sequence[tuple[str, str, int, int]], at: int) -> Class:
    word, tag = cut[at][:2]
    before = cut[at - 1] if at else ("", "", 0, 0)
    after = cut[at + 1] if at + 1 < len(cut) else ("", "", 0, 0)
    if tag == "date" or word in RELATIVE_TIMES:
        return "date"
    if (before[0], word) in _ASKED_PAIRS:
        return "ask"
    if after[0] in ("了", "过", "着") and tag not in _NAME_TAGS:
        return "verb"
    if _ASKING.fullmatch(word) or (word == "多" and after[1] == "a"):
        return "ask"
    if word == "的":
        return "of"
    if word in ("和", "与", "及", "、", "以及", "·"):
        return "and"
    known = word.endswith(ROLES + ATTRIBUTES + ORGANISATIONS + THINGS)
    acts = word in VERBS or tag == "vn"
    if acts and (after[0] in AFTER_VERBS or _ASKING.match(after[0]) or word in VERBS):
        return "verb"
    if tag in _NOUN_TAGS or known or (tag == "x" and word[0].isalnum()):
        return "noun"
    if len(word) == 1 and tag[0] in "daf" and before[1] == "ns" and after[1][:1] == "n":
        return "noun"  # 南 都 电源
    opens = at == 0 or cut[at - 1][1] == "date"
    if (
        tag == "v"
        and opens
        and len(word) == 2
        and after[1][:1] == "n"
        and word not in OPENING_VERBS
    ):
        return "noun"  # a name that the tagger doesn't know
    common = before[1] in ("n", "vn") and after[1] in ("n", "vn")
    if tag == "v" and common and len(word) == 2 and word not in OPENING_VERBS:
        return "noun"  # 产业扶持政策
    return "verb" if tag[0] in "vp" else "other"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: tokens `first` to `last` (exclusive); its head begins at `head`."""

    first: int
    last: int
    head: int


def phrases_of(tokens: Sequence[Token]) -> list[Phrase]:
    """The noun phrases of a text; the head of one is what stands behind its last 的."""
    found, at = [], 0
    while at < len(tokens):
        if tokens[at].kind != "noun":
            at += 1
            continue
        first = head = at
        while at < len(tokens):
            if tokens[at].kind == "noun":
                at += 1
            elif (
                tokens[at].kind in ("of", "and")
                and at + 1 < len(tokens)
                and tokens[at + 1].kind == "noun"
            ):
                head = at + 1 if tokens[at].kind == "of" else head
                at += 1
            else:
                break
        found.append(Phrase(first, at, head))
    return found


def category_of(word: str) -> Literal["role", "attribute", "organisation", "place", "thing"]:
    """What sort of thing a noun names."""
    if word.endswith(ROLES):
        return "role"
    if word.endswith(ATTRIBUTES):
        return "attribute"
    if word.endswith(ORGANISATIONS):
        return "organisation"
    if word in COUNTRIES or (len(word) > 1 and word.endswith(PLACES)):
        return "place"
    return "thing"


@lru_cache(64)
def parts_of(question: str) -> tuple[Part, ...]:
    """What a question speaks of, in order; what it asks for comes last."""
    tokens = tokens_of(question)
    found: list[Part] = []
    asked: list[Part] = []
    for phrase in phrases_of(tokens):
        if _is_asked(tokens, phrase):
            asked += _asked_part(question, tokens, phrase)
        else:
            found += _parts_in(question, tokens, phrase)
    return tuple(found + asked)


def _is_asked(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Whether a phrase stands behind what is asked with: 哪些企业, 多少辆汽车."""
    before = tokens[phrase.first - 1] if phrase.first else None
    if before is None:
        return False
    if before.text in MEASURES and phrase.first > 1:
        before = tokens[phrase.first - 2]
    return before.kind == "ask" and before.text.startswith(("哪", "多少", "几", "什么"))


def _asked_part(question: str, tokens: Sequence[Token], phrase: Phrase) -> Iterator[Part]:
    """What a question asks for, told by its other words: 落户宁德的企业."""
    last = tokens[phrase.last - 1]
    asks = next(at for at, each in enumerate(tokens) if each.kind == "ask")
    rest = [each for each in tokens[phrase.last :] if each.kind != "ask" and each.tag != "x"]
    before = [each for each in tokens[:asks] if each.text not in ("有", "在", "是", "了")]
    spans = [(each[0].start, each[-1].end) for each in (before, rest) if each]
    if spans:
        name = question[tokens[phrase.first].start : last.end]
        clause = "".join(question[start:end] for start, end in spans).rstrip("的了")
        kind = _kind(category_of(last.text))
        yield Part(f"{clause}的{name}", kind, tokens[phrase.first].start, last.end, True, True)


def _kind(category: str) -> Kind:
    kinds: dict[str, Kind] = {"role": "role", "organisation": "organisation", "place": "place"}
    return kinds.get(category, "thing")


def _parts_in(question: str, tokens: Sequence[Token], phrase: Phrase) -> Iterator[Part]:
    """A phrase, unless it is a mere measure of something; then its owner and names."""
    inside = tokens[phrase.first : phrase.last]
    start, end = inside[0].start, inside[-1].end
    category = category_of(inside[-1].text)
    before = tokens[phrase.first - 1].text if phrase.first else ""
    weak = before in ("在", "于", "从", "到", "往")
    names = _leading_names(inside)
    text = question[start:end]
    plain = phrase.head == phrase.first
    if plain and names and names == len(inside):
        yield _named(question, inside, weak)
        return
    if category == "attribute":
        kind: Kind = "thing"
    elif plain and names and category == "thing" and len(fold(text)) <= 6:
        kind = kind_of_name(text, inside)
    else:
        kind = _kind(category)
    yield Part(text, kind, start, end, weak or category == "attribute")
    if not plain:
        owner = tokens[phrase.first : phrase.head - 1]
        if _leading_names(owner):
            yield _named(question, owner, weak)
        else:
            sort: Kind = "organisation" if category == "role" else "thing"  # 台積電的創辦人
            yield Part(question[start : owner[-1].end], sort, start, owner[-1].end, weak)
    elif names:
        yield _named(question, inside[:names], weak)


def _leading_names(tokens: Sequence[Token]) -> int:
    """How many tokens at the start are names."""
    return next((at for at, each in enumerate(tokens) if not each.is_name), len(tokens))


def _named(question: str, tokens: Sequence[Token], weak: bool) -> Part:
    start, end = tokens[0].start, tokens[-1].end
    text = question[start:end]
    kind = kind_of_name(text, tokens)
    return Part(text, kind, start, end, weak and kind == "place")


def kind_of_name(name: str, tokens: Sequence[Token] = ()) -> Kind:
    """What a name is of, by its endings and jieba's tags."""
    folded = fold(name)
    category = category_of(folded)
    if category in ("organisation", "place"):
        return _kind(category)
    tags = {each.tag for each in tokens}
    if tags == {"ns"}:
        return "place"
    if "·" in folded or (tags and tags <= {"nr", "nrt", "nrfg"} and is_person(folded)):
        return "person"
    return "name"


def is_person(name: str) -> bool:
    """Whether a name is built as that of a person: a surname and two characters or more."""
    return 3 <= len(name) <= 4 and name[0] in SURNAMES


def people_in(text: str) -> Iterator[str]:
    """The people whom a sentence names: 李靖康 of 总经理李靖康说."""
    tokens = tokens_of(text)
    at = 0
    while at < len(tokens):
        first = at
        while at < len(tokens) and tokens[at].tag in ("nr", "nrt", "nrfg"):
            at += 1
        if at > first:
            name = text[tokens[first].start : tokens[at - 1].end]
            before = tokens[first - 1].text if first else ""
            surnamed = 2 <= len(name) <= 4 and fold(name)[0] in SURNAMES
            if "·" in name or (surnamed and (len(name) > 2 or before.endswith(ROLES))):
                yield name
        at = max(at, first + 1)
