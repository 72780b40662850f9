"""The short answer inside a sentence: a number, sum, share, date, duration or name.

Nothing is made up: a short answer is a span of the evidence, with its value told in the asker's
language beside it. Where no span of the right kind stands near the question's words, there is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.answer_roles import asked_of, is_told_of, says_something
from rag.answer_spans import (
    CUES,
    VALUE_KINDS,
    candidate_spans,
    has_transliterated,
    values_in,
)
from rag.answer_type import AnswerType
from rag.asking_words import nearness
from rag.assertions import asks_denial, clause_of, is_asserted, of_years, years_in
from rag.embed.static import StaticEmbedder
from rag.enumeration import Enumeration, find_enumerations
from rag.fold import FIRST_HAN, fold, words
from rag.labels import has_label, labels
from rag.language import to_script
from rag.open_spans import open_spans, repeats
from rag.rerank import match_words
from rag.sentences import Span
from rag.types import Evidence, Language, Period, Query, family_of
from rag.values import Value, render

_COMMA = re.compile(r"[，；、;]|,(?!\d)")
_NEAR = {"zh": 24, "en": 70}  # characters to both sides that say what a span is about
_ASKING = 0.5  # what the words near the question word count more
_OWN = 0.5  # what a span's own clause counts beside what stands around it
_LISTS = 3  # sentences in which a list is looked for
_CLOSE = 0.85  # of the best sentence's score
_CLEARLY = 0.03  # by which a span must lead the next one
_ACROSS = 1.3  # times as much of both is needed across languages, where what is near counts as met
_MET = 0.35  # the question must be met this well around a short answer


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """`text` as the asker reads it, `value` what it means, if anything, `evidence` its place."""

    text: str
    value: Value | None
    evidence: Evidence


def short_answer(
    lexicon: StaticEmbedder,
    query: Query,
    kind: AnswerType,
    evidence: Sequence[Evidence],
    language: Language,
) -> ShortAnswer | None:
    """The short answer in the first of the sentences that has one, told in `language`.

    A sentence far behind the best one is not asked, nor for a value one of another time than the
    question names by today (last year): better none than a wrong one.
    """
    relative = query.period if query.period and query.period.relative else None
    for each in evidence:
        if each.score < _CLOSE * evidence[0].score:
            break
        if kind in VALUE_KINDS and relative is not None and not may_be_of(relative, each):
            continue
        found = short_answer_in(lexicon, query, kind, each, language)
        if found is not None:
            return found
    return None


def may_be_of(period: Period, evidence: Evidence) -> bool:
    """Whether a sentence may tell of a time: its article was published then, or it names the year;
    in an article without a date it may tell of any."""
    published = evidence.hit.document.date
    return published is None or period.holds(published) or period.is_named_in(evidence.text)


def short_list(
    lexicon: StaticEmbedder, query: Query, evidence: Sequence[Evidence]
) -> ShortAnswer | None:
    """The enumeration in the first of the sentences, of the best few, that has one, about what is
    asked."""
    asked = lexicon.token_ids(query.terms)
    for each in evidence[:_LISTS]:
        if each.score < _CLOSE * evidence[0].score:
            break
        near = _NEAR["en" if each.hit.document.language == "en" else "zh"]
        listed = find_enumerations(each.text)
        spans = [one.span for one in listed if not _named(query.text, each.text, one)]
        around = [
            lexicon.token_ids(words(each.text[max(0, start - near) : end + near]))
            for start, end in spans
        ]
        across = family_of(each.hit.document.language) != family_of(query.language)
        met = match_words(lexicon, asked, around, across=across).maxsim
        if len(met) and met.max() >= _MET * (_ACROSS if across else 1):
            start, end = spans[int(met.argmax())]
            return ShortAnswer(each.text[start:end], None, each)
    return None


def _named(question: str, sentence: str, listed: Enumeration) -> bool:
    """Whether a question has half of the items itself."""
    known = sum(repeats(question, sentence[start:end]) for start, end in listed.items)
    return 2 * known >= len(listed.items)


def short_answer_in(
    lexicon: StaticEmbedder, query: Query, kind: AnswerType, evidence: Evidence, language: Language
) -> ShortAnswer | None:
    """The short answer in one sentence, told in `language`; None where none stands out."""
    span = _best_span(lexicon, query, kind, evidence)
    if span is None:
        return None
    original = evidence.text[span.start : span.end]
    value = _value_of(evidence.text, span) if kind in VALUE_KINDS else None
    return ShortAnswer(_told(original, value, evidence, language), value, evidence)


def _value_of(sentence: str, span: Span) -> Value | None:
    """What a span means: as the sentence has it, or by itself if it is a part of a date."""
    for value in values_in(sentence):
        if (value.start, value.end) == span:
            return value
    alone = sentence[span.start : span.end]
    return next((value for value in values_in(alone) if value.text == alone), None)


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


def spans_met(
    lexicon: StaticEmbedder, query: Query, kind: AnswerType, sentence: str, language: Language
) -> tuple[list[Span], NDArray[np.float32]]:
    """The spans of a sentence that could be the answer and that the question does not name, and
    how well what stands around each meets the question: MaxSim, where the words that say what is
    asked and those of the span's own clause count more."""
    candidates = candidate_spans(sentence, kind, language)
    spans = open_spans(query.text, kind, sentence, candidates)
    if not spans:
        return [], np.zeros(0, np.float32)
    reach = _NEAR["en" if language == "en" else "zh"]
    places = [_around(sentence, span, candidates, reach) for span in spans]
    places += [clause_of(sentence, span) for span in spans]
    texts = [lexicon.token_ids(words(sentence[slice(*place)])) for place in places]
    across = family_of(language) != family_of(query.language)
    matches = match_words(lexicon, lexicon.token_ids(query.terms), texts, across=across)
    near = nearness(lexicon, query.terms) * matches.weights
    weights = matches.weights + _ASKING * near / max(float(near.sum()), 1e-9)
    around = weights @ matches.best[:, : len(spans)] / max(float(weights.sum()), 1e-9)
    met = (around + _OWN * matches.maxsim[len(spans) :]) / (1 + _OWN)
    return spans, met.astype(np.float32)


