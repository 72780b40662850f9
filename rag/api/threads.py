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
_WORKING: Final = 1  # answers at once: Python runs one, others would only take turns with it
_END: Final = object()

_limiters: RunVar[tuple[anyio.CapacityLimiter, anyio.CapacityLimiter]] = RunVar("limiters")


async def in_thread(work: Callable[[], T]) -> T:
    """What a function returns."""
    return await to_thread.run_sync(work)


async def answered(work: Callable[[], T], *, written: bool = False) -> T:
    """What a function returns that answers a question, or searches. `written` answers, which wait
    for other servers, have threads of their own and keep nobody waiting."""
    return await to_thread.run_sync(work, limiter=_limiter(written=written))


async def each_answered(
    steps: Generator[T], gone: threading.Event, *, written: bool = False
) -> AsyncIterator[T]:
    """What a generator yields, as `answered`. When whoever listens is gone, `gone` is set and the
    generator is closed: at once, or where a thread still waits in it, by that thread."""
    limiter = _limiter(written=written)
    try:
        while True:
            found = await to_thread.run_sync(
                partial(_step, steps, gone), abandon_on_cancel=written, limiter=limiter
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


def _limiter(*, written: bool) -> anyio.CapacityLimiter:
    """The one of this event loop, for answers that are written or those made by this machine."""
    try:
        found = _limiters.get()
    except LookupError:
        found = anyio.CapacityLimiter(_WORKING), anyio.CapacityLimiter(_WRITING)
        _limiters.set(found)
    return found[written]
