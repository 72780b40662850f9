"""Other words for what a question says: a name in other letters, a value in another spelling."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OtherWords:
    """Words of a question, by their places, and words that say the same one behind the other.

    `telling` are those by which passages that hold them can be found.
    """

    asked: tuple[int, ...]
    terms: tuple[str, ...]
    telling: tuple[str, ...]
