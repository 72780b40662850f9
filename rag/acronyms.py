"""Acronyms across languages: 上汽 is SAIC, 世贸组织 the WTO.

From `models/static/acronyms.txt`, which training writes from its dictionaries: an acronym a line,
in small letters, then the names it stands for, in simplified Chinese.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "models" / "static" / "acronyms.txt"


@cache
def _names() -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in _TABLE.read_text(encoding="utf-8").splitlines())
    return {row[0]: tuple(row[1:]) for row in rows}


@cache
def _acronyms() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for acronym, names in _names().items():
        for name in names:
            found.setdefault(name, []).append(acronym)
    return found


def names_of(acronym: str) -> tuple[str, ...]:
    """The Chinese names that an acronym in small letters stands for; none if it is unknown."""
    return _names().get(acronym, ())


def acronyms_of(name: str) -> list[str]:
    """The acronyms, in small letters, of a folded Chinese name; none if it has no known one."""
    return _acronyms().get(name, [])
