"""The chat page: `python app.py` serves it, over the sample articles where no index is yet."""

from __future__ import annotations

import os
import sys

from rag.door import spare_threads
from rag.errors import RagError
from rag.settings import Settings


def main() -> int:
    """Serve the index that RAG_INDEX names, or the default one; 1 when that can't be done."""
    spare_threads()
    from rag.index import Index
    from rag.ui import launch

    try:
        settings = Settings.from_environment(os.environ)
        if not settings.index.exists():
            print(f"Reading the articles of {settings.seeds} …", file=sys.stderr)
            with Index.open(settings.index, create=True) as index:
                index.ingest([settings.seeds])
        launch(settings.index, backend=settings.backend, reranker=settings.reranker)
    except RagError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
