"""The conversations that are open on a page, so that a question needs no reading of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from rag.ui.talk import Ratings, Talk

_HELD: Final = 64

Held = tuple[Talk, Ratings]
"""A conversation, and what its reader thinks of its answers."""


@dataclass(slots=True)
class Talks:
    """The conversations that were shown or asked in last, by their id; safe from any thread."""

    _held: OrderedDict[str, Held] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, talk_id: str) -> Held | None:
        """A conversation as it was shown last."""
        with self._lock:
            if talk_id in self._held:
                self._held.move_to_end(talk_id)
            return self._held.get(talk_id)

    def hold(self, held: Held) -> None:
        """Remember a conversation; the one that nobody has used for longest is forgotten."""
        with self._lock:
            self._hold(held)

    def go_on(self, before: Held, held: Held) -> None:
        """Remember a conversation that went on from `before`. Where another page has gone on with
        it meanwhile, it is forgotten: the disk has both."""
        with self._lock:
            if before[0].id and self._held.get(before[0].id) is not before:
                self._held.pop(before[0].id, None)
            else:
                self._hold(held)

    def forget(self, talk_id: str) -> None:
        """The conversation is to be read again."""
        with self._lock:
            self._held.pop(talk_id, None)

    def _hold(self, held: Held) -> None:
        talk_id = held[0].id
        if talk_id:
            self._held[talk_id] = held
            self._held.move_to_end(talk_id)
            while len(self._held) > _HELD:
                self._held.popitem(last=False)
