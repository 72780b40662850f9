"""The words of many texts at once: those of `rag.fold.words`, for a fraction of the time.

Characters are folded by looking all of them up in one array, what is no Chinese is picked out of it
by another, and one call cuts the Chinese of all the texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.fold import CUT_BLOCKS, WORD_RUN, cutter, fold, fold_alone, plain_word

GAP = " "
END = "\n"
PLACE = "\0"

_RUN_OR_END = re.compile(f"{WORD_RUN.pattern}|{END}")
_UNMET, _NOT_ALONE = 0, 1
_CODES = 0x110000

Codes = NDArray[np.uint32]


class WordStream(NamedTuple):
    """The words of texts, one behind the other, with END after each text.

    GAP stands anywhere between them and is no word; PLACE is for the next word of `plain`.
    """

    words: list[str]
    plain: list[str]


def word_stream(texts: Sequence[str]) -> WordStream:
    """The words of texts, in which those that needed no cutting are apart."""
    codes = _fold_all(texts)
    to_cut = _is_cut.take(codes)
    if not to_cut.any():
        runs = _RUN_OR_END.findall(_text(codes))
        return WordStream([run if run == END else plain_word(run) for run in runs], [])
    runs, starts = _runs_beside(codes, to_cut)
    codes = np.where(to_cut, codes, np.uint32(ord(GAP)))
    codes[starts] = [ord(END if run == END else PLACE) for run in runs]
    is_gap = codes == ord(GAP)
    is_gap[1:] &= is_gap[:-1]  # of several one is enough
    plain = [plain_word(run) for run in runs if run != END]
    return WordStream(cutter()(_text(codes[~is_gap])), plain)


def _runs_beside(codes: Codes, to_cut: NDArray[np.bool_]) -> tuple[list[str], list[int]]:
    """The runs that need no cutting, and where each starts."""
    kept = ~to_cut
    kept[1:] |= kept[:-1]  # one of those to cut, which parts what is before and behind them
    places = np.flatnonzero(kept)
    beside = np.where(to_cut[places], np.uint32(ord(GAP)), codes[places])
    found = list(_RUN_OR_END.finditer(_text(beside)))
    starts: list[int] = places[[each.start() for each in found]].tolist()
    return [each.group() for each in found], starts


_codes = np.zeros(_CODES, np.uint32)
"""For each character the one that it folds to, filled as characters are met."""

_is_cut = np.zeros(_CODES, np.bool_)
for _first, _last in CUT_BLOCKS:
    _is_cut[_first : _last + 1] = True


def _text(codes: Codes) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def _codes_of(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _fold_all(texts: Sequence[str]) -> Codes:
    """The folded texts, each followed by END; their own line breaks are spaces."""
    if not texts:
        return np.zeros(0, np.uint32)
    original = _codes_of(END.join(texts) + END)
    folded = _codes.take(original)
    if not folded.all():
        _meet(original[folded == _UNMET])
        folded = _codes.take(original)
    ends = np.cumsum([len(text) + 1 for text in texts]) - 1
    folded[ends] = ord(END)
    rest = np.flatnonzero(folded == _NOT_ALONE)
    if not len(rest):
        return folded
    parts = _text(folded).split(END)
    for at in set(np.searchsorted(ends, rest).tolist()):
        parts[at] = fold(texts[at]).replace(END, " ")
    return _codes_of(END.join(parts))


def _meet(codes: Codes) -> None:
    for code in set(codes.tolist()):
        folded = fold_alone(chr(code))
        if folded is None or len(folded) != 1 or folded == "\0":
            _codes[code] = _NOT_ALONE
        else:
            _codes[code] = ord(" " if folded == END else folded)
