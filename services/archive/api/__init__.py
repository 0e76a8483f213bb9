"""What may people ask of archive?"""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.archive.api.answering import (
    At,
    MinPosition,
    answered,
    asking,
    file_for,
    is_sealed_for,
    may_read,
    reached,
    tongue_for,
    whole_file_for,
)
from services.archive.api.answers import files as shapes
from services.archive.api.auditing import auditing
from services.archive.api.books import books
from services.archive.api.documents import documents
from services.archive.api.dossiers import dossiers
from services.archive.api.promises import promises
from services.archive.api.protection import protection
from services.archive.api.timetravel import timetravel
from services.archive.domain.commands import (
    AttachPaper,
    CheckFile,
    CloseFile,
    FileDocument,
    HandOverFile,
)
from services.archive.domain.discretion import (
    OPEN_TO,
    SERVING,
    hidden,
    kept_from,
)
from services.archive.domain.file import Entry, Filed, as_json, facts_in
from services.archive.domain.frames import Frame
from services.archive.domain.replay import as_document, replay
from services.archive.domain.state import SEALED
from services.archive.domain.story import Line, in_order_of_days, line_of
from services.archive.domain.telling import fold
from services.archive.domain.verify import report, verify
from services.archive.queries import FileRow
from services.archive.service import standing_of
from shared.answering import answers
from shared.asking import Ask, takes
from shared.http import language_of
from shared.problems import Problem
from shared.rights import Standing

router = APIRouter(tags=["archive"])
takes(
    router,
    Ask("/matters/{id}/documents", FileDocument, versioned=False),
    Ask("/matters/{id}/attachments", AttachPaper, versioned=False),
    Ask("/matters/{id}/check", CheckFile, versioned=False),
    Ask("/matters/{id}/closing", CloseFile, versioned=False),
    Ask("/matters/{id}/handovers", HandOverFile, versioned=False),
)


@router.get("/matters", **answers(shapes.Files))
async def list_files(
    request: Request,
    number: str | None = None,
    project: UUID | None = None,
    closed: bool | None = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    min_position: MinPosition = 0,
) -> Response:
    """Files, by matter id (档案列表)."""
    service, principal = await asking(request)
    await reached(service, min_position)
    everywhere = bool(principal.roles & {"auditor", "service", "admin"})
    if not everywhere:
        may_read(service, principal, Standing(next(iter(principal.areas), "")))
    rows = await service.queries.files(
        areas=None if everywhere else sorted(principal.areas),
        number=number,
        project=project,
        closed=closed,
        after=_key(after),
        limit=limit,
    )
    following = _cursor(rows[-1].matter) if len(rows) == limit else None
    telling = everywhere or (principal.roles & OPEN_TO and not principal.roles & SERVING)
    return answered(
        {"files": [_row(row, telling=bool(telling)) for row in rows], "next": following}
    )


@router.get("/matters/{id}", **answers(shapes.File))
async def read_file(request: Request, id: UUID, at: At = None) -> Response:
    """The file of a matter: state, number, entries, documents, checks (一事一档; AS-87)."""
    service, filed, _ = await file_for(request, id)
    replayed = replay(filed, at)
    decided = replace(replayed, matter=fold(facts_in(filed.until(at))))
    waiting = await service.queries.waiting(id)
    if await is_sealed_for(request, id):
        waiting = [one for one in waiting if one.store != SEALED]
    document = {
        "id": id,
        "version": len(filed.entries),
        **as_document(replayed),
        "lacking": service.lacking(decided),
        "waiting": [{"store": w.store, "position": w.position} for w in waiting],
    }
    return answered(document, version=len(filed.entries))


