"""A written answer as HTML: each sentence with its citations and what was found out about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from rag.types import WrittenClaim
from rag.ui.sources import Source, chip_html
from rag.ui.texts import Texts

_KEPT = 3  # characters that stay on one line with what comes after them


def claims_html(
    claims: Sequence[WrittenClaim], sources: Mapping[int, Source], language: str, words: Texts
) -> str:
    """The sentences as one paragraph, then how many of them are proved."""
    gap = " " if language == "en" else ""
    told = gap.join(_claim(claim, sources, words) for claim in claims)
    proved = sum(claim.status != "unsupported" for claim in claims)
    count = words.checked.format(total=len(claims), proved=proved)
    return f'<p class="written">{told}</p><p class="checked">{count}</p>'


def _claim(claim: WrittenClaim, sources: Mapping[int, Source], words: Texts) -> str:
    chips = "".join(
        chip_html(sources[number], words) for number in claim.citations if number in sources
    )
    head, tail = claim.text[:-_KEPT], claim.text[-_KEPT:]
    return (
        f'<span class="claim {claim.status}">{escape(head)}'
        f'<span class="kept">{escape(tail)}{chips}{_badge(claim, words)}</span></span>'
    )


def _badge(claim: WrittenClaim, words: Texts) -> str:
    """Two marks, for the quote and for what it proves, which say more when pointed at."""
    status = {
        "verified": words.verified,
        "repaired": words.repaired,
        "unsupported": words.unsupported,
    }[claim.status]
    said = [
        words.found if claim.found else words.not_found,
        words.supports if claim.supported else words.no_support if claim.found else words.no_proof,
        *([words.repaired_what] if claim.status == "repaired" else []),
        *claim.reasons,
    ]
    told = "".join(f'<span class="why">{escape(each)}</span> ' for each in said)
    return (
        f'<button type="button" class="badge {claim.status}">'
        f'<span class="mark quote {_answer(claim.found)}"></span>'
        f'<span class="mark proof {_answer(claim.supported)}"></span>'
        f'<span class="status">{status}</span><span class="sr">. {told}</span></button>'
    )


def _answer(yes: bool) -> str:
    return "yes" if yes else "no"
