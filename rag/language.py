"""Which language and script a text is in, and Chinese text turned from one script to the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import resources

from rag.types import Language

_SAMPLE = 300  # characters looked at, at the start and again in the middle of a long text
_HAN_IN_LATIN = 2.5  # a Han character says as much as this many Latin letters
_FUNCTION_WORD = 8.0  # a word that only serves grammar weighs as much as this many Latin letters

_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_QUOTED = re.compile(
    r'"[^"]*"|“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|《[^》]*》|\([^()]*\)|（[^（）]*）'
)
_ENGLISH_GRAMMAR = re.compile(
    r"\b(?:a|an|the|of|in|on|at|to|by|for|from|with|and|or|is|are|was|were|be|been|it|its|this|that"
    r"|as|has|have|had|do|does|did|mean|can|will)\b"
)
_ENGLISH_QUESTION = re.compile(
    r"(?:^\W*W|\bw)(?:hat|ho|hom|hose|hen|here|hich|hy)\b|(?:^\W*H|\bh)ow\b"
)
_CHINESE_GRAMMAR = re.compile(r"[的是了在与與被把从從于於也都就，。、]")
_CHINESE_QUESTION = re.compile(r"[谁誰哪几幾吗嗎呢？]|什[么麼麽]|怎|多少|[如为為]何|何[时時年处處]")


@cache
def _only_in_one_script() -> tuple[frozenset[str], frozenset[str]]:
    """Characters of simplified text only, and of traditional text only (OpenCC's tables).

    Left out are those that both scripts use (后, 里, 台) and those that Taiwan or Hong Kong write
    as simplified Chinese does (群, 峰).
    """
    traditional = {key for key, forms in _characters("TSCharacters.txt") if key not in forms}
    local = {
        (standard, form)
        for name in ("TWVariants.txt", "HKVariants.txt")
        for standard, forms in _characters(name)
        for form in forms
    }
    simplified = {
        key
        for key, forms in _characters("STCharacters.txt")
        if key not in forms and not any((standard, key) in local for standard in forms)
    }
    return frozenset(simplified - traditional), frozenset(traditional - simplified)


@cache
def _mostly_in_one_script() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that both scripts have, but one of them seldom uses (么 and 后; 於)."""
    simplified, traditional = (
        frozenset(key for key, forms in _characters(name) if key in forms[1:])
        for name in ("STCharacters.txt", "TSCharacters.txt")
    )
    return simplified, traditional | {"「"}


@cache
def _characters(name: str) -> list[tuple[str, list[str]]]:
    """The single characters of a table of OpenCC, each with its forms in the other script."""
    table = resources.files("opencc").joinpath("dictionary", name)
    rows = (line.split() for line in table.read_text(encoding="utf-8").splitlines())
    return [(row[0], row[1:]) for row in rows if len(row) > 1 and len(row[0]) == 1]


def detect_language(text: str, default: Language = "en") -> Language:
    """The language that most of a text is in; `default` where it holds no letter to tell by.

    Chinese whose characters all belong to both scripts is `zh-Hans`, unless the default is
    `zh-Hant`. Text of other languages gets the nearest choice by its letters.
    """
    if len(text) > 2 * _SAMPLE:
        middle = len(text) // 2
        text = text[:_SAMPLE] + text[middle : middle + _SAMPLE]
    if text.isascii() or not _HAN.search(text):
        return "en" if _LATIN.search(text) else default
    return _script(text, default) if _reads_as_chinese(text) else "en"


def _script(text: str, default: Language) -> Language:
    """The script of Chinese text, by its distinct characters that one script has and not the other.

    Characters that only lean to a script count where those don't decide.
    """
    characters = set(text)
    for simplified, traditional in (_only_in_one_script(), _mostly_in_one_script()):
        hans, hant = len(characters & simplified), len(characters & traditional)
        if hans != hant:
            return "zh-Hant" if hant > hans else "zh-Hans"
    return "zh-Hant" if default == "zh-Hant" else "zh-Hans"


def _reads_as_chinese(text: str) -> bool:
    """Whether a text with Han characters in it is Chinese, rather than English that quotes some."""
    extra_bytes = len(text.encode("utf-8", "replace")) - len(text)  # two for each Han character
    if extra_bytes > len(text) and len(text) > 40:
        return True
    unquoted = _QUOTED.sub(" ", text)
    if _LATIN.search(unquoted) or _HAN.search(unquoted):
        text = unquoted
    asks_in_chinese = bool(_CHINESE_QUESTION.search(text))
    asks_in_english = bool(_ENGLISH_QUESTION.search(text))
    if asks_in_chinese != asks_in_english:
        return asks_in_chinese
    chinese = _HAN_IN_LATIN * len(_HAN.findall(text))
    chinese += _FUNCTION_WORD * len(_CHINESE_GRAMMAR.findall(text))
    english = len(_LATIN.findall(text)) + _FUNCTION_WORD * len(_ENGLISH_GRAMMAR.findall(text))
    return chinese >= english


@cache
def _converter(name: str) -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(name).convert
    return convert


def to_script(text: str, language: Language) -> str:
    """Text for a reader of `language`: Chinese in that script, anything else as it is.

    Text that is in the script already is returned untouched, so that characters of both scripts
    keep their place (皇后 stays 皇后).
    """
    if language == "en" or text.isascii():
        return text
    simplified, traditional = _only_in_one_script()
    if language == "zh-Hans":
        return _converter("t2s")(text) if not traditional.isdisjoint(text) else text
    in_script = simplified.isdisjoint(text) and not traditional.isdisjoint(text)
    return text if in_script else _converter("s2tw")(text)
