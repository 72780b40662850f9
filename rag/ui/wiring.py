"""What Gradio does on the page: the words of its own parts, and calls of the page's scripts."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.types import Language
from rag.ui.page import Parts, read
from rag.ui.panels import brand_html, tools_html, views_html, words_html
from rag.ui.replies import answer_languages
from rag.ui.texts import TEXTS, as_language

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}


def wire(page: gr.Blocks, parts: Parts) -> None:
    """Tie the parts to the scripts; what changes in the conversation, these draw themselves."""
    gr.on([parts.question.submit, parts.ask.click], None, js="() => yinju.ask()", **_QUIET)
    parts.stop.click(None, js="() => yinju.stop()", **_QUIET)
    spoken = [
        parts.brand,
        parts.views,
        parts.tools,
        parts.hub,
        parts.page_language,
        parts.question,
        parts.ask,
        parts.stop,
        parts.answer_language,
    ]

    def arrive(tag: str) -> list[Any]:
        return spoken_in(as_language(tag), {"value": as_language(tag)})

    def speak(tag: str) -> list[Any]:
        return spoken_in(as_language(tag), {})  # the choice stays: it may be another by now

    def spoken_in(language: Language, chosen: dict[str, Any]) -> list[Any]:
        words = TEXTS[language]
        return [
            brand_html(language),
            views_html(language) if parts.look else "",
            tools_html(language),
            words_html(language),
            gr.update(label=words.page_language, **chosen),
            gr.update(label=words.question, placeholder=words.placeholder),
            words.ask,
            words.stop,
            gr.update(label=words.answer_language, choices=answer_languages(language)),
        ]

    page.load(arrive, parts.page_language, spoken, js=read("arrive.js"), **_QUIET)
    parts.page_language.input(
        speak,
        parts.page_language,
        spoken,
        js=read("remember.js"),
        trigger_mode="always_last",
        **_QUIET,
    )
