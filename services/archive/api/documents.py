"""What may people ask of the documents on file: upload, list, read, look who read?"""

import re
from typing import Annotated
from urllib.parse import quote, unquote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.archive.api.answering import (
    At,
    Streamed,
    answered,
    asking,
    file_for,
    is_sealed_for,
    tongue_for,
)
from services.archive.api.answers import files as shapes
from services.archive.api.answers import looking as looking_shapes
from services.archive.domain.file import facts_in
from services.archive.domain.fourfold import findings, results
from services.archive.domain.listing import as_json, documents_of, kinds_of
from services.archive.domain.replay import replay
from services.archive.domain.rights import RIGHTS
from services.archive.domain.story import lines
from services.archive.domain.telling import LOG_LINES, fold
from services.archive.service import Archive, standing_of
from services.archive.service.documents import ANYTHING, Upload
from services.archive.service.worklogs import sentences
from shared.answering import answers, either, files
from shared.asking import By, permit
from shared.documents.arriving import declared_digest
from shared.documents.faults import Unfit
from shared.documents.kinds import MEDIA
from shared.documents.store import Absent, commitment, digest_of
from shared.eventstore.identity import derived, origin_of
from shared.http import idempotency_key, underway
from shared.problems import Problem
from shared.rights import can
from shared.uploads import check_media, chunks_of, takes_file

documents = APIRouter(tags=["documents"])
TAKEN = (*MEDIA, ANYTHING)

_NAME = re.compile(r"filename\*\s*=\s*(?i:utf-8)''([^;]+)")
_PLAIN_NAME = re.compile(r'filename\s*=\s*"([^"]*)"')
SAFELY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
"""Bytes that somebody sent us are handed out to be saved, never to be run."""


async def upload(request: Request, id: UUID) -> Response:
    """上传电子文件：边收边算摘要，查类型、查毒，返回上传号 (X-10, AS-88).

    The name is in `Content-Disposition`, the SHA-256 may be in `Content-Digest`. 201: looked at
    and clean; 202: no scanner has looked yet. File it with POST /matters/{id}/documents, or with
    POST /matters/{id}/attachments where one may not file documents.
    """
    service, principal = await asking(request)
    stated = check_media(request, TAKEN)
    filed = await service.queries.filed(id)
    matter = fold(facts_in(filed))
    if matter.number is None:
        raise Problem("not_found")
    key = idempotency_key(request)
    origin = origin_of(service.name, principal.id, f"POST /matters/{id}/uploads", key)
    by = By(principal, origin, None, service.now())
    permit(RIGHTS, by, "AttachPaper", standing_of(matter))
    try:
        declared = declared_digest(request.headers.get("content-digest"))
    except Unfit as fault:
        raise Problem(
            "document_unfit", reason=fault.code, remedy=f"{fault.zh} / {fault.en}"
        ) from None
    async with underway(request, origin):
        done = await service.documents.take_in(
            chunks_of(request, largest=service.documents.largest),
            derived(origin, "upload"),
            id,
            principal.id,
            name=_name_in(request.headers.get("content-disposition", "")),
            stated=stated,
            declared=declared,
        )
    response = answered(_upload(done))
    response.status_code = 201 if done.look == "clean" else 202
    return response


takes_file(
    documents,
    "/matters/{id}/uploads",
    upload,
    media=TAKEN,
    told=either(shapes.Uploaded, 201, 202),
    parameters=[
        {
            "name": name,
            "in": "header",
            "required": required,
            "schema": {"type": "string", "maxLength": 500},
        }
        for name, required in (
            ("Idempotency-Key", True),
            ("Content-Disposition", False),
            ("Content-Digest", False),
        )
    ],
)


@documents.get("/matters/{id}/documents/{document}", **files("application/octet-stream"))
async def read_document(request: Request, id: UUID, document: UUID) -> Response:
    """The bytes of a document, to be saved (下载文件). 503 until a scanner passed it."""
    service, filed, _ = await file_for(request, id)
    file = replay(filed).file
    wanted = file.commitments.get(document)
    if wanted is None:
        raise Problem("not_found")
    kept = await service.documents.find(document)
    if kept is None or kept.look == "infected":
        raise Problem("document_lost")
    if kept.look == "pending" and not service.documents.serves_unscanned:
        raise Problem("document_unscanned")
    await _same_still(service, kept, wanted)
    event = next(d.event for d in documents_of(filed, file) if d.document == document)
    _, principal = await asking(request)
    told = await service.told(id, principal.id, "download", event)
    name = (told.get("scan") or {}).get("name") or f"{document}"
    return Streamed(
        service.documents.bytes_of(wanted),
        media_type=kept.media_type,
        headers={
            **SAFELY,
            "Content-Length": str(kept.size),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        },
    )


