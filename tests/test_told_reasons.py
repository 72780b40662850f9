"""Why an article was not read, in the page's languages: every reason that the code can give."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfWriter

import rag
from rag.load import load
from rag.load.address import Rules
from rag.load.web import fetch
from rag.prepare import prepare
from rag.types import LANGUAGES, Language, RawArticle, Skipped
from rag.ui.addresses import MOST, addresses
from rag.ui.reasons import told_reason

PACKAGE = Path(rag.__file__).parent
GIVING = [
    *sorted((PACKAGE / "load").glob("*.py")),
    *sorted((PACKAGE / "clean").glob("*.py")),
    PACKAGE / "prepare.py",
    PACKAGE / "ingest.py",
    PACKAGE / "store" / "transaction.py",
    *(PACKAGE / "ui" / f"{name}.py" for name in ("addresses", "intake", "intake_run", "removals")),
    PACKAGE / "ui" / "uploads.py",
]


@cache
def templates() -> tuple[str, ...]:
    """The reasons that stand in the code, with a number for each value that is filled in."""
    return tuple(
        dict.fromkeys(
            text
            for path in GIVING
            for text in _texts(ast.parse(path.read_text(encoding="utf-8")))
            if text.startswith("expected ") and ", found " in text
        )
    )


def _texts(node: ast.AST) -> Iterator[str]:
    """The whole strings below a node."""
    if isinstance(node, ast.JoinedStr):
        values = (each.value if isinstance(each, ast.Constant) else "7" for each in node.values)
        yield "".join(map(str, values))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _texts(child)


def is_plain(reason: str, language: Language) -> bool:
    """Whether a reason is told in other words, which are those of the language."""
    told = told_reason(reason, language)
    is_chinese = re.search(r"[\u4e00-\u9fff]", told) is not None
    return "expected" not in told and "found" not in told and is_chinese == (language != "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_in_the_code_has_its_words(language: Language) -> None:
    assert len(templates()) > 60
    assert [each for each in templates() if not is_plain(each, language)] == []


def test_a_reason_that_nobody_knows_stays_as_it_is() -> None:
    assert told_reason("expected tea, found coffee: brew anew", "zh-Hans") == (
        "expected tea, found coffee: brew anew"
    )


# --- real input ---


def refused(path: Path) -> Iterator[str]:
    """Why a file, or articles of it, can't be read."""
    for found in load(path):
        result = prepare(found) if isinstance(found, RawArticle) else found
        if isinstance(result, Skipped):
            yield result.reason


BROKEN: dict[str, bytes] = {
    "binary.txt": bytes(range(256)) * 20,
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "empty.txt": b"",
    "blank.txt": b"  \n\n ",
    "markup.html": b"<html><body><script>1</script></body></html>",
    "kind.png": b"\x89PNG",
    "none": b"text",
    "damaged.pdf": b"%PDF-1.4 nonsense",
    "damaged.docx": b"PK\x03\x04 nonsense",
    "old.docx": b"\xd0\xcf\x11\xe0 nonsense",
    "questions.jsonl": b'{"question": "Where?"}',
    "nothing.jsonl": b"\n\n",
    "rows.jsonl": b'{"text": 3}\n{"text": ""}\n[]\n{broken\n{"text": "a", "title": []}\n'
    b'{"text": "One light.", "id": "1"}\n{"text": "Two lights.", "id": "1"}\n\xff\xfe\n',
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_with_a_real_file_is_told(
    name: str, language: Language, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    reasons = [*refused(path)]
    assert reasons
    assert [each for each in reasons if not is_plain(each, language)] == []
    assert not any(str(tmp_path) in told_reason(each, language) for each in reasons)


def test_a_locked_pdf_and_one_of_pictures_are_told_apart(tmp_path: Path) -> None:
    for name, password in (("locked.pdf", "secret"), ("picture.pdf", "")):
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        if password:
            writer.encrypt(password)
        writer.write(tmp_path / name)
    (locked,) = refused(tmp_path / "locked.pdf")
    (picture,) = refused(tmp_path / "picture.pdf")
    assert "密码" in told_reason(locked, "zh-Hans")
    assert "图片" in told_reason(picture, "zh-Hans")


def test_the_line_is_told_before_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "One light."}\n{broken\n', encoding="utf-8")
    (reason,) = refused(path)
    assert told_reason(reason, "en").startswith("Line 2: This is not a JSON object.")
    assert told_reason(reason, "zh-Hant").startswith("第 2 行：不是 JSON 物件")


def _no_network(host: str, port: int) -> list[str]:
    raise OSError("Temporary failure in name resolution")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("address", "holds"),
    [
        ("https://harbour.example/", "harbour.example"),
        ("https://127.0.0.1/", "127.0.0.1"),
        ("ftp://harbour.example/", "https://"),
        ("https://me@harbour.example/", "@"),
        ("https://harbour.example:22/", "22"),
        ("https://[/", ""),
    ],
)
def test_what_is_wrong_with_an_address_is_told(
    address: str, holds: str, language: Language
) -> None:
    rules = Rules() if "127" in address else Rules(resolve=_no_network)
    found = fetch(address, rules=rules)
    assert isinstance(found, Skipped)
    assert is_plain(found.reason, language), found.reason
    assert holds in told_reason(found.reason, language)


def test_a_site_that_is_not_found_may_be_for_want_of_a_network() -> None:
    found = fetch("https://harbour.example/", rules=Rules(resolve=_no_network))
    assert isinstance(found, Skipped)
    assert "no network" in told_reason(found.reason, "en")


# --- web addresses ---


def test_addresses_are_one_a_line_and_need_no_scheme() -> None:
    text = (
        "example.com\n\n https://a.example/x \nb.example:443/y\n//c.example\nexample.com\nFTP://d"
    )
    assert addresses(text) == [
        "https://example.com",
        "https://a.example/x",
        "https://b.example:443/y",
        "https://c.example",
        "FTP://d",
    ]


def test_a_line_that_can_be_no_address_is_told_by_its_number() -> None:
    one, other = addresses("a.example\nthe harbour of Lind")
    assert one == "https://a.example"
    assert isinstance(other, Skipped)
    assert other.source == "the harbour of Lind"
    assert told_reason(other.reason, "en").startswith("Line 2: This can’t be a web address")
    assert told_reason(other.reason, "zh-Hans").startswith("第 2 行：这不是网址")


def test_addresses_that_are_too_many_are_told() -> None:
    found = addresses("\n".join(f"a{at}.example" for at in range(MOST + 2)))
    assert [isinstance(each, Skipped) for each in found] == [False] * MOST + [True] * 2
