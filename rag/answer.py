"""A question -> an answer that stands on quoted sentences, or a plain refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING
from unicodedata import category

from rag import phrases
from rag.answer_lines import time_notes
from rag.compose import Composed, compose
from rag.errors import UsageError
from rag.evidence import find_evidence
from rag.index import Index
from rag.language import detect_language
from rag.relevance import built_in_calibration
from rag.retrieve import search
from rag.types import Answer, Hit, Language

if TYPE_CHECKING:
    from rag.follow_up import Turn
    from rag.generate import Generator
    from rag.written import Again, Piece

PASSAGES = 10
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters by Unicode, yet shown as nothing


def is_blank(question: str) -> bool:
    """Whether a question shows nothing: spaces, controls, marks without a letter."""
    return all(each in _FILLERS or category(each)[0] in "CMZ" for each in question)


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
    keep_unsupported: bool = True,
    turns: Sequence[Turn] = (),
    today: date | None = None,
) -> Answer:
    """Answer a question from the articles of an index.

    `language` is that of the answer's own words, the question's when not given; quotes stay as the
    articles have them. A `generator` writes the answer, and code checks it; where it can't, or
    nothing that it wrote can be verified, the answer is quoted and says so. Sentences of it that
    nothing proves are marked, or left out unless `keep_unsupported`. Where the articles don't seem
    to hold an answer, the generator is not asked to write. `turns` are the questions before, which
    one that can't stand alone is understood by; `today` is the day from which `last year` is
    counted. Raises UsageError when the question has no words, or too many.
    """
    *_, answer = stream(
        index,
        question,
        language=language,
        generator=generator,
        keep_unsupported=keep_unsupported,
        turns=turns,
        today=today,
    )
    assert isinstance(answer, Answer)
    return answer


def stream(
    index: Index,
    question: str,
    *,
    language: Language | None = None,
    generator: Generator | None = None,
    keep_unsupported: bool = True,
    turns: Sequence[Turn] = (),
    today: date | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Answer | Piece | Again]:
    """As `ask`, in steps: the quoted answer at once, what a generator writes as it comes, and last
    the answer as it is settled. Without a generator the first answer is the only one.

    `cancelled` is looked at while the generator writes: once it is true, the quoted answer stays.
    """
    question = question.strip()
    if is_blank(question):
        raise UsageError("expected a question, found an empty text: ask something")
    started, today = perf_counter(), today or date.today()
    resolved = _resolved(question, turns, generator, cancelled)
    answer = _quoted(index, question, resolved, language, today)
    yield answer
    if generator is not None and not answer.declined:
        yield from _written(
            index,
            answer,
            generator,
            started,
            today,
            keep_unsupported=keep_unsupported,
            cancelled=cancelled,
        )


def _written(
    index: Index,
    quoted: Answer,
    generator: Generator,
    started: float,
    today: date,
    *,
    keep_unsupported: bool,
    cancelled: Callable[[], bool] | None,
) -> Iterator[Answer | Piece | Again]:
    """What a generator makes of a quoted answer. What it takes is imported here: half a second."""
    from rag.period import asked_period
    from rag.settle import settle
    from rag.written import Settled, write_answer

    began = perf_counter()
    question = quoted.resolved or quoted.question
    for event in write_answer(
        generator,
        question,
        quoted.hits,
        quoted.language,
        lexicon=index.lexicon,
        cancelled=cancelled,
    ):
        if not isinstance(event, Settled):
            yield event
            continue
        period = asked_period(question, today)
        answer = settle(index, quoted, event, period, keep_unsupported=keep_unsupported)
        spent = {"write": _milliseconds(began), "total": _milliseconds(started)}
        yield replace(answer, timings_ms=quoted.timings_ms | spent)


def turn_of(answer: Answer) -> Turn:
    """An answered question as the next one may refer to it."""
    from rag.follow_up import Turn

    said = answer.short or (answer.citations[0].quote if answer.citations else "")
    return Turn(answer.resolved or answer.question, said)


def _milliseconds(since: float) -> float:
    return (perf_counter() - since) * 1000


def _resolved(
    question: str,
    turns: Sequence[Turn],
    generator: Generator | None,
    cancelled: Callable[[], bool] | None,
) -> str:
    """The question as it stands alone: by the rules, and by the model where they see that it
    doesn't."""
    if not turns:
        return question
    from rag.follow_up import resolve

    by_rules = resolve(question, turns)
    if by_rules == question or generator is None:
        return by_rules
    from rag.rewrite import rewrite

    return rewrite(generator, question, turns, cancelled=cancelled) or by_rules


def _quoted(
    index: Index, question: str, resolved: str, language: Language | None, today: date
) -> Answer:
    watch = Stopwatch()
    with watch.step("total"), index.pinned():
        with watch.step("retrieve"):
            query, hits = search(index, resolved, top_k=PASSAGES, today=today)
        spoken = language or detect_language(question)
        confidence = max((hit.relevance for hit in hits), default=0.0)
        composed = Composed((phrases.REFUSAL if hits else phrases.EMPTY)[spoken], ())
        if confidence >= (index.refit or built_in_calibration()).threshold:
            with watch.step("read"):
                composed = compose(index, query, find_evidence(index, query, hits), spoken)
    return Answer(
        question=question,
        language=spoken,
        text=composed.text,
        declined=not composed.citations,
        confidence=confidence,
        citations=composed.citations,
        hits=tuple(hits),
        short=composed.short,
        resolved=resolved if resolved != question else None,
        disagreement=composed.disagreement,
        notes=time_notes(query.period, composed.citations, spoken),
        timings_ms=watch.spent,
    )


def nearest(hits: Sequence[Hit], count: int = 3) -> tuple[Hit, ...]:
    """What a refusal shows instead of an answer."""
    return tuple(hits[:count])
