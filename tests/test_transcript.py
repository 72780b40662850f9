"""Conversations written out: nothing that an article says does anything, and nothing is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.questions import read_questions
from rag.store.conversations import (
    CitedArticle,
    ConversationEntry,
    KeptCitation,
    KeptHit,
    Message,
    Versions,
)
from rag.transcript import as_json, as_markdown, feedback_questions
from rag.types import Position, WrittenClaim

DAM = CitedArticle(
    "d1", "en", "/a/dam.md", None, "A dam", "The Gazette", "2021-03-04", "https://example.org/a?b=1"
)
ROW = CitedArticle("d2", "zh-Hant", "/a/rows.jsonl", "7")
ENTRY = ConversationEntry("c1", "About the dam", "2026-01-02", "2026-01-03", 1)
MESSAGE = Message(
    id="m1",
    conversation_id="c1",
    asked="2026-01-02T03:04:05.678+00:00",
    question="How much does it hold?",
    resolved="How much does the dam hold?",
    language="en",
    text="40 tonnes [1]\nIn the articles' own words:\n“It holds 40 tonnes.” [1][2]",
    short="40 tonnes",
    declined=False,
    confidence=0.875,
    notice="A notice.",
    notes=("A note.",),
    disagreement=(Position("40", (1,)),),
    claims=(WrittenClaim("It holds 40.", "verified", (1,), True, True),),
    citations=(
        KeptCitation(1, DAM, 0, 19, "It holds 40 tonnes.", (ROW,)),
        KeptCitation(2, ROW, 3, 9, "它可容四十吨"),
    ),
    nearest=(KeptHit("p1", "d1", 0, 5, 0.5, 1.0, 0.5, 0.5, 0.25),),
    versions=Versions("0.1.0", "built-in", "f00d"),
)
REFUSAL = replace(MESSAGE, declined=True, citations=(), short=None)
BARE = replace(MESSAGE, resolved=None, notice=None, notes=(), text="", citations=())


def tokens(markdown: str) -> Iterator[Token]:
    for block in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        yield block
        yield from block.children or ()


def shown(markdown: str) -> str:
    """What a reader sees, spaces left out."""
    found = (token.content for token in tokens(markdown) if token.type in {"text", "text_special"})
    return re.sub(r"\s", "", "".join(found))


def kinds(markdown: str) -> set[str]:
    return {token.type for token in tokens(markdown)}


PLAIN = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text"),
    *("blockquote_open", "blockquote_close", "strong_open", "strong_close", "text_special"),
}


def test_a_conversation_reads_from_its_title_to_its_quotes() -> None:
    assert as_markdown(ENTRY, [MESSAGE]) == (
        "# About the dam\n\n"
        "## How much does it hold?\n\n"
        "2026-01-02 03:04 UTC\n\n"
        "Understood as: How much does the dam hold?\n\n"
        "A notice.\n\n"
        "A note.\n\n"
        "40 tonnes \\[1\\]\n\n"
        "In the articles' own words:\n\n"
        "“It holds 40 tonnes.” \\[1\\]\\[2\\]\n\n"
        "\\[1\\] **A dam** · The Gazette · 2021-03-04 · <https://example.org/a?b=1>\n\n"
        "> It holds 40 tonnes.\n\n"
        "\\[2\\] **Untitled article**\n\n"
        "> 它可容四十吨\n"
    )


def test_the_own_words_are_in_the_language_of_the_answer() -> None:
    written = as_markdown(ENTRY, [replace(MESSAGE, language="zh-Hant")])
    assert "理解為：How much" in written
    assert "**無標題文章**" in written


HARMFUL = (
    "![x](https://evil.example/p.png)",
    "[x](javascript:alert(1))",
    "[a]: https://evil.example\n[a]",
    "<img src=x onerror=alert(1)>",
    "<script>\nalert(1)\n</script>",
    "<https://evil.example>",
    "# Heading\n===\n---\n***\n- item\n+ item\n1. item\n2) item\n> quote",
    "    indented code\n\tand a tab",
    "```\nfence\n```\n~~~\n`code` ``more``",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "**bold** __bold__ *it* _it_ ~~gone~~",
    "&lt;b&gt; &copy; &#33;",
    "ends with a backslash\\",
    "two spaces  \nat the end",
    "C# and F#",
)


@pytest.mark.parametrize("text", HARMFUL)
def test_what_an_article_says_shows_and_does_nothing(text: str) -> None:
    article = replace(DAM, title=text, publisher=text, date=text, url=text)
    message = replace(
        MESSAGE,
        question=text,
        resolved=text,
        text=text,
        notice=text,
        citations=(KeptCitation(1, article, 0, 1, text),),
    )
    markdown = as_markdown(replace(ENTRY, title=text), [message])
    assert kinds(markdown) <= PLAIN
    assert shown(markdown).count(re.sub(r"\s", "", text)) == 10


def test_no_address_is_left_for_a_reader_of_markdown_to_make_a_link_of() -> None:
    text = "https://evil.example and WWW.evil.example"
    markdown = as_markdown(ENTRY, [replace(BARE, text=text)])
    assert "https://" not in markdown
    assert "WWW." not in markdown


@given(st.text(st.sampled_from("ab1 \n\t\\`*_[](){}<>#|~!&;:/.-+=%$^@\"'”。一")))
@example("1.")
@example("-")
@example("=")
@example("a\u2028- b")
def test_any_text_shows_as_it_is(text: str) -> None:
    markdown = as_markdown(replace(ENTRY, title="T"), [replace(BARE, question="Q", text=text)])
    assert kinds(markdown) <= PLAIN
    assert shown(markdown) == "TQ2026-01-0203:04UTC" + re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("url", "links"),
    [
        ("https://example.org/路径?q=a&b=c#d", True),
        ("javascript:alert(1)", False),
        ("https://example.org/> <b>", False),
        ("https://a\nb", False),
        ("https://", False),
        ("https://[", False),
        ("data:text/html,x", False),
    ],
)
def test_only_an_address_on_the_web_is_a_link(url: str, links: bool) -> None:
    message = replace(
        BARE, question="Q", citations=(KeptCitation(1, replace(DAM, url=url), 0, 1, "x"),)
    )
    markdown = as_markdown(ENTRY, [message])
    assert ("link_open" in kinds(markdown)) == links
    assert "html_inline" not in kinds(markdown)
    assert re.sub(r"\s", "", url) in shown(markdown)


def test_the_json_has_everything_under_the_names_of_the_command_line() -> None:
    written = json.loads(json.dumps(as_json(ENTRY, [replace(MESSAGE, verdict="down", reason="r")])))
    messages = written.pop("messages")
    assert written == {
        "id": "c1",
        "title": "About the dam",
        "created": "2026-01-02",
        "updated": "2026-01-03",
    }
    (message,) = messages
    assert {"id", "asked", "question", "resolved", "confidence", "notice"} <= set(message)
    assert (message["answer"], message["short"]) == (MESSAGE.text, "40 tonnes")
    row = {
        "id": "d2",
        "source_id": "7",
        "path": "/a/rows.jsonl",
        "title": None,
        "publisher": None,
        "date": None,
        "url": None,
        "language": "zh-Hant",
    }
    assert message["citations"][1] == {
        "number": 2,
        "document": row,
        "start": 3,
        "end": 9,
        "quote": "它可容四十吨",
        "outlets": [],
    }
    assert message["citations"][0]["outlets"] == [row]
    assert message["claims"][0]["status"] == "verified"
    assert message["disagreement"] == [{"text": "40", "citations": [1]}]
    assert message["passages"] == [
        {"rank": 1, "relevance": 0.25, "document_id": "d1", "start": 0, "end": 5}
    ]
    assert message["versions"]["embedder_fingerprint"] == "f00d"
    assert (message["verdict"], message["reason"]) == ("down", "r")


def test_rated_messages_are_rows_of_a_questions_file(tmp_path: Path) -> None:
    good = replace(MESSAGE, id="good", verdict="up")
    messages = [
        good,
        replace(good, id="no short", resolved=None, question="它能容多少？", short=None),
        replace(MESSAGE, id="bad", verdict="down", reason="the other dam"),
        replace(MESSAGE, id="unrated"),
        replace(REFUSAL, id="rightly refused", verdict="up"),
        replace(REFUSAL, id="wrongly refused", verdict="down"),
    ]
    rows = feedback_questions(messages)
    assert rows[2]["reason"] == "the other dam"
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    read = {each.id: each for each in read_questions(path)}
    assert list(read) == ["good", "no short", "bad", "rightly refused", "wrongly refused"]
    assert read["good"].question == "How much does the dam hold?"
    assert read["good"].documents == ("/a/dam.md", "/a/rows.jsonl#7")
    assert read["good"].answers == ("40 tonnes",)
    assert (read["no short"].lang, read["no short"].answers) == ("zh-Hans", ())
    assert {each.id: each.answerable for each in read.values()} == {
        "good": True,
        "no short": True,
        "bad": True,
        "rightly refused": False,
        "wrongly refused": True,
    }
    unknown = ("bad", "rightly refused", "wrongly refused")
    assert not any(read[each].documents or read[each].answers for each in unknown)


def test_a_row_without_an_id_of_its_own_is_named_by_its_document() -> None:
    citation = KeptCitation(1, replace(ROW, source_id=None), 0, 1, "x")
    (row,) = feedback_questions([replace(MESSAGE, verdict="up", citations=(citation,))])
    assert row["documents"] == ["d2"]
