"""The clauses of Chinese sentences that say something of a name and lean on no other clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rag.fold import fold
from rag.follow_up.chinese_words import SURNAMES
from rag.language import to_script
from rag.types import Language
from rag.ui.examples import chinese_words as known
from rag.ui.examples.draft import is_grim

HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
PEOPLE: Final = frozenset({"nr", "nrt", "nrfg"})
"""What jieba's tagger calls the names of people."""

DATED: Final = re.compile(
    r"(?:在|截至|到)?\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日|[上下]半年|前?[一二三四1-4]季度|全年|[底末初度])?"
)
_BRACKETS = re.compile(r"\s*[（(\[【［][^（()）\[\]【】［］]*[)）\]】］]\s*")
_SPACED = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}\d])|(?<=\d) +(?=[{HAN}])")
_STOPS = re.compile(r"[,;:。！!？?…](?!\d)")
_PAIRS = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"), ("《", "》"))
_LEADS = re.compile(f"(?:{known.LEADS}) *")
_POINTING = re.compile(known.POINTING)
_OPEN_END = re.compile(f"(?:{known.OPEN_END})$")
_GENERIC = re.compile(known.GENERIC)
_TELLING = re.compile(known.TELLING)
_NAMES = frozenset({"nrt", "nrfg", "ns", "nt", "nz", "eng"})
_REGION = re.compile(r".{2,}[省市县区州镇乡村岛]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word as jieba's tagger has it, and its place in the folded clause."""

    word: str
    tag: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence with a name for its subject, which stands at `start` to `end`.

    `folded` is as long as `text`. What stands before the subject is a date; `dated` is one that
    stands in the clause before.
    """

    text: str
    folded: str
    tokens: tuple[Token, ...]
    start: int
    end: int
    dated: str
    language: Language

    @property
    def subject(self) -> str:
        """The subject as it is written."""
        return self.text[self.start : self.end]

    def own(self, words: str) -> str:
        """Words of a question in the script of the clause."""
        return to_script(words, self.language)


def clauses_of(sentence: str, language: Language) -> Iterator[Clause]:
    """The clauses of a sentence that lean on nothing else."""
    plain = _SPACED.sub("", _BRACKETS.sub("", sentence))
    folded = fold(plain)
    if len(folded) != len(plain) or is_grim(folded):
        return
    start, dated = 0, ""
    for stop in _STOPS.finditer(folded):
        if lead := _LEADS.match(folded, start, stop.start()):
            start = lead.end()
        if DATED.fullmatch(folded, start, stop.start()):
            dated = plain[start : stop.start()]
        else:
            clause = _clause(plain[start : stop.start()], dated, language)
            if clause is not None:
                yield clause
            dated = ""
        start = stop.end()


def _clause(text: str, dated: str, language: Language) -> Clause | None:
    folded = fold(text)
    if (
        "、" in text
        or not (dated or _TELLING.search(folded))
        or _POINTING.search(folded)
        or _OPEN_END.search(folded)
        or any(text.count(opening) != text.count(closing) for opening, closing in _PAIRS)
    ):
        return None
    date = DATED.match(folded)
    start = date.end() if date else 0
    tokens = tuple(_tagged(folded))
    subject = _subject(tokens, start)
    if not subject or subject[0].start != start or not _is_named(subject) or _leans(tokens):
        return None
    return Clause(text, folded, tokens, start, subject[-1].end, dated, language)


def _leans(tokens: Sequence[Token]) -> bool:
    """Whether words lean on others; what is said may end a clause: 校长李明华表示."""
    *inner, last = (token.word for token in tokens)
    if last in known.ELSEWHERE and last not in known.SPOKEN:
        return True
    return any(word in known.ELSEWHERE for word in inner)


def _tagged(folded: str) -> Iterator[Token]:
    import rjieba

    at = 0
    for word, tag in rjieba.tag(folded, True):
        yield Token(word, tag, at, at + len(word))
        at += len(word)


def _subject(tokens: Sequence[Token], start: int) -> list[Token]:
    """The words from `start` to the first that can't be part of a subject."""
    found: list[Token] = []
    for token in tokens:
        if token.start < start:
            continue
        is_verb = token.tag[0] == "v" and token.tag != "vn"
        if is_verb or token.tag[0] in "pdmr" or token.word in known.PREDICATES:
            break
        found.append(token)
    return found


def _is_named(subject: Sequence[Token]) -> bool:
    text = "".join(token.word for token in subject)
    return (
        len(text) > 1
        and text[-1] not in "的达自"
        and text[0] not in "的·"
        and not any(token.tag[0] in "tfcu" and token.tag != "uj" for token in subject)
        and not _GENERIC.match(text)
        and any(map(is_name, subject))
    )


def is_name(token: Token) -> bool:
    """Whether a word is a name of its own."""
    if token.tag == "nr":  # what the tagger doesn't know is often one for it
        return len(token.word) > 1 and token.word[0] in SURNAMES
    return (
        "《" in token.word
        or (token.tag in _NAMES and len(token.word) > 1)
        or _REGION.fullmatch(token.word) is not None
    )
