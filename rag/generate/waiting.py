"""Pieces from an asynchronous generator, waited for in a way that can be cut short."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from typing import Final

_TICK: Final = 0.05  # seconds between two looks at whether the reader still wants the answer


def pieces_until(
    pieces: AsyncGenerator[str, None], is_cancelled: Callable[[], bool]
) -> Generator[str]:
    """The pieces as they come, in the caller's thread, until there are no more or none is wanted.

    Then, or when the iterator is closed, the generator is closed too. It runs in an event loop and
    a thread of its own.
    """
    with _loop_for(pieces) as loop:
        while piece := _next(loop, pieces, is_cancelled):
            yield piece


@contextmanager
def _loop_for(pieces: AsyncGenerator[str, None]) -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop in a thread of its own; when it ends, the pieces are closed."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="generator", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(_wind_up(pieces), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _wind_up(pieces: AsyncGenerator[str, None]) -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await pieces.aclose()
    await asyncio.get_running_loop().shutdown_asyncgens()


def _next(
    loop: asyncio.AbstractEventLoop,
    pieces: AsyncGenerator[str, None],
    is_cancelled: Callable[[], bool],
) -> str | None:
    """The next piece; None when there is none, or it isn't wanted any more."""
    if is_cancelled():
        return None

    async def step() -> str | None:
        return await anext(pieces, None)

    asked = asyncio.run_coroutine_threadsafe(step(), loop)
    while not wait([asked], timeout=_TICK).done:
        if is_cancelled():
            return None
    return asked.result()
