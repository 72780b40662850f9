"""The MCP tools, called by the package's own client."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from api_server import serving
from mcp import Client, StdioServerParameters, stdio_client

from rag.api.schemas import AnswerShape, SearchShape
from rag.index import Index

QUESTION = "Who is the general manager of Narada in Jiuquan?"
TOOLS = ["ask", "search", "open_source", "list_articles"]
STDIO = """
import sys
from pathlib import Path
from rag.api import Service, serve_stdio
from rag.index import Index
with Index.open(Path(sys.argv[1])) as index:
    serve_stdio(Service(index))
"""


def visited(address: str, visit: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Client(f"{address}/mcp") as client:
            await visit(client)

    asyncio.run(asyncio.wait_for(run(), 60))


async def called(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    found = result.structured_content
    assert isinstance(found, dict)
    return found


def test_an_agent_asks_and_opens_the_source(seeds_index: Index) -> None:
    async def visit(client: Client) -> None:
        assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
        answer = await called(client, "ask", question=QUESTION)
        AnswerShape.model_validate(answer)
        citation = answer["citations"][0]
        names = {"document_id": citation["document"]["id"], "context": 20}
        span = {"start": citation["start"], "end": citation["end"]}
        opened = await called(client, "open_source", **names, **span)
        assert citation["quote"] in opened["text"]
        assert len(opened["text"]) == opened["end"] - opened["start"] <= 40 + len(citation["quote"])
        found = await called(client, "search", query="Narada", top_k=2)
        assert len(SearchShape.model_validate(found).hits) == 2
        listed = await called(client, "list_articles", offset=3, limit=2)
        assert len(listed["documents"]) == 2
        assert listed["total"] == len(list(seeds_index.documents()))

    with serving(seeds_index) as address:
        visited(address, visit)


def test_what_is_wrong_is_told_to_the_agent(seeds_index: Index) -> None:
    document = next(iter(seeds_index.documents())).document.id

    async def visit(client: Client) -> None:
        for tool, arguments in (
            ("ask", {"question": " "}),
            ("search", {"query": ""}),
            ("open_source", {"document_id": "../../etc/passwd"}),
            ("open_source", {"document_id": document, "start": 10**9}),
        ):
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert "expected" in result.content[0].text  # type: ignore[union-attr]

    with serving(seeds_index) as address:
        visited(address, visit)


def test_the_tools_speak_on_standard_output(seeds_index: Index) -> None:
    words = ["-c", STDIO, str(seeds_index.path)]
    server = StdioServerParameters(
        command=sys.executable, args=words, cwd=str(Path(__file__).parents[1])
    )

    async def run() -> None:
        async with Client(stdio_client(server)) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
            assert "Li Jingkang" in (await called(client, "ask", question=QUESTION))["answer"]

    asyncio.run(asyncio.wait_for(run(), 60))
