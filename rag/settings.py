"""What the doors read from outside, once: everything below them takes plain arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are when the command line does not say. Paths start at the current folder."""

    index: Path = Path("indexes/default")
    seeds: Path = Path("seeds")
    host: str = "127.0.0.1"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """`RAG_INDEX` names the index folder; an empty value counts as unset."""
        index = environment.get("RAG_INDEX", "").strip()
        return cls(index=Path(index).expanduser()) if index else cls()
