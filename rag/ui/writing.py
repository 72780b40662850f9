"""Which answers are being written, so that they can be stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event, Lock


@dataclass(eq=False, slots=True)
class Answering:
    """An answer that is being written; `has_left` says that its reader went elsewhere, so that
    nothing of it is to be shown any more."""

    stopped: Event = field(default_factory=Event)
    has_left: bool = False


class Writing:
    """The answers that are being written, by the session of their reader, to be stopped."""

    def __init__(self) -> None:
        self._answering: dict[str, Answering] = {}
        self._lock = Lock()

    def begin(self, session: str) -> Answering:
        """One answer at a time: the one before is stopped."""
        now = Answering()
        with self._lock:
            before = self._answering.get(session)
            self._answering[session] = now
        if before:
            before.stopped.set()
        return now

    def end(self, session: str, answering: Answering) -> None:
        """The answer is there."""
        with self._lock:
            if self._answering.get(session) is answering:
                del self._answering[session]

    def stop(self, session: str, *, leaving: bool = False) -> None:
        """The reader wants no more of it; `leaving` for another conversation, not even what is
        there."""
        with self._lock:
            answering = self._answering.pop(session, None)
        if answering:
            answering.has_left = leaving
            answering.stopped.set()
