"""Who a question asks for: one who did something, or who holds a role.

The name of a person or organisation is an answer only where the sentence tells the same deed or
role of it, in the same words or in others that mean it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.assertions import clauses
from rag.embed.static import StaticEmbedder
from rag.fold import FIRST_HAN, fold, stem, words
from rag.rerank import match_words
from rag.sentences import Span
from rag.types import Query

_MEANS_IT = 0.27  # cosine of words that say the same deed; built and opened have 0.21
_ACROSS = 1.3  # times as much across languages, where what is near counts as met

_ASKS = re.compile(
    r"\bwho(?:m|se)?\b"
    r"|\b(?:which|what) (?:\w+ ){0,2}?(?:person|official|man|woman|author|president|director"
    r"|compan(?:y|ies)|firms?|organi[sz]ations?|agency|group|newspaper|universit(?:y|ies)"
    r"|institution|enterprises?|team|bank)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:['’]s|\s+(?:is|are|was|were|became|becomes?))\s+(?:currently |now |also |then )?"
    r"(?:(?:the|an?)\s|(?:\S+\s+){0,3}?\S+['’]s?\s)\s*(?P<role>.+?)"
    r"(?=\s+(?:of|in|at|for|to|on|that|who|which|when|during|from|by|with|between|under)\b|[?,.]|$)",
    re.IGNORECASE,
)
_CONTENTLESS = """
is are was were be been being am do does did has have had will would can could should may might
the a an of in on at for by to from with and or as that this these those it he she they we you i
me him her us them your my his its their our there here also first then once originally later
now currently who whom whose which what when where how person man woman one people
plus minus equal equals
在 将 被 把 给 为 是 于 来 去 由 的 了 吗 呢 啊 你 我 他 她 它 您 们 你们 我们 他们 她们 它们
这 那 这个 那个 有 都 又 等于 谁 什么 哪 哪里 何 几 多少 何时 什么时候 时候 名字 叫 哪个 哪位 哪家
"""
_GRAMMAR = frozenset(
    term
    for word in _CONTENTLESS.split()
    for term in (word, stem(word) if word.isascii() else word)  # no cutter: it loads slowly
)
_VAGUE = "进行 成为 作为 开始 使 令 让 能 会 可以 做 想 要 没有"
_LIGHT = frozenset(_VAGUE.split())  # verbs that tell no deed
_WRITES = ("著", "写", "创作")  # what an author (作者) does
_AFTER_SUBJECT = frozenset(["did", "do", "does", "the", "a", "an"])
_NEAR = 5  # words behind the question word, among which the deed stands
_RELATIVE = re.compile(r"\s*(?:who|whom|which)\b")
_REPORTS = re.compile("表示|[说称稱說]|指出|认为|認為")
_ZH_ASKS = re.compile(
    r"谁|何人|哪一?位|什么人|(?:哪|什么)一?[家个些]?"
    r"(?:公司|企业|机构|单位|集团|组织|大学|学校|部门|报|媒体|银行)"
)
_ZH_ROLE_BEHIND = re.compile(r"(?:谁|何人|哪一?位)[是任为](?:.*的)?(?P<role>[^的?？]+)")
_ZH_ROLE_BEFORE = re.compile(
    r"(?P<role>[^的，,]+)(?:是|为|叫|由)(?:谁|何人|哪一?位|什么人|什么名字)(?:担任|出任|兼任)?[?？]?$"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The words that tell a deed or a role, any of which may be met."""

    terms: tuple[str, ...]
    is_role: bool = False


def says_something(query: Query) -> bool:
    """Whether a question has words besides those that ask, point and join, and numbers."""
    return any(term not in _GRAMMAR and not term.isdecimal() for term in query.terms)


def asked_of(question: str) -> Asked | None:
    """What a question tells of the one it asks for; None where it only names them (Who is Ada?)."""
    asks = _ASKS.search(question)
    terms, is_role = _english(question, asks) if asks else _chinese(fold(question))
    return Asked(tuple(terms), is_role) if terms else None


