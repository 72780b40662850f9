"""HTML and Markdown -> plain text, one block a paragraph (a blank line between blocks).

Of a whole page trafilatura finds the article; every block inside that range is then read out
by ourselves, because an extractor that weighs paragraphs against each other loses some.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from rag.clean.facts import Facts

_HEADISH = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_CHROME_TAGS = re.compile(r"<(?:nav|header|footer|aside|script|form)\b", re.IGNORECASE)
_BLOCK_TAGS = re.compile(r"<(?:p|div|br|h[1-6]|li|table|article|section|span|font)\b[^<>]*>", re.I)
_MARKDOWN = re.compile(r"^#{1,6} \S|!\[[^\]\n]*\]\([^)\n]+\)|^(?:```|~~~)", re.MULTILINE)
_INLINE_LINK = re.compile(r"(?<!!)\[([^\[\]\n]{1,200})\]\((?:https?:)?//[^)\s]+\)")
_EMPHASIS = re.compile(r"(?<!\*)\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*(?!\*)")

_DROPPED = frozenset(
    "script style noscript template iframe svg button select input textarea head object embed "
    "rt rp canvas audio video map dialog nav aside footer form link meta".split()
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)"
    r"|opacity\s*:\s*0\s*(?:;|$)", re.IGNORECASE,
)
_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd table tbody thead tfoot tr caption section article "
    "main header blockquote pre figure figcaption address center hr details summary body html "
    "fieldset td th".split()
)
_CHROME_NAME = re.compile(
    r"(?:^|[-_\s])(?:relat\w*|recommend\w*|share\w*|social\w*|comments?|sidebar|side|breadcrumbs?"
    r"|crumbs?|copyright|footer|foot|nav\w*|menu\w*|ads?|advert\w*|newsletter|cookies?\w*|tags?"
    r"|pagination|pager|toolbar|hot\w*|rank\w*|login|banner|promo\w*|subscri\w*|qrcode|tools?"
    r"|prev\w*|next|popup|modal|outbrain|taboola|most-read|more-on)(?:$|[-_\s])",
    re.IGNORECASE,
)


class Block(NamedTuple):
    """One block of a page: its text and how much of it is links."""

    text: str
    linked: int
    element: Any
    chrome: bool


def looks_like_page(text: str) -> bool:
    """Whether a text is a whole HTML page, whatever its file is called."""
    return bool(_HEADISH.search(text[:3000]))


def looks_like_html(text: str) -> bool:
    """Whether a text holds HTML paragraphs."""
    return len(_BLOCK_TAGS.findall(text[:20000])) >= 2


def looks_like_markdown(text: str) -> bool:
    """Whether a plain text file holds Markdown that a reader should not see."""
    return bool(_MARKDOWN.search(text))


def markdown_text(text: str) -> Page:
    """The plain text of Markdown with inline HTML; line breaks inside a paragraph are kept."""
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])
    page = fragment_text(renderer.render(text))
    return Page(page.facts, inline_text(page.text))


def inline_text(text: str) -> str:
    """Plain text without the links and the strong emphasis of Markdown.

    Also what CommonMark leaves as it stands: it asks for a space around `**“词”**是`.
    """
    text = _EMPHASIS.sub(r"\1", text) if "**" in text else text
    return _INLINE_LINK.sub(r"\1", text) if "](" in text else text


def fragment_text(html: str) -> Page:
    """All the visible text of a piece of markup; its one `h1` is the title."""
    root = _parse(html)
    if root is None:
        return Page(Facts(), "")
    titles = [h1 for h1 in root.iter("h1") if _shown(h1)]
    title = _flat(titles[0]) if len(titles) == 1 else None
    return Page(Facts(title=title), "\n\n".join(block.text for block in _blocks(root)))


class Page(NamedTuple):
    """What a piece of markup holds.

    `around` are the lines before and behind the article: no text of it, but often its date and
    source. `site` is what the page says of its site, for want of better.
    """

    facts: Facts
    text: str
    around: str = ""
    site: Facts = Facts()


def page_text(html: str) -> Page:
    """Facts, article and surroundings of a whole page."""
    root = _parse(html)
    if root is None:
        return Page(Facts(), "")
    facts, site = _page_facts(root)
    blocks = list(_blocks(root))
    if not _CHROME_TAGS.search(html) and not any(b.chrome or b.linked for b in blocks):
        return Page(facts, "\n\n".join(block.text for block in blocks), "", site)
    first, last = _article_range(blocks, _extracted(html))
    inside = [b.text for b in blocks[first:last] if not _is_chrome(b)]
    around = [b.text for b in (*blocks[:first], *blocks[last:]) if len(b.text) <= 200]
    return Page(facts, "\n\n".join(inside), "\n".join(around), site)


def _parse(html: str) -> Any:
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(html.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _extracted(html: str) -> str:
    """What trafilatura takes for the article, without any white space."""
    import trafilatura

    found = trafilatura.extract(
        html, favor_recall=True, include_tables=True, include_comments=False, deduplicate=False
    )
    return _squeezed(found or "")


def _squeezed(text: str) -> str:
    return re.sub(r"[\s|·]+", "", text)


def _article_range(blocks: list[Block], extracted: str) -> tuple[int, int]:
    """Where the article starts and ends among the blocks."""
    matched = [
        index for index, block in enumerate(blocks)
        if len(block.text) >= 12 and _squeezed(block.text) in extracted and not block.chrome
    ]
    if not matched:
        return 0, len(blocks)
    first, last = matched[0], matched[-1]
    home = _common_ancestor([blocks[index].element for index in matched])
    if home is None or home.tag in {"body", "html"}:
        return first, last + 1
    inside = [i for i, block in enumerate(blocks) if _within(block.element, home)]
    return min(first, *inside), max(last, *inside) + 1


def _common_ancestor(elements: list[Any]) -> Any:
    paths = [[element, *element.iterancestors()][::-1] for element in elements]
    shared = None
    for level in zip(*paths, strict=False):
        if any(node is not level[0] for node in level):
            break
        shared = level[0]
    return shared


def _within(element: Any, home: Any) -> bool:
    return element is home or any(node is home for node in element.iterancestors())


def _is_chrome(block: Block) -> bool:
    """Links and nothing else, or a short block inside something named like chrome."""
    if block.linked >= max(2, 0.8 * len(block.text)):
        return not re.search(r"[。！？.!?]\W?$", block.text)
    return block.chrome


def _shown(element: Any) -> bool:
    return element.get("hidden") is None and not _HIDDEN.search(element.get("style") or "")


class _Reader:
    """Walks a tree in order and gathers the text of its blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._linked = 0
        self._owner: Any = None
        self._chrome = False

    def text(self, text: str | None, owner: Any, *, linked: bool, raw: bool) -> None:
        if not text:
            return
        if not raw:
            text = re.sub(r"\s+", " ", text)
        if text.strip():
            self._owner = self._owner if self._owner is not None else owner
            self._linked += len(text.strip()) if linked else 0
        self._parts.append(text)

    def end_block(self, chrome: bool) -> None:
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        text = "\n".join(line for line in lines if line)
        if text:
            self.blocks.append(Block(text, self._linked, self._owner, chrome))
        self._parts, self._linked, self._owner = [], 0, None


