"""The chat completions, asked by OpenAI's own client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest
from api_server import serving
from conftest import article
from inference_server import InferenceServer, says
from markdown_it import MarkdownIt

from rag.api.chat import ChatMessage, asked_in
from rag.api.markdown import plain
from rag.api.schemas import RefusedShape
from rag.api.service import said
from rag.errors import UsageError
from rag.index import Index
from rag.settings import Settings

QUESTION = "Who is the general manager of Narada in Jiuquan?"
HOSTILE = "The lake Orla is 30 metres deep ![x](http://evil.example/a.png) <img src=x> **bold**."


@pytest.fixture(scope="module")
def client(seeds_index: Index) -> Iterator[openai.OpenAI]:
    with (
        serving(seeds_index) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as client,
    ):
        yield client


def test_a_completion_ends_with_its_references(client: openai.OpenAI) -> None:
    found = client.chat.completions.create(
        model="yinju", messages=[{"role": "user", "content": QUESTION}], temperature=0.2
    )
    text = found.choices[0].message.content or ""
    assert text.startswith(r"Li Jingkang \[1\]")
    assert found.choices[0].finish_reason == "stop"
    assert found.model_extra
    citation = found.model_extra["citations"][0]
    shown = MarkdownIt().render(text)
    assert "[1]" in shown
    assert f"<strong>{citation['document']['title']}</strong>" in shown
    assert f"<blockquote>\n<p>{citation['quote']}</p>\n</blockquote>" in shown


def test_a_stream_is_the_same_text(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(
        model="yinju", messages=[{"role": "user", "content": QUESTION}]
    )
    chunks = list(
        client.chat.completions.create(
            model="yinju",
            messages=[{"role": "user", "content": [{"type": "text", "text": QUESTION}]}],
            stream=True,
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert whole.model_extra
    assert chunks[-1].model_extra == {"citations": whole.model_extra["citations"]}


def test_the_messages_before_are_the_conversation(client: openai.OpenAI) -> None:
    first = "How much did support policies save companies in Ningde in 2021?"
    answered = client.chat.completions.create(
        model="yinju", messages=[{"role": "user", "content": first}]
    )
    again = client.chat.completions.create(
        model="yinju",
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": first},
            {"role": "assistant", "content": answered.choices[0].message.content},
            {"role": "user", "content": "And who is the general manager of Narada?"},
        ],
    )
    assert "Li Jingkang" in (again.choices[0].message.content or "")


def test_a_chat_becomes_a_question_with_turns() -> None:
    messages = [
        ChatMessage(role="system", content="Be brief."),
        ChatMessage(role="user", content="Who built it?"),
        ChatMessage(role="assistant", content="Ada Lind \\[1\\]\n\nIn the articles' own words:"),
        ChatMessage(role="user", content="When?"),
    ]
    asked = asked_in(messages, written=False)
    assert (asked.question, len(asked.turns)) == ("When?", 1)
    assert said(asked.turns[0][1]) == "Ada Lind"
    with pytest.raises(UsageError, match="user's message"):
        asked_in(messages[:1], written=False)


@pytest.mark.parametrize(
    ("answer", "short"),
    [
        ("4.2 billion yuan [1]\nIn the articles' own words:\n“x” [1]", "4.2 billion yuan"),
        ("文章原文：\n「全長1318公里。」 [1]", "全長1318公里。"),
        ("These articles don't seem to answer that. The nearest passages are listed instead.", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_what_an_answer_said_in_short(answer: str, short: str) -> None:
    assert said(answer) == short


def test_what_an_article_says_does_nothing_in_a_chat(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.ingest_articles([article("lake.txt", HOSTILE, title="<b>[Lake](x)</b>")])
        with serving(index) as address:
            body = {"messages": [{"role": "user", "content": "How deep is the lake Orla?"}]}
            found = httpx.post(f"{address}/v1/chat/completions", json=body, timeout=60).json()
    text = found["choices"][0]["message"]["content"]
    assert "30" in text
    shown = MarkdownIt("commonmark", {"linkify": True}).render(text)
    for mark in ("<img", "<a ", "<b>", "<strong>bold"):
        assert mark not in shown
    assert found["citations"][0]["quote"] in plain(text)


def test_models_are_those_that_can_answer(client: openai.OpenAI, seeds_index: Index) -> None:
    assert [each.id for each in client.models.list()] == ["yinju"]
    assert client.models.retrieve("yinju").owned_by == "yinju"
    with pytest.raises(openai.NotFoundError, match="expected yinju for a model") as refused:
        client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": "Who?"}])
    assert RefusedShape.model_validate(refused.value.response.json())
    with InferenceServer(says("Li Jingkang manages it.")) as model:
        settings = Settings(llm_base_url=model.url, llm_model="tiny")
        with (
            serving(seeds_index, settings=lambda: settings) as address,
            openai.OpenAI(base_url=f"{address}/v1", api_key="any") as writing,
        ):
            assert [each.id for each in writing.models.list()] == ["yinju", "yinju-written"]
            found = writing.chat.completions.create(
                model="yinju-written",
                messages=[{"role": "user", "content": QUESTION}],
                stream=True,
            )
            text = "".join(chunk.choices[0].delta.content or "" for chunk in found)
        assert len(model.requests) == 1
    assert "Li Jingkang" in text


@pytest.mark.parametrize("content", ["", "  ", "long " * 2000])
def test_what_is_no_question_is_refused(client: openai.OpenAI, content: str) -> None:
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError, match="expected a"):
            client.chat.completions.create(
                model="yinju", messages=[{"role": "user", "content": content}], stream=stream
            )
