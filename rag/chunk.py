"""Documents cut into passages: whole sentences up to a number of tokens, paragraphs kept together.

Sizing and merging are langchain-text-splitters'; what comes from here is where a sentence ends,
where a paragraph ends, and the exact offsets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.sentences import Span, split_sentences
from rag.types import Document, Passage

if TYPE_CHECKING:
    from langchain_text_splitters import TextSplitter

# Where a sentence longer than a whole passage is cut, in this order of preference.
_WITHIN_SENTENCE = [r"[；;]\s*", r"(?:，|,(?!\d))\s*", r"(?:[、：]|:(?!\d))\s*", r"\s+", ""]


@dataclass(frozen=True, slots=True)
class Chunked:
    """The passages of a document, and what they are made of.

    `pieces` holds for each passage the strings that were counted one by one; they join up to the
    passage's text and its outer white space, so that words cut for counting need no second cut.
    """

    passages: tuple[Passage, ...]
    pieces: tuple[tuple[str, ...], ...]
    sentences: tuple[Span, ...]


def chunk(
    document: Document, count: Callable[[str], int], max_tokens: int = 200
) -> tuple[Passage, ...]:
    """The passages of a document, in order, together covering all of its text but white space.

    `count` gives the tokens of a string and is called once for each different sentence. A passage
    has at most `max_tokens`, by the sum of its sentences.
    """
    return chunk_in_pieces(document, count, max_tokens).passages


def chunk_in_pieces(
    document: Document, count: Callable[[str], int], max_tokens: int = 200
) -> Chunked:
    """The same, with the sentences and the counted pieces beside the passages."""
    text = document.text
    sentences = split_sentences(text)
    counted = _Counted(count)
    cut = _Cut(_splitter(max_tokens)(counted), counted, max_tokens)
    passages: list[Passage] = []
    pieces: list[tuple[str, ...]] = []
    start = 0
    for group in cut.passages(_paragraphs(text, sentences)):
        whole = "".join(group)
        left = start + len(whole) - len(whole.lstrip())
        passages.append(_passage(document, left, left + len(whole.strip())))
        pieces.append(tuple(group))
        start += len(whole)
    return Chunked(tuple(passages), tuple(pieces), tuple(sentences))


def _passage(document: Document, start: int, end: int) -> Passage:
    key = f"{document.id}:{start}:{end}".encode()
    passage_id = hashlib.sha256(key).hexdigest()[:16]
    return Passage(passage_id, document.id, start, end, document.text[start:end])


def _paragraphs(text: str, sentences: Sequence[Span]) -> Iterator[list[str]]:
    """The sentences of each paragraph, each with the white space behind it; all of the text."""
    starts = [0, *(sentence.start for sentence in sentences[1:]), len(text)]
    paragraph: list[str] = []
    for start, end in pairwise(starts if sentences else []):
        sentence = text[start:end]
        paragraph.append(sentence)
        if "\n" in sentence[len(sentence.rstrip()) :]:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


class _Counted(dict[str, int]):
    """Tokens by string, counted when first asked for.

    Punctuation alone counts as one token: the base class's merging repeats pieces of length 0.
    """

    def __init__(self, count: Callable[[str], int]) -> None:
        super().__init__({"": 0})
        self._count = count

    def __missing__(self, text: str) -> int:
        tokens = self[text] = max(self._count(text), 1)
        return tokens


@cache
def _splitter(max_tokens: int) -> Callable[[_Counted], TextSplitter]:
    """Makes the splitter for one document."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # a third of a second

    return lambda counted: RecursiveCharacterTextSplitter(
        separators=_WITHIN_SENTENCE,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=max_tokens,
        chunk_overlap=0,
        length_function=counted.__getitem__,
        strip_whitespace=False,
    )


@dataclass(frozen=True, slots=True)
class _Cut:
    """One document's cutting: the splitter, the tokens it has counted, and the limit."""

    splitter: TextSplitter
    counted: _Counted
    max_tokens: int

    def passages(self, paragraphs: Iterator[list[str]]) -> Iterator[list[str]]:
        """Groups of pieces, each one passage.

        A passage that is half full ends at the end of a paragraph, when the next one doesn't fit.
        """
        group: list[str] = []
        for paragraph in paragraphs:
            pieces = [piece for sentence in paragraph for piece in self._pieces(sentence)]
            filled = self._tokens(group)
            if 2 * filled >= self.max_tokens and filled + self._tokens(pieces) > self.max_tokens:
                yield group
                group = []
            *full, group = self._merged(group + pieces)
            yield from full
        if group:
            yield group

    def _tokens(self, pieces: Sequence[str]) -> int:
        return sum(self.counted[piece] for piece in pieces)

    def _pieces(self, sentence: str) -> list[str]:
        """The sentence, or its parts where it alone is more than a passage holds."""
        if self.counted[sentence] <= self.max_tokens:
            return [sentence]
        parts: list[str] = []
        for part in self.splitter.split_text(sentence):
            if parts and not (part.strip() and parts[-1].strip()):  # no part of white space only
                parts[-1] += part
            else:
                parts.append(part)
        return parts

    def _merged(self, pieces: list[str]) -> list[list[str]]:
        """The pieces in groups of at most `max_tokens`."""
        if self._tokens(pieces) <= self.max_tokens:
            return [pieces]
        groups: list[list[str]] = []
        rest = iter(pieces)
        for merged in self.splitter._merge_splits(pieces, ""):
            group: list[str] = []
            length = 0
            while length < len(merged):
                group.append(next(rest))
                length += len(group[-1])
            groups.append(group)
        return groups
