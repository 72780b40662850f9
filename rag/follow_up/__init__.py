"""A question of a conversation turned into one that stands alone: retrieval sees only one.

Rules alone, no model: what they are not sure of they leave as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.answer_type import answer_type
from rag.fold import fold, words
from rag.follow_up import (
    chinese,
    chinese_pointers,
    chinese_turns,
    english,
    english_pointers,
    english_turns,
)
from rag.follow_up.antecedents import Turn, is_chinese, meant_by, name_in
from rag.follow_up.english_words import PRESENT
from rag.follow_up.parts import Fragment, Pointer, Wanted, date_for, dates_of
from rag.language import detect_language

__all__ = ["Turn", "resolve"]

_TURNS: Final = 3  # last questions that may be meant
_LONGEST: Final = 300  # characters; what is longer says for itself what it is about
_ANSWER: Final = 400  # characters of an answer that are looked at
_DIMENSION = re.compile(
    r"多[大高长長远遠深重宽寬久快]|how (?:big|large|tall|high|long|far|deep|wide|old)"
)
_HALVES = re.compile("[\ud800-\udfff]")
_QUANTITIES: Final = ("number", "money", "share")


def resolve(question: str, turns: Sequence[Turn]) -> str:
    """The question as it stands alone, `turns` oldest first.

    The very same string where it already does, or where nothing can be carried over. What is
    carried over keeps the script it was written in; a mere fragment takes the language of the
    question that it changes.
    """
    if _HALVES.search(question):
        return question
    before = [turn for turn in turns if any(map(str.isalnum, turn.question))][-_TURNS:][::-1]
    if not before or len(question) > _LONGEST or not any(map(str.isalnum, question)):
        return question
    before = [
        Turn(_whole(turn.question.strip()[:_LONGEST]), _whole(turn.answer[:_ANSWER]))
        for turn in before
    ]
    last = before[0]
    own = chinese_turns if is_chinese(question) else english_turns
    if own.asks_for_more(question):
        return last.question
    if word := own.bare_question_word(question):
        return _asked_with(word, last)
    plain = _without_pointers(question, before)
    if len(words(question)) < 2 and plain != question:
        return question  # a mere `it` asks nothing
    if fragment := own.fragment_of(plain):
        return _with_fragment(fragment, before, is_chinese(question))
    if is_chinese(question):
        return _carried_in_chinese(question, plain, before)
    return _carried_in_english(question, plain, before)


def _whole(text: str) -> str:
    """A text without halves of a character, which no cutter takes."""
    return _HALVES.sub("?", text)


def _asked_with(word: str, last: Turn) -> str:
    if is_chinese(last.question) != is_chinese(word):
        topic = _topic_of(last.question)
        return f"{word}{topic}？" if is_chinese(word) else f"{word.capitalize()} {topic}?"
    if is_chinese(last.question):
        return chinese_turns.asked_with(word, last.question)
    asked = answer_type(last.question) == "person"
    person = name_in(last.answer, "person") if asked and last.answer else None
    return english_turns.asked_with(word, last.question, person or "")


def _with_fragment(fragment: Fragment, turns: Sequence[Turn], in_chinese: bool) -> str:
    last = turns[0]
    if is_chinese(last.question) != in_chinese and (owner := _entity(turns[:1], fragment.text)):
        own = chinese_turns if in_chinese else english_turns
        asked: str = own.asked_of(fragment.text, owner)
        if asked:
            return asked
    if is_chinese(last.question):
        return chinese_turns.with_fragment(last.question, fragment)
    return english_turns.with_fragment(last.question, fragment)


def _without_pointers(question: str, turns: Sequence[Turn]) -> str:
    """The question with what its pronouns mean in their place, as far as that can be told."""
    in_chinese = is_chinese(question)
    language = detect_language(question)
    pointers = (chinese_pointers if in_chinese else english_pointers).pointers_of(question)
    for pointer in reversed(pointers):
        if pointer.wanted == "matter":
            topic = _topic_of(turns[0].question)
            question = _with_aside(question, topic) if topic else question
        elif meant := meant_by(pointer, turns, language, question):
            write = _in_chinese if in_chinese else _in_english
            question = write(question, pointer, meant)
    return question


def _topic_of(last: str) -> str:
    return chinese_turns.topic_of(last) if is_chinese(last) else english_turns.topic_of(last)


def _with_aside(question: str, aside: str) -> str:
    """The question with words in brackets before its mark."""
    body = question.rstrip(" ?？.。!！")
    left, right = ("（", "）") if is_chinese(question) else (" (", ")")
    return f"{body}{left}{aside}{right}{question[len(body) :].strip()}"


def _in_chinese(question: str, pointer: Pointer, meant: str) -> str:
    rest = question[pointer.end :]
    link = "的" if pointer.possessive and not rest.startswith("的") else ""
    if pointer.wanted == "time" and rest.startswith("的"):
        rest = rest[1:]
    return question[: pointer.start] + meant + link + rest


_BEFORE_TIME = re.compile(r"(?:\b(?:at|in|during|back)\s+)$", re.IGNORECASE)
_KEPT_BEFORE_TIME = re.compile(r"\b(?:since|until|till|by|from|before|after|of)\s+$", re.IGNORECASE)


def _in_english(question: str, pointer: Pointer, meant: str) -> str:
    before, rest = question[: pointer.start], question[pointer.end :]
    if pointer.wanted == "time":
        if not _KEPT_BEFORE_TIME.search(before):
            before = _BEFORE_TIME.sub("", before) + "in "
    elif pointer.wanted == "place" and question[pointer.start : pointer.end].lower() == "there":
        bare = not re.search(r"\b(?:from|in|at|near|around|to|of|up|down)\s+$", before)
        meant = f"in {meant}" if bare else meant
    elif pointer.possessive:
        meant += "’s" if "’" in question else "'s"
    elif not before.strip():
        meant = meant[0].upper() + meant[1:]
    return before + meant + rest


def _entity(turns: Sequence[Turn], question: str, wanted: Wanted = "thing") -> str | None:
    return meant_by(Pointer(0, 0, wanted), turns, "en", question)


def _date_of(last: Turn, question: str) -> str | None:
    """The date of the last question, as the language of this one writes it."""
    dates = dates_of(last.question)
    if not dates or dates_of(question):
        return None
    return date_for(dates[0].text, None, detect_language(question, "zh-Hans"))


def _keeps_time(question: str) -> bool:
    """Whether what a question asks for changes with the years."""
    return answer_type(question) in _QUANTITIES and not _DIMENSION.search(fold(question))


def _carried_in_chinese(question: str, plain: str, turns: Sequence[Turn]) -> str:
    pointed = plain != question
    led = bool(chinese_turns.lead_of(question))
    core = chinese_turns.core_of(plain)
    named = any(each.is_name for each in chinese.tokens_of(core))
    added = pointed
    if not pointed and chinese_turns.is_elliptic(question):
        wanted: Wanted = "person" if chinese_turns.wants_person(question) else "thing"
        if entity := _entity(turns, core, wanted):
            core = entity + ("的" if chinese_turns.lacks_subject(question) else "") + core
            added = True
    elif (
        not pointed and led and not named and _keeps_time(core) and (entity := _entity(turns, core))
    ):
        core = entity + core
        added = True
    if not added:
        return question
    if _keeps_time(core) and (date := _date_of(turns[0], core)):
        core = date + core
    end = plain[len(plain.rstrip(" ?？.。!！")) :].strip()
    return core + (end or "？")


_BARE_COUNT = re.compile(
    r"(how (?:many|much)|which(?: ones?)?)(?= (?:was|were|is|are|did|do|does|will|ha[sd]|have)\b)"
)


def _carried_in_english(question: str, plain: str, turns: Sequence[Turn]) -> str:
    pointed = plain != question
    led = bool(english_turns.lead_of(question))
    core = english_turns.core_of(plain)
    tokens = english.tokens_of(core)
    named = any(each.is_name for each in tokens)
    bare = _BARE_COUNT.match(core.lower())
    if not pointed and not named and (led or bare):
        return _with_what_was_spoken_of(core, question, turns, bare)
    present = any(each.kind == "aux" and each.low in PRESENT for each in tokens[:4])
    if pointed and not present and _keeps_time(plain) and (date := _date_of(turns[0], plain)):
        return english_turns.appended(plain, _in_time(turns[0], date))
    return plain


def _in_time(last: Turn, date: str) -> str:
    return f"{'' if re.match('last|this|next', date) else 'in '}{date}"


def _with_what_was_spoken_of(
    core: str, question: str, turns: Sequence[Turn], bare: re.Match[str] | None
) -> str:
    """A question that goes on from the last, with what was counted there, for whom and when."""
    tokens = english.tokens_of(core)
    past = any(each.low in ("did", "was", "were", "had", "will") for each in tokens[:5])
    subject = any(not part.weak for part in english.parts_of(core))
    if not (
        (bare and not english.phrases_of(tokens)) or (past and _keeps_time(core) and not subject)
    ):
        return question
    last = turns[0]
    if bare and (noun := _counted_in(last.question)):
        core = core[: bare.end()] + " " + noun + core[bare.end() :]
    if date := _date_of(last, core):
        core += f" {_in_time(last, date)}"
    if entity := _entity(turns[:1], core):
        core += f" ({entity})"
    end = question[len(question.rstrip(" ?？.。!！")) :].strip()
    return core[:1].upper() + core[1:] + (end or "?")


def _counted_in(last: str) -> str:
    """What a question in English counts: the cars of `how many cars`."""
    tokens = english.tokens_of(last)
    for phrase in english.phrases_of(tokens):
        if phrase.first and tokens[phrase.first - 1].low in ("many", "much", "which", "what"):
            return last[tokens[phrase.first].start : tokens[phrase.last - 1].end]
    return ""
