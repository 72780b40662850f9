"""Text that a page's reader can't see: taken out of the tree, and counted.

Hostile articles put words for machines there. A part that is collapsed, such as `details`, or
left to the reader's screen reader is not hidden: its reader gets at it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from rag.clean.looks import (
    WHITE,
    Colour,
    are_alike,
    ink_of,
    is_gone,
    is_tiny,
    paper_of,
)
from rag.clean.styles import Sheet, Style
from rag.clean.tree import dropped, parse

_BARE = re.compile(
    r"(?<!`)<!--(?P<comment>.{1,2000}?)-->"
    r"|(?<!`)<(?P<tag>[a-z][a-z0-9]*)\b(?=[^<>]{0,500}\b(?:hidden|style|color)\b)[^<>]{0,2000}>"
    r".{1,2000}?</(?P=tag)\s*>",
    re.DOTALL | re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_CODE = re.compile(r"[<>{}=;\\]")
_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]")
_MASKED = frozenset(["p", "div", "section", "article", "ul", "ol", "li", "table", "blockquote"])


@dataclass(frozen=True, slots=True)
class _Look:
    """How text looks: what an element hands down to those in it."""

    gone: bool = False
    unseen: bool = False
    tiny: bool = False
    masked: bool = False
    ink: Colour | None = None
    paper: Colour | None = None

    @property
    def seen(self) -> bool:
        return not (self.gone or self.unseen or self.tiny or self.masked)


def hide(root: Any) -> int:
    """Take hidden text out of a tree; returns how many characters of words that were.

    Elements with nothing else in them get the attribute `hidden`.
    """
    hider = _Hider(root)
    hider.walk(root, _Look(paper=None if hider.styled_elsewhere else WHITE))
    return hider.characters


def words_in(text: str) -> int:
    """How many characters a text has on one line, 0 when none of them is of a word."""
    return len(" ".join(text.split())) if re.search(r"[^\W_]", text) else 0


def prose_in(text: str) -> int:
    """The same for a comment: 0 too for code, and for a few words that mark a place."""
    if _CODE.search(text) or (len(_HAN.findall(text)) < 8 and len(text.split()) < 5):
        return 0
    return words_in(text)


def comments_in(markup: str) -> int:
    """How many characters of prose the comments of some markup hold."""
    return sum(map(prose_in, _COMMENT.findall(markup))) if "<!--" in markup else 0


def without_hidden_markup(text: str) -> tuple[str, int]:
    """Plain text without the comments and hidden elements that hold prose, and their size.

    What is short stands there to be read: plain text shows its tags.
    """
    found = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal found
        if match["comment"]:
            hidden = prose_in(match["comment"])
        else:
            root = parse(match.group())
            hidden = hide(root) if root is not None else 0
            content = re.sub(r"<[^<>]*>", "", match.group())
            hidden = hidden if prose_in(content) and hidden >= words_in(content) else 0
        found += hidden
        return "" if hidden else match.group()

    return _BARE.sub(replaced, text), found


class _Hider:
    """Walks a tree and takes out the text that can't be seen."""

    def __init__(self, root: Any) -> None:
        sheets = ["".join(node.itertext()) for node in root.iter("style")]
        self._sheet = Sheet(sheets)
        self.styled_elsewhere = any("@import" in sheet for sheet in sheets) or any(
            "stylesheet" in (link.get("rel") or "").lower() for link in root.iter("link")
        )
        self._all_known = bool(sheets) and not self.styled_elsewhere
        self.characters = 0

    def walk(self, element: Any, around: _Look) -> bool:
        """Whether anything in an element can be seen. The parser cuts a tree off at 256 levels."""
        if element.tag == "template":
            self.characters += words_in("".join(element.itertext()))
        if not isinstance(element.tag, str) or dropped(element):
            return False
        look = self._look(element, around)
        found = self._keep(element.text, look)
        if not found:
            element.text = None if not look.seen else element.text
        for child in element:
            found |= self.walk(child, look)
            kept = self._keep(child.tail, look)
            found |= kept
            if not look.seen:
                child.tail = None
        if not look.seen and not found:
            element.set("hidden", "")
        return found

    def _keep(self, text: str | None, look: _Look) -> bool:
        if not look.seen:
            self.characters += words_in(text or "")
            return False
        return bool(text and text.strip())

    def _look(self, element: Any, around: _Look) -> _Look:
        """How the text right in an element looks."""
        style = self._sheet.style(element, element.get("style") or "")
        _add_attributes(element, style)
        gone = around.gone or element.get("hidden") is not None
        named = element.get("class") or element.get("id")
        if not style:
            if gone != around.gone or (named and not self._all_known):
                return replace(around, gone=gone, paper=None if named else around.paper)
            masked = _is_masked(element)
            return replace(around, gone=gone or masked) if masked else around
        is_root = element.tag in {"html", "body"} and not element.get("style")
        gone = gone or _is_masked(element) or (is_gone(style) and not is_root)
        tiny = is_tiny(style)
        visibility = style.get("visibility")
        unseen = visibility in {"hidden", "collapse"}
        own = _painted(style, around, known=self._all_known or not named)
        return replace(
            own,
            gone=gone,
            tiny=around.tiny if tiny is None else tiny,
            unseen=unseen if visibility not in {None, "inherit"} else around.unseen,
        )


def _is_masked(element: Any) -> bool:
    """Whether a whole block is kept from screen readers: dialogs, menus, doubles."""
    return element.get("aria-hidden") == "true" and element.tag in _MASKED


def _add_attributes(element: Any, style: Style) -> None:
    """The colours of `<font color>` and `<td bgcolor>`, which any style goes before."""
    if element.get("bgcolor"):
        style.setdefault("background-color", element.get("bgcolor").lower())
    if element.get("background"):
        style.setdefault("background-image", "url")
    if element.tag == "font" and element.get("color"):
        style.setdefault("color", element.get("color").lower())


def _painted(style: Style, around: _Look, *, known: bool) -> _Look:
    """Ink and paper; ink that was hidden stays so until ink or paper is another.

    `known` says that no other style sheet can give the element a background.
    """
    own_ink, own_paper = ink_of(style), paper_of(style)
    if own_ink == "":
        return replace(around, masked=True)
    ink = own_ink if isinstance(own_ink, tuple) else around.ink
    paper = around.paper if known else None
    if own_paper is not None:
        paper = own_paper if isinstance(own_paper, tuple) else None
    masked = around.masked
    if own_paper is not None or "color" in style:
        masked = ink is not None and paper is not None and are_alike(ink, paper)
    return replace(around, ink=ink, paper=paper, masked=masked)
