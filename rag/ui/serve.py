"""Serving the page: one process, one port, one line on standard output when it answers."""

from __future__ import annotations

import logging
import os
import socket
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

from rag.api import Access, Service, mount
from rag.api.access import is_loopback
from rag.errors import UsageError
from rag.hub import Backend
from rag.index import Index
from rag.settings import Settings
from rag.ui.collection import Collection
from rag.ui.history import History
from rag.ui.language_model import LanguageModel
from rag.ui.local_only import LocalOnly

if TYPE_CHECKING:
    from rag.ui.asked import Articles
    from rag.ui.stock import Stock

_FIRST_PORT, _PORTS = 7860, 100


def serve(
    index: Path,
    *,
    host: str,
    port: int | None,
    backend: Backend,
    reranker: str | None,
    settings: Settings,
) -> None:
    """Open the index and serve its page until interrupted.

    The language model is that of `settings`; the page can change it where nobody else can reach it.
    """
    with (
        listen(host, port) as listening,
        Index.open(index, backend=backend, reranker=reranker) as opened,
    ):
        address = f"http://{_reachable(host)}:{listening.getsockname()[1]}"
        collection = Collection(opened)
        model = LanguageModel(settings, may_change=is_loopback(listening.getsockname()[0]))
        from rag.ui.stock import Stock

        stock = Stock.of(opened)
        stock.intake.uploads.clear()
        access = Access.from_environment(os.environ, host)
        service = Service(opened, lambda: model.settings, access)
        app = application(collection, collection.history(), model, stock, service)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        Thread(target=collection.warm, daemon=True).start()
        with suppress(KeyboardInterrupt):  # the ordinary way to end it
            _Announcing(config, address).run(sockets=[listening])


def application(
    articles: Articles,
    history: History,
    model: LanguageModel,
    stock: Stock | None = None,
    service: Service | None = None,
) -> FastAPI:
    """The page as an ASGI application; without `stock` it has no view of the articles, without
    `service` nothing beside it for other programs."""
    import gradio

    from rag.ui.asking import receive_questions
    from rag.ui.desk import Desk
    from rag.ui.page import build_page, style
    from rag.ui.replies import Replies

    app = FastAPI(title="Yinju", openapi_url=None)
    app.add_middleware(LocalOnly, access=service.access if service else Access())
    desk = Desk(Replies(articles, history, model))
    receive_questions(app, desk)
    if stock is not None:
        from rag.ui.stock import receive_files

        receive_files(app, stock, model)
    gradio.mount_gradio_app(
        app,
        build_page(desk, history, model, stock, service),
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        show_error=False,
        favicon_path=str(Path(__file__).with_name("favicon.svg")),
        **style(),
    )
    if service is not None:
        mount(app, service)
    return app


def listen(host: str, port: int | None) -> socket.socket:
    """A socket bound to the port, or to the first free one from 7860 on."""
    ports = range(_FIRST_PORT, _FIRST_PORT + _PORTS) if port is None else [port]
    try:
        family, _, _, _, _ = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise UsageError(
            f"expected the name or address of this machine, found {host!r}: try 127.0.0.1"
        ) from error
    for candidate in ports:
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, candidate))
            listening.listen()
        except (OSError, OverflowError) as error:
            listening.close()
            failure = error
        else:
            return listening
    raise UsageError(
        f"expected a free port on {host}, found {ports[0]} to {ports[-1]} refused ({failure}): "
        "name another with --port"
    )


class _Announcing(uvicorn.Server):
    """Says where the page is once it answers; ends without a traceback when interrupted."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"Yinju is at {self._address}", flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Every open page holds a stream that ends only when it is cut, which is no error here.
        logging.getLogger("uvicorn.error").disabled = True
        await super().shutdown(sockets)


def _reachable(host: str) -> str:
    """The host as a browser on this machine writes it."""
    if host in {"0.0.0.0", "::"}:
        return "localhost"
    return f"[{host}]" if ":" in host else host
