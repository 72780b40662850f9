"""Pictures over a collection: plotly figures in the colours and languages of the page.

What articles say of themselves is data: a figure shows it as it is written, and no markup in it
means anything. Figures carry no title of their own; `LOOK_TEXTS` has the headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

from rag.overview import Interval, MapPoint, Overview, SizeBin, Unit
from rag.types import LANGUAGES, Language
from rag.ui.canvas import CLEAR, SMALL, TEXT, Canvas, canvas_for
from rag.ui.look_texts import LOOK_TEXTS, LookTexts, articles_text, month_text, passages_text
from rag.ui.plot_text import in_plot, shortened, wrapped

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_SYMBOLS: Final[dict[Language, str]] = {
    "en": "circle",
    "zh-Hans": "diamond",
    "zh-Hant": "triangle-up",
}
# How many points at most, and their size in pixels and opacity: the more, the lighter.
_MARKERS = ((100, (11, 0.85)), (500, (9, 0.8)), (2000, (7, 0.75)), (float("inf"), (5, 0.55)))
_ROW = 30  # pixels of a horizontal bar
_HOVER_COLUMNS, _HOVER_LINES = 44, 4  # fits a phone
_NAME_COLUMNS = 20  # of a publisher beside its bar
_LEAST_PLACES = 6  # of bars, so that few don't become blocks
_MOST_LABELS = {"month": 4, "year": 6}  # under a picture over time: they have room on a phone


@dataclass(frozen=True, slots=True)
class Pictures:
    """The figures of a collection."""

    over_time: Figure
    languages: Figure
    publishers: Figure
    sizes: Figure
    map: Figure


def pictures(
    overview: Overview, points: Sequence[MapPoint], language: Language, *, dark: bool
) -> Pictures:
    """All figures, in a language of the page and for its light or dark theme."""
    canvas = canvas_for(language, dark=dark)
    return Pictures(
        over_time=_over_time(overview, canvas),
        languages=_languages(overview, canvas),
        publishers=_publishers(overview, canvas),
        sizes=_sizes(overview.sizes, canvas),
        map=_map(points, canvas),
    )


def summary(overview: Overview, points: int, language: Language) -> tuple[str, ...]:
    """The collection in a few words, for above the pictures: articles, passages, what is not shown.

    `points` is how many passages the map shows.
    """
    words = LOOK_TEXTS[language]
    said = [articles_text(overview.articles, words), passages_text(overview.passages, words)]
    if overview.undated:
        said.append(words.undated.format(articles=articles_text(overview.undated, words)))
    if points < overview.passages:
        said.append(words.sampled.format(shown=f"{points:,}", count=f"{overview.passages:,}"))
    return tuple(said)


def _over_time(overview: Overview, canvas: Canvas) -> Figure:
    words, intervals = canvas.words, overview.intervals
    if not intervals:
        return canvas.empty(200, words.nothing_dated if overview.articles else words.nothing)
    places = [_place(each) for each in intervals]
    times = [month_text(each.year, each.month, words) for each in intervals]
    figure = canvas.figure(280)
    for language in LANGUAGES:
        if language not in overview.languages:
            continue
        counts = [each.articles.get(language, 0) for each in intervals]
        said = [
            f"{time}<br>{words.named[language]}: {articles_text(count, words)}"
            for time, count in zip(times, counts, strict=True)
        ]
        figure.add_bar(
            name=words.brief[language],
            x=places,
            y=counts,
            hovertext=said,
            hoverinfo="text",
            marker={"color": canvas.colours.languages[language], "line": {"width": 0}},
        )
    several = len(overview.languages) > 1
    figure.update_layout(barmode="stack", showlegend=several, legend={"traceorder": "normal"})
    _time_axis(figure, min(places), max(places), overview.unit, canvas)
    return canvas.counted(figure, max(sum(each.articles.values()) for each in intervals))


def _place(interval: Interval) -> int:
    """A year, or a month counted from the year 0, so that a gap in time is one in the picture."""
    return interval.year if interval.month is None else interval.year * 12 + interval.month - 1


def _place_text(place: int, unit: Unit, words: LookTexts) -> str:
    year, month = divmod(place, 12)
    return month_text(year, month + 1, words) if unit == "month" else month_text(place, None, words)


def _time_axis(figure: Figure, first: int, last: int, unit: Unit, canvas: Canvas) -> None:
    """Let the places from the first to the last fill the width, and name some of them."""
    count = last - first + 1
    room = max(0, _LEAST_PLACES - count) / 2
    ticks = list(range(first, last + 1, ceil(count / _MOST_LABELS[unit])))
    figure.update_xaxes(
        range=[first - 0.7 - room, last + 0.7 + room],
        tickvals=ticks,
        ticktext=[_place_text(at, unit, canvas.words) for at in ticks],
        tickangle=0,
        ticks="outside",
        ticklen=5,
        tickcolor=canvas.colours.line,
        showline=True,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A horizontal bar: its name, already fit for a figure, how much it is, and its colour.

    What stands for many together has no colour and no bar: it would dwarf the others.
    """

    name: str
    said: str
    count: int
    colour: str | None


