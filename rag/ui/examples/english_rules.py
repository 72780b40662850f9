"""How English sentences begin that a question can be made of, and what it is asked with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rag.ui.examples.draft import Kind
from rag.ui.examples.english_words import HAS, IRREGULAR, NO_PASSIVE, PAST

VALUE: Final = "\0"
"""What stands where the value stood."""

_PARTS = {
    "{S}": r"(?P<s>[A-Z][^,;:]*?)",
    "{REST}": r"(?P<rest>[^,;:]*?)",
    "{PAST}": f"(?P<past>{'|'.join(PAST)})",
    "{HAS}": f"(?P<has>{'|'.join(HAS)})",
    "{WAS}": "(?P<be>was|were)",
    "{IS}": "(?P<be>is|are|was|were)",
    "{DONE}": rf"(?P<done>(?:\w+ly )?(?:(?!{NO_PASSIVE})\w+ed|{IRREGULAR}))",
    "{MADE}": "(?P<done>founded|designed|built|directed|invented|discovered|composed|created"
    "|developed|painted)",
    "{THINGS}": r"(?P<things>(?:(?!(?:and|or|including|more|other|of)\b)[a-z-]+ ){0,3}?"
    r"(?:[a-z]+s|people|children|men|women|species))(?=[,.;!]| (?:and|in|on|at|with|for|from|that"
    r"|which|who|as|by|per|to|of|across|under|within|located|including|during|worldwide)\b)",
    "{GO_ON}": r"(?=[,.;!]|\s(?:and|but|by|to|after|when|with|as|at|in|following|under|for|on)\b)",
    "{STOP}": r"(?=[.,;!](?:\s|$))",
    "{V}": VALUE,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """How a sentence begins and what it is asked with; `pattern` names the parts of both.

    `s` is the subject, `rest` what is said of it, `a` the answer where it isn't a value.
    """

    pattern: re.Pattern[str]
    asks: str
    kind: Kind
    rank: int


def _rule(pattern: str, asks: str, kind: Kind, rank: int = 1) -> Rule:
    for name, part in _PARTS.items():
        pattern = pattern.replace(name, part)
    return Rule(re.compile(pattern), asks, kind, rank)


OF_VALUES: Final[dict[str, tuple[Rule, ...]]] = {
    "date": (
        _rule("{S} {WAS} {DONE}{REST} (?:in|on) {V}{GO_ON}", "When {be} {s} {done}{rest}?", "when"),
        _rule("{S} {PAST}{REST} (?:in|on) {V}{GO_ON}", "When did {s} {past}{rest}?", "when"),
        _rule(
            "(?:In|On) {V},? {S} {WAS} {DONE}{REST}{STOP}", "When {be} {s} {done}{rest}?", "when", 2
        ),
        _rule("(?:In|On) {V},? {S} {PAST}{REST}{STOP}", "When did {s} {past}{rest}?", "when", 2),
    ),
    "number": (
        _rule(
            "{S} {HAS} (?:a total of )?{V} {THINGS}", "How many {things} {do} {s} {has}?", "many"
        ),
        _rule(
            "{S} {IS} divided into {V} {THINGS}", "How many {things} {be} {s} divided into?", "many"
        ),
        _rule("{S} consists of {V} {THINGS}", "How many {things} does {s} consist of?", "many"),
        _rule(
            "There {IS} {V} {THINGS} (?:in|on) {S}{STOP}",
            "How many {things} {be} there in {s}?",
            "many",
        ),
        _rule(
            "(?:In|At) {S},? there {IS} {V} {THINGS}",
            "How many {things} {be} there in {s}?",
            "many",
        ),
        _rule(
            "{S} has an? (?:total |estimated )*population of {V}",
            "What is the population of {s}?",
            "size",
        ),
        _rule("The population of {S} {IS} {V}{GO_ON}", "What {be} the population of {s}?", "size"),
        _rule("{S} {IS} {V} (?P<far>long|tall|high|deep|wide)\\b", "How {far} {be} {s}?", "size"),
        _rule(
            "{S} (?:has|covers) an? (?:total |land )*area of {V}",
            "What is the area of {s}?",
            "size",
        ),
    ),
    "money": (
        _rule("{S} cost {V}{GO_ON}", "How much did {s} cost?", "size"),
        _rule(
            "{S} (?P<past>paid|spent|invested|raised|earned|donated) {V}{REST}{STOP}",
            "How much did {s} {past}{rest}?",
            "size",
        ),
    ),
    "share": (
        _rule(
            "(?:About |Nearly |Over |Some )?{V} of (?P<s>[^,;:]*?[A-Z][^,;:]*?)"
            " (?P<be>is|are|was|were|live|speak|work|use|come) {REST}{STOP}",
            "What percentage of {s} {be} {rest}?",
            "share",
        ),
    ),
}
OF_WORDS: Final = (
    _rule("{S} {WAS} {MADE} by (?P<a>[A-Z][^,;:.]*?){GO_ON}", "Who {done} {s}?", "who", 2),
    _rule(
        "{S} {IS} (?P<done>(?:best |widely )?(?:known|famous) for) (?P<a>[^,;:]+){STOP}",
        "What {be} {s} {done}?",
        "what",
        2,
    ),
    _rule("{S} {IS} named after (?P<a>[^,;:]+){STOP}", "What {be} {s} named after?", "what", 2),
    _rule(
        "{S} {IS} (?P<done>located|situated|headquartered) (?:in|on|at|near) (?P<a>[^;:]+){STOP}",
        "Where {be} {s} {done}?",
        "where",
        2,
    ),
    _rule("{S} stands for (?P<a>[^;:]+){STOP}", "What does {s} stand for?", "what", 2),
)
