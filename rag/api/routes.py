"""The routes under /api/v1, each a few lines over `Service`."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Final

import anyio
from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from rag.api.faults import Json, as_bytes, one_line
from rag.api.metrics import CONTENT_TYPE
from rag.api.schemas import (
    AnswerShape,
    AskBody,
    HealthShape,
    IngestShape,
    ListShape,
    ProblemShape,
    RemovedShape,
    RowsBody,
    SearchBody,
    SearchShape,
    TextShape,
)
from rag.api.service import Service
from rag.api.threads import each_in_thread, in_thread
from rag.api.uploads import base_name
from rag.errors import RagError, UsageError
from rag.ingest import IngestReport
from rag.shapes import answer_json, ingest_json, list_json, search_json
from rag.types import Answer

if TYPE_CHECKING:
    from rag.written import Again, Piece

MAX_FILES: Final = 5_000
"""Files of one request."""

_COPIED = 1 << 20  # bytes of a file that are copied at once


def service_of(request: Request) -> Service:
    """The service that the application was made with."""
    found: Service = request.app.state.service
    return found


Served = Annotated[Service, Depends(service_of)]

_STATUSES = {
    400: "Wrong use.",
    401: "The key is missing or wrong.",
    403: "Not from there, or not without a key.",
    409: "Another writer is at work.",
    413: "More than is taken at once.",
    421: "Not a name of this server.",
    422: "A value that can't be.",
    503: "The index, or a model, can't be used.",
}
_NOT_THERE: dict[int | str, dict[str, Any]] = {
    404: {"model": ProblemShape, "description": "No such article."}
}

router = APIRouter(
    prefix="/api/v1",
    responses={
        status: {"model": ProblemShape, "description": said} for status, said in _STATUSES.items()
    },
)


def _described(model: type) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model}}


# --- asking ---


@router.post("/ask", response_model=None, responses=_described(AnswerShape), tags=["ask"])
async def ask(body: AskBody, service: Served) -> Json:
    """An answer: the document that `rag ask --json` prints."""
    asked = body.asked()
    return Json(answer_json(await in_thread(partial(service.ask, asked), slow=asked.written)))


@router.post(
    "/ask/stream",
    response_model=None,
    tags=["ask"],
    responses={
        200: {
            "content": {"text/event-stream": {}},
            "description": "Server-sent events: `answer` with the quoted answer, then, where it is "
            'written, `piece` with `{"text"}` to show behind what is shown and `again` when that '
            'is void, last `answer` with the settled one; `error` with `{"error"}` where it '
            "broke off.",
        }
    },
)
async def ask_in_steps(body: AskBody, service: Served) -> StreamingResponse:
    """An answer in steps. Whoever goes away stops it."""
    asked, gone = body.asked(), threading.Event()
    steps = service.stream(asked, gone.is_set)
    first = await in_thread(partial(next, steps), slow=asked.written)  # errors have a status yet
    lines = _event_lines(chain_generator(first, steps), gone, slow=asked.written)
    return StreamingResponse(lines, media_type="text/event-stream", headers=NO_STORE)


NO_STORE: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Headers of a stream: no proxy may hold it back."""


def chain_generator(
    first: Answer | Piece | Again, steps: Generator[Answer | Piece | Again]
) -> Generator[Answer | Piece | Again]:
    """A generator with its first step put back."""
    try:
        yield from chain([first], steps)
    finally:
        steps.close()


async def _event_lines(
    steps: Generator[Answer | Piece | Again], gone: threading.Event, *, slow: bool
) -> AsyncIterator[bytes]:
    from rag.written import Piece

    try:
        async for step in each_in_thread(steps, gone, slow=slow):
            if isinstance(step, Answer):
                yield event("answer", answer_json(step))
            elif isinstance(step, Piece):
                yield event("piece", {"text": step.text})
            else:
                yield event("again", {})
    except RagError as error:
        yield event("error", {"error": one_line(str(error))})


def event(name: str, document: dict[str, Any]) -> bytes:
    """A server-sent event."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), as_bytes(document))


@router.get("/search", response_model=None, responses=_described(SearchShape), tags=["ask"])
async def search(
    service: Served,
    query: str,
    top_k: Annotated[int, Query(ge=1, le=1000, description="Passages at most.")] = 10,
) -> Json:
    """The passages that fit best: the document that `rag search --json` prints."""
    read, hits = await in_thread(partial(service.search, query, top_k))
    return Json(search_json(read, hits))


@router.post("/search", response_model=None, responses=_described(SearchShape), tags=["ask"])
async def search_by_post(body: SearchBody, service: Served) -> Json:
    """The same, for queries that don't fit into an address."""
    return await search(service, body.query, body.top_k)


# --- articles ---


