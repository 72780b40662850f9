"""The command line. Exit codes: 0 done, 1 the work failed, 2 wrong use, 130 interrupted.

`rag ingest` exits with 1 when anything that it was given could not be read, although it ingests
the rest; `rag doctor` when a problem is left. With `--json` standard output is one JSON document,
`{"error": ...}` when there is an error; messages and progress go to standard error. Everything
heavy is imported by the command that needs it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rag import __version__
from rag.door import print_json, run_at_door
from rag.errors import EmbedderError, UsageError
from rag.printable import printable
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.index import Index

app = typer.Typer(
    help="Yinju 引据: cited answers from your own articles.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

IndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="The index folder (default: $RAG_INDEX, else indexes/default).",
        show_default=False,
    ),
]
RerankerOption = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="A cross-encoder, by name or folder, to rank the best passages anew "
        "(default: $RAG_RERANKER, else none).",
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]


def main() -> None:
    """The `rag` command."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run a command line; returns the exit code."""
    return run_at_door(app, words)


def _settings(index: Path | None, reranker: str | None = None) -> Settings:
    """What the command line says, and the environment where it says nothing."""
    found = Settings.from_environment(os.environ)
    return replace(found, index=index or found.index, reranker=reranker or found.reranker)


def _open(
    settings: Settings, *, create: bool = False, embedder: str | None = None, check: bool = True
) -> Index:
    from rag.index import Index

    return Index.open(
        settings.index,
        create=create,
        embedder=embedder,
        check=check,
        backend=settings.backend,
        reranker=settings.reranker,
    )


def _worded(text: str, what: str) -> str:
    """The text, if it holds a question. Raises UsageError when it is blank or not UTF-8."""
    try:
        text = os.fsencode(text).decode("utf-8")  # UTF-8 whatever the locale says
    except UnicodeError as error:
        message = f"expected {what} in UTF-8, found other bytes: check the terminal"
        raise UsageError(message) from error
    if not text.strip():
        raise UsageError(f"expected {what}, found an empty text: put it in quotes")
    return text


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error (with any command).")
    ] = False,
) -> None:
    if version:
        print(f"rag {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


@app.command()
def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Files, folders and web addresses (default: seeds/)."
        ),
    ] = None,
    index: IndexOption = None,
    embedder: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="For a new index: a sentence-transformers model, by name or folder, with its "
            "prefixes where it needs any: 'NAME|query: |passage: '.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add articles to the index, and update those that changed."""
    from rag.render import ingest_progress, show_ingest
    from rag.shapes import ingest_json

    settings = _settings(index)
    articles: Sequence[Path | str] = paths or [_seeds(settings)]
    with (
        _open(settings, create=True, embedder=embedder) as opened,
        ingest_progress() as moved,
    ):
        report = opened.ingest(articles, progress=moved)
    for skipped in report.skipped:
        print(printable(f"skipped {skipped.source}: {skipped.reason}"), file=sys.stderr)
    if as_json:
        print_json(ingest_json(settings.index, report))
    else:
        show_ingest(report)
    if report.skipped:
        raise typer.Exit(1)


def _seeds(settings: Settings) -> Path:
    seeds = settings.seeds
    if not seeds.is_dir():
        raise UsageError(
            f"expected articles in {seeds}/, found no such folder: name files or folders to ingest"
        )
    return seeds


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In English, 简体中文 or 繁體中文.")],
    index: IndexOption = None,
    language: Annotated[
        Literal["auto", "en", "zh-Hans", "zh-Hant"],
        typer.Option(help="The language of the answer's own words; auto: the question's."),
    ] = "auto",
    reranker: RerankerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question in sentences quoted from the articles, or written by the language model
    that $RAG_LLM_BASE_URL and $RAG_LLM_MODEL name."""
    question = _worded(question, "a question")

    from rag.answer import ask as answer_to

    settings = _settings(index, reranker)
    spoken = None if language == "auto" else language
    with _open(settings) as opened:
        answer = answer_to(
            opened,
            question,
            language=spoken,
            generator=settings.generator(),
            keep_unsupported=settings.keep_unsupported,
        )
        if as_json:
            from rag.explain import explain_answer

            answer = explain_answer(opened, answer)
    if as_json:
        from rag.shapes import answer_json

        print_json(answer_json(answer))
    else:
        from rag.render import show_answer

        show_answer(answer)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="In English, 简体中文 or 繁體中文.")],
    top_k: Annotated[int, typer.Option(min=1, max=1000, help="Passages at most.")] = 10,
    index: IndexOption = None,
    reranker: RerankerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the passages that fit best."""
    query = _worded(query, "a query")

    from rag.explain import explain
    from rag.retrieve import search as find

    with _open(_settings(index, reranker)) as opened:
        read, found = find(opened, query, top_k=top_k)
        hits = explain(opened, query, found)
    if as_json:
        from rag.shapes import search_json

        print_json(search_json(read, hits))
    else:
        from rag.render import show_hits

        show_hits(hits, read.language)


