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
    r"|\bno (?:other|one else|matter|sooner)\b|\bnot (?:far|long|least|surprising\w*|uncommon\w*)\b"
    r"|\bwithout (?:doubt|exception|fail|problems?|difficult\w+|incident|trouble|a hitch)\b"
    r"|不得不|[能会可该]?不[能会可得]不|不是不|不是没有?|并非[不没]有?|没有不|无一?不|无不|莫不"
    r"|不无|未尝不"
    r"|非.{1,8}不可|缺一不可|必不可少|不可或缺|来者不拒|并非易事|(.)不\1(?!断)|[能会要有是]没\1"
    r"|不仅|不但|不只|不止|不光|不单|不断|不少|不锈|不同|不过|不久|不妨|不论|不管|不愧|不禁"
    r"|不惜|不料"
    r"|不得了|不动|不变|不出(?!来|去|口|现)|不足|不低于|不少于|不超过|不多于|不等(?=[,.;，。]|$)"
    r"|(?:尚未|还没有?|还未|没有?|未).{1,20}?(?:之前|以前)|没有(?:多少|什么).{1,4}就"
    r"|不一(?![定样致])|不错|不朽|不幸|不堪|不胜|不免|不已|不休|不得已|不拘|不屈|不争|不法"
    r"|不期而|不相上下"
    r"|不下于?(?=\x01)|不丹|不列颠|不[莱来]梅|不伦瑞克|不亚于|不计其数|不可思议|不折不扣"
    r"|不知不觉|不约而"
    r"|不时|不由得|不约而同|不言而喻|不遗余力|不懈|不乏|不难|不良|不易|不满|不便(?!宜)"
    r"|差不多|对不起|了不起|络绎不绝|源源不|要不|是不是|能不能|会不会|有没有"
    r"|未来|未免|未婚|未成年|未遂|无党派|无政府|无产阶|无产者|无神论|无家可归|无花果|无氧|无辜"
    r"|无期|无性|无脊椎|无理数"
    r"|无边|无比|无奈|无愧|无私|无意识|无休止|无罪|无条件|非政府|非营利|非牟利|非法|非裔|非金属"
    r"|非正式|非主流"
    r"|无锡|无人(?=机|驾|区|店|车|船|化)|无线|无限|无数|无疑|无论|无非|无穷|无缝|无偿"
    r"|无形|无机|无烟|无障碍|座无虚席|非常|非洲|非凡|除非|非但|非遗|非物质|非公|没收|没落"
    r"|没关系|[埋沉淹出]没"
    r"|(?:没用到|[没未不]到|未满|不足|不及)(?=[^,.;，。]{0,24}\x01)|(?<=\x01)[没未不][到满]"
)
_DENIAL = (
    r"(?:\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|nowhere|unable)\b"
    r"|n['’]t\b"
    r"|不|没|未|无|非|莫(?=[要再能敢过])|勿|别(?=再|让|把|去|说|想|怕))"
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
    r"|far from|yet to|disagree\w*|too \w+ (?:for \w+ )?to|before|decline[ds]? to|apart from"
    r"|other than"
    r"|illegal\w*|defeat\w*|los[est]\w*|lost|end(?:ed|s)?|ceas\w*|stopp?\w*|halt\w*|abolish\w*"
    r"|cancel\w*|neglect\w*"
    r"|kill\w*|dead|died|perish\w*|after (?:his|her|its|their) death|prohibit\w*|forbid\w*"
    r"|forbade|outlaw\w*|refus\w*|oppos\w*|against|barely|nearly|almost|below|under|less than"
    r"|fewer than|unknown|"
    r"un(?!der|i|less|til|to)[a-z]{4,}"
    r"|(?!regard|un|stain|wire|none|never|doubt|seam|end)[a-z]{3,}less)\b"
    r"|免|缺|拒|禁|失[败去]|避免|罕|弃|难以|很难|难于|很少|极少|不便|不易|不难|不乏|不满|不足"
    r"|不良|不到"
    r"|未婚|未成年|未遂|无家可归|无罪|无辜|无条件|无偿|无形|未知|非法|非正式|不法|不明|不详"
    r"|落选|落榜|落空"
    r"|遇难|丧生|身亡|死|单身|流产|作罢|告吹|缺席|空缺|\b(?:single|bachelor|unmarried|vacant"
    r"|none)\b"
    r"|不出|不动|不变|之前|以前|不敌|输|停|废|取消|放弃|否[决认定]|反对|例外|除外|之外|以外"
    r"|[少低]于|以下|差点|几乎|险些"
)
_OTHERWISE = re.compile(  # it may put a denial the other way round: 不出本市, within the city
    r"\b(?:outside|within|welcome\w*|closed?|near|close to|little|hard|difficult\w*|los[es]\w*|lost"
    r"|only|skip\w*|without|non-?stop|round the clock|sav(?:e|es|ed|ing)|st[ao]nd(?:s|ing)? still"
    r"|stood still|constant|steady|same|kept|(?:keep|remain|stay|stop)\w*)\b"
    r"|[只仅](?=适|限|对|向|能|许|收|供)|直到|落选|落榜|单身|\b(?:until|single|bachelor)\b"
    r"|[市区县省国厂园]内|以外|之外|很少|减少|困难|停|输|败|拒|否[决认定]|独立|失去|流失|躲避"
    r"|除了|消除|空白|落空|省去|省下"
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
