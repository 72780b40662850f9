"""The routes of articles: list, read, add and remove them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import anyio
from fastapi import Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from rag.api.faults import Json
from rag.api.schemas import (
    IngestShape,
    ListShape,
    RemovedShape,
    RowsBody,
    TextShape,
)
from rag.api.served import Served, described, router_of
from rag.api.service import Service
from rag.api.threads import in_thread
from rag.api.uploads import base_name
from rag.errors import UsageError
from rag.ingest import IngestReport
from rag.shapes import ingest_json, list_json

MAX_FILES: Final = 5_000
"""Files of one request."""

_COPIED = 1 << 20  # bytes of a file that are copied at once
_FILES: Final = {
    "type": "array",
    "items": {"type": "string", "format": "binary"},
    "description": "Files, as `rag ingest` reads them; each counts under its own name.",
}
_ROWS_OR_FILES: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": RowsBody.model_json_schema()},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": _FILES}, "required": ["file"]}
            },
        },
    }
}

router = router_of("articles")


@router.get("/documents", response_model=None, responses=described(ListShape))
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
    responses=described(TextShape),
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
    responses=described(RemovedShape),
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
    responses=described(IngestShape),
    openapi_extra=_ROWS_OR_FILES,
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
