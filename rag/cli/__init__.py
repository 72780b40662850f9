"""The command line. Exit codes: 0 done, 1 the work failed, 2 wrong use, 130 interrupted.

`rag ingest` exits with 1 when anything that it was given could not be read, although it ingests
the rest; `rag doctor` when a problem is left. With `--json` standard output is one JSON document,
`{"error": ...}` when there is an error; messages and progress go to standard error. Everything
heavy is imported by the command that needs it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from rag import __version__
from rag.cli import articles, asking, measuring, serving
from rag.door import run_at_door

app = typer.Typer(
    help="Yinju 引据: cited answers from your own articles.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """The `rag` command."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run a command line; returns the exit code."""
    return run_at_door(app, words)


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


app.command()(articles.ingest)
app.command()(asking.ask)
app.command()(asking.search)
app.command("eval")(measuring.evaluate)
app.command()(measuring.calibrate)
app.command("list")(articles.list_articles)
app.command()(articles.remove)
app.command()(articles.doctor)
app.command()(serving.serve)
app.command()(serving.mcp)
app.command("export-feedback")(measuring.export_feedback)
