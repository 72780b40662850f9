"""Every word that the page itself says, in its three languages."""

from __future__ import annotations

from typing import Final

from rag.types import Language
from rag.ui.texts_en import ENGLISH
from rag.ui.texts_zh import SIMPLIFIED, TRADITIONAL
from rag.ui.words import Texts

__all__ = ["LANGUAGE_NAMES", "TEXTS", "Texts", "as_language"]

LANGUAGE_NAMES: Final[dict[Language, str]] = {
    "en": "English",
    "zh-Hans": "简体",
    "zh-Hant": "繁體",
}

TEXTS: Final[dict[Language, Texts]] = {
    "en": ENGLISH,
    "zh-Hans": SIMPLIFIED,
    "zh-Hant": TRADITIONAL,
}


def as_language(value: object, default: Language = "en") -> Language:
    """The language that a browser's value names, or the default: what a page sends is not ours."""
    return next((language for language in TEXTS if language == value), default)
