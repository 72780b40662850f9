"""The view of pictures, tied to what its reader does. Nothing of it is drawn before it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.ui.answer import message_html
from rag.ui.gallery import (
    EVALUATION_PICTURES,
    PICTURES,
    Gallery,
    Measured,
    evaluation_html,
)
from rag.ui.language_model import LanguageModel
from rag.ui.texts import TEXTS, as_language


@dataclass(frozen=True, slots=True)
class LookParts:
    """The components of the view; pictures and their headings stand side by side."""

    head: gr.HTML
    headings: tuple[gr.HTML, ...]
    plots: tuple[gr.Plot, ...]
    measuring: gr.HTML
    measured_headings: tuple[gr.HTML, ...]
    measured: tuple[gr.Plot, ...]


def look_parts() -> LookParts:
    """The empty view."""
    with gr.Column(elem_id="look"):
        head = _html("look-head")
        with gr.Column(elem_classes="pictures"):
            headings, plots = _pictures(PICTURES)
        measuring = _html("measuring")
        with gr.Column(elem_classes="pictures"):
            measured_headings, measured = _pictures(EVALUATION_PICTURES)
    return LookParts(head, headings, plots, measuring, measured_headings, measured)


def _pictures(names: tuple[str, ...]) -> tuple[tuple[gr.HTML, ...], tuple[gr.Plot, ...]]:
    headings, plots = [], []
    for name in names:
        with gr.Column(elem_classes=["picture", f"picture-{name.replace('_', '-')}"]):
            headings.append(_html(f"heading-{name}"))
            plots.append(gr.Plot(show_label=False, container=False, elem_id=f"plot-{name}"))
    return tuple(headings), tuple(plots)


def wire_look(
    hub: gr.HTML, page_language: gr.Radio, parts: LookParts, gallery: Gallery, model: LanguageModel
) -> None:
    """Draw when the view is first seen, when theme, language or articles changed; evaluate."""
    stops: dict[str, Event] = {}  # of the evaluations under way, by session
    evaluation = [parts.measuring, *parts.measured_headings, *parts.measured]

    def look(tag: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        language, dark = as_language(tag), bool(event._data.get("dark"))
        token = str(event._data.get("evaluation") or "")
        try:
            drawn = gallery.drawn(language, dark=dark)
        except RagError as error:
            wrong = message_html(TEXTS[language].failed, str(error))
            return [wrong, *[gr.skip()] * (2 * len(PICTURES) + len(evaluation))]
        measured = gallery.measured(token, language, dark=dark)
        if not model.may_be_changed_by(request.headers):
            measured = Measured(evaluation_html(language, may_run=False))
        return [drawn.head, *drawn.headings, *drawn.plots, *_evaluation(measured, blank=True)]

    def evaluate(tag: str, event: gr.EventData, request: gr.Request) -> Iterator[list[Any]]:
        language, dark = as_language(tag), bool(event._data.get("dark"))
        if not model.may_be_changed_by(request.headers):
            yield _evaluation(Measured(evaluation_html(language, may_run=False)))
            return
        session = str(request.session_hash)
        batch = str(event._data.get("batch") or "")
        stop = stops[session] = Event()
        try:
            for step in gallery.evaluate(batch, language, dark=dark, stopped=stop.is_set):
                yield _evaluation(step, blank=step.plots is None)
        finally:
            stops.pop(session, None)

    def halt(request: gr.Request) -> None:
        if stop := stops.get(str(request.session_hash)):
            stop.set()

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    hub.look(
        look,
        page_language,
        [parts.head, *parts.headings, *parts.plots, *evaluation],
        queue=False,
        trigger_mode="always_last",
        **quiet,
    )
    hub.evaluate(
        evaluate, page_language, evaluation, trigger_mode="once", concurrency_limit=2, **quiet
    )
    hub.halt(halt, None, None, queue=False, **quiet)


def _evaluation(measured: Measured, *, blank: bool = False) -> list[Any]:
    """Values for the evaluation's parts; `blank` takes away the pictures of an earlier one."""
    count = len(EVALUATION_PICTURES)
    if measured.headings is None or measured.plots is None:
        kept: list[Any] = [gr.skip()] * (2 * count)
        return [measured.html, *([*[""] * count, *[None] * count] if blank else kept)]
    return [measured.html, *measured.headings, *measured.plots]


def _html(identity: str) -> gr.HTML:
    return gr.HTML("", elem_id=identity, js_on_load=None, apply_default_css=False)
