"""A question -> an answer that stands on quoted sentences, or a plain refusal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter

from rag.answer_type import answer_type
from rag.errors import UsageError
from rag.evidence import before, find_evidence, says_the_same
from rag.generate import Generator
from rag.index import Index
from rag.relevance import built_in_calibration
from rag.retrieve import search
from rag.short_answer import ShortAnswer, short_answer
from rag.types import Answer, Citation, Evidence, Hit, Language
from rag.values import find_values
from rag.written import Settled, write_answer

SENTENCES = 3
"""Sentences quoted, at most; those that say the same count as one."""

PASSAGES = 10
_WORSE = 0.6  # a further sentence must score at least this share of the first one's score

_REFUSAL: dict[Language, str] = {
    "en": "These articles don't seem to answer that. The nearest passages are listed instead.",
    "zh-Hans": "这些文章似乎没有回答这个问题。下面列出最接近的段落。",
    "zh-Hant": "這些文章似乎沒有回答這個問題。下面列出最接近的段落。",
}
_EMPTY: dict[Language, str] = {
    "en": "There are no articles to answer from yet.",
    "zh-Hans": "还没有可以用来回答的文章。",
    "zh-Hant": "還沒有可以用來回答的文章。",
}
_INTRODUCTION: dict[Language, str] = {
    "en": "In the articles' own words:",
    "zh-Hans": "文章原文：",
    "zh-Hant": "文章原文：",
}
_QUOTES: dict[Language, tuple[str, str]] = {
    "en": ("“", "”"),
    "zh-Hans": ("“", "”"),
    "zh-Hant": ("「", "」"),
}
_UNVERIFIED: dict[Language, str] = {
    "en": "(not verified)",
    "zh-Hans": "（未能核实）",
    "zh-Hant": "（未能核實）",
}
_INSTEAD: dict[Language, str] = {
    "en": "The articles are quoted instead of a written answer: {why}.",
    "zh-Hans": "没有生成的回答，以下引用文章原文：{why}。",
    "zh-Hant": "沒有生成的回答，以下引用文章原文：{why}。",
}
_WHY: dict[Language, dict[str, str]] = {
    "en": {
        "format": "nothing that the language model wrote could be verified",
        "language": "the language model answered in another language",
        "none": "the language model found none in the passages",
        "server": "the language model gave none",
    },
    "zh-Hans": {
        "format": "语言模型写的内容都无法核实",
        "language": "语言模型没有用所选的语言回答",
        "none": "语言模型在段落中没有找到答案",
        "server": "语言模型没有给出回答",
    },
    "zh-Hant": {
        "format": "語言模型寫的內容都無法核實",
        "language": "語言模型沒有用所選的語言回答",
        "none": "語言模型在段落中沒有找到答案",
        "server": "語言模型沒有給出回答",
    },
}


class Stopwatch:
    """Milliseconds spent in named steps."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a block."""
        started = perf_counter()
        try:
            yield
        finally:
            self.spent[name] = (perf_counter() - started) * 1000


def ask(
    index: Index,
    question: str,
    *,
    language: Language | None = None,
    generator: Generator | None = None,
) -> Answer:
    """Answer a question from the articles of an index.

    `language` is that of the answer's own words, the question's when not given; quotes stay as the
    articles have them. A `generator` writes the answer, and code checks it; where it can't, or
    nothing that it wrote can be verified, the answer is quoted and says so. Where the articles
    don't seem to hold an answer, the generator is not asked. Raises UsageError when the question
    has no words.
    """
    question = question.strip()
    if not question:
        raise UsageError("expected a question, found an empty text: ask something")
    watch = Stopwatch()
    with watch.step("total"):
        answer = _quoted(index, question, language, watch)
        if generator is not None and not answer.declined:
            with watch.step("write"):
                answer = written(answer, generator)
    return answer


