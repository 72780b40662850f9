"""What the page's own scripts ask of the server: conversations, lists, files, settings.

Each function takes what a browser sent and gives back JSON. The settings are given and changed only
where the request comes from the page itself; see `rag.ui.language_model`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.ui.desk import Desk
from rag.ui.history import History, as_words
from rag.ui.language_model import LanguageModel
from rag.ui.panels import history_html, settings_html
from rag.ui.stock import Service, Stock, stock_services
from rag.ui.texts import TEXTS, as_language


def services(
    desk: Desk, history: History, model: LanguageModel, stock: Stock | None
) -> list[Service]:
    """The functions by the names that the scripts know."""
    found = [
        *_desk_services(desk),
        *_history_services(desk, history, model),
        *_settings_services(model),
    ]
    return found if stock is None else [*found, *stock_services(stock, model)]


def _desk_services(desk: Desk) -> list[Service]:
    def show(values: Any) -> dict[str, str]:
        return desk.show(as_words(values))

    def open_span(values: Any) -> dict[str, str]:
        return desk.open(as_words(values))

    def settled(values: Any) -> dict[str, str]:
        return desk.settled(as_words(values))

    def rate(values: Any) -> dict[str, str]:
        return desk.rate(as_words(values))

    def examples(values: Any) -> dict[str, str]:
        return desk.examples(as_words(values))

    def stop(values: Any) -> dict[str, str]:
        return desk.stop(as_words(values))

    return [show, open_span, settled, rate, examples, stop]


def _history_services(desk: Desk, history: History, model: LanguageModel) -> list[Service]:
    def history_panel(values: Any) -> dict[str, str]:
        language = as_language(as_words(values).get("language"))
        return {"html": history_html(history.list_html("", language), language)}

    def history_list(values: Any) -> dict[str, str]:
        words = as_words(values)
        language = as_language(words.get("language"))
        return {"html": history.list_html(words.get("words", ""), language)}

    def rename_talk(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        if not model.may_be_changed_by(request.headers):
            return {"error": TEXTS[as_language(words.get("language"))].refused}
        return _told(lambda: history.rename(words.get("talk", ""), words.get("title", "")))

    def remove_talk(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        if not model.may_be_changed_by(request.headers):
            return {"error": TEXTS[as_language(words.get("language"))].refused}
        desk.forget(words.get("talk", ""))
        return _told(lambda: history.remove(words.get("talk", "")))

    def export_talk(values: Any) -> dict[str, str]:
        words = as_words(values)
        try:
            found = history.export(words.get("talk", ""), words.get("kind", ""))
        except RagError as error:
            return {"error": str(error)}
        gone = TEXTS[as_language(words.get("language"))].conversation_gone
        return {"name": found[0], "text": found[1]} if found else {"error": gone}

    def copy_answer(values: Any) -> dict[str, str]:
        words = as_words(values)
        try:
            return {"text": history.copied(words.get("talk", ""), words.get("message", ""))}
        except RagError as error:
            return {"error": str(error)}

    return [history_panel, history_list, rename_talk, remove_talk, export_talk, copy_answer]


def _settings_services(model: LanguageModel) -> list[Service]:
    def settings_panel(values: Any, request: gr.Request) -> dict[str, str]:
        language = as_language(as_words(values).get("language"))
        may_change = model.may_be_changed_by(request.headers)
        return {"html": settings_html(model, language, may_change=may_change)}

    def change_model(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        said = TEXTS[as_language(words.get("language"))]
        if not model.may_be_changed_by(request.headers):
            return {"error": said.refused}
        return _told(lambda: model.change(words)) or {"said": said.saved}

    def try_model(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        said = TEXTS[as_language(words.get("language"))]
        if not model.may_be_changed_by(request.headers):
            return {"error": said.refused}
        return {"said": model.tried(words, said)}

    return [settings_panel, change_model, try_model]


def _told(act: Callable[[], None]) -> dict[str, str]:
    """Do it; what went wrong if it did."""
    try:
        act()
    except RagError as error:
        return {"error": str(error)}
    return {}
