"""Sentence spans of Chinese, English and mixed text.

Every mark that may end a sentence is found by one regular expression; whether it does is decided
by what stands on both sides of it. A line break always ends a sentence.
"""

from __future__ import annotations

import re
from typing import NamedTuple


def _lexicon(words: str) -> frozenset[str]:
    return frozenset(words.split())


class Span(NamedTuple):
    """A stretch of a text: `text[start:end]`, offsets in code points."""

    start: int
    end: int


_FULL_MARKS = "。！？；｡"
_MARKS = _FULL_MARKS + "…!?;."
_CLOSERS = "\"'”’」』）)]】］〕》〉"
_CANDIDATE = re.compile(rf"\n|(?:[{re.escape(_MARKS)}]+[{re.escape(_CLOSERS)}]*)+")
_AFTER_CLOSER = "，、：；,:;—的地得"  # the sentence goes on behind a quotation
_FIRST_WIDE = "\u2e80"  # Han characters, kana and wide punctuation lie above
_OPENERS = " \t\"'“‘「『（([【《"
_LAST_WORD = re.compile(r"[A-Za-z.]+$")
_NEXT_WORD = re.compile(r"[A-Za-z]+")
_GLUED = re.compile(r"(?:^|\s)[a-z]{3,}$")

_NEVER_LAST = _lexicon(
    "mr mrs ms dr prof gen col lt sgt capt cmdr adm rev hon sen rep gov pres messrs vs cf e.g i.e"
    " viz al approx dept univ"
)
_BEFORE_NUMBER = _lexicon(
    "no nos p pp fig figs sec vol ch eq art jan feb mar apr jun jul aug sep sept oct nov dec"
    " tel ext"
)
_SELDOM_LAST = _lexicon(
    "inc co ltd corp llc plc jr sr ph.d etc a.m p.m st mt ft bros est u.s u.k u.n e.u d.c"
    " b.c a.d u.s.a"
)
_STARTERS = _lexicon(
    "the a an this that these those it he she they we i you in on at by for from but and so however"
    " after before when while if as his her its their our there then since under according"
    " meanwhile also with during both some many most one what who where how why"
)


def split_sentences(text: str) -> list[Span]:
    """The sentences of a text, in order, without surrounding white space.

    Together they cover every character that is not white space; none is empty; none overlap.
    """
    spans: list[Span] = []
    start = 0
    for match in _CANDIDATE.finditer(text):
        end = _end(text, start, match)
        if end is not None:
            _add(spans, text, start, end)
            start = end
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    """Append the stretch without its outer white space, if anything is left."""
    sentence = text[start:end]
    trimmed = sentence.strip()
    if trimmed:
        start += len(sentence) - len(sentence.lstrip())
        spans.append(Span(start, start + len(trimmed)))


def _end(text: str, start: int, match: re.Match[str]) -> int | None:
    """Where the sentence that began at `start` ends, or None where it goes on."""
    run = match.group()
    if run == "\n":
        return match.end()
    end = match.end()
    if run[-1] == '"' and text.count('"', start, end) % 2:  # it opens the next quotation
        run, end = run[:-1], end - 1
    closing = run.lstrip(_MARKS)
    if closing and (closing[0] in "》〉" or text[end : end + 1] in tuple(_AFTER_CLOSER)):
        return None
    if run[0] in "；;" and _inside_brackets(text, start, match.start()):
        return None
    if any(mark in run for mark in _FULL_MARKS):
        return end
    return end if _ascii_mark_ends(text, start, match.start(), run, end) else None


def _inside_brackets(text: str, start: int, end: int) -> bool:
    opened = text.count("（", start, end) + text.count("(", start, end)
    return opened > text.count("）", start, end) + text.count(")", start, end)


def _ascii_mark_ends(text: str, start: int, mark: int, run: str, end: int) -> bool:
    """Whether `run`, of `. ! ? ; …` and closing quotes at mark..end, ends a sentence."""
    before = text[mark - 1] if mark > start else ""
    after = text[end : end + 1]
    wide_before = before >= _FIRST_WIDE
    if run[0] == ";":
        return wide_before
    if run.startswith("……") or not after or after == "\n":
        return True
    if wide_before:
        return not (after.isascii() and (after.islower() or (run[0] == "." and after.isalnum())))
    if after >= _FIRST_WIDE:
        return run[0] == "?" or (run[0] == "." and before.isalpha() and not _shortened(text, mark))
    if not after.isspace():
        if run[0] == "?":
            return after.isupper() and "=" not in text[end : end + 12]  # not within an address
        glued = _GLUED.search(text[max(mark - 30, 0) : mark])
        return run == "." and after.isupper() and glued is not None
    return _starts_anew(text, start, mark, run, end)


def _word(text: str, end: int) -> str:
    """The Latin word that ends at `end`, dots inside it included (`U.S`)."""
    match = _LAST_WORD.search(text[max(end - 16, 0) : end])
    return match.group() if match else ""


def _shortened(text: str, end: int) -> bool:
    """Whether an abbreviation or an initial ends at `end`."""
    word = _word(text, end)
    return len(word) == 1 or word.lower() in _NEVER_LAST | _BEFORE_NUMBER | _SELDOM_LAST


def _starts_anew(text: str, start: int, mark: int, run: str, end: int) -> bool:
    """Whether what follows the white space behind a mark is a new sentence."""
    coming = text[end : end + 40].lstrip(_OPENERS + "\u00a0\u3000")
    if coming[:1].islower():
        return False
    if run[0] != ".":
        return run[0] != "…" or coming[:1].isupper()
    if text[start:mark].strip().isdigit():  # the number of a list item
        return False
    word = _word(text, mark)
    plain = word.lower()
    if plain in _NEVER_LAST:
        return False
    if plain in _BEFORE_NUMBER:
        return not coming[:1].isdigit()
    if plain in _SELDOM_LAST or (len(word) == 1 and word.isupper()) or _is_initials(word):
        following = _NEXT_WORD.match(coming)
        return run != "." or bool(following and following.group().lower() in _STARTERS)
    return True


def _is_initials(word: str) -> bool:
    """Single letters with dots between them: `J.K`, `U.S`."""
    return len(word) > 2 and all(len(part) == 1 for part in word.split("."))
