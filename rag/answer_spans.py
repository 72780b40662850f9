"""The spans of a sentence that could be an answer of a kind: values, names, words of reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rag.answer_type import AnswerType
from rag.fold import fold
from rag.sentences import Span
from rag.types import Language
from rag.values import Value, find_values

VALUE_KINDS: dict[AnswerType, tuple[str, ...]] = {
    "number": ("number",),
    "money": ("money",),
    "share": ("share",),
    "date": ("date",),
    "duration": ("duration",),
}
_FOREIGN_NAME = re.compile("[\u4e00-\u9fff]+(?:[·•‧・][\u4e00-\u9fff]+)+")
CUES: dict[AnswerType, re.Pattern[str]] = {
    "reason": re.compile(
        r"因[为為此而]|由[于於]|所以|因此|从而|從而|导致|導致|致使|[为為]了|旨在|以便|以免|原因|[缘緣]故|得益[于於]"
        r"|\b(?:because|due to|owing to|thanks to|since|as a result|therefore|thus|so that|led to"
        r"|in order to|result(?:ed|ing|s) (?:in|from)|reasons?|caus(?:e|es|ed|ing))\b",
        re.IGNORECASE,
    ),
    "definition": re.compile(
        r"[是为為]一[种種个個类類项項家座位名部]|指的?是|是指|意思是|即[为為是]|[称稱]为|[称稱]為|定[义義]"
        r"|\b(?:is|are|was|were) (?:an?|the|any|one of)\b"
        r"|\b(?:refers? to|means?|known as|defined as)\b",
        re.IGNORECASE,
    ),
}
"""What introduces a reason or a definition."""

_CAPITALISED = re.compile(
    r"[A-Z][\w.&'’-]*(?:\s+(?:(?:of|the|de|van|von|bin|al|&)\s+)?[A-Z][\w.&'’-]*)*"
)
_BEFORE_PLACE = re.compile(r"\b(?:in|at|from|to|near|of|into|around|outside|across)\s+(?:the\s+)?$")
_COMMON = """
the a an this that these those it he she they we i in on at for to by as but and or if of its his
her their there then when while after before since during with from under according statistics
reporter january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
"""
_NOT_NAMES = frozenset(_COMMON.split())
_EN_ORGANISATION = re.compile(
    r"\b(?:Group|Compan(?:y|ies)|Corp(?:oration)?|Co|Ltd|Inc|LLC|PLC|Bank|Universit(?:y|ies)|Bureau"
    r"|Ministry|Institute|Association|Committee|Agency|Daily|Times|News|Press|Technology"
    r"|Technologies|Energy|Holdings|Motors?|Airlines?|Council|Commission|Union|Party|Club)\b"
)
_NOT_IN_NAMES = re.compile(
    "[由在与與和向为為被是对對从從于於了及把将將到给給的让讓]|如果|引进|引進|包括|如"
)
_ZH_ORGANISATION = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()]{2,24}?(?:有限责任公司|有限責任公司|股份有限公司|有限公司|公司|集团|集團"
    r"|银行|銀行|大学|大學|研究院|研究所|日报|日報|委员会|委員會|协会|協會)+"
)


@lru_cache(512)  # a sentence's are asked for several times in a row
def values_in(text: str) -> tuple[Value, ...]:
    """The values of a text, as `rag.values.find_values` finds them."""
    return tuple(find_values(text))


def candidate_spans(sentence: str, kind: AnswerType, language: Language) -> list[Span]:
    """The spans of a sentence that could be an answer of a kind; for a reason or a definition the
    words that introduce one."""
    if kind in VALUE_KINDS:
        return [Span(v.start, v.end) for v in _values(sentence, kind)]
    if kind in CUES:
        return [Span(*cue.span()) for cue in CUES[kind].finditer(sentence)]
    if kind == "other":
        return []
    return _english_names(sentence, kind) if language == "en" else _chinese_names(sentence, kind)


def has_transliterated(sentence: str) -> bool:
    """Whether a Chinese sentence has a foreign name, whose beginning can't be told."""
    return _FOREIGN_NAME.search(sentence) is not None


def _values(sentence: str, kind: AnswerType) -> list[Value]:
    wanted = VALUE_KINDS[kind]
    return [value for value in values_in(sentence) if value.kind in wanted]


def _english_names(sentence: str, kind: AnswerType) -> list[Span]:
    found = []
    for match in _CAPITALISED.finditer(sentence):
        whole = name = match.group().rstrip(".'’-")
        while name and name.split()[0].lower() in _NOT_NAMES:
            name = "".join(name.split(maxsplit=1)[1:])
        if not name:
            continue
        start = match.start() + len(whole) - len(name)
        organisation = bool(_EN_ORGANISATION.search(name))
        if (
            (kind == "organisation" and organisation)
            or (kind == "person" and not organisation and " " in name)
            or (kind == "place" and not organisation and _BEFORE_PLACE.search(sentence[:start]))
        ):
            found.append(Span(start, start + len(name)))
    return found


def _chinese_names(sentence: str, kind: AnswerType) -> list[Span]:
    if kind == "organisation":
        return list(_chinese_organisations(sentence))
    import rjieba

    wanted = "nr" if kind == "person" else "ns"
    found: list[Span] = []
    at = 0
    folded = fold(sentence)
    if len(folded) != len(sentence):
        return []
    if transliterated := list(_FOREIGN_NAME.finditer(sentence)):
        # there is one, but the cutter can't tell where it begins
        return [Span(*name.span()) for name in transliterated] if kind == "person" else []
    for word, tag in rjieba.tag(folded, True):
        end = at + len(word)
        joined = found and kind == "place" and found[-1].end == at and tag == wanted
        if joined:
            found[-1] = Span(found[-1].start, end)
        elif tag.startswith(wanted) and len(word) > 1:
            found.append(Span(at, end))
        at = end
    return found


def _chinese_organisations(sentence: str) -> Iterator[Span]:
    """From the last word that can't be part of a name to the company, group or office."""
    for match in _ZH_ORGANISATION.finditer(sentence):
        start, end = match.span()
        cuts = [cut.end() for cut in _NOT_IN_NAMES.finditer(sentence, start, end - 3)]
        yield Span(cuts[-1] if cuts else start, end)
