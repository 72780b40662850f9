"""Every error that the project raises on purpose.

    RagError                 anything a caller may want to catch
    ├── UsageError           the request makes no sense (the command line exits with 2)
    ├── ArticleError         one article can't be read; the rest goes on
    ├── EmbedderError        a model can't be loaded, or is not the one that made the index
    ├── GeneratorError       a language model didn't answer; `kind` says why
    └── StoreError           an index is missing, damaged, or of another version

Each message is one line: what was expected, what was found, what to do.
"""

from __future__ import annotations

from typing import Literal

GeneratorFault = Literal[
    "unreachable", "timeout", "quota", "refused", "server", "cut", "length", "garbage", "empty"
]
"""No server; a silent one; a limit reached; a request not allowed or not understood; a fault of
the server's; an answer that broke off; one that grew too long; one in another protocol; one
without text."""


class RagError(Exception):
    """The base of every error raised on purpose."""


class UsageError(RagError):
    """The request makes no sense as it stands."""


class ArticleError(RagError):
    """One article can't be read."""


class EmbedderError(RagError):
    """An embedding model can't be loaded or doesn't fit the index."""


class GeneratorError(RagError):
    """A language model gave no answer, or not a whole one."""

    def __init__(self, kind: GeneratorFault, message: str) -> None:
        super().__init__(kind, message)  # both, so that it can be pickled
        self.kind = kind
        self.message = message

    def __str__(self) -> str:
        return self.message


class StoreError(RagError):
    """An index is missing, damaged or of another version."""
