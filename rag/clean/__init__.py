"""Raw article -> Document: title, publisher, date and body; boilerplate and noise out."""

from __future__ import annotations

import hashlib
import html
import re
from pathlib import PurePath
from typing import NamedTuple

from rag.clean.characters import (
    drop_pinyin_remains,
    drop_template_remains,
    normalise,
    smuggled,
    squeeze,
    unescape,
)
from rag.clean.credits import outlet_of_lead, strip_end, strip_lead
from rag.clean.dates import date_in_url
from rag.clean.facts import (
    Facts,
    clean_date,
    clean_language,
    clean_publisher,
    clean_title,
    clean_url,
)
from rag.clean.frontmatter import split_front_matter
from rag.clean.hidden import without_hidden_markup
from rag.clean.lines import article, is_page_shaped
from rag.clean.markup import (
    Page,
    fragment_text,
    inline_text,
    looks_like_html,
    looks_like_markdown,
    looks_like_page,
    markdown_text,
    page_text,
)
from rag.clean.paragraphs import paragraphs
from rag.errors import ArticleError
from rag.language import detect_language
from rag.types import Document, RawArticle

__all__ = ["Cleaned", "clean", "clean_article"]

_MARKS = ("\n", "<", "&", "](", "**", "{{", "{%")
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'，。；、（）《》“”]+")


class Cleaned(NamedTuple):
    """An article, and how many characters of text that its readers can't see were left out."""

    document: Document
    hidden: int


def clean(raw: RawArticle) -> Document:
    """The article that a raw one holds.

    Facts that a JSON Lines row states win over what its text says. Raises ArticleError when no
    text is left.
    """
    return clean_article(raw).document


def clean_article(raw: RawArticle) -> Cleaned:
    """The same, with the size of its hidden text."""
    content = normalise(raw.content)
    hidden = raw.hidden
    if len(content) != len(raw.content):
        hidden += smuggled(raw.content)
    given = Facts(raw.title, raw.publisher, raw.date, raw.url, raw.language)
    if raw.kind == "jsonl" and not any(mark in content for mark in _MARKS):
        facts, lines = _plain_row(content, given)
    else:
        facts, lines, more = _article_of(raw, content, given)
        hidden += more
    return Cleaned(_document(raw, facts, lines, hidden), hidden)


def _plain_row(content: str, given: Facts) -> tuple[Facts, list[str]]:
    """A row whose text is one paragraph: the bulk of a corpus, so the short way."""
    text = drop_pinyin_remains(squeeze(content)).removeprefix("原标题：").lstrip()
    ending, noted = strip_end(_without_row_tail(text), last=True)
    body, lead = strip_lead(ending)
    found = given.publisher or noted or lead or outlet_of_lead(body)
    facts = Facts(given.title, found, given.date, given.url, given.language)
    return facts, [body] if body else []


_ROW_TAIL = re.compile(
    r"返回搜狐，查看更多\s*(?:(?:责任编辑|責任編輯)：\s*\w{0,4})?$|(?:责任编辑"
    r"|責任編輯)：\s*\w{0,4}$|更多精彩资讯请在应用市场下载.{0,80}$"
    r"|广告声明：文内含有的对外跳转链接.{0,120}本声明。?$"
)


def _without_row_tail(text: str) -> str:
    """The buttons of a page whose lines were run together."""
    tail = text[-140:]
    if "：" not in tail and "返回搜狐" not in tail:
        return text
    match = _ROW_TAIL.search(tail)
    return text[: len(text) - len(tail) + match.start()].rstrip() if match else text


def _article_of(raw: RawArticle, content: str, given: Facts) -> tuple[Facts, list[str], int]:
    front, content = split_front_matter(content)
    page = _plain_text(raw, content, bool(front.title or front.date))
    text = drop_pinyin_remains(drop_template_remains(unescape(normalise(page.text))))
    kept, address = _without_addresses(
        paragraphs(text, unwrap=raw.kind in {"text", "markdown", "pdf"}, printed=raw.kind == "pdf")
    )
    stated = (front if raw.kind in {"pdf", "docx"} else given.or_else(front)).or_else(page.facts)
    markup_title = bool(stated.title)
    found, lines = article(
        kept,
        stated,
        around=page.around.split("\n"),
        guess=not markup_title and (raw.kind != "jsonl" or is_page_shaped(kept)),
    )
    found = found.or_else(given).or_else(page.site).or_else(Facts(url=address))
    if found.date is None or clean_date(found.date) is None:
        name = PurePath(raw.path).name if raw.kind != "jsonl" else ""
        dates = (date_in_url(found.url or ""), date_in_url(address or ""), _date_of_name(name))
        found = Facts(
            found.title, found.publisher, next(filter(None, dates), None), found.url, found.language
        )
    return found, lines, page.hidden + smuggled(html.unescape(page.text))


def _plain_text(raw: RawArticle, content: str, posted: bool) -> Page:
    """The text without its markup; `posted` says that a front matter stood before it."""
    if raw.kind in {"pdf", "docx"}:
        return Page(Facts(), content)
    marked = "<" in content
    if raw.kind == "html" or (marked and looks_like_page(content)):
        return page_text(content)
    if raw.kind == "markdown" or posted or looks_like_markdown(content):
        return markdown_text(content)
    if marked and looks_like_html(content):
        return fragment_text(content)
    content, hidden = without_hidden_markup(content) if marked else (content, 0)
    return Page(Facts(), inline_text(content), hidden=hidden)


def _without_addresses(lines: list[str]) -> tuple[list[str], str | None]:
    """The lines that are more than an address, and the first address among the others."""
    kept: list[str] = []
    first: str | None = None
    for line in lines:
        if "://" in line and not re.search(r"\w", _ADDRESS.sub("", line)):
            found = _ADDRESS.search(line)
            first = first or (found.group() if found else None)
        else:
            kept.append(line)
    return kept, first


def _date_of_name(name: str) -> str | None:
    """The date of a post's file name (`2022-01-29-title.md`)."""
    return clean_date(name[:10]) if re.match(r"(?:19|20)\d\d-\d\d-\d\d\b", name) else None


def _document(raw: RawArticle, facts: Facts, lines: list[str], hidden: int) -> Document:
    text = "\n".join(lines)
    if not text:
        found = f"only {hidden:,} characters of hidden text" if hidden else "none after cleaning"
        raise ArticleError(
            f"expected an article with some text in {raw.source}, found {found}: "
            "check that the file holds an article"
        )
    publisher = clean_publisher(facts.publisher)
    title = clean_title(facts.title, publisher)
    return Document(
        id=hashlib.sha256(f"{title or ''}\0{text}".encode()).hexdigest()[:16],
        text=text,
        language=raw.language
        or clean_language(facts.language if raw.kind == "jsonl" else None)
        or detect_language(text),
        path=raw.path,
        source_id=raw.source_id,
        title=title,
        publisher=publisher,
        date=clean_date(facts.date),
        url=clean_url(facts.url),
    )
