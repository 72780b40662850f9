"""Models in the hub's format: loaded from a folder, the disk's cache or the hub itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeVar, get_args

from rag.errors import EmbedderError, UsageError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer

    Model = TypeVar("Model", SentenceTransformer, CrossEncoder)

Backend = Literal["torch", "onnx", "openvino"]
"""What runs a model: all three give the same vectors, but for rounding."""

_RUNTIME: Final = {
    "torch": ("torch",),
    "onnx": ("optimum", "onnxruntime"),
    "openvino": ("optimum", "openvino"),
}
_HUB_ANSWERS = 10.0  # seconds
_EXPORTED = ("onnx", "openvino")  # folders within a model's, for the other backends
_SHAPES = ("modules.json", "sentence_bert_config.json", "tokenizer.json", "*/config.json")
_WEIGHTS = (("*.safetensors", "*/*.safetensors"), ("pytorch_model*.bin", "*/pytorch_model*.bin"))


def as_backend(name: str) -> Backend:
    """The backend of that name. Raises UsageError when there is none."""
    for known in get_args(Backend):
        if name == known:
            found: Backend = known
            return found
    raise UsageError(f"expected the backend torch, onnx or openvino, found {name!r}: name one")


def full_name(name: str) -> str:
    """A hub name as it is; a folder by its absolute path, good from every other folder."""
    return str(Path(name).resolve()) if Path(name).is_dir() else name


def load_model(kind: Callable[..., Model], what: str, name: str, backend: Backend) -> Model:
    """Load a model, in 32 bits where a processor runs it.

    `kind` is a class of sentence-transformers and `what` what users call it. The hub is asked only
    for what isn't on the disk. Raises EmbedderError when there is no such model.
    """
    from safetensors import SafetensorError
    from transformers.utils.logging import disable_progress_bar

    _check_runtime(backend)
    disable_progress_bar()  # type: ignore[no-untyped-call]  # of reading files; downloads still show theirs
    failures = (OSError, ValueError, ImportError, RuntimeError, SafetensorError)
    reason: Exception | None = None
    for on_disk in (True,) if Path(name).is_dir() else (True, False):
        if not on_disk and (missing := _missing_from_hub(name)):
            reason = missing
            break
        try:
            model = kind(name, backend=backend, local_files_only=on_disk)
        except failures as error:
            reason = error
        else:
            return model.float() if backend == "torch" and model.device.type == "cpu" else model
    said = str(reason).splitlines()[0] if str(reason) else type(reason).__name__
    raise EmbedderError(
        f"expected a {what} at {name!r}, found none ({said}): "
        "give a model's folder, or a hub name with the hub in reach"
    ) from reason


def _missing_from_hub(name: str) -> Exception | None:
    """Why the hub doesn't give a model, by one question; loading it asks many times before it
    gives up."""
    from huggingface_hub import model_info

    try:
        model_info(name, timeout=_HUB_ANSWERS)
    except Exception as error:  # noqa: BLE001 - of the HTTP library that the hub client brings
        return error
    return None


def batch_size(model: SentenceTransformer | CrossEncoder) -> int:
    """Texts that go through a model at once: few stay in a processor's cache, many fill a GPU."""
    return 8 if model.device.type == "cpu" else 64


def _check_runtime(backend: Backend) -> None:
    missing = [package for package in _RUNTIME[backend] if find_spec(package) is None]
    if missing:
        raise EmbedderError(
            f"expected {' and '.join(_RUNTIME[backend])} for the backend {backend}, found no "
            f"{' and no '.join(missing)}: pip install 'sentence-transformers[{backend}]'"
        )


def weights_hash(name: str) -> str:
    """A hash of what a model's vectors come from: its weights, modules and tokenizer, as files.

    Files that only other backends read don't count, so that all of them find one hash; where there
    are no others, they are the weights. Raises EmbedderError when the model isn't on the disk.
    """
    digest = hashlib.sha256()
    folder = _folder(name)
    for path in chain(_files(folder, *_SHAPES), _weights(name, folder)):
        digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _folder(name: str) -> Path:
    """Where a model lies on the disk."""
    from sentence_transformers.util import load_file_path

    for file in ("modules.json", "config.json"):
        path = load_file_path(name, file, local_files_only=True)
        if path is not None:
            return Path(path).parent
    raise EmbedderError(
        f"expected the model {name!r} on the disk, found no modules.json or config.json of it: "
        "get the model's files again"
    )


def _weights(name: str, folder: Path) -> list[Path]:
    from sentence_transformers.util import load_file_path

    for patterns in _WEIGHTS:
        if found := _files(folder, *patterns):
            return found
    if not Path(name).is_dir():  # what another backend needs of a hub model doesn't tell it apart
        load_file_path(name, "model.safetensors")
        if found := _files(folder, *_WEIGHTS[0]):
            return found
    exported = (path for each in _EXPORTED for path in (folder / each).rglob("*"))
    return sorted(path for path in exported if path.is_file())


def _files(folder: Path, *patterns: str) -> list[Path]:
    found = {path for pattern in patterns for path in folder.glob(pattern)}
    return sorted(path for path in found if path.parent.name not in _EXPORTED)
