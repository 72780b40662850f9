"""What an English follow-up takes from the question before it, put into words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.fold import fold
from rag.follow_up.english import (
    Phrase,
    Token,
    is_measure,
    is_question,
    kind_of_name,
    parts_of,
    phrases_of,
    tokens_of,
)
from rag.follow_up.english_words import ATTRIBUTES, ROLES
from rag.follow_up.parts import (
    Fragment,
    Part,
    date_for,
    dates_of,
    first_of,
    like_value,
    says_only_time,
)

_LEAD = re.compile(r"\s*(?:(?:and|but|or|so|ok(?:ay)?|well|then|also|now)\b[\s,]*)+", re.IGNORECASE)
_ABOUT = re.compile(r"(?:what|how)\s+about\s+|what\s+of\s+", re.IGNORECASE)
_END = re.compile(r"[\s?？.!。！]*$")
_LONGEST_FRAGMENT: Final = 8  # words
_BARE = re.compile(
    r"(?:(?:since|until|by|from|at|in|for|to|with)\s+)?(?:why|when|where|who|whom|how"
    r"|(?:how|what|which)\s+(?:much|many|long|far|big|large|old|often|soon|come|so|else|for|year"
    r"|month|date|place|city|company|country|price|one|ones|kind)"
    r"|(?:who|where|when|why)\s+(?:else|not))(?:\s+(?:exactly|then|precisely|though))?",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:(?:can you |could you |please )*tell me more(?: about (?:it|this|that))?"
    r"|(?:any |some )?more(?: details?)?|details|go on|anything else|what else|elaborate"
    r"|explain more)(?:,? please)?",
    re.IGNORECASE,
)


def lead_of(question: str) -> str:
    """The `and` and the like that a question begins with."""
    found = _LEAD.match(question)
    return found.group() if found and found.end() < len(question) else ""


def core_of(question: str) -> str:
    """A question without its first `and` and without its last mark."""
    return _END.sub("", question[len(lead_of(question)) :]).strip()


def asks_for_more(question: str) -> bool:
    """Whether it is no more than `tell me more`."""
    return _MORE.fullmatch(core_of(question)) is not None


def bare_question_word(question: str) -> str:
    """The question word that a question is, if it is no more than that: Why? How much?"""
    core = core_of(question)
    return core if _BARE.fullmatch(core) else ""


def fragment_of(question: str) -> Fragment | None:
    """The words that stand in place of others of the last question: and in 2020? what about Y?"""
    core = core_of(question)
    about = _ABOUT.match(core)
    led = bool(lead_of(question)) or about is not None
    text = core[about.end() :] if about else core
    if led and says_only_time(text):  # `last` alone would be taken for a verb
        return Fragment(text)
    tokens = tokens_of(("for " if about else "") + text)[1 if about else 0 :]
    if not tokens or len(tokens) > _LONGEST_FRAGMENT or text.count(",") > 1:
        return None
    alone = len(tokens) == 1 and tokens[0].kind == "verb" and led
    if (is_question(tokens) and not alone) or any(each.kind == "pronoun" for each in tokens):
        return None
    if tokens[-1].kind in ("aside", "det", "and"):
        return Fragment(text) if says_only_time(text) else None
    preposition = ""
    if tokens[0].kind == "prep" and len(tokens) > 1:
        preposition = tokens[0].text
        text = text[len(preposition) :].strip()
    if led or says_only_time(text):
        return Fragment(text, preposition)
    asked = question.rstrip().endswith(("?", "？"))
    named = all(
        each.is_name or each.kind in ("det", "prep") for each in tokens_of("for " + text)[1:]
    )
    return Fragment(text, preposition) if asked and (preposition or named) else None


def with_fragment(last: str, fragment: Fragment) -> str:
    """The last question, in English, with the like part replaced; where there is none, added."""
    text = re.sub(r"['’]s?$", "", fragment.text)
    if says_only_time(text):
        return _with_date(last, fragment)
    alike = like_value(text, last)
    if alike:
        return last[: alike[1].start] + text + last[alike[1].end :]
    tokens = tokens_of(last)
    span = _span_like(last, tokens, fragment)
    if span:
        return last[: span[0]] + text + last[span[1] :]
    owner = first_of([part for part in parts_of(last) if not part.weak], "thing")
    asked = asked_of(text, owner.text) if owner else ""
    return asked or appended(last, f"{fragment.preposition or 'for'} {text}")


def asked_of(text: str, owner: str) -> str:
    """The question for a measure or role, of its own name or of an owner; empty for no such."""
    words = _words_of(text)
    head = next((each.low for each in words if each.low in ATTRIBUTES or each.low in ROLES), "")
    if not head:
        return ""
    owned = any(each.is_name for each in words)
    article = "" if words[0].kind == "det" or words[0].is_owner else "the "
    word = "Who" if head in ROLES else "What"
    return f"{word} is {article}{text}{'' if owned else f' of {owner}'}?"


def appended(question: str, words: str) -> str:
    """A question with words added before its mark."""
    body = _END.sub("", question)
    return f"{body} {words}{question[len(body) :].strip() or '?'}"


def _with_date(last: str, fragment: Fragment) -> str:
    old = next(iter(dates_of(last)), None)
    new = date_for(fragment.text, old, "en")
    if old is None:
        plain = bool(re.match(r"last|this|next|today|yesterday|now|recent", fold(new)))
        preposition = fragment.preposition or ("" if plain else "in")
        return appended(last, f"{preposition} {new}".strip())
    start = old.start
    before = re.search(
        r"\b(?:in|on|at|by|since|until|before|after|during|for|from)\s+$", last[:start]
    )
    if before and (fragment.preposition or (new == fragment.text and not dates_of(new))):
        start = before.start()
        new = f"{fragment.preposition} {new}".strip()
    return last[:start] + new + last[old.end :]


def _words_of(text: str) -> tuple[Token, ...]:
    return tokens_of("for " + text)[1:]


def _span_like(last: str, tokens: Sequence[Token], fragment: Fragment) -> tuple[int, int] | None:
    """Where the last question has what a fragment would stand for."""
    words = _words_of(fragment.text)
    phrases = phrases_of(tokens)
    named = [each for each in words if each.is_name]
    lone = bool(named) and all(each.is_name or each.kind in ("det", "prep") for each in words)
    if fragment.preposition:
        return _after_preposition(
            tokens, phrases, fragment.preposition.lower(), lone, words[0].kind == "det"
        )
    if lone:
        return _like_name(last, tokens, phrases, fragment.text)
    if named:
        parts = [part for part in parts_of(last) if part.kind != "name"]
        return (parts[0].start, parts[0].end) if parts else None
    return _like_noun(tokens, phrases, words)


def _after_preposition(
    tokens: Sequence[Token],
    phrases: Sequence[Phrase],
    preposition: str,
    lone: bool,
    determined: bool,
) -> tuple[int, int] | None:
    for phrase in reversed(phrases):
        if phrase.first and tokens[phrase.first - 1].low == preposition:
            head = tokens[phrase.last - 1]
            alike = (tokens[phrase.first].kind == "det") == determined
            if head.is_name if lone else alike:
                return tokens[phrase.first].start, head.end
    if not lone:
        return None
    names = [each for each in tokens if each.is_name and each.is_owner]
    return (names[0].start, names[0].end - 2) if len(names) == 1 else None


def _like_name(
    last: str, tokens: Sequence[Token], phrases: Sequence[Phrase], name: str
) -> tuple[int, int] | None:
    """The name that another of its kind may stand for; where there are none, the last noun."""
    names = [part for part in parts_of(last) if _is_lone_name(part, tokens)]
    kind = kind_of_name(name)
    alike = [part for part in names if part.kind == kind]
    unlike = {"place": "organisation", "organisation": "place"}.get(kind)
    chosen = alike or [part for part in names if part.kind != unlike] or names
    if chosen:
        return chosen[0].start, chosen[0].end
    behind = [each for each in phrases if each.first and tokens[each.first - 1].kind == "prep"]
    if not behind:
        return None
    return tokens[behind[-1].first].start, tokens[behind[-1].last - 1].end


def _is_lone_name(part: Part, tokens: Sequence[Token]) -> bool:
    inside = [each for each in tokens if part.start <= each.start < part.end]
    return bool(inside) and all(each.is_name or each.kind in ("det", "prep") for each in inside)


def _category(head: str) -> str:
    return "role" if head in ROLES else "attribute" if head in ATTRIBUTES else "thing"


def _category_of(tokens: Sequence[Token], phrase: Phrase) -> str:
    return "attribute" if is_measure(tokens, phrase) else _category(phrase.head)


def _like_noun(
    tokens: Sequence[Token], phrases: Sequence[Phrase], words: Sequence[Token]
) -> tuple[int, int] | None:
    """A person's role for a role, a measure for a measure, what is counted for what is counted."""
    if not words:
        return None
    kind = _category(words[-1].low)
    bare = words[0].kind != "det"
    asked = [each for each in phrases if _is_asked(tokens, each)]
    if bare and asked and kind == "thing":
        return _span_of(tokens, asked[0])
    free = [each for each in phrases if each not in asked or kind != "thing"]
    if kind == "attribute" and tokens[0].low in ("where", "when", "who", "why"):
        return None
    alike = [each for each in free if _category_of(tokens, each) == kind]
    alike = [each for each in alike if not tokens[each.last - 1].is_name]
    if kind == "thing":
        alike = [each for each in alike if (tokens[each.first].kind != "det") == bare]
        alike = alike[::-1] if bare else alike
    return _span_of(tokens, alike[0]) if alike else None