def _around(sentence: str, span: Span, candidates: Sequence[Span], near: int) -> Span:
    """What says what a span is about: more before it than behind it, and nothing that a comma parts
    from it and another candidate follows."""
    start = max(0, span.start - near)
    end = min(len(sentence), span.end + near // 2 + max(0, near - span.start))
    following = min((each.start for each in candidates if each.start >= span.end), default=0)
    comma = _COMMA.search(sentence, span.end, max(span.end, min(following, end)))
    return Span(start, comma.start() if comma else end)


def _best_span(
    lexicon: StaticEmbedder, query: Query, kind: AnswerType, evidence: Evidence
) -> Span | None:
    """The span whose surroundings clearly meet the question best, of those it doesn't name and the
    sentence tells of what is asked."""
    sentence, language = evidence.text, evidence.hit.document.language
    if kind in CUES or (kind not in VALUE_KINDS and has_transliterated(sentence)):
        return None
    if not says_something(query) or not _has_labels(query, evidence):
        return None
    across = family_of(query.language) != family_of(language)
    spans, met = spans_met(lexicon, query, kind, sentence, language)
    meets = dict(zip(spans, met.tolist(), strict=True))
    if kind in VALUE_KINDS:
        fitting = _fitting_values(query, kind, sentence, language, spans)
    else:
        fitting = _fitting_names(lexicon, query, kind, sentence, spans, across=across)
    if not fitting:
        return None
    first, *rest = sorted(fitting, key=lambda span: -meets[span])
    lead = meets[first] - meets[rest[0]] if rest else np.inf
    scale = _ACROSS if across else 1.0
    return first if meets[first] >= scale * _MET and lead >= scale * _CLEARLY else None


def _has_labels(query: Query, evidence: Evidence) -> bool:
    """Whether a sentence, what stands right before it or the title has the numbers by which a
    question names things (Harbour 12)."""
    reach = _NEAR["en" if evidence.hit.document.language == "en" else "zh"]
    beginning = max(0, evidence.start - reach)
    near = evidence.hit.document.text[beginning : evidence.end]
    title = evidence.hit.document.title or ""
    return all(has_label(f"{title}\n{near}", each) for each in labels(query.text))


def _fitting_values(
    query: Query, kind: AnswerType, sentence: str, language: Language, spans: Sequence[Span]
) -> list[Span]:
    """The values that a sentence asserts, of the year that is asked for."""
    fitting = _asserted(query, sentence, spans)
    years = years_in(query.text)
    if not years or kind == "date":
        return fitting
    given = of_years(sentence, candidate_spans(sentence, kind, language), years)
    return [span for span in fitting if span in given]


def _fitting_names(
    lexicon: StaticEmbedder,
    query: Query,
    kind: AnswerType,
    sentence: str,
    spans: Sequence[Span],
    *,
    across: bool,
) -> list[Span]:
    """The places of one name that a sentence asserts to have done, or to be, what is asked."""
    if kind == "person":
        spans = [span for span in spans if not _is_asked_about(query, sentence, span)]
    if len({sentence[span.start : span.end] for span in spans}) > 1:
        return []  # which of several names is meant is more than nearness can tell
    fitting = _asserted(query, sentence, spans)
    if kind == "place" or not fitting:
        return fitting
    asked = asked_of(query.text)
    if asked is None:
        return []
    return [span for span in fitting if is_told_of(lexicon, asked, sentence, span, across=across)]


def _asserted(query: Query, sentence: str, spans: Sequence[Span]) -> list[Span]:
    """The spans that a sentence doesn't deny; a question that denies asks for such."""
    if asks_denial(query.text):
        return list(spans)
    return [span for span in spans if is_asserted(sentence, span)]


def _is_asked_about(query: Query, sentence: str, name: Span) -> bool:
    """Whether an English name ends with a word of the question: Hollow Sound Bridge, of the
    bridge. The last word of a Chinese name may be any character."""
    return sentence[name.start] < FIRST_HAN and words(sentence[slice(*name)])[-1] in query.terms
