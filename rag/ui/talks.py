"""The conversations that are open on a page, so that a question needs no reading of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from rag.ui.talk import Ratings, Talk

_HELD: Final = 64


@dataclass(slots=True)
class Talks:
    """The conversations that were shown or asked in last, by their id; safe from any thread."""

    _held: OrderedDict[str, tuple[Talk, Ratings]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, talk_id: str) -> tuple[Talk, Ratings] | None:
        """A conversation as it was shown last, and what its reader thinks of its answers."""
        with self._lock:
            if talk_id in self._held:
                self._held.move_to_end(talk_id)
            return self._held.get(talk_id)

    def hold(self, talk: Talk, ratings: Ratings) -> None:
        """Remember a conversation; the one that nobody has used for longest is forgotten."""
        if not talk.id:
            return
        with self._lock:
            self._held[talk.id] = talk, ratings
            self._held.move_to_end(talk.id)
            while len(self._held) > _HELD:
                self._held.popitem(last=False)

    def forget(self, talk_id: str) -> None:
        """The conversation is to be read again."""
        with self._lock:
            self._held.pop(talk_id, None)
