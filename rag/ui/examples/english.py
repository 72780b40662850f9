"""Questions out of English sentences whose subject is a name.

The port of Lind was dug in 1908 becomes When was the port of Lind dug?
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.sentences import Span, split_sentences
from rag.ui.examples.draft import READ, Draft, Kind, is_grim
from rag.ui.examples.english_rules import OF_VALUES, OF_WORDS, VALUE, Rule
from rag.ui.examples.english_words import (
    HAS,
    NAMED_BEFORE,
    NOT_IN_SUBJECT,
    OF_WORKS,
    OFFICES,
    PAST,
    PEOPLE,
    PLACES,
    SINGLED_OUT,
    THINGS,
    WITHOUT_OBJECT,
    WORKS,
)
from rag.values import find_values

_SENTENCE, _QUESTION = range(20, 301), range(15, 86)
_LONGEST_REST = 9  # words
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_ALLOWED = re.compile("[A-Za-z\u00c0-\u024f0-9 .'’&\\-–“”\"]+(?<! [A-Z])(?<!\\.[A-Z])\\?")
_CUT_SHORT = re.compile(r"\b(?:[A-Za-z]{1,2}|vs|No|St|Mt|Dr|Mrs|Inc|Corp)\.\s*$")
_NO_SUBJECT = "|".join(word.title() for word in sorted(NOT_IN_SUBJECT))
_OPENS = re.compile(rf"(?:In|On|At|There|About|Nearly|Over|Some)\b|\d|(?!(?:{_NO_SUBJECT})\b)[A-Z]")
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|half)\b"
)
_POINTING = re.compile(
    r"\b(?:this|that|these|those|he|she|it|they|him|them|his|her|hers|its|their|theirs|we|us|our|i"
    r"|my|you|your|former|latter|such|same|another|other|others|more|which|whom|whose|here|then"
    r"|also|later|recently|ago|now|today|currently|again|already|still|instead|together|so)\b",
    re.IGNORECASE,
)
_NOT_TOLD = re.compile(  # the series, which a reader has not heard of; the city of Lind he has
    r"\bthe (?!(?:first|only|largest|oldest|longest|capital|population|area|world)\b)"
    r"[a-z'’-]+(?![a-z'’-])(?! (?:[a-z'’-]+ ){0,4}?[“\"]?[A-Z0-9])"
)
_GOES_ON = re.compile(
    r"[$£€%]|\d[.,]\d|\d{4}|\b(?:million|billion|percent|and|or|but|that|which|who|when|while|because"
    r"|if|until|after|before|since|was|were|had|has|is|are|where|why|how|than|not)\b"
)
_LEADS_ON = re.compile(
    r"\b(?:for|of|to|with|by|at|from|on|in|as|the|an?|starting|beginning)$|\bas the\b"
    r"|\ban? \w+(?:ive|[ai]ble|al|ous|ful|less|ant|ent)$"
)
_GLUED = re.compile(r"\d-|\b[A-Z]{3,} [A-Z]{3,}\b|[a-z]The\b|(\w{4,}[\w ]*)\1")
_KIND_OF = re.compile(
    r"an? (?:[a-z]+ )?(?:type|kind|form|variety|species|genus|family|class|breed) of "
)
_BEHIND_NOUN = re.compile(
    r" (?:of|in|by|for|that|which|who|on|at|from|to|with|located|situated|based|directed|written"
    r"|produced|created|developed|used|known|made|published|set|starring|featuring|where|when|whose"
    r"|about|between|near|held|founded|built|as|run|owned|operated|released|recorded|born)\b"
)

_DEFINED = re.compile(
    r"(?P<s>(?:The |An? )?[^,;:]*?)(?:, [^,]*,)? (?P<be>is|was|are|were) (?P<a>an? [^,;:.!]*)"
)
_FIRST_OF_ALL = re.compile(
    r"[A-Z][^,;:]*? (?P<be>is|was) (?P<a>the (?:world's )?(?:second |third )?"
    r"(?:first|only|largest|most \w+|[a-z]+est|capital|currency)\b(?! of the)[^,;:.!]*)"
    r"(?=[.,;!](?:\s|$))"
)
_HOLDER = re.compile(
    r"(?:^|(?<=[a-z,”\"“] ))(?P<a>[A-Z][\w'’-]+ (?:[A-Z]\. )?[A-Z][\w'’-]+), (?:the |its )?"
    r"(?P<office>"
    rf"(?:{OFFICES}) (?:of|at|for) (?:the )?[A-Z][\w&'’-]*"
    r"(?: (?:(?:of|for|and|the) )*[A-Z][\w&'’-]*)*)"
    r"(?=[,.])"
)


def english_drafts(text: str) -> Iterator[Draft]:
    """Questions that the beginning of an article answers, in the order of its sentences."""
    text = text[:READ]
    for span in split_sentences(text):
        sentence = text[span.start : span.end]
        if (
            len(sentence) in _SENTENCE
            and sentence[-1] in ".!"
            and not _CUT_SHORT.search(text[max(span.start - 8, 0) : span.start])
        ):
            plain = _BRACKETS.sub("", sentence)
            drafts = list(_of_holders(plain, span))
            if _OPENS.match(plain):
                drafts += [*_of_values(plain, span, text), *_of_words(plain, span, text)]
            yield from (draft for draft in drafts if _is_good(draft.question))


def _is_good(question: str) -> bool:
    return (
        len(question) in _QUESTION
        and _ALLOWED.fullmatch(question) is not None
        and not _POINTING.search(question)
        and not _NOT_TOLD.search(question)
        and not is_grim(question.lower())
        and question.count('"') % 2 == 0
    )


# --- by rule ---


def _of_values(sentence: str, span: Span, text: str) -> Iterator[Draft]:
    for value in find_values(sentence) if _NUMBER.search(sentence) else ():
        if value.date and not re.fullmatch(r"\d{4}(?:-\d\d){0,2}", value.date):
            continue
        masked = sentence[: value.start] + VALUE + sentence[value.end :]
        for rule in OF_VALUES.get(value.kind, ()):
            if found := rule.pattern.match(masked):
                if question := _asked(rule, found, text):
                    yield Draft(question, rule.kind, span, value.text, rule.rank)
                break


def _asked(rule: Rule, found: re.Match[str], text: str) -> str | None:
    """The question that a rule makes of a sentence; None where it wouldn't be a good one."""
    words = found.groupdict(default="")
    subject, rest, past = _name(words["s"], text), words.get("rest", "").rstrip(), words.get("past")
    if subject is None or not _is_whole(rest):
        return None
    words |= {"s": subject, "rest": rest}
    if past:
        if rule.kind == "when" and not rest and past not in WITHOUT_OBJECT:
            return None
        if past in OF_WORKS:
            words["s"] = _work(subject)
        words["past"] = PAST[past]
    if "has" in words:
        words["do"], words["has"] = HAS[words["has"]]
    return rule.asks.format(**words)


