"""Questions out of Chinese clauses: what asks stands where the answer stood.

A clause is taken whose subject is a name and that leans on no other: 长江全长6300公里 becomes
长江全长多少公里？ Rules see folded text; questions are in the article's own script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.fold import fold
from rag.sentences import Span, split_sentences
from rag.types import Language
from rag.ui.examples import chinese_words as known
from rag.ui.examples.chinese_clauses import DATED, HAN, PEOPLE, Clause, clauses_of, is_name
from rag.ui.examples.draft import READ, Draft, Kind
from rag.values import Value, find_values

_SENTENCE, _QUESTION = range(8, 121), range(7, 33)
_ALLOWED = re.compile(rf"[{HAN}A-Za-z0-9“”‘’「」『』《》·•‧.%\- ]+？")
_VAGUE = re.compile(known.VAGUE)
_CHANGES = re.compile(known.CHANGES)
_COUNTS = re.compile(f"(?:{known.COUNTS})了?$")
_MEASURES = re.compile(f"(?:{known.MEASURES})(?:达到?|为|是|约)?了?$")
_SHARES = re.compile(f"(?:{known.SHARES})$")
_BEGINNINGS = re.compile(f"(?:{known.BEGINNINGS})于$")

_BEGINS = re.compile(known.BEGINS)
_WEEKDAY = re.compile("周[一二三四五六日]$")
_DONE = re.compile("[了于於在到为為]")  # 联合国2030年议程 has none
_OBJECT = re.compile("[了过为于]")  # what stands before the 的 of an object
_SOME_YEAR = re.compile(r"\d{4}年")
_SOME_DAY = re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?")
_AMOUNT = re.compile(
    r"(?:大约|约为|约|大概)?[\d.,一二三四五六七八九十百千两]+(?P<scale>[万亿]*)(?P<unit>[^\d.,万亿]*)"
)
_A_PHRASE = 3  # characters: a verb with its object
_FEW = 10  # what is asked for with 几

_SPEAKER = re.compile(
    rf"(?P<of>[^的兼副]{{2,16}}?)(?P<office>{known.OFFICES})(?:兼(?:{known.OFFICES}))?"
    rf"(?P<name>[{HAN}]{{2,3}}(?:·[{HAN}]+)*)(?:{known.SAYS})$"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is said of a subject, from its end on, and what asks for it in the place of both."""

    pattern: re.Pattern[str]
    asks: str
    kind: Kind
    rank: int


def _rule(pattern: str, asks: str, kind: Kind, rank: int) -> _Rule:
    return _Rule(re.compile(f"{pattern}$"), asks, kind, rank)


_RULES = (
    _rule("(?P<verb>位于|坐落[于在]|地处)(?P<answer>.{2,24})", "位于哪里", "where", 2),
    _rule("以(?P<answer>.{2,16}?)(?P<verb>闻名|著称|知名)", "以什么{}", "what", 1),
    _rule(f"(?P<verb>{known.CALLED})[为是]?(?P<answer>.{{2,14}})", "{}什么", "what", 2),
    _rule(f"由(?P<answer>.{{2,12}}?)(?P<verb>{known.WORKS})(?:的.*)?", "由谁{}", "who", 1),
    _rule("(?P<verb>获得|荣获|赢得)了?(?P<answer>.{2,14}奖)", "{}了什么奖", "what", 2),
    _rule(r"(?P<verb>是)(?P<answer>一[名位]\S*[家人员手者师星王士官帝])", "是谁", "who", 3),
    _rule(f"(?P<verb>是)(?P<answer>一[{known.MEASURE_WORDS}]\\S{{3,}})", "是什么", "what", 3),
)


def chinese_drafts(text: str, language: Language) -> Iterator[Draft]:
    """Questions that the beginning of an article answers, in the order of its sentences."""
    for span in split_sentences(text[:READ]):
        sentence = text[span.start : span.end]
        if len(sentence) in _SENTENCE and sentence[-1] in "。！!":
            for clause in clauses_of(sentence, language):
                for draft in (*_of_values(clause, span), *_of_words(clause, span)):
                    if len(draft.question) in _QUESTION and _ALLOWED.fullmatch(draft.question):
                        yield draft


# --- what a value is asked for with ---


def _of_values(clause: Clause, span: Span) -> Iterator[Draft]:
    asked = [value for value in find_values(clause.text) if value.start >= clause.end]
    if not asked and (clause.start or clause.dated):
        yield from _dated_first(clause, span)
    elif len(asked) == 1:
        (value,) = asked
        yield from (_when if value.kind == "date" else _how_many)(clause, value, span)


def _dated_first(clause: Clause, span: Span) -> Iterator[Draft]:
    """1914年奥斯曼帝国参加了大战: 奥斯曼帝国参加大战是在哪一年？"""
    date = (clause.dated or clause.text[: clause.start]).lstrip("在")
    asks = _asking_date(fold(date))
    rest = clause.text[clause.end :]
    if asks is None or "的" in clause.subject or not _goes_on(clause, clause.end):
        return
    if _BEGINS.match(clause.folded, clause.end):
        yield Draft(f"{clause.subject}{clause.own(asks)}{rest}？", "when", span, date, 2)
    elif not any(token.word in known.SO_FAR for token in clause.tokens):
        done = next((token for token in clause.tokens if token.word == "了"), None)
        end = done.start if done else len(clause.text)
        said = clause.text[clause.start : end] + clause.text[end + 1 :]
        yield Draft(f"{said}是{clause.own(asks)}？", "when", span, date, 2)


