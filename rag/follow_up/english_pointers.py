"""Which words of an English question point outside it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.fold import stem
from rag.follow_up.english import (
    Token,
    is_plural,
    kind_of_head,
    parts_of,
    phrases_of,
    tokens_of,
)
from rag.follow_up.english_words import (
    AUXILIARIES,
    BOUNDARIES,
    COMPLEMENTS,
    JUDGEMENTS,
    ORGANISATIONS,
    PLACES,
    ROLES,
    SAID,
    THINGS,
    WH,
)
from rag.follow_up.parts import Kind, Part, Pointer, Wanted


def pointers_of(question: str) -> list[Pointer]:
    """The words that point outside a question, in order."""
    tokens = tokens_of(question)
    places = [at for at, each in enumerate(tokens) if each.low in _POINTING][:_MOST]
    found = (_pointer_at(tokens, at) for at in places)
    pointers: list[Pointer] = []
    for each in found:
        if each and not (pointers and each.start < pointers[-1].end):
            pointers.append(each)
    return pointers


_WANTED: dict[str, Wanted] = {
    **dict.fromkeys(("he", "him", "his", "she", "her", "hers", "himself", "herself"), "person"),
    **dict.fromkeys(("it", "its", "itself"), "thing"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), "many"),
}


_POINTING = frozenset((*_WANTED, "there", "then", "that", "this", "these", "those", "the"))
_MOST = 12  # words that are looked at; a question has two or three


def _pointer_at(tokens: Sequence[Token], at: int) -> Pointer | None:
    token = tokens[at]
    if token.low in _WANTED and token.kind == "pronoun":
        wanted = _WANTED[token.low]
        owns = _owns(tokens, at)
        if _is_expletive(tokens, at) or _is_inside_own(tokens, at, wanted, owns):
            return None
        return Pointer(token.start, token.end, wanted, possessive=owns)
    if token.low == "there":
        return _there(tokens, at)
    if token.low in ("then", "that", "this", "these", "those", "the"):
        return _demonstrative(tokens, at)
    return None


def _low(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].low if 0 <= at < len(tokens) else ""


def _class(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].kind if 0 <= at < len(tokens) else "mark"


def _owns(tokens: Sequence[Token], at: int) -> bool:
    if tokens[at].low == "her":
        return _class(tokens, at + 1) in ("noun", "verb", "date")
    return tokens[at].low in ("his", "its", "their", "hers", "theirs")


_WEATHER = frozenset(["rain", "rains", "rained", "snow", "snows", "snowed"])


def _is_expletive(tokens: Sequence[Token], at: int) -> bool:
    """Whether an `it` stands for nothing: it is said that, it takes years to."""
    if tokens[at].low != "it":
        return False
    if _low(tokens, at + 1) in _WEATHER:
        return True
    behind = [each.low for each in tokens[at + 1 : at + 12]]
    if "time" in [each.low for each in tokens[:at]][:2] and at <= 3:
        return True
    to = next((place for place, low in enumerate(behind) if low in ("to", "that", "for")), -1)
    is_aux = _class(tokens, at + 1) == "aux" or _class(tokens, at - 1) == "aux"
    first = [low for low in behind if low not in AUXILIARIES][:2]
    if tokens[0].low == "whose" and _low(tokens, at + 1) == "to":
        return True
    if is_aux and to >= 0 and any(low in SAID for low in behind[:to]):
        return True
    if len(first) == 2 and first[0] in ("count", "matter") and first[1] in ("how", "that", "what"):
        return True
    if is_aux and first and first[0] in ("raining", "snowing", "because", "true", "said"):
        return True
    verb = next((low for low in behind if low not in AUXILIARIES), "")
    takes = stem(verb) in ("take", "cost", "need", "requir", "feel", "matter", "mean")
    return takes and to > 0 and behind[to] == "to" and to + 1 < len(behind) and to <= 4


def _is_inside_own(tokens: Sequence[Token], at: int, wanted: Wanted, owns: bool) -> bool:
    """Whether what a pronoun means stands in the question itself."""
    border = _border(tokens, at)
    if any(_may_be(part, wanted) for part in _parts_before(tokens, border)):
        return True
    if wanted in ("person", "thing") and _is_told_later(tokens, at):
        return True
    is_subject = _class(tokens, at + 1) in ("aux", "verb") and _class(tokens, at - 1) != "aux"
    if not owns and not is_subject:
        return False
    if (
        owns
        and _class(tokens, at - 1) == "aux"
        and not any(each.kind == "aux" for each in tokens[border : at - 1])
    ):
        return False
    if owns and _is_subject_later(tokens, at, wanted):
        return True
    first = 0
    while owns and first < at and (tokens[first].kind in ("wh", "aux")):
        if tokens[first].kind == "wh" and tokens[first].low in ("which", "what"):
            break
        first += 1
    return any(
        _may_be(part, wanted)
        for part in _parts_before(tokens, at)
        if part.start >= tokens[first].start
    )


def _border(tokens: Sequence[Token], at: int) -> int:
    """Where the clause of a token begins; 0 where it is the question's first."""
    for place in range(at - 1, 0, -1):
        token = tokens[place]
        if token.low in BOUNDARIES or token.text in ",;:—":
            return place
    return 0


