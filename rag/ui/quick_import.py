"""Gradio, imported in two thirds of its time.

With every component Gradio's package writes a stub for editors beside its own source, or reads it
to see that it is still the same: a second of a start, and a write where the package may be shared.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Final

_MODULE: Final = "gradio.component_meta"
_WRITER: Final = "create_or_modify_pyi"


class _WithoutStubs(MetaPathFinder):
    """Finds Gradio's module of component classes, and lets it write no stubs."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _MODULE:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(fullname, path)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def run_without(module: ModuleType) -> None:
            run(module)
            if hasattr(module, _WRITER):
                setattr(module, _WRITER, lambda *_: None)

        spec.loader.exec_module = run_without  # type: ignore[method-assign]
        return spec


def prepare() -> None:
    """Let the first import of Gradio be quick; nothing where it is imported already."""
    if "gradio" not in sys.modules and not any(
        isinstance(each, _WithoutStubs) for each in sys.meta_path
    ):
        sys.meta_path.insert(0, _WithoutStubs())
