"""What `gradio_client` can call of the page: a question and a search, as the other doors answer.

They give their JSON as text: Gradio takes an object that has a `path` for a file to be fetched.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api

from rag.api.service import Asked, Service
from rag.errors import RagError
from rag.shapes import answer_json, search_json
from rag.types import LANGUAGES

_T = TypeVar("_T")


def offer(service: Service) -> None:
    """Offer `/ask` and `/search` on the page that is being built."""

    def ask(question: str, language: str = "") -> str:
        """The document that `rag ask --json` prints; the language of the answer's own words is the
        question's when not given."""
        spoken = next((each for each in LANGUAGES if each == language), None)
        asked = Asked(str(question or ""), spoken)
        return _text(answer_json(_told(lambda: service.ask(asked))))

    def search(query: str, top_k: int = 10) -> str:
        """The document that `rag search --json` prints."""
        try:
            wanted = max(1, min(int(top_k), 1000))
        except (TypeError, ValueError) as error:
            line = f"expected a number of passages, found {str(top_k)[:80]!r}: send 1 to 1000"
            raise gr.Error(line, print_exception=False) from error
        read, hits = _told(lambda: service.search(str(query or ""), wanted))
        return _text(search_json(read, hits))

    api(ask, api_name="ask", concurrency_limit=2)
    api(search, api_name="search", concurrency_limit=2)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)


def _told(work: Callable[[], _T]) -> _T:
    """The work; what is wrong with it is told to whoever called, in one line."""
    try:
        return work()
    except RagError as error:
        raise gr.Error(str(error), print_exception=False) from error
