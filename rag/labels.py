"""Numbers that name a thing instead of counting: Harbour 12, workshop No. 3, 3号厂房."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from rag.answer_spans import values_in
from rag.fold import fold
from rag.proper_names import name_words
from rag.values.numerals import english_words, han_numeral
from rag.word_spans import placed_words

_LABEL = re.compile(
    r"(?:(?<![\w-])(?P<name>[A-Z][A-Za-z’']*) |\b[Nn]umber |\b[Nn]o\.? ?|#|第 ?)"
    r"(?P<latin>\d{1,6})(?![.,-]?[A-Za-z0-9]|%| ?[个個])"
    r"|(?<![\d.,-])(?P<han>\d{1,6})[号號]"
)
_SAYS_WHEN = frozenset(["date", "duration"])


@lru_cache(256)  # a question's are asked for with each of its sentences
def labels(question: str) -> tuple[str, ...]:
    """The digits of the numbers by which a question names things."""
    times = [(v.start, v.end) for v in values_in(question) if v.kind in _SAYS_WHEN]
    placed = placed_words(question)
    names = {placed[at].start for at in name_words(question)}
    found = []
    for match in _LABEL.finditer(question):
        digits = match["latin"] or match["han"]
        start = match.start("latin") if match["latin"] else match.start("han")
        is_name = match["name"] is None or match.start("name") in names
        if is_name and not any(first <= start < last for first, last in times):
            found.append(digits)
    return tuple(found)


def has_label(text: str, label: str) -> bool:
    """Whether a text has the number of a label, in digits or in words."""
    if re.search(rf"(?<![\d.,]){label}(?![.,]?\d)", text):
        return True
    number, folded = Decimal(label), fold(text)
    spelled = english_words(number)
    return any(each in folded for each in han_numeral(number)) or bool(
        spelled and re.search(rf"\b{spelled}\b", folded)
    )
