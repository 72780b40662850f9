"""The routes for programs on a real server, in a thread, on a free port."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from starlette.responses import PlainTextResponse

from rag.api import Access, Service, mount
from rag.index import Index
from rag.settings import Settings


@contextmanager
def serving(
    index: Index, *, settings: Callable[[], Settings] = Settings, access: Access | None = None
) -> Iterator[str]:
    """The address of a server with another application at every other path."""
    app = FastAPI(openapi_url=None)
    app.mount("/", PlainTextResponse("the page"))
    mount(app, Service(index, settings, access or Access()))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    started = threading.Event()

    async def run() -> None:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.005)
        started.set()
        await serving

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