def _is_whole(rest: str) -> bool:
    """Whether what is said of a subject is short and leads on to nothing."""
    return (
        len(rest.split()) <= _LONGEST_REST
        and not _GOES_ON.search(rest)
        and not _LEADS_ON.search(rest)
    )


def _of_words(sentence: str, span: Span, text: str) -> Iterator[Draft]:
    for rule in OF_WORDS:
        found = rule.pattern.match(sentence)
        if found and (question := _asked(rule, found, text)):
            yield Draft(question, rule.kind, span, found["a"], rule.rank, must_be_short=False)
    yield from _first_of_all(sentence, span)
    yield from _defined(sentence, span, text)


def _of_holders(sentence: str, span: Span) -> Iterator[Draft]:
    """Ada Berg, director of the Lind Museum: Who is the director of the Lind Museum?"""
    for found in _HOLDER.finditer(sentence):
        yield Draft(f"Who is the {found['office']}?", "who", span, found["a"], 2)


# --- by what something is ---


def _first_of_all(sentence: str, span: Span) -> Iterator[Draft]:
    """Lake Orla is the deepest lake in Lind: What is the deepest lake in Lind?"""
    found = _FIRST_OF_ALL.match(sentence)
    if found is None or _GOES_ON.search(found["a"]) or not re.search("[A-Z]", found["a"]):
        return
    asks = _asking(found["a"], THINGS | SINGLED_OUT)
    if asks:
        kind: Kind = "who" if asks == "Who" else "what"
        question = f"{asks} {found['be']} {found['a']}?"
        yield Draft(question, kind, span, found.group(), 2, must_be_short=False)


def _defined(sentence: str, span: Span, text: str) -> Iterator[Draft]:
    """Orla is a lake in Lind: What is Orla?"""
    found = _DEFINED.match(sentence)
    if found is None:
        return
    said, be = found["a"], found["be"]
    subject = _name(found["s"], text)
    if subject and re.search(r" in [A-Z]| of [A-Z]", said) and _noun_of(said) in PLACES:
        yield Draft(f"Where {be} {subject}?", "where", span, said, 2, must_be_short=False)
        return
    asks = "What" if _KIND_OF.match(said) else _asking(said, THINGS)
    if asks == "Who" and subject and not subject.startswith("the "):
        yield Draft(f"Who {be} {subject}?", "who", span, said, 3, must_be_short=False)
    if asks == "What" and (subject := subject or _noun(found["s"])):
        if _noun_of(said) in WORKS and " series of " not in said:
            subject = _work(subject)
        yield Draft(f"What {be} {subject}?", "what", span, said, 3, must_be_short=False)


def _noun_of(phrase: str) -> str:
    """The last word of a noun phrase before what describes it from behind."""
    end = _BEHIND_NOUN.search(phrase)
    return phrase[: end.start() if end else None].lower().split()[-1]


def _asking(phrase: str, things: frozenset[str]) -> str | None:
    """Who or what is asked after, by its description; None where that doesn't tell."""
    end = _BEHIND_NOUN.search(phrase)
    if not PEOPLE.isdisjoint(phrase[: end.start() if end else None].lower().split()):
        return "Who"
    return "What" if _noun_of(phrase) in things else None


# --- subjects ---


def _name(words: str, text: str) -> str | None:
    """A subject with a name in it, as it stands within a sentence; None where there is none."""
    parts = words.split()
    if not 1 <= len(parts) <= 7 or any(part.lower() in NOT_IN_SUBJECT for part in parts):
        return None
    first, *rest = parts
    if first.lower() in ("a", "an") or _GLUED.search(words):
        return None
    if rest and rest[0] in ("of", "for", "in"):
        return None
    if first.lower() == "the":
        named = [part for part in rest if _is_capital(part) and part.lower() not in NAMED_BEFORE]
        return " ".join(["the", *rest]) if named else None
    if any(map(_is_capital, rest)):
        return words
    if not rest and re.search(rf"[a-z,] {re.escape(first)}\b", text):
        return first if _is_capital(first) else None
    return None


def _work(subject: str) -> str:
    """The name of a film, book or song with its own article: The Lion King."""
    return re.sub("^the (?=[A-Z])", "The ", subject)


def _noun(words: str) -> str | None:
    """A subject that is one of a kind: a pit latrine."""
    first, *rest = words.split()
    if first in ("A", "An") and 1 <= len(rest) <= 4 and not any(map(_is_capital, rest)):
        return " ".join([first.lower(), *rest])
    return None


def _is_capital(word: str) -> bool:
    return word[:1].isupper()
