"""Processes of our own that speak over pipes, to keep the other processors busy.

They need no `if __name__ == "__main__"` in the user's script, and end by themselves when the parent
is gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import IO


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def start(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A Python that runs the code with the arguments in `sys.argv[1:]`, on one processor."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process, whatever it is doing, and close its pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe is not None:
                pipe.close()
        except OSError:
            pass  # what was still to be sent to a process that is gone


def own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """In the child: what comes in, and where answers go; what a library prints is no answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when it is over
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return sys.stdin.buffer, outgoing
