"""What may people ask of archive?"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from services.archive.domain.commands import (
    CheckFile,
    CloseFile,
    FileDocument,
    HandOverFile,
)
from services.archive.domain.dossier import packed
from services.archive.domain.file import Filed, as_json, facts_in
from services.archive.domain.matter import Matter
from services.archive.domain.phrasing import Tongue
from services.archive.domain.replay import as_document, replay
from services.archive.domain.rights import RIGHTS
from services.archive.domain.story import Line, line_of, names_of, story
from services.archive.domain.telling import fold
from services.archive.domain.verify import report, verify
from services.archive.service import Archive, standing_of
from shared.asking import Ask, By, permit, takes
from shared.http import language_of, principal_of
from shared.problems import Problem
from shared.rights import Principal, Standing

type At = Annotated[int | None, Query(ge=1, description="archive position: as it stood then")]
type MinPosition = Annotated[int, Query(ge=0)]

router = APIRouter(tags=["archive"])
takes(
    router,
    Ask("/matters/{id}/documents", FileDocument, versioned=False),
    Ask("/matters/{id}/check", CheckFile, versioned=False),
    Ask("/matters/{id}/closing", CloseFile, versioned=False),
    Ask("/matters/{id}/handovers", HandOverFile, versioned=False),
)


@router.get("/matters")
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
    service, principal = await _asking(request)
    await _reached(service, min_position)
    everywhere = bool(principal.roles & {"auditor", "service", "admin"})
    if not everywhere:
        _may_read(service, principal, Standing(next(iter(principal.areas), "")))
    rows = await service.queries.files(
        areas=None if everywhere else sorted(principal.areas),
        number=number,
        project=project,
        closed=closed,
        after=_key(after),
        limit=limit,
    )
    following = _cursor(rows[-1].matter) if len(rows) == limit else None
    return _json({"files": [row._asdict() for row in rows], "next": following})


@router.get("/matters/{id}")
async def read_file(request: Request, id: UUID, at: At = None) -> Response:
    """The file of a matter: state, number, entries, documents, checks (一事一档; AS-87)."""
    service, filed, _ = await _file(request, id)
    replayed = replay(filed, at)
    waiting = await service.queries.waiting(id)
    document = {
        "id": id,
        "version": len(filed.entries),
        **as_document(replayed),
        "lacking": service.lacking(replayed),
        "waiting": [{"store": w.store, "position": w.position} for w in waiting],
    }
    return _json(document, version=len(filed.entries))


@router.get("/matters/{id}/entries")
async def read_entries(request: Request, id: UUID, at: At = None) -> Response:
    """The exact bodies of the file, in archive's order, up to a position (档案正文)."""
    _, filed, matter = await _file(request, id)
    known = filed.until(at)
    position = known.entries[-1].position if known.entries else 0
    document = {"number": matter.number, "position": position, "at": at, **as_json(known)}
    return _json(document, version=len(filed.entries))


@router.get("/matters/{id}/story")
async def read_story(request: Request, id: UUID, at: At = None) -> Response:
    """The file as a readable text, one line for each event (档案纪事; X-01).

    In the caller's language; `Accept: text/plain` gives the text itself.
    """
    service, filed, matter = await _file(request, id)
    tongue = _tongue(request, service, matter)
    told = story(filed.until(at), tongue)
    if request.headers.get("accept", "").startswith("text/plain"):
        text = "\n".join(line.written(tongue) for line in told)
        return Response(text + "\n", media_type="text/plain; charset=utf-8")
    return _json({"id": id, "number": matter.number, "lines": [_line(line) for line in told]})


@router.get("/matters/{id}/verification")
async def read_verification(request: Request, id: UUID) -> Response:
    """Every byte of the file recomputed and held against the stores (档案核验)."""
    service, filed, _ = await _file(request, id)
    found = verify(filed, await service.bodies_of(filed))
    return _json(
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


@router.get("/matters/{id}/dossier")
async def read_dossier(request: Request, id: UUID) -> Response:
    """The file as one ZIP that a stranger can verify offline (卷宗; X-13).

    Personal content is not in it: its digests are. 503 while a store has yet to sign all of it.
    """
    service, _, matter = await _file(request, id)
    dossier = await service.dossier(id, matter)
    name = f"{matter.number}.dossier.zip"
    return Response(
        packed(dossier),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/projects/{id}")
async def read_project(request: Request, id: UUID, min_position: MinPosition = 0) -> Response:
    """One history of a project over all its matters (项目档案; X-11)."""
    service, principal = await _asking(request)
    await _reached(service, min_position)
    history = await service.queries.history_of_project(id)
    if not history:
        raise Problem("not_found")
    told = fold((a, e) for _, leaf in history for a, e in [leaf.told()] if e is not None)
    _may_read(service, principal, standing_of(told))
    tongue = _tongue(request, service, told)
    lines = [line_of(place, leaf, told, tongue) for place, leaf in history]
    files = await service.queries.files(project=id)
    return _json(
        {
            "id": id,
            "position": history[-1][0],
            "matters": [row._asdict() for row in files],
            "lines": [_line(line) for line in lines],
        }
    )


@router.get("/waiting")
async def read_waiting(request: Request) -> Response:
    """What was heard and is not filed yet, because its cause is not (待入档)."""
    service, principal = await _asking(request)
    if not principal.roles & {"auditor", "service", "admin"}:
        raise Problem("forbidden")
    rows = await service.queries.waiting()
    return _json(
        {
            "waiting": [
                {"store": w.store, "position": w.position, "file": str(w.file)} for w in rows
            ]
        }
    )


async def _asking(request: Request) -> tuple[Archive, Principal]:
    service: Archive = request.app.state.service
    return service, await principal_of(request)


async def _file(request: Request, id: UUID) -> tuple[Archive, Filed, Matter]:
    """The file and its matter, for a caller who may read it."""
    service, principal = await _asking(request)
    filed = await service.queries.filed(id)
    matter = fold(facts_in(filed))
    if matter.number is None:
        raise Problem("not_found")
    _may_read(service, principal, standing_of(matter))
    return service, filed, matter


def _may_read(service: Archive, principal: Principal, standing: Standing) -> None:
    permit(RIGHTS, By(principal, UUID(int=0), None, service.now()), "Read", standing)


async def _reached(service: Archive, position: int) -> None:
    if position and not await service.reached(position):
        raise Problem("behind")


def _tongue(request: Request, service: Archive, matter: Matter) -> Tongue:
    """The caller's language with the names of the matter's place, if its pack is carried."""
    english = language_of(request) == "en"
    rules = service.rules_of(matter)
    if rules is None:
        return Tongue(english)
    return Tongue(english, names_of(rules.pack, rules.catalogue, english=english))


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


def _json(document: dict[str, Any], version: int | None = None) -> Response:
    headers = {} if version is None else {"ETag": f'"{version}"'}
    return Response(orjson.dumps(document), media_type="application/json", headers=headers)


def _cursor(matter: str) -> str:
    return urlsafe_b64encode(UUID(matter).bytes).decode()


def _key(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(cursor))
    except ValueError:
        raise Problem("bad_cursor") from None
