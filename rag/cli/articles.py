"""The commands for the articles of an index: ingest, list, remove, doctor."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import IndexOption, JsonOption, open_index, settings_of
from rag.door import print_json
from rag.errors import EmbedderError, UsageError
from rag.printable import printable
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.index import Index


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

    settings = settings_of(index)
    articles: Sequence[Path | str] = paths or [_seeds(settings)]
    with (
        open_index(settings, create=True, embedder=embedder) as opened,
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


def list_articles(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Show the articles of the index."""
    settings = settings_of(index)
    with open_index(settings) as opened:
        if as_json:
            from rag.shapes import list_json

            print_json(list_json(settings.index, opened.documents()))
        else:
            from rag.render import show_documents

            show_documents(opened.documents())


def remove(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Paths, file names, source ids or article ids."),
    ],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take articles out of the index (their files stay)."""
    settings = settings_of(index)
    with open_index(settings) as opened:
        removed = opened.remove(sources)
    if as_json:
        print_json({"index": str(settings.index), "removed": list(removed)})
    else:
        for source in removed:
            print(printable(f"removed {source}"))


def doctor(
    index: IndexOption = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Rebuild what can be rebuilt from the documents.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the index: files, checksums, counts, the embedding model."""
    settings = settings_of(index)
    folder = settings.index
    with open_index(settings, check=False) as opened:
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
