"""DOCX files -> text, through python-docx."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.errors import ArticleError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OLD_OFFICE = bytes.fromhex("d0cf11e0")


def docx_text(path: Path, max_bytes: int) -> tuple[str | None, str]:
    """The stated title and the text of a DOCX file, tables included, deleted and hidden text not.

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
        text = "\n\n".join(_blocks(document.element.body))
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
    return (title or "").strip() or None, text


def _blocks(parent: Any) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            text = _paragraph(child)
            if text.strip():
                yield text
        elif child.tag == f"{_W}tbl":
            yield from _rows(child)
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _blocks(child)


def _rows(table: Any) -> Iterator[str]:
    """A line for each row, its cells set apart by a middle dot."""
    for row in table.iter(f"{_W}tr"):
        cells = [" ".join(_blocks(cell)) for cell in row.findall(f"{_W}tc")]
        text = " · ".join(" ".join(cell.split()) for cell in cells if cell.strip())
        if text:
            yield text


def _paragraph(paragraph: Any) -> str:
    parts: list[str] = []
    _gather(paragraph, parts)
    return "".join(parts)


def _gather(element: Any, parts: list[str]) -> None:
    """The visible text under an element: inserted text counts, deleted and hidden text doesn't."""
    for child in element:
        tag = child.tag
        if tag in {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", _FALLBACK}:
            continue
        if tag == f"{_W}r" and child.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        if tag == f"{_W}t":
            parts.append(child.text or "")
        elif tag == f"{_W}tab":
            parts.append(" ")
        elif tag in {f"{_W}br", f"{_W}cr"}:
            parts.append("\n")
        elif tag == f"{_W}p":  # a text box inside a paragraph
            parts.append("\n")
            _gather(child, parts)
            parts.append("\n")
        else:
            _gather(child, parts)
