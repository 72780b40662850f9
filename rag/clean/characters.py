"""Characters: what no reader can see goes, and so do the remains of a converter."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter

from rag.fold import fold

_MANY = 10  # invisible characters of any kind; fewer are breaks and joints of words

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
_EMOJI = r"[\u00a9\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_NO_JOINER = rf"(?:(?<!\u200d)|(?<!{_EMOJI}\u200d)|(?!{_EMOJI}))"  # between two emoji it is one
_GONE = re.compile(f"[{_INVISIBLE}]{_NO_JOINER}")
# Printable by Unicode, yet shown as nothing: fillers, and selectors that select nothing.
_EMPTY = re.compile(
    r"[\u034f\u115f\u1160\u180b-\u180d\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
    r"(?:(?<![\ufe00-\ufe0f])|(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef][\ufe00-\ufe0f]))"
)
_TAGS = re.compile(r"[\U000e0020-\U000e007e]")
_FLAG = re.compile(  # of England, Scotland and Wales
    "\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067"
    "|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")
_UNSEEN = re.compile(
    r"[\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    rf"\u3164\ufeff\uffa0\U000e0000-\U000e007f]{_NO_JOINER}"
)
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
    if _EMPTY.search(text):
        text = _EMPTY.sub("", text)
    return unicodedata.normalize("NFC", text)


def smuggled(text: str) -> int:
    """How many characters carry words that no reader can see: tags, and runs of selectors.

    All invisible ones but soft hyphens, where they are many.
    """
    selectors = sum(map(len, _SELECTORS.findall(text)))
    unseen = _UNSEEN.findall(_FLAG.sub("", text))
    tags = sum(map(bool, map(_TAGS.match, unseen)))
    return selectors + (len(unseen) if len(unseen) >= _MANY else tags)


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
