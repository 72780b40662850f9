"""Every word of an answer that is not an article's own, in the three languages."""

from __future__ import annotations

from typing import Literal

from rag.errors import GeneratorFault
from rag.types import Language

Reason = GeneratorFault | Literal["format", "language", "none"]
"""Why there is no written answer: the server's fault, nothing that could be verified, the wrong
language twice, or the model's own word that the passages don't tell."""

REFUSAL: dict[Language, str] = {
    "en": "These articles don't seem to answer that. The nearest passages are listed instead.",
    "zh-Hans": "这些文章似乎没有回答这个问题。下面列出最接近的段落。",
    "zh-Hant": "這些文章似乎沒有回答這個問題。下面列出最接近的段落。",
}
EMPTY: dict[Language, str] = {
    "en": "There are no articles to answer from yet.",
    "zh-Hans": "还没有可以用来回答的文章。",
    "zh-Hant": "還沒有可以用來回答的文章。",
}
NEAREST: dict[Language, str] = {
    "en": "Nearest passages",
    "zh-Hans": "最接近的段落",
    "zh-Hant": "最接近的段落",
}
UNDERSTOOD: dict[Language, str] = {
    "en": "Understood as: {question}",
    "zh-Hans": "理解为：{question}",
    "zh-Hant": "理解為：{question}",
}
INTRODUCTION: dict[Language, str] = {
    "en": "In the articles' own words:",
    "zh-Hans": "文章原文：",
    "zh-Hant": "文章原文：",
}
QUOTES: dict[Language, tuple[str, str]] = {
    "en": ("“", "”"),
    "zh-Hans": ("“", "”"),
    "zh-Hant": ("「", "」"),
}
UNVERIFIED: dict[Language, str] = {
    "en": "(not verified)",
    "zh-Hans": "（未能核实）",
    "zh-Hant": "（未能核實）",
}
INSTEAD: dict[Language, str] = {
    "en": "The articles are quoted instead of a written answer: {why}.",
    "zh-Hans": "没有生成的回答，以下引用文章原文：{why}。",
    "zh-Hant": "沒有生成的回答，以下引用文章原文：{why}。",
}
CUT: dict[Language, str] = {
    "en": "The written answer was cut off: {why}.",
    "zh-Hans": "生成的回答不完整：{why}。",
    "zh-Hant": "生成的回答不完整：{why}。",
}
WHY: dict[Language, dict[Reason, str]] = {
    "en": {
        "format": "nothing that the language model wrote could be verified",
        "language": "the language model answered in another language",
        "none": "the language model found none in the passages",
        "unreachable": "the language model's server can't be reached",
        "timeout": "the language model's server took too long",
        "quota": "the limit of the language model's server is reached",
        "refused": "the language model's server refused: its key or the model's name may be wrong",
        "server": "the language model's server has a fault",
        "cut": "the language model's answer broke off",
        "length": "the language model wrote as much as its server allows",
        "garbage": "what answers at the language model's address is no such server",
        "empty": "the language model wrote nothing",
    },
    "zh-Hans": {
        "format": "语言模型写的内容都无法核实",
        "language": "语言模型没有用所选的语言回答",
        "none": "语言模型在段落中没有找到答案",
        "unreachable": "无法连接语言模型的服务器",
        "timeout": "语言模型的服务器太久没有回应",
        "quota": "语言模型服务器的用量已达上限",
        "refused": "语言模型的服务器拒绝了请求，密钥或模型名称可能有误",
        "server": "语言模型的服务器出了故障",
        "cut": "语言模型的回答中途断开",
        "length": "语言模型的回答达到了服务器允许的最大长度",
        "garbage": "语言模型的地址上不是这样的服务器",
        "empty": "语言模型什么也没有写",
    },
    "zh-Hant": {
        "format": "語言模型寫的內容都無法核實",
        "language": "語言模型沒有用所選的語言回答",
        "none": "語言模型在段落中沒有找到答案",
        "unreachable": "無法連線到語言模型的伺服器",
        "timeout": "語言模型的伺服器太久沒有回應",
        "quota": "語言模型伺服器的用量已達上限",
        "refused": "語言模型的伺服器拒絕了請求，金鑰或模型名稱可能有誤",
        "server": "語言模型的伺服器出了故障",
        "cut": "語言模型的回答中途斷開",
        "length": "語言模型的回答達到了伺服器允許的最大長度",
        "garbage": "語言模型的位址上不是這樣的伺服器",
        "empty": "語言模型什麼也沒有寫",
    },
}
OUTLETS: dict[Language, str] = {
    "en": "also published: {places}",
    "zh-Hans": "另见：{places}",
    "zh-Hant": "另見：{places}",
}
DISAGREE: dict[Language, str] = {
    "en": "The sources disagree:",
    "zh-Hans": "各出处说法不一：",
    "zh-Hant": "各出處說法不一：",
}
UNTITLED: dict[Language, str] = {
    "en": "Untitled article",
    "zh-Hans": "无标题文章",
    "zh-Hant": "無標題文章",
}
UNDATED: dict[Language, str] = {"en": "no date", "zh-Hans": "日期不详", "zh-Hant": "日期不詳"}
READ_AS: dict[Language, str] = {
    "en": "“{text}” was read as {days}.",
    "zh-Hans": "“{text}”按{days}理解。",
    "zh-Hant": "「{text}」按{days}理解。",
}
OF_THE_TIME: dict[Language, str] = {
    "en": "Published then: {numbers}.",
    "zh-Hans": "当时发表的：{numbers}。",
    "zh-Hant": "當時發表的：{numbers}。",
}
PUBLISHED_THEN: dict[Language, str] = {
    "en": "Published then, though it may tell of another time: {numbers}.",
    "zh-Hans": "当时发表，所述未必是当时的事：{numbers}。",
    "zh-Hant": "當時發表，所述未必是當時的事：{numbers}。",
}
NOT_OF_THE_TIME: dict[Language, str] = {
    "en": "None of the articles quoted was published then: {days}.",
    "zh-Hans": "引用的文章都不是{days}发表的。",
    "zh-Hant": "引用的文章都不是{days}發表的。",
}
