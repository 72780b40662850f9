"""Generators: language models, messages in, text out piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the talk that a language model goes on with."""

    role: Role
    content: str


class Generator(Protocol):
    """What an answer needs of a language model. `name` is what its users call it."""

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    def stream(
        self, messages: Sequence[Message], *, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[str]:
        """The model's next turn, in pieces as they come, none of them empty.

        Nothing is sent before the first piece is asked for. The iterator ends early, and without an
        error, soon after `cancelled()` turns true; it and closing the iterator stop the model.

        Raises GeneratorError when no answer, or not a whole one, comes.
        """
        ...
