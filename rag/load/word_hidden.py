"""Which runs of a DOCX file nobody sees, and how much its comments and deletions hold."""

from __future__ import annotations

import re
from typing import Any

from rag.clean.hidden import words_in

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = {"0", "false", "off"}
_SMALLEST = 4  # half points; smaller letters can't be read
_LIGHT = 0xF0  # of each colour; lighter ones are white on white
_SHADES = ("shd", "highlight")
_CHARTED = {f"{W}txbxContent", f"{W}tbl"}


class Hidden:
    """Tells the hidden runs of one file apart, and counts what they hold."""

    def __init__(self, document: Any) -> None:
        self._styles: dict[str, Any] = {}
        for style in document.styles.element.iter(f"{W}style"):
            self._styles[style.get(f"{W}styleId")] = style
        self._white = document.element.find(f"{W}background") is None
        self.characters = sum(
            words_in("".join(text.text or "" for text in comment.iter(f"{W}t")))
            for comment in _comments(document)
        )

    def leave_out(self, element: Any) -> None:
        """Count the words of a run or a deletion that is left out."""
        texts = element.iter(f"{W}t", f"{W}delText")
        self.characters += words_in("".join(text.text or "" for text in texts))

    def is_hidden(self, run: Any) -> bool:
        """Whether a run is marked as hidden, too small to read, or white on white."""
        vanish = self._stated(run, "vanish")
        if vanish is not None and vanish.get(f"{W}val", "1") not in _OFF:
            return True
        size = self._stated(run, "sz")
        if size is not None and _number(size.get(f"{W}val"), 10) < _SMALLEST:
            return True
        colour = self._stated(run, "color")
        return (
            colour is not None
            and self._white
            and _is_light(colour.get(f"{W}val") or "")
            and not self._is_shaded(run)
        )

    def _stated(self, run: Any, name: str) -> Any:
        """A property of a run, of its own or by its style or its paragraph's."""
        own = run.find(f"{W}rPr/{W}{name}")
        if own is not None:
            return own
        styles = [run.find(f"{W}rPr/{W}rStyle"), _paragraph(run).find(f"{W}pPr/{W}pStyle")]
        for style in styles:
            found = None if style is None else self._of_style(style, f"{W}rPr/{W}{name}")
            if found is not None:
                return found
        return None

    def _of_style(self, named: Any, path: str) -> Any:
        """A property of a style or of those that it is based on."""
        for _ in range(12):
            style = self._styles.get(named.get(f"{W}val"))
            found = None if style is None else style.find(path)
            based = None if style is None else style.find(f"{W}basedOn")
            if found is not None or based is None:
                return found
            named = based
        return None

    def _is_shaded(self, run: Any) -> bool:
        """Whether anything dark may lie under a run: tables and text boxes have their own looks."""
        if any(_is_dark(self._stated(run, name)) for name in _SHADES):
            return True
        paragraph = _paragraph(run)
        if _is_dark(paragraph.find(f"{W}pPr/{W}shd")):
            return True
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and _is_dark(self._of_style(style, f"{W}pPr/{W}shd")):
            return True
        return any(above.tag in _CHARTED for above in run.iterancestors())


def _comments(document: Any) -> list[Any]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False)
    return [
        comment
        for each in document.part.rels.values()
        if each.reltype.endswith("/comments") and not each.is_external
        for comment in etree.fromstring(each.target_part.blob, parser).iter(f"{W}comment")
    ]


def _paragraph(run: Any) -> Any:
    return next((above for above in run.iterancestors(f"{W}p")), run)


def _is_dark(shade: Any) -> bool:
    """Whether a shading or highlight is there and isn't as light as paper."""
    if shade is None:
        return False
    colour = shade.get(f"{W}fill") or shade.get(f"{W}val") or ""
    return colour not in {"auto", "none", "clear", "nil", "white"} and not _is_light(colour)


def _is_light(colour: str) -> bool:
    if not re.fullmatch(r"[0-9a-fA-F]{6}", colour):
        return False
    return all(int(colour[start : start + 2], 16) >= _LIGHT for start in (0, 2, 4))


def _number(value: str | None, default: float) -> float:
    try:
        return float(value or default)
    except ValueError:
        return default
