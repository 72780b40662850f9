"""Why an article could not be read, in plain words of the page's three languages.

The reasons come from the code that reads articles: in English, one line each, with what was
expected, what was found and what to do.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rag.types import Language
from rag.ui.reason_texts import REASONS, ReasonTexts


@cache  # at the first reason: a page that starts has none to tell
def _known() -> list[tuple[re.Pattern[str], ReasonTexts]]:
    return [(re.compile(each.pattern, re.DOTALL), each) for each in REASONS]


@lru_cache(maxsize=4096)
def told_reason(reason: str, language: Language) -> str:
    """A reason for a reader; one that is not known stays as it is."""
    for pattern, texts in _known():
        if match := pattern.fullmatch(reason):
            values = match.groupdict()
            if "rest" in values:  # what stands behind the number of a line
                values["rest"] = told_reason(values["rest"], language)
            return _text(texts, language).format(**values)
    return reason


def _text(texts: ReasonTexts, language: Language) -> str:
    return {"en": texts.en, "zh-Hans": texts.hans, "zh-Hant": texts.hant}[language]
