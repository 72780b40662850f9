"""PDF files -> text, through pypdf."""

from __future__ import annotations

import logging
import re
from collections import Counter
from pathlib import Path

from rag.errors import ArticleError
from rag.load.pdf_hidden import visible_text

_DULL = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel) ?-|untitled"
    r"|document\d*$|无标题|無標題|新建|未命名|slide)"
    r"|\.(?:docx?|indd|pdf|qxd|tex|dvi|html?|pptx?)$",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(  # four digits alone are a year: the end of a title that wrapped
    r"[\s\-–—·]*(?:第\s*)?(?:page\s*)?\d{1,3}(?:(?:\s*(?:/|of|页|頁|共)\s*)+\d{0,4})?"
    r"\s*(?:页|頁)?[\s\-–—·]*",
    re.IGNORECASE,
)


def pdf_text(path: Path) -> tuple[str | None, str, int]:
    """The stated title and the text of a PDF file, and how many characters it holds invisibly.

    Raises ArticleError for one that is encrypted, damaged, or holds only pictures.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted()
        read = [visible_text(page) for page in reader.pages]
        stated = reader.metadata.title if reader.metadata else None
    except (DependencyError, FileNotDecryptedError):
        raise _encrypted() from None
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        RecursionError,
        AssertionError,
        NotImplementedError,
        ArithmeticError,
    ) as error:
        raise ArticleError(
            f"expected a PDF file, found a damaged one ({_brief(error)}): save it anew"
        ) from error
    text = "\n".join(_without_furniture([page for page, _ in read]))
    if not text.strip():
        raise ArticleError("expected a PDF with text, found only pictures: run OCR on it first")
    title = str(stated).strip() if stated else ""
    hidden = sum(characters for _, characters in read)
    return (title if title and not _DULL.search(title) else None), text, hidden


def _encrypted() -> ArticleError:
    return ArticleError("expected an open PDF, found an encrypted one: save it without a password")


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__


def _without_furniture(pages: list[str]) -> list[str]:
    """The lines of all pages without page numbers and the headers and footers that repeat."""
    split = [[line for line in page.split("\n") if line.strip()] for page in pages]
    edges = Counter(
        mask for lines in split for mask in {_mask(line) for line in (*lines[:2], *lines[-2:])}
    )
    repeated = {
        mask
        for mask, count in edges.items()
        if len(pages) >= 3 and count >= max(3, 0.6 * len(pages))
    }
    kept: list[str] = []
    for lines in split:
        for index, line in enumerate(lines):
            edge = index < 2 or index >= len(lines) - 2
            if edge and (
                _mask(line) in repeated or (len(lines) > 1 and _PAGE_NUMBER.fullmatch(line))
            ):
                continue
            kept.append(line)
    return kept


def _mask(line: str) -> str:
    return re.sub(r"\d+", "0", line.strip())