@router.get("/documents", response_model=None, responses=_described(ListShape), tags=["articles"])
async def list_documents(
    service: Served,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Json:
    """A page of the articles, in the order they were added, and how many there are."""
    page = await in_thread(partial(service.documents, offset, limit))
    listed = list_json(service.index.path, page.entries)
    return Json({**listed, "total": page.total, "offset": offset, "limit": limit})


@router.get(
    "/documents/{document_id}",
    response_model=None,
    responses=_described(TextShape) | _NOT_THERE,
    tags=["articles"],
)
async def get_document(document_id: str, service: Served) -> Json:
    """One article with its text."""
    with _or_404():
        entry = await in_thread(partial(service.document, document_id))
    [listed] = list_json(service.index.path, [entry])["documents"]
    return Json({**listed, "text": entry.document.text})


@router.delete(
    "/documents/{name:path}",
    response_model=None,
    responses=_described(RemovedShape) | _NOT_THERE,
    tags=["articles"],
)
async def remove_document(name: str, service: Served) -> Json:
    """Remove an article by a source, a `source_id` or its id (all its sources)."""
    with _or_404():
        removed = await in_thread(partial(service.remove, name))
    return Json({"index": str(service.index.path), "removed": list(removed)})


@contextmanager
def _or_404() -> Iterator[None]:
    try:
        yield
    except UsageError as error:
        raise HTTPException(404, str(error)) from error


@router.post(
    "/documents",
    response_model=None,
    responses=_described(IngestShape),
    tags=["articles"],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": RowsBody.model_json_schema()},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "file": {
                                "type": "array",
                                "items": {"type": "string", "format": "binary"},
                                "description": "Files, as `rag ingest` reads them; each counts "
                                "under its own name.",
                            }
                        },
                        "required": ["file"],
                    }
                },
            },
        }
    },
)
async def add_documents(request: Request, service: Served) -> Json:
    """Add or update articles: rows of JSON, or files. What can't be read is skipped, with its
    reason; the document is the one that `rag ingest --json` prints."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        report = await in_thread(partial(service.ingest_rows, await _rows(request)))
    elif kind == "multipart/form-data":
        report = await _ingest_files(request, service)
    else:
        raise HTTPException(
            400,
            "expected application/json with rows or multipart/form-data with files, found "
            f"{kind[:80] or 'no content type'}: send one of them",
        )
    return Json(ingest_json(service.index.path, report))


async def _rows(request: Request) -> list[Any]:
    body = await request.body()
    try:
        return (await in_thread(partial(RowsBody.model_validate_json, body))).articles
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_context=False)) from error


async def _ingest_files(request: Request, service: Service) -> IngestReport:
    """The files go to the disk in folders of their own, so that none can overwrite another."""
    async with request.form(max_files=MAX_FILES, max_fields=1) as form:
        files = [each for _, each in form.multi_items() if isinstance(each, UploadFile)]
        if not files or len(files) < len(form.multi_items()):
            raise HTTPException(
                400, "expected files, found a part without a file's name: name each `file`"
            )
        folder = await in_thread(partial(TemporaryDirectory, prefix="yinju-"))
        try:
            placed = [
                await _place(file, Path(folder.name) / str(number))
                for number, file in enumerate(files)
            ]
            return await in_thread(partial(service.ingest_files, placed))
        finally:
            with anyio.CancelScope(shield=True):
                await in_thread(folder.cleanup)


async def _place(file: UploadFile, folder: Path) -> tuple[str, Path]:
    """Put a file into a new folder; returns the name that it counts under, and where it is."""
    sent = file.filename or ""
    name = base_name(sent)
    path = folder / (name or "nameless")
    await _copy(file, path)
    return name or sent, path


async def _copy(file: UploadFile, path: Path) -> None:
    await anyio.Path(path.parent).mkdir()
    async with await anyio.open_file(path, "wb") as copy:
        while block := await file.read(_COPIED):
            await copy.write(block)


# --- the server ---


@router.get("/health", response_model=None, responses=_described(HealthShape), tags=["server"])
async def health(
    service: Served,
    verify: Annotated[bool, Query(description="Read the whole index and look for damage.")] = False,
) -> Json:
    """Whether the index can be used, and how much it holds."""
    found = await in_thread(partial(service.health, verify=verify), slow=verify)
    if found.problems:
        return Json({"error": one_line(found.problems[0]), **asdict(found)}, 503)
    return Json({"status": "ok", **asdict(found)})


@router.get(
    "/metrics",
    response_model=None,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus' text format."}},
    tags=["server"],
)
async def metrics(service: Served) -> Response:
    """Counts for a monitor."""
    return Response(await in_thread(service.metrics_text), media_type=CONTENT_TYPE)
