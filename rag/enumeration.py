"""Enumerations in a sentence: 北京、上海和广州; coal, iron ore and timber."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.fold import fold
from rag.sentences import Span

_ZH_ITEM = (
    r"(?:《[^》]{1,40}》|「[^」]{1,30}」|“[^”]{1,30}”"
    r"|[^\s、，,。；;：:！？!?（）()《》「」“”]{1,24})"
)
_ZH_ASIDE = r"(?:[（(][^（）()]{1,40}[）)])?"
_ZH_ONE = f"{_ZH_ITEM}{_ZH_ASIDE}"
_CHINESE = re.compile(f"{_ZH_ONE}(?:、{_ZH_ONE})+(?:，?(?:以及|[和及与與]){_ZH_ONE})?")
_ZH_AND = re.compile(r"(?<=.)(?:以及|[和及與与跟暨])(?=.)")
_ZH_AND_FIRST = re.compile(r"(?:以及|[和及与與](?:其他|其它)?)(?=.)")
_ZH_ENDS = re.compile(
    r"等(?!级|級|于|於|待)|[组組構构]成|共[一二三四五六七八九十\d兩两]+[个個种種]"
)
_BRACKETS = ("《》", "「」", "“”", "（）", "()")
_OPENING = "《「“（("
_FAR_LONGER = 2.0  # than most of the items
_ZH_LEADS = re.compile(
    r".*(?:包括|包含|包括了|分别|分別|设有|設有|含有|拥有|擁有|具有|还有|還有|共有|只有|没有|沒有|就是"
    r"|即是|称为|稱為|分为|分為|成为|成為|例如|比如|譬如|诸如|諸如|来自|來自|位于|位於|分布在|经过|經過"
    r"|途经|途經|有(?!限|关|關|机|機|色|线|線)|为(?!了)|為(?!了)|是|由(?!于|於)|在(?!线|線)|于|於|把|将|將|对|對|向|从|從|到|了|与|與|如|以|等)"
)
_EN_ITEM = r"(?:[^\s,;:.!?()]+ ){0,7}[^\s,;:.!?()]+(?: \([^()]{1,40}\))?"
_ENGLISH = re.compile(rf"{_EN_ITEM}(?:, {_EN_ITEM})+,? (?:and|or|as well as|&) {_EN_ITEM}")
_EN_LONGEST = 6  # words of an item
_EN_AND = re.compile(r",? (?:and|or|as well as|&) ")
_EN_LEADS = re.compile(
    r".*\b(?:includ(?:e|es|ed|ing)|such as|namely|like|contain(?:s|ed|ing)?|compris(?:e|es|ed|ing)"
    r"|consist(?:s|ed|ing)? of|between|among|with|from|are|is|were|was|be|been|by|of|to|in|at|on"
    r"|for|into|as|called|named|has|have|had|that|which|who|where)\s+(?:the\s+)?(?=\S)",
    re.IGNORECASE,
)
_EN_ENDS = re.compile(
    r"\s(?:in|at|on|to|for|from|by|with|that|which|who|where|when|while|as|are|is|were|was|have|has"
    r"|had|will|would|can|could|during|after|before|since|under|over|through)\b"
)


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Two items or more of a text, and the span from the start of the first to the end of the
    last."""

    span: Span
    items: tuple[Span, ...]


def find_enumerations(text: str) -> list[Enumeration]:
    """The enumerations of a sentence, in order. Where the first item begins and the last one ends
    is told from the words around them, and may be a word too far."""
    return [*_chinese(text), *_english(text)]


def _chinese(text: str) -> Iterator[Enumeration]:
    for match in _CHINESE.finditer(text):
        start, end = match.span()
        marks = [
            at for at in range(start, end) if text[at] == "、" and not _inside(text, start, at)
        ]
        if not marks or _inside(text, 0, start):
            continue
        lead = _ZH_LEADS.match(text[start : marks[0]])
        if lead and start + lead.end() < marks[0]:
            start += lead.end()
        items = _between(start, marks, end)
        items += _last_ones(text, items.pop())
        yield _enumeration(_trimmed(text, items))


def _between(start: int, marks: Sequence[int], end: int) -> list[Span]:
    edges = [start - 1, *marks, end]
    return [Span(one + 1, other) for one, other in pairwise(edges)]


def _inside(text: str, start: int, at: int) -> bool:
    """Whether a place lies within brackets that were opened behind `start`."""
    before = text[start:at]
    return any(before.count(pair[0]) > before.count(pair[1]) for pair in _BRACKETS)


