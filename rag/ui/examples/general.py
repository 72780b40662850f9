"""Questions that fit any article: what it says, by its title, and of a name that it often has.

Their frame is in the reader's language; titles and names stay as the article has them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from rag.fold import fold
from rag.sentences import Span
from rag.types import Document, Language
from rag.ui.examples.chinese_clauses import HAN
from rag.ui.examples.draft import READ, Draft, is_grim

_OF_A_TITLE: Final[dict[Language, str]] = {
    "en": "What is “{}” about?",
    "zh-Hans": "《{}》讲了什么？",
    "zh-Hant": "《{}》講了什麼？",
}
_OF_A_NAME: Final[dict[Language, str]] = {
    "en": "What do the articles say about {}?",
    "zh-Hans": "关于{}，文章说了什么？",
    "zh-Hant": "關於{}，文章說了什麼？",
}
_LONGEST_TITLE = 64
_LEAST_WORDS, _LEAST_HAN = 3, 6
_NO_TITLE = re.compile(r"[|_<>{}\[\]#@\\/=*~《》〈〉]|https?:|www\.|\.\w{2,5}$|…|\.\.\.|�")
_PLAIN_TITLE = re.compile("[\\w\\s“”‘’「」『』\"'·•,.:;!?()&%$+—–\\-，。、：；！？（）]+")
_FULL_NAME = re.compile(
    "(?<=[a-z,] )(?!The )[A-Z][a-z\u00c0-\u024f]+(?: [A-Z][a-z\u00c0-\u024f]+){1,2}\\b"
    "(?![’'-]| [A-Z]| (?:of|and|for|the) (?:the )?[A-Z])"
)
_WITH_ARTICLE = re.compile(
    "(?:River|Sea|Ocean|Coast|League|Cup|Games|War|Mountains|Islands|Desert|Empire|Republic|Union)$"
)
_NAME_BEFORE = re.compile(r"[A-Z\d][\w’'.-]*,? (?:(?:and|of|for|in|&) )?(?:the )?$")
_NO_NAME = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|No|Mr|Mrs|Ms|Dr|Sir|Lord|Lady"
    r"|President|Professor|Chairman|Minister)\b|(?:ese|ish|ist|ian|ean|can)$"
)
_CHINESE_NAME = re.compile(f"(?![非不颗个座位名])[{HAN}]{{2,}}(?![式性化型])[{HAN}]")
_NAMES = frozenset({"ns", "nt", "nz"})
_OFTEN = 3


def general_drafts(document: Document, language: Language) -> Iterator[Draft]:
    """Questions about an article in a language that may be another than its own."""
    span = Span(0, len(document.text))
    title = _as_quoted(document.title or "", language)
    if title:
        yield Draft(_OF_A_TITLE[language].format(title), "about", span, "", 5, must_be_short=False)
    name = _frequent_name(document)
    if name:
        question = _OF_A_NAME[language].format(name)
        yield Draft(question, "about", span, name, 6, must_be_short=False)


def _as_quoted(title: str, language: Language) -> str | None:
    """A title as it stands within the marks of a title; None for what is hardly one."""
    title = " ".join(title.split())
    han = len(re.findall(f"[{HAN}]", title))
    if (
        len(title) > _LONGEST_TITLE // (2 if han else 1)
        or (han < _LEAST_HAN and len(title.split()) < _LEAST_WORDS)
        or _NO_TITLE.search(title)
        or not _PLAIN_TITLE.fullmatch(title)
        or sum(map(str.isalpha, title)) < 0.6 * len(title.replace(" ", ""))
        or title.count('"') % 2
        or is_grim(fold(title))
    ):
        return None
    if language == "en":
        title = re.sub('"([^"]*)"', r"‘\1’", title).replace("“", "‘").replace("”", "’")
    return title


def _frequent_name(document: Document) -> str | None:
    """The name that the beginning of an article has most often, and first among equals."""
    beginning = document.text[:READ]
    english = document.language == "en"
    found = Counter(_english_names(beginning) if english else _chinese_names(beginning))
    if not found:
        return None
    name, times = found.most_common(1)[0]
    if times < (_OFTEN - 1 if english else _OFTEN):
        return None
    if english and _WITH_ARTICLE.search(name):
        return f"the {name}"
    return None if f"the {name}" in beginning else name


def _english_names(text: str) -> Iterator[str]:
    for found in _FULL_NAME.finditer(text):
        name, before = found.group(), text[max(found.start() - 24, 0) : found.start()]
        if not _NO_NAME.search(name) and not _NAME_BEFORE.search(before):
            yield name


def _chinese_names(text: str) -> Iterator[str]:
    import rjieba

    folded, at = fold(text), 0
    for word, tag in rjieba.tag(folded, True) if len(folded) == len(text) else ():
        if tag in _NAMES and _CHINESE_NAME.fullmatch(word):
            yield text[at : at + len(word)]
        at += len(word)