def _languages(overview: Overview, canvas: Canvas) -> Figure:
    words = canvas.words
    rows = [
        _Row(
            words.named[language],
            f"{words.named[language]}: {articles_text(count, words)}",
            count,
            canvas.colours.languages[language],
        )
        for language, count in overview.languages.items()
    ]
    return _rows(rows, canvas)


def _publishers(overview: Overview, canvas: Canvas) -> Figure:
    words, colours = canvas.words, canvas.colours
    rows = [
        _Row(
            in_plot(shortened(each.name, _NAME_COLUMNS)),
            f"{wrapped(each.name, _HOVER_COLUMNS, 2)}<br>{articles_text(each.articles, words)}",
            each.articles,
            colours.accent,
        )
        for each in overview.publishers
    ]
    for name, count in (
        (words.others.format(count=f"{overview.others:,}"), overview.other_articles),
        (words.unnamed, overview.unnamed),
    ):
        if count:
            rows.append(_Row(name, f"{name}: {articles_text(count, words)}", count, None))
    return _rows(rows, canvas)


def _rows(rows: Sequence[_Row], canvas: Canvas) -> Figure:
    """Horizontal bars, the first on top, each with its number behind it."""
    if not rows:
        return canvas.empty(120, canvas.words.nothing)
    figure = canvas.figure(_ROW * len(rows) + 24)
    places = list(range(len(rows)))
    lengths = [row.count if row.colour else 0 for row in rows]
    figure.add_bar(
        orientation="h",
        x=lengths,
        y=places,
        text=[f"{row.count:,}" for row in rows],
        textposition="outside",
        textfont={"color": canvas.colours.ink, "size": SMALL},
        textangle=0,
        cliponaxis=False,
        hovertext=[row.said for row in rows],
        hoverinfo="text",
        marker={"color": [row.colour or CLEAR for row in rows], "line": {"width": 0}},
        width=0.62,
    )
    figure.update_layout(margin={"r": 56})  # where the number of the longest bar stands
    figure.update_xaxes(visible=False, range=[0, max(lengths) or 1])
    return figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=places,
        ticktext=[row.name + "  " for row in rows],
        tickfont={"color": canvas.colours.ink, "size": TEXT},
    )


def _sizes(bins: Sequence[SizeBin], canvas: Canvas) -> Figure:
    words = canvas.words
    if not bins:
        return canvas.empty(200, words.nothing)
    names = [
        f"{each.first:,}" if each.first == each.last else f"{each.first:,}–{each.last:,}"
        for each in bins
    ]
    figure = canvas.figure(260)
    figure.add_bar(
        x=list(range(len(bins))),
        y=[each.articles for each in bins],
        hovertext=[
            f"{words.per_article}: {name}<br>{articles_text(each.articles, words)}"
            for name, each in zip(names, bins, strict=True)
        ],
        hoverinfo="text",
        marker={"color": canvas.colours.accent, "line": {"width": 0}},
    )
    figure.update_xaxes(
        tickvals=list(range(len(bins))),
        ticktext=names,
        tickangle=0,
        title={"text": words.per_article, "standoff": 8},
        showline=True,
        range=[-0.7, len(bins) - 0.3],
    )
    return canvas.counted(figure, max(each.articles for each in bins))


def _map(points: Sequence[MapPoint], canvas: Canvas) -> Figure:
    """A point for each passage; `customdata` holds its document id, start and end."""
    words = canvas.words
    if not points:
        return canvas.empty(320, words.nothing)
    figure = canvas.figure(520)
    size, opacity = next(look for most, look in _MARKERS if len(points) <= most)
    for language in LANGUAGES:
        own = [point for point in points if point.language == language]
        if not own:
            continue
        figure.add_scatter(
            name=words.brief[language],
            mode="markers",
            x=[point.x for point in own],
            y=[point.y for point in own],
            customdata=[[point.document_id, point.start, point.end] for point in own],
            hovertext=[_hover(point, words) for point in own],
            hoverinfo="text",
            marker={
                "color": canvas.colours.languages[language],
                "symbol": _SYMBOLS[language],
                "size": size + 2 if language == "zh-Hant" else size,  # triangles look smaller
                "opacity": opacity,
                "line": {"width": 0.5, "color": canvas.colours.paper},
            },
        )
    figure.update_layout(
        meta={"zooms": True},
        clickmode="event",
        margin={"t": 36},  # where the buttons stand
        showlegend=True,
        legend={"itemsizing": "constant", "y": 0, "yanchor": "top"},
        modebar={
            "bgcolor": CLEAR,
            "color": canvas.colours.soft,
            "activecolor": canvas.colours.accent,
        },
    )
    figure.update_xaxes(visible=False, fixedrange=False, range=_around([p.x for p in points]))
    figure.update_yaxes(visible=False, fixedrange=False, range=_around([p.y for p in points]))
    return figure


def _around(values: Sequence[float]) -> tuple[float, float]:
    """A range with some room on both sides."""
    low, high = min(values), max(values)
    room = (high - low) * 0.05 or 1.0
    return low - room, high + room


def _hover(point: MapPoint, words: LookTexts) -> str:
    title = wrapped(point.title or words.untitled, _HOVER_COLUMNS, 2)
    return f"<b>{title}</b><br>{wrapped(point.text, _HOVER_COLUMNS, _HOVER_LINES)}"
