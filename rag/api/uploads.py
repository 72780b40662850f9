"""What a program sends -> raw articles, by the code that reads files for `rag ingest`.

What is sent has a name and nothing else: no path of the server can be named, and none is told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from rag.load import load
from rag.types import RawArticle, Skipped

ROWS_NAME: Final = "articles.jsonl"
"""The file that rows count as one of."""

_LONGEST_NAME = 200  # bytes; file systems take 255


def base_name(name: str) -> str:
    """The last part of a name, as browsers on any system write it; empty where it is none."""
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    usable = last not in ("", ".", "..") and last.isprintable()
    return last if usable and len(last.encode("utf-8", "replace")) <= _LONGEST_NAME else ""


def file_articles(name: str, path: Path) -> Iterator[RawArticle | Skipped]:
    """The articles of a file that was put at `path` under its own name."""
    if not base_name(name):
        reason = f"expected a file name of 1 to {_LONGEST_NAME} bytes, found another: rename it"
        yield Skipped(name[:_LONGEST_NAME], reason)
        return
    for found in load(path):
        yield _renamed(found, str(path), name)


def row_articles(folder: Path, rows: Sequence[object]) -> Iterator[RawArticle | Skipped]:
    """The articles of rows, written to a file in the folder first."""
    path = folder / ROWS_NAME
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in rows)
    for found in load(path):
        renamed = _renamed(found, str(path), ROWS_NAME)
        if isinstance(renamed, RawArticle) and renamed.source_id is None:
            renamed = replace(renamed, source=f"{ROWS_NAME}#{_hash(renamed)}")
        yield renamed


def _renamed(found: RawArticle | Skipped, path: str, name: str) -> RawArticle | Skipped:
    source = name + found.source.removeprefix(path)
    if isinstance(found, Skipped):
        return Skipped(source, found.reason.replace(path, name))
    return replace(found, source=source, path=name)


def _hash(article: RawArticle) -> str:
    """What stands for the id of a row that has none: its number says nothing in another request."""
    joined = f"{article.title or ''}\0{article.content}"
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]
