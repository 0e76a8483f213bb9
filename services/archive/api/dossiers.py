"""How does a matter leave the house as a file that a stranger can check?"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.background import BackgroundTask

from services.archive.api.answering import At, Streamed, asking, whole_file_for
from services.archive.domain.dossier_rights import subjects_for
from services.archive.service import standing_of
from services.archive.service.dossier import Wanted
from shared.answering import files
from shared.documents.store import CHUNK

dossiers = APIRouter(tags=["dossier"])

type Personal = Annotated[
    bool, Query(description="with the personal content and documents you may take along")
]


@dossiers.get("/matters/{id}/dossier", **files("application/zip"))
async def read_dossier(
    request: Request, id: UUID, at: At = None, personal: Personal = False
) -> Response:
    """The file as one ZIP that a stranger can verify offline (卷宗; X-13).

    As archive's order had it at position `at`, else now; `Onefile-Position` says which, and the
    same position and recipient make the same bytes. Personal content is in it only when it is
    asked for, and of whom the recipient's post allows; that it was given is on record. 503 while
    a store has yet to sign all of it.
    """
    service, filed, matter = await whole_file_for(request, id)
    _, principal = await asking(request)
    subjects = None
    if personal:
        subjects = subjects_for(principal, standing_of(matter), service.now())
    folder = await asyncio.to_thread(TemporaryDirectory, prefix="onefile-dossier-")
    try:
        out = Path(folder.name) / "dossier.zip"
        wanted = Wanted(filed, at, principal.id, subjects)
        number, position = await service.dossiers.to(out, wanted, Path(folder.name))
        size = (await asyncio.to_thread(out.stat)).st_size
    except BaseException:
        folder.cleanup()
        raise
    name = quote(f"{number}.dossier.zip")
    return Streamed(
        _parts_of(out),
        media_type="application/zip",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Length": str(size),
            "Onefile-Position": str(position),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
        background=BackgroundTask(folder.cleanup),
    )


async def _parts_of(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while chunk := await asyncio.to_thread(opened.read, CHUNK):
            yield chunk
