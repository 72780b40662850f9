"""Lower floors import nothing above them, not even inside a function or for types."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import rag

ROOT = Path(rag.__file__).parent
FLOORS = (
    "errors types",
    "acronyms answer_lines answer_spans answer_type assertions chunk clean enumeration fold "
    "follow_up fuse interrupts language leaks metrics outlets period phrases pinyin printable "
    "proper_names quotes reasons sentences value_words other_words values word_spans word_stream "
    "child",
    "cross_encoder embed generate hub load questions store",
    "answer answer_roles asking_words bridge cite claims compose confidence coverage disagreement "
    "evaluate evidence explain feedback index indexing ingest labels name_spellings open_spans "
    "overview prepare rebuild refit relevance report rerank retrieve rewrite ruled_out selection "
    "settle short_answer support transcript workers written",
    "__init__ __main__ api cli door render settings shapes ui",
)
MODULES = sorted(ROOT.rglob("*.py"))


def part_of(module: str) -> str:
    """The name of a module within the floors: `rag.store.vectors` -> `store`."""
    return module.split(".")[1] if "." in module else "__init__"


def floor_of(part: str) -> int:
    for floor, parts in enumerate(FLOORS):
        if part in parts.split():
            return floor
    raise AssertionError(f"expected {part!r} on one of the floors, found it on none: place it")


def imports_of(source: str) -> Iterator[str]:
    """Every module of the project that a source imports, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "rag")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "expected absolute imports"
            if node.module == "rag":
                for alias in node.names:
                    whole = f"rag.{alias.name}"
                    yield whole if find_spec(whole) else "rag"
            elif node.module and node.module.startswith("rag."):
                yield node.module


def test_imports_are_found_wherever_they_stand() -> None:
    source = "def f():\n    from rag.cli import run\n    import rag.store.vectors\n"
    source += "from rag import metrics, __version__\nimport numpy\n"
    assert set(imports_of(source)) == {"rag.cli", "rag.store.vectors", "rag.metrics", "rag"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_nothing_above_its_floor(path: Path) -> None:
    part = path.relative_to(ROOT).parts[0].removesuffix(".py")
    floor = floor_of(part)
    above = {
        module
        for module in imports_of(path.read_text(encoding="utf-8"))
        if floor_of(part_of(module)) > floor
    }
    assert not above, f"{part} is on floor {floor}, below {sorted(above)}"
