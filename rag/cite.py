"""Sentences -> citations: how much of each is quoted, and where else it was published."""

from __future__ import annotations

import re
from collections.abc import Set

from rag.evidence import before
from rag.index import Index
from rag.selection import Groups, Outlets, place_of
from rag.types import Citation, Evidence

_MARKED = (
    r"[^\S\n]*(?:[-*•·‣◦–—]|\(?\d{1,2}[.)、．]|[（(]?[一二三四五六七八九十]{1,2}[)）、])[^\S\n]*\S"
)
_ITEM = re.compile(_MARKED)
_NEXT_ITEM = re.compile(rf"[^\S\n]*\n+{_MARKED}.*")
_LEADS_IN = re.compile(r"[:：]\s*$")


def outlets_of(index: Index, groups: Groups) -> Outlets:
    """The near copies of every article that is quoted."""
    documents = {each.hit.document.id for group in groups for each in group}
    return {document: index.outlets(document) for document in documents}


def cite(
    groups: Groups, outlets: Outlets, against: Set[str], *, whole_lists: bool
) -> tuple[Citation, ...]:
    """A citation for each sentence, in order, with its outlets; a copy that says another thing is
    none of them."""
    sentences = [each for group in groups for each in group]
    chosen = {place_of(each) for each in sentences}
    citations = []
    for number, each in enumerate(sentences, start=1):
        document = each.hit.document
        start, end = _whole(each, chosen, whole_list=whole_lists)
        others = tuple(
            other
            for other in outlets[document.id]
            if other.id == document.id or not {other.id, document.id} & against
        )
        quote = document.text[start:end]
        citations.append(Citation(number, document, start, end, quote, outlets=others))
    return tuple(citations)


def _whole(
    evidence: Evidence, chosen: set[tuple[str, int]], *, whole_list: bool
) -> tuple[int, int]:
    """What is quoted of a sentence: with the one before it where it points back to that and the
    reader does not see it anyway; with the items that it leads to, where a list is asked for."""
    start, end = evidence.start, evidence.end
    pointed = before(evidence)
    if pointed is not None and (evidence.hit.document.id, pointed.start) not in chosen:
        start = pointed.start
    if whole_list:
        end = _end_of_list(evidence.hit.document.text, evidence.start, end)
    return start, end


def _end_of_list(text: str, start: int, end: int) -> int:
    """Where the lines end that list what a sentence leads to; its own end where it leads to none.

    Lines of a list begin with a mark or a number; so may the sentence itself, one of them.
    """
    line = text[text.rfind("\n", 0, start) + 1 : end]
    if _LEADS_IN.search(line) or _ITEM.match(line):
        while item := _NEXT_ITEM.match(text, end):
            end = item.end()
    return end
