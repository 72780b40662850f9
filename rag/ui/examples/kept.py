"""What is offered, kept for as long as the articles stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final

from rag.types import Language

OFFERED: Final = 3
"""How many questions a visitor is offered."""


class Kept:
    """Questions by language, each made once for a generation of the index; safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: dict[Language, tuple[int, tuple[str, ...]]] = {}

    def get(
        self, generation: int, language: Language, make: Callable[[], tuple[str, ...]]
    ) -> tuple[str, ...]:
        """What was made for a generation, or is made now; who comes meanwhile waits for it."""
        with self._lock:
            kept = self._made.get(language)
            if kept is None or kept[0] != generation:
                kept = self._made[language] = generation, make()
            return kept[1]
