"""The application behind `/api`, `/v1` and `/mcp`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.routing import Route

from rag import __version__
from rag.api import articles, asking, chat, description, health
from rag.api.faults import add_handlers
from rag.api.service import Service

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import Receive, Scope, Send


def application(service: Service) -> FastAPI:
    """The application, unguarded: `rag.api.access.Guard` goes before it."""
    api = FastAPI(
        title="Yinju 引据",
        summary="Cited answers from a collection of articles.",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    api.state.service = service
    add_handlers(api)
    for module in (asking, articles, health, chat, description):
        api.include_router(module.router)
    api.router.routes.append(
        Route("/mcp", Tools(service), methods=["POST"], include_in_schema=False)
    )
    description.add_security(api, needed=bool(service.access.key))
    return api


class Tools:
    """The MCP endpoint. Its package takes half a second to load, so the first request does it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._manager: asyncio.Task[StreamableHTTPSessionManager] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._manager is None:
            self._manager = asyncio.create_task(self._start())
        manager = await asyncio.shield(self._manager)
        await manager.handle_request(scope, receive, send)

    async def _start(self) -> StreamableHTTPSessionManager:
        await asyncio.to_thread(_load)
        from rag.api.tools import running_manager

        return await running_manager(self._service)


def _load() -> None:
    import rag.api.tools  # noqa: F401
