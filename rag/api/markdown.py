"""An answer as one text of Markdown, for chat clients that know nothing of citations."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from rag.store.messages import kept_citation
from rag.transcript import markdown_line, markdown_reference
from rag.types import Answer

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def answer_markdown(answer: Answer) -> str:
    """The answer's text, how it was understood, and the articles that it quotes, each with its
    quote. What an article says is data: every mark that could begin something is escaped."""
    return "\n\n".join(_blocks(answer))


def _blocks(answer: Answer) -> Iterator[str]:
    yield from map(markdown_line, filter(str.strip, answer.text.splitlines()))
    for note in (answer.notice, *answer.notes):
        if note is not None:
            yield markdown_line(note)
    yield from (
        markdown_reference(kept_citation(each), answer.language) for each in answer.citations
    )


def plain(markdown: str) -> str:
    """The characters that escaped Markdown shows."""
    return html.unescape(_ESCAPED.sub(r"\1", markdown))
