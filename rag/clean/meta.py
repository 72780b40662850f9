"""Lines that state facts about an article: `Source: … Published: …`, `- 時間:2024-04-16`."""

from __future__ import annotations

import re

from rag.clean.boilerplate import is_breadcrumb
from rag.clean.bylines import is_byline, is_english_byline
from rag.clean.dates import find_date, find_date_span
from rag.clean.facts import Facts, clean_publisher
from rag.fold import fold_with_map

_SOURCE = (
    r"(?:信息|文章|新闻|稿件|消息|资讯|内容)?来源|稿源|出处|供稿单位|发布机构"
    r"|发布单位|发文机关|发布者|发文单位|来自|媒体|source|news source|media"
    r"|publisher|origin"
)
_DATE = (
    r"(?:发布|发表|更新|最后更新|最近更新|刊登|刊出|成文|发文|生成|建稿"
    r"|创建|录入|上传|编辑|上线|新闻|添加|出版|印发|首次发布|上架|公开)(?:时间"
    r"|日期|于)"
    r"|发布|发表|更新|出版|时间|日期|(?:first )?published(?: (?:on|at|time|date))?"
    r"|publish(?:ed)? (?:time|date)|publication date|date published"
    r"|posted(?: on)?|(?:release|pub|issue|update)[- ]?(?:date|time)|released"
    r"|issued|last (?:updated|modified)|updated(?: on)?|modified|date|time"
)
_OTHER = (
    r"(?:点击|浏览|阅读|访问|观看|转发|评论|点赞)(?:数|量|次数|率|人数)?"
    r"|人气|字号|字体|字体大小|字级|分享到?|打印|收藏|视力保护色|背景色"
    r"|作者|(?:责任|值班|实习|美术|网络)?编辑|责编|记者|通讯员|审核|校对"
    r"|索引号|文号|发文字号|主题词|主题分类|主题|体裁分类|体裁|服务对象"
    r"|分类|栏目|类别|所属(?:栏目|分类)|信息(?:类别|名称)"
    r"|有效性|公开(?:方式|范围|形式|程序|时限|责任部门)|标题|名称|生效日期"
    r"|废止日期|组配分类|语种|关键[词字]|原标题|版次|版面"
    r"|views?|view count|page ?views|hits|clicks?(?: count)?|reads|read count"
    r"|font(?: size)?|text size|size|author|editor|reporter|share(?: to)?"
    r"|comments?"
    r"|index(?: number)?|document (?:no|number)|category|section|column|by"
)
_LABELS = re.compile(
    rf"(?<![a-z\u3400-\u9fff])(?:(?P<source>{_SOURCE})|(?P<date>{_DATE})"
    rf"|(?P<other>{_OTHER}))\s*:\s*"
)
_COUNTER = re.compile(r"点击|浏览|阅读|访问|字号|字体|打印|views?|hits|clicks|font")
_TIME = re.compile(
    r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?|\d{1,2}时\d{1,2}分?|(?:星期"
    r"|周|礼拜)[一二三四五六日天]"
    r"|[上下]午|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b(?:gmt|bst|utc|est|edt|pst|pdt|cst|hkt|sgt|et)\b(?:[+-]\d{1,2})?"
    r"|\b(?:published|updated|posted|last|first|on|at)\b"
    r"|\(?\d{1,2}/\d{1,2}\s\d{1,2}:\d{2}|更新|发布|发表|[+-]\d{4}\b|\d+ (?:min(?:ute)?s?"
    r"|hours?) (?:ago|read)",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:(?:written|reported|story|words) )?by\b")
_PRINTED = re.compile(
    r"[《(]\s*(?P<who>[^》()]{2,20}?)\s*[》)]?\s*[(,]?\s*(?P<when>(?:19"
    r"|20)\d\d[年/.-]\s?\d{1,2}[月/.-]\s?\d{1,2}日?)[^()]{0,12}版?[^()]{0,12}\)?"
)
_EDGES = " \t|丨/·•,、;:-–—[]【】()<>\"“”'»"
_OUTLET_LIKE = re.compile(
    r".{0,12}(?:网|报|社|台|在线|之家|新闻|客户端|频道|观察|财经|中心|局"
    r"|委|办|厅|部|政府|周刊|杂志|公众号|发布|号)(?:[-—·].{1,12})?"
    r"|(?:[a-z][\w.&'-]*\s*){1,4}"
)


def read_meta_line(line: str, *, inner: bool = False) -> Facts | None:
    """The facts that a metadata line states; None when the line is not one.

    `inner` is for lines between paragraphs: only the surest shapes count there.
    """
    if len(line) > 320:
        return None
    window = fold_with_map(line.strip())
    folded = window.text
    if not folded or "。" in folded:
        return None
    printed = _PRINTED.fullmatch(folded) if "版" in folded else None
    if printed and (date := find_date(printed["when"])):
        name = line.strip()[slice(*window.span(*printed.span("who")))]
        return Facts(publisher=clean_publisher(name), date=date)
    labels = list(_LABELS.finditer(folded))
    if not labels:
        return None if inner else _bare_date(line.strip(), folded)
    before = folded[: labels[0].start()].strip(_EDGES + "*•○●")
    if inner and not _COUNTER.search(folded):
        return None
    if before and not _may_precede(before):
        return None
    facts = Facts(date=find_date(before))
    if before and not facts.date and _OUTLET_LIKE.fullmatch(before) and not _BY.match(before):
        at = folded.find(before)
        facts = Facts(
            publisher=clean_publisher(line.strip()[slice(*window.span(at, at + len(before)))])
        )
    ends = [label.start() for label in labels[1:]] + [len(folded)]
    for label, end in zip(labels, ends, strict=True):
        value = folded[label.end() : end].strip(_EDGES)
        if len(value) > 60 or len(value.split()) > 10 or re.search(r"[!?;]", value):
            return None
        start, stop = (0, 0) if label.end() >= end else window.span(label.end(), end)
        facts = facts.or_else(_stated(label, line.strip()[start:stop]))
    only_time = len(labels) == 1 and labels[0].group("date") in {
        *["时间", "日期", "发布", "更新", "发表", "出版", "time", "date"]
    }
    return None if only_time and not facts.date else facts


def _may_precede(before: str) -> bool:
    rest = _without_date(before)
    return not rest or (len(rest) <= 24 and bool(_OUTLET_LIKE.fullmatch(rest)))


def _without_date(text: str) -> str:
    span = find_date_span(text)
    if span:
        text = f"{text[: span[0]]} {text[span[1] :]}"
    return _TIME.sub(" ", text).strip(_EDGES)


def _stated(label: re.Match[str], value: str) -> Facts:
    if label.group("date"):
        return Facts(date=find_date(value))
    if label.group("source"):
        span = find_date_span(value)
        date = span[2] if span else None
        name = value[: span[0]] if span else value
        name = re.split(r"\s{2,}|[|｜丨]|\s+(?:作者|记者|記者|编辑|編輯)", name.strip(_EDGES))[0]
        return Facts(publisher=clean_publisher(_cut_time(name)), date=date)
    return Facts(date=find_date(value) if _COUNTER.search(label.group("other")) else None)


def _cut_time(name: str) -> str:
    return re.sub(r"\s*\d{1,2}:\d{2}(?::\d{2})?\s*$", "", name)


def _bare_date(line: str, folded: str) -> Facts | None:
    """`2023年05月08日 10:11 人民日报`, `By Jane Doe, 8 May 2023`: a date and no sentence."""
    span = find_date_span(folded)
    if not span or len(folded) > 90:
        return None
    rest = _without_date(folded)
    if not rest:
        return Facts(date=span[2])
    if is_byline(rest) or is_english_byline(_without_date(line)):
        return Facts(date=span[2])  # who wrote it didn't publish it
    if len(rest) > 30 or not _OUTLET_LIKE.fullmatch(rest) or re.search(r"[,:!?。]", rest):
        return None
    at = folded.find(rest)
    if rest.isascii() and (len(rest.split()) > 3 or at < 0):
        return None
    if _BY.match(rest):
        return Facts(date=span[2])
    name = line[at : at + len(rest)] if at >= 0 and len(line) == len(folded) else rest
    return Facts(date=span[2], publisher=clean_publisher(name))


_CRUMB_LABEL = re.compile(r"^.{0,8}?位置\s*[::]\s*|^you are here\s*:\s*", re.IGNORECASE)
_SITE_NAME = re.compile(
    r".*(?:网|網|在线|在線|报|報|社|频道|台|之家|门户|news|times|daily|post)$", re.IGNORECASE
)


def publisher_of_breadcrumb(line: str, folded: str) -> str | None:
    """The site that a breadcrumb starts from, when it is named (`人民论坛网·国家治理网> …`)."""
    if not is_breadcrumb(folded):
        return None
    first = re.split(r">|＞|»|›|→|-->", _CRUMB_LABEL.sub("", line.strip()))[0].strip()
    first = re.sub(r"首页$|首頁$", "", first)
    return clean_publisher(first) if 2 < len(first) <= 24 and _SITE_NAME.fullmatch(first) else None
