"""Words that deny, in folded English and Chinese, and those that deny a little or only seem to.

A value stands in the text as the mark `VALUE`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

VALUE = "\x01"


@dataclass(frozen=True, slots=True)
class Denials:
    """How many words of a text deny, and how many another text may have a denial for."""

    plain: int = 0
    half: int = 0

    def __add__(self, other: Denials) -> Denials:
        return Denials(self.plain + other.plain, self.half + other.half)


_AFFIRMS = re.compile(  # it only looks like a denial, or denies twice
    r"\bnot (?:only|just|merely|simply)\b|\bno (?:doubt|wonder)\b|\bno\.?\s?[\d\x01]"
    r"|\bnothing (?:but|less than)\b|\b(?:whether|if|why|or) not\b|\bcannot but\b"
    r"|\bneither\b(?=.{1,80}\bnor\b)|\bno matter\b|\bwithout (?:doubt|exception|fail)\b"
    r"|不得不|[能会可该]?不[能会可得]不|不仅|不但|不只|不止|不光|不单|有没有"
    r"|(.)[不没]\1(?!断)|差不多|要不是|没多久"
)
_TURNED = re.compile(  # another text may say it without a denial
    r"\b(?:not|no) (?:less|fewer|more|later|earlier) than\b|\bnever fail\w* to\b"
    r"|(?:\bnot|n['’]t) (?:\w+ ){0,4}until\b|\bno (?:one else|sooner|other)\b"
    r"|\bnot (?:far|long|uncommon|un\w+|without)\b|\b(?:nothing|nobody) else\b"
    r"|不是[不没]|并非[不没]有?|没有不|无一?不|莫不|非.{1,8}不可|缺一不可|不敌|无人能"
    r"|(?:不到|不足|未满|未到|不及|[没未]用?到)(?=\s?\x01)|(?<=\x01)[没未不][到满]"
    r"|(?:[没未不]|没有|\b(?:not|never|n['’]t)(?: been| be)?)\s?(?=\x01)"
    r"|不(?:超过|少于|低于|多于|亚于|大于|小于|高于)|尚?未.{1,20}?(?:之前|以前)"
    r"|不出(?![来去口现席面])|不一(?![定样致])|几乎没有?|没有?多少|没有(?:任何|别的|其[他它])"
)
_ENGLISH = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|nowhere|unable)\b|n['’]t\b"
)
_PLAIN = """
    不 没 没有 未 无 勿 别 不是 不能 不会 不要 不得 不可 不可能 不必 不须 不用 不想 不敢 不知 不知道
    不需 不需要 不许 不准 不具 不具备 不予 不让 不见 不该 不应 不宜 不肯 不太 不怕 不曾 不存在 不含
    不带 不在 不像 不愿 不愿意 不受 不靠 不行 不一定 不足以 不至于 不可避免 不可考 无法 无须 无需
    无人 无权 无缘 无从 未能 未有 未经 未曾 未必 未获 没法 没什么 没想到 并非 并未 并不 并不需要
    并不一定 并非如此 尚未 尚无 不再 从未 从不 从没 从来不 从未见过 绝不 决不 绝非 永不 切勿 请勿
    毫无 毫不 看不到 看不见 想不到 得不到 互不 无可避免
