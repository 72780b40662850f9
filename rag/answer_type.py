"""What kind of answer a question asks for, told from its question words."""

from __future__ import annotations

import re
from typing import Literal

from rag.fold import fold

AnswerType = Literal[
    "number",
    "money",
    "share",
    "date",
    "duration",
    "person",
    "organisation",
    "place",
    "reason",
    "definition",
    "other",
]

# The first pattern that fits wins, so the narrow ones stand first. Matched against folded text.
_RULES: tuple[tuple[AnswerType, str], ...] = (
    # Chinese
    (
        "share",
        r"百分之几|百分比|几成|多少个?百分点|占比|比重|比例|所?占.{0,6}多少"
        r"|(?:增长|增加|下降|上升|提高|减少|增幅|增速|增长率|转化率|率)(?:了|是|为|达|达到|约)*(?:多少|几)",
    ),
    (
        "duration",
        r"多久|多长时间|(?:几|多少)个?(?:月|年|天|小时|周|分钟|星期)(?:时间|内|之内|才|就|完成|建成)?"
        r"|用了?多少?时间|历时|耗时",
    ),
    (
        "date",
        r"何时|什么时候|什么时间|哪一?[年天月日]|哪个月|几月|几号|何年|何月|几年(?:开始|成立)"
        r"|日期|[是在]几年",
    ),
    (
        "money",
        r"多少(?:钱|亿|万)?(?:元|美元|人民币|资金|投资)|多少(?:钱|亿)|几亿|金额|多少预算"
        r"|(?:投资|产值|资金|减负|签约额|造价|成本|价格|收入|预算|营收|利润|到位资金|费用)"
        r".{0,8}多少|价值多少",
    ),
    ("person", r"谁|何人|哪一?位|什么人|叫什么名字|姓名"),
    (
        "organisation",
        r"(?:哪|什么)一?[家个些]?(?:公司|企业|机构|单位|集团|组织|大学|学校|部门|报|媒体|银行)",
    ),
    (
        "place",
        r"哪里|哪儿|何处|何地|什么地方|(?:哪|什么)一?[个座些]?(?:城市|市|县|区|省|国家|国|地区|地方|镇|村|州|地点|岛|大洲)"
        r"|位于.{0,4}哪|在哪",
    ),
    (
        "number",
        r"多少|几[个家名项台条位只座种本次件辆艘亩栋间所人号岁届年]|数量|数目|多[大高远深重]|多长(?!时|期)",
    ),
    # English
    (
        "share",
        r"\bwhat (?:share|percent\w*|proportion|fraction)\b|\bhow many percent\w*"
        r"|\b(?:by|to) how much\b|\bhow (?:much|fast) (?:did|has|have|was) .*\b(?:grow|grew|grown"
        r"|rise|risen|increase\w*|fall|fell|decline\w*|expand\w*)\b|\bwhat (?:rate|growth)\b"
        r"|\bgrowth rate\b|\bwhat .{0,30}\b(?:share|percentage|proportion|rate)\b",
    ),
    (
        "duration",
        r"\bhow long\b(?! (?:is|are|was|were) (?!it\b))|\bhow long\b.*\b(?:take|last)"
        r"|\bhow (?:many|much) (?:years?|months?|days?|weeks?|hours?|minutes?|time)\b",
    ),
    ("date", r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century|time)\b"),
    (
        "money",
        r"\bhow much (?:money|investment|capital|funding|did .* (?:cost|pay|save|invest|spend))\b"
        r"|\bhow many (?:yuan|dollars|euros|pounds)\b"
        r"|\bwhat (?:sum|amount|price|budget|cost|output value)\b"
        r"|\bhow much .{0,40}\b(?:worth|cost|invest\w*|save\w*|spen[dt]|paid|relief|value)\b",
    ),
    (
        "person",
        r"\bwho\b|\bwhom\b|\bwhose\b"
        r"|\bwhich (?:person|official|man|woman|author|president|director)\b",
    ),
    (
        "organisation",
        r"\b(?:which|what) (?:\w+ ){0,2}(?:compan(?:y|ies)|firms?|organi[sz]ations?|agency|group"
        r"|newspaper|universit(?:y|ies)|institution|enterprises?|team|bank)\b",
    ),
    (
        "place",
        r"\bwhere\b|\b(?:which|what) (?:\w+ )?(?:city|cities|county|counties|district"
        r"|country|countries|province|place|places|town|state|region|location|island|continent)\b",
    ),
    (
        "number",
        r"\bhow (?:many|much|far|large|big|tall|high|deep|old|wide|heavy|long)\b"
        r"|\bwhat (?:number|total)\b",
    ),
    (
        "reason",
        r"为什么|为何|何以|什么原因|(?:原因|理由|缘故)(?:是|为|在于)?(?:什么|何|哪)|\bwhy\b"
        r"|\bwhat (?:caused|led|prompted|made)\b|\bhow come\b"
        r"|\bwhat (?:is|was|were|are) the (?:reasons?|causes?)\b",
    ),
    (
        "definition",
        r"(?:什么|何)(?:叫做?|是|谓)[^，。的]{1,12}[?？]?$"
        r"|^[^，。]{1,12}(?:指的?是什么|是指什么|是什么意思|的定义)"
        r"|^what (?:is|are) (?:an? )?(?:\w+[ -]?){1,3}\?*$"
        r"|\bwhat does .{1,40} mean\b|\bdefin(?:e|ition)\b|\bmeaning of\b",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _RULES)


def answer_type(question: str) -> AnswerType:
    """The kind of answer that a question in English or Chinese asks for."""
    folded = fold(question)
    return next((kind for kind, pattern in _COMPILED if pattern.search(folded)), "other")


_QUESTION_WORD = re.compile(
    "什么|什|谁|哪.?|何|何时|何地|何人|何处|多少|几[个名家年天月次号位成]?|为何|为什么|如何|怎.*|多久|多大|多高|多远|多长"
    "|which|what|who|whom|whose|when|where|how|whi|mani|much"
)


def is_question_word(term: str) -> bool:
    """Whether a word of a question, as `rag.fold.words` has it, is what it asks with."""
    return _QUESTION_WORD.fullmatch(term) is not None