def _is_asked(tokens: Sequence[Token], phrase: Phrase) -> bool:
    before = tokens[phrase.first - 1] if phrase.first else None
    return before is not None and (before.kind == "wh" or before.low in ("many", "much"))


def _span_of(tokens: Sequence[Token], phrase: Phrase) -> tuple[int, int]:
    first = phrase.first
    for at in range(phrase.first, phrase.last - 1):
        if tokens[at].is_owner:
            first = at + 1
    return tokens[first].start, tokens[phrase.last - 1].end


def topic_of(last: str) -> str:
    """What a question is about: its words without those that it asks with."""
    tokens = [each for each in tokens_of(last) if each.kind != "mark"]
    kept = [
        each
        for each in tokens
        if each.kind not in ("wh", "aux") and each.low not in ("many", "much")
    ]
    if not kept:
        return ""
    first = kept[0]
    aux = next((each for each in tokens if each.kind == "aux" and each.start > first.start), None)
    if aux and aux.low in ("do", "does", "did"):
        return (last[first.start : aux.start] + last[aux.end : kept[-1].end].lstrip()).strip()
    return last[first.start : kept[-1].end]


def asked_with(word: str, last: str, answer: str = "") -> str:
    """The last question, in English, asked with another question word.

    `answer` is the person that it asked for, if it asked for one and was answered.
    """
    tokens = tokens_of(last)
    word = word[:1].upper() + word[1:]
    aux = next((at for at, each in enumerate(tokens) if each.kind == "aux"), None)
    asks = tokens[0].kind == "wh" or (
        tokens[0].kind == "prep" and tokens[1:2] and tokens[1].kind == "wh"
    )
    counts = word.lower() in ("how many", "how much", "which", "what")
    if aux is None or not (asks or aux == 0):
        return f"{word} {topic_of(last)}?"
    noun = " ".join(each.text for each in tokens[:aux] if each.kind in ("noun", "det", "verb"))
    verb = tokens[aux].text.lower()
    if asks and any(each.kind == "verb" for each in tokens[:aux]):
        return f"{word} {topic_of(last)}?"
    rest = _END.sub("", last[tokens[aux].end :]).strip()
    if answer and verb in ("is", "was"):
        rest = f"{answer} {rest}"
    if noun and counts:
        return f"{word} {noun} {verb} {rest}?"
    return f"{word} {verb} {rest}{' ' + noun if noun else ''}?"
