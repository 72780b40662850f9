"""Which answers are being written, so that they can be stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock


class Writing:
    """The answers that are being written, by the name that their page gave them."""

    def __init__(self) -> None:
        self._stops: dict[str, Event] = {}
        self._lock = Lock()

    @contextmanager
    def begun(self, name: str) -> Iterator[Event]:
        """What is set once the reader wants no more of an answer, while it is written."""
        stop = Event()
        with self._lock:
            self._stops[name] = stop
        try:
            yield stop
        finally:
            with self._lock:
                if self._stops.get(name) is stop:
                    del self._stops[name]

    def stop(self, name: str) -> None:
        """The reader wants no more of an answer; nothing where it is written already."""
        with self._lock:
            stop = self._stops.get(name)
        if stop:
            stop.set()
