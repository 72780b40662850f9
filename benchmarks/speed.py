"""`python -m benchmarks.speed [--articles N]`: the embedder, a cold question, ingest, its memory.

`RAG_DATA/train/news-zh.jsonl.gz` holds news articles, rows `{"date", "text"}`.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path

from benchmarks.embedder import measure

ROOT = Path(__file__).parent.parent
COLD_RUNS = 7
QUESTIONS = (
    "英特尔发布了什么新版本？",
    "京东第二季度营收是多少？",
    "What is the revenue of JD.com?",
)


def main() -> None:
    """Print each figure with what it was measured on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--articles", type=int, help="of the news; all if not set")
    chosen = parser.parse_args()
    if "RAG_DATA" not in os.environ:
        sys.exit("expected RAG_DATA to name a folder with train/, found it unset: set it")
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        news = Path(folder) / "news.jsonl"
        with gzip.open(Path(os.environ["RAG_DATA"]) / "train" / "news-zh.jsonl.gz", "rt") as lines:
            news.write_text("".join(islice(lines, chosen.articles)), encoding="utf-8")
        measure(news)
        cold(Path(folder))
        ingest(news, Path(folder) / "news")
        warm(Path(folder) / "news")


def cold(folder: Path) -> None:
    """Whole processes of `rag ask` on the sample articles."""
    index = str(folder / "seeds")
    run("ingest", str(ROOT / "seeds"), "--index", index)
    spent = []
    for _ in range(COLD_RUNS):
        started = time.perf_counter()
        run("ask", "政策为企业减负多少？", "--index", index, "--json")
        spent.append(time.perf_counter() - started)
    print(f"cold rag ask: median {statistics.median(spent):.2f} s, worst {max(spent):.2f} s")


def ingest(news: Path, index: Path) -> None:
    """One ingest in this process and its children, with the peak of their memory together."""
    from rag.index import Index

    peak = PeakMemory()
    with peak, Index.open(index, create=True) as opened:
        report = opened.ingest([news])
    rate = report.passages / report.seconds
    print(
        f"ingest: {len(report.added)} articles, {report.passages} passages in "
        f"{report.seconds:.1f} s, {rate:.0f} passages a second, peak {peak.bytes / 1e9:.2f} GB"
    )


def warm(folder: Path) -> None:
    """Questions to the news, in a process that has asked before."""
    from rag.answer import ask
    from rag.index import Index

    with Index.open(folder) as index:
        spent = []
        for _ in range(20):
            for question in QUESTIONS:
                started = time.perf_counter()
                ask(index, question)
                spent.append((time.perf_counter() - started) * 1000)
    print(f"warm question over the news: median {statistics.median(spent):.0f} ms")


def run(*words: str) -> None:
    """The command line, in a process of its own."""
    subprocess.run([sys.executable, "-m", "rag", *words], cwd=ROOT, check=True, capture_output=True)


class PeakMemory:
    """The highest resident size of this process and its children, sampled."""

    def __init__(self) -> None:
        self.bytes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        import psutil

        own = psutil.Process()
        while not self._over.wait(0.2):
            total = 0
            for process in [own, *own.children(recursive=True)]:
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.bytes = max(self.bytes, total)


if __name__ == "__main__":
    main()
