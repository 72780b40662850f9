"""What a reasoning model writes before its answer, which some servers send as part of it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Final

_OPENS: Final = "<think>"
_CLOSES: Final = "</think>"


def without_thoughts(pieces: Generator[str]) -> Iterator[str]:
    """The pieces of an answer without the `<think>` block that it begins with, if it does."""
    with closing(pieces):
        held = ""
        for piece in pieces:
            held += piece
            begun = held.lstrip()
            if not _may_be_thought(begun):
                yield held
                break
            if _CLOSES in begun:
                if answer := begun.partition(_CLOSES)[2].lstrip():
                    yield answer
                break
        else:
            if held and not held.lstrip().startswith(_OPENS):
                yield held
        yield from pieces


def _may_be_thought(begun: str) -> bool:
    return begun.startswith(_OPENS) or _OPENS.startswith(begun)