"""
_CHINESE = frozenset(_PLAIN.split())
_HALF_ENGLISH = re.compile(
    r"\b(?:un(?!der|i|less|til|to)[a-z]{4,}|non-?[a-z]+"
    r"|(?!regard|un|stain|wire|none|never|doubt|seam|end)[a-z]{3,}less|less"
    r"|im(?:possib|perme|prop|mobil|penet|prec|matur)\w*|irr(?:ev|eg|el|es)\w*|ill(?:eg|og)\w*"
    r"|in(?:ab|acc|ade|capab|comp|conv|cred|curab|dif|eff|eq|evit|excus|frequ|hum|secur|signif"
    r"|stab|suff|toler|vis|distinguish|flex|access|corr|ev)\w*"
    r"|dis(?:like|agree|appear|continu|regard|qualif|satisf|connect|abl|pens|courag|allow|trust"
    r"|order|obe)\w*"
    r"|fail\w*|lack\w*|refus\w*|reject\w*|den(?:y|ied|ies|ial)\w*|absen\w*|few(?!est)|fewer"
    r"|little|hardly|rarely|barely|seldom|scarce\w*|prevent\w*|avoid\w*|except|instead"
    r"|rather than|prohibit\w*|forb\w+|ban(?:s|ned)?|missing|miss(?:es|ed)?|too|far from"
    r"|from \w+ing|agnostic\w*|resist\w*|opposed|exempt\w*|short of|lost|gone|intact|stop\w*"
    r"|until|free|clos(?:e|es|ed)|waive\w*|unknown)\b"
)
_HALF_CHINESE = re.compile(
    "[不没未无非]|缺|避免|防|很少|极少|失去|再也|断(?![定裂层])|停|直到|禁止|免|拒|落选|除外"
    "|以外|之外|否|除了|全天"
)
_NEITHER = """
    不同 各不相同 截然不同 迥然不同 有所不同 各有不同 不同之处 与众不同 不同于 不尽相同 不过 不管
    不论 不幸 不少 不久 前不久 不停 不断 绵延不断 不错 不仅 不仅仅 不但 不丹 不列颠 不伦瑞克 不料
    不俗 不惜 不良 不利 不满 不安 不适 不便 不足 不及 不可思议 不规则 不好 不变 不已 不明
    无论 无论是 无论如何 无线 无线电 无线电视 无限 无数 无锡 无锡市 无疑 无国界 无政府 有无
    未来 未知 未成年 未成年人 没落 没收 没入 淹没 沉没 出没 隐没 埋没
    非常 非常简单 非常适合 非常容易 非洲 南非 南非队 南非国家 东非 西非 北非 中非 南部非洲
    西南非洲 除非 非凡 非法 是非
"""
_NO_HALF = frozenset(_NEITHER.split())  # words that tell nothing of a denial
_BEFORE = (
    r"(?:\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|nowhere|unable)\b"
    r"|n['’]t\b|[不没未无非勿]|别(?=[再让把去说想怕])|停止|\bstop\w*)"
)


@lru_cache(512)
def denials(text: str) -> Denials:
    """The denials of a folded text: not, 没有; lacked, unknown and 缺 deny by half."""
    text = _AFFIRMS.sub(" \0 ", text)
    turned = len(_TURNED.findall(text))
    text = _TURNED.sub(" \0 ", text)
    found = Denials(len(_ENGLISH.findall(text)), turned)
    found += Denials(0, len(_HALF_ENGLISH.findall(_ENGLISH.sub(" ", text))))
    return found if text.isascii() else found + _in_chinese(text)


def _in_chinese(text: str) -> Denials:
    if not re.search("[\u4e00-\u9fff]", text):
        return Denials()
    import rjieba

    words = rjieba.cut(text, False)
    plain = [word for word in words if _is_plain(word)]
    half = [
        word
        for word in words
        if not _is_plain(word) and word not in _NO_HALF and _HALF_CHINESE.search(word)
    ]
    return Denials(len(plain), len(half))


def _is_plain(word: str) -> bool:
    """Whether a word denies by itself; 没 does with any verb behind it: 没吃过."""
    return word in _CHINESE or (word[0] == "没" and word not in _NO_HALF)


def denied(text: str, at: int, reach: int) -> bool:
    """Whether a denial, or `stop`, stands up to `reach` characters before character `at`."""
    before = _AFFIRMS.sub("\0", text[max(0, at - reach - 8) : at])
    return bool(re.search(rf"{_BEFORE}[^\x01]{{0,{reach}}}$", before))
