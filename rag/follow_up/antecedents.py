"""What a pronoun means: looked up in the questions before, and in what their answers said."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rag.answer_type import AnswerType, answer_type
from rag.fold import fold
from rag.follow_up import chinese, english
from rag.follow_up.chinese_words import SURNAMES
from rag.follow_up.parts import Kind, Part, Pointer, Wanted, date_for, dates_of, first_of
from rag.language import detect_language
from rag.types import Language
from rag.values import find_values

_SHORT: Final = 40  # characters of an answer that is a name and no sentence
_ASIDE = re.compile(r"\s*[(（][^()（）]*[)）]")
_SENTENCE_MARK = re.compile(r"[。.!?！？；;，：:](?=\s|$|[\u4e00-\u9fff])")
_WHERE = re.compile(r"\bwhere\b|哪[里裡儿兒]|何[处處]|在哪", re.IGNORECASE)
_SEVERAL = re.compile(r"[、和与與及]|\band\b|,")
_OF_PEOPLE = re.compile(
    r"\b(?:born|died?|marr(?:y|ied)|wrote|writ(?:e|ten)|invent|discover|grew up|stud(?:y|ied)"
    r"|raised|graduate|retire|elected|appointed|sa(?:y|id)|tell|told|think|believe)"
    r"|\bwho (?:is|was) [A-Z]|出生|去世|是谁|毕业|哪里人|说"
)

_WHO_IS = re.compile(r"\bwho (?:is|was) [A-Z]|是[谁誰]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation as it was resolved, and what its answer said in short.

    `answer` is a short answer, else the answer's first quoted sentence; empty when declined.
    """

    question: str
    answer: str = ""


def is_chinese(text: str) -> bool:
    """Whether a text is read as Chinese."""
    return detect_language(text) != "en"


def parts_of(text: str) -> tuple[Part, ...]:
    """What a question in either language speaks of."""
    return chinese.parts_of(text) if is_chinese(text) else english.parts_of(text)


_OF_ORGANISATIONS = re.compile(
    r"总部|員工|员工|成立|上市|股价|股價|营收|營收|销售额|銷售額|利润|利潤|总经理|總經理|董事长|董事長"
    r"|创始人|創始人|总裁|總裁"
    r"|\b(?:headquarter|found(?:ed|er)|employ|staff|ceo\b|chairman|shareholder|listed|subsidiar)",
    re.IGNORECASE,
)
_OF_WORKS = re.compile(
    r"开工|開工|投产|投產|建成|开通|開通|通车|通車|竣工|完工|投资|投資|生产|生產|启用|啟用|开放|開放"
    r"|\b(?:open|close|buil[dt]|construct|cost|complet|start|begin|began|finish|launch|produc|run\b"
    r"|runs\b|own)",
    re.IGNORECASE,
)


def meant_by(
    pointer: Pointer, turns: Sequence[Turn], language: Language, question: str = ""
) -> str | None:
    """What a pointer of a question means, `turns` newest first; None where they speak of nothing of
    its kind."""
    if pointer.wanted == "time":
        return next(filter(None, (_time_of(turn, language) for turn in turns)), None)
    people = frozenset(filter(None, map(_person_told, turns)))
    for narrowed, places in _from_narrow_to_wide(pointer, question):
        for turn in turns:
            answered = None if narrowed.exact else _answered(turn, narrowed.wanted)
            found = answered or _spoken_of(turn, narrowed, people, places)
            if found:
                return found
    return None


def _from_narrow_to_wide(pointer: Pointer, question: str) -> Iterator[tuple[Pointer, bool]]:
    """What to look for, in turn, and whether it may be a place: what has staff is no bridge, and
    what was built is no city."""
    if pointer.wanted == "thing" and not pointer.exact:
        if _OF_ORGANISATIONS.search(question):
            yield replace(pointer, wanted="organisation"), False
        if _OF_WORKS.search(question):
            yield pointer, False
    yield pointer, True


