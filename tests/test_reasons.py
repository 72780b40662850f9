from __future__ import annotations

from typing import get_args

import pytest

from rag.reasons import Reason, ReasonKind
from rag.types import LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(ReasonKind))
def test_every_reason_is_told_in_every_language(kind: ReasonKind, language: Language) -> None:
    said = Reason(kind, "4.2 {billion}", "42亿").text(language)
    assert said
    assert "{said}" not in said
    assert "{told}" not in said


def test_words_are_told_as_they_stand() -> None:
    reason = Reason("other unit", "4.2 {billion} dollars", "42亿元")
    assert all("4.2 {billion} dollars" in reason.text(language) for language in LANGUAGES)
    assert all("42亿元" in reason.text(language) for language in LANGUAGES)
