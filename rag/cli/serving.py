"""The commands that serve the articles: to readers, to editors and agents."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.options import IndexOption, RerankerOption, open_index, settings_of
from rag.settings import Settings


def serve(
    index: IndexOption = None,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = Settings().host,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="The port (default: the first free from 7860 on)."),
    ] = None,
    reranker: RerankerOption = None,
) -> None:
    """Open the chat page; its address is printed."""
    from rag.ui import launch

    settings = settings_of(index, reranker)
    launch(
        settings.index,
        host=host,
        port=port,
        backend=settings.backend,
        reranker=settings.reranker,
    )


def mcp(index: IndexOption = None, reranker: RerankerOption = None) -> None:
    """Serve the articles to an editor or agent over the Model Context Protocol (stdio)."""
    from rag.api import Service, serve_stdio

    settings = settings_of(index, reranker)
    with open_index(settings) as opened:
        serve_stdio(Service(opened, lambda: settings))