def _person_told(turn: Turn) -> str | None:
    """The person whom a question asked for and got."""
    return name_in(turn.answer, "person") if answer_type(turn.question) == "person" else None


def _time_of(turn: Turn, language: Language) -> str | None:
    asked = answer_type(turn.question) == "date"
    texts = (turn.answer, turn.question) if asked else (turn.question, turn.answer)
    dates = next((found for each in texts if (found := dates_of(each))), None)
    return date_for(dates[0].text, None, language) if dates else None


_ANSWERS: dict[Wanted, tuple[AnswerType, ...]] = {
    "person": ("person",),
    "organisation": ("organisation",),
    "place": ("place",),
    "thing": ("organisation", "place"),
    "many": ("person", "organisation"),
}


def _answered(turn: Turn, wanted: Wanted) -> str | None:
    """The name that an answer gave, if one of this kind was asked for."""
    asked = answer_type(turn.question)
    if asked not in _ANSWERS.get(wanted, ()):
        return None
    if wanted == "thing" and asked == "place" and _WHERE.search(turn.question):
        return None
    if wanted == "many" and not _SEVERAL.search(turn.answer):
        return None
    kinds: dict[str, Kind] = {"person": "person", "organisation": "organisation", "place": "place"}
    return name_in(turn.answer, kinds[asked])


def name_in(answer: str, kind: Kind) -> str | None:
    """The name of a kind in an answer: all of it where it is no sentence."""
    text = _ASIDE.sub("", answer).strip(" “”\"'「」")
    if not text:
        return None
    if _is_name(text):
        return text
    if kind == "person":
        return next(_people_in(text), None)
    parts = parts_of(text)
    found = next((part.text for part in parts if part.kind == kind), None)
    if found is None and kind == "organisation":
        named = (part.text for part in parts if part.kind == "name")
        found = next((name for name in named if not _is_like_person(name)), None)
    return found


def _is_name(text: str) -> bool:
    """Whether a text is too short for a sentence, and has no verb."""
    if len(text) > _SHORT or _SENTENCE_MARK.search(text) or find_values(text):
        return False
    if is_chinese(text):
        return not any(each.text in _ZH_VERBS for each in chinese.tokens_of(text))
    verbs = ("aux", "verb", "pronoun")
    return not any(each.kind in verbs and not each.is_name for each in english.tokens_of(text))


_ZH_VERBS = frozenset("是有说在了被为称把")


def _people_in(text: str) -> Iterator[str]:
    if is_chinese(text):
        yield from chinese.people_in(text)
        return
    for part in parts_of(text):
        if part.kind == "person" or (part.kind == "name" and _is_like_person(part.text)):
            yield part.text


def _is_like_person(name: str) -> bool:
    folded = fold(name)
    if folded[0] > "\u2e80":
        return 2 <= len(folded) <= 4 and folded[0] in SURNAMES
    return " " in name


def _spoken_of(turn: Turn, pointer: Pointer, people: Collection[str], places: bool) -> str | None:
    """The part of a question that a pointer means, else a person whom its answer names."""
    about_people = _is_about_people(turn.question)
    parts = [
        replace(part, kind="person") if _is_person(part, about_people, people) else part
        for part in parts_of(turn.question)
        if places or part.kind != "place"
    ]
    if pointer.wanted == "person":
        parts = [part for part in parts if part.kind != "name" or _is_like_person(part.text)]
    part = first_of(parts, pointer.wanted, pointer.noun, pointer.exact)
    if part and not (part.weak and part.text == pointer.noun):
        return part.text
    if pointer.wanted == "person" and turn.answer:
        return next(_people_in(turn.answer), None)
    return None


def _is_about_people(question: str) -> bool:
    if answer_type(question) == "person" and not _WHO_IS.search(question):
        return False
    return _OF_PEOPLE.search(question) is not None


def _is_person(part: Part, about_people: bool, people: Collection[str]) -> bool:
    return part.text in people or (
        part.kind == "name" and about_people and _is_like_person(part.text)
    )
