"""Near copies of an article: one text as several outlets publish it, each with small changes.

A text is taken as the set of its shingles: each Chinese character with the next three, each other
word with the letters that follow. MinHash (Broder 1997) keeps a signature of the set, from which
the share of shingles that two texts have in common is estimated. Bands of the signature are what
copies are looked up by (locality-sensitive hashing, Indyk and Motwani 1998): texts that are much
alike have one in common, nearly always, and others seldom.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rag.fold import CUT_BLOCKS, fold

BANDS, ROWS = 21, 3
"""Values of a signature: so many bands of so many rows."""

SHARED = 0.75
"""Of the shingles of the shorter of two copies, the longer has at least this share."""
JACCARD = 0.3
"""The least Jaccard similarity of two copies: a text of three times the length tells more."""
SHORT = 80  # shingles; two texts one of which has fewer are copies only where nothing differs
NUMBERS = 0.5
"""Of the numbers of one copy the other has at least this share. Reports that a template makes are
alike in all but their numbers: share prices, fines, weather."""
FEW_NUMBERS = 6  # fewer must be the same, but for one

_SEED = 1
_BEFORE_NEXT = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)  # odd factors, of no meaning
_AT_ONCE = 1024  # shingles permuted in one go: what fits into a core's own memory
_NOTHING, _LETTER, _ALONE = 0, 1, 2  # what a character is: none, part of a word, a word
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

Permutations = NDArray[np.uint32]
"""Shape (2, BANDS * ROWS): factors and summands of what a shingle's hash is mapped by."""

Signature = NDArray[np.uint32]
"""Shape (1 + BANDS * ROWS,): how many shingles a text has, then its MinHash values."""


def draw_permutations() -> Permutations:
    """The permutations of a new index. They stay its own, for only then can signatures meet."""
    from datasketch import MinHash  # a quarter of a second, for the scipy in it

    drawn: Permutations = MinHash(BANDS * ROWS, seed=_SEED, scheme="affine32").permutations
    return drawn


def signature(text: str, permutations: Permutations) -> Signature:
    """The signature of a text: what `datasketch.MinHash` makes of its shingles."""
    hashes = shingles(text)
    factors, summands = permutations[0, :, None], permutations[1, :, None]
    found = np.full(1 + BANDS * ROWS, np.iinfo(np.uint32).max, np.uint32)
    found[0] = len(hashes)
    mixed = _mixed(hashes)
    for start in range(0, len(mixed), _AT_ONCE):
        permuted = mixed[start : start + _AT_ONCE] * factors
        permuted += summands
        np.minimum(found[1:], permuted.min(axis=1), out=found[1:])
    return found


def shingles(text: str) -> NDArray[np.uint32]:
    """A hash for each shingle, uint32, in no order: four characters from each Chinese one on,
    sixteen from the start of each other word; of the folded text, letters and digits alone."""
    codes = np.frombuffer(fold(text).encode("utf-32-le", "surrogatepass"), "<u4")
    kinds = _kinds()[np.minimum(codes, 0xFFFF)]
    kept = np.flatnonzero(kinds)
    hashes, kinds = codes[kept], kinds[kept]
    begins = np.ones(len(kept), np.bool_)
    begins[1:] = (kept[1:] - kept[:-1] > 1) | (kinds[:-1] == _ALONE)
    runs = []
    for power, factor in enumerate(_BEFORE_NEXT):
        hashes = hashes[: -(1 << power)] * np.uint32(factor) + hashes[1 << power :]
        runs.append(hashes)
    four, sixteen = runs[1], runs[3]
    alone = kinds[: len(four)] == _ALONE
    words = (begins & (kinds == _LETTER))[: len(sixteen)]
    return np.concatenate((four[alone], sixteen[words]))


def _mixed(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """MurmurHash3's last step (Appleby 2011), which datasketch begins with."""
    mixed = hashes ^ (hashes >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each character is, by its code; the last entry stands for all codes above."""
    kinds = np.array([_LETTER * chr(code).isalnum() for code in range(0x10000)], np.uint8)
    for first, last in CUT_BLOCKS:
        kinds[first : last + 1] = _ALONE
    kinds[-1] = _ALONE
    return kinds


def bands(signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
    """A hash for each band of signatures, shape (n, BANDS)."""
    values = signatures[:, 1:].reshape(-1, BANDS, ROWS).astype(np.uint64)
    found = np.broadcast_to(np.arange(BANDS, dtype=np.uint64), values.shape[:2])
    for row in range(ROWS):
        found = (found ^ values[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
        found ^= found >> np.uint64(29)
    return found.view(np.int64)


def are_copies(one: Signature, others: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of the signatures `others`, shape (n, 1 + BANDS * ROWS), are of copies of one text,
    as far as signatures tell."""
    jaccard = (others[:, 1:] == one[1:]).mean(axis=1)
    sizes = others[:, 0].astype(np.float64)
    least, most = np.minimum(sizes, one[0]), np.maximum(sizes, one[0])
    shared = jaccard / (1 + jaccard) * (1 + most / np.maximum(least, 1))
    alike = (shared >= SHARED) & (jaccard >= JACCARD)
    equal = (jaccard == 1) & (least > 0)
    found: NDArray[np.bool_] = np.where(least < SHORT, equal, alike)
    return found


def numbers(text: str) -> frozenset[str]:
    """The numbers that a text has in digits, folded."""
    return frozenset(map(fold, _NUMBER.findall(text)))


def share_numbers(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the numbers of two texts are those of copies: of a few all but one."""
    fewer = min(len(one), len(other))
    return len(one & other) >= (fewer - 1 if fewer < FEW_NUMBERS else NUMBERS * fewer)
