"""The articles of the page: table, pictures and what changes them, and the door for files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import gradio as gr
from fastapi import FastAPI, Request, Response

from rag.errors import RagError, UsageError
from rag.index import Index
from rag.ui.addresses import addresses
from rag.ui.changes import last_html, removed_html
from rag.ui.gallery import Gallery
from rag.ui.history import as_words
from rag.ui.intake import Intake
from rag.ui.language_model import LanguageModel
from rag.ui.listing import Listing, as_view
from rag.ui.reasons import told_reason
from rag.ui.removals import Removals
from rag.ui.shelf import held_html, listed_html, run_html, shelf_html
from rag.ui.shelf_texts import SHELF_TEXTS
from rag.ui.texts import TEXTS, as_language

Service = Callable[..., dict[str, str]]

PLACE: Final = "/articles/sent"


@dataclass(frozen=True, slots=True)
class Stock:
    """What adds to an index and takes from it, its table and its pictures."""

    intake: Intake
    removals: Removals
    listing: Listing
    gallery: Gallery

    @classmethod
    def of(cls, index: Index) -> Stock:
        """The articles of an open index."""
        intake = Intake(index)
        uploads = intake.uploads
        return cls(intake, Removals(index, uploads), Listing(index), Gallery(index, uploads))


def receive_files(app: FastAPI, stock: Stock, model: LanguageModel) -> None:
    """Take the files that the page sends, each as the body of a request of its own."""

    async def receive(request: Request) -> Response:
        if not model.may_be_changed_by(request.headers):
            return Response(status_code=403)
        batch, name = request.path_params["batch"], request.query_params.get("name", "")
        try:
            await stock.intake.uploads.receive(batch, name, request.stream())
        except UsageError as error:
            return Response(str(error), status_code=409)
        return Response(status_code=204)

    app.add_route(PLACE + "/{batch}", receive, methods=["POST"])


def stock_services(stock: Stock, model: LanguageModel) -> list[Service]:
    """What the scripts of the view ask of the server, by the names that they know."""
    return [*_looking(stock, model), *_adding(stock, model), *_removing(stock, model)]


def _looking(stock: Stock, model: LanguageModel) -> list[Service]:
    def shelf_view(values: Any, request: gr.Request) -> dict[str, str]:
        language = as_language(as_words(values).get("language"))
        return {"html": shelf_html(language, may_change=model.may_be_changed_by(request.headers))}

    def shelf_list(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        language = as_language(words.get("language"))
        may_change = model.may_be_changed_by(request.headers)
        try:
            shown = stock.listing.page(as_view(words))
        except RagError as error:
            return _said(error, words)
        return {
            "html": listed_html(shown, language, may_change=may_change),
            "held": held_html(shown, language),
            "last": last_html(stock.intake.last(), language),
            "removed": removed_html(stock.removals.offered(), language) if may_change else "",
        }

    def shelf_run(values: Any) -> dict[str, str]:
        return _run(stock, as_words(values))

    def evaluation_report(values: Any) -> dict[str, str]:
        return {"text": stock.gallery.report(as_words(values).get("token", ""))}

    return [shelf_view, shelf_list, shelf_run, evaluation_report]


def _adding(stock: Stock, model: LanguageModel) -> list[Service]:
    def shelf_begin(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        refused = _refused(model, request, words)
        if refused or (stock.intake.busy and not words.get("reads")):
            return refused or _busy(words)
        return {"batch": stock.intake.uploads.begin()}

    def shelf_add(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        if refused := _refused(model, request, words):
            return refused
        wanted = addresses(words.get("addresses", ""))
        return _begun(stock, words, lambda: stock.intake.add(words.get("batch", ""), wanted))

    def shelf_reread(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        if refused := _refused(model, request, words):
            return refused
        return _begun(stock, words, lambda: stock.intake.again(words.get("document") or None))

    def shelf_cancel(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        if refused := _refused(model, request, words):
            return refused
        if batch := words.get("batch"):
            stock.intake.uploads.drop(batch)
        else:
            stock.intake.cancel()
        return {}

    return [shelf_begin, shelf_add, shelf_reread, shelf_cancel]


def _removing(stock: Stock, model: LanguageModel) -> list[Service]:
    def shelf_discard(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        refused = _refused(model, request, words)
        if refused or stock.intake.busy:
            return refused or _busy(words)
        try:
            stock.removals.remove(words.get("document", ""))
        except RagError as error:
            return _said(error, words)
        return {}

    def shelf_undo(values: Any, request: gr.Request) -> dict[str, str]:
        words = as_words(values)
        refused = _refused(model, request, words)
        if refused or stock.intake.busy:
            return refused or _busy(words)
        try:
            back = stock.removals.undo(words.get("removal", ""))
        except RagError as error:
            return _said(error, words)
        return {} if back else {"error": SHELF_TEXTS[as_language(words.get("language"))].too_late}

    return [shelf_discard, shelf_undo]


def _begun(stock: Stock, words: dict[str, str], begin: Callable[[], bool]) -> dict[str, str]:
    """Begin a run, and say how far it is; or why there is none."""
    try:
        return _run(stock, words) if begin() else _busy(words)
    except RagError as error:
        return _said(error, words)


def _run(stock: Stock, words: dict[str, str]) -> dict[str, str]:
    status = stock.intake.status()
    ended = status is None or status.ended
    html = run_html(status, as_language(words.get("language")))
    return {"html": html, "ended": "yes" if ended else ""}


def _busy(words: dict[str, str]) -> dict[str, str]:
    return {"error": SHELF_TEXTS[as_language(words.get("language"))].busy}


def _said(error: RagError, words: dict[str, str]) -> dict[str, str]:
    return {"error": told_reason(str(error), as_language(words.get("language")))}


def _refused(model: LanguageModel, request: gr.Request, words: dict[str, str]) -> dict[str, str]:
    """Why a request may change nothing; empty where it may."""
    if model.may_be_changed_by(request.headers):
        return {}
    return {"error": TEXTS[as_language(words.get("language"))].refused}