@app.command(name="eval")
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

    settings = _settings(index, reranker)
    generator = settings.generator() if written else None
    if written and generator is None:
        raise UsageError(
            "expected a language model for --written, found none: set RAG_LLM_BASE_URL and "
            "RAG_LLM_MODEL"
        )
    rows = read_questions(questions)
    _check_writable(details, report)
    asking = partial(answer_to, generator=generator, keep_unsupported=settings.keep_unsupported)
    with _open(settings) as opened, eval_progress(len(rows)) as moved:
        evaluation = measure(opened, rows, ask=asking, progress=moved)
    for outcome in evaluation.outcomes:
        for name in outcome.missing:
            message = (
                f"{questions}: question {outcome.question.id}: no article {name!r} in the index"
            )
            print(printable(message), file=sys.stderr)
    if details is not None:
        from rag.shapes import outcome_json

        lines = (json.dumps(outcome_json(each), ensure_ascii=False) for each in evaluation.outcomes)
        details.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if report is not None:
        from rag.report import report_html

        report.write_text(report_html(evaluation, questions.name), encoding="utf-8")
    if as_json:
        print_json(evaluation.as_json())
    else:
        show_evaluation(evaluation)


@app.command()
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
    settings = _settings(index, reranker)
    if questions is None:
        _forget(settings, as_json)
        return

    from rag.questions import read_questions
    from rag.refit import refit
    from rag.render import eval_progress, show_refitted

    rows = read_questions(questions)
    with _open(settings) as opened, eval_progress(len(rows)) as moved:
        found = refit(opened, rows, miss_rate, progress=moved)
        found.refit.save(opened.path)
    if as_json:
        print_json({"index": str(settings.index), **found.as_json()})
    else:
        show_refitted(found)


def _forget(settings: Settings, as_json: bool) -> None:
    from rag.index import REFIT_FILE

    with _open(settings, check=False) as opened:
        file = opened.path / REFIT_FILE
        there = file.exists()
        file.unlink(missing_ok=True)
    if as_json:
        print_json({"index": str(settings.index), "forgotten": there})
    else:
        print(f"removed {file}" if there else f"{settings.index}: nothing to forget")


def _check_writable(*files: Path | None) -> None:
    """Before the long work, not after it."""
    for file in files:
        if file is not None and (file.is_dir() or not file.parent.is_dir()):
            raise UsageError(f"expected a file in an existing folder, found {file}: name another")


@app.command(name="list")
def list_articles(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Show the articles of the index."""
    settings = _settings(index)
    with _open(settings) as opened:
        if as_json:
            from rag.shapes import list_json

            print_json(list_json(settings.index, opened.documents()))
        else:
            from rag.render import show_documents

            show_documents(opened.documents())


@app.command()
def remove(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Paths, file names, source ids or article ids."),
    ],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take articles out of the index (their files stay)."""
    settings = _settings(index)
    with _open(settings) as opened:
        removed = opened.remove(sources)
    if as_json:
        print_json({"index": str(settings.index), "removed": list(removed)})
    else:
        for source in removed:
            print(printable(f"removed {source}"))


@app.command()
def doctor(
    index: IndexOption = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Rebuild what can be rebuilt from the documents.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the index: files, checksums, counts, the embedding model."""
    settings = _settings(index)
    folder = settings.index
    with _open(settings, check=False) as opened:
        found = problems = _problems(opened)
        if found and repair:
            opened.rebuild()
            problems = _problems(opened)
    if as_json:
        report = {"index": str(folder), "sound": not problems, "problems": list(problems)}
        print_json({**report, "repaired": [each for each in found if each not in problems]})
    else:
        for problem in problems:
            print(printable(problem))
        hint = "" if repair else f": mend it with 'rag doctor --repair --index {folder}'"
        print(f"{folder}: not sound{hint}" if problems else f"{folder}: sound")
    if problems:
        raise typer.Exit(1)


def _problems(index: Index) -> tuple[str, ...]:
    problems = list(index.verify())
    try:
        _ = index.embedder, index.lexicon
    except EmbedderError as error:
        problems.append(str(error))
    return tuple(problems)


@app.command()
def serve(
    index: IndexOption = None,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = Settings().host,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="The port (default: the first free from 7860 on)."),
    ] = None,
    reranker: RerankerOption = None,
) -> None:
    """Open the chat page; its address is printed."""
    from rag.ui import launch

    settings = _settings(index, reranker)
    launch(
        settings.index,
        host=host,
        port=port,
        backend=settings.backend,
        reranker=settings.reranker,
    )


@app.command()
def mcp(index: IndexOption = None, reranker: RerankerOption = None) -> None:
    """Serve the articles to an editor or agent over the Model Context Protocol (stdio)."""
    from rag.api import Service, serve_stdio

    settings = _settings(index, reranker)
    with _open(settings) as opened:
        serve_stdio(Service(opened, lambda: settings))


@app.command(name="export-feedback")
def export_feedback(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Where to (default: standard output)."),
    ] = None,
    index: IndexOption = None,
) -> None:
    """Write what readers thought of answers as a questions file for eval."""
    from rag.feedback import feedback_rows

    _check_writable(file)
    rows = feedback_rows(_settings(index).index)
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    if file is None:
        sys.stdout.write(text)
    else:
        file.write_text(text, encoding="utf-8")
        print(f"{printable(str(file))}: {len(rows)} rated answers")
