"""Where a quote stands in an article, however its marks and spaces were rewritten.

A quote that somebody copied differs from its article in script, spaces, quotation marks, dashes,
full-width marks, and in what stands at its ends. Nothing else may differ: a quote with another
word, number or negation is not found.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.fold import Folded, fold_with_map
from rag.sentences import Span
from rag.values import find_values

_MOST_BETWEEN = 200  # characters that an ellipsis may stand for
_LEAST = 8  # letters and digits of a quote; a Chinese character counts as two
_LEAST_PART = 4  # the same for what stands before or behind an ellipsis

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\U00020000-\U0003ffff"
_LETTER = rf"[^\W_{_HAN}]"  # a letter or digit of a script that puts spaces between words
_HAN_NUMBER = "零〇一二两三四五六七八九十百千万亿兆点"
_QUOTATION = "'\"`\u00ab\u00b4\u00bb\u2018-\u201f\u2039\u203a\u300c-\u300f\u301d-\u301f"
_DASH = "\\-\u2010-\u2015\u2212\u2500\ufe58\ufe63"
_HYPHENS = "-\u2010\u2011\u2212\uff0d\ufe63"
_UNSEEN = "\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"

_REWRITTEN = re.compile(
    rf"(?P<space>[\s{_UNSEEN}]+)|(?P<ellipsis>\.{{3,}}|[…⋯]+|。{{3,}})|(?P<dash>[{_DASH}]+)"
    rf"|(?P<quotation>[{_QUOTATION}])|(?P<stop>(?<!\d)。|。(?!\s*\d))|(?P<comma>(?<!\d)、|、(?!\s*\d))"
    r"|(?P<dot>[・‧•])"
)
_WRITTEN = {"ellipsis": "…", "dash": "-", "quotation": "'", "stop": ".", "comma": ",", "dot": "·"}
_DIGIT_ABOVE = ("<super>", "<sub>", "<fraction>", "<circle>")

_LEAD = re.compile(r"[\s…'.,;:)\]-]*")
_TAIL = re.compile(r"[\s…'.,;:!?(\[-]*$")
_ELLIPSIS = re.compile(r"[\[(]?…[\])]?")

_INSIDE = re.compile(  # a place where no quote may begin or end
    rf"(?<={_LETTER})(?={_LETTER})|(?<={_LETTER})(?='{_LETTER})|(?<={_LETTER}')(?={_LETTER})"
    r"|(?<=\d)(?=[.,:/⁄]\d)|(?<=\d[.,:/⁄])(?=\d)|(?<=[$€£¥₩])(?=\d)|(?<=\u2060)"
    r"|(?<=\d)(?=[%‰°\u2060十百千万亿兆多余])"
    r"|(?<=\d)(?= (?:hundred|thousand|million|billion|trillion|percent|per cent)\b)"
    rf"|(?<=[\d{_HAN_NUMBER}])(?=[{_HAN_NUMBER}])|(?<=分之)|(?=分之)"
)
_HYPHENATED = re.compile(rf"(?<={_LETTER})(?=-{_LETTER})|(?<={_LETTER}-)(?={_LETTER})")
_SIGNED = re.compile(r"(?<=-)(?=\d)")
_NEGATED = re.compile(
    rf"(?<=[不没未无非])(?=[{_HAN}])|(?<=没有)|(?<=n't )"
    r"|(?<=\bnot )|(?<=\bno )|(?<=\bnor )|(?<=\bnever )|(?<=\bcannot )|(?<=\bwithout )"
)
_SKIPPED_NEGATION = re.compile(r"[不没未无非]|n't\b|\b(?:not|no|nor|never|none|cannot|without)\b")
_CLAUSE_MARK = re.compile(r"[,.;:!?…-]")
_HARD_BREAK = re.compile(r"\n\s*(?![a-z\d])")


@dataclass(frozen=True, slots=True)
class _Part:
    """What a quote says between its ellipses, and the marks that may stand at its ends."""

    lead: str
    text: str
    tail: str


def find_quote(quote: str, text: str) -> Span | None:
    """The first span of `text` that says what `quote` says, offsets in code points; None for none.

    Script, case, width, spaces, quotation marks, dashes and what marks stand at the ends don't
    count. An ellipsis may stand for up to 200 characters of one paragraph, which the span covers.
    A quote ends on word boundaries, not inside a number, nor right behind a negation that it leaves
    out. It has at least four Chinese characters or eight letters, or is one whole value that is
    more than a number: 42亿元, 5%, May 2021.
    """
    wanted = _plain(quote)
    article = _plain(text)
    whole = _part(wanted.text)
    if not _proves(quote, whole.text):
        return None
    for start, end in _places(whole, article, text):
        return Span(*article.span(start, end))
    parts = [_part(each) for each in _ELLIPSIS.split(whole.text)]
    parts[0], parts[-1] = replace(parts[0], lead=whole.lead), replace(parts[-1], tail=whole.tail)
    if len(parts) < 2 or any(_weight(part.text) < _LEAST_PART for part in parts):
        return None
    joined = _joined(parts, article, text)
    return Span(*article.span(*joined)) if joined else None


@lru_cache(32)
def _plain(text: str) -> Folded:
    """A text folded, with one form for all marks that mean the same."""
    folded = fold_with_map(text)
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for match in _REWRITTEN.finditer(folded.text):
        _copy(folded, at, match.start(), text, chars, places)
        at = match.end()
        written = _WRITTEN.get(match.lastgroup or "") or _space(match, chars)
        if written:
            chars.append(written)
            places.append(folded.span(*match.span()))
    _copy(folded, at, len(folded.text), text, chars, places)
    return Folded("".join(chars), [start for start, _ in places], [end for _, end in places])


def _copy(
    folded: Folded,
    start: int,
    end: int,
    text: str,
    chars: list[str],
    places: list[tuple[int, int]],
) -> None:
    """Copy folded characters; 10² is kept apart from 102 by a word joiner."""
    for at in range(start, end):
        char, origin = folded.text[at], folded.starts[at]
        behind = char.isdigit() and bool(chars) and chars[-1].isdigit()
        if behind and unicodedata.decomposition(text[origin]).startswith(_DIGIT_ABOVE):
            chars.append("\u2060")
            places.append((origin, folded.ends[at]))
        chars.append(char)
        places.append((origin, folded.ends[at]))


def _space(match: re.Match[str], chars: list[str]) -> str:
    """A space where it tells two words or numbers apart, nothing elsewhere."""
    after = match.string[match.end() : match.end() + 1]
    if not re.search(r"\s", match.group()) or not chars or not after:
        return ""
    before = "".join(chars[-2:])
    if re.search(r"\d[.,:]$", before) and after.isdigit():
        return " "
    apart = re.match(_LETTER, chars[-1]) and re.match(_LETTER, after)
    return " " if apart else ""


def _part(text: str) -> _Part:
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    if re.match(r"-\d", text[max(start - 1, 0) :]):  # a minus sign
        start -= 1
    tail = _TAIL.search(text, start)
    end = tail.start() if tail else len(text)
    return _Part(text[:start], text[start:end], text[end:])


def _weight(text: str) -> int:
    """How much a quote says: its letters and digits, Chinese characters twice."""
    return sum(1 + (char >= "\u3007") for char in text if char.isalnum())


def _proves(quote: str, plain: str) -> bool:
    """Whether a quote is long enough, or is one value with a unit or a date."""
    if _weight(plain) >= _LEAST:
        return True
    values = find_values(quote.strip())
    return (
        len(values) == 1
        and not plain.isdigit()
        and bool(values[0].unit or values[0].date)
        and _part(_plain(values[0].text).text).text == plain
    )


def _places(part: _Part, article: Folded, text: str) -> Iterator[tuple[int, int]]:
    """Where a part stands between word boundaries, with the marks at its ends that are there."""
    start = article.text.find(part.text)
    while start >= 0:
        end = start + len(part.text)
        if _may_cut(article, text, start, True) and _may_cut(article, text, end, False):
            yield _with_marks(part, article.text, start, end)
        start = article.text.find(part.text, start + 1)


def _with_marks(part: _Part, plain: str, start: int, end: int) -> tuple[int, int]:
    for mark in reversed(part.lead):
        if plain[start - 1 : start] != mark:
            break
        start -= 1
    for mark in part.tail:
        if plain[end : end + 1] != mark:
            break
        end += 1
    return start, end


def _may_cut(article: Folded, text: str, at: int, begins: bool) -> bool:
    """Whether a quote may begin or end before character `at` of the plain article."""
    plain = article.text
    if 0 < at < len(plain) and article.ends[at - 1] > article.starts[at]:
        return False  # both are parts of one original character
    if _INSIDE.match(plain, at) or (begins and _NEGATED.match(plain, at)):
        return False
    if _HYPHENATED.match(plain, at):
        dash = at if plain[at] == "-" else at - 1
        between_digits = plain[dash - 1].isdigit() and plain[dash + 1].isdigit()
        return not (between_digits or _is_hyphen(article, text, dash))
    return not (begins and _SIGNED.match(plain, at) and _is_hyphen(article, text, at - 1))


def _is_hyphen(article: Folded, text: str, at: int) -> bool:
    return text[article.starts[at] : article.ends[at]] in _HYPHENS


def _joined(parts: list[_Part], article: Folded, text: str) -> tuple[int, int] | None:
    """The span of the parts in order, none further from the last than an ellipsis may reach."""
    reached = list(_places(parts[0], article, text))
    for part in parts[1:]:
        following = []
        ends = [end for _, end in reached]
        for start, end in _places(part, article, text):
            before = bisect_right(ends, start)
            if before and _may_skip(article, text, ends[before - 1], start):
                following.append((reached[before - 1][0], end))
        reached = following
    return reached[0] if reached else None


def _may_skip(article: Folded, text: str, start: int, end: int) -> bool:
    """Whether an ellipsis may stand for this stretch: short, of one paragraph, no lone negation."""
    if start == end:
        return True
    if end - start > _MOST_BETWEEN or _HARD_BREAK.search(text[slice(*article.span(start, end))]):
        return False
    skipped = article.text[start:end]
    return bool(_CLAUSE_MARK.search(skipped)) or not _SKIPPED_NEGATION.search(skipped)
