"""Credits inside paragraphs: reporters in the lead, photographers and editors at the end.

Patterns are matched on the folded form; spans are mapped back to the article's own characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from rag.clean.bylines import HAN, LOOSE_NAMES, NAMES, OUTLET, is_byline, is_names
from rag.fold import fold, fold_with_map

_ENGLISH_END = re.compile(
    r"\s*[(（\[](?:(?:(?:Our |Staff )?(?:Reporters?|Correspondents?|Journalists?|Editors?|Authors?)"
    r"|(?:Additional )?[Rr]eporting by|[Ww]ritten by|[Ee]dit(?:ed|ing) by"
    r"|Compiled by|[Bb]y|Photos?(?: by)?"
    r"|Text(?: by)?|Source|Credit|Image|AP Photo|Xinhua|REUTERS|AFP|Getty Images)\b"
    r"(?:[\s:/,;.&-]+(?:[A-Z][\w.'’-]*|by|and|of|in|for|from|with|text|photos?|additional|reporting"
    r"|editing|via|the|courtesy))*|Xinhua/[^()]{2,40}|/[A-Z][^()]{2,40})[\s.]*[)）\]]\s*\.?$"
)
_REUTERS_END = re.compile(
    r"\s*(?:\(Reporting by [^()]{3,200}\)|(?<=[.!?”\"]) REUTERS/[A-Z][\w .'’-]{2,40}"
    r"|(?<=[.!?”\"]) (?:Photo|Photograph|Picture): [A-Z][\w .,'’/-]{2,60})\s*$"
)


_END_BRACKET = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]{1,80})[)\]】〕]\s*(?:[。.]|\d{7})?\s*$")
_END_MARK = re.compile(r"完|全文完|本文完|未完待续|end|the end")
_PHOTO_NOTE = re.compile(
    rf"资料(?:图片?|照片?|图)|(?:新华|中新|法新)社?发|图源[:/ ].{{1,20}}"
    rf"|(?:图片|照片|图|视频)(?:来源|来自|由|源自).{{1,24}}"
    rf"|{HAN}{{1,10}}供图|图/{HAN}.{{1,16}}|{HAN}{{1,10}}/(?:图|摄)"
    rf"|翻摄自?.{{1,20}}|取自.{{1,16}}|摄自.{{1,16}}"
)
_SOURCE_NOTE = re.compile(
    r"(?:(?:文章|本文|稿件|信息|新闻|资料|原文)?(?:来源|出处)(?:于|自)?[:/ ]*"
    r"|据(?=[^,。]{2,12}(?:报道|电|消息)?$)|原载于?[:《]*"
    r"|转自[:《 ]*|摘自[:《]*)(?P<who>[^:。!?]{2,30}?)(?:报道|电|消息|客户端)?[》]?"
)
_OUTLET_NOTE = re.compile(r"(?P<who>[\u3400-\u9fff]{1,6}(?:社|日报|晚报|时报|网|电视台|新闻))")
_STOPS = "。!?”」』)"
_SENTENCE_ENDS = frozenset("。！？!?；;：:，,…”」")
_BRACKETS = frozenset(")）]】〕")


def strip_end(line: str, *, last: bool = False) -> tuple[str, str | None]:
    """A paragraph without the credits at its end, and the publisher that one of them named.

    `last` allows what only stands at the end of an article: a bare name in brackets.
    """
    if line[-1:] in _SENTENCE_ENDS and line[-2:-1] not in _BRACKETS:
        return line, None
    publisher: str | None = None
    for _ in range(4):
        shorter, named = _strip_one(line, last=last)
        if shorter == line:
            break
        line, publisher = shorter, publisher or named
    return line, publisher


def _strip_one(line: str, *, last: bool) -> tuple[str, str | None]:
    if line.isascii() or (line[-1:] in ")）]】" and "(" in line[-160:] + "("):
        for pattern in (_ENGLISH_END, _REUTERS_END):
            match = pattern.search(line, max(0, len(line) - 240))
            if match:
                return line[: match.start()].rstrip(), None
    if line.isascii():
        return line, None
    offset = max(0, len(line) - 110)
    window = fold_with_map(line[offset:])
    tail = window.text
    bracket = _END_BRACKET.search(tail)
    if bracket:
        inner = bracket.group(1).strip()
        source = _SOURCE_NOTE.fullmatch(inner) or (_OUTLET_NOTE.fullmatch(inner) if last else None)
        if (
            source
            or is_byline(f"({inner})")
            or _END_MARK.fullmatch(inner)
            or _PHOTO_NOTE.fullmatch(inner)
            or (last and "·" not in inner and is_names(inner))
        ):
            cut = offset + window.span(bracket.start(), bracket.end())[0]
            name = None
            if source:
                start, end = window.span(*source_span(bracket.start(1), bracket.group(1), source))
                name = line[offset + start : offset + end]
            return line[:cut].rstrip(), name
        return line, None
    at = max(tail.rfind(stop) for stop in _STOPS) + 1
    rest = tail[at:]
    if at and 2 <= len(rest.strip()) <= 60 and (is_byline(rest) or is_names(rest)):
        return line[: offset + window.span(0, at)[1]].rstrip(" ?"), None
    spaced = (
        _spaced_photo().search(tail)
        if tail.rstrip().endswith(("摄", "摄影", "供图", "报道"))
        else None
    )
    if spaced and spaced.start():
        return line[: offset + window.span(0, spaced.start())[1]].rstrip(), None
    return line, None


def source_span(start: int, whole: str, source: re.Match[str]) -> tuple[int, int]:
    """Where the name inside a source note stands, in the text that `whole` starts at `start`."""
    shift = start + len(whole) - len(whole.lstrip())
    return shift + source.start("who"), shift + source.end("who")


@cache
def _spaced_photo() -> re.Pattern[str]:
    """`王一 摄` behind a caption that has no full stop."""
    return re.compile(
        rf"[\s/](?:(?:{OUTLET}\s*){{0,3}}(?:记者|通讯员)\s*)?{NAMES}\s*/?\s*(?:摄影报道"
        rf"|摄影|摄|供图)\s*$"
    )


def repeated_photographers(lines: Sequence[str]) -> frozenset[str]:
    """Short words that stand behind the full stop of several lines: names, whatever they are."""
    ends = Counter(
        match.group(1)
        for line in lines
        if (match := re.search(r"[。！？]\??\s?(\w{2,4}|\w{1,3} \w{1,3})$", line[-12:]))
    )
    return frozenset(name for name, count in ends.items() if count > 1)


_LEAD = re.compile(
    r"(?P<head>[^。()〔〕【】!?]{0,40}?)\s*(?P<open>[(〔\[【])(?P<credit>[^()〔〕\[\]【】。!?]{0,30}?"
    r"(?:记者|通讯员|特派员|实习生|特约作者)[^()〔〕\[\]【】。!?]{0,90})[)〕\]】]\s*[::]?\s*"
)
_HEAD_END = re.compile(r"(?:讯|电|消息|报[道导]|快讯|专电|稿|日)[,:]?")
_BARE_HEAD = re.compile(
    r"(?P<who>本报|本网|本台|本刊|本站|[\u3400-\u9fffa-z·]{2,12}(?:网|报"
    r"|社|台|在线|客户端|新闻|之家))?"
    r"(?:综合)?(?:讯|消息|快讯|报[道导])[,:]?"
)
_OWN_NEWS = re.compile(
    r"[【（(\[〔](?:本报|本報|本网|本網|本台|本刊)[讯訊][】）)\]〕]\s*"
    r"|(?:本报|本報|本网|本網|本台)[讯訊]\s+"
)
_PLACES = (
    "台北|新北|桃园|台中|台南|高雄|基隆|新竹|苗栗|彰化|南投|云林|嘉义|屏东"
    "|宜兰|花莲|台东|澎湖|金门|马祖|香港|澳门|北京"
    "|上海|华盛顿|纽约|东京|伦敦|巴黎|柏林|首尔|曼谷|新加坡|旧金山|洛杉矶"
    "|日内瓦|布鲁塞尔|莫斯科|河内|雅加达|吉隆坡|马尼拉"
)
_DATELINE = re.compile(
    rf"(?P<who>[\u3400-\u9fff]{{0,8}}?)(?P<credit>(?:特派|驻[\u3400-\u9fff]{{1,4}})?记者\s*(?:{HAN}{{2,3}})?)[\s/]*"
    rf"(?P<rest>(?:{_PLACES}|[\u3400-\u9fff]{{2,6}})\s*(?:\d{{1,2}}日)?(?:综合)?(?:外电"
    rf"|专)?(?:报[道导]|电))"
)
_DATELINE_PLACE = re.compile(
    rf"(?P<who>[\u3400-\u9fff]{{0,8}}?)(?P<credit>(?:特派|驻[\u3400-\u9fff]{{1,4}})?记者[^/]{{1,24}}?[\s/]*)"
    rf"(?P<rest>(?:{_PLACES})(?:市|县)?\s*(?:\d{{1,2}}日)?(?:综合)?(?:外电|专)?(?:报[道导]|电))"
)
_SLASH = re.compile(
    r"(?P<who>)(?P<credit>记者[^/]{2,24}/)(?P<rest>[\u3400-\u9fff]{2,6}(?:综合)?报[道导])"
)
_OPENING = re.compile(
    rf"(?:(?:本报|本网|本台)讯\s*)?(?:{OUTLET}\s*){{0,3}}记者\s*{LOOSE_NAMES}"
    rf"(?:\s*通讯员\s*{LOOSE_NAMES})?\s*(?:摄影)?报[道导]\s*[::]?\s*"
    rf"|(?:本报|本网|本台|本刊)讯\s+(?:{OUTLET}\s*){{0,2}}记者\s*{LOOSE_NAMES}"
    rf"(?:\s+通讯员\s*{LOOSE_NAMES})?\s+(?![从在获了采走来看向对发跟随赴到深])"
)


def strip_lead(line: str) -> tuple[str, str | None]:
    """A first paragraph without the reporters named in its lead, and the publisher it names.

    `寧德網消息(記者 …)市第五次…` loses the whole lead; one with a place or a day
    (`新华社北京1月5日电（记者 …）`) keeps these.
    """
    nameless = _OWN_NEWS.match(line)
    if nameless and nameless.end() < len(line):
        return line[nameless.end() :], None
    head = line[:160]
    if not any(word in head for word in ("记者", "記者", "通讯员", "通訊員", "实习生", "實習生")):
        return line, None
    window = fold_with_map(head)
    opening = _OPENING.match(window.text)
    if opening and opening.end() < len(window.text):
        return line[window.span(0, opening.end())[1] :].lstrip(" :："), None
    match = _LEAD.match(window.text)
    if not match:
        return line, None
    before = match["head"].strip()
    if before and not _HEAD_END.search(before[-3:] + " "):
        return line, None
    rest = (
        line[window.span(0, match.end())[1] :].lstrip()
        if match.end() < len(window.text)
        else line[len(head) :]
    )
    bare = _BARE_HEAD.fullmatch(before)
    if bare:
        who = bare["who"]
        own = (
            None
            if not who or who.startswith("本")
            else line[slice(*window.span(*bare.span("who")))]
        )
        return rest, own
    kept = line[: window.span(0, len(match["head"]))[1]].rstrip() if before else ""
    dateline = _kept_dateline(match["credit"])
    if not before and dateline:
        place = match.start("credit")
        who, last = dateline
        opened = window.span(match.start("open"), match.start("open") + 1)
        closed = window.span(place + len(match["credit"]), place + len(match["credit"]) + 1)
        name = line[slice(*window.span(place, place + who))] if who else ""
        tail = line[slice(*window.span(place + last, place + len(match["credit"])))]
        kept = line[slice(*opened)] + name + tail + line[slice(*closed)]
        return kept + rest, name or None
    return (f"{kept} {rest}" if kept else rest), None


def _kept_dateline(credit: str) -> tuple[int, int] | None:
    """Of `中央社記者王小明台北5日電`: how long the agency is, and where the place starts."""
    for pattern in (_SLASH, _DATELINE_PLACE, _DATELINE):
        match = pattern.fullmatch(credit)
        if match:
            return match.end("who"), match.start("rest")
    return None


_LEAD_OUTLET = re.compile(
    r"[(\[【]?(?P<who>[\u3400-\u9fffa-z·]{1,8}?(?:通讯社|新闻社|新闻网"
    r"|日报|晚报|早报|时报|晨报|之家|新华社|网|报|社|台|新闻))"
    r"(?:[\u3400-\u9fff]{2,6})?\s*(?:\d{1,4}\s*年\s*)?(?:\d{1,2}\s*月\s*)?(?:\d{1,2}\s*日)?\s*(?:综合)?(?:消息"
    r"|讯|电|快讯|报[道导])[,:\s(\])】]"
)
_ENGLISH_OUTLET = re.compile(
    r"[A-Z][\w .,'’/-]{2,60}\((?P<who>Reuters|AP|AFP|Xinhua|Bloomberg|Kyodo"
    r"|Yonhap|CNA|UPI)\)\s*[-–—]"
)


def outlet_of_lead(line: str) -> str | None:
    """The agency or paper that a lead names as its own (`新华社北京1月5日电`, `(Reuters) -`)."""
    if line.isascii() or (line[:1].isascii() and "(" in line[:80]):
        match = _ENGLISH_OUTLET.match(line)
        return match["who"] if match else None
    head = line[:48]
    if not any(word in head for word in ("消息", "讯", "訊", "电", "電", "报道", "報道", "報導")):
        return None
    window = fold_with_map(head)
    match = _LEAD_OUTLET.match(window.text)
    if not match or match["who"].startswith(("本", "据", "综合", "有")):
        return None
    return head[slice(*window.span(*match.span("who")))]


def is_caption_of(line: str, names: frozenset[str]) -> bool:
    """Whether a line is a caption: a sentence with a photographer behind its full stop."""
    folded = fold(line[-60:])
    at = max(folded.rfind(stop) for stop in _STOPS) + 1
    rest = folded[at:].strip(" ?")
    return bool(at and rest) and (
        is_names(rest) or is_byline(rest) or any(line.endswith(name) for name in names)
    )
