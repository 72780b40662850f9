"""Why a text was chosen, as HTML: the words of the question and of the text that met.

Each pair has a letter, which the marks in both texts and the list of pairs carry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from string import ascii_lowercase

from rag.explain import written
from rag.language import detect_language
from rag.types import Language, WordMatch
from rag.ui.texts import Texts

Marked = tuple[int, int, str]
"""Start and end in code points, and the letter of a pair."""


@dataclass(frozen=True, slots=True)
class Why:
    """What of a question a text met, and what nothing in it is near to.

    `question` is the one that was matched: as it was understood, where that is another.
    """

    question: str
    matches: tuple[WordMatch, ...]
    unmet: tuple[str, ...] = ()

    def pairs(self) -> dict[str, list[WordMatch]]:
        """The matches by letter, as one reads them in the question; words that meet the same words
        again share theirs."""
        same: dict[tuple[str, str], list[WordMatch]] = {}
        for match in sorted(self.matches, key=lambda match: match.asked_at or 0):
            same.setdefault((match.question, match.article), []).append(match)
        return dict(zip(ascii_lowercase, same.values(), strict=False))


def unfolding_html(why: Why, meta: str, words: Texts) -> str:
    """A line that unfolds the question with its words that met; the quote and the list below show
    more while it is open."""
    marks = [
        (match.asked_at, match.asked_at + len(match.question), letter)
        for letter, matches in why.pairs().items()
        for match in matches
        if match.asked_at is not None and why.question.startswith(match.question, match.asked_at)
    ]
    asked = (
        f'<p class="query"><span class="label">{words.question}</span> '
        f'<span lang="{detect_language(why.question)}">'
        f"{_marked(why.question, marks, stops=True)}</span></p>"
        if marks
        else ""
    )
    return (
        f'<details class="why"><summary><span class="meta">{meta}</span>'
        f' <span class="ask">{words.why}</span></summary>{asked}</details>'
    )


def quote_html(text: str, start: int, why: Why | None) -> str:
    """A text that stands at `start` in its article, with the words in it that met marked."""
    marks = [
        (match.start - start, match.end - start, letter)
        for letter, matches in (why.pairs() if why else {}).items()
        for match in matches
    ]
    return _marked(text, marks, stops=False)


def met_html(why: Why, spoken: Language, words: Texts) -> str:
    """The pairs on one quiet line, which becomes a list that says how they met; `spoken` is the
    article's language."""
    asked = detect_language(why.question)
    pairs = "".join(
        f'<div role="listitem" data-pair="{letter}">{_pair(matches[0], asked, spoken)}'
        f' <span class="how">{_how(matches[0], words)}</span></div>'
        for letter, matches in why.pairs().items()
    )
    return (
        f'<div class="met"><span class="label" title="{words.matched_what}">{words.matched}</span>'
        f' <div class="pairs" role="list">{pairs}</div>{_unmet(why, asked, words)}</div>'
    )


def _marked(text: str, marks: Sequence[Marked], *, stops: bool) -> str:
    """The text with its marks, which the Tab key `stops` at or which can only be pointed at."""
    drawn, at = "", 0
    for start, end, letters in _apart(marks):
        drawn += (
            f'{escape(text[at:start])}<mark data-pair="{letters}" tabindex="{0 if stops else -1}">'
            f"{escape(text[start:end])}</mark>"
        )
        at = end
    return drawn + escape(text[at:])


def _apart(marks: Sequence[Marked]) -> Iterator[Marked]:
    """The marks in order; those that overlap as one with all their letters."""
    waiting: Marked | None = None
    for start, end, letter in sorted(marks):
        if waiting is not None and start < waiting[1]:
            letters = sorted({*waiting[2].split(), letter})
            waiting = waiting[0], max(end, waiting[1]), " ".join(letters)
            continue
        if waiting is not None:
            yield waiting
        waiting = start, end, letter
    if waiting is not None:
        yield waiting


def _pair(match: WordMatch, asked: Language, spoken: Language) -> str:
    sign, cosine = written(match)
    article = f'<span lang="{spoken}">{escape(match.article)}</span>'
    if not sign:
        return f'<span class="pair">{article}</span>'
    near = f' <span class="near">{cosine}</span>' if cosine else ""
    return (
        f'<span class="pair"><span lang="{asked}">{escape(match.question)}</span>'
        f' <span class="sign">{sign}</span> {article}{near}</span>'
    )


def _how(match: WordMatch, words: Texts) -> str:
    if match.kind == "name":
        return words.same_name
    if match.kind == "value":
        return words.same_value
    sign, _ = written(match)
    return words.near_meaning if sign else words.same_word


def _unmet(why: Why, asked: Language, words: Texts) -> str:
    if not why.unmet:
        return ""
    told = '<span class="dot"> · </span>'.join(
        f'<span lang="{asked}">{escape(each)}</span>' for each in why.unmet
    )
    return f'<p class="unmet"><span class="label">{words.unmatched}</span> {told}</p>'
