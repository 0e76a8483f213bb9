"""How did a matter stand then, how does that differ from another time, and who looked at it?"""

from dataclasses import asdict, replace
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from services.archive.api.answering import At, answered, asking, may_read, tongue_for
from services.archive.domain.difference import Difference, Moved, difference, hash_of, state_of
from services.archive.domain.difference_words import as_text as difference_text
from services.archive.domain.discretion import kept_from, without_ratings
from services.archive.domain.matter import Matter
from services.archive.domain.replay import as_text, stood
from services.archive.domain.rights import RIGHTS
from services.archive.domain.state import SEALED
from services.archive.domain.timetravel import (
    Cut,
    History,
    Unclear,
    history_of,
    moment_of,
)
from services.archive.service import SPEAKERS, Archive, standing_of
from services.archive.service.looking import looked
from shared.asking import By, permit
from shared.problems import Problem

timetravel = APIRouter(tags=["time travel"])

NOW = Cut()
type When = Annotated[str | None, Query(max_length=40, description="a day or an instant")]
type CutText = Annotated[
    str | None, Query(max_length=80, description="KNOWN[@EFFECTIVE]: position, time or now")
]


@timetravel.get("/matters/{id}/state")
async def read_state(
    request: Request,
    id: UUID,
    at: At = None,
    when: When = None,
    effective: When = None,
    known: Literal["then", "now"] = "now",
    personal: bool = False,
) -> Response:
    """The matter at a cut: known by position `at` or by the clock at `when`, so by `effective`
    (某一时点的状态; X-09).

    `known=then` with `effective` is what was known at that time of it; `now` what is known today.
    The answer names the position that a time meant. The ETag is the hash of the state. `personal`
    adds what archive itself may show of the entries in the cut, by the rights of today alone:
    what was erased since is gone here too.
    """
    service, history, today = await history_for(request, id)
    cut = _cut(history, at, when, effective, then=known == "then")
    tongue = tongue_for(request, service, today)
    replayed = stood(history, cut)
    state = state_of(replayed)
    tag = f'"{hash_of(state)}"'
    if not personal and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    document = {
        "id": id,
        "cut": _cut_json(cut, replayed.position),
        "hash": tag.strip('"'),
        "state": state,
        "text": as_text(replayed, tongue),
    }
    if personal:
        document["personal"] = await _personal(request, service, history, cut)
    answer = answered(document)
    answer.headers["ETag"] = tag
    return answer


@timetravel.get("/matters/{id}/difference")
async def read_difference(
    request: Request,
    id: UUID,
    first: Annotated[CutText, Query(alias="from")] = None,
    to: CutText = None,
    on: When = None,
) -> Response:
    """What leads from one cut to another, in words and as a patch (两个时点之差; X-09).

    A cut is `KNOWN[@EFFECTIVE]`. `on` instead: what is known now of that time that was not known
    then. `patch` is an RFC 6902 patch of `state` as GET …/state answers it.
    """
    service, history, today = await history_for(request, id)
    cuts = _hindsight(history, on) if on else (_named(history, first), _named(history, to))
    found = difference(history, *cuts, tongue_for(request, service, today))
    text = difference_text(found, tongue_for(request, service, today))
    return answered({"id": id, **_difference(found, history), "text": text})


@timetravel.get("/matters/{id}/looked")
async def read_looked(
    request: Request, id: UUID, limit: Annotated[int, Query(ge=1, le=500)] = 200
) -> Response:
    """Who looked at what belongs to the matter, in every service; the newest first (谁看过; HS-17).

    `silent` names services that did not answer: what is on record there is missing here. That
    this was asked is on record before it is answered.
    """
    service, principal = await asking(request)
    opened = await service.histories.of(id)
    if opened.today.number is None:
        raise Problem("not_found")
    by = By(principal, UUID(int=0), None, service.now())
    permit(RIGHTS, by, "ReadReads", standing_of(opened.today))
    found = await looked(service.queries, service.floor.peers, SPEAKERS, id, limit)
    await service.queries.note_read(id, principal.id, _purpose(request))
    sealed = kept_from(principal.id, principal.roles, opened.history.filed)
    looks = [look._asdict() for look in found.looks if not (sealed and look.service == SEALED)]
    return answered({"id": id, "looks": looks, "silent": found.silent})


