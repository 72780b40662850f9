"""What a language model wrote -> claims, each with the quotes that should prove it.

A claim is a sentence; its proof stands behind it, as `[[key|verbatim quote]]`, where the key names
a passage that the model was shown. Whatever else looks like a marker is left out: none is the
model's to give.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.quotes import find_quote
from rag.sentences import split_sentences
from rag.support import check_support
from rag.types import Citation, Hit, WrittenClaim

_OPEN = "[["
_LONGEST_MARKER = 1000  # characters; what is still open then was never one
_MARKER = re.compile(r"\[\[\s*(\w+)\s*[|:：｜]\s*(.*?)\s*\]\]", re.DOTALL)
_ANY_MARKER = re.compile(
    r"\[\[.*?\]\]|\[\^?\d+(?:\s*[,，、–-]\s*\d+)*\]|【\d+[^】]{0,20}】", re.DOTALL
)
_END = re.compile(r"\s*([。！？；.!?;…”’」』)）]+)")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote, and the key of the passage that it should stand in, both as the model wrote them."""

    key: str
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the model's, without its markers, and what should prove it."""

    text: str
    quoted: tuple[Quoted, ...] = ()


class ClaimReader:
    """Text in pieces as it comes from a model; what the reader may see of it at once."""

    def __init__(self) -> None:
        self._written = ""
        self._shown = 0  # places of `_written` that have been let through or left out

    def feed(self, piece: str) -> str:
        """The next text to show: without markers, and without what may yet become one."""
        self._written += piece
        return self._let_through(len(self._written))

    def close(self) -> str:
        """What was held back, now that nothing more comes; a marker that is still open is lost."""
        rest = self._let_through(len(self._written))
        tail = self._written[self._shown :]
        self._shown = len(self._written)
        return rest + ("" if tail.startswith(_OPEN) else _ANY_MARKER.sub("", tail))

    @property
    def claims(self) -> list[Claim]:
        """The claims of all that has been written."""
        return read_claims(self._written)

    def _let_through(self, end: int) -> str:
        shown: list[str] = []
        while self._shown < end:
            start = self._written.find("[", self._shown)
            if start < 0:
                shown.append(self._written[self._shown : end])
                self._shown = end
                break
            shown.append(self._written[self._shown : start])
            self._shown = start
            marker = _ANY_MARKER.match(self._written, start)
            if marker is not None:
                self._shown = marker.end()
            elif _may_go_on(self._written[start:end]):
                break
            else:
                skipped = len(_OPEN) if self._written.startswith(_OPEN, start) else 0
                shown.append("" if skipped else "[")
                self._shown += skipped or 1
        return "".join(shown)


def _may_go_on(tail: str) -> bool:
    """Whether what begins with a bracket may yet become a marker."""
    if tail.startswith(_OPEN):
        return len(tail) < _LONGEST_MARKER
    return re.fullmatch(r"\[\^?[\d\s,，、–-]{0,20}", tail) is not None


def read_claims(written: str) -> list[Claim]:
    """The claims of a whole text; a sentence without a marker behind it has nothing to prove it."""
    claims: list[Claim] = []
    at = 0
    for marker in _MARKER.finditer(written):
        before = _with_its_end(claims, written[at : marker.start()])
        quoted = Quoted(marker[1], marker[2])
        at = marker.end()
        claims += [Claim(text) for text in _sentences(before)]
        if claims:
            claims[-1] = replace(claims[-1], quoted=(*claims[-1].quoted, quoted))
    rest = _with_its_end(claims, written[at:])
    return claims + [Claim(text) for text in _sentences(rest)]


def _with_its_end(claims: list[Claim], text: str) -> str:
    """The text without the full stop that belongs to the claim before its marker."""
    end = _END.match(text)
    if end is None or not claims or not claims[-1].quoted or _END.match(claims[-1].text[-1]):
        return text
    claims[-1] = replace(claims[-1], text=claims[-1].text + end[1])
    return text[end.end() :]


def _sentences(text: str) -> list[str]:
    plain = _ANY_MARKER.sub("", text).partition(_OPEN)[0]
    found = (plain[start:end].strip() for start, end in split_sentences(plain))
    return [sentence for sentence in found if any(map(str.isalnum, sentence))]


def check_claims(
    claims: Sequence[Claim], shown: Mapping[str, Hit]
) -> tuple[tuple[WrittenClaim, ...], tuple[Citation, ...]]:
    """The claims as checked, and the citations that prove them, numbered in their order.

    `shown` are the passages that the model saw, by key. A quote that stands twice is one citation.
    """
    citations: dict[tuple[str, int, int], Citation] = {}
    checked = tuple(_check(claim, shown, citations) for claim in claims)
    return checked, tuple(citations.values())


def _check(
    claim: Claim, shown: Mapping[str, Hit], citations: dict[tuple[str, int, int], Citation]
) -> WrittenClaim:
    proof: list[Citation] = []
    mended = False
    for quoted in claim.quoted:
        found = _find(quoted, shown)
        mended = mended or found is None or found[0] != quoted.key
        if found is not None:
            proof.append(_cited(*found[1:], citations))
    if not proof:
        return WrittenClaim(claim.text, "unsupported")
    support = check_support(claim.text, "\n".join(each.quote for each in proof))
    supported = support.verdict == "supported"
    return WrittenClaim(
        claim.text,
        "unsupported" if not supported else "repaired" if mended else "verified",
        tuple(dict.fromkeys(each.number for each in proof)),
        found=True,
        supported=supported,
        reasons=tuple(each.reason for each in support.mismatches),
    )


def _find(quoted: Quoted, shown: Mapping[str, Hit]) -> tuple[str, Hit, int, int] | None:
    """Where a quote stands in the document: in the passage named first of all, else in any."""
    named = [quoted.key] if quoted.key in shown else []
    for key in [*named, *(key for key in shown if key != quoted.key)]:
        passage = shown[key].passage
        span = find_quote(quoted.quote, passage.text)
        if span is not None:
            return key, shown[key], passage.start + span.start, passage.start + span.end
    return None


def _cited(
    hit: Hit, start: int, end: int, citations: dict[tuple[str, int, int], Citation]
) -> Citation:
    place = hit.document.id, start, end
    if place not in citations:
        quote = hit.document.text[start:end]
        citations[place] = Citation(len(citations) + 1, hit.document, start, end, quote)
    return citations[place]
