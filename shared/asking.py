"""From an HTTP request to a command, the same way for every command of every service."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Request, Response

from shared.answering import answers
from shared.clock import LEGAL_ZONE
from shared.command import Command as Command
from shared.effects import Clock
from shared.envelope import Heard
from shared.eventstore.identity import derived, origin_of
from shared.eventstore.units import Act
from shared.field_errors import wrong
from shared.handling import Asked, Done
from shared.http import (
    Receipt,
    body_of,
    expected_version,
    idempotency_key,
    principal_of,
    receipt,
    underway,
)
from shared.openapi import inlined
from shared.problems import Problem
from shared.rights import Principal, Rights, Standing, can

LATE = timedelta(days=30)
"""How far back an act may lie without a reason (默认值)."""


@dataclass(frozen=True, slots=True)
class By:
    """Who asks, by which request, on which version: what a command does not say itself."""

    principal: Principal
    origin: UUID
    expected: int | None
    now: datetime


class Service(Protocol):
    """What every service offers its HTTP door."""

    name: str

    async def do(self, command: Any, stream: UUID, by: By) -> Done: ...


def asked(
    command: Command, by: By, *, area: str, opened: date | None = None, **about: Any
) -> Asked:
    """The command's circumstances (X-01). `about` are further members of `Act`.

    Raises `Problem("invalid")` for an effective time in the future, before the matter was
    opened, or long past without a reason.
    """
    happened = command.effective
    today = by.now.astimezone(LEGAL_ZONE).date()
    day = happened.astimezone(LEGAL_ZONE).date() if isinstance(happened, datetime) else happened
    if day is not None:
        if day > today or (isinstance(happened, datetime) and happened > by.now):
            raise _wrong_day("in_the_future")
        if opened is not None and day < opened:
            raise _wrong_day("before_the_matter")
        if today - day > LATE and command.late_reason is None:
            raise _wrong_day("late_reason_required")
    text = (
        by.now.isoformat(timespec="milliseconds") if happened is None else happened.isoformat()
    )
    late = command.late_reason
    act = Act(
        actor=by.principal.id, area=area, effective=text, channel=command.channel, **about
    )
    return Asked(by.origin, act, late_reason=late.reveal() if late else None)


def _wrong_day(code: str) -> Problem:
    return Problem("invalid", errors=[wrong(code, "effective")])


def asked_by_event(hearer: str, event: Heard, now: datetime, **about: Any) -> Asked:
    """The circumstances of what `hearer` does because it heard `event`."""
    speaker = event.about.store
    act = Act(
        actor=f"s:{hearer}",
        area=event.about.area,
        effective=now.isoformat(timespec="milliseconds"),
        matter=event.about.matter,
        project=event.about.project,
        pack=event.about.pack,
    )._replace(**about)
    origin = origin_of(hearer, f"s:{speaker}", "heard", str(event.id))
    return Asked(origin, act, heard=speaker)


def asked_by_agenda(
    service: str, threshold: str, now: datetime, *, area: str, **about: Any
) -> Asked:
    """The circumstances of what falls due: one threshold is crossed once, ever.

    `threshold` names it for good, e.g. `<matter>/urge/S1-05/1`: its id is the origin.
    """
    origin = origin_of(service, f"s:{service}", "agenda", threshold)
    act = Act(
        actor=f"s:{service}",
        area=area,
        effective=now.isoformat(timespec="milliseconds"),
        **about,
    )
    return Asked(origin, act)


def permit(rights: Rights, by: By, action: str, matter: Standing | None) -> None:
    """Raise `Problem` unless the caller may; a stranger is told that there is nothing (404)."""
    decision = can(rights, by.principal, action, matter, by.now)
    if not decision.allowed:
        raise Problem("forbidden" if decision.visible else "not_found")


@dataclass(frozen=True, slots=True)
class Ask:
    """A route that takes a command. `{id}` in the path is the stream; without it, one is made.

    Any other name in the path is a member of the command, which the body need not repeat.
    `versioned`: the caller must say by If-Match which version it saw. `stream` finds the one
    that a creating command names itself, by a number that another system gave.
    """

    path: str
    command: type[Command]
    versioned: bool = True
    stream: Callable[[Any], UUID] | None = None

    @property
    def creates(self) -> bool:
        return "{id}" not in self.path


def takes(router: APIRouter, *asks: Ask) -> None:
    """Add a POST route for each command."""
    for ask in asks:
        endpoint = _creating(ask) if ask.creates else _changing(ask)
        status = 201 if ask.creates else 200
        router.add_api_route(
            ask.path,
            endpoint,
            methods=["POST"],
            **answers(Receipt, status=status),
            summary=(ask.command.__doc__ or ask.command.__name__).split("\n")[0],
            name=ask.command.__name__,
            openapi_extra=dict(described(ask)),
        )


def _creating(ask: Ask) -> Any:
    async def create(request: Request) -> Response:
        return await _do(request, ask, None)

    return create


def _changing(ask: Ask) -> Any:
    async def change(request: Request, id: UUID) -> Response:
        return await _do(request, ask, id)

    return change


async def _do(request: Request, ask: Ask, stream: UUID | None) -> Response:
    """Authenticate, read strictly, hand over; the answer to a repetition is the first one."""
    service: Service = request.app.state.service
    clock: Clock = request.app.state.floor.clock
    principal = await principal_of(request)
    key = idempotency_key(request)
    expected = expected_version(request, required=ask.versioned and stream is not None)
    named = {k: v for k, v in request.path_params.items() if k != "id"}
    command = await body_of(request, ask.command, **named)
    origin = origin_of(service.name, principal.id, f"POST {ask.path}", key)
    target = stream or (ask.stream(command) if ask.stream else derived(origin, "stream"))
    async with underway(request, origin):
        done = await service.do(command, target, By(principal, origin, expected, clock()))
    return receipt(request, target, done, created=ask.creates)


def described(ask: Ask) -> Mapping[str, Any]:
    """The OpenAPI part of a route: the body's schema in place, and the headers."""
    schema = inlined(ask.command.model_json_schema())
    parameters = [_header("Idempotency-Key", "a new one per command", required=True)]
    if not ask.creates:
        parameters.append(_header("If-Match", "the version you saw", required=ask.versioned))
    for name in re.findall(r"{(\w+)}", ask.path.replace("{id}", "")):
        kind = schema["properties"].pop(name)
        schema["required"] = [other for other in schema.get("required", []) if other != name]
        parameters.append({"name": name, "in": "path", "required": True, "schema": kind})
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "parameters": parameters,
    }


def _header(name: str, description: str, *, required: bool) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    }
