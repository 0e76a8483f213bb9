"""What becomes of an act that a phone kept while it had no network?"""

import asyncio
import base64
from collections.abc import Mapping
from typing import Any

import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from services.console.backend import Answer, Caller, Refusal, seg
from services.console.entering import NotSignedIn, Outside, form_of, signed_in
from services.console.filing import Uploads, file_uploads, read_uploads
from services.console.forms import filled
from services.console.naming import word
from services.console.pages.doing import (
    key_of,
    number_of,
    operation_of,
    path_of,
    version_of,
    what_others_did,
)
from services.console.rendering import sentences
from services.console.schemas import Operation
from shared.clock import LEGAL_ZONE

router = APIRouter()

TURN, TURNS = 0.1, 100
"""Seconds between two looks whether the archive has heard what moved a matter; the phone sends
by itself, and nobody waits for it.
"""
TIMES = 3
"""How often an act is said again when only the machine, or its own person, moved meanwhile."""


@router.get("/road/hello")
async def hello(request: Request) -> Response:
    """Who is signed in at this phone, the time here, and the key that opens what it kept.

    The key is this person's alone and the same at every sign-in: what waits is sealed with it,
    so that nobody else who uses the phone can read or send it.
    """
    session = request.state.session
    if not session.person:
        return _json({"person": None}, 401)
    key = key_of_phone(request.app.state.settings.key(), session.person)
    now = request.app.state.legal()
    return _json(
        {
            "person": session.person,
            "csrf": session.csrf,
            "now": int(now.timestamp() * 1000),
            "key": base64.b64encode(key).decode(),
        }
    )


def key_of_phone(secret: bytes, person: str) -> bytes:
    """32 bytes for one person, made from the console's own key."""
    return HKDF(SHA256(), 32, None, f"onefile road {person}".encode()).derive(secret)


@router.post("/road/send/{service}/{name}")
async def send(request: Request, service: str, name: str) -> Response:
    """One kept act, said to its service; the answer is for the list on the phone."""
    try:
        me = await signed_in(request)
        if request.headers.get("x-person") != me.id:
            return _json({"person": me.id}, 401)
        form = await form_of(request)
        operation = await operation_of(request, me, service, name)
        uploads = await read_uploads(form)
        body = filled(operation.schema, form, uploads.described)
        return await _said(request, me, operation, form, body, uploads)
    except NotSignedIn:
        return _json({"person": None}, 401)
    except Outside as error:
        return _problem(request, Refusal("console", error.status, _typed(error.code)))
    except Refusal as refusal:
        if refusal.code == "unauthenticated":
            return _json({"person": None}, 401)
        return _problem(request, refusal)


async def _said(
    request: Request, me: Caller, operation: Operation, form: FormData, body: Mapping[str, Any],
    uploads: Uploads,
) -> Response:  # fmt: skip
    path, key, stream = (
        path_of(operation, request),
        key_of(form),
        request.query_params.get("id", ""),
    )
    version = number_of(form.get("_version")) if operation.versioned else None
    if operation.versioned and version is None:
        version = await version_of(me, operation, request)
    for _ in range(TIMES):
        try:
            answer = await me.post(operation.service, path, body, version=version, key=key)
            break
        except Refusal as refusal:
            if refusal.code != "stale" or version is None:
                raise
            stands = await version_of(me, operation, request) or version
            if not await _only_own(me, operation.service, stream, version, stands):
                changed = await what_others_did(me, operation.service, stream, stands - version)
                return _problem(request, refusal, changed=changed, version=stands)
            version = stands
    else:
        raise Refusal(operation.service, 503, _typed("unavailable"))
    request.state.session = request.state.session.saw(operation.service, answer.position)
    refused = await file_uploads(me, stream, uploads, key)
    return _json(_told(request, answer, refused))


async def _only_own(me: Caller, service: str, stream: str, seen: int, stands: int) -> bool:
    """Whether nobody but this person and the machine moved the matter since it was seen.

    False as well where that cannot be told yet: then a person looks.
    """
    for _ in range(TURNS):
        told = await me.maybe("archive", f"/matters/{seg(stream)}/frames") or {}
        frames = [one for one in told.get("frames", ()) if one["store"] == service]
        if len(frames) >= stands:
            since = sorted(frames, key=lambda one: int(one["at"]))[seen:stands]
            return all(one["actor"] == me.id or one["actor"].startswith("s:") for one in since)
        await asyncio.sleep(TURN)
    return False


def _told(request: Request, answer: Answer, refused: list[Refusal]) -> dict[str, Any]:
    now = request.app.state.legal().astimezone(LEGAL_ZONE)
    return {
        "version": answer.version,
        "position": answer.position,
        "recorded_at": now.strftime("%Y-%m-%d %H:%M"),
        "kept": not refused,
        "why": [sentences(one, request.state.me.language) for one in refused],
    }


def _problem(request: Request, refusal: Refusal, **more: Any) -> Response:
    me: Caller | None = getattr(request.state, "me", None)
    told = dict(sentences(refusal, me.language if me else "zh"))
    if told["reason"]:
        told["reason_word"] = word(told["reason"], me.language if me else "zh", "refusal")
    said = {**_typed(str(told["code"])), **told, **more}
    return _json(said, refusal.status, "application/problem+json")


def _typed(code: str) -> dict[str, str]:
    return {"type": f"urn:onefile:problem:{code}"}


def _json(
    content: Mapping[str, Any], status: int = 200, media: str = "application/json"
) -> Response:
    return Response(
        orjson.dumps(content, default=str), status, {"Cache-Control": "no-store"}, media
    )
