"""HTML and Markdown -> plain text, one block a paragraph (a blank line between blocks).

Of a whole page trafilatura finds the article; every block inside that range is then read out
by ourselves, because an extractor that weighs paragraphs against each other loses some.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from rag.clean.facts import Facts
from rag.clean.hidden import comments_in, hide, words_in
from rag.clean.pagehead import page_facts
from rag.clean.tree import ASIDE, CHROME, Block, blocks, flat, parse, shown

_HEADISH = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_CHROME_TAGS = re.compile(r"<(?:nav|header|footer|aside|script|form)\b", re.IGNORECASE)
_BLOCK_TAGS = re.compile(r"<(?:p|div|br|h[1-6]|li|table|article|section|span|font)\b[^<>]*>", re.I)
_MARKDOWN = re.compile(r"^#{1,6} \S|!\[[^\]\n]*\]\([^)\n]+\)|^(?:```|~~~)", re.MULTILINE)
_INLINE_LINK = re.compile(
    r"(?<!!)\[([^\[\]\n]{1,200})\]\((?:https?:)?//[^)\s]+(?: +\"[^\"\n]*\")?\)"
)
_EMPHASIS = re.compile(r"(?<!\*)\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*(?!\*)")


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
    noted: dict[str, Any] = {}
    page = fragment_text(renderer.render(text, noted))
    return Page(page.facts, inline_text(page.text), hidden=page.hidden + _notes_in(noted))


def _notes_in(noted: dict[str, Any]) -> int:
    """How many characters stand in comments of the form `[//]: # (…)`."""
    found = [*noted.get("references", {}).values(), *noted.get("duplicate_refs", ())]
    return sum(words_in(each["title"]) for each in found if each["href"] in {"", "#"})


def inline_text(text: str) -> str:
    """Plain text without the links and the strong emphasis of Markdown.

    Also what CommonMark leaves as it stands: it asks for a space around `**“词”**是`.
    """
    text = _EMPHASIS.sub(r"\1", text) if "**" in text else text
    return _INLINE_LINK.sub(r"\1", text) if "](" in text else text


def fragment_text(html: str) -> Page:
    """All the visible text of a piece of markup; its one `h1` is the title."""
    root = parse(html)
    if root is None:
        return Page(Facts(), "", hidden=comments_in(html))
    hidden = hide(root) + comments_in(html)
    titles = [h1 for h1 in root.iter("h1") if shown(h1)]
    title = flat(titles[0]) if len(titles) == 1 else None
    text = "\n\n".join(block.text for block in blocks(root))
    return Page(Facts(title=title), text, hidden=hidden)


class Page(NamedTuple):
    """What a piece of markup holds.

    `around` are the lines before and behind the article: no text of it, but often its date and
    source. `site` is what the page says of its site, for want of better. `hidden` counts the
    characters of hidden text that were left out.
    """

    facts: Facts
    text: str
    around: str = ""
    site: Facts = Facts()
    hidden: int = 0


def page_text(html: str) -> Page:
    """Facts, article and surroundings of a whole page."""
    root = parse(html)
    if root is None:
        return Page(Facts(), "", hidden=comments_in(html))
    hidden = hide(root) + comments_in(html)
    facts, site = page_facts(root)
    found = list(blocks(root))
    if not _CHROME_TAGS.search(html) and not any(b.chrome or b.linked for b in found):
        return Page(facts, "\n\n".join(block.text for block in found), "", site, hidden)
    first, last = _article_range(found, _extracted(html))
    inside = [b.text for b in found[first:last] if not _is_chrome(b)]
    around = [b.text for b in (*found[:first], *found[last:]) if len(b.text) <= 200]
    return Page(facts, "\n\n".join(inside), "\n".join(around), site, hidden)


def _extracted(html: str) -> str:
    """What trafilatura takes for the article, without any white space."""
    import trafilatura

    found = trafilatura.extract(
        html, favor_recall=True, include_tables=True, include_comments=False, deduplicate=False
    )
    return _squeezed(found or "")


def _squeezed(text: str) -> str:
    return re.sub(r"[\s|·]+", "", text)


def _article_range(found: list[Block], extracted: str) -> tuple[int, int]:
    """Where the article starts and ends among the blocks.

    All of the element that holds what trafilatura took, and whole sentences right beside it.
    """
    matched = [
        index
        for index, block in enumerate(found)
        if len(block.text) >= 12 and _squeezed(block.text) in extracted and not block.chrome
    ]
    if not matched:
        return 0, len(found)
    first, last = matched[0], matched[-1]
    home = _home([found[index].element for index in matched])
    if home is not None and home.tag not in {"body", "html"}:
        inside = [i for i, block in enumerate(found) if _within(block.element, home)]
        first, last = min(first, *inside), max(last, *inside)
    while first > 0 and _is_sentence(found[first - 1]):
        first -= 1
    while last + 1 < len(found) and _is_sentence(found[last + 1]):
        last += 1
    return first, last + 1


def _is_sentence(block: Block) -> bool:
    return (
        block.chrome < CHROME
        and not block.linked
        and bool(re.search(r"[。！？.!?][”\"’」）)]?$", block.text))
    )


def _home(elements: list[Any]) -> Any:
    """The element that holds the article: the page's one `article` with all of these in it, else
    the nearest that they share."""
    shared = _common_ancestor(elements)
    if shared is None:
        return None
    around = [node for node in (shared, *shared.iterancestors()) if node.tag == "article"]
    return around[-1] if around else shared


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
    if block.chrome == ASIDE:
        return not (_is_sentence(block) and len(block.text) >= 16)
    return block.chrome == CHROME
