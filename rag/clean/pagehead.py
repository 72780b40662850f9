"""What the head of an HTML page states: meta tags, JSON-LD, headings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from rag.clean.boilerplate import is_section
from rag.clean.facts import Facts, clean_title, is_site_name
from rag.clean.tree import flat, shown
from rag.fold import fold

_META_TITLE = ("og:title", "articletitle", "twitter:title", "headline", "title", "dc.title")
_META_DATE = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "firstpublishedtime",
    "parsely-pub-date",
    "og:release_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.created",
    "article:create_at",
    "weibo:article:create_at",
    "apub:time",
    "sailthru.date",
    "date",
    "og:time",
    "article:modified_time",
)
_META_SOURCE = ("contentsource", "source", "article:source", "dc.source", "mediaid")
_META_SITE = ("publisher", "dc.publisher", "og:site_name", "sitename", "application-name")


def page_facts(root: Any) -> tuple[Facts, Facts]:
    """Facts from a page's head, structured data and headings; and what names its site."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        value = (meta.get("content") or "").strip()
        if name and value:
            metas.setdefault(name, value)
    stated = _structured(root)
    heads = [flat(node) for node in root.iter("title")][:1] or [
        " ".join((node.text or "").split()) for node in root.iter("title")
    ][:1]
    head = (
        metas.get("og:title") or stated.title or metas.get("articletitle") or next(iter(heads), "")
    )
    titles = [flat(node) for node in root.iter("h1") if shown(node)]
    canonical = [node.get("href") for node in root.iter("link") if node.get("rel") == "canonical"]
    times = [node.get("datetime") for node in root.iter("time") if node.get("datetime")]
    date = _first(metas, _META_DATE) or stated.date or next(iter(times), None)
    return Facts(
        title=_best_title(titles, head) or _first(metas, _META_TITLE),
        publisher=_first(metas, _META_SOURCE),
        date=date,
        url=next((link for link in canonical if link and "://" in link), None)
        or metas.get("og:url"),
    ), Facts(
        publisher=stated.publisher
        or _first(metas, _META_SITE)
        or _site_of_title(next(iter(heads), ""), [*titles, metas.get("og:title"), stated.title])
    )


def _first(metas: dict[str, str], names: Iterable[str]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _best_title(titles: list[str], head: str) -> str | None:
    """The heading that the page's head also names; else its only heading; else the head."""
    topic = _letters(clean_title(head) or "")
    named = [text for text in titles if text and _letters(text) in topic]
    if named:
        return max(named, key=len)
    others = [text for text in titles if text and _letters(text) not in _letters(head)]
    if len(others) == 1 and (not head or len(others[0]) >= 8):
        return others[0]
    return head if head and not _NO_TITLE.fullmatch(head.strip()) else None


_BAR = r"\s*(?:[|｜_»]+|--+|——|\s[-–—]\s)\s*"
_AFTER_HEADLINE = re.compile(rf"{_BAR}|\s*[-–—]\s*")
_SITE_LONGEST = 40  # characters


def _site_of_title(title: str, headlines: Iterable[str | None]) -> str | None:
    """The site named behind a headline: `Mill grinds again | World | The Delta Post`.

    Only where the page gives the headline elsewhere too, and only a name like those of outlets: a
    section of a site stands in the same place.
    """
    for headline in filter(None, headlines):
        rest = title[len(headline) :]
        bar = _AFTER_HEADLINE.match(rest)
        if not bar or not title.lower().startswith(headline.lower()):
            continue
        name = re.split(_BAR, rest[bar.end() :])[-1].strip()
        known = len(name) <= _SITE_LONGEST and name.lower() not in headline.lower()
        if known and is_site_name(name) and not is_section(fold(name)):
            return name
    return None


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
            found = found.or_else(
                Facts(
                    title=_text_or_none(row.get("headline")),
                    publisher=_text_or_none(name),
                    date=_text_or_none(row.get("datePublished")),
                )
            )
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


_NO_TITLE = re.compile(
    r"home ?page|home|index|untitled(?: document)?|new page|document|news"
    r"|首页|首頁|无标题文档|無標題文件|详情|正文",
    re.IGNORECASE,
)


def _letters(text: str) -> str:
    return "".join(text.split())
