"""Work of an index in threads, so that the event loop is free for everybody else."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar

import anyio
from anyio import to_thread
from anyio.lowlevel import RunVar

T = TypeVar("T")

_WRITING: Final = 100  # answers that a language model writes at once, each mostly waiting for it
_END: Final = object()

_limiter: RunVar[anyio.CapacityLimiter] = RunVar("writing")


async def in_thread(work: Callable[[], T], *, slow: bool = False) -> T:
    """What a function returns. `slow` work, which waits for other servers, has threads of its own
    and keeps nobody waiting."""
    return await to_thread.run_sync(work, limiter=_slow_limiter() if slow else None)


async def each_in_thread(
    steps: Generator[T], gone: threading.Event, *, slow: bool = False
) -> AsyncIterator[T]:
    """What a generator yields. When whoever listens is gone, `gone` is set and the generator is
    closed: at once, or where a thread is still in it, by that thread."""
    limiter = _slow_limiter() if slow else None
    try:
        while True:
            found = await to_thread.run_sync(
                partial(_step, steps, gone), abandon_on_cancel=True, limiter=limiter
            )
            if found is _END:
                break
            yield found  # type: ignore[misc]
    finally:
        gone.set()
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(_close, steps)


def _step(steps: Generator[T], gone: threading.Event) -> T | object:
    found = next(steps, _END)
    if gone.is_set():
        steps.close()
    return found


def _close(steps: Generator[T]) -> None:
    with suppress(ValueError):  # a thread is in it, and closes it when it comes out
        steps.close()


def _slow_limiter() -> anyio.CapacityLimiter:
    """The one of this event loop."""
    try:
        return _limiter.get()
    except LookupError:
        found = anyio.CapacityLimiter(_WRITING)
        _limiter.set(found)
        return found
