"""No command loads a module that it does not need."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {
    "datasketch",
    "docx",
    "fastapi",
    "gradio",
    "langchain_core",
    "langchain_text_splitters",
    "mcp",
    "openai",
    "pandas",
    "plotly",
    "prometheus_client",
    "pypdf",
    "pypinyin",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "tokenizers",
    "torch",
    "trafilatura",
    "transformers",
}
LOADED = "import json, sys; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"


def loaded_after(code: str, folder: Path) -> set[str]:
    """The top modules that a fresh Python has loaded after it ran the code."""
    return {name.split(".")[0] for name in modules_after(code, folder)}


def modules_after(code: str, folder: Path) -> list[str]:
    """Every module that it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    names: list[str] = json.loads(done.stderr.splitlines()[-1])
    return names


def running(*words: str) -> str:
    return f"from rag.cli import run; assert run({list(words)!r}) == 0"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of two small articles at the default place."""
    folder = tmp_path_factory.mktemp("imports")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "en.txt").write_text(
        "Bridges\n\nThe bridge was built in 1984 by Ann Lee.\n"
    )
    (folder / "seeds" / "zh.txt").write_text("桥梁\n\n这座桥于1984年建成，耗资42亿元。\n", "utf-8")
    loaded_after(running("ingest"), folder)
    return folder


def test_importing_the_package_loads_next_to_nothing(tmp_path: Path) -> None:
    loaded = loaded_after("import rag", tmp_path)
    assert not loaded & (HEAVY | {"numpy", "faiss", "tantivy", "typer", "rich"})


def test_importing_the_command_line_loads_no_step(tmp_path: Path) -> None:
    loaded = loaded_after("import rag.cli", tmp_path)
    assert not loaded & (HEAVY | {"numpy", "faiss", "tantivy", "rich"})


@pytest.mark.parametrize(
    "question",
    ["When was the bridge built?", "这座桥是什么时候建成的？", "Who built the Jiaocheng bridge?"],
)
def test_ask_loads_nothing_heavy(folder: Path, question: str) -> None:
    assert not loaded_after(running("ask", question), folder) & HEAVY
    assert not loaded_after(running("ask", question, "--json"), folder) & (HEAVY | {"rich"})


def test_a_quoted_answer_loads_nothing_of_written_ones(folder: Path) -> None:
    loaded = modules_after(running("ask", "When was the bridge built?", "--json"), folder)
    assert "rag.answer" in loaded
    assert not set(loaded) & {
        "rag.follow_up",
        "rag.rewrite",
        "rag.written",
        "rag.settle",
        "rag.support",
    }


def test_search_loads_nothing_heavy(folder: Path) -> None:
    assert not loaded_after(running("search", "bridge", "--json"), folder) & (HEAVY | {"rich"})


def imported_by(path: Path) -> set[str]:
    """The top modules that a source imports, wherever the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found - {"rag", "training"} - sys.stdlib_module_names


def test_every_package_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = project["dependencies"]
    for_work = [*needed, *project["optional-dependencies"]["dev"]]
    assert not undeclared([ROOT / "app.py", *(ROOT / "rag").rglob("*.py")], needed)
    assert not undeclared((ROOT / "training").rglob("*.py"), for_work)
    own = {"app"} | {path.stem for path in (ROOT / "tests").glob("*.py")}
    assert not undeclared((ROOT / "tests").glob("*.py"), for_work) - own


def undeclared(sources: Iterable[Path], ranges: Sequence[str]) -> set[str]:
    """The modules that sources import from packages which are on no list."""
    declared = {re.split(r"[<>=!~ \[]", each)[0].lower().replace("_", "-") for each in ranges}
    packages = packages_distributions()
    return {
        name
        for name in set().union(*map(imported_by, sources))
        if not declared & {each.lower().replace("_", "-") for each in packages.get(name, [name])}
    }


def test_every_tested_version_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {each.split("==")[0].lower().replace("_", "-") for each in lines if "==" in each}
    for each in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        assert re.split(r"[<>=!~ \[]", each)[0].lower().replace("_", "-") in pinned, each
