"""Errors as answers of HTTP: one line of JSON with the status that fits."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from rag.api.access import is_within
from rag.errors import ArticleError, RagError, StoreError, UsageError
from rag.printable import printable

if TYPE_CHECKING:
    from fastapi import FastAPI

_KINDS = {401: "authentication_error", 403: "permission_error", 404: "not_found_error"}


class Json(JSONResponse):
    """JSON as `as_bytes` writes it."""

    def render(self, content: Any) -> bytes:
        return as_bytes(content)


def as_bytes(document: Any) -> bytes:
    """JSON on one line in UTF-8; a half of a character, which UTF-8 can't hold, becomes `?`."""
    written = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return written.encode("utf-8", "replace")


def status_of(error: RagError) -> int:
    """400 for wrong use, 409 where another writer is at work, 503 where the index can't serve."""
    if isinstance(error, UsageError | ArticleError):
        return 400
    return 409 if isinstance(error, StoreError) and _is_lock(error) else 503


def _is_lock(error: StoreError) -> bool:
    from filelock import Timeout

    return isinstance(error.__cause__, Timeout)


def problem(path: str, status: int, line: str) -> Json:
    """`{"error": line}`; below `/v1` as OpenAI's clients expect it."""
    line = one_line(line)
    body: dict[str, Any] = {"error": line}
    if is_within(path, "/v1"):
        kind = _KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
        body = {"error": {"message": line, "type": kind, "param": None, "code": None}}
    return Json(body, status, {"WWW-Authenticate": "Bearer"} if status == 401 else None)


def one_line(message: str) -> str:
    """A message as one printable line."""
    return printable(" ".join(message.split()))


def add_handlers(app: FastAPI) -> None:
    """Have an application answer every error in this shape."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RagError, _failed)
    app.add_exception_handler(OSError, _no_disk)
    app.add_exception_handler(Exception, _unexpected)


async def _invalid(request: Request, error: Exception) -> Json:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        line = "expected one JSON document, found a body that is none: send valid JSON"
        return problem(request.url.path, 400, line)
    place = ".".join(map(str, first["loc"])) or "the body"
    found = "none" if first["type"] == "missing" else f"one that doesn't fit ({first['msg']})"
    line = f"expected a value for {place}, found {found}: see /api/docs"
    return problem(request.url.path, 422, line)


async def _refused(request: Request, error: Exception) -> Json:
    """Those of ours, and those of FastAPI and Starlette, which are worded otherwise."""
    assert isinstance(error, HTTPException)
    path, status = request.url.path, error.status_code
    line = str(error.detail)
    if status == 404 and line == HTTPStatus.NOT_FOUND.phrase:
        line = f"expected a place of this server, found {path[:200]}: see /api/docs"
    elif status == 405:
        line = f"expected another method for {path[:200]}, found {request.method}: see /api/docs"
    elif status == 400 and not line.startswith("expected"):
        line = f"expected a body that can be read, found another ({line}): see /api/docs"
    return problem(path, status, line)


async def _failed(request: Request, error: Exception) -> Json:
    assert isinstance(error, RagError)
    return problem(request.url.path, status_of(error), str(error))


async def _no_disk(request: Request, error: Exception) -> Json:
    assert isinstance(error, OSError)
    found = error.strerror or type(error).__name__
    return problem(request.url.path, 503, f"expected to read and write files, found: {found}")


async def _unexpected(request: Request, error: Exception) -> Json:
    line = f"unexpected {type(error).__name__}: the server's log shows where"
    return problem(request.url.path, 500, line)