@router.get("/matters/{id}/entries", **answers(shapes.Entries))
async def read_entries(
    request: Request, id: UUID, at: At = None, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """The exact bodies of the file, in archive's order, after a position and up to one (档案正文)."""
    _, filed, matter = await whole_file_for(request, id)
    known = filed.until(at)
    if after:
        later = tuple(entry for entry in known.entries if entry.position > after)
        known = replace(known, entries=later)
    position = known.entries[-1].position if known.entries else 0
    document = {"number": matter.number, "position": position, "at": at, **as_json(known)}
    return answered(document, version=len(filed.entries))


@router.get("/matters/{id}/story", **answers(shapes.Story, "text/plain"))
async def read_story(request: Request, id: UUID, at: At = None) -> Response:
    """The file as a readable text, one line for each event (档案纪事; X-01).

    In the caller's language; `Accept: text/plain` gives the text itself.
    """
    service, filed, matter = await file_for(request, id)
    tongue = tongue_for(request, service, matter)
    known = filed.until(at)
    drawn = await asyncio.to_thread(service.stories.of, known, matter.pack, tongue)
    matter = matter if at is None else fold(facts_in(known))
    told = in_order_of_days(frame.shown(matter, tongue) for frame in drawn)
    if request.headers.get("accept", "").startswith("text/plain"):
        text = "\n".join(line.written(tongue) for line in told)
        return Response(text + "\n", media_type="text/plain; charset=utf-8")
    return answered(
        {"id": id, "number": matter.number, "lines": [_line(line) for line in told]}
    )


@router.get("/matters/{id}/frames", **answers(shapes.Film))
async def read_frames(request: Request, id: UUID, at: At = None) -> Response:
    """The file as a film: each line of the story with its places, times, actor and items (电影; X-09).

    In archive's order. Exact bodies are left to `/entries`.
    """
    service, filed, matter = await whole_file_for(request, id)
    tongue = tongue_for(request, service, matter)
    known = filed.until(at)
    drawn = await asyncio.to_thread(service.stories.of, known, matter.pack, tongue)
    matter = matter if at is None else fold(facts_in(known))
    return answered(
        {
            "matter": id,
            "number": matter.number,
            "position": known.entries[-1].position if known.entries else 0,
            "frames": [framed(one, one.shown(matter, tongue)) for one in drawn],
        },
        version=len(filed.entries),
    )


@router.get("/matters/{id}/verification", **answers(shapes.Verification))
async def read_verification(request: Request, id: UUID) -> Response:
    """Every byte of the file recomputed and held against the stores (档案核验)."""
    service, filed, _ = await whole_file_for(request, id)
    found = verify(filed, await service.bodies_of(filed))
    return answered(
        {
            "id": id,
            "verdict": found.verdict,
            "entries": found.entries,
            "compared": found.compared,
            "faults": [
                {
                    "store": f.store,
                    "position": f.position,
                    "code": f.code,
                    "zh": f.zh,
                    "en": f.en,
                }
                for f in found.faults
            ],
            "missing": [{"store": s, "position": p} for s, p in found.missing],
            "report": report(found, english=language_of(request) == "en"),
        }
    )


@router.get("/projects/{id}", **answers(shapes.ProjectHistory))
async def read_project(request: Request, id: UUID, min_position: MinPosition = 0) -> Response:
    """One history of a project over all its matters (项目档案; X-11)."""
    service, principal = await asking(request)
    await reached(service, min_position)
    history = await service.queries.history_of_project(id)
    if not history:
        raise Problem("not_found")
    told = fold((a, e) for _, leaf in history for a, e in [leaf.told()] if e is not None)
    may_read(service, principal, standing_of(told))
    whole = Filed(id, tuple(Entry(leaf) for _, leaf in history))
    sealed = kept_from(principal.id, principal.roles, whole)
    if sealed:
        history = [(place, leaf) for place, leaf in history if not hidden(leaf)]
    tongue = tongue_for(request, service, told)
    lines = [line_of(place, leaf, told, tongue) for place, leaf in history]
    files = await service.queries.files(project=id)
    return answered(
        {
            "id": id,
            "position": history[-1][0],
            "matters": [_row(row, telling=not sealed) for row in files],
            "lines": [_line(line) for line in lines],
        }
    )


@router.get("/waiting", **answers(shapes.WaitingRows))
async def read_waiting(request: Request) -> Response:
    """What was heard and is not filed yet, because its cause is not (待入档)."""
    service, principal = await asking(request)
    if not principal.roles & {"auditor", "service", "admin"}:
        raise Problem("forbidden")
    rows = await service.queries.waiting()
    return answered(
        {
            "waiting": [
                {"store": w.store, "position": w.position, "file": str(w.file)} for w in rows
            ]
        }
    )


ROUTERS = (router, auditing, documents, books, dossiers, promises, protection, timetravel)


def _row(row: FileRow, *, telling: bool) -> dict[str, Any]:
    """A file of the list; how much is in it is not told to whom a rating is sealed from."""
    return row._asdict() | ({} if telling else {"entries": None, "position": None})


def _line(line: Line) -> dict[str, Any]:
    return {
        "position": line.position,
        "store": line.store,
        "type": line.type,
        "day": line.day,
        "entered": line.entered,
        "who": line.who,
        "channel": line.channel,
        "text": line.text,
        "defaults": line.defaults,
    }


def framed(frame: Frame, line: Line) -> dict[str, Any]:
    """A frame as it travels."""
    return _line(line) | {
        "at": frame.at,
        "actor": frame.actor,
        "effective": frame.effective,
        "recorded": frame.recorded,
        "items": frame.items,
        "body": frame.body,
        "due_on": frame.due_on,
    }


def _cursor(matter: str) -> str:
    return urlsafe_b64encode(UUID(matter).bytes).decode()


def _key(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(cursor))
    except ValueError:
        raise Problem("bad_cursor") from None
