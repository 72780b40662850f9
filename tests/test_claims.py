from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.claims import Claim, ClaimReader, Quoted, check_claims, read_claims
from rag.types import Document, Hit, Passage, WrittenClaim

TEXTS = {
    "a1": "引言。\n宁德的扶持政策在2021年为企业减负42亿元。政策没有取消。",
    "b2": "The harbour of Lind opened in March 2019. It cost 3.2 billion yuan.",
}


def hit(text: str, start: int = 0) -> Hit:
    """A hit whose passage is the document's text from `start` on."""
    document = Document(f"d{hash(text)}", text, "en", "d.txt")
    passage = Passage("p", document.id, start, len(text), text[start:])
    return Hit(passage, document, cosine=1, bm25=1, maxsim=1, score=1, relevance=1)


SHOWN = {key: hit(text) for key, text in TEXTS.items()}


def check(written: str) -> tuple[WrittenClaim, ...]:
    return check_claims(read_claims(written), SHOWN)[0]


@pytest.mark.parametrize(
    ("written", "claims"),
    [
        (
            "宁德减负42亿元。[[a1|减负42亿元]]港口开放了。[[b2|opened]]",
            [("宁德减负42亿元。", ["a1"]), ("港口开放了。", ["b2"])],
        ),
        (
            "It opened [[b2|opened in March 2019]]. It was dear [[b2: cost 3.2 billion]] .",
            [("It opened.", ["b2"]), ("It was dear.", ["b2"])],
        ),
        ("One. Two. [[a1|x]] Three.", [("One.", []), ("Two.", ["a1"]), ("Three.", [])]),
        ("Both. [[a1|x]][[b2|y]]", [("Both.", ["a1", "b2"])]),
        ("Forged [1] and 【2】 and [3, 4]. [[nothing]]", [("Forged  and  and .", [])]),
        ("Cut off. [[a1|half a qu", [("Cut off.", [])]),
        ("[[a1|no claim before it]]", []),
        ("", []),
    ],
)
def test_claims_have_the_quotes_behind_them(
    written: str, claims: list[tuple[str, list[str]]]
) -> None:
    found = [(each.text, [quoted.key for quoted in each.quoted]) for each in read_claims(written)]
    assert found == claims


@pytest.mark.parametrize(
    ("written", "status", "found", "supported"),
    [
        ("Policies saved firms 4.2 billion yuan. [[a1|减负42亿元]]", "verified", True, True),
        ("政策為企業減負42億元。[[a1|為企業減負42億元]]", "verified", True, True),
        ("The harbour opened in 2019. [[a1|opened in March 2019]]", "repaired", True, True),
        ("The harbour opened in 2019. [[zz|opened in March 2019]]", "repaired", True, True),
        ("It opened. [[b2|opened in March 2019]] [[b2|in May 2018]]", "repaired", True, True),
        ("The harbour opened in 2018. [[b2|opened in March 2019]]", "unsupported", True, False),
        ("It cost 32 billion yuan. [[b2|It cost 3.2 billion yuan]]", "unsupported", True, False),
        ("It cost 32 billion yuan. [[b2|It cost 32 billion yuan]]", "unsupported", False, False),
        ("The harbour did not open. [[b2|The harbour of Lind opened]]", "unsupported", True, False),
        ("The harbour opened in 2019.", "unsupported", False, False),
    ],
)
def test_claim_is_verified_only_by_a_quote_that_stands_there_and_says_so(
    written: str, status: str, found: bool, supported: bool
) -> None:
    (checked,) = check(written)
    assert (checked.status, checked.found, checked.supported) == (status, found, supported)


def test_citations_are_spans_of_the_document_and_numbered_once() -> None:
    text = "前言。" * 10 + "宁德减负42亿元。"
    shown = {"k": hit(text, start=30)}
    claims = [Claim("减负42亿元。", (Quoted("k", "宁德减负42亿元"),))] * 2
    (first, second), (citation,) = check_claims(claims, shown)
    assert first.citations == second.citations == (citation.number,) == (1,)
    assert text[citation.start : citation.end].startswith("宁德减负42亿元")


def shown_of(pieces: Sequence[str]) -> tuple[str, ClaimReader]:
    reader = ClaimReader()
    return "".join([*map(reader.feed, pieces), reader.close()]), reader


STREAMS = [
    ("It opened. [[b2|opened in]] It cost much.", "It opened.  It cost much."),
    ("A list [of things] stays, [1] goes.", "A list [of things] stays,  goes."),
    ("An end that is open. [[b2|ope", "An end that is open. "),
    ("x [", "x ["),
    ("x [[", "x "),
]


@pytest.mark.parametrize(("written", "shown"), STREAMS)
def test_markers_are_never_shown_however_the_text_is_cut(written: str, shown: str) -> None:
    for size in range(1, len(written) + 1):
        pieces = [written[at : at + size] for at in range(0, len(written), size)]
        assert shown_of(pieces)[0] == shown


def test_text_is_shown_as_soon_as_it_can_be_no_marker() -> None:
    reader = ClaimReader()
    assert reader.feed("It opened. [[b2|ope") == "It opened. "
    assert reader.feed("ned]] It") == " It"


@given(st.lists(st.text(alphabet="ab.。[]|1 k", max_size=8), max_size=8))
def test_what_is_shown_does_not_depend_on_the_pieces(pieces: list[str]) -> None:
    whole, reader = shown_of(["".join(pieces)])
    assert shown_of(pieces)[0] == whole
    assert "[[" not in whole or "]]" not in whole.partition("[[")[2]
    assert reader.claims == read_claims("".join(pieces))