def _blocks(root: Any) -> Iterator[Block]:
    reader = _Reader()
    _walk(root, reader, linked=False, chrome=False, raw=False)
    reader.end_block(False)
    return iter(reader.blocks)


def _walk(element: Any, reader: _Reader, *, linked: bool, chrome: bool, raw: bool) -> None:
    """Recursion is safe: the parser cuts a tree off at 256 levels."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _DROPPED or not _shown(element):
        return
    block = tag in _BLOCKS
    linked = linked or tag == "a"
    inner = chrome or _named_like_chrome(element)
    raw = raw or tag == "pre"
    if tag == "tr" and element.find("./td") is not None or tag == "tr":
        _table_row(element, reader, inner)
        return
    if block:
        reader.end_block(chrome)
    if tag == "br":
        reader.text("\n", element, linked=False, raw=True)
    if tag == "li":
        reader.text(_number_of(element), element, linked=False, raw=False)
    reader.text(element.text, element, linked=linked, raw=raw)
    for child in element:
        _walk(child, reader, linked=linked, chrome=inner, raw=raw)
        reader.text(child.tail, element, linked=linked, raw=raw)
    if block:
        reader.end_block(inner)


def _table_row(row: Any, reader: _Reader, chrome: bool) -> None:
    """One line for a row of short cells; a layout table's long cells are read as blocks."""
    cells = [cell for cell in row if cell.tag in {"td", "th"}]
    plain = [_flat(cell) for cell in cells]
    layout = any(len(text) > 200 or cell.find(".//p") is not None and len(cells) < 2
                 or cell.find(".//table") is not None
                 for text, cell in zip(plain, cells, strict=True))
    reader.end_block(chrome)
    if layout or not cells:
        for cell in cells:
            reader.text(cell.text, cell, linked=False, raw=False)
            for child in cell:
                _walk(child, reader, linked=False, chrome=chrome, raw=False)
                reader.text(child.tail, cell, linked=False, raw=False)
            reader.end_block(chrome)
        return
    reader.text(" · ".join(text for text in plain if text), row, linked=False, raw=False)
    reader.end_block(chrome)


