"""The collection for programs: HTTP, OpenAI's chat completions and MCP, mounted beside the page.

    mount(app, Service(index, access=Access.from_environment(os.environ, host)))

All of them ask the same `Service`. The routes are loaded with the first request, and MCP's package
with the first that wants it, so that mounting costs a starting server next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.api.access import Access
from rag.api.service import Service

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["Access", "Service", "mount", "serve_stdio"]


def mount(app: FastAPI, service: Service) -> None:
    """Serve `/api`, `/v1` and `/mcp` from an application, whatever else it has mounted, before or
    after this."""
    from rag.api.door import Door

    app.router.routes.insert(0, Door(service))


def serve_stdio(service: Service) -> None:
    """Serve the MCP tools on standard input and output until the client closes them."""
    from rag.api.tools import mcp_server

    mcp_server(service).run("stdio")
