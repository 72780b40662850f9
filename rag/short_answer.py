"""The short answer inside a sentence: a number, sum, share, date, duration or name.

Nothing is made up: a short answer is a span of the evidence, with its value told in the asker's
language beside it. Where no span of the right kind stands near the question's words, there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.answer_type import AnswerType
from rag.embed.static import StaticEmbedder
from rag.fold import fold, words
from rag.language import to_script
from rag.rerank import match_words
from rag.sentences import Span
from rag.types import Evidence, Language, Query, family_of
from rag.values import Value, find_values, render

VALUE_KINDS: dict[AnswerType, tuple[str, ...]] = {
    "number": ("number",),
    "money": ("money",),
    "share": ("share",),
    "date": ("date",),
    "duration": ("duration",),
}
_FOREIGN_NAME = re.compile("[\u4e00-\u9fff][·•‧・][\u4e00-\u9fff]")
_ASKED_MEASURE = re.compile(r"(?:多少|几)([个家名项台条位只座种次件辆艘亩栋间所])")
_ASKED_NOUN = re.compile(
    r"\bhow many ((?:(?!(?:did|does?|is|are|was|were|ha[sd]|have|can|could|will|would|of|in|at|on)"
    r"\b)[a-z'-]+ ?){1,3})"
)
_ASKED_YEAR = re.compile(r"[哪何]一?个?年|\b(?:what|which) year\b")
_YEAR = re.compile(
    r"(?:民[國国])\s?\d{1,3}\s?年|(?:19|20|1[0-8])\d\d\s?年?|[一二][〇零○一二三四五六七八九]{3}年"
)
_COUNTED_WITHIN = 4  # words behind a number, in which what it counts stands
_NEAR = {"zh": 24, "en": 70}  # characters to both sides that say what a span is about
_CLOSE = 0.85  # of the best sentence's score
_CLEARLY = 0.03  # by which a span must lead the next one
_MET = 0.35  # the question must be met this well around a short answer

_CAPITALISED = re.compile(
    r"[A-Z][\w.&'’-]*(?:\s+(?:(?:of|the|de|van|von|bin|al)\s+)?[A-Z][\w.&'’-]*)*"
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
def _values_in(text: str) -> tuple[Value, ...]:
    return tuple(find_values(text))


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """`text` as the asker reads it, `value` what it means, if anything, `evidence` its place."""

    text: str
    value: Value | None
    evidence: Evidence


def candidate_spans(sentence: str, kind: AnswerType, language: Language) -> list[Span]:
    """The spans of a sentence that could be an answer of a kind."""
    if kind in VALUE_KINDS:
        return [Span(v.start, v.end) for v in _values(sentence, kind)]
    if kind == "other":
        return []
    return _english_names(sentence, kind) if language == "en" else _chinese_names(sentence, kind)


def _values(sentence: str, kind: AnswerType) -> list[Value]:
    wanted = VALUE_KINDS[kind]
    return [value for value in _values_in(sentence) if value.kind in wanted]


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
    if len(folded) != len(sentence) or _FOREIGN_NAME.search(sentence):
        return []  # the cutter can't tell where a transliterated name begins
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


def short_answer(
    lexicon: StaticEmbedder,
    query: Query,
    kind: AnswerType,
    evidence: Sequence[Evidence],
    language: Language,
) -> ShortAnswer | None:
    """The short answer in the first of the sentences that has one, told in `language`.

    A sentence far behind the best one is not asked: better none than a wrong one.
    """
    for each in evidence:
        if each.score < _CLOSE * evidence[0].score:
            break
        span = _best_span(lexicon, query, kind, each)
        if span is not None:
            original = each.text[span.start : span.end]
            value = _value_of(each.text, span) if kind in VALUE_KINDS else None
            return ShortAnswer(_told(original, value, each, language), value, each)
    return None


def _value_of(sentence: str, span: Span) -> Value | None:
    """What a span means: as the sentence has it, or by itself if it is a part of a date."""
    for value in _values_in(sentence):
        if (value.start, value.end) == span:
            return value
    alone = sentence[span.start : span.end]
    return next((value for value in _values_in(alone) if value.text == alone), None)


def _told(original: str, value: Value | None, evidence: Evidence, language: Language) -> str:
    """The span in the asker's language: as it stands, in their script, or as value and span."""
    written = evidence.hit.document.language
    if family_of(written) == family_of(language):
        return original if written == language else to_script(original, language)
    if value is None:
        return original
    told = render(value, language)
    same = fold(told).replace(" ", "") == fold(original).replace(" ", "")
    return original if same else f"{told} ({original})"


