"""Which answers are being written, so that they can be stopped."""

from __future__ import annotations

from threading import Event, Lock


class Writing:
    """The answers that are being written, by the session of their reader, to be stopped."""

    def __init__(self) -> None:
        self._stops: dict[str, Event] = {}
        self._lock = Lock()

    def begin(self, session: str) -> Event:
        """One answer at a time: the one before is stopped."""
        stop = Event()
        with self._lock:
            before = self._stops.get(session)
            self._stops[session] = stop
        if before:
            before.set()
        return stop

    def end(self, session: str, stop: Event) -> None:
        """The answer is there."""
        with self._lock:
            if self._stops.get(session) is stop:
                del self._stops[session]

    def stop(self, session: str) -> None:
        """The reader wants no more of it, or has left."""
        with self._lock:
            stop = self._stops.pop(session, None)
        if stop:
            stop.set()
