"""The chat page in Gradio: ask, read the answer, open a source beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.types import Answer
from rag.ui.replies import Articles, Opened, Replies, answer_languages
from rag.ui.texts import LANGUAGE_NAMES, TEXTS, as_language

os.environ |= {  # no reports to Gradio's makers, no statistics over every click
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}

import gradio as gr

if TYPE_CHECKING:
    from gradio.components import Component

_HERE = Path(__file__).parent
_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_MONOSPACE = ("ui-monospace", "Consolas", "monospace")
_QUIET: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_limit": 8,
}


def style() -> dict[str, Any]:
    """Theme and style sheet, which Gradio 6 takes where a page is served, not where it is built.

    Only fonts of the reader's own system: nothing is fetched.
    """
    theme = gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=_FONTS, font_mono=_MONOSPACE
    )
    return {"theme": theme, "css": _read("style.css")}


def build_page(articles: Articles) -> gr.Blocks:
    """The page over some articles; serve it with the arguments of `style()`."""
    replies = Replies(articles)
    words = TEXTS["en"]
    page: gr.Blocks
    with gr.Blocks(title="Yinju 引据", fill_width=True, analytics_enabled=False) as page:
        answered, opened = gr.State(None), gr.State(None)
        with gr.Row(elem_id="top"):
            brand = gr.HTML(replies.brand("en"), elem_id="brand", apply_default_css=False)
            page_language = gr.Radio(
                [(name, tag) for tag, name in LANGUAGE_NAMES.items()],
                value="en",
                label=words.page_language,
                elem_id="page-language",
            )
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="talk"):
                question, ask = _asking()
                answer_language = gr.Radio(
                    answer_languages("en"),
                    value="auto",
                    label=words.answer_language,
                    elem_id="answer-language",
                )
                examples = _clickable("", "examples")
                answer = _clickable("", "answer")
            with gr.Column(elem_id="source"):
                article = _clickable("", "article")
        asking: list[Component] = [question, answer_language, page_language]
        reply: list[Component] = [answer, article, answered, opened]
        _wire_asking(replies, [question.submit, ask.click], examples, asking, reply)
        _wire_opening(replies, [answer, article], page_language, [article, opened])
        _wire_language(
            replies,
            page,
            [page_language, answered, opened],
            [brand, page_language, question, ask, answer_language, examples, answer, article],
        )
    return page


def _asking() -> tuple[gr.Textbox, gr.Button]:
    words = TEXTS["en"]
    with gr.Row(elem_id="asking"):
        question = gr.Textbox(
            label=words.question,
            placeholder=words.placeholder,
            lines=1,
            max_lines=6,
            max_length=2000,
            autofocus=True,
            elem_id="question",
        )
        ask = gr.Button(words.ask, variant="primary", elem_id="ask", min_width=88, scale=0)
    return question, ask


def _clickable(html: str, identity: str) -> gr.HTML:
    """A part of the page whose buttons reach the server."""
    return gr.HTML(html, elem_id=identity, js_on_load=_read("clicks.js"), apply_default_css=False)


def _wire_asking(
    replies: Replies,
    triggers: list[Any],
    examples: gr.HTML,
    asking: list[Component],
    reply: list[Component],
) -> None:
    def ask(question: str, answer_language: str, language: str) -> Iterator[tuple[Any, ...]]:
        for shown in replies.ask(question, answer_language, language):
            if shown.article_html is None:
                yield shown.answer_html, gr.skip(), gr.skip(), gr.skip()
            else:
                yield shown.answer_html, shown.article_html, shown.answer, shown.opened

    def choose(event: gr.EventData) -> str:
        return str(event._data.get("question", ""))

    gr.on(triggers, ask, asking, reply, **_QUIET)
    chosen = examples.click(choose, None, asking[0], **_QUIET)
    chosen.then(ask, asking, reply, **_QUIET)


def _wire_opening(
    replies: Replies, parts: list[gr.HTML], page_language: gr.Radio, pane: list[Component]
) -> None:
    def open_article(language: str, event: gr.EventData) -> tuple[str, Opened | None]:
        return replies.open(event._data, language)

    for part in parts:
        part.click(open_article, page_language, pane, trigger_mode="always_last", **_QUIET)


def _wire_language(
    replies: Replies, page: gr.Blocks, state: list[Component], spoken: list[Component]
) -> None:
    def speak(tag: str, answer: Answer | None, opened: Opened | None) -> list[Any]:
        language = as_language(tag)
        words = TEXTS[language]
        shown = replies.show(answer, opened, language)
        return [
            replies.brand(language),
            gr.update(value=language, label=words.page_language),
            gr.update(label=words.question, placeholder=words.placeholder),
            words.ask,
            gr.update(label=words.answer_language, choices=answer_languages(language)),
            replies.examples(language),
            shown.answer_html,
            shown.article_html,
        ]

    page.load(speak, state, spoken, js=_read("language.js"), **_QUIET)
    page_language: Any = state[0]
    page_language.input(speak, state, spoken, js=_read("remember.js"), **_QUIET)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
