"""Why a sentence that a language model wrote doesn't stand, for its reader to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from rag.types import Language

ReasonKind = Literal[
    "unstated",
    "bounded",
    "other unit",
    "other time",
    "other thing",
    "rank",
    "undenied",
    "denied",
    "turned",
    "unnamed",
    "address",
    "long",
    "not spoken of",
    "other words",
    "other article",
]

_WORDS: Final[dict[Language, dict[ReasonKind, str]]] = {
    "en": {
        "unstated": "the quote doesn't state “{said}”",
        "bounded": "“{said}” is bounded otherwise in the quote: “{told}”",
        "other unit": "“{said}” has another unit in the quote: “{told}”",
        "other time": "“{said}” is told for another time in the quote",
        "other thing": "“{said}” counts something else in the quote",
        "rank": "the quote doesn't put it “{said}”",
        "undenied": "the quote doesn't deny “{said}”",
        "denied": "the quote denies “{said}”",
        "turned": "“{said}” where the quote says “{told}”",
        "unnamed": "the quote doesn't name “{said}”",
        "address": "the quote doesn't have the address “{said}”",
        "long": "it is too long to be checked",
        "not spoken of": "the quote doesn't speak of “{said}”",
        "other words": "the article that is quoted doesn't have its words",
        "other article": "its words stand in another article than the one that is quoted",
    },
    "zh-Hans": {
        "unstated": "引文中没有“{said}”",
        "bounded": "“{said}”在引文中是“{told}”",
        "other unit": "“{said}”在引文中是另一个单位：“{told}”",
        "other time": "“{said}”在引文中说的是另一段时间",
        "other thing": "“{said}”在引文中数的是别的东西",
        "rank": "引文没有说它“{said}”",
        "undenied": "引文并没有否定“{said}”",
        "denied": "引文否定了“{said}”",
        "turned": "这里说“{said}”，引文说“{told}”",
        "unnamed": "引文没有提到“{said}”",
        "address": "引文中没有网址“{said}”",
        "long": "句子太长，无法核对",
        "not spoken of": "引文没有谈到“{said}”",
        "other words": "所引的文章中没有这些词",
        "other article": "这些词出自另一篇文章，而不是所引的这篇",
    },
    "zh-Hant": {
        "unstated": "引文中沒有「{said}」",
        "bounded": "「{said}」在引文中是「{told}」",
        "other unit": "「{said}」在引文中是另一個單位：「{told}」",
        "other time": "「{said}」在引文中說的是另一段時間",
        "other thing": "「{said}」在引文中數的是別的東西",
        "rank": "引文沒有說它「{said}」",
        "undenied": "引文並沒有否定「{said}」",
        "denied": "引文否定了「{said}」",
        "turned": "這裡說「{said}」，引文說「{told}」",
        "unnamed": "引文沒有提到「{said}」",
        "address": "引文中沒有網址「{said}」",
        "long": "句子太長，無法核對",
        "not spoken of": "引文沒有談到「{said}」",
        "other words": "所引的文章中沒有這些詞",
        "other article": "這些詞出自另一篇文章，而不是所引的這篇",
    },
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One point on which a sentence fails: `said` are its own words, `told` those of the quote."""

    kind: ReasonKind
    said: str = ""
    told: str = ""

    def text(self, language: Language) -> str:
        """The reason in a reader's language; the words themselves stay as they are."""
        return _WORDS[language][self.kind].format(said=self.said, told=self.told)
