"""The built-in embedder: a table of word vectors, loaded in milliseconds, without torch.

A text's vector is the mean of its words' rows, scaled to unit length. A row's norm is the weight
that training gave the word. The same rows, one by one, serve late interaction (`rag.rerank`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embed.companions import ENOUGH, companions
from rag.errors import EmbedderError
from rag.types import Vectors
from rag.word_stream import END, GAP, PLACE, WordStream, word_stream

BUILT_IN = Path(__file__).parent.parent / "models" / "static"
CONTINUED = "##"
"""Marks a piece that continues a word, as in `qing ##tuo`."""

_CUTS_KEPT = 500_000
_NONE, _GAP, _END, _PLACE = -1, -2, -3, -4  # instead of a row: a word that has none, no word
_AT_ONCE = 64  # texts whose words are cut in one go; of more, less stays in a core's own memory
_MODULES = [{"idx": 0, "name": "0", "path": "", "type": "rag.embed.module.StaticModule"}]
"""What sentence-transformers reads first of a model's folder."""

_RUN = 32  # words summed at once
_RUNS = 16  # runs whose rows are held as floats at a time
_COMPARED = 512  # words compared with others at once, likewise

Ids = NDArray[np.int32]


_FEW = 50  # words that are looked up one by one sooner than all at once


class Vocabulary:
    """Words and word pieces, each with a row number.

    A word that has no row of its own is cut, longest piece first: an English word into a known
    beginning and `##` pieces, a Chinese word into shorter words and characters, a number into
    shorter numbers. What is left over has no row and is passed over.
    """

    def __init__(self, entries: Sequence[str]) -> None:
        self.entries = tuple(entries)
        self._rows = dict(zip(entries, range(len(entries)), strict=True))
        self._rows.update({GAP: _GAP, END: _END, PLACE: _PLACE})
        self._longest = max(map(len, entries), default=0)
        self._cut: dict[str, tuple[int, ...]] = {}  # words that have no row, as they were cut

    def __len__(self) -> int:
        return len(self.entries)

    def rows(self, terms: Sequence[str]) -> list[int]:
        """Row numbers of words (from `rag.fold.words`), in order."""
        found: list[int] = []
        for term in terms:
            row = self._rows.get(term)
            found.extend(self._cut_word(term) if row is None else (row,))
        return found

    def ids(self, terms: Sequence[str]) -> Ids:
        """The same as an array, int32."""
        if len(terms) < _FEW:
            return np.array(self.rows(terms), np.int32)
        found = self._looked_up(terms)
        unknown = np.flatnonzero(found == _NONE)
        return self._with_cut(found, unknown, [terms[at] for at in unknown.tolist()])

    def ids_of_stream(self, stream: WordStream) -> tuple[Ids, NDArray[np.intp]]:
        """Row numbers of the words of several texts, and where those of each text end."""
        found = self._looked_up(stream.words)
        is_plain = found == _PLACE
        found[is_plain] = self._looked_up(stream.plain)
        unknown = np.flatnonzero(found == _NONE)
        terms = [
            stream.plain[nth - 1] if is_plain[at] else stream.words[at]
            for at, nth in zip(unknown.tolist(), np.cumsum(is_plain)[unknown].tolist(), strict=True)
        ]
        found = self._with_cut(found, unknown, terms)
        is_word = found >= 0
        return found[is_word], np.cumsum(is_word)[found == _END]

    def _looked_up(self, terms: Sequence[str]) -> Ids:
        return np.fromiter(map(self._rows.get, terms, repeat(_NONE)), np.int32, len(terms))

    def _with_cut(self, found: Ids, unknown: NDArray[np.intp], terms: Sequence[str]) -> Ids:
        """Row numbers in which those at `unknown` are replaced by the cut of these words."""
        if not len(unknown):
            return found
        cuts = list(map(self._cut_word, terms))
        counts = np.ones(len(found), np.intp)
        counts[unknown] = list(map(len, cuts))
        found = np.repeat(found, counts)
        found[found == _NONE] = list(chain.from_iterable(cuts))
        return found

    def _cut_word(self, word: str) -> tuple[int, ...]:
        pieces = self._cut.get(word)
        if pieces is None:
            pieces = self._pieces(word)
            if len(self._cut) < _CUTS_KEPT:
                self._cut[word] = pieces
        return pieces

    def _pieces(self, word: str) -> tuple[int, ...]:
        latin = "a" <= word[0] <= "\u024f"
        found: list[int] = []
        at = 0
        while at < len(word):
            mark = CONTINUED if latin and at else ""
            for end in range(min(len(word), at + self._longest), at, -1):
                row = self._rows.get(mark + word[at:end])
                if row is not None:
                    found.append(row)
                    break
            else:
                end = at + 1
            at = end
        return tuple(found)


