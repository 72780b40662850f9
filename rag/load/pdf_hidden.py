"""Text that a PDF page draws without any ink, left out of its text."""

from __future__ import annotations

from typing import Any

_UNSEEN = 3  # the rendering mode that neither fills nor strokes a letter


def visible_text(page: Any) -> tuple[str, int]:
    """The text of a page without what it draws invisibly, and how many characters that is.

    On a page with pictures such text is the words of a scan, laid over them: it stays.
    """
    text = page.extract_text() or ""
    content = page.get_contents()
    if content is None or b" Tr" not in content.get_data():
        return text, 0
    if any(name in {b"Do", b"INLINE IMAGE"} for _, name in content.operations):
        return text, 0
    visible = page.extract_text(visitor_operand_before=_Blanker()) or ""
    return visible, max(0, _letters(text) - _letters(visible))


def _letters(text: str) -> int:
    return len("".join(text.split()))


class _Blanker:
    """Empties what is drawn invisibly, just before pypdf reads it."""

    def __init__(self) -> None:
        self._mode = 0
        self._saved: list[int] = []

    def __call__(self, operator: bytes, operands: list[Any], *_: object) -> None:
        if operator == b"Tr" and operands:
            self._mode = operands[0]
        elif operator == b"q":
            self._saved.append(self._mode)
        elif operator == b"Q" and self._saved:
            self._mode = self._saved.pop()
        elif operator in {b"Tj", b"TJ", b"'", b'"'} and self._mode == _UNSEEN and operands:
            from pypdf.generic import ArrayObject, TextStringObject

            operands[-1] = ArrayObject() if operator == b"TJ" else TextStringObject("")
