"""What the doors read from outside, once: everything below them takes plain arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.hub import Backend, as_backend


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds when the command line does not say. Paths start at the current folder.

    `backend` runs the models that the user chose; `reranker` names a cross-encoder.
    """

    index: Path = Path("indexes/default")
    seeds: Path = Path("seeds")
    host: str = "127.0.0.1"
    backend: Backend = "torch"
    reranker: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """`RAG_INDEX` names the index folder, `RAG_BACKEND` is torch, onnx or openvino, and
        `RAG_RERANKER` a cross-encoder's name or folder; an empty value counts as unset.

        Raises UsageError when there is no such backend.
        """
        index, backend, reranker = (
            environment.get(f"RAG_{name}", "").strip() for name in ("INDEX", "BACKEND", "RERANKER")
        )
        otherwise = cls()
        return cls(
            index=Path(index).expanduser() if index else otherwise.index,
            backend=as_backend(backend) if backend else otherwise.backend,
            reranker=reranker or None,
        )
