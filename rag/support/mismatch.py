"""What a claim says and its quote doesn't."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.reasons import Reason

MismatchKind = Literal[
    "number", "money", "share", "date", "duration", "unit", "negation", "direction", "name"
]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One point on which a claim and its quote differ."""

    kind: MismatchKind
    reason: Reason