def _last_ones(text: str, last: Span) -> list[Span]:
    """The last item, as two where 和 or its like joins them; without 等 and what follows."""
    said = text[last.start : last.end]
    ended = _ZH_ENDS.search(said)
    if ended and ended.start():
        said = said[: ended.start()]
    opened = _ZH_AND_FIRST.match(said)
    start = last.start + (opened.end() if opened else 0)
    said = said[opened.end() :] if opened else said
    joint = None if opened else _ZH_AND.search(said)
    if joint is None:
        return [Span(start, start + len(said))]
    return [Span(start, start + joint.start()), Span(start + joint.end(), start + len(said))]


def _trimmed(text: str, items: list[Span]) -> list[Span]:
    """The items, the first and the last without the words of the sentence around them, which are
    there where they are far longer than the others."""
    if len(items) < 2:
        return items
    first, last = items[0], items[-1]
    usual = sorted(end - start for start, end in items)[(len(items) - 1) // 3]
    if _runs_on(text[first.start : first.end], usual):
        at = _word_start(text[first.start : first.end], usual)
        items[0] = Span(first.start + at, first.end)
    if _runs_on(text[last.start : last.end], usual):
        at = _word_end(text[last.start : last.end], usual)
        items[-1] = Span(last.start, last.start + at)
    return items


def _runs_on(item: str, usual: int) -> bool:
    """Whether an item is so long that it must have words around it; not one with brackets."""
    return len(item) > _FAR_LONGER * usual and not any(sign in item for sign in _OPENING)


def _word_start(text: str, length: int) -> int:
    """Where the last words of a text begin that together have at least a length."""
    at = len(text)
    for word in reversed(_cut(text)):
        at -= len(word)
        if len(text) - at >= length:
            break
    return at


def _word_end(text: str, length: int) -> int:
    at = 0
    for word in _cut(text):
        at += len(word)
        if at >= length:
            break
    return at


def _cut(text: str) -> list[str]:
    import rjieba

    found: list[str] = rjieba.cut(text, True)
    return found


def _english(text: str) -> Iterator[Enumeration]:
    for match in _ENGLISH.finditer(text):
        start, end = match.span()
        *_, joint = _EN_AND.finditer(text, start, end)
        commas = [at for at in range(start, joint.start()) if text.startswith(", ", at)]
        lead = _EN_LEADS.match(text[start : commas[0]])
        if lead and start + lead.end() < commas[0]:
            start += lead.end()
        ended = _EN_ENDS.search(text, joint.end(), end)
        starts = [start, *(at + 2 for at in commas), joint.end()]
        ends = [*commas, joint.start(), ended.start() if ended else end]
        items = [Span(*item) for item in zip(starts, ends, strict=True)]
        items[0] = _without_opening(text, items)
        if _of_a_kind([text[a:b] for a, b in items]):
            yield _enumeration(items)


def _without_opening(text: str, items: Sequence[Span]) -> Span:
    """The first item; its last word, where it begins its sentence and the others begin small."""
    first, second = items[0], items[1]
    if text[first.start].isupper() and not text[second.start].isupper():
        return Span(text.rfind(" ", first.start, first.end) + 1 or first.start, first.end)
    return first


def _of_a_kind(items: Sequence[str]) -> bool:
    """Whether short English phrases, none a number, all or none beginning with a capital."""
    capitals = {item[:1].isupper() for item in items}
    few = all(len(item.split()) <= _EN_LONGEST for item in items)
    return few and len(capitals) == 1 and not any(item[:1].isdigit() for item in items)


def _enumeration(items: Sequence[Span]) -> Enumeration:
    return Enumeration(Span(items[0].start, items[-1].end), tuple(items))


_LIST = re.compile(
    r"哪些|哪[几幾两兩二三四五六七八九十]|列[出举舉]|有什么[^，。？?]{0,8}(?:措施|项目|产品|企业|公司|城市|景点|作品|特点|特征|成员)"
    r"|分别是|分别为|各是|都有(?:谁|什么|哪)"
    r"|\b(?:list|name|enumerate)\s+(?:all|the|some|every|two|three|four|five)\b"
    r"|\b(?:what|which) (?:are|were)\b|\b(?:what|which) (?:two|three|four|five|six)\b"
    r"|\b(?:which|what) (?:\w+ ){0,2}(?:cities|countries|companies|provinces|counties|projects"
    r"|areas|industries|measures|products|regions|towns|places|people|languages|universities|firms|parties"
    r"|states|factors|types|kinds|groups|members|organi[sz]ations|materials|policies|services)\b"
)


def asks_for_list(question: str) -> bool:
    """Whether a question asks for more than one thing: 哪些, which cities, list the ..."""
    return _LIST.search(fold(question)) is not None
