"""Long lists of texts embedded on every processor, by a process for each.

They start with the first long list, embed with the same model, and end when they have had nothing
to do for a while, or with this process. This one embeds only until the first of them is ready:
would it go on, those who speak with the others would wait for the interpreter.
"""

from __future__ import annotations

import os
import struct
import subprocess
import threading
import weakref
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import IO

import numpy as np

from rag import child
from rag.types import Vectors

LONG = 4096  # texts; fewer are done before another process would have started
ENOUGH = 512  # texts, where the processes run already
IDLE = 60.0  # seconds after which a process ends
_LEAST, _MOST = 64, 1024  # texts given to a process at once
_PROCESSES = 4  # speaking with them keeps this process from feeding more
_HEAD = struct.Struct("<QQ")
_LENGTH = np.dtype("<u4")

_SERVE = "import sys; from rag.embed.companions import serve; serve(*sys.argv[1:])"

Embed = Callable[[Sequence[str]], Vectors]


@cache
def companions(folder: Path, fingerprint: str) -> Companions:
    """Those of a model."""
    return Companions(folder, fingerprint)


class Companions:
    """Processes that embed with the model in a folder."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._arguments = (str(folder), fingerprint)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._busy = threading.Lock()
        self.close = weakref.finalize(self, _end_all, self._processes)
        """Ends them; so does the end of this process."""

    def embed(self, texts: Sequence[str], own: Embed, vectors: Vectors) -> None:
        """Fill `vectors` with those of the texts; `own` embeds in this process.

        Does all of it here where the list is short, or where another thread has the processes.
        """
        if not self._busy.acquire(blocking=False):
            vectors[:] = own(texts)
            return
        try:
            self._start_for(len(texts))
            self._share(texts, own, vectors)
        finally:
            self._busy.release()

    def _start_for(self, count: int) -> None:
        """See to it that those processes run which the list is worth."""
        for gone in [each for each in self._processes if each.poll() is not None]:
            child.end(gone)
            self._processes.remove(gone)
        if count >= LONG:
            wanted = min(child.processors(), _PROCESSES) if child.processors() > 1 else 0
            for _ in range(wanted - len(self._processes)):
                self._processes.append(child.start(_SERVE, *self._arguments))

    def _share(self, texts: Sequence[str], own: Embed, vectors: Vectors) -> None:
        processes = self._processes if len(texts) >= ENOUGH else []
        parts = Parts(len(texts), 1 + len(processes))
        answered = threading.Event()
        feeding = [
            threading.Thread(target=_feed, args=(process, parts, texts, vectors, answered))
            for process in processes
        ]
        for thread in feeding:
            thread.start()
        while not answered.is_set() and (part := parts.take()) is not None:
            vectors[part] = own(texts[part])
        for thread in feeding:
            thread.join()
        while (part := parts.take()) is not None:  # what a process left undone
            vectors[part] = own(texts[part])


class Parts:
    """Shares out a list in parts, which get smaller so that all are done at about one time."""

    def __init__(self, count: int, takers: int) -> None:
        self._start, self._count, self._takers = 0, count, takers
        self._left: list[slice] = []
        self._lock = threading.Lock()

    def take(self) -> slice | None:
        """The next part that nobody has; None when there is none."""
        with self._lock:
            if self._left:
                return self._left.pop()
            size = (self._count - self._start) // (4 * self._takers)
            part = slice(self._start, self._start + min(max(size, _LEAST), _MOST))
            self._start = min(part.stop, self._count)
            return part if part.start < self._count else None

    def leave(self, part: slice) -> None:
        """Give back a part that is not done."""
        with self._lock:
            self._left.append(part)


def _feed(
    process: subprocess.Popen[bytes],
    parts: Parts,
    texts: Sequence[str],
    vectors: Vectors,
    answered: threading.Event,
) -> None:
    """Have a process do parts, until there are none or it is gone."""
    while (part := parts.take()) is not None:
        rows = vectors[part]
        answer = _exchange(process, texts[part], rows.nbytes)
        if len(answer) < rows.nbytes:
            parts.leave(part)
            return
        rows[:] = np.frombuffer(answer, np.float32).reshape(rows.shape)
        answered.set()


def _exchange(process: subprocess.Popen[bytes], texts: Sequence[str], size: int) -> bytes:
    """Send texts, and read what answers them; less if the process is gone."""
    assert process.stdin is not None and process.stdout is not None
    try:
        _send(process.stdin, texts)
        return process.stdout.read(size)
    except OSError:
        return b""


def _send(outgoing: IO[bytes], texts: Sequence[str]) -> None:
    """Write how many texts and bytes, the texts' lengths in characters, and the texts as one."""
    joined = "".join(texts).encode("utf-8", "surrogatepass")
    lengths = np.fromiter(map(len, texts), _LENGTH, len(texts))
    outgoing.write(_HEAD.pack(len(texts), len(joined)) + lengths.tobytes() + joined)
    outgoing.flush()


def _receive(incoming: IO[bytes]) -> list[str]:
    """Texts as `_send` writes them; none where no more come."""
    head = incoming.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return []
    count, size = _HEAD.unpack(head)
    lengths = np.frombuffer(incoming.read(count * _LENGTH.itemsize), _LENGTH)
    joined = incoming.read(size)
    if len(joined) < size:
        return []
    text = joined.decode("utf-8", "surrogatepass")
    ends = np.cumsum(lengths).tolist()
    return [text[start:end] for start, end in pairwise([0, *ends])]


def _end_all(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        child.end(process)


def serve(folder: str, fingerprint: str) -> None:
    """What each process does: embed the lists that come in, until no more come."""
    from rag.embed.static import StaticEmbedder

    incoming, outgoing = child.own_pipes()
    embedder = StaticEmbedder.load(Path(folder))
    if embedder.fingerprint != fingerprint:  # the files are others by now
        return
    while True:
        idle = threading.Timer(IDLE, os._exit, (0,))
        idle.daemon = True
        idle.start()
        texts = _receive(incoming)
        idle.cancel()
        if not texts:
            return
        outgoing.write(embedder.embed_here(texts).data)
        outgoing.flush()