def _repeats(question: str, span: str) -> bool:
    """Whether a question has the words of a span, not as a part of a longer word or number."""
    whole = rf"(?<![a-z0-9])(?<!\d[.,]){re.escape(fold(span))}(?![a-z0-9]|[.,]\d)"
    return re.search(whole, fold(question)) is not None


def _measured(question: str, sentence: str, spans: list[Span]) -> list[Span]:
    """The numbers counted as the question counts: 几家 with 家 or with no measure word, how many
    ships before ships where there are such."""
    asked = _ASKED_MEASURE.search(fold(question))
    if asked is not None:
        measures = {(value.start, value.end): value.measure for value in _values_in(sentence)}
        return [span for span in spans if fold(measures.get(span, "")) in ("", asked[1])]
    counted = _ASKED_NOUN.search(fold(question))
    if counted is None:
        return spans
    nouns = set(words(counted[1]))
    before = [span for span in spans if nouns & set(words(sentence[span.end :])[:_COUNTED_WITHIN])]
    return before or spans


def _year_alone(question: str, sentence: str, spans: list[Span]) -> list[Span]:
    """The years of dates, where the question asks for no more."""
    if _ASKED_YEAR.search(fold(question)) is None:
        return spans
    found = [(span, _YEAR.search(sentence, span.start, span.end)) for span in spans]
    return [Span(*year.span()) if year else span for span, year in found]


def spans_met(
    lexicon: StaticEmbedder, query: Query, kind: AnswerType, sentence: str, language: Language
) -> tuple[list[Span], NDArray[np.float32]]:
    """The spans of a sentence that could be the answer and that the question does not name, and
    how well what stands around each meets the question (MaxSim)."""
    candidates = candidate_spans(sentence, kind, language)
    if not candidates:
        return [], np.zeros(0, np.float32)
    asked = _values_in(query.text)
    named = {(value.start, value.end) for value in _values_in(sentence) if value in asked}
    spans = [
        span
        for span in candidates
        if span not in named and not _repeats(query.text, sentence[span.start : span.end])
    ]
    if kind == "number":
        spans = _measured(query.text, sentence, spans)
    elif kind == "date":
        spans = _year_alone(query.text, sentence, spans)
    near = _NEAR["en" if language == "en" else "zh"]
    around = [
        lexicon.token_ids(words(sentence[max(0, start - near) : end + near // 2]))
        for start, end in spans
    ]
    return spans, match_words(lexicon, lexicon.token_ids(query.terms), around).maxsim


def _best_span(
    lexicon: StaticEmbedder, query: Query, kind: AnswerType, evidence: Evidence
) -> Span | None:
    """The span whose surroundings clearly meet the question best, of those it doesn't name."""
    sentence = evidence.text
    spans, met = spans_met(lexicon, query, kind, sentence, evidence.hit.document.language)
    if not spans:
        return None
    first, *rest = np.argsort(-met)
    names = {sentence[span.start : span.end] for span in spans}
    if kind not in VALUE_KINDS and len(names) > 1:
        return None  # which of several names is meant is more than nearness can tell
    if met[first] < _MET or (rest and met[first] - met[rest[0]] < _CLEARLY):
        return None
    return spans[int(first)]
