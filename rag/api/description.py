"""The page that describes the routes. It loads nothing from outside: its scripts are local."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response

if TYPE_CHECKING:
    from fastapi import FastAPI

router = APIRouter(prefix="/api/docs", include_in_schema=False)

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Yinju 引据: for programs</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<main id="routes"></main>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</html>
"""
# Without validatorUrl the page would send the description's address to a server elsewhere.
_START: Final = """SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#routes",
  deepLinking: true,
  validatorUrl: null,
});
"""
_FILES: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}


@router.get("")
async def page() -> HTMLResponse:
    """The page."""
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})


@router.get("/start.js")
async def start() -> Response:
    """What starts Swagger UI: no script stands in the page itself."""
    return Response(_START, media_type="text/javascript")


@router.get("/{name}")
async def file(name: str) -> FileResponse:
    """Swagger UI, as a package brings it."""
    if name not in _FILES:
        raise HTTPException(
            404, f"expected one of {', '.join(_FILES)}, found another: see /api/docs"
        )
    with as_file(files("fastapi_offline") / "static" / name) as path:
        return FileResponse(path, media_type=_FILES[name])


def add_security(app: FastAPI, *, needed: bool) -> None:
    """Have the description say that a key is sent as a bearer, where one is needed."""
    if not needed:
        return
    make = app.openapi

    def described() -> dict[str, Any]:
        found = make()
        schemes = {"key": {"type": "http", "scheme": "bearer"}}
        found.setdefault("components", {})["securitySchemes"] = schemes
        return {**found, "security": [{"key": []}]}

    app.openapi = described  # type: ignore[method-assign]
