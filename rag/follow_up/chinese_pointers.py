"""Which words of a Chinese question point outside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from rag.fold import fold, fold_with_map
from rag.follow_up.chinese import Token, category_of, parts_of, tokens_of
from rag.follow_up.chinese_words import MEASURES, ORGANISATIONS, PLACES, ROLES, THINGS
from rag.follow_up.parts import Part, Pointer, Wanted, dates_of

_NOUN_AFTER = "|".join(sorted(ORGANISATIONS + PLACES + THINGS + ROLES, key=len, reverse=True))
_POINTING = re.compile(
    rf"(?P<definite>(?:[这那此]一?[{MEASURES}]|[该此])(?P<noun>{_NOUN_AFTER})"
    r"|[这那]一?(?:城市|国家))"
    r"|(?P<people>[这那该此]一?[个位名]?人(?![口民类]))"
    r"|(?P<place>[这那][里儿边](?!程)|当地|该地|此地)"
    r"|(?P<time>当时|那时候?|那个?时候|那一?年|同一?年|当年|该年|那一年|同期)"
    r"|(?P<many>[他她它牠]们)"
    r"|(?P<person>[他她])|(?P<thing>[它牠])|(?P<whose>其)"
)
_MOST = 12  # words that are looked at; a question has two or three
_IN_CLAUSE = re.compile(r"[，,；;。：:]")
_SAYING = re.compile(
    r"(?:说|认为|表示|称|希望|计划|打算|承诺|宣布|指出|透露|预计|相信|知道|觉得)[，,]?$"
)
_MATTER = re.compile(
    r"^(?:[这那此](?:件事|种情况)?(?=是|意味|有|对|会|说明|为什么|怎么)|这样|那样)"
)


def pointers_of(question: str) -> list[Pointer]:
    """The words that point outside a question, in order."""
    folded = fold_with_map(question)
    tokens = tokens_of(question)
    starts, ends = {each.start for each in tokens}, {each.end for each in tokens}
    found: list[Pointer] = []
    for match in islice(_POINTING.finditer(folded.text), _MOST):
        start, end = folded.span(*match.span())
        sort = str(match.lastgroup if match.lastgroup != "noun" else "definite")
        if sort in ("person", "thing", "many", "whose") and not _is_word(tokens, start, end):
            continue
        if start not in starts or end not in ends:
            continue
        pointer = _pointer(question, sort, start, end, fold(match.group("noun") or match.group()))
        if pointer and not _is_inside_own(question, pointer, sort):
            found.append(pointer)
    if not found and (matter := _MATTER.match(folded.text)):
        start, end = folded.span(*matter.span())
        found.append(Pointer(start, end, "matter"))
    return found


def _is_word(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a pronoun is a word of its own: not the 他 of 吉他, nor the 其 of 其中."""
    return any((each.start, each.end, each.tag) == (start, end, "r") for each in tokens)


def _pointer(question: str, sort: str, start: int, end: int, noun: str) -> Pointer | None:
    wanted: Wanted
    match sort:
        case "definite":
            wanted = _WANTED.get(category_of(noun[-2:]) if len(noun) > 1 else _short(noun), "thing")
            if re.match("[这那此]一?[些批]", question[start:]):
                wanted = "many"
            return Pointer(start, end, wanted, noun)
        case "people" | "person":
            return Pointer(start, end, "person")
        case "place" | "time" | "many" | "thing":
            return Pointer(start, end, sort)
        case "whose":
            return Pointer(start, end, "thing", possessive=True)
    return None


_WANTED: dict[str, Wanted] = {"organisation": "organisation", "place": "place", "role": "person"}


def _short(noun: str) -> str:
    return "place" if noun in PLACES else "organisation" if noun in ORGANISATIONS else "thing"


def _is_inside_own(question: str, pointer: Pointer, sort: str) -> bool:
    """Whether what a pronoun means stands in the question itself."""
    before = question[: pointer.start]
    if pointer.wanted == "time":
        return bool(dates_of(question)) or bool(re.search("[时時]|[之以]?[前后後]", before))
    after = next((each for each in tokens_of(question) if each.start >= pointer.end), None)
    owns = sort == "whose" or (after is not None and after.kind in ("of", "noun"))
    if sort in ("definite", "place", "people") or owns:
        reach = before
    else:
        cut = [each.end() for each in _IN_CLAUSE.finditer(before)]
        reach = before[: cut[-1]] if cut else ""
        reach = before if _SAYING.search(fold(before)) else reach
    parts = [part for part in parts_of(reach) if _may_be(part, pointer)] if reach else []
    if pointer.wanted == "person" and reach != before and re.search("[谁誰]|哪位", reach):
        return True
    if pointer.wanted == "person" and "，" in question[pointer.end :]:
        behind = parts_of(question[pointer.end :].split("，", 1)[1])
        parts += [part for part in behind if part.kind == "person"]
    return bool(parts)


def _may_be(part: Part, pointer: Pointer) -> bool:
    match pointer.wanted:
        case "person":
            return part.kind in ("person", "role", "name")
        case "organisation":
            return part.kind in ("organisation", "name")
        case "place":
            return part.kind in ("place", "name")
        case _:
            return part.kind != "person" and not (part.kind == "role" and pointer.wanted == "thing")
