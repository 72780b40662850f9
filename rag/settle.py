"""What a language model wrote and code has checked -> the answer in place of the quoted one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from rag import phrases
from rag.answer_lines import disagreement_lines, markers, time_notes
from rag.errors import StoreError
from rag.index import Index
from rag.types import Answer, Citation, Language, Period, Position, WrittenClaim
from rag.written import Settled


def settle(
    index: Index,
    quoted: Answer,
    settled: Settled,
    period: Period | None,
    *,
    keep_unsupported: bool = True,
) -> Answer:
    """The written answer, or the quoted one with a notice where there is none.

    Sources that disagree are shown in either, below what the model makes of them. `period` is the
    time that the question names.
    """
    if settled.reason is not None:
        return replace(quoted, notice=_notice(phrases.INSTEAD, settled.reason, quoted.language))
    claims, citations = settled.claims, settled.citations
    if not keep_unsupported:
        claims, citations = _supported(settled)
    positions, citations = _carried_over(quoted, citations)
    citations = tuple(_with_outlets(index, each) for each in citations)
    lines = [_line(claim, quoted) for claim in claims]
    lines += disagreement_lines(positions, citations, quoted.language)
    return replace(
        quoted,
        text="\n".join(lines),
        citations=citations,
        short=None,
        disagreement=positions,
        notes=time_notes(period, citations, quoted.language),
        claims=claims,
        notice=_notice(phrases.CUT, "length", quoted.language) if settled.cut else None,
    )


def _notice(sentences: Mapping[Language, str], why: phrases.Reason, language: Language) -> str:
    return sentences[language].format(why=phrases.WHY[language][why])


def _line(claim: WrittenClaim, quoted: Answer) -> str:
    doubt = phrases.UNVERIFIED[quoted.language] if claim.status == "unsupported" else ""
    return " ".join(filter(None, (claim.text, doubt, markers(claim.citations))))


def _supported(settled: Settled) -> tuple[tuple[WrittenClaim, ...], tuple[Citation, ...]]:
    """The claims that something proves, and the citations that they need, numbered anew."""
    claims = [each for each in settled.claims if each.status != "unsupported"]
    needed = {number for claim in claims for number in claim.citations}
    kept = [citation for citation in settled.citations if citation.number in needed]
    anew = {citation.number: number for number, citation in enumerate(kept, start=1)}
    return (
        tuple(
            replace(claim, citations=tuple(anew[number] for number in claim.citations))
            for claim in claims
        ),
        tuple(replace(citation, number=anew[citation.number]) for citation in kept),
    )


def _carried_over(
    quoted: Answer, citations: tuple[Citation, ...]
) -> tuple[tuple[Position, ...], tuple[Citation, ...]]:
    """What the sources disagree on in the quoted answer, and the citations with those for it."""
    all_of_them = list(citations)
    positions = []
    for position in quoted.disagreement:
        numbers = []
        for number in position.citations:
            all_of_them.append(replace(quoted.citations[number - 1], number=len(all_of_them) + 1))
            numbers.append(len(all_of_them))
        positions.append(replace(position, citations=tuple(numbers)))
    return tuple(positions), tuple(all_of_them)


def _with_outlets(index: Index, citation: Citation) -> Citation:
    if citation.outlets:
        return citation
    with suppress(StoreError):  # gone while the model wrote
        return replace(citation, outlets=index.outlets(citation.document.id))
    return citation
