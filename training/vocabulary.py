"""The vocabulary, learned from the training texts alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.embed.static import CONTINUED

HAN_WORDS = 46_000
LATIN_WORDS = 24_000
LATIN_PIECES = 6_000
NUMBERS = 2_500
MIN_COUNT = 3


def learn(frequency: Counter[str]) -> list[str]:
    """Choose the entries: frequent words of each kind, every usual character, English pieces."""
    han: list[str] = []
    single: list[str] = []
    latin: list[str] = []
    numbers: list[str] = []
    for word, count in frequency.most_common():
        if count < MIN_COUNT:
            break
        kind = _kind(word)
        if kind == "han":
            (single if len(word) == 1 else han).append(word)
        elif kind == "latin":
            latin.append(word)
        elif kind == "number":
            numbers.append(word)
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    digits = [str(digit) for digit in range(10)]
    pieces = _latin_pieces({word: frequency[word] for word in latin})
    chosen = [
        *single,
        *han[:HAN_WORDS],
        *latin[:LATIN_WORDS],
        *numbers[:NUMBERS],
        *letters,
        *digits,
        *pieces,
    ]
    return list(dict.fromkeys(chosen))


def _kind(word: str) -> str:
    if word[0] >= "\u3007" and not "\u3040" <= word[0] <= "\u30ff" and word[0] < "\uac00":
        return "han"
    if word[0].isdigit():
        return "number"
    return "latin" if word.isascii() else "other"


def _latin_pieces(counts: dict[str, int]) -> list[str]:
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from tokenizers.trainers import WordPieceTrainer

    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    # Named beforehand, since the trainer numbers them as it meets them, in no fixed order, and
    # breaks ties by number: each run would learn other pieces.
    letters = [CONTINUED + letter for letter in sorted(set("".join(counts)))]
    trainer = WordPieceTrainer(
        vocab_size=LATIN_PIECES,
        special_tokens=letters,
        continuing_subword_prefix=CONTINUED,
        show_progress=False,
    )
    # Square roots, so that rare words shape the pieces: frequent ones have rows of their own.
    lines = (" ".join([word] * max(1, math.isqrt(count))) for word, count in counts.items())
    tokenizer.train_from_iterator(lines, trainer)
    return sorted(piece for piece in tokenizer.get_vocab() if not piece.startswith("["))


def rarity(entries: Sequence[str], documents: Counter[str], texts: int) -> NDArray[np.float32]:
    """Inverse document frequency of each entry: log(1 + (N - n + .5) / (n + .5)), as in BM25."""
    counts = np.array([documents.get(entry, 0) for entry in entries], dtype=np.float32)
    found: NDArray[np.float32] = np.log1p((texts - counts + 0.5) / (counts + 0.5))
    return found


def pinyin_table(entries: Sequence[str]) -> str:
    """For each toneless syllable the characters of the vocabulary that are read so, in the
    order of the vocabulary, one syllable a line."""
    from pypinyin import Style, pinyin

    characters: dict[str, list[str]] = {}
    for entry in entries:
        if len(entry) == 1 and _kind(entry) == "han":
            readings = pinyin(entry, style=Style.NORMAL, heteronym=True, errors="ignore")
            spelled = set(readings[0] if readings else [])
            spelled |= {reading.replace("v", "u") for reading in spelled}  # 吕 is lv here, and lu
            for spelling in filter(str.isascii, spelled):
                characters.setdefault(spelling, []).append(entry)
    return "".join(f"{key} {''.join(found)}\n" for key, found in sorted(characters.items()))