async def _same_still(service: Archive, kept: Upload, wanted: str) -> None:
    """Nothing is served whose bytes are not those that were filed."""
    try:
        digest = await digest_of(service.documents.objects, wanted)
    except Absent:
        raise Problem("document_lost") from None
    if commitment(kept.salt, digest) != wanted:
        raise Problem("document_lost")


@documents.get("/matters/{id}/contents", **answers(shapes.Contents))
async def read_contents(request: Request, id: UUID, at: At = None) -> Response:
    """The table of contents: kinds of the list, what each holds, lacks, waived (目录; AS-88)."""
    service, filed, _ = await file_for(request, id)
    replayed = replay(filed, at)
    rules = service.rules_of(replayed.matter)
    if rules is None:
        raise Problem("refused", reason="pack_edition_unknown", details={})
    kinds = kinds_of(filed.until(at), replayed.file, replayed.matter, rules.pack.archive)
    _, principal = await asking(request)
    titles = await service.told_of(id, principal.id, "contents")
    return answered(
        {
            "id": id,
            "number": replayed.matter.number,
            "position": replayed.position,
            "keep_years": rules.pack.archive.keep_years,
            "strength": rules.pack.archive.strength,
            "hand_over_to": rules.pack.archive.hand_over_to,
            "kinds": [as_json(kind, titles) for kind in kinds],
        }
    )


@documents.get("/matters/{id}/worklog", **answers(shapes.Worklog))
async def read_worklog(request: Request, id: UUID, at: At = None) -> Response:
    """The work log as the events write it: who did what for the matter, and when (工作日志; AS-88).

    `said` is what the person wrote himself, for who may read it; `silent` when its service did not
    answer. In a book there are no such words: they can be erased.
    """
    service, filed, matter = await file_for(request, id)
    known, (_, principal) = filed.until(at), await asking(request)
    types = {kind.model_fields["type"].default for kind in LOG_LINES}
    told = lines(known, tongue_for(request, service, matter))
    standing, now = standing_of(matter), service.now()
    may = can(RIGHTS, principal, "ReadSentences", standing, now).allowed
    said = await sentences(service.floor.peers, known, principal.id) if may else {}
    return answered(
        {
            "id": id,
            "number": matter.number,
            "lines": [
                {
                    "position": line.position,
                    "day": line.day,
                    "who": line.who,
                    "text": line.text,
                    "said": (said or {}).get(line.position),
                    "entered": line.entered,
                }
                for line in told
                if line.type in types
            ],
            "silent": said is None,
        }
    )


@documents.get("/matters/{id}/four-properties", **answers(shapes.FourProperties))
async def read_four_properties(request: Request, id: UUID) -> Response:
    """The test of four properties, made now: every hash and every document (四性检测)."""
    service, filed, matter = await file_for(request, id)
    replayed = replay(filed)
    rules = service.rules_of(matter)
    if rules is None:
        raise Problem("refused", reason="pack_edition_unknown", details={})
    sealed = await is_sealed_for(request, id)
    whole = await service.queries.filed(id) if sealed else filed
    lacks = service.lacks_of(replayed, rules)
    checks = await service.test(whole, replay(whole).file, lacks)
    return answered(
        {
            "id": id,
            "position": replayed.position,
            "results": results(checks),
            "findings": findings(checks),
            "checks": [
                {
                    "property": check.property,
                    "code": check.code,
                    "zh": check.zh,
                    "en": check.en,
                    "result": check.result,
                    "about": () if sealed else check.about,
                }
                for check in checks
            ],
        }
    )


@documents.get("/matters/{id}/reads", **answers(looking_shapes.FileReads))
async def read_reads(
    request: Request, id: UUID, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> Response:
    """Who looked at the file, at what, when; the newest first (查阅记录; HS-17)."""
    service, principal = await asking(request)
    filed = await service.queries.filed(id)
    matter = fold(facts_in(filed))
    if matter.number is None:
        raise Problem("not_found")
    by = By(principal, UUID(int=0), None, service.now())
    permit(RIGHTS, by, "ReadReads", standing_of(matter))
    rows = await service.queries.reads(id, limit)
    return answered({"id": id, "reads": [row._asdict() for row in rows]})


def _name_in(disposition: str) -> str:
    if found := _NAME.search(disposition):
        return unquote(found[1], errors="replace")
    found = _PLAIN_NAME.search(disposition)
    return found[1].encode("latin-1", "replace").decode("utf-8", "replace") if found else ""


def _upload(done: Upload) -> dict[str, object]:
    return {
        "upload": str(done.id),
        "sha256": done.sha256,
        "size": done.size,
        "media_type": done.media_type,
        "name": done.name,
        "look": done.look,
    }
