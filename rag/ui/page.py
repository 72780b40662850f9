"""The chat page in Gradio: a conversation, and beside it the article that a citation opens."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.ui.desk import Desk
from rag.ui.history import History
from rag.ui.language_model import LanguageModel
from rag.ui.panels import brand_html, tools_html, views_html
from rag.ui.replies import answer_languages
from rag.ui.texts import LANGUAGE_NAMES, TEXTS

if TYPE_CHECKING:
    from rag.api import Service
    from rag.ui.stock import Stock

os.environ |= {  # no reports to Gradio's makers, no statistics over every click
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}

import gradio as gr

from rag.ui.wiring_look import LookParts, look_parts

_HERE = Path(__file__).parent
_SESSIONS = 200  # visitors that Gradio remembers, each at the cost of 100 KB
_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_MONOSPACE = ("ui-monospace", "Consolas", "monospace")
_STYLES = (
    "base.css", "head.css", "icons.css", "talk.css", "answer.css", "why.css", "article.css",
    "panels.css", "views.css", "shelf.css", "table.css", "look.css", "print.css",
)  # fmt: skip
_SCRIPTS = (
    "kept.js", "hub.js", "preview.js", "views.js", "source.js", "answer.js", "ask.js",
    "history.js", "settings.js", "shelf.js", "send.js", "look.js", "print.js",
)  # fmt: skip


def style() -> dict[str, Any]:
    """Theme and style sheet, which Gradio 6 takes where a page is served, not where it is built.

    Only fonts of the reader's own system: nothing is fetched.
    """
    theme = gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=_FONTS, font_mono=_MONOSPACE
    )
    return {"theme": theme, "css": "\n".join(map(read, _STYLES))}


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that speak the page's language. `hub` holds the scripts, and its functions
    are what they ask of the server."""

    brand: gr.HTML
    views: gr.HTML
    page_language: gr.Radio
    tools: gr.HTML
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    answer_language: gr.Radio
    hub: gr.HTML
    look: LookParts | None


def build_page(
    desk: Desk,
    history: History,
    model: LanguageModel,
    stock: Stock | None = None,
    service: Service | None = None,
) -> gr.Blocks:
    """The page over some articles; serve it with the arguments of `style()`, and with the door
    that `receive_questions` makes.

    Without `stock` there is no view of the articles; `service` is what `gradio_client` can ask.
    """
    from rag.ui.services import services
    from rag.ui.wiring import wire
    from rag.ui.wiring_look import wire_look

    page: gr.Blocks
    with gr.Blocks(title="Yinju 引据", fill_width=True, analytics_enabled=False) as page:
        parts = _parts(services(desk, history, model, stock), stock is not None)
        wire(page, parts)
        if stock is not None and parts.look is not None:
            wire_look(parts.hub, parts.page_language, parts.look, stock.gallery, model)
        page.state_session_capacity = _SESSIONS
        if service is not None and not service.access.key:  # Gradio's own calls carry none
            from rag.ui.clients import offer

            offer(service)
    return page


def _parts(called: list[Any], has_views: bool) -> Parts:
    words = TEXTS["en"]
    with gr.Row(elem_id="top"):
        brand = _html("brand", brand_html("en"))
        views = _html("views", views_html("en") if has_views else "")
        page_language = gr.Radio(
            [(name, tag) for tag, name in LANGUAGE_NAMES.items()],
            value="en",
            label=words.page_language,
            elem_id="page-language",
        )
        tools = _html("tools", tools_html("en"))
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="talk"):
            for name in ("past", "now", "answer", "examples"):
                _place(name)
            with gr.Column(elem_id="composer"):
                _place("status", 'role="status"')
                _place("editing")
                question, ask, stop = _asking()
                answer_language = gr.Radio(
                    answer_languages("en"),
                    value="auto",
                    label=words.answer_language,
                    interactive=True,
                    elem_id="answer-language",
                )
        with gr.Column(elem_id="shelf"):
            _place("articles")
        look = look_parts() if has_views else None
        with gr.Column(elem_id="source"):
            _place("article")
    return Parts(
        brand=brand,
        views=views,
        page_language=page_language,
        tools=tools,
        question=question,
        ask=ask,
        stop=stop,
        answer_language=answer_language,
        hub=gr.HTML(
            '<span id="words" hidden></span>',
            elem_id="hub",
            js_on_load="\n".join(map(read, _SCRIPTS)),
            apply_default_css=False,
            server_functions=called,
        ),
        look=look,
    )


def _asking() -> tuple[gr.Textbox, gr.Button, gr.Button]:
    words = TEXTS["en"]
    with gr.Row(elem_id="asking"):
        question = gr.Textbox(
            label=words.question,
            placeholder=words.placeholder,
            lines=1,
            max_lines=6,
            autofocus=True,
            interactive=True,
            elem_id="question",
        )
        ask = gr.Button(words.ask, variant="primary", elem_id="ask", min_width=88, scale=0)
        stop = gr.Button(words.stop, elem_id="stop", min_width=88, scale=0)
    return question, ask, stop


def _html(identity: str, html: str = "") -> gr.HTML:
    """A part of the page without scripts of its own."""
    return gr.HTML(html, elem_id=identity, js_on_load=None, apply_default_css=False)


def _place(identity: str, attributes: str = "") -> None:
    """A part that the page's scripts draw in, below an element that Gradio leaves alone."""
    _html(identity, f"<div data-place {attributes}></div>")


def read(name: str) -> str:
    """The text of a file of the page."""
    return (_HERE / "static" / name).read_text(encoding="utf-8")
