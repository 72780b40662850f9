"""From the lines of a page to the article: what stands around it goes, what it says stays.

The body runs from the first to the last line that reads like a paragraph. Rules are the bolder
the further a line is from it: between paragraphs only the surest shapes count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.clean.boilerplate import is_boilerplate, is_navigation, opens_link_list
from rag.clean.bylines import is_byline, is_english_byline, is_name_line
from rag.clean.characters import squeeze
from rag.clean.credits import (
    is_caption_of,
    outlet_of_lead,
    repeated_photographers,
    strip_end,
    strip_lead,
)
from rag.clean.facts import Facts, clean_title
from rag.clean.meta import publisher_of_breadcrumb, read_meta_line
from rag.fold import fold

_WORD = re.compile(r"\w")
_END = re.compile(r"[。！？!?.…；;][\"'”’」』）)\]】]*$")
_BULLET = re.compile(r"^[-*•·●○■□▪◆]\s+")
_NO_PARAGRAPH = 700  # a longer line is a paragraph whatever it holds: it is not even folded


@dataclass(frozen=True, slots=True)
class Line:
    """A line, its folded form (empty for a long one), whether it reads like a paragraph."""

    text: str
    folded: str
    body: bool


def line_of(text: str) -> Line:
    """A line made ready for the rules."""
    folded = fold(text) if len(text) <= _NO_PARAGRAPH else ""
    return Line(text, folded, reads_like_paragraph(text))


def reads_like_paragraph(text: str) -> bool:
    """A sentence of some length, or a line too long to be anything else."""
    size = reading_size(text)
    return size >= 60 or (size >= 22 and bool(_END.search(text)))


def reading_size(text: str) -> int:
    """How much there is to read, in Chinese characters: an English word counts for two."""
    if text.isascii():
        return 2 * len(text.split())
    return (
        len(text)
        if len(text) > 120
        else sum(1 for char in text if char > "\u2e80") + 2 * len(re.findall(r"[A-Za-z]+", text))
    )


def article(
    paragraphs: Sequence[str], facts: Facts, *, around: Sequence[str] = (), guess: bool = True
) -> tuple[Facts, list[str]]:
    """The article's facts and its paragraphs. `around` are lines from outside of it, read for
    facts only; `guess` allows to take a line for the title."""
    lines = [line_of(text) for raw in paragraphs if (text := squeeze(raw)) and _WORD.search(text)]
    first, last = _body_range(lines)
    head, found = _head(lines[:first])
    for text in around:
        found = found.or_else(read_meta_line(squeeze(text)) or Facts())
    middle = _middle(lines[first:last])
    tail, stated = _tail(lines[last:])
    facts = facts.or_else(found)
    if not head and not middle and not tail:
        return facts.or_else(stated), []
    facts, head = _titled(facts, head, guess=guess and (bool(middle) or len(head) > 2))
    kept, named = _without_credits([*head, *middle, *tail], len(head), len(head) + len(middle))
    lead = next((text for text in kept if reading_size(text) >= 22), "")
    facts = facts.or_else(named).or_else(stated).or_else(Facts(publisher=outlet_of_lead(lead)))
    return facts, kept


def is_page_shaped(paragraphs: Sequence[str]) -> bool:
    """Whether lines before the first paragraph are a page's own (a menu, a source, a date)."""
    lines = [line_of(text) for raw in paragraphs if (text := squeeze(raw))]
    head = lines[: _body_range(lines)[0]]
    return any(is_navigation(line.folded) or read_meta_line(line.text) is not None for line in head)


def _body_range(lines: Sequence[Line]) -> tuple[int, int]:
    own = [index for index, line in enumerate(lines) if not _is_page_line(line)]
    body = [index for index in own if lines[index].body] or [
        index for index in own if _END.search(lines[index].text)
    ]
    return (body[0], body[-1] + 1) if body else (len(lines), len(lines))


def _is_page_line(line: Line) -> bool:
    """A line that reads like a paragraph and yet is the page's own."""
    return bool(line.folded) and (
        is_boilerplate(line.folded)
        or is_navigation(line.folded)
        or (reading_size(line.text) < 120 and read_meta_line(line.text) is not None)
        or is_byline(line.folded)
    )


def _head(lines: Sequence[Line]) -> tuple[list[Line], Facts]:
    """What stands before the first paragraph, without the page's own lines, and their facts."""
    facts, site = Facts(), Facts()
    kept: list[Line] = []
    original: str | None = None
    for line in lines:
        stated = read_meta_line(line.text) or read_meta_line(_BULLET.sub("", line.text))
        if stated is not None:
            facts = facts.or_else(stated)
        elif is_navigation(line.folded):
            site = site.or_else(Facts(publisher=publisher_of_breadcrumb(line.text, line.folded)))
        elif match := re.match(r"(?:原标题|原標題|原题|原題)\s*[:：]\s*(.+)", line.text):
            original = match.group(1)
        elif not (
            is_boilerplate(line.folded)
            or opens_link_list(line.folded)
            or is_byline(line.folded)
            or is_english_byline(line.text)
            or is_name_line(line.folded)
        ):
            kept.append(line)
    return kept, facts.or_else(site).or_else(Facts(title=original if not kept else None))