class StaticEmbedder:
    """Embeds with a table of shape (vocabulary, dim), stored as 8-bit rows with a scale each."""

    def __init__(
        self,
        name: str,
        vocabulary: Vocabulary,
        rows: NDArray[np.int8],
        scales: NDArray[np.float16],
        rarity: NDArray[np.float16],
        fingerprint: str,
    ) -> None:
        if not len(vocabulary) == len(rows) == len(scales) == len(rarity):
            raise EmbedderError(
                f"expected as many rows as words, found {len(vocabulary)} words, {len(rows)} rows, "
                f"{len(scales)} scales: get the model's files again"
            )
        self.name = name
        self.vocabulary = vocabulary
        self.fingerprint = fingerprint
        self.dim = int(rows.shape[1])
        self._rows = rows
        self._scales = scales.astype(np.float32)
        self.rarity: NDArray[np.float32] = rarity.astype(np.float32)
        """For each row the inverse document frequency of its word in the training texts."""
        self._folder: Path | None = None

    @classmethod
    def load(cls, folder: Path | None = None) -> StaticEmbedder:
        """Load a model folder (`config.json`, `vocabulary.txt`, `model.safetensors`).

        Raises EmbedderError when a file is missing or isn't what the configuration says.
        """
        from safetensors.numpy import load_file

        folder = folder or BUILT_IN
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            listed = (folder / "vocabulary.txt").read_text(encoding="utf-8")
            tensors = load_file(folder / "model.safetensors")
        except (OSError, ValueError) as error:
            raise EmbedderError(
                f"expected a static model in {folder}, found {error}: get the model's files again"
            ) from error
        model = cls(
            name=config["name"],
            vocabulary=Vocabulary(listed.rstrip("\n").split("\n")),
            rows=tensors["rows"],
            scales=tensors["scales"],
            rarity=tensors["rarity"],
            fingerprint=config["fingerprint"],
        )
        model._folder = folder
        return model

    def weights(self, ids: Ids) -> NDArray[np.float32]:
        """Shape (len(ids),): the words' weights, which are the norms of their rows."""
        norms: NDArray[np.float32] = np.linalg.norm(self._rows[ids].astype(np.float32), axis=1)
        weighted: NDArray[np.float32] = norms * self._scales[ids]
        return weighted

    def word_vectors(self, ids: Ids) -> NDArray[np.float32]:
        """Shape (len(ids), dim): the words' own vectors, each of unit length (or zero)."""
        rows = self._rows[ids].astype(np.float32)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float32] = rows / np.maximum(norms, 1e-9)
        return unit

    def cosines(self, ids: Ids, others: Ids) -> NDArray[np.float32]:
        """Shape (len(ids), len(others)): the cosine of each word with each of the others."""
        columns = self.word_vectors(others).T
        found = np.empty((len(ids), len(others)), dtype=np.float32)
        for at in range(0, len(ids), _COMPARED):
            some = slice(at, at + _COMPARED)
            rows = self._rows[ids[some]].astype(np.float32)
            norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
            np.divide(rows @ columns, np.maximum(norms, 1e-9)[:, None], out=found[some])
        return found

    def token_ids(self, terms: Sequence[str]) -> Ids:
        """Row numbers of words (from `rag.fold.words`), in order, int32."""
        return self.vocabulary.ids(terms)

    def embed_ids(self, ids: Sequence[Ids]) -> Vectors:
        """One unit vector for each list of row numbers; a list with none gets the zero vector."""
        if not len(ids):
            return np.zeros((0, self.dim), dtype=np.float32)
        return self._pooled(np.concatenate(ids), np.cumsum([len(each) for each in ids]))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape (n, dim); a long list is embedded on every processor."""
        if self._folder is None or len(texts) < ENOUGH:
            return self.embed_here(texts)
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        companions(self._folder, self.fingerprint).embed(texts, self.embed_here, vectors)
        return vectors

    def embed_here(self, texts: Sequence[str]) -> Vectors:
        """The same on this processor alone."""
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for at in range(0, len(texts), _AT_ONCE):
            stream = word_stream(texts[at : at + _AT_ONCE])
            vectors[at : at + _AT_ONCE] = self._pooled(*self.vocabulary.ids_of_stream(stream))
        return vectors

    def _pooled(self, flat: Ids, ends: NDArray[np.intp]) -> Vectors:
        """Texts laid end to end, each ending at one of `ends`, as vectors.

        Summed a run of words at a time: of so few BLAS makes no matter for several threads, which
        would wait for each other longer than they add.
        """
        counts = np.diff(ends, prepend=0)
        runs = -(-counts // _RUN)
        first = np.cumsum(runs) - runs
        places = np.arange(len(flat)) + np.repeat(first * _RUN - (ends - counts), counts)
        ids = np.zeros((int(runs.sum()), _RUN), dtype=np.int32)
        ids.ravel()[places] = flat
        weights = np.zeros((len(ids), 1, _RUN), dtype=np.float32)
        weights.ravel()[places] = self._scales[flat]
        sums = np.empty((len(ids), 1, self.dim), dtype=np.float32)
        rows = np.empty((_RUNS, _RUN, self.dim), dtype=np.float32)
        for at in range(0, len(ids), _RUNS):
            some = ids[at : at + _RUNS]
            floats = rows[: len(some)]
            floats[...] = self._rows[some]
            np.matmul(weights[at : at + _RUNS], floats, out=sums[at : at + _RUNS])
        vectors = np.zeros((len(ends), self.dim), dtype=np.float32)
        filled = np.flatnonzero(counts)
        if len(filled):
            vectors[filled] = np.add.reduceat(sums[:, 0], first[filled])
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (n, dim): the same as of passages."""
        return self.embed_passages(texts)


def save(
    folder: Path,
    name: str,
    entries: Sequence[str],
    rarity: NDArray[np.float32],
    table: NDArray[np.float32],
) -> None:
    """Write a model folder: the float table (vocabulary, dim) becomes 8-bit rows."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    scales = (np.abs(table).max(axis=1) / 127).clip(1e-6, None).astype(np.float16)
    rows = np.rint(table / scales.astype(np.float32)[:, None]).clip(-127, 127).astype(np.int8)
    listed = "\n".join(entries) + "\n"
    digest = hashlib.sha256(listed.encode())
    for part in (rows, scales):
        digest.update(part.tobytes())
    save_file(
        {"rows": rows, "scales": scales, "rarity": rarity.astype(np.float16)},
        folder / "model.safetensors",
    )
    (folder / "vocabulary.txt").write_text(listed, encoding="utf-8")
    config = {
        "name": name,
        "dim": int(table.shape[1]),
        "words": len(entries),
        "fingerprint": digest.hexdigest()[:16],
    }
    for file, content in (("config.json", config), ("modules.json", _MODULES)):
        (folder / file).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
