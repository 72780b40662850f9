"""What a person sees in the terminal: answers with coloured citations, tables, progress bars."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rag import phrases
from rag.printable import printable
from rag.types import Answer, Document, Hit, Language, WordMatch

if TYPE_CHECKING:
    from rag.evaluate import Evaluation, Figures
    from rag.ingest import IngestReport, Progress
    from rag.refit import Refitted
    from rag.store.documents import DocumentEntry

_MARKER = re.compile(r"\[\d+\]")
_NEAREST_SHOWN = 3
_EXCERPT = 160  # characters of a passage that is shown as a hint
_SOURCES_SHOWN = 20  # sources listed one by one after an ingest


def _console(width: int | None = None) -> Console:
    """Standard output; lines are wrapped for a terminal only, so that pipes get whole lines."""
    terminal = sys.stdout.isatty()
    return Console(
        file=sys.stdout,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not terminal,
        width=None if terminal else width,
    )


def _near(source: str) -> str:
    """A path as seen from the current folder, where it lies below it, on one line."""
    here = f"{Path.cwd()}{os.sep}"
    return printable(source.removeprefix(here)).replace("\n", " ")


def _place(document: Document) -> str:
    """Where an article can be read: its web address, else its file."""
    return printable(document.url) if document.url else _near(document.path)


def _indented(console: Console, text: Text) -> None:
    if console.soft_wrap:
        console.print(Text("    ").append_text(text))
    else:
        console.print(Padding(text, (0, 0, 0, 4), expand=False))


def _heading(document: Document, language: Language) -> Text:
    """Title, publisher and date, as far as they are known."""
    heading = Text().append(printable(document.title or phrases.UNTITLED[language]), style="bold")
    for part in (document.publisher, document.date):
        if part:
            heading.append(" · ", style="dim").append(printable(part))
    return heading


def show_answer(answer: Answer) -> None:
    """The answer and its citations, or a refusal and the nearest passages."""
    console = _console()
    opening, closing = phrases.QUOTES[answer.language]
    text = Text(printable(answer.text))
    text.highlight_regex(_MARKER, "bold cyan")
    if answer.resolved is not None:
        understood = phrases.UNDERSTOOD[answer.language].format(question=answer.resolved)
        console.print(Text(printable(understood), style="dim"))
    if answer.notice is not None:
        console.print(Text(printable(answer.notice), style="yellow"))
    console.print(text)
    for note in answer.notes:
        console.print(Text(printable(note), style="dim"))
    for citation in answer.citations:
        console.print()
        number = Text().append(f"[{citation.number}] ", style="bold cyan")
        console.print(number.append_text(_heading(citation.document, answer.language)))
        _indented(console, Text(f"{opening}{printable(citation.quote)}{closing}"))
        _indented(console, Text(_place(citation.document), style="dim"))
        if citation.outlets:
            places = "; ".join(map(_outlet, citation.outlets))
            also = phrases.OUTLETS[answer.language].format(places=places)
            _indented(console, Text(also, style="dim"))
    if answer.declined and answer.hits:
        console.print()
        console.print(Text(phrases.NEAREST[answer.language], style="bold yellow"))
        for hit in answer.hits[:_NEAREST_SHOWN]:
            _show_hint(console, hit, answer.language)


def _outlet(outlet: Document) -> str:
    """Where a near copy was published: its publisher, or its file, and date."""
    parts = (outlet.publisher, outlet.date) if outlet.publisher else (_place(outlet), outlet.date)
    return printable(" · ".join(filter(None, parts)))


def _show_hint(console: Console, hit: Hit, language: Language) -> None:
    console.print()
    console.print(_heading(hit.document, language))
    excerpt = " ".join(printable(hit.passage.text).split())
    if len(excerpt) > _EXCERPT:
        excerpt = excerpt[:_EXCERPT].rstrip() + "…"
    _indented(console, Text(excerpt, style="dim"))


def show_hits(hits: Iterable[Hit], language: Language) -> None:
    """Ranked passages in full, each with the words that met on one dim line."""
    console = _console()
    empty = True
    for rank, hit in enumerate(hits, start=1):
        if not empty:
            console.print()
        empty = False
        line = Text().append(f"{rank}. ", style="bold cyan")
        line.append_text(_heading(hit.document, language))
        console.print(line.append(f"  {hit.relevance:.2f}", style="green"))
        _indented(console, Text(printable(hit.passage.text)))
        if hit.matches:
            _indented(console, Text(printable(" · ".join(map(_met, hit.matches))), style="dim"))
    if empty:
        console.print("No passage found.")


def _met(match: WordMatch) -> str:
    """One pair of words that met: harbour ↔ 港口 .82."""
    from rag.explain import written

    sign, cosine = written(match)
    if not sign:
        return match.article
    return f"{match.question} {sign} {match.article} {cosine}".rstrip()


def show_ingest(report: IngestReport) -> None:
    """What an ingest did; what it skipped stands on standard error with each reason."""
    console = _console()
    groups = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "skipped": report.skipped,
    }
    changed = [("+", source) for source in report.added] + [("~", each) for each in report.updated]
    for mark, source in changed if len(changed) <= _SOURCES_SHOWN else []:
        console.print(Text().append(f"{mark} ", style="green").append(_near(source)))
    for hidden in report.hidden:
        left = f": {_count(hidden.characters, 'character')} of hidden text left out"
        console.print(Text("hidden  ", style="yellow").append(_near(hidden.source)).append(left))
    counts = ", ".join(f"{len(sources)} {name}" for name, sources in groups.items())
    console.print(f"{counts}; {_count(report.passages, 'passage')} in {report.seconds:.1f} s")


def show_documents(entries: Iterable[DocumentEntry]) -> None:
    """One article a paragraph: its heading, language and size, then where it came from."""
    console = _console()
    count = 0
    for entry in entries:
        count += 1
        line = _heading(entry.document, "en")
        size = f" · {entry.document.language} · {_count(entry.passages, 'passage')}"
        console.print(line.append(size, style="dim"))
        for source in entry.sources:
            _indented(console, Text(_near(source), style="dim"))
    console.print(_count(count, "article"))


def show_evaluation(evaluation: Evaluation) -> None:
    """A table: overall first, then each pair of question and article language."""
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("pair", no_wrap=True)
    headings = "n R@1 R@3 R@10 MRR@10 hit answered declined halluc. miss AUROC valid p50 p95"
    for heading in headings.split():
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_row("overall", *_cells(evaluation.overall))
    for pair, figures in evaluation.pairs.items():
        table.add_row(pair, *_cells(figures))
    _console(width=140).print(table)


def _cells(figures: Figures) -> Iterator[str]:
    yield str(figures.questions)
    for share in (
        figures.recall_at_1,
        figures.recall_at_3,
        figures.recall_at_10,
        figures.mrr_at_10,
        figures.answer_hit,
    ):
        yield _share(share)
    yield str(figures.answered)
    yield str(figures.declined)
    for share in (
        figures.hallucination_rate,
        figures.miss_rate,
        figures.refusal_auroc,
        figures.citation_valid,
    ):
        yield _share(share)
    for latency in (figures.latency_p50, figures.latency_p95):
        yield "-" if latency is None else f"{latency:.0f} ms"


def show_refitted(found: Refitted) -> None:
    """What a refit stands on, and a table of what it changes."""
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("", no_wrap=True)
    for heading in ("halluc.", "miss", "AUROC", "threshold"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, quality in (("before", found.before), ("after", found.after)):
        shares = (quality.hallucination_rate, quality.miss_rate, quality.auroc, quality.threshold)
        table.add_row(name, *map(_share, shares))
    console = _console()
    console.print(table)
    console.print(
        f"{found.right} answerable questions, {found.unanswerable} unanswerable; {found.left_out} "
        "left out, whose first passage is of another article. 'after' is cross-validated."
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


@contextmanager
def ingest_progress() -> Iterator[Callable[[Progress], None] | None]:
    """A bar on standard error; nothing when that is not a terminal."""
    with _bar("articles") as move:
        yield None if move is None else lambda state: move(state.done, state.total, pace(state))


def pace(state: Progress) -> str:
    """How fast an ingest is, and when it will be done: `31 passages/s, 0:04:12 left`."""
    rate, left = state.passages_per_second, state.seconds_left
    said = [f"{rate:,.0f} passages/s"] if rate else []
    if left is not None:
        said.append(f"{timedelta(seconds=round(left))} left")
    return ", ".join(said)


@contextmanager
def eval_progress(total: int) -> Iterator[Callable[[int], None] | None]:
    """The same for the questions of an evaluation."""
    with _bar("questions") as move:
        yield None if move is None else lambda done: move(done, total, "")


@contextmanager
def _bar(unit: str) -> Iterator[Callable[[int, int | None, str], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    said = TextColumn("{task.fields[said]}")
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeElapsedColumn(), said)
    with Bar(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(unit, total=None, said="")
        yield lambda done, total, said: bar.update(task, completed=done, total=total, said=said)