def _quoted(index: Index, question: str, language: Language | None, watch: Stopwatch) -> Answer:
    with index.pinned():
        with watch.step("retrieve"):
            query, hits = search(index, question, top_k=PASSAGES)
        spoken = language or query.language
        confidence = max((hit.relevance for hit in hits), default=0.0)
        citations: tuple[Citation, ...] = ()
        short: str | None = None
        if confidence < (index.refit or built_in_calibration()).threshold:
            text = (_REFUSAL if hits else _EMPTY)[spoken]
        else:
            with watch.step("read"):
                evidence = find_evidence(index, query, hits)
                groups = _chosen(evidence)
                kind = answer_type(question)
                leading = [group[0] for group in groups]
                found = short_answer(index.lexicon, query, kind, leading, spoken)
            text, citations = _compose(groups, found, spoken)
            short = found.text if found else None
    return Answer(
        question=question,
        language=spoken,
        text=text,
        declined=not citations,
        confidence=confidence,
        citations=citations,
        hits=tuple(hits),
        short=short,
        timings_ms=watch.spent,
    )


def written(answer: Answer, generator: Generator) -> Answer:
    """A quoted answer, written anew by a language model where that gives one."""
    events = write_answer(generator, answer.question, answer.hits, answer.language)
    settled = next(event for event in events if isinstance(event, Settled))
    if settled.reason is not None:
        why = _WHY[answer.language]
        said = why.get(settled.reason, why["server"])
        said = f"{said} ({settled.message})" if settled.message else said
        return replace(answer, notice=_INSTEAD[answer.language].format(why=said))
    lines = []
    for claim in settled.claims:
        doubt = _UNVERIFIED[answer.language] if claim.status == "unsupported" else ""
        lines.append(" ".join(filter(None, (claim.text, doubt, _markers(claim.citations)))))
    return replace(
        answer,
        text="\n".join(lines),
        citations=settled.citations,
        short=None,
        claims=settled.claims,
    )


def _chosen(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """The sentences to quote, those that say the same in one group, the best first."""
    groups: list[list[Evidence]] = []
    for each in evidence:
        if groups and each.score < _WORSE * groups[0][0].score:
            break
        same = next((group for group in groups if says_the_same(group[0], each)), None)
        if same is not None:
            if all(other.hit.document.id != each.hit.document.id for other in same):
                same.append(each)
        elif len(groups) < SENTENCES:
            groups.append([each])
    return groups


def _compose(
    groups: Sequence[Sequence[Evidence]], found: ShortAnswer | None, language: Language
) -> tuple[str, tuple[Citation, ...]]:
    citations: list[Citation] = []
    lines: list[str] = []
    supporting: list[int] = []
    opening, closing = _QUOTES[language]
    chosen = {(each.hit.document.id, each.start) for group in groups for each in group}
    for group in groups:
        numbers = []
        for each in group:
            number = len(citations) + 1
            citations.append(_cited(number, each, chosen))
            numbers.append(number)
            if found and _supports(each, found):
                supporting.append(number)
        lines.append(f"{opening}{citations[numbers[0] - 1].quote}{closing} {_markers(numbers)}")
    head = [f"{found.text} {_markers(supporting)}"] if found else []
    return "\n".join([*head, _INTRODUCTION[language], *lines]), tuple(citations)


def _cited(number: int, evidence: Evidence, chosen: set[tuple[str, int]]) -> Citation:
    """A sentence as a citation, with the one before it where it points back to that and the reader
    does not see it anyway."""
    document, start = evidence.hit.document, evidence.start
    pointed = before(evidence)
    if pointed is not None and (document.id, pointed.start) not in chosen:
        start = pointed.start
    return Citation(number, document, start, evidence.end, document.text[start : evidence.end])


def _markers(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _supports(evidence: Evidence, found: ShortAnswer) -> bool:
    """Whether a sentence holds the short answer: its own, or one with an equal value."""
    if evidence == found.evidence:
        return True
    if found.value is None:
        return found.text in evidence.text
    return any(value == found.value for value in find_values(evidence.text))


def nearest(hits: Sequence[Hit], count: int = 3) -> tuple[Hit, ...]:
    """What a refusal shows instead of an answer."""
    return tuple(hits[:count])
