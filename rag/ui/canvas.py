"""What every figure of the page is drawn on: colours, fonts, and how plotly is asked for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rag.types import Language
from rag.ui.look_texts import LOOK_TEXTS, LookTexts

if TYPE_CHECKING:
    from gradio.components.plot import PlotData
    from plotly.graph_objects import Figure

TEXT, SMALL = 13, 12
"""Sizes of type in a figure, in pixels."""
CLEAR: Final = "rgba(0,0,0,0)"


@dataclass(frozen=True, slots=True)
class Colours:
    """What figures are drawn in; `languages` differ also for eyes that miss a colour."""

    ink: str
    soft: str
    line: str
    paper: str
    accent: str
    languages: dict[Language, str]


LIGHT: Final = Colours(
    ink="#1c1917",
    soft="#5f5952",
    line="#dedad4",
    paper="#ffffff",
    accent="#0f766e",
    languages={"en": "#0072b2", "zh-Hans": "#d55e00", "zh-Hant": "#882255"},
)
DARK: Final = Colours(
    ink="#ece9e4",
    soft="#b3ada5",
    line="#3d3935",
    paper="#232120",
    accent="#5fd6c8",
    languages={"en": "#4da3e8", "zh-Hans": "#f2a93b", "zh-Hant": "#e9dfbd"},
)

_FONTS: Final[dict[Language, str]] = {
    "en": 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
    "zh-Hans": 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
    "zh-Hant": 'system-ui, "PingFang TC", "Microsoft JhengHei", "Noto Sans CJK TC", sans-serif',
}


@dataclass(frozen=True, slots=True)
class Canvas:
    """What every figure is made with: words, colours and the list of fonts."""

    words: LookTexts
    colours: Colours
    fonts: str

    def figure(self, height: int) -> Figure:
        """An empty figure in the page's style, as wide as its place."""
        from plotly import graph_objects as plots

        colours = self.colours
        axis = {
            "showgrid": False,
            "showline": False,
            "zeroline": False,
            "fixedrange": True,
            "linecolor": colours.line,
            "tickfont": {"color": colours.soft, "size": SMALL},
            "title": {"font": {"color": colours.soft, "size": SMALL}},
            "automargin": True,
        }
        figure = plots.Figure()
        figure.update_layout(
            template="none",
            height=height,
            margin={"l": 8, "r": 8, "t": 8, "b": 8},
            paper_bgcolor=CLEAR,
            plot_bgcolor=CLEAR,
            font={"family": self.fonts, "size": TEXT, "color": colours.ink},
            hovermode="closest",
            dragmode=False,
            showlegend=False,
            bargap=0.25,
            xaxis=axis,
            yaxis=axis,
            hoverlabel={
                "bgcolor": colours.paper,
                "bordercolor": colours.line,
                "align": "left",
                "font": {"family": self.fonts, "size": TEXT, "color": colours.ink},
            },
            legend={
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1,
                "yanchor": "bottom",
                "font": {"color": colours.ink, "size": TEXT},
                "bgcolor": CLEAR,
            },
        )
        return figure

    def empty(self, height: int, said: str) -> Figure:
        """A figure with nothing but a line that says so."""
        figure = self.figure(height)
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
        figure.add_annotation(
            text=said,
            showarrow=False,
            xref="paper",
            yref="paper",
            x=0.5,
            y=0.5,
            font={"color": self.colours.soft, "size": TEXT},
        )
        return figure

    def counted(self, figure: Figure, largest: int) -> Figure:
        """The figure with an upright axis that counts from 0 in whole numbers."""
        step: dict[str, Any] = {"dtick": 1} if largest < 4 else {"nticks": 5}
        return figure.update_yaxes(
            showgrid=True,
            gridcolor=self.colours.line,
            rangemode="tozero",
            separatethousands=True,
            tickformat=",d",
            **step,
        )


def canvas_for(language: Language, *, dark: bool) -> Canvas:
    """What to draw with in a language of the page and its light or dark theme."""
    return Canvas(LOOK_TEXTS[language], DARK if dark else LIGHT, _FONTS[language])


def plot_data(figure: Figure, language: Language) -> PlotData:
    """A figure as a value of `gradio.Plot`, whose plotly.js is Gradio's own and local.

    A figure alone would come with plotly's logo, a link to its makers, and with all of its buttons.
    """
    from gradio.components.plot import PlotData

    buttons = LOOK_TEXTS[language].buttons
    whole = json.loads(figure.to_json())
    whole["config"] = {
        "displaylogo": False,
        "displayModeBar": bool(figure.layout.meta),
        "modeBarButtons": [["zoomIn2d", "zoomOut2d", "pan2d", "resetScale2d"]],
        "showTips": False,
        "locale": "page",
        "locales": {"page": {"dictionary": buttons, "format": {}}},
    }
    return PlotData(type="plotly", plot=json.dumps(whole, ensure_ascii=False))
