"""One page for every command of every service: a form, its refusal explained, its conflict shown."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services.console.backend import Caller, Refusal, seg
from services.console.choosing import around
from services.console.entering import Form, Me, Outside, local
from services.console.filing import file_uploads, read_uploads
from services.console.forms import Made, filled
from services.console.pages.papers import passed_on
from services.console.rendering import render, sentences
from services.console.schemas import Operation, operations
from services.console.wording import WORDS
from shared.effects import new_id

router = APIRouter()

SAFE_PREFILL = 60
TURN, TURNS = 0.1, 50
"""Seconds between two looks whether the archive has heard what others did."""
SIGNED: Mapping[str, str] = {
    "FileCommission": "paper", "MoveAgreement": "paper", "GiveUndertaking": "paper",
    "GiveConsent": "proof", "ConfirmForm": "proof", "TellContact": "signed",
    "IssueNotice": "signed", "ReceiveMaterial": "receipt", "SignTransfer": "slip",
    "SignIn": "sheet", "DeliverResult": "receipt", "ReturnOriginals": "receipt",
    "HandOverFile": "list_signed", "PublishStory": "consent",
}  # fmt: skip
"""What somebody signs before us, and the field of the signed paper: it can be signed on the glass."""


@router.get("/do/{service}/{name}")
async def ask(request: Request, me: Me, service: str, name: str) -> Response:
    """The empty form of a command, with what the address says already filled in."""
    operation = await operation_of(request, me, service, name)
    query = request.query_params
    values = {
        key: query.getlist(key) if len(query.getlist(key)) > 1 else value
        for key, value in list(query.items())[:SAFE_PREFILL]
    }
    return await _form(request, me, operation, _expanded(operation, values))


@router.post("/do/{service}/{name}")
async def do(request: Request, me: Me, form: Form, service: str, name: str) -> Response:
    """Send the command; on to the next page, or back to the form with what was wrong."""
    operation = await operation_of(request, me, service, name)
    uploads = await read_uploads(form)
    body = filled(operation.schema, form, uploads.described)
    if more := form.get("_more"):
        rows = frozenset({str(more)})
        return await _form(request, me, operation, body, rows=rows, form=form)
    path = path_of(operation, request)
    version = number_of(form.get("_version"))
    key = key_of(form)
    try:
        answer = await me.post(service, path, body, version=version, key=key)
    except Refusal as refusal:
        if refusal.code == "unauthenticated":
            raise
        return await _form(request, me, operation, body, refusal=refusal, form=form)
    if answer.file is not None:
        return passed_on(answer.file)
    made = answer.body.get("id", "") if isinstance(answer.body, dict) else ""
    request.state.session = request.state.session.saw(
        service, answer.position or (answer.body or {}).get("position")
    )
    refused = await file_uploads(me, request.query_params.get("id", made), uploads, key)
    unkept = {"unkept": str(len(refused))} if refused else {}
    after = local(request.query_params.get("next", "")).replace("%7Bmade%7D", seg(made))
    return RedirectResponse(_with(after.replace("{made}", seg(made)), done=name, **unkept), 303)


async def operation_of(request: Request, me: Caller, service: str, name: str) -> Operation:
    operation = (await operations(me, request.app.state.schemas, service)).get(name)
    if operation is None:
        raise Outside("not_found", 404)
    return operation


async def _form(
    request: Request,
    me: Caller,
    operation: Operation,
    values: Mapping[str, Any],
    *,
    refusal: Refusal | None = None,
    rows: frozenset[str] = frozenset(),
    form: FormData | None = None,
) -> Response:
    """The form as it stands; what was typed is never lost."""
    stream = request.query_params.get("id", "")
    version: int | None = number_of(form.get("_version")) if form else None
    changed: list[Mapping[str, Any]] = []
    if operation.versioned and (version is None or (refusal and refusal.code == "stale")):
        seen, version = version, await version_of(me, operation, request)
        if seen is not None and version is not None:
            changed = await what_others_did(me, operation.service, stream, version - seen)
    of_matter = operation.path.startswith("/matters/{id}") and _is_id(stream)
    matter = await me.maybe("intake", f"/matters/{seg(stream)}") if of_matter else None
    area = str(values.get("area", "") or request.query_params.get("area", ""))
    people = "行为人代号" in str(operation.schema)
    choices = await around(me, request.app.state.names, area, matter, people=people)
    prefilled = {**values}
    if "area" in operation.schema["properties"] and not prefilled.get("area"):
        prefilled["area"] = choices.area
    if form is None and (usual := choices.channel(me.session.roles)):
        prefilled.setdefault("channel", usual)
    wrong = _wrong(refusal)
    made = Made(choices, prefilled, wrong, rows)
    problem = sentences(refusal, me.language) if refusal else None
    key = str(new_id()) if form is None or refusal else key_of(form)
    return await render(
        request, "do.html", status=refusal.status if refusal else 200, operation=operation,
        form=made.form(operation.schema, without=operation.holes), problem=problem,
        version=version, changed=changed, key=key, matter=matter,
        conflict=bool(refusal and refusal.code == "stale"), signs=SIGNED.get(operation.name),
        back=local(request.query_params.get("next", "/")),
    )  # fmt: skip


async def version_of(me: Caller, operation: Operation, request: Request) -> int | None:
    """The version of what the command is about, as its service shows it now."""
    root = "/".join(path_of(operation, request).split("/")[:3])
    try:
        return (await me.read(operation.service, root)).version
    except Refusal as refusal:
        if refusal.status in (403, 404):
            return 0
        raise


async def what_others_did(
    me: Caller, service: str, stream: str, how_many: int
) -> list[Mapping[str, Any]]:
    """The last sentences of the story that this service wrote, newest first.

    Nothing where the archive has not heard them in time: older ones are not what others did.
    """
    if how_many <= 0 or not await _on_file(me, service):
        return []
    story = await me.maybe("archive", f"/matters/{seg(stream)}/story")
    lines = [one for one in (story or {}).get("lines", ()) if one["store"] == service]
    return list(reversed(lines))[:how_many]


async def _on_file(me: Caller, service: str) -> bool:
    """Whether the archive has heard all that the service has said by now."""
    said = (await me.maybe(service, "/log/position") or {}).get("position", 0)
    for _ in range(TURNS):
        standing = await me.maybe("archive", "/log/position") or {}
        if standing.get("heard", {}).get(service, 0) >= said:
            return True
        await asyncio.sleep(TURN)
    return False


def path_of(operation: Operation, request: Request) -> str:
    """The address of the command, its holes filled from the address of the form."""
    path = operation.path
    for hole in operation.holes:
        value = request.query_params.get(hole, "")
        if not value or (hole == "id" and not _is_id(value)):
            raise Outside("not_found", 404)
        path = path.replace(f"{{{hole}}}", seg(value))
    return path


def _expanded(operation: Operation, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the address as the command has them: a list where it takes a list."""
    found: dict[str, Any] = {}
    for name, raw in operation.schema["properties"].items():
        value = values.get(name)
        if value is None:
            continue
        array = any(one.get("type") == "array" for one in (raw, *raw.get("anyOf", ())))
        found[name] = value if not array or isinstance(value, list) else value.split(",")
    return found


def _wrong(refusal: Refusal | None) -> dict[str, str]:
    errors = refusal.problem.get("errors", ()) if refusal else ()
    return {
        ".".join(str(part) for part in one.get("at", ()) if part != "body"): _why(one)
        for one in errors
        if isinstance(one, Mapping)
    }


def _why(error: Mapping[str, Any]) -> str:
    """The code, where we have words for it; else what the service says, in the reader's language."""
    code = str(error.get("code", ""))
    return code if f"error.{code}" in WORDS else str(error.get("message") or code)


def key_of(form: FormData) -> str:
    key = str(form.get("_key", ""))
    return key if re.fullmatch(r"[\x21-\x7e]{8,80}", key) else str(new_id())


def number_of(text: object) -> int | None:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 10 else None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _with(address: str, **more: str) -> str:
    parts = urlsplit(address)
    query = [(k, v) for k, v in parse_qsl(parts.query) if k not in more]
    return parts._replace(query=urlencode([*query, *more.items()])).geturl()
