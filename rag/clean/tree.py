"""HTML trees -> blocks of visible text, in the order that a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "svg",
        "button",
        "select",
        "input",
        "textarea",
        "head",
        "object",
        "embed",
        "rt",
        "rp",
        "canvas",
        "audio",
        "video",
        "map",
        "dialog",
        "nav",
        "aside",
        "footer",
        "link",
        "meta",
    ]
)


_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "caption",
        "section",
        "article",
        "main",
        "header",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "address",
        "center",
        "hr",
        "details",
        "summary",
        "body",
        "html",
        "fieldset",
        "td",
        "th",
    ]
)


_CHROME_NAME = re.compile(
    r"(?:^|[-_\s])(?:share\w*|social\w*|comments?|sidebar|breadcrumbs?|crumbs?|copyright|footer|foot"
    r"|nav\w*|menu\w*|ads?|advert\w*|newsletter|cookies?\w*|pagination|pager|toolbar|login"
    r"|subscri\w*|qrcode|popup|modal|outbrain|taboola)(?:$|[-_\s])",
    re.IGNORECASE,
)
_ASIDE_NAME = re.compile(
    r"(?:^|[-_\s])(?:relat\w*|recommend\w*|side|tags?|hot\w*|rank\w*|banner|promo\w*|tools?|prev\w*"
    r"|next|most-read|more-on)(?:$|[-_\s])",
    re.IGNORECASE,
)
NOT_CHROME, ASIDE, CHROME = 0, 1, 2


class Block(NamedTuple):
    """One block of a page: its text and how much of it is links."""

    text: str
    linked: int
    element: Any
    chrome: int


def parse(html: str) -> Any:
    """The root element of a piece of HTML; None where there is none."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(html.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


_SHARE = re.compile(
    r"\W*(?:(?:share|tweet|print)(?: (?:this|on|to|via|by|with)\b.{0,30})?|copy link"
    r"|(?:一键)?分享(?:[到至].{0,12}|本文|文章)?|转发|轉發|打印|列印|[复複][制製](?:链接|連結|网址|網址))\W*",
    re.IGNORECASE,
)
_SHARE_ADDRESS = re.compile(r"\s*(?:$|#|javascript:)|.*(?:sharer|intent/tweet|/share\b)", re.I)


def dropped(element: Any) -> bool:
    """Whether an element is no part of what a page has to say."""
    return (
        element.tag in DROPPED
        or (element.tag == "form" and not _holds_page(element))
        or (element.tag == "a" and _is_share_button(element))
    )


def _is_share_button(link: Any) -> bool:
    """Whether a link behind a text only shares it, so that it is no word of a sentence."""
    return (
        not re.search(r"\w", link.tail or "")
        and bool(_SHARE_ADDRESS.match(link.get("href") or ""))
        and bool(_SHARE.fullmatch("".join(link.itertext())))
    )


def _holds_page(form: Any) -> bool:
    """Whether a form stands around a whole page, as those of ASP.NET do."""
    return (
        form.find(".//input[@name='__VIEWSTATE']") is not None
        or form.find(".//article") is not None
        or (form.find(".//h1") is not None and form.find(".//p") is not None)
    )


def shown(element: Any) -> bool:
    """Whether an element holds anything to see, as `rag.clean.hidden.hide` left it."""
    return element.get("hidden") is None


class _Reader:
    """Walks a tree in order and gathers the text of its blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._linked = 0
        self._owner: Any = None

    def text(self, text: str | None, owner: Any, *, linked: bool, raw: bool) -> None:
        if not text:
            return
        if not raw:
            text = re.sub(r"\s+", " ", text)
        if text.strip():
            self._owner = self._owner if self._owner is not None else owner
            self._linked += len(text.strip()) if linked else 0
        self._parts.append(text)

    def end_block(self, chrome: int) -> None:
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        text = "\n".join(line for line in lines if line)
        if text:
            self.blocks.append(Block(text, self._linked, self._owner, chrome))
        self._parts, self._linked, self._owner = [], 0, None


def blocks(root: Any) -> Iterator[Block]:
    """The blocks of a page in order, hidden ones left out."""
    reader = _Reader()
    _walk(root, reader, linked=False, chrome=NOT_CHROME, raw=False)
    reader.end_block(NOT_CHROME)
    return iter(reader.blocks)


def _walk(element: Any, reader: _Reader, *, linked: bool, chrome: int, raw: bool) -> None:
    """Recursion is safe: the parser cuts a tree off at 256 levels."""
    tag = element.tag
    if not isinstance(tag, str) or dropped(element) or not shown(element):
        return
    block = tag in _BLOCKS
    linked = linked or tag == "a"
    inner = max(chrome, _named_like_chrome(element))
    raw = raw or tag == "pre"
    if (tag == "tr" and element.find("./td") is not None) or tag == "tr":
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


def _table_row(row: Any, reader: _Reader, chrome: int) -> None:
    """One line for a row of short cells; a layout table's long cells are read as blocks."""
    cells = [cell for cell in row if cell.tag in {"td", "th"}]
    plain = [flat(cell) for cell in cells]
    layout = any(
        len(text) > 200
        or (
            len(cells) < 2
            and any(
                node.tag in _BLOCKS or node.tag == "br" for node in cell.iter() if node is not cell
            )
        )
        or cell.find(".//table") is not None
        for text, cell in zip(plain, cells, strict=True)
    )
    reader.end_block(chrome)
    if layout or not cells:
        for cell in cells:
            reader.text(cell.text, cell, linked=False, raw=False)
            for child in cell:
                _walk(child, reader, linked=False, chrome=chrome, raw=False)
                reader.text(child.tail, cell, linked=False, raw=False)
            reader.end_block(chrome)
        return
    linked = sum(len(flat(link)) for cell in cells for link in cell.iter("a"))
    linked_only = linked >= 0.8 * sum(map(len, plain))
    reader.text(" · ".join(filter(None, plain)), row, linked=linked_only, raw=False)
    reader.end_block(chrome)


def flat(element: Any) -> str:
    """The visible text under an element, on one line."""
    inner = _Reader()
    _walk_inline(element, inner)
    inner.end_block(False)
    return " ".join(block.text.replace("\n", " ") for block in inner.blocks)


def _walk_inline(element: Any, reader: _Reader) -> None:
    if not isinstance(element.tag, str) or dropped(element) or not shown(element):
        return
    space = " " if element.tag in _BLOCKS or element.tag == "br" else None
    reader.text(space, element, linked=False, raw=False)
    reader.text(element.text, element, linked=False, raw=False)
    for child in element:
        _walk_inline(child, reader)
        reader.text(child.tail, element, linked=False, raw=False)
    reader.text(space, element, linked=False, raw=False)


def _named_like_chrome(element: Any) -> int:
    if element.tag in {"body", "html", "main", "article"}:
        return NOT_CHROME
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(name) < 2:
        return NOT_CHROME
    if _CHROME_NAME.search(name):
        return CHROME
    return ASIDE if _ASIDE_NAME.search(name) else NOT_CHROME


def _number_of(item: Any) -> str | None:
    """The number that a browser shows before an item of an ordered list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return None
    start = parent.get("start") or "1"
    before = sum(1 for node in item.itersiblings("li", preceding=True))
    return f"{(int(start) if start.isdecimal() else 1) + before}. "
