"""Words that deny, in folded English and Chinese, and those that only look like it.

A value stands in the text as the mark `VALUE`.
"""

from __future__ import annotations

import re

VALUE = "\x01"

_NO_DENIAL = re.compile(  # it only looks like a denial, or denies twice
    r"\bnot (?:only|just|merely|simply|(?:less|fewer|more|later) than|without|un\w+|im\w+)\b"
    r"|\bno (?:(?:fewer|less|more|later|earlier) than|doubt|wonder)\b|\bno\.?\s?[\d\x01]"
    r"|\bnothing (?:but|less than)\b|\b(?:whether|if|why|or) not\b|\bcannot but\b"
    r"|(?:\bnot|n['’]t) (?:\w+ ){0,4}until\b|\bnever fail\w* to\b"
    r"|\bwithout (?:doubt|exception|fail|problems?|difficult\w+|incident|trouble|a hitch)\b"
    r"|不得不|[能会可该]?不[能会可得]不|不是不|不是没有?|并非[不没]有?|没有不|无一?不|无不|莫不|不无|未尝不"
    r"|非.{1,8}不可|缺一不可|必不可少|不可或缺|来者不拒|并非易事|(.)不\1(?!断)|[能会要有是]没\1"
    r"|不仅|不但|不只|不止|不光|不单|不断|不少|不锈|不同|不过|不久|不妨|不论|不管|不愧|不禁|不惜|不料"
    r"|不得了|不动|不变|不出(?!来|去|口|现)|不足|不低于|不少于|不超过|不多于|不等(?=[,.;，。]|$)"
    r"|不时|不由得|不约而同|不言而喻|不遗余力|不懈|不乏|不难|不良|不易|不满|不便(?!宜)"
    r"|差不多|对不起|了不起|络绎不绝|源源不|要不|是不是|能不能|会不会|有没有"
    r"|未来|未免|未婚|无锡|无人(?=机|驾|区|店|车|船|化)|无线|无限|无数|无疑|无论|无非|无穷|无缝|无偿"
    r"|无形|无机|无烟|无障碍|座无虚席|非常|非洲|非凡|除非|非但|非遗|非物质|非公|没收|没落|没关系|[埋沉淹出]没"
    r"|(?:没用到|[没未不]到|未满)(?=.{0,8}\x01)|(?<=\x01)[没未不][到满]"
)
_DENIAL = (
    r"(?:\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|nowhere|unable)\b|n['’]t\b"
    r"|不|没|未|无|非|莫|勿|别(?=再|让|把|去|说|想|怕))"
)
_DENIES = re.compile(_DENIAL)
_DENIED_RUN = re.compile(  # that is a direction, and `turned_round` has it
    rf"{_DENIAL}[^\x01]{{0,8}}?(?:\b(?:stop|clos|open|begin|halt|suspend|paus|interrupt)\w*"
    r"|\b(?:start|end|break)(?:s|ed|ing)?\b|停|关闭|关门|开放|开工|启用|开始|结束|打烊|间断)"
)
_HALF_DENIES = re.compile(  # the other language may say it with a denial
    r"\b(?:free|exempt\w*|waive\w*|lack\w*|fail\w*|refus\w*|reject\w*|den(?:y|ied|ies)"
    r"|bann?(?:ed|s)?|avoid\w*|miss(?:es|ed|ing)?|short of|instead|rather than|except|hardly"
    r"|rarely|seldom|scarce\w*|(?<!a )few|absen\w*|impossible|unlikely|inconvenien\w*|prevent\w*"
    r"|far from|yet to|disagree\w*|un(?!der|i|less|til|to)[a-z]{4,}"
    r"|(?!regard|un|stain|wire|none|never|doubt|seam|end)[a-z]{3,}less)\b"
    r"|免|缺|拒|禁|失[败去]|避免|罕|弃|难以|很难|难于|很少|极少|不便|不易|不难|不乏|不满|不足|不良|不到"
    r"|不出|不动|不变"
)
_OTHERWISE = re.compile(  # it may put a denial the other way round: 不出本市, within the city
    r"\b(?:outside|within|welcome\w*|closed?|near|close to|little|hard|difficult\w*|los[es]\w*|lost"
    r"|only|skip\w*|without|non-?stop|round the clock|sav(?:e|es|ed|ing)|st[ao]nd(?:s|ing)? still"
    r"|stood still|constant|steady|same|kept|(?:keep|remain|stay|stop)\w*)\b"
    r"|只有|仅有|仅限|[市区县省国厂园]内|以外|之外|很少|减少|困难|停|失去|流失|躲避|除了|消除|空白|落空|省去|省下"
)


def denies(text: str) -> bool:
    """Whether a clause denies something, other than that something runs or stops."""
    return bool(_DENIES.search(_DENIED_RUN.sub("\0", _NO_DENIAL.sub("\0", text))))


def half_denies(text: str) -> bool:
    """Whether a clause has a word that another language may say with a denial: free, lack, 免."""
    return bool(_HALF_DENIES.search(text))


def says_otherwise(text: str, quote: str) -> bool:
    """Whether a clause may turn the quote's denial round by a word that the quote doesn't have."""
    return any(match.group() not in quote for match in _OTHERWISE.finditer(text))


def denied(text: str, at: int, reach: int) -> bool:
    """Whether a denial, or `stop`, stands up to `reach` characters before character `at`."""
    before = _NO_DENIAL.sub("\0", text[max(0, at - reach - 8) : at])
    return bool(re.search(rf"(?:{_DENIAL}|停止|\bstop\w*)[^\x01]{{0,{reach}}}$", before))
