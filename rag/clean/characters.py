"""Characters: what no reader can see goes, and so do the remains of a converter."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter

from rag.fold import fold

# Controls, soft hyphen, zero-width and direction marks, surrogates, private use (icon fonts),
# byte order marks, replacement characters, tags. Line breaks of every kind are mapped before.
_INVISIBLE = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffd-\uffff"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\U000f0000-\U0010ffff"
)
_BREAKS = r"\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_SPACES = r"\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD = re.compile(f"[{_BREAKS}{_INVISIBLE}{_SPACES}]")
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_GONE = re.compile(f"[{_INVISIBLE}]")
_SPACE = re.compile(f"[{_SPACES}]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,12}\d{0,2});")
_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff"

_TONES = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹḿ"
_GLOSS = re.compile(rf"([{_HAN}])[(（] ?([a-zü]{{0,4}}[{_TONES}][a-zü]{{0,3}}) ?[)）]")
_TEMPLATE = re.compile(
    r"\{\{\s*[$\w.]+(?:\s*\|\s*\w+)?\s*\}\}|\{%-?\s*[a-z]+\b[^%\n]{0,80}%\}|\[!--[\w.]+--\]"
)


def normalise(text: str) -> str:
    """NFC text with plain spaces and line feeds, without anything invisible.

    An ideographic space becomes one plain space, so that an indent stays visible as two.
    """
    if not text.isprintable() and _ODD.search(text):
        text = _BREAK.sub("\n", text)
        text = _GONE.sub("", text)
        text = _SPACE.sub(" ", text)
    return unicodedata.normalize("NFC", text)


def unescape(text: str) -> str:
    """Plain text that still holds the entities of the page it came from."""
    return normalise(html.unescape(text)) if "&" in text and _ENTITY.search(text) else text


def drop_template_remains(text: str) -> str:
    """`{{pvCount}}` and such: places that a page's template never filled."""
    if "{{" in text or "{%" in text or "[!--" in text:
        return _TEMPLATE.sub("", text)
    return text


def drop_pinyin_remains(text: str) -> str:
    """`工業(yè)` -> `工業`: readings that a script converter left behind.

    A reading that an author gives on purpose stands once, behind a rare character or with
    several syllables. Remains stand behind common words, again and again; single ones only
    behind a character that conversion changed.
    """
    if not _GLOSS_HINT.search(text):
        return text
    found = Counter(match.groups() for match in _GLOSS.finditer(text))
    repeated = any(count > 1 for count in found.values()) or sum(found.values()) >= 8

    def replace(match: re.Match[str]) -> str:
        char = match.group(1)
        converted = "(" in match.group() and fold(char) != char
        return char if repeated or converted else match.group()

    return _GLOSS.sub(replace, text)


_GLOSS_HINT = re.compile(rf"[(（] ?[a-zü]{{0,4}}[{_TONES}]")


def squeeze(line: str) -> str:
    """One space where there were several, none at the ends."""
    return " ".join(line.split()) if "  " in line or line[:1] == " " or line[-1:] == " " else line
