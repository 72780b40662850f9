"""Waiting a moment before saying that one waits: what comes at once needs no such word."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

_T = TypeVar("_T")


def unless_slow(events: Iterator[_T], seconds: float) -> Iterator[_T | None]:
    """The events, and before them None where the first one takes longer than that."""
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: list(_first(events)))
        if wait([first], timeout=seconds).not_done:
            yield None
        yield from first.result()
    yield from events


def _first(events: Iterator[_T]) -> Iterator[_T]:
    for event in events:
        yield event
        return
