"""Words of direction and their opposites: rose and fell, 第一 and 最后, before and after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from rag.fold import stem
from rag.support.negatives import denied
from rag.support.opposites import AXES


@dataclass(frozen=True, slots=True)
class Turn:
    """A word of direction: its axis, which way it goes, where it stands in its clause."""

    axis: str
    up: bool
    at: int
    word: str


_NO_TURN = re.compile(
    r"\b(?:last|first|next) (?:year|month|week|quarter|night|spring|summer|autumn|winter|few|two"
    r"|three|phase|days|half)\b(?! of)|\bat (?:the latest|least|most|last|first)\b|\bthe latest\b"
    r"|\bup to\b|\b(?:no|not) (?:less|more|fewer|later) than\b|\bmore or less\b"
    r"|\bas (?:long|soon) as\b|\blater on\b|\bsooner or later\b|\bsmall (?:and|or) medium\b"
    r"|\bback (?:to|in|from|at)\b|\bvalue[ -]added\b|\badded value\b|\blast mile\b"
    r"|\bend products?\b"
    r"|\bas (?:much|many) as\b|\bhow (?:much|many)\b|\bmost (?:likely|probably)\b|\b(?:at|in) all\b"
    r"|\bthe same (?:time|day|year|month|period)\b|\bsome \x01|\bcollapsed? (?=building|bridge)"
    r"|\b(?:not|never) at all\b|\bset (?!up)|\bright (?:away|after|now)\b|\ball (?:the )?time\b"
    r"|\b(?:at|for) least\b|\bmost of the time\b|\bmost \w+(?:ed|ing|ous|ful|ive|al|ent|ant"
    r"|able|ible|ic|ar)\b"
    r"|不少|买卖|增量|增值税|增加值|升级|晋升|提升机|公升|缩影|浓缩|尽快|快递|快餐|减震|加减"
)


@dataclass(frozen=True, slots=True)
class _Forms:
    """English stems to axis and way; patterns of English and Chinese forms, a group for each way,
    and what the groups mean."""

    stems: dict[str, tuple[str, bool]]
    english: re.Pattern[str]
    english_ways: list[tuple[str, bool]]
    chinese: re.Pattern[str]
    chinese_ways: list[tuple[str, bool]]


@cache
def _forms() -> _Forms:
    stems: dict[str, tuple[str, bool]] = {}
    english: dict[tuple[str, bool], str] = {}
    chinese: dict[tuple[str, bool], str] = {}
    for axis, (english_up, chinese_up, english_down, chinese_down) in AXES.items():
        for up, listed, han in (
            (True, english_up, chinese_up),
            (False, english_down, chinese_down),
        ):
            single, _, patterns = listed.partition("|")
            for word in single.split():
                stems.setdefault(stem(word), (axis, up))
            if patterns:
                english[axis, up] = patterns
            if han:
                chinese[axis, up] = "|".join(han.split())
    first = "".join(set(re.findall("[\u4e00-\u9fff\x01]", "".join(chinese.values()))))
    return _Forms(
        stems,
        re.compile(r"\b(?:" + "|".join(f"({each})" for each in english.values()) + ")"),
        list(english),
        re.compile(f"(?=[{first}])(?:" + "|".join(f"({each})" for each in chinese.values()) + ")"),
        list(chinese),
    )


def find_turns(text: str) -> Iterator[Turn]:
    """The words of direction of a folded clause; one that is denied goes no way."""
    forms = _forms()
    plain = _NO_TURN.sub(lambda match: "\0" * len(match.group()), text)
    latin = re.search("[a-z]", plain)
    found = [
        (forms.stems[root], match)
        for match in re.finditer(r"[a-z][a-z'’]+", plain)
        if (root := stem(match.group())) in forms.stems
    ]
    if latin:
        found += _found(forms.english, forms.english_ways, plain)
    if not text.isascii():
        found += _found(forms.chinese, forms.chinese_ways, plain)
    for (axis, up), match in found:
        turn = Turn(axis, up, match.start(), match.group().strip())
        if not denied(text, match.start(), 30 if axis == "duty" else 8):
            yield turn


def _found(
    pattern: re.Pattern[str], ways: list[tuple[str, bool]], text: str
) -> list[tuple[tuple[str, bool], re.Match[str]]]:
    return [(ways[(match.lastindex or 1) - 1], match) for match in pattern.finditer(text)]


def both_ways(axis: str, turns: Iterable[Turn]) -> bool:
    """Whether a clause goes both ways on an axis."""
    return len({turn.up for turn in turns if turn.axis == axis}) > 1
