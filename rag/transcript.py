"""Conversations written out: as Markdown to read, as JSON to keep, as questions to test with.

What an article, a reader or a language model wrote is data: in Markdown every mark that could begin
something is escaped, so that it shows and does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from rag.language import detect_language
from rag.phrases import UNDERSTOOD, UNTITLED
from rag.store.conversations import CitedArticle, ConversationEntry, KeptCitation, Message
from rag.types import Language

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_INLINE = re.compile(r"[\\`*_\[\]{}#|~$&<>]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_LINE_START = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))|^(?=[-+=:%])")
_ADDRESS = re.compile(r"https?://[^\s<>\"\\`\x00-\x20\x7f]+", re.IGNORECASE)


def as_markdown(entry: ConversationEntry, messages: Sequence[Message]) -> str:
    """A conversation as CommonMark: each question, its answer, and the quotes it stands on."""
    blocks = [f"# {markdown_line(entry.title)}"]
    for message in messages:
        blocks += _message(message)
    return "\n\n".join(blocks) + "\n"


def _message(message: Message) -> Iterator[str]:
    yield f"## {markdown_line(message.question)}"
    yield markdown_line(message.asked[:16].replace("T", " ") + " UTC")
    if message.resolved is not None:
        yield markdown_line(UNDERSTOOD[message.language].format(question=message.resolved))
    for note in (message.notice, *message.notes):
        if note is not None:
            yield markdown_line(note)
    yield from map(markdown_line, filter(str.strip, message.text.splitlines()))
    yield from (markdown_reference(each, message.language) for each in message.citations)


def markdown_reference(citation: KeptCitation, language: Language) -> str:
    """`[1]` and what names the article, then the quote, line by line as the article has it."""
    article = citation.article
    parts = [f"**{markdown_line(article.title or UNTITLED[language])}**"]
    parts += [markdown_line(part) for part in (article.publisher, article.date) if part]
    parts += [_address(article.url)] if article.url else []
    quote = "\n>\n> ".join(map(markdown_line, filter(str.strip, citation.quote.splitlines())))
    return f"\\[{citation.number}\\] {' · '.join(parts)}\n\n> {quote}"


def _address(url: str) -> str:
    """A link where it is one to the web: an article may state `javascript:...` as its address."""
    return f"<{url}>" if _ADDRESS.fullmatch(url) and _has_host(url) else markdown_line(url)


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def markdown_line(text: str) -> str:
    """Any text as one line of Markdown that shows its characters and nothing else."""
    plain = " ".join(text.split())
    escaped = _INLINE.sub(lambda mark: _ENTITIES.get(mark[0], f"\\{mark[0]}"), plain)
    return _LINE_START.sub(r"\1\\", escaped)


def as_json(entry: ConversationEntry, messages: Sequence[Message]) -> dict[str, Any]:
    """A conversation with all that is kept of it; citations have the shape of `rag ask --json`."""
    return {
        "id": entry.id,
        "title": entry.title,
        "created": entry.created,
        "updated": entry.updated,
        "messages": [_message_json(message) for message in messages],
    }


def _message_json(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "asked": message.asked,
        "question": message.question,
        "resolved": message.resolved,
        "language": message.language,
        "answer": message.text,
        "short": message.short,
        "declined": message.declined,
        "confidence": message.confidence,
        "notice": message.notice,
        "notes": list(message.notes),
        "disagreement": [
            {"text": each.text, "citations": list(each.citations)} for each in message.disagreement
        ],
        "claims": [asdict(claim) for claim in message.claims],
        "citations": [
            {
                "number": citation.number,
                "document": _article_json(citation.article),
                "start": citation.start,
                "end": citation.end,
                "quote": citation.quote,
                "outlets": [_article_json(outlet) for outlet in citation.outlets],
            }
            for citation in message.citations
        ],
        "passages": [
            {
                "rank": rank,
                "relevance": hit.relevance,
                "document_id": hit.document_id,
                "start": hit.start,
                "end": hit.end,
            }
            for rank, hit in enumerate(message.nearest, start=1)
        ],
        "versions": asdict(message.versions),
        "verdict": message.verdict,
        "reason": message.reason,
    }


def _article_json(article: CitedArticle) -> dict[str, Any]:
    names = ("id", "source_id", "path", "title", "publisher", "date", "url", "language")
    return {name: getattr(article, name) for name in names}


def feedback_questions(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Rated messages as rows of a questions file, which `rag eval` reads.

    An answer that was found good gives its articles and its short answer. One that was found bad
    gives neither, since what would be right is not known; its `reason` says what the reader said.
    A refusal that was found good is a question that the articles don't answer; every other
    question counts as one that they do, until a person who knows them says otherwise.
    """
    return [_question(message) for message in messages if message.verdict is not None]


def _question(message: Message) -> dict[str, Any]:
    text = message.resolved or message.question
    good = message.verdict == "up"
    names = dict.fromkeys(_name(citation.article) for citation in message.citations)
    return {
        "id": message.id,
        "question": text,
        "lang": detect_language(text),
        "documents": list(names) if good else [],
        "answers": [message.short] if good and message.short else [],
        "answerable": not (good and message.declined),
        "verdict": message.verdict,
        "reason": message.reason,
    }


def _name(article: CitedArticle) -> str:
    """What a questions file calls an article: its source, or its id where the source isn't known,
    as that of a row without an id of its own."""
    numbered = article.source_id is None and article.path.lower().endswith((".jsonl", ".ndjson"))
    return article.id if numbered else article.source