def _flat(element: Any) -> str:
    inner = _Reader()
    for child in (element,):
        _walk_inline(child, inner)
    inner.end_block(False)
    return " ".join(block.text.replace("\n", " ") for block in inner.blocks)


def _walk_inline(element: Any, reader: _Reader) -> None:
    if not isinstance(element.tag, str) or element.tag in _DROPPED or not _shown(element):
        return
    space = " " if element.tag in _BLOCKS or element.tag == "br" else None
    reader.text(space, element, linked=False, raw=False)
    reader.text(element.text, element, linked=False, raw=False)
    for child in element:
        _walk_inline(child, reader)
        reader.text(child.tail, element, linked=False, raw=False)
    reader.text(space, element, linked=False, raw=False)


def _named_like_chrome(element: Any) -> bool:
    if element.tag in {"body", "html", "main", "article"}:
        return False
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(name) > 1 and bool(_CHROME_NAME.search(name))


def _number_of(item: Any) -> str | None:
    """The number that a browser shows before an item of an ordered list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return None
    start = parent.get("start") or "1"
    before = sum(1 for node in item.itersiblings("li", preceding=True))
    return f"{(int(start) if start.isdecimal() else 1) + before}. "


_META_TITLE = ("og:title", "articletitle", "twitter:title", "headline", "title", "dc.title")
_META_DATE = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "pubdate", "publishdate", "publish-date", "publish_date", "firstpublishedtime", "parsely-pub-date",
    "og:release_date", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.created",
    "article:create_at", "weibo:article:create_at", "apub:time", "sailthru.date", "date",
    "og:time", "article:modified_time",
)
_META_SOURCE = ("contentsource", "source", "article:source", "dc.source", "mediaid")
_META_SITE = ("publisher", "dc.publisher", "og:site_name", "sitename", "application-name")


def _page_facts(root: Any) -> tuple[Facts, Facts]:
    """Facts from a page's head, structured data and headings; and what names its site."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        value = (meta.get("content") or "").strip()
        if name and value:
            metas.setdefault(name, value)
    stated = _structured(root)
    heads = [_flat(node) for node in root.iter("title")][:1] or [
        " ".join((node.text or "").split()) for node in root.iter("title")][:1]
    head = metas.get("og:title") or stated.title or metas.get("articletitle") or next(iter(heads), "")
    titles = [_flat(node) for node in root.iter("h1") if _shown(node)]
    canonical = [node.get("href") for node in root.iter("link") if node.get("rel") == "canonical"]
    times = [node.get("datetime") for node in root.iter("time") if node.get("datetime")]
    date = _first(metas, _META_DATE) or stated.date or next(iter(times), None)
    return Facts(
        title=_best_title(titles, head) or _first(metas, _META_TITLE),
        publisher=_first(metas, _META_SOURCE),
        date=date,
        url=next((link for link in canonical if link and "://" in link), None)
        or metas.get("og:url"),
    ), Facts(publisher=stated.publisher or _first(metas, _META_SITE))


def _first(metas: dict[str, str], names: Iterable[str]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _best_title(titles: list[str], head: str) -> str | None:
    """The heading that the page's head also names; else its only heading; else the head."""
    named = [text for text in titles if text and _squeezed(text) in _squeezed(head)]
    if named:
        return max(named, key=len)
    shown = [text for text in titles if text]
    if len(shown) == 1 and (not head or len(shown[0]) >= 8):
        return shown[0]
    return head or None


def _structured(root: Any) -> Facts:
    """Facts from JSON-LD."""
    found = Facts()
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for row in _records(data):
            publisher = row.get("publisher")
            name = publisher.get("name") if isinstance(publisher, dict) else publisher
            found = found.or_else(Facts(
                title=_text_or_none(row.get("headline")),
                publisher=_text_or_none(name),
                date=_text_or_none(row.get("datePublished")),
            ))
    return found


def _records(data: object) -> Iterator[dict[str, object]]:
    rows = data if isinstance(data, list) else [data]
    for row in rows:
        if isinstance(row, dict):
            yield row
            graph = row.get("@graph")
            if isinstance(graph, list):
                yield from (item for item in graph if isinstance(item, dict))


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
