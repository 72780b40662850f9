"""Articles prepared by several processes, when there are enough of them to pay."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from itertools import chain, islice
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from rag import child
from rag.embed import static
from rag.embed.static import StaticEmbedder
from rag.errors import RagError
from rag.outlets import BANDS, ROWS, Permutations, signature
from rag.prepare import PassageWords, Prepared, prepare
from rag.types import Document, Passage, RawArticle, Skipped

ALONE = 256  # articles; as many are done before the first process would have started
_AT_ONCE = 32  # articles sent to a process
_MOST = 4  # processes; storing what they prepare keeps no more of them busy

_SERVE = "import sys; from rag.workers import serve; serve(*sys.argv[1:])"

Result = Prepared | Skipped


def prepare_all(articles: Iterable[RawArticle], permutations: Permutations) -> Generator[Result]:
    """Prepare articles, in order, with signatures made with the permutations."""

    def alone(raw: RawArticle) -> Result:
        return _signed(prepare(raw), permutations)

    waiting = iter(articles)
    yield from map(alone, islice(waiting, ALONE))
    processors = child.processors()
    first = next(waiting, None)
    if first is None:
        return
    if processors < 2:
        yield from map(alone, chain([first], waiting))
        return
    with Workers(min(processors, _MOST), permutations) as workers:
        yield from workers.prepare(chain([first], waiting))


class Workers:
    """Processes that prepare articles."""

    def __init__(self, count: int, permutations: Permutations) -> None:
        self._processes = [_start(permutations) for _ in range(count)]
        self._free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for process in self._processes:
            self._free.put(process)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="prepare")

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            child.end(process)

    def prepare(self, articles: Iterable[RawArticle]) -> Iterator[Result]:
        """Prepare articles, in order, never far ahead of what is asked for."""
        waiting = iter(articles)
        under_way: deque[Future[list[Result]]] = deque()
        while True:
            while len(under_way) < 3 * len(self._processes):
                batch = list(islice(waiting, _AT_ONCE))
                if not batch:
                    break
                under_way.append(self._threads.submit(self._ask, batch))
            if not under_way:
                return
            yield from under_way.popleft().result()

    def _ask(self, batch: list[RawArticle]) -> list[Result]:
        process = self._free.get()
        try:
            answer = _exchange(process, [_values(raw) for raw in batch])
        finally:
            self._free.put(process)  # also a dead one: those who wait for it must hear of it
        if not answer.endswith(b"\n"):
            raise RagError(
                f"expected a process of our own to prepare {batch[0].source} and those after it, "
                f"found that it ended ({process.wait()}): free some memory and ingest again"
            )
        return [_result(values) for values in _received(answer)]


def _exchange(process: subprocess.Popen[bytes], values: list[dict[str, Any]]) -> bytes:
    """Send a batch and wait for the line that answers it; what comes of a dead process is cut."""
    assert process.stdin is not None and process.stdout is not None
    try:
        _send(process.stdin, values)
        return process.stdout.readline()
    except OSError:
        return b""


def serve(model: str, permutations: str) -> None:
    """What each process does: prepare the batches that come in, until no more come.

    `model` is the folder of the built-in model, `permutations` are in hexadecimal.
    """
    incoming, outgoing = child.own_pipes()
    lexicon = StaticEmbedder.load(Path(model))
    drawn = np.frombuffer(bytes.fromhex(permutations), np.uint32).reshape(2, BANDS * ROWS)
    for line in incoming:
        prepared = (prepare(RawArticle(**values)) for values in _received(line))
        _send(outgoing, [_values(_looked_up(_signed(each, drawn), lexicon)) for each in prepared])


def _signed(each: Result, permutations: Permutations) -> Result:
    if isinstance(each, Skipped):
        return each
    return replace(each, signature=signature(each.document.text, permutations))


def _looked_up(each: Result, lexicon: StaticEmbedder) -> Result:
    if isinstance(each, Skipped):
        return each
    return replace(each, tokens=tuple(lexicon.token_ids(words.words) for words in each.words))


def _values(each: RawArticle | Result) -> dict[str, Any]:
    """An article, or what it became, as JSON holds it; passages without their text."""
    if not isinstance(each, Prepared):
        return asdict(each)
    return {
        "source": each.source,
        "content_hash": each.content_hash,
        "document": asdict(each.document),
        "passages": [(passage.id, passage.start, passage.end) for passage in each.passages],
        "words": [(words.joined, words.count) for words in each.words],
        "tokens": [_encoded(ids) for ids in each.tokens or ()],
        "signature": "" if each.signature is None else _encoded(each.signature),
        "hidden": each.hidden,
    }


def _result(values: dict[str, Any]) -> Result:
    if "reason" in values:
        return Skipped(**values)
    document = Document(**values["document"])
    return Prepared(
        values["source"],
        values["content_hash"],
        document,
        tuple(
            Passage(passage_id, document.id, start, end, document.text[start:end])
            for passage_id, start, end in values["passages"]
        ),
        tuple(PassageWords(*words) for words in values["words"]),
        tuple(np.frombuffer(b64decode(ids), np.int32) for ids in values["tokens"]),
        values["hidden"],
        np.frombuffer(b64decode(values["signature"]), np.uint32),
    )


def _encoded(array: NDArray[Any]) -> str:
    return b64encode(array.tobytes()).decode("ascii")


def _send(pipe: IO[bytes], values: list[dict[str, Any]]) -> None:
    """One batch is one line."""
    line = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    pipe.write(line.encode("utf-8", "surrogatepass") + b"\n")
    pipe.flush()


def _received(line: bytes) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = json.loads(line.decode("utf-8", "surrogatepass"))
    return values


def _start(permutations: Permutations) -> subprocess.Popen[bytes]:
    return child.start(_SERVE, str(static.BUILT_IN), permutations.tobytes().hex())