def _parts_before(tokens: Sequence[Token], end: int) -> list[Part]:
    """The parts of the words before a place, what is asked for among them."""
    if not end:
        return []
    before = tokens[:end]
    text = " " * before[0].start
    for token in before:
        text += " " * (token.start - len(text)) + token.text
    found = list(parts_of(text))
    if before[0].kind == "wh" and before[0].low == "who":
        found.append(Part("who", "person", before[0].start, before[0].end))
    asked = len(before) > 1 and before[0].low in ("which", "what", "how")
    for phrase in phrases_of(before) if asked else ():
        head = before[phrase.last - 1]
        if _class(before, phrase.first - 1) == "wh" or _low(before, phrase.first - 1) == "many":
            kind = kind_of_head(head.low)
            found.append(
                Part(
                    head.text,
                    kind,
                    before[phrase.first].start,
                    head.end,
                    plural=is_plural(head.low),
                )
            )
    return found


def _may_be(part: Part, wanted: Wanted) -> bool:
    match wanted:
        case "person":
            return part.kind in ("person", "role", "name")
        case "many":
            return part.plural or part.kind in ("organisation", "name")
        case _:
            return part.kind not in ("person", "role") and not part.plural


def _is_told_later(tokens: Sequence[Token], at: int) -> bool:
    """Whether a pronoun in a first subordinate clause means the next one's subject."""
    if tokens[0].low not in (
        "when",
        "after",
        "before",
        "while",
        "as",
        "since",
        "until",
        "once",
        "if",
    ):
        return False
    comma = next((place for place in range(at, len(tokens)) if tokens[place].text == ","), 0)
    if not comma or any(each.kind == "aux" for each in tokens[:at]):
        return False
    behind = tokens[comma + 1 :]
    subject = next((place for place, each in enumerate(behind) if each.kind == "aux"), -1)
    rest = [each for each in behind[subject + 1 : subject + 3] if each.kind != "det"]
    return bool(rest) and rest[0].is_name


def _is_subject_later(tokens: Sequence[Token], at: int, wanted: Wanted) -> bool:
    """Whether an owner among what is asked is told by the subject: what share of its output does
    Narada export."""
    if tokens[0].kind != "wh" or any(each.kind == "aux" for each in tokens[:at]):
        return False
    aux = next((place for place in range(at, len(tokens)) if tokens[place].kind == "aux"), None)
    if aux is None:
        return False
    subject = next((each for each in phrases_of(tokens) if each.first == aux + 1), None)
    if subject is None:
        return False
    head = tokens[subject.last - 1]
    kind: Kind = "name" if head.is_name else kind_of_head(head.low)
    return _may_be(Part(head.text, kind, head.start, head.end, plural=is_plural(head.low)), wanted)


_EXIST = frozenset(["exist", "exists", "existed", "seem", "seems", "remain", "remains", "'s"])


def _there(tokens: Sequence[Token], at: int) -> Pointer | None:
    """A `there` that means a place, and none of the question's own."""
    if _class(tokens, at + 1) == "aux" or _low(tokens, at + 1) in _EXIST:
        return None
    if at and (tokens[at - 1].kind == "aux" or tokens[at - 1].low == "been"):
        return None
    if any(each.is_name for each in tokens[:at]):
        return None
    border = _border(tokens, at)
    if any(not part.weak or part.kind == "place" for part in _parts_before(tokens, border)):
        return None
    return Pointer(tokens[at].start, tokens[at].end, "place")