def _when(clause: Clause, value: Value, span: Span) -> Iterator[Draft]:
    asks = _asking_date(fold(value.text))
    if asks is None or clause.dated or clause.start:
        return
    asks = clause.own(asks)
    asked = asks.removeprefix("在")
    before, after = clause.folded[: value.start], clause.text[value.end :]
    if _BEGINNINGS.search(before) and not after:
        yield Draft(f"{clause.text[: value.start]}{asked}？", "when", span, value.text, 1)
    elif before[clause.end :] in ("自", "从") and after.startswith("起"):
        question = f"{clause.subject}{clause.own('从')}{asked}{after}？"
        yield Draft(question, "when", span, value.text, 1)
    elif (
        before[clause.end :] in ("于", "在", "")
        and not after.startswith("起")
        and (len(before) > clause.end or _DONE.search(after))
        and _goes_on(clause, value.end)
    ):
        asks = asked if after.startswith(("在", "于", "於")) else asks
        yield Draft(f"{clause.subject}{asks}{after}？", "when", span, value.text, 2)


def _asking_date(folded: str) -> str | None:
    if _SOME_YEAR.fullmatch(folded):
        return "在哪一年"
    return "什么时候" if _SOME_DAY.fullmatch(folded) else None


def _goes_on(clause: Clause, at: int) -> bool:
    """Whether what stands from `at` on is said of the subject, and whole."""
    token = next((token for token in clause.tokens if token.start >= at), None)
    if token is None or token.tag[0] not in "vpd" or token.word in known.NO_PREDICATE:
        return False
    words = [each for each in clause.tokens if each.start >= at]
    if any(each.word == "中" for each in words) or all(each.tag[0] != "v" for each in words):
        return False
    rest = clause.folded[at:]
    if len(rest) < 2 or rest[0] == "以" or "是" in rest or _VAGUE.search(rest):
        return False
    return "的" not in rest or _OBJECT.search(rest[: rest.index("的")]) is not None


def _how_many(clause: Clause, value: Value, span: Span) -> Iterator[Draft]:
    before, after = clause.folded[: value.start], clause.folded[value.end :]
    if _CHANGES.search(clause.folded) and not (clause.dated or DATED.search(clause.folded)):
        return
    if re.search(r"\d", DATED.sub("", before[clause.end :])):
        return
    asked = _asking(value, before, after)
    if asked is not None and (not before.endswith("的") or value.kind == "share"):
        kind, words = asked
        text = clause.text
        question = f"{clause.dated}{text[: value.start]}{clause.own(words)}{text[value.end :]}？"
        yield Draft(question, kind, span, value.text, 1)


def _asking(value: Value, before: str, after: str) -> tuple[Kind, str] | None:
    """What asks for a value in its place, and the kind of that; None where nothing does well."""
    if value.qualifier not in ("", "about") or value.upper is not None:
        return None
    if value.kind == "share":
        return ("share", "多少") if not after and _SHARES.search(before) else None
    if value.kind == "duration":
        return ("size", "多久") if not after and before.endswith(("历时", "耗时")) else None
    amount = _AMOUNT.fullmatch(fold(value.text).removesuffix("左右"))
    if amount is None:
        return None
    scale, unit = amount["scale"], amount["unit"]
    if value.measure and after:
        if not _COUNTS.search(before) or after[0] in "的以之多余半":
            return None
        if unit == "人" and len(after) < _A_PHRASE:  # 海南约有5000人使用: what do they use?
            return None
        few = not scale and value.amount is not None and value.amount < _FEW
        return "many", ("几" if few else "多少") + unit
    if after or not _MEASURES.search(before):
        return None
    if value.kind == "money":
        return "size", f"多少{scale}{unit}"
    is_whole = not value.measure or unit in known.WITHOUT_NOUN
    return ("size", f"多少{unit}") if is_whole else None


# --- what words are asked for with ---


def _of_words(clause: Clause, span: Span) -> Iterator[Draft]:
    if clause.start:
        return
    if speaker := _SPEAKER.match(clause.folded):
        yield from _of_speaker(clause, speaker, span)
    for rule in _RULES:
        found = rule.pattern.match(clause.folded, clause.end)
        if found and _fits(clause, rule.kind, found["verb"]):
            verb, answer = (clause.text[slice(*found.span(part))] for part in ("verb", "answer"))
            question = f"{clause.subject}{clause.own(rule.asks).format(verb)}？"
            yield Draft(question, rule.kind, span, answer, rule.rank, must_be_short=False)


def _fits(clause: Clause, kind: Kind, verb: str) -> bool:
    """Whether a subject is what is asked about: not a part of it, nor where it was done, nor a
    person who is somewhere."""
    tags = {token.tag for token in clause.tokens if clause.start <= token.start < clause.end}
    if kind == "what":
        return "的" not in clause.subject
    if kind == "where":
        return not tags <= PEOPLE
    return verb not in known.WORKS.split("|") or tags != {"ns"}


def _of_speaker(clause: Clause, found: re.Match[str], span: Span) -> Iterator[Draft]:
    of, office, name = (clause.text[slice(*found.span(part))] for part in ("of", "office", "name"))
    named = any(is_name(token) for token in clause.tokens if token.end <= found.end("of"))
    is_person = any(
        token.tag in PEOPLE for token in clause.tokens if token.end == found.end("name")
    )
    if not (named and is_person) or _WEEKDAY.match(name):
        return
    yield Draft(f"{of}的{office}{clause.own('是谁')}？", "who", span, name, 2)
    said = clause.own("说了什么")
    yield Draft(f"{of}{office}{name}{said}？", "said", span, name, 4, must_be_short=False)
