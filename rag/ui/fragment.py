"""Addresses that open a page at a sentence: text fragments (`#:~:text=`) of the URL standard's
companion at https://wicg.github.io/scroll-to-text-fragment/."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from rag.language import detect_language

_WHOLE = 80  # characters of a quote that is given whole
_WORDS, _CHARACTERS = 5, 12  # of a longer one, at either end


def at_quote(url: str, text: str) -> str | None:
    """The web address of a page at the words that it says; None for what is no web address.

    An article may state `javascript:...` as its address.
    """
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:
        return None
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not lines:
        return url
    start, end = _ends(lines)
    directive = _encoded(start) + (f",{_encoded(end)}" if end else "")
    mark = "" if "#" in url else "#"
    return f"{url}{mark}:~:text={directive}"


def _ends(lines: list[str]) -> tuple[str, str]:
    """How a quote begins and ends; what is short and on one line is given whole."""
    if len(lines) == 1 and len(lines[0]) <= _WHOLE:
        return lines[0], ""
    first, last = lines[0], lines[-1]
    if detect_language(first) == "en":
        return " ".join(first.split()[:_WORDS]), " ".join(last.split()[-_WORDS:])
    return first[:_CHARACTERS], last[-_CHARACTERS:]


def _encoded(text: str) -> str:
    """Percent-encoded; a dash has a meaning of its own there."""
    return quote(text, safe="").replace("-", "%2D")
