"""What a Chinese follow-up takes from the question before it, put into words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.answer_type import answer_type
from rag.fold import fold, fold_with_map
from rag.follow_up.chinese import (
    Phrase,
    Token,
    category_of,
    kind_of_name,
    parts_of,
    phrases_of,
    tokens_of,
)
from rag.follow_up.chinese_words import (
    ASKING,
    COUNTRIES,
    GROUPS_OF_PEOPLE,
    LEADS,
    MEASURES,
    OF_PEOPLE,
)
from rag.follow_up.parts import (
    Fragment,
    Part,
    date_for,
    dates_of,
    first_of,
    like_value,
    says_only_time,
)
from rag.language import detect_language

_END = re.compile(r"[\s?？。.!！]*$")
_SUFFIX = re.compile(r"(?:的话)?(?:又)?(?P<mark>呢|怎么样|如何|怎样)[呀啊]?$")
_PREFIX = re.compile(r"(?:(?:至于|关于|对于|换成|如果是|要是|在|从|对|就)(?=.))")
_LONGEST_FRAGMENT: Final = 14  # characters
_BARE = re.compile(
    r"(?:(?:是|具体|到底|大概|又|也)*)(?:为什么|为何|为啥|怎么(?:做|办|样)?|怎样|如何|什么时候|何时|哪一?年"
    r"|什么时间|在?哪里|在?哪儿|什么地方|谁|是谁|多少|多少钱|几个|多久|多大|多长|多远|多高|哪些|哪个|有哪些)"
    r"(?:的|会)?(?:呢|呀|啊|会这样|这样)?"
)
_MORE = re.compile(
    r"(?:请|能|可以)?(?:还有呢|还有吗|还有什么|还有别的吗|其他的呢|然后呢|具体呢|具体(?:说说|讲讲)"
    r"|(?:再|请)?(?:详细|多)(?:说说|讲讲|介绍|说|讲|一?点)(?:一下)?|展开(?:说说|讲讲)|继续(?:说)?|接着说)(?:吧|好吗|吗)?"
)
_ASKING = re.compile(
    rf"(?:是|在|有|为|达|达到)?(?:{ASKING})(?:[{MEASURES}](?=\w))?(?:钱|人(?!\w))?(?:吗|呢)?"
)
_FIRST = re.compile("为什么|为何|为啥|怎|如何|什么时|何时|哪一?年|谁|是谁|哪些|有哪些")
_ELLIPTIC = re.compile(
    r"(?:是|又是|都)?(?:什么时候|何时|哪一?[年天]|谁|为什么|在哪|叫什么|多久|多大|怎么|如何|有多少|有几|有没有"
    r"|占多少|花了|用了|投资了?多少|位于)"
)


def lead_of(question: str) -> str:
    """The 那 and the like that a question begins with, and the comma behind it."""
    tokens = tokens_of(question)
    count = 0
    while count < len(tokens) - 1 and (
        tokens[count].text in LEADS or (count and tokens[count].text in "，, ")
    ):
        count += 1
    if count and tokens[count - 1].text == "还有" and tokens[count].kind == "ask":
        return ""
    return question[: tokens[count].start] if count else ""


def core_of(question: str) -> str:
    """A question without its first 那 and without its last mark."""
    return _END.sub("", question[len(lead_of(question)) :]).strip("，, ")


def asks_for_more(question: str) -> bool:
    """Whether it is no more than 还有呢."""
    return _MORE.fullmatch(fold(_END.sub("", question))) is not None


def bare_question_word(question: str) -> str:
    """The question word that a question is, if it is no more than that: 为什么？ 多少钱？"""
    core = core_of(question)
    return re.sub("[呢呀啊]$", "", core) if _BARE.fullmatch(fold(core)) else ""


def fragment_of(question: str) -> Fragment | None:
    """The words that stand in place of others of the last question: 2020年呢？ 那北京呢？"""
    core, led = core_of(question), bool(lead_of(question))
    folded = fold_with_map(core)
    suffix = _SUFFIX.search(folded.text)
    if suffix and suffix.start():
        if suffix["mark"] != "呢" and not led:
            return None
        core = core[: folded.span(suffix.start(), suffix.start() + 1)[0]]
    text = core[match.end() :] if (match := _PREFIX.match(fold(core))) else core
    text = re.sub("[的，,]$", "", text.strip())
    if not text or len(text) > _LONGEST_FRAGMENT or re.search(r"[，,。；;]", text):
        return None
    if says_only_time(text):
        return Fragment(text)
    tokens = tokens_of(text)
    if suffix and re.match("那..", text) and tokens[0].tag.startswith("nr"):
        text = text[1:]  # 那高雄 is no name of a person
        tokens = tokens_of(text)
    if any(each.kind == "ask" or each.tag == "r" for each in tokens) or not _is_nominal(tokens):
        return None
    asked = question.rstrip().endswith(("?", "？"))
    named = all(each.is_name for each in tokens)
    return Fragment(text) if suffix or (led and asked) or (asked and named) else None


def _is_nominal(tokens: Sequence[Token]) -> bool:
    """Whether words name something rather than say what it does."""
    if len(tokens) == 1:
        return tokens[0].kind in ("noun", "verb") and tokens[0].tag != "p"
    if any(each.text in ("是", "有", "了", "吗", "会", "能") for each in tokens):
        return False
    return tokens[-1].kind == "noun"


def with_fragment(last: str, fragment: Fragment) -> str:
    """The last question, in Chinese, with the like part replaced; where there is none, added."""
    text = fragment.text
    if says_only_time(text):
        return _with_date(last, text)
    alike = like_value(text, last)
    if alike:
        return last[: alike[1].start] + text + last[alike[1].end :]
    words = tokens_of(text)
    category = category_of(words[-1].text) if words else "thing"
    measures = category in ("attribute", "role")
    if not measures or _ending(text) == _ending_of(last):
        span = _span_like(last, text)
        if span:
            return last[: span[0]] + text + last[span[1] :]
    owner = first_of([part for part in parts_of(last) if not part.weak], "thing")
    return (owner and asked_of(text, owner.text)) or f"{text}{last}"


def asked_of(text: str, owner: str) -> str:
    """The question for a measure or role, of its own name or of an owner; empty for no such."""
    words = tokens_of(text)
    if not words or category_of(words[-1].text) not in ("attribute", "role"):
        return ""
    owned = words[0].is_name or any(each.kind == "of" for each in words)
    return f"{'' if owned else owner + '的'}{text}{_ending(text)}？"


_ENDINGS: tuple[tuple[str, str], ...] = (
    ("总部|地址|位置|首都|省会|籍贯", "在哪里"),
    ("日期|时间|生日", "是什么时候"),
    (
        "名称|名字|全称|简称|历史|起源|由来|含义|意思|定义|作用|用途|目的|目标|意义|原因|影响|好处|优点|缺点|特点|结果|业务|主业",
        "是什么",
    ),
)


def _ending(text: str) -> str:
    """How one asks for a measure or role: the 是谁 of 总经理是谁."""
    folded = fold(text)
    if category_of(folded) == "role":
        return "是谁"
    fitting = (ending for words, ending in _ENDINGS if re.search(f"(?:{words})$", folded))
    return next(fitting, "是多少")


def _ending_of(question: str) -> str:
    """The same for what a question asks."""
    asked = answer_type(question)
    endings = {"person": "是谁", "place": "在哪里", "date": "是什么时候"}
    endings |= dict.fromkeys(("number", "money", "share", "duration"), "是多少")
    return endings.get(asked, "是什么")


def _with_date(last: str, text: str) -> str:
    old = next(iter(dates_of(last)), None)
    new = date_for(text, old, detect_language(last, "zh-Hans"))
    if old:
        return last[: old.start] + new + last[old.end :]
    relative = next((each for each in tokens_of(last) if each.kind == "date"), None)
    if relative:
        return last[: relative.start] + new + last[relative.end :]
    return new + last


def _span_like(last: str, text: str) -> tuple[int, int] | None:
    """Where the last question has what a fragment would stand for."""
    tokens, words = tokens_of(last), tokens_of(text)
    phrases = phrases_of(tokens)
    if not words or not phrases:
        return None
    whole = "".join(each.text for each in words)
    similar = [each for each in tokens if _are_similar(each.text, whole)]
    if similar:
        return similar[0].start, similar[0].end
    category = category_of(words[-1].text)
    if category in ("attribute", "role") and not words[0].is_name:
        return _head(tokens, phrases, category)
    if (
        len(words) > 1
        and words[0].is_name
        and (category in ("attribute", "role") or any(each.kind == "of" for each in words))
    ):
        return _whole(tokens, phrases[0])
    ending = next((each for each in phrases if _ends_alike(tokens, each, words)), None)
    if ending:
        return tokens[ending.head].start, tokens[ending.last - 1].end
    counted = _counted(tokens, phrases)
    if not any(each.is_name for each in words) and counted and whole not in GROUPS_OF_PEOPLE:
        return counted
    return _name_or_owner(last, text, tokens, phrases)


def _are_similar(old: str, new: str) -> bool:
    """Whether two words are of one pair: 男性 and 女性, 日本 and 韩国, 进口 and 出口."""
    if old == new:
        return False
    for group in (COUNTRIES, GROUPS_OF_PEOPLE):
        if old in group and new in group:
            return True
    return len(old) == len(new) == 2 and old[1] == new[1] and old[1] not in "的了人"


def _ends_alike(tokens: Sequence[Token], phrase: Phrase, words: Sequence[Token]) -> bool:
    """Whether a longer name is of the same thing: 京沪高铁 and 沪昆高铁."""
    last = words[-1].text
    return len(words) > 1 and len(last) > 1 and tokens[phrase.last - 1].text == last


def _whole(tokens: Sequence[Token], phrase: Phrase) -> tuple[int, int]:
    return tokens[phrase.first].start, tokens[phrase.last - 1].end


def _head(
    tokens: Sequence[Token], phrases: Sequence[Phrase], category: str
) -> tuple[int, int] | None:
    """The measure or role that a question asks of something."""
    for phrase in phrases:
        if category_of(tokens[phrase.last - 1].text) == category:
            first = phrase.head
            while first < phrase.last - 1 and tokens[first].is_name:
                first += 1
            return tokens[first].start, tokens[phrase.last - 1].end
    return None


def _counted(tokens: Sequence[Token], phrases: Sequence[Phrase]) -> tuple[int, int] | None:
    """What is counted: the 汽车 of 多少辆汽车."""
    for phrase in phrases:
        before = [each.text for each in tokens[max(0, phrase.first - 2) : phrase.first]]
        if any(each.startswith(("多少", "几")) for each in before):
            return _whole(tokens, phrase)
    return None


def _name_or_owner(
    last: str, text: str, tokens: Sequence[Token], phrases: Sequence[Phrase]
) -> tuple[int, int] | None:
    """The name that another of its kind may stand for, or whose it is, or the first noun."""
    names = [part for part in parts_of(last) if _is_lone_name(part, tokens)]
    kind = kind_of_name(text, tokens_of(text))
    chosen = [part for part in names if part.kind == kind] or names
    if chosen:
        return chosen[0].start, chosen[0].end
    phrase = phrases[0]
    if phrase.head > phrase.first:
        return tokens[phrase.first].start, tokens[phrase.head - 2].end
    if tokens[phrase.first].is_name or phrase.last - phrase.first > 1:
        return tokens[phrase.first].start, tokens[phrase.first].end
    if category_of(tokens[phrase.first].text) in ("attribute", "role"):
        return None
    return _whole(tokens, phrase)


def _is_lone_name(part: Part, tokens: Sequence[Token]) -> bool:
    inside = [each for each in tokens if part.start <= each.start < part.end]
    return (
        part.kind in ("name", "place", "organisation", "person")
        and bool(inside)
        and inside[0].is_name
    )


def topic_of(last: str) -> str:
    """What a question is about: its words without those that it asks with."""
    folded = fold_with_map(_END.sub("", last))
    kept, at = "", 0
    for match in _ASKING.finditer(folded.text):
        start, end = folded.span(*match.span())
        kept += last[at:start]
        at = end
    kept += last[at : folded.ends[-1] if len(folded.text) else 0]
    return re.sub("[的是有在，,]+$", "", kept).strip()


def asked_with(word: str, last: str) -> str:
    """The last question, in Chinese, asked with another question word."""
    topic = topic_of(last)
    if not topic:
        return last
    return f"{word}{topic}？" if _FIRST.match(fold(word)) else f"{topic}{word}？"


def wants_person(question: str) -> bool:
    """Whether a question without a subject asks what only a person has: 什么时候出生的？"""
    return re.search(OF_PEOPLE, fold(question)) is not None


def is_elliptic(question: str) -> bool:
    """Whether a question lacks the one it is about: 什么时候成立的？ 总部在哪里？"""
    core = core_of(question)
    if len(core) > _LONGEST_FRAGMENT or dates_of(core):
        return False
    tokens = tokens_of(core)
    phrases = phrases_of(tokens)
    if any(each.is_name for each in tokens):
        return False
    if phrases and phrases[0].first == 0:
        whole = len(phrases) == 1 and phrases[0].last - phrases[0].first == 1
        return whole and category_of(tokens[0].text) in ("attribute", "role")
    plain = [part for part in parts_of(core) if not part.weak]
    counts = _counted(tokens, phrases) is not None and len(phrases) == 1
    return bool(_ELLIPTIC.match(fold(core))) and (not plain or counts)


def lacks_subject(question: str) -> bool:
    """Whether it is a measure or role without its owner, which wants a 的 behind the owner."""
    tokens = tokens_of(core_of(question))
    return bool(tokens) and tokens[0].kind == "noun"
