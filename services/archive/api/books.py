"""How does a file leave as a book, or as a package for the archive bureau?"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from services.archive.api.answering import At, Streamed, file_for, whole_file_for
from services.archive.domain.book import Place, book
from services.archive.domain.listing import kinds_of
from services.archive.domain.replay import replay
from services.archive.service import Archive
from services.archive.service.packaging import package
from shared.answering import files
from shared.documents.store import CHUNK
from shared.paper.fonts import FontsMissing
from shared.paper.long import LongDocument
from shared.paper.page import page
from shared.paper.press import render_long
from shared.problems import Problem

books = APIRouter(tags=["books"])


@books.get("/matters/{id}/book", **files("application/pdf", "text/html"))
async def read_book(
    request: Request, id: UUID, at: At = None, form: Literal["pdf", "html"] = "pdf"
) -> Response:
    """The whole file as one bilingual book, PDF or HTML (案卷; AS-87, X-11).

    The same position makes the same bytes; nothing personal is in it.
    """
    service, filed, matter = await file_for(request, id)
    rules = service.rules_of(matter)
    place = Place(rules.pack, rules.catalogue) if rules else None
    if not filed.until(at).entries:
        raise Problem("not_found")
    document = await asyncio.to_thread(book, filed, place, at)
    name = f"{matter.number}.{form}"
    headers = _saved_as(name)
    if form == "html":
        made = await asyncio.to_thread(page, document)
        return Response(made, media_type="text/html; charset=utf-8", headers=headers)
    made = await _printed(service, document)
    return Response(made, media_type="application/pdf", headers=headers)


@books.get("/matters/{id}/package", **files("application/zip"))
async def read_package(request: Request, id: UUID) -> Response:
    """The file as a package for the archive bureau, once it is closed (归档信息包; X-10, AS-90)."""
    service, filed, matter = await whole_file_for(request, id)
    rules = service.rules_of(matter)
    if rules is None:
        raise Problem("refused", reason="pack_edition_unknown", details={})
    file = replay(filed).file
    if not file.closed:
        raise Problem("refused", reason="file_not_closed", details={})
    document = await asyncio.to_thread(book, filed, Place(rules.pack, rules.catalogue))
    printed = await _printed(service, document)
    kinds = kinds_of(filed, file, matter, rules.pack.archive)
    years = rules.pack.archive.keep_years
    folder = await asyncio.to_thread(TemporaryDirectory, prefix="onefile-package-")
    to = Path(folder.name) / "package.zip"
    try:
        await package(service.documents, filed, matter, kinds, years, printed, to)
    except BaseException:
        folder.cleanup()
        raise
    return Streamed(
        _parts_of(to),
        media_type="application/zip",
        headers=_saved_as(f"{matter.number}.归档.zip"),
        background=BackgroundTask(folder.cleanup),
    )


async def _parts_of(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while chunk := await asyncio.to_thread(opened.read, CHUNK):
            yield chunk


async def _printed(service: Archive, document: LongDocument) -> bytes:
    try:
        fonts = service.floor.settings.fonts
        return await asyncio.to_thread(render_long, document, further=fonts)
    except FontsMissing as error:
        raise Problem("fonts_missing", remedy=str(error)) from None


def _saved_as(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
