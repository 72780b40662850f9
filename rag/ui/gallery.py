"""The view of pictures: those of the collection, and of an evaluation that is run from the page."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from threading import Lock
from typing import TYPE_CHECKING, Final

from rag.errors import RagError
from rag.types import Language
from rag.ui.evaluating import Evaluated, Progressed, Refused, run_evaluation
from rag.ui.gallery_texts import GALLERY_TEXTS
from rag.ui.look_texts import LOOK_TEXTS
from rag.ui.texts import TEXTS
from rag.ui.uploads import Uploads

if TYPE_CHECKING:
    from gradio.components.plot import PlotData

    from rag.index import Index
    from rag.overview import MapPoint, Overview

PICTURES: Final = ("map", "over_time", "sizes", "languages", "publishers")
"""The pictures of a collection, in the order they stand in."""
EVALUATION_PICTURES: Final = ("recall", "refusal")

_LOG = logging.getLogger(__name__)
_KEPT = 8  # finished evaluations, of all visitors
_NAMED = 12  # names without an article


@dataclass(frozen=True, slots=True)
class Drawn:
    """The view of a collection: what stands above, and each picture's heading and data."""

    head: str
    headings: tuple[str, ...]
    plots: tuple[PlotData, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """An evaluation as it is shown; `plots` and `headings` are None until it has ended."""

    html: str
    headings: tuple[str, ...] | None = None
    plots: tuple[PlotData, ...] | None = None


class Gallery:
    """The pictures of an index, made once for all visitors until it changes."""

    def __init__(self, index: Index, uploads: Uploads) -> None:
        self._index, self._uploads = index, uploads
        self._lock = Lock()
        self._seen: tuple[int, Overview, tuple[MapPoint, ...]] | None = None
        self._evaluated: OrderedDict[str, Evaluated] = OrderedDict()

    def drawn(self, language: Language, *, dark: bool) -> Drawn:
        """The pictures of the collection. Raises StoreError."""
        from rag.ui.canvas import plot_data
        from rag.ui.look import pictures, summary

        overview, points = self._look()
        found, words = pictures(overview, points, language, dark=dark), LOOK_TEXTS[language]
        lines = "".join(
            f"<li>{escape(each)}</li>" for each in summary(overview, len(points), language)
        )
        return Drawn(
            f'<h2>{TEXTS[language].look_view}</h2><ul class="meta">{lines}</ul>',
            tuple(
                f"<h3>{getattr(words, name)}</h3>"
                + (f'<p class="meta">{words.map_note}</p>' if name == "map" else "")
                for name in PICTURES
            ),
            tuple(plot_data(getattr(found, name), language) for name in PICTURES),
        )

    def _look(self) -> tuple[Overview, tuple[MapPoint, ...]]:
        from rag.overview import overview, passage_map

        with self._lock, self._index.pinned():
            number = self._index.generation
            if self._seen is None or self._seen[0] != number:
                self._seen = number, overview(self._index), passage_map(self._index)
            return self._seen[1:]

    # --- evaluation ---

    def evaluate(
        self, batch: str, language: Language, *, dark: bool, stopped: Callable[[], bool]
    ) -> Iterator[Measured]:
        """Run the questions file of a batch; says how far it is, then what it found."""
        words = GALLERY_TEXTS[language]
        try:
            name, path = self._uploads.sent_file(batch)
            steps = run_evaluation(self._index, path, name, language)
            for step in steps:
                if stopped():
                    steps.close()
                    yield Measured(evaluation_html(language))
                    return
                yield self._step(step, language, dark=dark)
        except RagError as error:
            yield Measured(evaluation_html(language, _wrong(str(error))))
        except Exception:  # noqa: BLE001 - a door: the reader gets a word, the log the traceback
            _LOG.exception("evaluating failed")
            yield Measured(evaluation_html(language, _wrong(words.failed)))
        finally:
            self._uploads.drop(batch)

    def _step(
        self, step: Progressed | Evaluated | Refused, language: Language, *, dark: bool
    ) -> Measured:
        if isinstance(step, Refused):
            return Measured(evaluation_html(language, _wrong(step.why)))
        if isinstance(step, Progressed):
            return Measured(evaluation_html(language, _progress(step, language), running=True))
        token = secrets.token_hex(8)
        with self._lock:
            self._evaluated[token] = step
            while len(self._evaluated) > _KEPT:
                self._evaluated.popitem(last=False)
        return self.measured(token, language, dark=dark)

    def measured(self, token: str, language: Language, *, dark: bool) -> Measured:
        """A finished evaluation; an empty form where it is no longer kept."""
        from rag.ui.canvas import plot_data
        from rag.ui.look_evaluation import evaluation_pictures

        found = self._evaluated.get(token)
        if found is None:
            return Measured(evaluation_html(language))
        made, words = (
            evaluation_pictures(found.evaluation, language, dark=dark),
            LOOK_TEXTS[language],
        )
        return Measured(
            evaluation_html(language, _figures(found, token, language)),
            tuple(f"<h3>{getattr(words, name)}</h3>" for name in EVALUATION_PICTURES),
            tuple(plot_data(getattr(made, name), language) for name in EVALUATION_PICTURES),
        )

    def report(self, token: str) -> str:
        """The report of a finished evaluation, as an HTML page; empty where it is gone."""
        found = self._evaluated.get(token)
        return found.report if found else ""


def evaluation_html(
    language: Language, below: str = "", *, running: bool = False, may_run: bool = True
) -> str:
    """The form of an evaluation, and what stands below it."""
    words = GALLERY_TEXTS[language]
    if not may_run:
        act = f'<p class="notice">{words.fixed}</p>'
    elif running:
        act = f'<button type="button" class="plain" data-halt>{words.stop}</button>'
    else:
        act = f'<button type="button" class="plain" data-measure>{words.choose}</button>'
    return (
        f'<section class="measuring" aria-labelledby="measuring-title">'
        f'<h2 id="measuring-title">{words.evaluation}</h2><p class="meta">{words.what}</p>{act}'
        f'<input type="file" data-questions accept=".jsonl,.ndjson" hidden>{below}</section>'
    )


def _progress(step: Progressed, language: Language) -> str:
    label = GALLERY_TEXTS[language].evaluation
    return (
        f'<p class="state" role="status">{step.text(language)}</p>'
        f'<progress max="{max(1, step.total)}" value="{step.done}" aria-label="{label}"></progress>'
    )


def _wrong(why: str) -> str:
    return f'<p class="wrong" role="alert">{escape(why)}</p>' if why else ""


def _figures(found: Evaluated, token: str, language: Language) -> str:
    """The main figures, the names that no article answers to, and the way to the whole report."""
    words, overall = GALLERY_TEXTS[language], found.evaluation.overall
    shown = [
        (f"{overall.questions:,}", words.questions),
        (_share(overall.recall_at_1), words.first),
        (_share(overall.recall_at_10), words.ten),
        (_share(overall.answer_hit), words.answers),
        (f"{overall.declined:,}", words.declined),
        (_share(overall.citation_valid), words.quotes),
    ]
    cells = "".join(f"<div><dd>{value}</dd><dt>{what}</dt></div>" for value, what in shown)
    missing = ""
    if found.missing:
        names = ", ".join(found.missing[:_NAMED]) + ("…" if len(found.missing) > _NAMED else "")
        missing = f'<p class="meta">{escape(words.missing.format(names=names))}</p>'
    return (
        f'<dl data-evaluation="{token}">{cells}</dl>{missing}'
        f'<p><button type="button" class="plain" data-report="{token}">{words.save}</button></p>'
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
