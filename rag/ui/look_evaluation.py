"""Pictures of an evaluation, in the style of those of the collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag import metrics
from rag.evaluate import NO_ARTICLE, NOT_FOUND, Evaluation, Figures
from rag.types import Language
from rag.ui.canvas import Canvas, canvas_for
from rag.ui.plot_text import in_plot, shortened

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_ROW = 34  # pixels of a pair of languages
_MOST_PAIRS = 24  # a questions file may name any language
_NAME_COLUMNS = 22
_DEPTHS = ((1, "circle"), (3, "diamond"), (10, "line-ns-open"))


@dataclass(frozen=True, slots=True)
class EvaluationPictures:
    """The figures of an evaluation."""

    recall: Figure
    refusal: Figure


def evaluation_pictures(
    evaluation: Evaluation, language: Language, *, dark: bool
) -> EvaluationPictures:
    """All figures, in a language of the page and for its light or dark theme."""
    canvas = canvas_for(language, dark=dark)
    return EvaluationPictures(_recall(evaluation, canvas), _refusal(evaluation, canvas))


def _recall(evaluation: Evaluation, canvas: Canvas) -> Figure:
    """A row for each pair of question and article language, with its recall at 1, 3 and 10."""
    words, colours = canvas.words, canvas.colours
    named = {words.overall: evaluation.overall} | {
        _pair(pair, canvas): figures for pair, figures in evaluation.pairs.items()
    }
    found = [(name, each) for name, each in named.items() if each.recall_at_10 is not None]
    if not found:
        return canvas.empty(120, words.nothing_found)
    found = found[: _MOST_PAIRS + 1]
    figure = canvas.figure(_ROW * len(found) + 76)
    places = list(range(len(found)))
    for depth, symbol in _DEPTHS:
        shares = [_recall_at(each, depth) or 0.0 for _, each in found]
        what = words.found.format(count=depth)
        figure.add_scatter(
            name=what,
            mode="markers",
            x=shares,
            y=places,
            cliponaxis=False,
            hovertext=[
                f"{name}<br>{what}: {share:.1%}<br>"
                + words.questions.format(count=f"{each.questions:,}")
                for (name, each), share in zip(found, shares, strict=True)
            ],
            hoverinfo="text",
            marker={
                "symbol": symbol,
                "size": 11,
                "color": colours.accent if depth < 10 else colours.ink,
                "opacity": 1 if depth != 3 else 0.55,
                "line": {"width": 2 if depth == 10 else 0, "color": colours.ink},
            },
        )
    figure.update_layout(showlegend=True, margin={"r": 24})
    figure.update_xaxes(
        range=[0, 1], tickformat=".0%", dtick=0.25, showgrid=True, gridcolor=colours.line
    )
    return figure.update_yaxes(
        range=[len(found) - 0.5, -0.5],
        tickvals=places,
        ticktext=[name + "  " for name, _ in found],
        tickfont={"color": colours.ink},
        showgrid=True,
        gridcolor=colours.line,
    )


def _recall_at(figures: Figures, depth: int) -> float | None:
    return {1: figures.recall_at_1, 3: figures.recall_at_3, 10: figures.recall_at_10}[depth]


def _pair(pair: str, canvas: Canvas) -> str:
    """`en->zh-Hans` as a reader sees it. The first language is what the file says: data."""
    words = canvas.words
    asked, _, article = pair.rpartition("->")
    shown = {NO_ARTICLE: words.none, NOT_FOUND: words.unknown}.get(article, article)
    return in_plot(shortened(f"{asked} → {shown}", _NAME_COLUMNS))


def _refusal(evaluation: Evaluation, canvas: Canvas) -> Figure:
    """What share of questions each threshold would have answered or declined wrongly."""
    words, colours = canvas.words, canvas.colours
    curve = metrics.refusal_curve(
        [outcome.answer.confidence for outcome in evaluation.outcomes],
        [outcome.question.answerable for outcome in evaluation.outcomes],
    )
    # "Answer none" lies above every confidence: drawn at 1, where the axis ends.
    thresholds = [0.0, *(min(point.threshold, 1.0) for point in curve)]
    curve = (*curve[:1], *curve)
    figure = canvas.figure(300)
    for name, shares, colour, dash in (
        (words.hallucination, [each.hallucination_rate for each in curve], colours.ink, "dot"),
        (words.miss, [each.miss_rate for each in curve], colours.accent, "solid"),
    ):
        figure.add_scatter(
            name=name,
            mode="lines",
            x=thresholds,
            y=shares,
            line={"color": colour, "dash": dash, "width": 2, "shape": "vh"},
            hovertemplate=f"{name}: %{{y:.0%}}<br>{words.threshold}: %{{x:.2f}}<extra></extra>",
        )
    figure.update_layout(showlegend=True, margin={"r": 16})
    figure.update_xaxes(range=[0, 1], nticks=6, title={"text": words.threshold}, showline=True)
    return figure.update_yaxes(
        range=[0, 1.02], tickformat=".0%", dtick=0.25, showgrid=True, gridcolor=colours.line
    )
