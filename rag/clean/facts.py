"""What an article states about itself: title, publisher, date, address, language."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from rag.clean.characters import drop_pinyin_remains, normalise, squeeze, unescape
from rag.clean.dates import date_in_url, find_date
from rag.types import Language


@dataclass(frozen=True, slots=True)
class Facts:
    """Raw findings of one source of facts; None where it says nothing."""

    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    language: str | None = None

    def or_else(self, other: Facts) -> Facts:
        """These facts, with the gaps filled from `other`."""
        return Facts(*(getattr(self, f.name) or getattr(other, f.name) for f in fields(self)))


_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "《": "》"}
_SITE_WORDS = (
    r"(?:网|網|网站|網站|在线|在線|报|報|社|频道|頻道|台|臺|新闻|新聞|资讯"
    r"|資訊|门户|門戶|客户端|客戶端|中心"
    r"|财经|財經|时政|時政|政府|之家|博客|公众号|百科|论坛|論壇|雜誌|杂志"
    r"|周刊|週刊|新浪|搜狐|腾讯|网易|凤凰|"
    r"國際|国际|要聞|要闻|即時|生活|社會|地方|娱乐|體育|体育|评论|評論"
    r"|观点|觀點|理论|理論|文化|教育|科技|汽车|汽車)"
)
_SITE_ENGLISH = (
    r"(?:news|times|post|daily|guardian|herald|journal|tribune|reuters|bbc|cnn|cgtn|xinhua|online"
    r"|magazine|telegraph|bloomberg|network|tv|radio|independent|economist|press|review|chronicle"
    r"|observer|standard|mail|npr|abc|nbc|cbs|fox|afp|ap|mirror|wire|today|blog|website|site"
    r"|(?:[\w-]+\.)+(?:com|cn|org|net|tw|hk|gov|io|co|uk))"
)
_SITE = re.compile(
    rf"(?:[\w·\s]{{0,14}}{_SITE_WORDS}(?:\([^()]*\)|[.\w]{{0,6}})?"
    rf"|(?:[\w&.'’-]+\s+){{0,4}}{_SITE_ENGLISH})\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:_|\||｜|--+|\s[-–—]\s|»|::)\s*(?!.*(?:_|\||｜|--|\s[-–—]\s|»|::))")
_ISO_DATE = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)")
_TAGS = {"zh-cn", "zh-sg", "zh-hans", "zh-hans-cn", "zh-my"}
_TRADITIONAL = {"zh-tw", "zh-hk", "zh-mo", "zh-hant", "zh-hant-tw", "zh-hant-hk"}


def clean_title(title: str | None, publisher: str | None = None) -> str | None:
    """A title without wrapping quotes, site names at its end, or remains of a converter."""
    if not title:
        return None
    text = squeeze(drop_pinyin_remains(unescape(normalise(title))).replace("\n", " "))
    for _ in range(4):
        text = _unquoted(text)
        match = _SPLIT.search(text)
        if not match or not match.start():
            break
        site = text[match.end() :].strip()
        strong = match.group().strip() in {"_", "|", "｜", "--", "»"}
        named = bool(publisher) and site.lower() == str(publisher).lower()
        if not (
            site == ""
            or named
            or (len(site) <= 40 and _SITE.fullmatch(site))
            or (strong and "_" in match.group() and len(site) <= 12)
        ):
            break
        text = text[: match.start()].strip()
    return text or None


def is_site_name(name: str) -> bool:
    """Whether a name ends as those of sites and outlets do."""
    return bool(_SITE.fullmatch(name))


def _unquoted(text: str) -> str:
    close = _QUOTES.get(text[:1])
    inner = text[1:-1]
    if (
        close
        and len(text) > 2
        and text.endswith(close)
        and close not in inner
        and text[0] not in inner
        and text[0] != "《"
    ):
        return inner.strip()
    return text


def clean_publisher(publisher: str | None) -> str | None:
    """A publisher's name without brackets, labels or an address."""
    if not publisher:
        return None
    text = squeeze(drop_pinyin_remains(unescape(normalise(publisher))).replace("\n", " "))
    text = re.sub(r"^(?:來源|来源|source)\s*[::：]\s*", "", text, flags=re.IGNORECASE)
    text = text.strip(" |·,，、;；:：-—()（）[]【】《》「」\"“”'")
    if not text or len(text) > 60 or "://" in text or text.isdecimal():
        return None
    return text


def clean_url(url: str | None) -> str | None:
    """A web address on one line; None for one that no reader should be sent to: javascript:..."""
    text = squeeze(normalise(url or "")).replace("\n", "")
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_web = False
    return text if is_web else None


def clean_date(date: str | None) -> str | None:
    """A date in any known form, as YYYY-MM-DD; None when it can't be read."""
    if not date or (_ISO_DATE.fullmatch(date) and date[5:7] <= "12" and date[8:] <= "28"):
        return date or None
    return find_date(normalise(date)) or date_in_url(f"/{date}/")


def clean_language(tag: str | None) -> Language | None:
    """`zh-TW`, `zh_CN`, `en-US` and such as one of the project's three tags."""
    plain = (tag or "").strip().lower().replace("_", "-")
    if plain in _TRADITIONAL:
        return "zh-Hant"
    if plain in _TAGS:
        return "zh-Hans"
    return "en" if plain == "en" or plain.startswith("en-") else None
