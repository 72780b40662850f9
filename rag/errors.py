"""Every error that the project raises on purpose.

    RagError                 anything a caller may want to catch
    ├── UsageError           the request makes no sense (the command line exits with 2)
    ├── ArticleError         one article can't be read; the rest goes on
    ├── EmbedderError        a model can't be loaded, or is not the one that made the index
    └── StoreError           an index is missing, damaged, or of another version

Each message is one line: what was expected, what was found, what to do.
"""

from __future__ import annotations


class RagError(Exception):
    """The base of every error raised on purpose."""


class UsageError(RagError):
    """The request makes no sense as it stands."""


class ArticleError(RagError):
    """One article can't be read."""


class EmbedderError(RagError):
    """An embedding model can't be loaded or doesn't fit the index."""


class StoreError(RagError):
    """An index is missing, damaged or of another version."""
