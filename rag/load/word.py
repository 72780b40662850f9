"""DOCX files -> text, through python-docx."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.errors import ArticleError
from rag.load.word_hidden import Hidden, W

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OLD_OFFICE = bytes.fromhex("d0cf11e0")


def docx_text(path: Path, max_bytes: int) -> tuple[str | None, str, int]:
    """The stated title and the text of a DOCX file, tables included, deleted and hidden text not;
    and how many characters of those there were.

    Raises ArticleError for a file that is encrypted, damaged or unpacks to more than `max_bytes`.
    """
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    with path.open("rb") as file:
        if file.read(4) == _OLD_OFFICE:
            raise ArticleError(
                "expected a DOCX file, found an encrypted or old Word file: save it "
                "as DOCX without a password"
            )
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(
                part.file_size
                for part in archive.infolist()
                if part.filename.endswith((".xml", ".rels"))
            )
        if size > max_bytes:
            raise ArticleError(
                f"expected at most {max_bytes:,} bytes of text, found {size:,}: split the file"
            )
        document = Document(str(path))
        hidden = Hidden(document)
        text = "\n\n".join(_blocks(document.element.body, hidden))
        title = document.core_properties.title
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        XMLSyntaxError,
        KeyError,
        ValueError,
        NotImplementedError,
        AttributeError,
        RuntimeError,
        EOFError,
    ) as error:
        raise ArticleError("expected a DOCX file, found a damaged one: save it anew") from error
    return (title or "").strip() or None, text, hidden.characters


def _blocks(parent: Any, hidden: Hidden) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{W}p":
            text = _paragraph(child, hidden)
            if text.strip():
                yield text
        elif child.tag == f"{W}tbl":
            yield from _rows(child, hidden)
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from _blocks(child, hidden)


def _rows(table: Any, hidden: Hidden) -> Iterator[str]:
    """A line for each row, its cells set apart by a middle dot."""
    for row in table.iter(f"{W}tr"):
        cells = [" ".join(_blocks(cell, hidden)) for cell in row.findall(f"{W}tc")]
        text = " · ".join(" ".join(cell.split()) for cell in cells if cell.strip())
        if text:
            yield text


def _paragraph(paragraph: Any, hidden: Hidden) -> str:
    parts: list[str] = []
    _gather(paragraph, parts, hidden)
    return "".join(parts)


def _gather(element: Any, parts: list[str], hidden: Hidden) -> None:
    """The visible text under an element: inserted text counts, deleted and hidden text doesn't."""
    for child in element:
        tag = child.tag
        if tag in {f"{W}moveFrom", f"{W}pPr", _FALLBACK}:
            continue
        if tag == f"{W}del" or (tag == f"{W}r" and hidden.is_hidden(child)):
            hidden.leave_out(child)
            continue
        if tag == f"{W}t":
            parts.append(child.text or "")
        elif tag == f"{W}tab":
            parts.append(" ")
        elif tag in {f"{W}br", f"{W}cr"}:
            parts.append("\n")
        elif tag == f"{W}p":  # a text box inside a paragraph
            parts.append("\n")
            _gather(child, parts, hidden)
            parts.append("\n")
        else:
            _gather(child, parts, hidden)