_TIME_NOUNS = frozenset(["time", "year", "month", "day", "period", "moment"])


def _demonstrative(tokens: Sequence[Token], at: int) -> Pointer | None:
    """`then`, `that year`, `this company`, `the company` or a lone `that`, if told elsewhere."""
    token, noun = tokens[at], _low(tokens, at + 1)
    if token.low == "then":
        final = at and _class(tokens, at + 1) == "mark" and _low(tokens, at + 1) != ","
        timed = any(each.kind == "date" or each.low in BOUNDARIES - WH for each in tokens[1:at])
        timed = timed or tokens[0].low == "if"
        backed = _low(tokens, at - 1) in ("back", "since", "until", "by", "from", "before")
        return Pointer(token.start, token.end, "time") if (final or backed) and not timed else None
    if noun in _TIME_NOUNS:
        if token.low not in ("that", "the") or (token.low == "the" and noun != "year"):
            return None
        if token.low == "the" or any(each.kind == "date" for each in tokens):
            return None
        return (
            Pointer(token.start, tokens[at + 1].end, "time")
            if _ends_phrase(tokens, at + 2)
            else None
        )
    if token.low == "the" or _is_noun(tokens, at + 1):
        return _definite(tokens, at)
    if token.low in ("that", "this", "these", "those") and _is_lone(tokens, at):
        several = token.low in ("these", "those")
        return Pointer(token.start, token.end, "many" if several else "matter")
    return None


def _is_noun(tokens: Sequence[Token], at: int) -> bool:
    return _class(tokens, at) == "noun" or _low(tokens, at) in _CLAIMED


_CLAIMED = ORGANISATIONS | PLACES | THINGS | ROLES
_GROUPS: tuple[tuple[frozenset[str], Wanted], ...] = (
    (ORGANISATIONS, "organisation"),
    (PLACES, "place"),
    (ROLES, "person"),
    (THINGS, "thing"),
)


def _definite(tokens: Sequence[Token], at: int) -> Pointer | None:
    """`the company`, `that project`: with nothing in the question that says which."""
    last = at + 1
    noun = _low(tokens, last)
    singular = noun[:-3] + "y" if noun.endswith("ies") else noun[:-1] if is_plural(noun) else noun
    wanted = next((want for words, want in _GROUPS if noun in words or singular in words), None)
    if wanted is None or tokens[last].is_name:
        return None
    if tokens[at].low == "the" and (wanted == "person" or noun != singular):
        return None
    if not _ends_phrase(tokens, at + 2) and not tokens[last].is_owner:
        return None
    if at and tokens[at - 1].kind == "noun" and tokens[at].low == "that":
        return None
    if any(_fits(part, wanted) for part in _parts_before(tokens, at)):
        return None
    if noun != singular:
        wanted = "many"
    exact = tokens[at].low == "the" and wanted == "thing"
    owns = tokens[last].is_owner
    return Pointer(tokens[at].start, tokens[last].end, wanted, singular, owns, exact)


def _fits(part: Part, wanted: Wanted) -> bool:
    kinds: dict[Wanted, tuple[Kind, ...]] = {
        "organisation": ("organisation", "name"),
        "place": ("place", "name"),
        "person": ("person", "name"),
    }
    return part.kind in kinds.get(wanted, ("thing", "name", "organisation"))


def _ends_phrase(tokens: Sequence[Token], at: int) -> bool:
    """Whether a noun phrase is over before a place, with no word behind that tells which it is."""
    if _low(tokens, at) in COMPLEMENTS:
        return False
    if _class(tokens, at) == "prep" and _class(tokens, at + 1) not in ("date", "mark"):
        return False
    return _class(tokens, at) != "noun"


def _is_lone(tokens: Sequence[Token], at: int) -> bool:
    """Whether a `this` or `that` stands for a whole matter: did that happen, because of this."""
    before, after = _class(tokens, at - 1), _class(tokens, at + 1)
    behind = after in ("mark", "verb", "and", "prep", "aux", "aside")
    if at and before in ("aux", "prep", "verb") and (behind or _low(tokens, at + 1) in JUDGEMENTS):
        return not any(part.text != "who" for part in _parts_before(tokens, at))
    return False
