"""The kept conversations, as the page reads and changes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

from rag.errors import RagError
from rag.store.conversations import Conversations, Verdict, Versions, restore
from rag.types import Answer, Document, Language
from rag.ui.article import written_date
from rag.ui.talk import Exchange, Rating, Talk
from rag.ui.texts import TEXTS


class Shelf(Protocol):
    """Where the articles of kept citations are looked for."""

    def document(self, document_id: str) -> Document:
        """One article; raises StoreError when it is not there."""

    def current(self, source: str) -> Document | None:
        """The article that a source has now."""


@dataclass(frozen=True, slots=True)
class History:
    """The conversations beside an index. Every method raises RagError where the file can't be
    used."""

    conversations: Conversations
    shelf: Shelf
    versions: Callable[[str | None], Versions]
    """What makes answers now, with the name of the language model."""

    def begin(self) -> str:
        """A new conversation's id; nothing is kept until its first answer is."""
        return self.conversations.begin()

    def keep(self, talk: str, answer: Answer, model: str | None, instead_of: str | None) -> str:
        """Keep an answer, in the place of a message and all after it; returns the message's id."""
        made_with = self.versions(model)
        return self.conversations.add(talk, answer, made_with, instead_of=instead_of)

    def talk(self, talk: str) -> tuple[Talk, dict[str, Rating]] | None:
        """A conversation on the articles of today, and what its reader thought of the answers."""
        messages = self.conversations.messages(talk)
        if not messages:
            return None
        exchanges, ratings = [], {}
        for message in messages:
            restored = restore(message, self._document, self.shelf.current)
            held = {citation.number for citation in restored.answer.citations}
            lost = tuple(kept for kept in message.citations if kept.number not in held)
            exchanges.append(
                Exchange(restored.answer, message.id, restored.states, lost, restored.changed)
            )
            ratings[message.id] = Rating(message.verdict, message.reason)
        return Talk(talk, tuple(exchanges)), ratings

    def rate(self, message: str, verdict: Verdict | None, reason: str) -> None:
        """Keep what the reader thinks of an answer."""
        self.conversations.rate(message, verdict, reason)

    def rename(self, talk: str, title: str) -> None:
        """Give a conversation another name."""
        self.conversations.rename(talk, title)

    def remove(self, talk: str) -> None:
        """Remove a conversation for good."""
        self.conversations.remove(talk)

    def export(self, talk: str, kind: str) -> tuple[str, str] | None:
        """A conversation as a file: its name, and its text in Markdown or JSON."""
        import json

        from rag.transcript import as_json, as_markdown

        entry = self.conversations.entry(talk)
        if entry is None:
            return None
        messages = self.conversations.messages(talk)
        if kind == "json":
            text = json.dumps(as_json(entry, messages), ensure_ascii=False, indent=2) + "\n"
            return f"{_file_name(entry.title)}.json", text
        return f"{_file_name(entry.title)}.md", as_markdown(entry, messages)

    def copied(self, talk: str, message: str) -> str:
        """One question with its answer and references, as Markdown."""
        from rag.transcript import as_markdown

        entry = self.conversations.entry(talk)
        found = [each for each in self.conversations.messages(talk) if each.id == message]
        if entry is None or not found:
            return ""
        _, _, text = as_markdown(entry, found).partition("\n\n")  # without the title
        return text

    def list_html(self, words: str, language: Language) -> str:
        """The conversations that hold some words, the last one written to first."""
        said = TEXTS[language]
        try:
            entries = self.conversations.listed(words)
        except RagError as error:
            return f'<p class="hint">{escape(str(error))}</p>'
        if not entries:
            hint = said.no_match if words.strip() else said.no_conversations
            return f'<p class="hint">{hint}</p>'
        items = "".join(
            f'<li data-talk="{entry.id}"><button type="button" class="open" data-open="{entry.id}">'
            f'<span class="name">{escape(entry.title)}</span>'
            f'<span class="meta">{_when(entry.updated, language)}'
            f'<span class="dot"> · </span>{said.messages.format(count=entry.messages)}</span>'
            "</button>"
            f'<div class="acts">{_act("rename", said.rename)}{_act("markdown", said.as_markdown)}'
            f"{_act('json', said.as_json)}{_act('remove', said.remove)}</div></li>"
            for entry in entries
        )
        return f"<ul>{items}</ul>"

    def _document(self, document_id: str) -> Document | None:
        try:
            return self.shelf.document(document_id)
        except RagError:
            return None


def _act(kind: str, label: str) -> str:
    return (
        f'<button type="button" class="act {kind}" data-act="{kind}" aria-label="{label}"'
        f' title="{label}"></button>'
    )


def _when(when: str, language: Language) -> str:
    """The day by the clock of UTC; the page's scripts put the reader's own in its place."""
    day = escape(written_date(when[:10], language))
    return f'<time datetime="{escape(when)}">{day}</time>'


def _file_name(title: str) -> str:
    """A title as a file's name on any system."""
    kept = "".join(each if each.isalnum() else "-" for each in title)[:60].strip("-")
    return kept or "conversation"


def as_words(values: Any) -> dict[str, str]:
    """What a browser sent, as words by name: anything else is left out."""
    if not isinstance(values, dict):
        return {}
    return {str(name): value[:5000] for name, value in values.items() if isinstance(value, str)}