def _middle(lines: Sequence[Line]) -> list[Line]:
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.folded:
            kept.append(line)
        elif opens_link_list(line.folded) and not line.body:
            at = _skip_links(lines, at)
        elif not (
            is_boilerplate(line.folded, inner=True)
            or is_navigation(line.folded, inner=True)
            or (not line.body and (is_byline(line.folded) or is_english_byline(line.text)))
            or (not line.body and read_meta_line(line.text, inner=True) is not None)
        ):
            kept.append(line)
    return kept


def _skip_links(lines: Sequence[Line], at: int) -> int:
    """The first line behind a list of links: a paragraph, or the heading right before it."""
    start = at
    while at < len(lines) and not lines[at].body:
        at += 1
    heading = at > start + 1 and at < len(lines) and reading_size(lines[at - 1].text) <= 14
    return at - 1 if heading else at


def _tail(lines: Sequence[Line]) -> tuple[list[Line], Facts]:
    """What stands behind the last paragraph, without the page's own lines, and their facts."""
    facts = Facts()
    kept: list[Line] = []
    for line in lines:
        if opens_link_list(line.folded) or re.match(r"(?:上|下)一[篇条则]\s*(?::|$)", line.folded):
            break
        if _is_dateline_of_letter(line):
            kept.append(line)
            facts = facts.or_else(read_meta_line(line.text) or Facts())
            continue
        stated = read_meta_line(line.text)
        if stated is not None:
            facts = facts.or_else(stated)
        elif not (
            is_boilerplate(line.folded)
            or is_navigation(line.folded)
            or is_byline(line.folded)
            or is_english_byline(line.text)
            or is_name_line(line.folded)
        ):
            kept.append(line)
    return kept, facts


def _is_dateline_of_letter(line: Line) -> bool:
    """A bare date below a notice is part of it: `2024年4月16日`."""
    return bool(
        re.fullmatch(
            r"[(（]?[\d一二三四五六七八九十〇○]{2,4}年[\d一二三四五六七八九十]{1,3}月"
            r"[\d一二三四五六七八九十]{1,3}日[)）]?",
            line.text.replace(" ", ""),
        )
    )


def _titled(facts: Facts, head: list[Line], *, guess: bool) -> tuple[Facts, list[Line]]:
    """The facts with a title, and the head without the line that holds it."""
    if facts.title:
        title = clean_title(facts.title, facts.publisher) or ""
        same = {_letters(title), _letters(facts.title)}
        at = next((i for i, line in enumerate(head) if _letters(line.text) in same), None)
        if at is None:
            return facts, head
        return facts, [
            line
            for line in (*_above_title(head[:at]), *head[at + 1 :])
            if _letters(line.text) not in same
        ]
    names = repeated_photographers([line.text for line in head])
    at = next((i for i, line in enumerate(head) if _may_be_title(line, names)), None)
    if at is None or not guess:
        return facts, head
    longer = next((i for i in range(at + 1, len(head)) if _may_be_title(head[i], names)), None)
    if longer is not None and reading_size(head[at].text) <= 6:
        at = longer
    return replace(facts, title=head[at].text), [*_above_title(head[:at]), *head[at + 1 :]]


def _above_title(lines: Sequence[Line]) -> list[Line]:
    """Above a title stand channel names; a sentence there would be the article's own."""
    return [
        line
        for line in lines
        if reading_size(line.text) > 8 or re.search(r"[。.！!？?：:；;]$", line.text)
    ]


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w+", fold(text)))


def _may_be_title(line: Line, names: frozenset[str]) -> bool:
    text = line.text
    size = reading_size(text)
    if not 3 <= size <= 64 or re.search(r"[。；，、,;：:]$", text) or text.startswith(("——", "--")):
        return False
    if re.search(r"[^.]\.$|[|丨｜].*[|丨｜]", text) or is_caption_of(text, names):
        return False
    return not re.match(
        r"[（(\[【].*[)）\]】]$|[▲△▼▽]|图[为:：]|圖[為:：]|资料图|https?://|www\.", text
    )


def _without_credits(lines: Sequence[Line], first: int, last: int) -> tuple[list[str], Facts]:
    """Paragraphs without the credits inside them, and the publisher that a credit named."""
    names = repeated_photographers([line.text for line in lines])
    kept: list[str] = []
    noted: str | None = None
    lead: str | None = None
    for index, line in enumerate(lines):
        text, named = strip_end(line.text, last=index >= last - 1)
        noted = noted or named
        for name in names:
            if text.endswith(name):
                text = text[: -len(name)].rstrip(" ?")
        if first <= index <= first + 1:
            text, named = strip_lead(text)
            lead = lead or named
        text = _CONVERTED.sub("", _LABEL.sub("", text))
        if _WORD.search(text):
            kept.append(text)
    return kept, Facts(publisher=noted or lead)


_LABEL = re.compile(r"^(?:原标题|原標題)[:：]\s*(?=.{30})")
# A space that a converter could not write: `。?` between Chinese words, `??` as an indent.
_CONVERTED = re.compile(r"^\?+(?=[\u3400-\u9fff“「])|(?<=[。！；])\?+(?=[\u3400-\u9fff“「]|$)")
