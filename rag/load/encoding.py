"""Bytes -> text: which encoding an article's file is in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from rag.errors import ArticleError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,120}charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_SAMPLE = 60_000  # bytes that are looked at to tell encodings apart

# The characters that make up about half of any Chinese text, in both scripts.
_FREQUENT = frozenset(
    "的一是不了在人有我他这这個个中大来來上国國到说說们們为為子和你地出道也时時年得就那要下以生会會自着著去之过過家学學对對可她里裡后後小"
    "么麼心多天而能好都然没沒日于於起还還发發成事只作当當想看文无無开開手十用主行方又如前所本见見经經头頭面公同三已老从從动動两兩长長"
    "知民样樣现現分将將外但身些与與高意进進把法此实實回二理美点點月明其种種声聲全工己话話儿兒者向情部正名定女问問力机機给給等几幾很"
    "业業最间間新什打便位因重被走电電四第门門相次东東政海口使教西再平真听聽世气氣信北少关關并並内內加化由却卻代军軍产產入先山五太"
    "水万萬市眼体體别別处處总總才场場师師书書比住员員九笑性通目华華报報立马馬命张張活难難神数數件安表原车車白应應路期叫死常提感金"
    "何更反合放做系计計或司利受光王果亲親界及今京务務制解各任至清物台象记記边邊共风風战戰干接它许許八特觉覺望直服毛林题題建南度统統"
    "色字请請交爱愛让讓认認算论論百吃义義科怎元社术術结結六功指思非流每青管夫连連远遠资資队隊跟带帶花快条條院变變联聯言权權往展该該"
    "领領传傳近留红紅治决決周保达達办辦运運武半候七必城父强強步完革深区區即求品士转轉量空甚众眾技轻輕程告江语語英基派满滿式李息写寫"
    "呢识識极極令黄黃德收脸臉钱錢党黨倒未持取设設始版双雙历歷越史商千片容研像找友孩站广廣改议議形委早房音火际際则則首单單据據导導影"
    "失拿网網香似斯专專石若兵弟谁誰校读讀志飞飛观觀争爭究包组組造落视視济濟喜离離虽雖坏壞备備龙龍财財规規局级級农農项項企投"
)
_PUNCTUATION = frozenset("，。、：；！？“”‘’「」『』（）《》【】—…　·％")
_WESTERN = frozenset(
    [
        "‘’“”–—…•·é",
        "è",
        "à",
        "ü",
        "ö",
        "ä",
        "ñ",
        "ç",
        "á",
        "í",
        "ó",
        "ú",
        "ê",
        "â",
        "î",
        "ô",
        "Ö",
        "Ü",
        "É",
        "£",
        "©",
        "®",
        "°",
        "€",
        "™",
        "§",
        "ß",
        "ø",
        "å",
    ]
) | set("‘’“”–—…•·éèàüöäñçáíóúêâîôÖÜÉ£©®°€™§ßøå\u00a0")


def decode(data: bytes) -> str:
    """The text of a file. Raises ArticleError when it is not text.

    A byte order mark decides; then strict UTF-8; then the encoding under which the text reads
    best, by how many of its characters are frequent ones.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    if b"\0" in data[:_SAMPLE]:
        return _utf16_or_binary(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = _mostly_utf8(data)
    return text if text is not None else _best_legacy(data)


def encoding_of(sample: bytes) -> str:
    """The encoding of the file that starts with `sample`, to read it row by row."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return max(("utf-16-le", "utf-16-be"), key=lambda name: _score(_try(sample, name)))
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    if sum(_try(line, "utf-8", cut=True) is not None for line in lines) >= 0.5 * len(lines):
        return "utf-8"
    scores = {name: _score(_forgiving(sample, name)) for name in _LEGACY}
    best = max(_LEGACY, key=lambda name: scores[name])
    return best if scores[best] >= 0.2 else "utf-8"


_LEGACY = ("gb18030", "big5hkscs", "cp950", "utf-16-le", "utf-16-be", "cp1252")


def _try(data: bytes, name: str, *, cut: bool = False) -> str | None:
    """The decoded text, or None; `cut` forgives a character that the sample's end cuts off."""
    try:
        return codecs.getincrementaldecoder(name)().decode(data, final=not cut)
    except UnicodeDecodeError:
        return None


def _utf16_or_binary(data: bytes) -> str:
    names = ("utf-16-le", "utf-16-be")
    sample = data[: _SAMPLE // 2 * 2]
    best = max(names, key=lambda name: _score(_try(sample, name, cut=True)))
    if _score(_try(sample, best, cut=True)) < 0.3:
        raise ArticleError("expected text, found binary data: convert it to a text format")
    return data.decode(best, "replace")


def _mostly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken characters, as a cut-off or patched file has."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(1 for char in text if char > "\x7f") - broken
    return text if sound > 20 * broken else None


def _best_legacy(data: bytes) -> str:
    declared = _DECLARED.search(data[:4000])
    if declared:
        text = _declared_text(data, declared.group(1).decode("ascii").lower())
        if text is not None:
            return text
    sample = data[:_SAMPLE]
    scores = {name: _score(_forgiving(sample, name)) for name in _LEGACY}
    best = max(_LEGACY, key=lambda name: scores[name])
    if scores[best] >= 0.2:
        return data.decode(best, "replace")
    return _by_library(data)


def _declared_text(data: bytes, name: str) -> str | None:
    """What a page says of itself, when the text reads well that way."""
    name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}.get(
        name, name
    )
    try:
        text = data.decode(name, "replace")
    except LookupError:
        return None
    return text if _score(text[:20_000]) >= 0.3 else None


def _forgiving(data: bytes, name: str) -> str:
    return data.decode(name, "replace")


def _by_library(data: bytes) -> str:
    from charset_normalizer import from_bytes

    if _control_share(data) > 0.02:
        raise ArticleError("expected text, found binary data: convert it to a text format")
    found = from_bytes(data[:_SAMPLE]).best()
    if found is None:
        raise ArticleError(
            "expected text in UTF-8, UTF-16, GB18030 or Big5, found no encoding that reads: "
            "save it as UTF-8"
        )
    return data.decode(found.encoding, "replace")


def _control_share(data: bytes) -> float:
    sample = data[:_SAMPLE]
    controls = sum(1 for byte in sample if byte < 32 and byte not in b"\t\n\r\f\x1b\x1a")
    return controls / max(1, len(sample))


def _score(text: str | None) -> float:
    """How much a decoded text reads like one: about 0.7 for Chinese, up to 1; below 0 for rubbish.

    Chinese is judged by its frequent characters, Western text by how its few other characters
    fit; each other character counts against both.
    """
    if not text:
        return -1.0
    others = [char for char in text if char > "\x7f"]
    controls = sum(1 for char in text if char < " " and char not in "\t\n\r\f")
    penalty = 20 * controls / len(text)
    if not others:
        letters = sum(1 for char in text if char.isalnum() or char in " \n")
        return letters / len(text) - penalty
    western = sum(map(_WESTERN.__contains__, others))
    if western > 0.6 * len(others) and len(others) < 0.25 * len(text):
        return 0.9 * western / len(others) - penalty
    return _mean(_plausible, others) - penalty


def _mean(rate: Callable[[str], float], chars: list[str]) -> float:
    return sum(map(rate, chars)) / len(chars)


def _plausible(char: str) -> float:
    """1 for a frequent character, less for a common one, below 0 for what is hardly ever text."""
    if char in _FREQUENT or char in _PUNCTUATION:
        return 1.0
    if "\u4e00" <= char <= "\u9fff":
        return 0.35 if _is_common(char) else -0.3
    if "\uff01" <= char <= "\uff5e":
        return 0.3
    return -1.0 if char == "\ufffd" or "\ue000" <= char <= "\uf8ff" else -0.4


def _is_common(char: str) -> bool:
    """Whether a character is in the first level of GB 2312 or of Big5."""
    for name, low, high in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            if low <= char.encode(name)[0] <= high:
                return True
        except UnicodeEncodeError:
            continue
    return False