async def history_for(request: Request, id: UUID) -> tuple[Archive, History, Matter]:
    """The opened file, for a caller who may read it today; that he did is on record (HS-17)."""
    service, principal = await asking(request)
    opened = await service.histories.of(id)
    if opened.today.number is None:
        raise Problem("not_found")
    may_read(service, principal, standing_of(opened.today))
    await service.queries.note_read(id, principal.id, _purpose(request))
    history = opened.history
    if kept_from(principal.id, principal.roles, history.filed):
        history = history_of(without_ratings(history.filed))
        return service, history, history.told(NOW)
    return service, history, opened.today


def _cut(
    history: History, at: int | None, when: str | None, effective: str | None, *, then: bool
) -> Cut:
    if at is not None and when is not None:
        raise _invalid("when", "give a position or a time, not both")
    try:
        known = at if when is None else history.position_at(moment_of(when))
        cut = Cut(known, moment_of(effective) if effective else None)
    except Unclear:
        raise _invalid("when", "a day or an instant") from None
    if not then:
        return cut
    if cut.effective is None or known is not None:
        raise _invalid("known", "known=then goes with effective alone")
    return replace(cut, known=history.position_at(cut.effective))


def _named(history: History, text: str | None) -> Cut:
    try:
        return history.cut(text or "now")
    except Unclear:
        raise _invalid(
            "from", "KNOWN[@EFFECTIVE], each a position, a day or an instant"
        ) from None


def _hindsight(history: History, on: str) -> tuple[Cut, Cut]:
    try:
        return history.hindsight(moment_of(on))
    except Unclear:
        raise _invalid("on", "a day or an instant") from None


def _invalid(at: str, message: str) -> Problem:
    return Problem("invalid", errors=[{"at": [at], "code": "cut_unclear", "message": message}])


async def _personal(
    request: Request, service: Archive, history: History, cut: Cut
) -> dict[str, Any]:
    """What archive's own events in the cut hold of people, as far as it still exists."""
    _, principal = await asking(request)
    told = await service.told_of(history.matter, principal.id, _purpose(request))
    seen = (point.own_id for point in history.seen(cut))
    fields = {str(event): told[event] for event in seen if event in told}
    plain: dict[str, Any] = orjson.loads(orjson.dumps(fields, default=str))
    return plain


def _difference(found: Difference, history: History) -> dict[str, Any]:
    return {
        "from": _cut_json(found.before, history.position(found.before.known)),
        "to": _cut_json(found.after, history.position(found.after.known)),
        "patch": [change.as_json() for change in found.changes],
        "learned": [asdict(line) for line in found.learned],
        "dropped": [asdict(line) for line in found.dropped],
        "people": [{"actor": actor, "who": who} for actor, who in found.people.items()],
        "deadlines": [_deadline(moved) for moved in found.deadlines],
    }


def _deadline(moved: Moved) -> dict[str, Any]:
    return {
        "item": moved.item,
        "before": moved.before,
        "after": moved.after,
        "days": moved.days,
        "because": asdict(moved.because) if moved.because else None,
        "rules": moved.rules,
    }


def _cut_json(cut: Cut, position: int) -> dict[str, Any]:
    """A cut that means the same tomorrow: `known` is the position that was reached."""
    return {
        "known": position,
        "effective": cut.effective,
        "written": replace(cut, known=position).written(),
    }


def _purpose(request: Request) -> str:
    return f"{request.method} {request.scope['route'].path}"[:200]
