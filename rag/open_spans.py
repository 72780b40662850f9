"""The spans of a sentence that a question leaves open: not those that it names itself, and in the
measure that it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer_roles import content_words
from rag.answer_spans import values_in
from rag.answer_type import AnswerType
from rag.fold import FIRST_HAN, fold, words
from rag.pinyin import RANKS, spellings
from rag.sentences import Span

_ASKED_MEASURE = re.compile(r"(?:多少|几)([个家名项台条位只座种次件辆艘亩栋间所])")
_ASKED_UNIT = re.compile(r"(?:\bhow many |(?:多少|几)[万亿]?)([a-z]+|[\u4e00-\u9fff]{1,3})")
_ASKED_NOUN = re.compile(
    r"\bhow many ((?:(?!(?:did|does?|is|are|was|were|ha[sd]|have|can|could|will|would|of|in|at|on)"
    r"\b)[a-z'-]+ ?){1,3})"
)
_ASKED_YEAR = re.compile(r"[哪何]一?个?年|\b(?:what|which) year\b")
_YEAR = re.compile(
    r"(?:民[國国])\s?\d{1,3}\s?年|(?:19|20|1[0-8])\d\d\s?年?|[一二][〇零○一二三四五六七八九]{3}年"
)
_COUNTS = frozenset(["", "person"])  # units of what is counted, not measured
_DIMENSIONS = (  # what asks for a dimension, and the units it is told in
    (
        re.compile(r"多[长远高深宽厚](?!时|期)|\bhow (?:long|far|high|tall|deep|wide|thick)\b"),
        frozenset(["mm", "cm", "metre", "km", "inch", "foot", "yard", "mile", "nautical mile"]),
    ),
    (re.compile(r"多重|\bhow heavy\b"), frozenset(["gram", "kg", "tonne", "lb", "ounce"])),
)
_LONGEST_NAME = 4  # characters
_COUNTED_WITHIN = 4  # words behind a number, in which what it counts stands


def open_spans(
    question: str, kind: AnswerType, sentence: str, candidates: Sequence[Span]
) -> list[Span]:
    """The candidates that the question doesn't name, in the measure that it asks for."""
    asked = values_in(question)
    named = {(value.start, value.end) for value in values_in(sentence) if value in asked}
    spans = [
        span
        for span in candidates
        if span not in named and not repeats(question, sentence[span.start : span.end])
    ]
    if kind == "number":
        return _measured(question, sentence, spans)
    return _year_alone(question, sentence, spans) if kind == "date" else spans


def repeats(question: str, span: str) -> bool:
    """Whether a question has the words of a span, not as a part of a longer word or number, or has
    a Chinese name in Latin letters (Ningde for 宁德 and 宁德市)."""
    folded = fold(span)
    whole = rf"(?<![a-z0-9])(?<!\d[.,]){re.escape(folded)}(?![a-z0-9]|[.,]\d)"
    if re.search(whole, fold(question)) is not None:
        return True
    asked = set(re.findall("[a-zü]+", fold(question)))
    if not asked or len(folded) > _LONGEST_NAME:
        return False
    names = [folded, folded[:-1]] if folded.endswith(RANKS) else [folded]
    return any(asked & set(spellings(name)) for name in names if len(name) > 1)


def _measured(question: str, sentence: str, spans: list[Span]) -> list[Span]:
    """The numbers counted as the question counts: 几家 with 家 or with no measure word, how many
    ships before ships where there are such, in English none where no ships are told of, how long in
    metres."""
    values = {(value.start, value.end): value for value in values_in(sentence)}
    for asks, units in _DIMENSIONS:
        if asks.search(fold(question)):
            return [span for span in spans if span in values and values[span].unit in units]
    if unit := _asked_unit(fold(question)):
        measured = [span for span in spans if span in values and values[span].unit not in _COUNTS]
        return [span for span in measured if values[span].unit == unit] or measured
    asked = _ASKED_MEASURE.search(fold(question))
    if asked is not None:
        fitting = ("", asked[1])
        return [span for span in spans if span in values and fold(values[span].measure) in fitting]
    counted = _ASKED_NOUN.search(fold(question))
    if counted is None:
        return spans
    nouns = set(content_words(counted[1]) or words(counted[1]))
    before = [span for span in spans if nouns & set(words(sentence[span.end :])[:_COUNTED_WITHIN])]
    if before or max(sentence) >= FIRST_HAN or nouns & set(words(sentence)):
        return before or spans
    return []


def _asked_unit(folded: str) -> str:
    """The unit that a question asks a number of (how many tonnes, 多少吨), if it is one."""
    asked = _ASKED_UNIT.search(folded)
    told = asked[1] if asked else ""
    for end in range(len(told), 0, -1):
        for value in values_in(f"1 {told[:end]}"):
            if value.unit not in _COUNTS and value.text.endswith(told[:end]):
                return value.unit
    return ""


def _year_alone(question: str, sentence: str, spans: list[Span]) -> list[Span]:
    """The years of dates, where the question asks for no more."""
    if _ASKED_YEAR.search(fold(question)) is None:
        return spans
    found = [(span, _YEAR.search(sentence, span.start, span.end)) for span in spans]
    return [Span(*year.span()) if year else span for span, year in found]
