"""What a language model wrote -> claims, each with the quotes that should prove it.

A claim is a sentence; its proof stands behind it, as `[[key|verbatim quote]]`, where the key names
a passage that the model was shown. Whatever else looks like a marker is left out: none is the
model's to give. So is what no reader can see, such as terminal codes and direction marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.coverage import Told, uncovered
from rag.embed.static import StaticEmbedder
from rag.leaks import addresses
from rag.quotes import find_quote
from rag.reasons import Reason
from rag.sentences import split_sentences
from rag.support import check_support
from rag.types import Citation, Hit, Language, WrittenClaim

_OPEN = "[["
_LONGEST_MARKER = 1000  # characters; what is still open then was never one
_LONGEST_CLAIM = 1000  # characters of a sentence that is looked at
_DEEPEST = 4  # markers inside each other that are taken out one by one
_MARKER = re.compile(
    rf"\[\[\s{{0,9}}(\w{{1,40}})\s{{0,9}}[|:：｜]((?:(?!\[\[).){{0,{_LONGEST_MARKER}}}?)\]\]",
    re.DOTALL,
)
_OPENED = re.compile(r"\[\[[^\n]*")
_BRACKET = re.compile(r"[\[［【]")
_BRACKETS = re.compile(r"[\[\]［］【】]")
_ANY_MARKER = re.compile(
    rf"\[\[.{{0,{_LONGEST_MARKER}}}?\]\]"
    r"|[\[［]\s*\^?\d+(?:\s*[,，、–-]\s*\d+)*\s*[\]］]|【\s*\d+[^】]{0,20}】",
    re.DOTALL,
)
_END = re.compile(r"\s*([。！？；.!?;…”’」』)）]+)")


class _Seen(dict[int, str]):
    """What a reader sees of each character: no controls, marks of direction or private ones."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kind = unicodedata.category(character)
        if character in "\n\t":
            seen = character
        elif kind in {"Zl", "Zp"} or character in "\r\x0b\x0c\x1c\x1d\x1e\x85":
            seen = "\n"
        else:
            seen = "" if kind[0] == "C" else character
        self[code] = seen
        return seen


_SEEN = _Seen()


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
        self._written += piece.translate(_SEEN)
        return self._let_through(len(self._written))

    def close(self) -> str:
        """What was held back, now that nothing more comes; a marker that is still open is lost."""
        rest = self._let_through(len(self._written))
        tail = self._written[self._shown :]
        self._shown = len(self._written)
        return rest + ("" if tail.startswith(_OPEN) else _without_markers(tail))

    @property
    def claims(self) -> list[Claim]:
        """The claims of all that has been written."""
        return read_claims(self._written)

    @property
    def whole_claims(self) -> list[Claim]:
        """The claims of a text that was cut off: none behind the last proof that came whole."""
        end = max((marker.end() for marker in _MARKER.finditer(self._written)), default=0)
        return read_claims(self._written[:end])

    def _let_through(self, end: int) -> str:
        shown: list[str] = []
        while self._shown < end:
            bracket = _BRACKET.search(self._written, self._shown)
            if bracket is None:
                shown.append(self._written[self._shown : end])
                self._shown = end
                break
            start = bracket.start()
            shown.append(self._written[self._shown : start])
            self._shown = start
            marker = _ANY_MARKER.match(self._written, start)
            if marker is not None:
                self._shown = marker.end()
            elif _may_go_on(self._written[start:end]):
                break
            else:
                skipped = len(_OPEN) if self._written.startswith(_OPEN, start) else 0
                shown.append("" if skipped else bracket.group())
                self._shown += skipped or 1
        return "".join(shown)


def _may_go_on(tail: str) -> bool:
    """Whether what begins with a bracket may yet become a marker."""
    if tail.startswith(_OPEN):
        return len(tail) < _LONGEST_MARKER
    return re.fullmatch(r"[\[［]\s*\^?[\d\s,，、–-]*|【\s*(?:\d+[^】]{0,20})?", tail) is not None


def read_claims(written: str) -> list[Claim]:
    """The claims of a whole text; a sentence without a marker behind it has nothing to prove it."""
    written = written.translate(_SEEN)
    claims: list[Claim] = []
    at = 0
    for marker in _MARKER.finditer(written):
        before = _with_its_end(claims, written[at : marker.start()])
        quoted = Quoted(marker[1], marker[2].strip())
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
    plain = _OPENED.sub("", _without_markers(text))
    found = (plain[start:end].strip() for start, end in split_sentences(plain))
    return [sentence for sentence in found if any(map(str.isalnum, sentence))]


def _without_markers(text: str) -> str:
    """The text without markers, nor one that is left where another stood inside it: [[1]1]."""
    for _ in range(_DEEPEST):
        plain = _ANY_MARKER.sub("", text)
        if plain == text:
            return text
        text = plain
    return _BRACKETS.sub("", text)


def check_claims(
    claims: Sequence[Claim],
    shown: Mapping[str, Hit],
    lexicon: StaticEmbedder | None = None,
    *,
    language: Language = "en",
) -> tuple[tuple[WrittenClaim, ...], tuple[Citation, ...]]:
    """The claims as checked, and the citations that prove them, numbered in their order.

    `shown` are the passages that the model saw, by key. A quote that stands twice is one citation.
    Reasons are told in `language`.
    With a `lexicon`, a claim is also unsupported where it speaks of what its quotes don't
    (`rag.coverage`).
    """
    citations: dict[tuple[str, int, int], Citation] = {}
    checked = tuple(_check(claim, shown, citations, lexicon, language) for claim in claims)
    return checked, tuple(citations.values())


def _check(
    claim: Claim,
    shown: Mapping[str, Hit],
    citations: dict[tuple[str, int, int], Citation],
    lexicon: StaticEmbedder | None,
    language: Language,
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
    found_wanting = _reasons(claim.text, proof, shown, lexicon)
    reasons = tuple(each.text(language) for each in found_wanting)
    return WrittenClaim(
        claim.text,
        "unsupported" if reasons else "repaired" if mended else "verified",
        tuple(dict.fromkeys(each.number for each in proof)),
        found=True,
        supported=not reasons,
        reasons=reasons,
    )


def _reasons(
    claim: str,
    proof: Sequence[Citation],
    shown: Mapping[str, Hit],
    lexicon: StaticEmbedder | None,
) -> Iterator[Reason]:
    """Why the quotes don't bear a claim out; none where they do."""
    if len(claim) > _LONGEST_CLAIM:
        yield Reason("long")
        return
    quotes = "\n".join(each.quote for each in proof)
    told = _told(proof, shown.values())
    support = check_support(claim, quotes, lexicon, about=told.cited)
    yield from (each.reason for each in support.mismatches)
    strange = (address for address in addresses(claim) if address not in quotes)
    yield from (Reason("address", address) for address in strange)
    if lexicon is not None:
        yield from uncovered(lexicon, claim, told)


def _told(proof: Sequence[Citation], shown: Collection[Hit]) -> Told:
    cited = {each.document.id: each.document for each in proof}
    names = [name for each in cited.values() for name in (each.title, each.publisher) if name]
    quotes = [*(each.quote for each in proof), *names]
    own = [each.passage.text for each in shown if each.document.id in cited]
    others = [
        part
        for each in shown
        if each.document.id not in cited
        for part in (each.passage.text, each.document.title, each.document.publisher)
        if part
    ]
    return Told("\n".join(quotes), "\n".join([*quotes, *own]), "\n".join(others))


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
