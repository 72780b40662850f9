"""A question that an article may answer, before it has been asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from rag.sentences import Span

Kind = Literal["many", "share", "size", "when", "who", "where", "what", "said", "about"]
"""What a question asks for; three of different kinds are better than three of one."""

READ: Final = 2500
"""Characters of an article that are looked through: what it is about stands at its beginning."""

_GRIM = re.compile(
    r"\b(?:died|dead|deaths?|kill\w*|murder\w*|suicide\w*|rape[ds]?|rapists?|massacre\w*|execut(?:ed|ions?)"
    r"|bomb\w*|slaughter\w*|casualt\w*|victims?|assassinat\w*|corpses?|tortur\w*|genocide|terror\w*"
    r"|hanged|shot|blood\w*|sex\w*|abus\w*)\b"
    r"|死|遇难|身亡|丧生|自杀|遇害|被害|强奸|屠杀|受伤|杀害|罹难|去世|逝世|病逝|尸|伤亡|失踪|确诊|枪击|爆炸|被捕|血|恐怖|性侵|虐"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A question made of the words at `span` of an article, in the article's script.

    `answer` is what the words answer: an answer has to give it in short where it `must_be_short`,
    and may give no other. `rank` is the lower the better the question.
    """

    question: str
    kind: Kind
    span: Span
    answer: str
    rank: int
    must_be_short: bool = True


def is_grim(folded: str) -> bool:
    """Whether a text speaks of what nobody should be greeted with."""
    return _GRIM.search(folded) is not None
