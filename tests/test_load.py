"""Loading: every format and encoding, and a reason for what can't be read."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.clean import clean
from rag.errors import ArticleError
from rag.load import count, load
from rag.load.encoding import decode
from rag.types import RawArticle, Skipped

HANS = (
    "市统计局昨天公布，去年全市生产总值达到三千八百亿元，比上年增长百分之五点二，其中工业增长最快。"
)
HANT = (
    "統計處昨天公布，去年全市生產總值達到三千八百億元，比上年增長百分之五點二，其中工業增長最快。"
)
ENGLISH = "The café’s prices – up 5% – surprised nobody, the owner said on Tuesday."


def articles(path: Path, **options: int) -> list[RawArticle]:
    found = list(load(path, **options))
    assert all(isinstance(item, RawArticle) for item in found), found
    return [item for item in found if isinstance(item, RawArticle)]


def reason(path: Path, **options: int) -> str:
    (found,) = load(path, **options)
    assert isinstance(found, Skipped)
    assert "\n" not in found.reason
    return found.reason


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (HANS, "utf-8"),
        (HANS, "utf-8-sig"),
        (HANS, "utf-16"),
        (HANS, "utf-16-le"),
        (HANS, "utf-16-be"),
        (HANS, "utf-32"),
        (HANS, "gbk"),
        (HANS, "gb18030"),
        (HANS, "gb2312"),
        (HANT, "gbk"),
        (HANT, "big5"),
        (HANT, "big5hkscs"),
        (HANT, "utf-16"),
        (ENGLISH, "utf-8"),
        (ENGLISH, "cp1252"),
        (ENGLISH, "utf-16-le"),
        (ENGLISH, "utf-16-be"),
        (f"CATL 2021 {HANS} 5G", "gbk"),
        (f"{ENGLISH[:3]} {HANT} (2021)", "big5"),
    ],
)
@pytest.mark.parametrize("length", [24, 60, 2000])
def test_load_reads_every_encoding(tmp_path: Path, text: str, encoding: str, length: int) -> None:
    text = (text * 50)[:length]
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    assert articles(path)[0].content == text


def test_load_html_in_its_declared_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(f'<meta charset="gb2312"><p>{HANS}</p>'.encode("gb18030"))
    assert HANS in articles(path)[0].content


def test_load_cut_off_utf8_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(HANS.encode()[:-1])
    assert articles(path)[0].content.startswith(HANS[:-1])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_decode_any_bytes_gives_text_or_article_error(data: bytes) -> None:
    try:
        assert isinstance(decode(data), str)
    except ArticleError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.txt", b"", "empty file"),
        ("a.txt", b"\xef\xbb\xbf \n", "only white space"),
        ("a.md", bytes(range(256)) * 20, "binary"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + random.Random(5).randbytes(64), "binary"),
        ("a.txt", b"\x7fELF\x02\x01\x01\x00" + bytes(64), "binary"),
        ("a.pdf", b"hello", "damaged"),
        ("a.pdf", b"%PDF-1.4\n%%EOF", "damaged"),
        ("a.docx", b"hello", "damaged"),
        ("a.docx", b"PK\x03\x04" + b"0" * 64, "damaged"),
        ("a.docx", bytes.fromhex("d0cf11e0a1b11ae1"), "encrypted"),
        ("a.xlsx", b"hello", "found .xlsx"),
        ("a", b"hello", "no suffix"),
        ("a.jsonl", b"\n\n", "found none"),
        ("a.jsonl", b"not JSON\n", "line 1: expected a JSON object"),
        ("a.jsonl", b'{"text": ""}\n', "line 1: expected"),
    ],
)
def test_load_unreadable_file_gives_one_reason(
    tmp_path: Path, name: str, data: bytes, found: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert found in reason(path)


def test_load_huge_file_is_skipped_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HANS * 10, encoding="utf-8")
    assert "at most 100 bytes" in reason(path, max_bytes=100)


def test_load_missing_path_gives_a_reason(tmp_path: Path) -> None:
    assert "nothing there" in reason(tmp_path / "none.txt")


def test_load_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert "device or pipe" in reason(tmp_path / "a.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_load_forbidden_file_and_folder_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "b").chmod(0)
    found = list(load(tmp_path))
    (tmp_path / "b").chmod(0o700)
    assert [isinstance(item, Skipped) and "may not read" in item.reason for item in found] == [
        True
    ] * 2


def test_load_folder_is_sorted_and_passes_over_the_rest(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c/d.html", "c/.hidden.txt", ".git/x.txt", "e.png", "B.TXT"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("text", encoding="utf-8")
    names = [str(Path(item.path).relative_to(tmp_path)) for item in articles(tmp_path)]
    assert names == ["B.TXT", "a.md", "b.txt", "c/d.html"]


def test_load_folder_goes_on_after_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_text("text", encoding="utf-8")
    first, second = load(tmp_path)
    assert isinstance(first, Skipped) and isinstance(second, RawArticle)


def test_count_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.md").write_text("One.")
    (tmp_path / "inner" / "b.txt").write_bytes(b"")
    (tmp_path / "c.exe").write_bytes(b"no")
    (tmp_path / "rows.jsonl").write_text('{"text": "a"}\n{"text": "b"}\n{"text": "c"}')
    (tmp_path / "asked.jsonl").write_text('{"id": "1", "question": "Why?"}\n')
    (tmp_path / "loop").symlink_to(tmp_path)
    assert count(tmp_path) == len(list(load(tmp_path))) == 5
    assert [count(tmp_path / name) for name in ("a.md", "rows.jsonl", "absent.md")] == [1, 3, 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_count_of_rows_is_right_in_every_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    row = json.dumps({"text": HANT + "上上上"}, ensure_ascii=False)
    (tmp_path / "rows.jsonl").write_bytes(("\n".join([row] * 7) + end).encode(encoding))
    assert count(tmp_path / "rows.jsonl") == 7


def test_load_link_loop_ends_and_dead_link_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("text", encoding="utf-8")
    (tmp_path / "in" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "dead.txt").symlink_to(tmp_path / "nowhere.txt")
    found = list(load(tmp_path))
    assert [type(item).__name__ for item in found] == ["Skipped", "Skipped", "RawArticle"]


def test_load_rows_keep_their_facts(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        {
            "id": "x1",
            "text": HANS,
            "title": "T",
            "publisher": "P",
            "date": "2024-01-02",
            "url": "https://example.com",
            "language": "zh-CN",
        },
        {"text": HANT, "id": None},
        {"id": 7, "text": "seven", "language": "fr"},
    ]
    path.write_text("\n\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    first, second, third = articles(path)
    assert (first.source, first.source_id, first.title) == (f"{path}#x1", "x1", "T")
    assert (first.publisher, first.date, first.url) == ("P", "2024-01-02", "https://example.com")
    assert (first.language, first.kind, first.path) == ("zh-Hans", "jsonl", str(path))
    assert (second.source, second.source_id) == (f"{path}#3", None)
    assert (third.source, third.language) == (f"{path}#7", None)


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[1]",
        '"text"',
        '{"id": 1}',
        '{"text": ""}',
        '{"text": 5}',
        '{"text": "a", "title": []}',
        "[" * 100_000,
        '{"id": "good", "text": "again"}',
    ],
)
def test_load_bad_row_is_skipped_with_its_line(tmp_path: Path, row: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        f'{{"id": "good", "text": "fine"}}\n{row}\n{{"text": "fine too"}}\n', encoding="utf-8"
    )
    first, bad, last = load(path)
    assert isinstance(first, RawArticle) and isinstance(last, RawArticle)
    assert isinstance(bad, Skipped) and bad.reason.startswith("line 2: expected")


def test_load_rows_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        b'{"text": "fine"}\n{"text": "\xff\xfe\xfd"}\n' + json.dumps({"text": HANS}).encode()
    )
    kinds = [type(item).__name__ for item in load(path)]
    assert kinds == ["RawArticle", "Skipped", "RawArticle"]
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        rows = "\n".join(json.dumps({"text": HANS}, ensure_ascii=False) for _ in range(3))
        path.write_bytes(rows.encode(encoding))
        assert [item.content for item in articles(path)] == [HANS] * 3


def test_load_row_that_is_too_long_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text": "a"}\n' + json.dumps({"text": "b" * 500}) + '\n{"text": "c"}\n', encoding="utf-8"
    )
    found = list(load(path, max_bytes=200))
    assert [type(item).__name__ for item in found] == ["RawArticle", "Skipped", "RawArticle"]


def pdf_bytes(pages: list[list[str]], title: str = "") -> bytes:
    """A PDF whose font says by a ToUnicode table which character each code is."""
    chars = sorted({char for page in pages for line in page for char in line})
    code = {char: index + 1 for index, char in enumerate(chars)}
    table = "\n".join(f"<{code[c]:04x}> <{c.encode('utf-16-be').hex()}>" for c in chars)
    cmap = (
        f"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> "
        f"endcodespacerange {len(chars)} beginbfchar\n{table}\nendbfchar endcmap end"
    )
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H "
        "/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        "/DW 1000 >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    for number, page in enumerate(pages):
        shown = " T* ".join(f"<{''.join(f'{code[c]:04x}' for c in line)}> Tj" for line in page)
        stream = f"BT /F1 12 Tf 14 TL 50 750 Td {shown} ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {7 + 2 * number} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    objects.append(f"<< /Title <feff{title.encode('utf-16-be').hex()}> >>")
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    body += (
        f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer << /Size {size} /Root 1 0 R "
        f"/Info {len(objects)} 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    )
    return body.encode("ascii")


PDF_PAGES = [
    [
        "江海日报",
        "一座桥的三年",
        "来源：江海日报 2023-09-14",
        "随着最后一段钢箱梁精准就位，全长三点六公里的青阳湾大桥主跨昨",
        "天上午顺利合龙，两岸群众上班的时间将从一小时缩短到二十分钟，",
        "比原计划早了四十天。",
        "第 1 页",
    ],
    [
        "江海日报",
        "大桥项目总工程师罗志平介绍，合龙误差控制在五毫米以内，比设计",
        "要求的二十毫米严格得多，为此全体人员在江上守了整整十七个昼夜，",
        "没有一个人离开岗位。",
        "第 2 页",
    ],
    ["江海日报", "项目总投资五十八点七亿元。", "第 3 页"],
]


def test_load_pdf_joins_lines_and_drops_page_furniture(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_bytes(PDF_PAGES))
    document = clean(articles(path)[0])
    assert (document.title, document.publisher, document.date) == (
        "一座桥的三年",
        "江海日报",
        "2023-09-14",
    )
    assert document.text.split("\n") == [
        "".join(PDF_PAGES[0][3:6]),
        "".join(PDF_PAGES[1][1:4]),
        PDF_PAGES[2][1],
    ]


def test_load_pdf_title_of_its_properties(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_bytes([["项目总投资五十八点七亿元，三年完工。"]], title="一座桥的三年"))
    assert articles(path)[0].title == "一座桥的三年"
    path.write_bytes(
        pdf_bytes([["项目总投资五十八点七亿元，三年完工。"]], title="Microsoft Word - 1.doc")
    )
    assert articles(path)[0].title is None


def test_load_encrypted_pdf_is_skipped_and_one_without_text_too(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    plain = tmp_path / "plain.pdf"
    plain.write_bytes(pdf_bytes([["文"]]))
    writer = PdfWriter()
    writer.append(PdfReader(plain))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    assert "encrypted" in reason(tmp_path / "locked.pdf")
    blank = PdfWriter()
    blank.add_blank_page(100, 100)
    blank.write(tmp_path / "blank.pdf")
    assert "only pictures" in reason(tmp_path / "blank.pdf")


def test_load_docx_reads_tables_and_leaves_hidden_text(tmp_path: Path) -> None:
    from docx import Document
    from docx.oxml import OxmlElement

    word = Document()
    word.add_heading("一座桥的三年", 1)
    word.add_paragraph("随着最后一段钢箱梁精准就位，青阳湾大桥主跨昨天上午顺利合龙。")
    hidden = word.add_paragraph("项目总投资58.7亿元，").add_run("看不见的字")
    hidden.font.hidden = True
    inserted = OxmlElement("w:ins")
    inserted.append(word.paragraphs[-1].add_run("明年六月通车，全程免费通行。")._r)
    word.paragraphs[-1]._p.append(inserted)
    table = word.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells),
        ("指标", "数值", "主跨", "1088米"),
        strict=True,
    ):
        cell.text = text
    word.save(str(tmp_path / "a.docx"))
    document = clean(articles(tmp_path / "a.docx")[0])
    assert (document.title, document.date) == ("一座桥的三年", None)
    assert document.text.split("\n") == [
        "随着最后一段钢箱梁精准就位，青阳湾大桥主跨昨天上午顺利合龙。",
        "项目总投资58.7亿元，明年六月通车，全程免费通行。",
        "指标 · 数值",
        "主跨 · 1088米",
    ]


def test_load_docx_that_unpacks_too_large_is_skipped(tmp_path: Path) -> None:
    from docx import Document

    word = Document()
    word.add_paragraph("长" * 100_000)
    word.save(str(tmp_path / "a.docx"))
    assert "split the file" in reason(tmp_path / "a.docx", max_bytes=60_000)
