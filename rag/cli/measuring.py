"""The commands that measure answers: eval, calibrate, export-feedback."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import (
    IndexOption,
    JsonOption,
    RerankerOption,
    check_writable,
    open_index,
    settings_of,
)
from rag.door import print_json
from rag.errors import UsageError
from rag.printable import printable
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.evaluate import Evaluation


def evaluate(
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl")],
    index: IndexOption = None,
    details: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one JSON row a question.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a page with plots.")
    ] = None,
    written: Annotated[
        bool,
        typer.Option(
            "--written", help="Answers by the language model that $RAG_LLM_MODEL names, as in ask."
        ),
    ] = False,
    reranker: RerankerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the index over a questions file."""
    from rag.answer import ask as answer_to
    from rag.evaluate import evaluate as measure
    from rag.questions import read_questions
    from rag.render import eval_progress, show_evaluation

    settings = settings_of(index, reranker)
    generator = settings.generator() if written else None
    if written and generator is None:
        raise UsageError(
            "expected a language model for --written, found none: set RAG_LLM_BASE_URL and "
            "RAG_LLM_MODEL"
        )
    rows = read_questions(questions)
    check_writable(details, report)
    asking = partial(answer_to, generator=generator, keep_unsupported=settings.keep_unsupported)
    with open_index(settings) as opened, eval_progress(len(rows)) as moved:
        evaluation = measure(opened, rows, ask=asking, progress=moved)
    _tell_missing(evaluation, questions)
    if details is not None:
        _write_details(evaluation, details)
    if report is not None:
        from rag.report import report_html

        report.write_text(report_html(evaluation, questions.name), encoding="utf-8")
    if as_json:
        print_json(evaluation.as_json())
    else:
        show_evaluation(evaluation)


def _tell_missing(evaluation: Evaluation, questions: Path) -> None:
    for outcome in evaluation.outcomes:
        for name in outcome.missing:
            place = f"{questions}: question {outcome.question.id}"
            print(printable(f"{place}: no article {name!r} in the index"), file=sys.stderr)


def _write_details(evaluation: Evaluation, file: Path) -> None:
    from rag.shapes import outcome_json

    lines = (json.dumps(outcome_json(each), ensure_ascii=False) for each in evaluation.outcomes)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def calibrate(
    questions: Annotated[
        Path | None, typer.Argument(metavar="QUESTIONS.jsonl", show_default=False)
    ] = None,
    index: IndexOption = None,
    miss_rate: Annotated[
        float, typer.Option(min=0.0, max=0.5, help="Right answers to let go, of all of them.")
    ] = 0.05,
    forget: Annotated[
        bool, typer.Option("--forget", help="Go back to the built-in calibration.")
    ] = False,
    reranker: RerankerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit how sure the index is to a questions file, as for eval."""
    if forget == (questions is not None):
        raise UsageError("expected a questions file or --forget: give one of them")
    settings = settings_of(index, reranker)
    if questions is None:
        _forget(settings, as_json)
        return

    from rag.questions import read_questions
    from rag.refit import refit
    from rag.render import eval_progress, show_refitted

    rows = read_questions(questions)
    with open_index(settings) as opened, eval_progress(len(rows)) as moved:
        found = refit(opened, rows, miss_rate, progress=moved)
        found.refit.save(opened.path)
    if as_json:
        print_json({"index": str(settings.index), **found.as_json()})
    else:
        show_refitted(found)


def _forget(settings: Settings, as_json: bool) -> None:
    from rag.index import REFIT_FILE

    with open_index(settings, check=False) as opened:
        file = opened.path / REFIT_FILE
        there = file.exists()
        file.unlink(missing_ok=True)
    if as_json:
        print_json({"index": str(settings.index), "forgotten": there})
    else:
        print(f"removed {file}" if there else f"{settings.index}: nothing to forget")


def export_feedback(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Where to (default: standard output)."),
    ] = None,
    index: IndexOption = None,
) -> None:
    """Write what readers thought of answers as a questions file for eval."""
    from rag.feedback import feedback_rows

    check_writable(file)
    rows = feedback_rows(settings_of(index).index)
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    if file is None:
        sys.stdout.write(text)
    else:
        file.write_text(text, encoding="utf-8")
        print(f"{printable(str(file))}: {len(rows)} rated answers")
