"""Web addresses as somebody writes them: one a line."""

from __future__ import annotations

import re
from typing import Final

from rag.types import Skipped

MOST: Final = 100
"""Web addresses that are read in one go."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)  # a number there is a port


def addresses(text: str) -> list[str | Skipped]:
    """The addresses of some lines, each once; what can be none is answered for.

    An address without a scheme is taken as one of https.
    """
    found: dict[str, str | Skipped] = {}
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    for number, line in lines:
        if not line:
            continue
        if len(line.split()) > 1:
            reason = "expected one web address, found words with spaces between: give one a line"
            found[line] = Skipped(line, f"line {number}: {reason}")
        elif len(found) >= MOST:
            reason = f"expected at most {MOST} web addresses at once, found more: give it again"
            found[line] = Skipped(line, reason)
        else:
            address = _with_scheme(line)
            found[address] = address
    return [*found.values()]


def _with_scheme(line: str) -> str:
    if line.startswith("//"):
        return f"https:{line}"
    return line if _SCHEME.match(line) else f"https://{line}"
