from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from tiny_transformer import save_tiny_transformer

from rag.embed import load_embedder
from rag.errors import EmbedderError, UsageError
from rag.hub import Backend, as_backend, weights_hash

HAS_ONNX = find_spec("onnxruntime") is not None and find_spec("optimum") is not None


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_transformer(tmp_path_factory.mktemp("saved"))


@pytest.fixture
def model(saved: Path, tmp_path: Path) -> Path:
    """A copy of the saved model, to be changed."""
    return Path(shutil.copytree(saved, tmp_path / "model"))


def test_a_copy_of_a_model_has_its_hash(saved: Path, model: Path) -> None:
    assert weights_hash(str(model)) == weights_hash(str(saved))


def test_one_changed_weight_changes_the_hash(saved: Path, model: Path) -> None:
    tensors = load_file(model / "model.safetensors")
    next(iter(tensors.values()))[0] += 1e-3
    save_file(tensors, model / "model.safetensors")
    assert weights_hash(str(model)) != weights_hash(str(saved))


def test_another_way_of_pooling_changes_the_hash(saved: Path, model: Path) -> None:
    pooling = model / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text("utf-8").replace("mean", "max"), encoding="utf-8")
    assert weights_hash(str(model)) != weights_hash(str(saved))


@pytest.mark.parametrize("file", ["README.md", "onnx/model.onnx", "openvino/config.json"])
def test_what_no_vector_comes_from_leaves_the_hash_alone(
    saved: Path, model: Path, file: str
) -> None:
    (model / file).parent.mkdir(exist_ok=True)
    (model / file).write_text("something else")
    assert weights_hash(str(model)) == weights_hash(str(saved))


def test_a_model_that_was_only_exported_is_told_by_its_export(model: Path) -> None:
    (model / "model.safetensors").unlink()
    (model / "onnx").mkdir()
    (model / "onnx" / "model.onnx").write_bytes(b"one")
    before = weights_hash(str(model))
    (model / "onnx" / "model.onnx").write_bytes(b"two")
    assert weights_hash(str(model)) != before


def test_a_spoiled_file_is_one_clear_error(model: Path) -> None:
    (model / "model.safetensors").write_bytes(b"spoiled")
    with pytest.raises(EmbedderError, match="expected a sentence-transformers model"):
        load_embedder(str(model))


def test_an_unknown_backend_is_refused() -> None:
    assert as_backend("openvino") == "openvino"
    with pytest.raises(UsageError, match="expected the backend torch, onnx or openvino"):
        as_backend("jax")


@pytest.mark.parametrize(
    ("backend", "package"),
    [("onnx", "onnxruntime"), ("openvino", "openvino")],
)
def test_a_backend_that_is_not_installed_says_what_to_install(
    saved: Path, backend: Backend, package: str
) -> None:
    if find_spec(package) is not None:
        pytest.skip(f"{package} is installed")
    with pytest.raises(EmbedderError, match=rf"pip install 'sentence-transformers\[{backend}\]'"):
        load_embedder(str(saved), backend)


@pytest.mark.skipif(not HAS_ONNX, reason="sentence-transformers[onnx] is not installed")
@pytest.mark.filterwarnings("ignore")
def test_onnx_gives_the_vectors_and_the_fingerprint_of_torch(model: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["宁德时代电池项目", "a battery plant", "?!"]
    torch = load_embedder(str(model))
    on_the_fly = load_embedder(str(model), "onnx")
    SentenceTransformer(str(model), backend="onnx").save_pretrained(str(model))
    exported = load_embedder(str(model), "onnx")
    assert (model / "onnx" / "model.onnx").is_file()
    for onnx in (on_the_fly, exported):
        assert onnx.fingerprint == torch.fingerprint
        assert np.allclose(onnx.embed_passages(texts), torch.embed_passages(texts), atol=1e-4)
    del onnx, on_the_fly, exported
    gc.collect()  # what the export left in temporary folders goes with a warning


def test_a_hub_model_that_is_on_the_disk_is_loaded_by_its_name(saved: Path, tmp_path: Path) -> None:
    revision = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "models--acme--tiny"
    shutil.copytree(saved, repository / "snapshots" / revision)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(revision)
    done = subprocess.run(
        [sys.executable, "-c", "from rag.embed import load_embedder as load\n"
         "found = load('acme/tiny|q: |p: '); print(found.name, found.fingerprint)"],
        env={**os.environ, "HF_HUB_CACHE": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    fingerprint = load_embedder(f"{saved}|q: |p: ").fingerprint
    assert done.stdout == f"acme/tiny|q: |p:  {fingerprint}\n"


class _NoModels(BaseHTTPRequestHandler):
    """A hub that has none, and keeps count of what it was asked."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_error(404)

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        pass


def test_a_model_that_the_hub_lacks_is_one_question_and_one_line(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _NoModels) as hub:
        hub.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=hub.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{hub.server_address[1]}"
        environment = {**os.environ, "HF_HUB_CACHE": str(tmp_path), "HF_ENDPOINT": address}
        done = subprocess.run(
            [sys.executable, "-c", "from rag.embed import load_embedder as load\n"
             "from rag.errors import EmbedderError\n"
             "try: load('acme/tinny')\nexcept EmbedderError as error: print(error)"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )  # fmt: skip
        hub.shutdown()
    (line,) = done.stdout.splitlines()
    assert "found none" in line
    assert "acme/tinny" in line
    asked = [path for path in hub.asked if "tinny" in path]  # type: ignore[attr-defined]
    assert len(asked) == 1
