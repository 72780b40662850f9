"""Text that is safe to show in a terminal, whoever wrote it."""

from __future__ import annotations

import unicodedata

_STEERING = frozenset(["Cc", "Cf", "Co", "Cs", "Zl", "Zp"])  # categories of Unicode


def printable(text: str) -> str:
    """Text that a terminal only shows: line feeds stay, all that could steer it goes.

    That is control characters, marks of direction, tags and private characters; a tab is a space.
    """
    return text if text.isprintable() else "".join(filter(_is_seen, text.replace("\t", " ")))


def _is_seen(character: str) -> bool:
    return character in "\n\u200d" or unicodedata.category(character) not in _STEERING
