"""What a sentence asserts: its clauses, which of its spans it denies, which years it tells of.

Cautious and small: it keeps a short answer from misleading; `rag.support` is what proves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.answer_spans import values_in
from rag.fold import fold
from rag.sentences import Span

_JOINT = re.compile(
    r"[;!?。；！？，：()（）「『“]|[,:](?!\d)|——|\s[-–—]\s"
    r"|\b(?:but|while|whereas|although|though|because)\b"
    r"|\b(?:and|or)\b(?=\s+(?:not|never|in \d|it|he|she|they|was|were|is|are|has|had|did|\w+ed)\b)"
    r"|(?<!不)但是?|却|卻|而(?!且|言)",
    re.IGNORECASE,
)
_SPAN = "\x01"  # stands for the span itself
_ASSERTS = re.compile(  # what only looks like a denial, is a bound, or denies until a time
    r"\bnot (?:only|just|merely|simply|least|far|long|unlike|uncommon|without|until)\b"
    r"|\b(?:not|no) (?:less|fewer|more|later|earlier|longer|lower|higher) than\b"
    r"|(?:\b(?:not|never)|n['’]t)\b(?:(?! and | or )[^\x01]){0,60}?\b(?:until|before)\b"
    r"|(?<=\x01)[之以]?前[未没]"
    r"|\b(?:whether or|if|why) not\b|\bnever (?:fail\w* to|less)\b"
    r"|不得不|[能会可该]不[能会可得]不|不仅|不但|不只|不止|不光|不单|有没有|(.)[不没]\1|要不是"
    r"|是否|不[能会可得]?(?:超过|少于|低于|多于|大于|小于|高于|晚于|早于|迟于)|[没没]有?不|[没未]有?(?:到|满)?\x01"
    r"|(?:没有?|尚?未)[^\x01]{0,12}?(?:直到|之前|以前)|(?:直到|直至)[^，]{0,24}?[才都]"
)
_DENIES = re.compile(  # the deed of a clause, wherever in it the span stands
    r"\b(?:not|never|cannot|no longer)\b|n['’]t\b"
    r"|并[不未没]|没有|没[能在被由把让给]|从[未没]|[未不]曾|尚未|未[能在被由经获予及]|不再|不[会能由在]|绝不|决不"
)
_DENIES_BEHIND = re.compile(  # only what stands behind it in the clause
    r"\b(?:rather than|instead of|nor|neither)\b"
    r"|(?<!并)不是|[并绝]?非(?=[由在为是\x01])|而非|^非|并非"
)
_LACKS = re.compile(
    r"\b(?:no|none|nobody|without|unable|(?:fail|lack|refus|exclud)\w*)\b"
    r"|[没未无缺非](?!来|论|常|洲|锡|线)|不(?![久断同少过])"
)
_NOR = re.compile(r"\b(?=nor\b)")  # what stands before it is denied for itself
_HELD_UP = re.compile(r"(?:\b(?:not|never)|n['’]t|并[不非]|不是|没有)\s*$")
_TITLE = re.compile("《[^》]*》")
_BESIDE_DATE = re.compile(
    r"(?:(?:early|late|back) )?(?:in|on|by|at|since|during|until|around|about|as of)?"
    r"|[早直]?[到在自从于至]|截[至止]|[初底末间春夏秋冬]"
)
_YEAR = re.compile(r"\d{3}[\dX]")


def clauses(sentence: str) -> list[Span]:
    """The clauses of a sentence, in order; a remark right behind a denial (was not, as it says,
    founded) and a date in front (In 1900, ...) are parts of the clause that they stand in."""
    found: list[Span] = []
    start, held_up = 0, False
    for joint in _JOINT.finditer(sentence):
        if held_up or _HELD_UP.search(fold(sentence[start : joint.start()])):
            held_up = not held_up
        elif not (not found and _is_date(sentence, Span(start, joint.start()))):
            found.append(Span(start, joint.start()))
            start = joint.end()
    return [*found, Span(start, len(sentence))]


def _is_date(sentence: str, clause: Span) -> bool:
    """Whether a clause is a date with no more than a preposition."""
    dates = [v for v in values_in(sentence) if v.date and clause.start <= v.start < clause.end]
    if len(dates) != 1:
        return False
    beside = sentence[clause.start : dates[0].start] + sentence[dates[0].end : clause.end]
    return _BESIDE_DATE.fullmatch(fold(beside).strip()) is not None


def clause_of(sentence: str, span: Span) -> Span:
    """The clause in which a span begins."""
    return next(each for each in reversed(clauses(sentence)) if each.start <= span.start)


def asks_denial(question: str) -> bool:
    """Whether a question asks for what is not, or lacks."""
    told = _without_seeming(fold(question))
    return any(each.search(told) for each in (_DENIES, _DENIES_BEHIND, _LACKS))


def is_asserted(sentence: str, span: Span) -> bool:
    """Whether a span's clause doesn't deny it; two denials in a clause assert."""
    start, end = clause_of(sentence, span)
    marked = f"{fold(sentence[start : span.start])}{_SPAN}{fold(sentence[span.end : end])}"
    before, _, behind = _without_seeming(marked).partition(_SPAN)
    before = _NOR.split(before)[-1]
    denials = [*_DENIES.findall(before), *_DENIES.findall(behind), *_DENIES_BEHIND.findall(before)]
    return len(denials) % 2 == 0


def _without_seeming(folded: str) -> str:
    """A text without what only seems to deny."""
    return _ASSERTS.sub(lambda seems: _SPAN if _SPAN in seems.group() else " ", folded)


def of_years(sentence: str, spans: Sequence[Span], asked: Collection[str]) -> list[Span]:
    """The spans that a sentence gives for one of the years; where it gives none for them, those
    that it gives for no other year.

    A clause without a year speaks of that of a clause before it, or may of one behind it.
    """
    parts = clauses(sentence)
    named = [
        _years(sentence, part) | {year for year in asked if year in sentence[slice(*part)]}
        for part in parts
    ]
    told = []
    for span in spans:
        at = parts.index(clause_of(sentence, span))
        before = next((years for years in reversed(named[: at + 1]) if years), set())
        behind = next((years for years in named[at + 1 :] if years), set())
        told.append((span, before, behind))
    if of_them := [span for span, before, _ in told if before & set(asked)]:
        return of_them
    return [span for span, before, behind in told if not before and not behind - set(asked)]


def years_in(text: str) -> set[str]:
    """The years that a text names but in titles, and the decades as 199X."""
    text = _TITLE.sub(lambda title: " " * len(title.group()), text)
    return _years(text, Span(0, len(text)))


def _years(sentence: str, part: Span) -> set[str]:
    dates = [v.date for v in values_in(sentence) if v.date and part.start <= v.start < part.end]
    return {year.group() for date in dates if (year := _YEAR.match(date))}
