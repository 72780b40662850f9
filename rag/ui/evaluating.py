"""An evaluation run from the page: a questions file in, progress while it runs, then the report."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from rag.errors import RagError
from rag.evaluate import Evaluation, evaluate
from rag.questions import Question, read_questions
from rag.types import Language
from rag.ui.look_texts import LOOK_TEXTS

if TYPE_CHECKING:
    from rag.index import Index

LARGEST = 32_000_000
"""Bytes of a questions file, at most."""

_PAUSE = 0.1  # seconds between two words on progress, so that they don't flood the page


@dataclass(frozen=True, slots=True)
class Progressed:
    """How many questions have been asked."""

    done: int
    total: int

    def text(self, language: Language) -> str:
        """In words."""
        words = LOOK_TEXTS[language]
        return words.asked.format(done=f"{self.done:,}", total=f"{self.total:,}")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A finished evaluation. `report` is an HTML page that opens without a network."""

    evaluation: Evaluation
    report: str

    @property
    def missing(self) -> tuple[str, ...]:
        """The names in the questions file that no article of the index answers to."""
        found = (name for outcome in self.evaluation.outcomes for name in outcome.missing)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no evaluation, in one line."""

    why: str


def run_evaluation(
    index: Index, file: Path, name: str, language: Language = "en"
) -> Generator[Progressed | Evaluated | Refused, None, None]:
    """Ask every question of an uploaded file; ends with `Evaluated` or `Refused`.

    `name` is what the file is called where it came from. The asking stops after the question at
    hand once the iterator is closed.
    """
    questions = _read(file, name, language)
    if isinstance(questions, Refused):
        yield questions
        return
    yield Progressed(0, len(questions))
    run = _Run(index, questions, name)
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(run.work)
        try:
            yield from run.told()
        finally:
            run.stopped.set()
        yield work.result()


class _Run:
    """One evaluation in a thread of its own, and what it tells to the one that waits."""

    def __init__(self, index: Index, questions: list[Question], name: str) -> None:
        self.stopped = Event()
        self._index = index
        self._questions = questions
        self._name = name
        self._done: SimpleQueue[int | None] = SimpleQueue()

    def work(self) -> Evaluated | Refused:
        """Evaluate; in the thread."""
        from rag.report import report_html

        try:
            evaluation = evaluate(self._index, self._questions, progress=self._tell)
            report = report_html(evaluation, self._name)
            # JSON can write half a character (a lone surrogate), which no file can hold.
            return Evaluated(evaluation, report.encode(errors="replace").decode())
        except RagError as error:
            return Refused(_one_line(str(error)))
        except _Stopped:
            return Refused("")
        finally:
            self._done.put(None)

    def _tell(self, done: int) -> None:
        if self.stopped.is_set():
            raise _Stopped
        self._done.put(done)

    def told(self) -> Iterator[Progressed]:
        """How far it has come, until it ends; now and then, and at the last question."""
        total, last = len(self._questions), monotonic()
        while (done := self._done.get()) is not None:
            if done == total or monotonic() - last >= _PAUSE:
                last = monotonic()
                yield Progressed(done, total)


class _Stopped(Exception):
    """Nobody waits for the evaluation any more."""


def _read(file: Path, name: str, language: Language) -> list[Question] | Refused:
    try:
        size = file.stat().st_size if file.is_file() else 0
        if size > LARGEST:
            words = LOOK_TEXTS[language]
            limit, found = LARGEST // 1_000_000, f"{size / 1e6:,.0f}"
            return Refused(words.too_large.format(limit=limit, size=found))
        return read_questions(file)
    except RagError as error:  # it names where the upload lies, which tells its reader nothing
        return Refused(_one_line(str(error).replace(str(file), name)))


def _one_line(text: str) -> str:
    return " ".join(text.split())
