"""What CSS says of an element: its own declarations and the rules of the page's style blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from rag.errors import ArticleError

Style = dict[str, str]
"""Values by property, in lower case."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_PART = re.compile(r"([{};])")
_STEP = re.compile(r"\s*(>)\s*|\s+")
_SIMPLE = re.compile(r"(?P<tag>\*|[a-z][a-z0-9-]*)?(?P<rest>(?:[.#][\w-]+)*)", re.IGNORECASE)
_FOR_SCREENS = re.compile(r"@(?:layer|supports)\b|@media\s+(?:only\s+)?(?:all|screen)\s*$", re.I)
_WIDE = re.compile(
    r"@media\b(?!.*(?:max-|print|not\b)).*min-width\s*:\s*(\d+)[\d.]*(px|em|rem)", re.I
)
_DESKTOP = 1280  # pixels; a rule for narrower or much wider windows doesn't count
_INLINE = 1_000_000  # the rank of a style attribute, above that of any selector
_IMPORTANT = 2_000_000
_MOST_LOOKS = 5_000_000  # at a rule for an element of one page: some seconds


class _Compound(NamedTuple):
    """`p.note#first`, and whether it must be the parent of what follows."""

    tag: str
    names: frozenset[str]
    parent: bool


class _Rule(NamedTuple):
    selector: tuple[_Compound, ...]
    rank: int
    style: list[tuple[str, str, bool]]


class Sheet:
    """The rules of a page's style blocks that hold in a desktop window.

    Selectors of tags, classes and ids are understood, within each other too; others are left.
    `style` raises ArticleError where a page has so many rules that no reader's page would.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        self._looks = 0
        for text in texts:
            for selectors, body in _rules(_plain(text)):
                style = list(_declarations(body))
                for selector in filter(None, map(_selector, selectors.split(","))):
                    rank = sum(_weight(compound) for compound in selector)
                    key = min(selector[-1].names, default=selector[-1].tag)
                    self._rules.setdefault(key, []).append(_Rule(selector, rank, style))

    def style(self, element: Any, own: str) -> Style:
        """What holds for an element, with `own` as its style attribute."""
        found: list[tuple[int, str, str]] = []
        if self._rules:
            keys = {"*", element.tag, *_names(element)}
            for key in keys & self._rules.keys():
                self._looks += len(self._rules[key])
                if self._looks > _MOST_LOOKS:
                    raise ArticleError(
                        "expected a page with style rules for its own elements, found more than "
                        "can be followed: save its text alone"
                    )
                for rule in self._rules[key]:
                    if _matches(rule.selector, element):
                        found += (
                            (rule.rank + _IMPORTANT * strong, name, value)
                            for name, value, strong in rule.style
                        )
        if own:
            found += (
                (_INLINE + _IMPORTANT * strong, name, value)
                for name, value, strong in _declarations(_plain(own))
            )
        found.sort(key=lambda each: each[0])
        return {name: value for _, name, value in found}


def _plain(text: str) -> str:
    text = _COMMENT.sub("", text)
    return _ESCAPE.sub(_escaped, text) if "\\" in text else text


def _escaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0x110000 else ""


def _declarations(body: str) -> Iterator[tuple[str, str, bool]]:
    for each in body.split(";"):
        name, colon, value = each.partition(":")
        if colon:
            value = value.strip().lower()
            strong = value.endswith("important") and "!" in value
            yield name.strip().lower(), value.split("!")[0].strip() if strong else value, strong


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the rules that hold on a wide screen."""
    open_: list[str] = []
    parts: list[str] = []
    for part in _PART.split(text):
        if part == "{":
            open_.append("".join(parts).rpartition(";")[2].strip())
            parts = []
        elif part == "}":
            prelude = open_.pop() if open_ else ""
            if prelude and not prelude.startswith("@") and all(map(_holds, open_)):
                yield prelude, "".join(parts)
            parts = []
        else:
            parts.append(part)


def _holds(prelude: str) -> bool:
    wide = _WIDE.match(prelude)
    if wide:
        return int(wide[1]) * (1 if wide[2].lower() == "px" else 16) <= _DESKTOP
    return bool(_FOR_SCREENS.match(prelude))


def _selector(text: str) -> tuple[_Compound, ...] | None:
    compounds: list[_Compound] = []
    parent = False
    pieces = _STEP.split(text.strip())
    for piece, step in zip(pieces[::2], [*pieces[1::2], None], strict=True):
        match = _SIMPLE.fullmatch(piece)
        if not match or not piece:
            return None
        names = frozenset(re.findall(r"[.#][\w-]+", match["rest"]))
        parent = step == ">"
        compounds.append(_Compound((match["tag"] or "*").lower(), names, parent))
    return tuple(compounds)


def _weight(compound: _Compound) -> int:
    ids = sum(name[0] == "#" for name in compound.names)
    return ids * 10_000 + (len(compound.names) - ids) * 100 + (compound.tag != "*")


def _names(element: Any) -> set[str]:
    names = {f".{name}" for name in (element.get("class") or "").split()}
    return names | {f"#{element.get('id')}"} if element.get("id") else names


def _matches(selector: tuple[_Compound, ...], element: Any) -> bool:
    *before, last = selector
    if not _is(last, element):
        return False
    node = element.getparent()
    for compound in reversed(before):
        while node is not None and not _is(compound, node):
            if compound.parent:
                return False
            node = node.getparent()
        if node is None:
            return False
        node = node.getparent()
    return True


def _is(compound: _Compound, element: Any) -> bool:
    return compound.tag in {"*", element.tag} and compound.names <= _names(element)
