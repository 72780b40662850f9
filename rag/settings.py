"""What the doors read from outside, once: everything below them takes plain arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import UsageError
from rag.generate import Generator
from rag.hub import Backend, as_backend


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds when the command line does not say. Paths start at the current folder.

    `backend` runs the models that the user chose; `reranker` names a cross-encoder. `llm_base_url`
    is the address of an OpenAI-compatible server, and `llm_model` its model that writes answers;
    `keep_unsupported` shows, marked, what it wrote that nothing proves.
    """

    index: Path = Path("indexes/default")
    seeds: Path = Path("seeds")
    host: str = "127.0.0.1"
    backend: Backend = "torch"
    reranker: str | None = None
    llm_base_url: str | None = None
    llm_model: str | None = None
    llm_api_key: str = field(default="", repr=False)
    keep_unsupported: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """`RAG_INDEX` names the index folder, `RAG_BACKEND` is torch, onnx or openvino, and
        `RAG_RERANKER` a cross-encoder's name or folder; `RAG_LLM_BASE_URL`, `RAG_LLM_MODEL` and
        `RAG_LLM_API_KEY` say which language model writes, `RAG_LLM_UNSUPPORTED` whether to mark or
        to drop its sentences that nothing proves. An empty value counts as unset.

        Raises UsageError when there is no such backend, when a server comes without a model or a
        model without a server, and when what is unproved is neither marked nor dropped.
        """
        index, backend, reranker, base_url, model, key, unsupported = (
            environment.get(f"RAG_{name}", "").strip()
            for name in (
                *("INDEX", "BACKEND", "RERANKER"),
                *("LLM_BASE_URL", "LLM_MODEL", "LLM_API_KEY", "LLM_UNSUPPORTED"),
            )
        )
        if unsupported not in ("", "mark", "drop"):
            raise UsageError(
                f"expected mark or drop in RAG_LLM_UNSUPPORTED, found {unsupported!r}: "
                "set one of them"
            )
        if bool(base_url) != bool(model):
            missing = "RAG_LLM_MODEL" if base_url else "RAG_LLM_BASE_URL"
            raise UsageError(
                "expected RAG_LLM_BASE_URL and RAG_LLM_MODEL, found only one of them: "
                f"set {missing} too"
            )
        otherwise = cls()
        return cls(
            index=Path(index).expanduser() if index else otherwise.index,
            backend=as_backend(backend) if backend else otherwise.backend,
            reranker=reranker or None,
            llm_base_url=base_url or None,
            llm_model=model or None,
            llm_api_key=key,
            keep_unsupported=unsupported != "drop",
        )

    def generator(self) -> Generator | None:
        """The language model that writes answers; None where none is set, so they are quoted.

        Raises UsageError when the address or the key can't be one.
        """
        if self.llm_base_url is None or self.llm_model is None:
            return None
        from rag.generate.openai_compatible import OpenAICompatible

        return OpenAICompatible(self.llm_base_url, self.llm_model, self.llm_api_key)
