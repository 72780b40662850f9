"""How the application behind `/api`, `/v1` and `/mcp` is put beside another."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from starlette.routing import BaseRoute, Match, NoMatchFound

from rag.api.access import Guard, is_within
from rag.api.service import Service

if TYPE_CHECKING:
    from starlette.datastructures import URLPath
    from starlette.types import ASGIApp, Receive, Scope, Send

PLACES: Final = ("/api", "/v1", "/mcp")


class Door(BaseRoute):
    """A route to the guarded application for these places, with all that is below them.

    The first request makes the application: a server that starts has more urgent work.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._app: ASGIApp | None = None
        self._lock = Lock()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request goes there."""
        ours = scope["type"] == "http" and is_within(str(scope["path"]), *PLACES)
        return (Match.FULL if ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        app = self._app
        if app is None:
            app = await to_thread.run_sync(self._made)
        await app(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """No address of these is made from a name."""
        raise NoMatchFound(name, dict(path_params))

    def _made(self) -> ASGIApp:
        from rag.api.application import application

        with self._lock:
            if self._app is None:
                self._app = Guard(application(self._service), self._service.access)
            return self._app
