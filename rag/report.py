"""An evaluation as one HTML page with plots that opens without a network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from rag import metrics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.evaluate import Evaluation, Figures, Outcome

_BLUE, _TEAL, _SAND, _RED = "#1f4e79", "#2a9d8f", "#e0a458", "#c44536"
_CONFIG = {"displaylogo": False, "responsive": True}
_NOTE = 300  # characters of an answer in the table of failures

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
body {{ font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; color: #1b2430;
  max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.6rem; }} h2 {{ font-size: 1.2rem; margin-top: 2.5rem; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; font-size: .9rem; }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid #d8dee6; }}
th {{ white-space: nowrap; }} td.number {{ white-space: nowrap; }}
</style>
<script>{plotly}</script>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def report_html(evaluation: Evaluation, name: str) -> str:
    """The page: figures, recall by language pair, refusal, latency, and every failure."""
    from plotly.offline import get_plotlyjs

    sections = [
        ("Figures", _figures_table(evaluation)),
        ("Recall by question and article language", _plot(_recall(evaluation))),
        ("Refusal: what each confidence threshold would cost", _plot(_refusal(evaluation))),
        ("Risk against coverage", _plot(_risk(evaluation))),
        ("Latency of an answer", _plot(_latency(evaluation))),
        ("Failures", _failures_table(evaluation.outcomes)),
    ]
    body = "\n".join(f"<section><h2>{title}</h2>\n{part}</section>" for title, part in sections)
    return _PAGE.format(title=escape(f"Evaluation: {name}"), plotly=get_plotlyjs(), body=body)


def _plot(figure: Any) -> str:
    from plotly.io import to_html

    figure.update_layout(
        template="plotly_white", height=380, margin={"l": 60, "r": 20, "t": 20, "b": 60}
    )
    html: str = to_html(figure, config=_CONFIG, include_plotlyjs=False, full_html=False)
    return html


def _recall(evaluation: Evaluation) -> Any:
    from plotly import graph_objects as plots

    groups = {"overall": evaluation.overall} | {
        pair: figures
        for pair, figures in evaluation.pairs.items()
        if figures.recall_at_10 is not None
    }
    pairs = list(groups)
    bars = [
        plots.Bar(name="recall@1", x=pairs, y=[g.recall_at_1 for g in groups.values()]),
        plots.Bar(name="recall@3", x=pairs, y=[g.recall_at_3 for g in groups.values()]),
        plots.Bar(name="recall@10", x=pairs, y=[g.recall_at_10 for g in groups.values()]),
    ]
    for bar, colour in zip(bars, (_BLUE, _TEAL, _SAND), strict=True):
        bar.update(marker_color=colour, texttemplate="%{y:.2f}", textposition="outside")
    figure = plots.Figure(bars)
    figure.update_yaxes(range=[0, 1.1], title="share of questions")
    return figure.update_xaxes(title="question language → article language")


def _curve(evaluation: Evaluation) -> tuple[metrics.RefusalPoint, ...]:
    return metrics.refusal_curve(
        [outcome.answer.confidence for outcome in evaluation.outcomes],
        [outcome.question.answerable for outcome in evaluation.outcomes],
    )


def _refusal(evaluation: Evaluation) -> Any:
    from plotly import graph_objects as plots

    curve = _curve(evaluation)
    # "Answer none" lies above every confidence: drawn at 1, where the axis ends.
    curve = (*curve[:1], *curve)
    thresholds = [0.0, *(min(point.threshold, 1.0) for point in curve[1:])]
    figure = plots.Figure()
    for name, values, colour in (
        ("hallucination rate", [point.hallucination_rate for point in curve], _RED),
        ("miss rate", [point.miss_rate for point in curve], _BLUE),
    ):
        line = {"color": colour, "shape": "vh"}
        figure.add_scatter(name=name, x=thresholds, y=values, mode="lines", line=line)
    figure.update_yaxes(range=[0, 1.02], title="share of questions")
    return figure.update_xaxes(range=[0, 1], title="decline below this confidence")


def _risk(evaluation: Evaluation) -> Any:
    from plotly import graph_objects as plots

    curve = _curve(evaluation)
    figure = plots.Figure()
    figure.add_scatter(
        x=[point.coverage for point in curve],
        y=[point.risk for point in curve],
        mode="lines+markers",
        marker={"size": 4, "color": _BLUE},
        showlegend=False,
    )
    figure.update_yaxes(range=[0, 1.02], title="unanswerable among the answered")
    return figure.update_xaxes(range=[0, 1.02], title="share of questions answered")


def _latency(evaluation: Evaluation) -> Any:
    from plotly import graph_objects as plots

    figure = plots.Figure()
    latencies = [outcome.latency_ms for outcome in evaluation.outcomes]
    figure.add_histogram(x=latencies, nbinsx=40, marker_color=_TEAL, showlegend=False)
    for label, value, side in (
        ("p50", evaluation.overall.latency_p50, "left"),
        ("p95", evaluation.overall.latency_p95, "right"),
    ):
        if value is not None:
            note = {"text": f"{label} {value:.0f} ms", "bgcolor": "white"}
            figure.add_vline(
                x=value, line_dash="dash", annotation=note, annotation_position=f"top {side}"
            )
    figure.update_yaxes(title="questions")
    return figure.update_xaxes(title="milliseconds")


def _figures_table(evaluation: Evaluation) -> str:
    groups: dict[str, Figures] = {"overall": evaluation.overall, **evaluation.pairs}
    columns = []
    for figures in groups.values():
        values = figures.as_json()
        latency = values.pop("latency_ms")
        columns.append(values | {f"latency {name}, ms": value for name, value in latency.items()})
    rows = [
        f"<tr><th>{escape(name)}</th>"
        + "".join(f'<td class="number">{_number(column[name])}</td>' for column in columns)
        + "</tr>"
        for name in columns[0]
    ]
    return _table(["", *groups], rows)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, int):
        return str(value)
    return f"{value:.3f}" if value <= 1 else f"{value:.1f}"


def _failures_table(outcomes: Iterable[Outcome]) -> str:
    rows = [
        "<tr>"
        + "".join(
            f"<td>{escape(cell)}</td>"
            for cell in (
                outcome.question.id,
                outcome.pairs[0],
                outcome.question.question,
                failure,
                _expected(outcome),
                _got(outcome),
            )
        )
        + "</tr>"
        for outcome in outcomes
        if (failure := _failure(outcome))
    ]
    if not rows:
        return "<p>None.</p>"
    return _table(["id", "pair", "question", "what failed", "expected", "got"], rows)


def _failure(outcome: Outcome) -> str:
    """What went wrong, in words; empty where nothing did."""
    question = outcome.question
    if not question.answerable:
        return "" if outcome.answer.declined else "answered without ground"
    faults = []
    if question.documents and outcome.rank != 1:
        found = "not found" if outcome.rank is None else f"at rank {outcome.rank}"
        faults.append(f"article {found}")
    if outcome.answer.declined:
        faults.append("declined")
    elif question.answers and not outcome.answered_right:
        faults.append("answer not in the quotes")
    return ", ".join(faults)


def _expected(outcome: Outcome) -> str:
    question = outcome.question
    if not question.answerable:
        return "a refusal"
    return " · ".join((" / ".join(question.answers), ", ".join(question.documents))).strip(" ·")


def _got(outcome: Outcome) -> str:
    text = outcome.answer.text
    shown = text if len(text) <= _NOTE else text[:_NOTE] + "…"
    first = next((hit.document for hit in outcome.hits), None)
    best = f" · first article: {first.title or first.path}" if first else ""
    return f"{shown} (confidence {outcome.answer.confidence:.2f}){best}"


def _table(headings: list[str], rows: list[str]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    return f'<div class="scroll"><table><tr>{head}</tr>\n{"".join(rows)}</table></div>'