def _english(question: str, asks: re.Match[str]) -> tuple[list[str], bool]:
    rest = question[asks.end() :]
    role = _ROLE.match(rest)
    if role and (terms := content_words(role["role"])):
        return terms[-1:], True
    behind = re.findall(r"[\w’'-]+", rest)[:_NEAR]
    for run in behind if asks.group().lower() != "whose" else ():
        if fold(run) in _AFTER_SUBJECT or run[0].isupper():
            break  # who did the mill belong to: the deed stands behind the subject
        if terms := content_words(run):
            return terms, False
    others = re.findall(r"\b[a-z][\w’'-]*", question[: asks.start()] + " " + rest)
    return content_words(" ".join(others)), False


def _chinese(folded: str) -> tuple[list[str], bool]:
    before = _ZH_ROLE_BEFORE.search(folded)
    if before is not None and before["role"] != "人":
        return ([] if _is_name(before["role"]) else _last_word(before["role"])), True
    behind = _ZH_ROLE_BEHIND.search(folded)
    if behind is not None:
        return _last_word(behind["role"]), True
    asks = _ZH_ASKS.search(folded)
    if asks and folded.startswith("的", asks.end()):
        return content_words(folded[asks.end() :])[:1], True
    sides = (folded[asks.end() :], folded[: asks.start()]) if asks else (folded,)
    said = next((side for side in sides if content_words(side)), "")
    return _deeds(re.split("[，,]", said)[0]) or content_words(said), False


def _last_word(text: str) -> list[str]:
    """The last content word, the shorter words inside it, and what one of that role does."""
    terms = content_words(text)
    inside = [term for term in terms if term in terms[-1]]
    return [*inside, *(_WRITES if "作者" in inside else ())]


def _deeds(text: str) -> list[str]:
    """The words of the verbs of a folded Chinese text."""
    import rjieba

    verbs = (word for word, tag in rjieba.tag(text, True) if tag.startswith("v"))
    return [term for word in verbs if word not in _LIGHT for term in content_words(word)]


def _is_name(text: str) -> bool:
    """Whether a folded Chinese text ends with the name of a person."""
    import rjieba

    tagged = rjieba.tag(text, True)
    return bool(tagged) and tagged[-1][1].startswith("nr")


def content_words(text: str) -> list[str]:
    """The words of a text besides those that ask, point and join."""
    return [term for term in words(text) if term not in _GRAMMAR]


def is_told_of(
    lexicon: StaticEmbedder, asked: Asked, sentence: str, name: Span, *, across: bool
) -> bool:
    """Whether the clause of a name, or what is said of it right beside, tells the deed or role."""
    near = " ".join(sentence[slice(*part)] for part in _told_beside(asked, sentence, name))
    told = lexicon.token_ids(words(near))
    met = match_words(lexicon, lexicon.token_ids(asked.terms), [told], across=across).best
    return float(met.max(initial=0)) >= _MEANS_IT * (_ACROSS if across else 1)


def _told_beside(asked: Asked, sentence: str, name: Span) -> Iterator[Span]:
    """The clause of a name; for a role also those beside it; and those behind it of which it is the
    subject: who ..., and in Chinese all, where the name stands first."""
    parts = clauses(sentence)
    at = max(at for at, part in enumerate(parts) if part.start <= name.start)
    yield parts[at]
    if asked.is_role and at:
        yield parts[at - 1]
    leads = not sentence[parts[at].start : name.start].strip() and sentence[name.start] >= FIRST_HAN
    leads = leads and not _REPORTS.search(sentence, name.end, parts[at].end)
    for part in parts[at + 1 :]:
        relative = _RELATIVE.match(sentence, part.start)
        if not (relative or asked.is_role or leads):
            return
        yield part
        if asked.is_role:
            return
