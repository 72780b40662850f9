"""What a user may call a source: its own name, a file, a folder, an id."""

from __future__ import annotations

from os.path import abspath

from rag.errors import UsageError
from rag.store.documents import DocumentStore

_BY_SOURCE = "SELECT source FROM sources WHERE source = ?"
_BY_PATH = "SELECT source FROM sources WHERE path = ?"
_IN_FOLDER = "SELECT source FROM sources WHERE substr(path, 1, length(?1) + 1) = ?1 || '/'"
_BY_ID = "SELECT source FROM sources WHERE source_id = ?"
_BY_DOCUMENT = (
    "SELECT s.source FROM sources s JOIN documents d ON d.row = s.document WHERE d.id = ?"
)
_BY_FILE_NAME = """
SELECT source, path FROM sources WHERE substr(path, -length(?1) - 1) IN ('/' || ?1, '\\' || ?1)
"""


def named(store: DocumentStore, name: str) -> list[str]:
    """The sources that a name means: the first reading that finds any.

    Raises UsageError when it finds none, or files of that name in several folders.
    """
    path = abspath(name)
    for sql, value in (
        (_BY_SOURCE, name),
        (_BY_SOURCE, path),
        (_BY_PATH, name),
        (_BY_PATH, path),
        (_IN_FOLDER, path),
        (_BY_ID, name),
        (_BY_DOCUMENT, name),
    ):
        found = [source for (source,) in store.query(sql + " ORDER BY source", value)]
        if found:
            return found
    matches = store.query(_BY_FILE_NAME + " ORDER BY row", name)
    paths = sorted({path for _, path in matches})
    if len(paths) > 1:
        raise UsageError(
            f"expected the name of one file, found {len(paths)} called {name}, as "
            f"{paths[0]} and {paths[1]}: give the path; nothing was removed"
        )
    if not matches:
        raise UsageError(
            f"expected a source, path, file name or id of the index, found {name}: "
            "see `rag list`; nothing was removed"
        )
    return [source for source, _ in matches]
