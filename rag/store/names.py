"""What a user may call a source: its own name, a file, a folder, an id."""

from __future__ import annotations

from pathlib import Path

from rag.errors import UsageError
from rag.store.documents import DocumentStore

_BY = (
    "SELECT source FROM sources WHERE source = ?1 OR source = ?2",
    "SELECT source FROM sources WHERE path = ?1 OR path = ?2",
    "SELECT source FROM sources WHERE substr(path, 1, length(?2) + 1) = ?2 || '/'",
    "SELECT source FROM sources WHERE source_id = ?1",
    "SELECT s.source FROM sources s JOIN documents d ON d.row = s.document WHERE d.id = ?1",
)
_BY_FILE_NAME = """
SELECT source, path FROM sources WHERE substr(path, -length(?1) - 1) IN ('/' || ?1, '\\' || ?1)
"""


def named(store: DocumentStore, name: str) -> list[str]:
    """The sources that a name means: the first reading that finds any.

    Raises UsageError when it finds none, or files of that name in several folders.
    """
    path = str(Path(name).resolve())
    for sql in _BY:
        found = [source for (source,) in store.query(sql + " ORDER BY source", name, path)]
        if found:
            return found
    matches = store.query(_BY_FILE_NAME + " ORDER BY row", name)
    paths = sorted({path for _, path in matches})
    if len(paths) > 1:
        raise UsageError(f"expected the name of one file, found {len(paths)} called {name}, as "
                         f"{paths[0]} and {paths[1]}: give the path; nothing was removed")
    if not matches:
        raise UsageError(f"expected a source, path, file name or id of the index, found {name}: "
                         "see `rag list`; nothing was removed")
    return [source for source, _ in matches]
