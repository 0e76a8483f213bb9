"""How did a matter stand then, how does that differ from another time, and who looked at it?"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from services.archive.api.answering import At, answered, asking, may_read, tongue_for
from services.archive.api.answers import looking as shapes
from services.archive.domain.beginning import today_after
from services.archive.domain.difference import Difference, Moved, difference, hash_of, state_of
from services.archive.domain.difference_words import as_text as difference_text
from services.archive.domain.discretion import kept_from, without_ratings
from services.archive.domain.file import LEGAL_ZONE, Filed
from services.archive.domain.matter import Matter
from services.archive.domain.phrasing import Tongue
from services.archive.domain.replay import Replayed, as_text, stood
from services.archive.domain.rights import RIGHTS
from services.archive.domain.state import SEALED
from services.archive.domain.timetravel import (
    Cut,
    History,
    Moment,
    Unclear,
    history_of,
    moment_of,
)
from services.archive.service import SPEAKERS, Archive, standing_of
from services.archive.service.looking import looked
from shared.answering import answers
from shared.asking import By, permit
from shared.field_errors import wrong
from shared.problems import Problem

timetravel = APIRouter(tags=["time travel"])

NOW = Cut()
type When = Annotated[str | None, Query(max_length=40, description="a day or an instant")]
type CutText = Annotated[
    str | None, Query(max_length=80, description="KNOWN[@EFFECTIVE]: position, time or now")
]


class Asked(NamedTuple):
    """The cut that the parameters of a question name."""

    at: int | None
    when: str | None
    effective: str | None
    then: bool

    def moments(self) -> tuple[Moment | None, Moment | None]:
        """`when` and `effective`; raises `Problem` where the parameters do not fit together."""
        if self.at is not None and self.when is not None:
            raise _invalid(
                "when", "位置和时间只能给一个", "give a position or a time, not both"
            )
        try:
            when = None if self.when is None else moment_of(self.when)
            effective = moment_of(self.effective) if self.effective else None
        except Unclear:
            raise _invalid("when", *_A_TIME) from None
        if self.then and (effective is None or (self.at, self.when) != (None, None)):
            raise _invalid(
                "known",
                "known=then 只能与 effective 同用",
                "known=then goes with effective alone",
            )
        return (effective if self.then else when), effective


@timetravel.get("/matters/{id}/state", **answers(shapes.StateAt))
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
    what was erased since is gone here too. `as_of_now` says that nothing later is known: a time
    that is still to come is answered so, and a position that is still to come with 404.
    """
    service, _ = await asking(request)
    if at is not None and at > (await service.queries.own_size())[0]:
        raise Problem(
            "not_found", remedy="档案尚未到此位置 / archive has not reached that position"
        )
    asked_for = Asked(at, when, effective, then=known == "then")
    near = None if personal else await _near(request, id, asked_for)
    if near is not None:
        return _state(request, id, near)
    service, history, today = await history_for(request, id)
    cut = _cut(history, asked_for)
    answer = _Answer(
        stood(history, cut), cut, history.position(None), tongue_for(request, service, today)
    )
    more = {"personal": await _personal(request, service, history, cut)} if personal else {}
    return _state(request, id, answer, more)


class _Answer(NamedTuple):
    """How a matter stood at a cut, and the last position of its file."""

    replayed: Replayed
    cut: Cut
    last: int
    tongue: Tongue

    def is_now(self, now: datetime) -> bool:
        """Whether nothing that happened, and nothing that is known, lies after the cut."""
        match self.cut.effective:
            case datetime() as by:
                happened = by >= now
            case date() as day:
                happened = day >= now.astimezone(LEGAL_ZONE).date()
            case _:
                happened = True
        return happened and self.replayed.position == self.last


def _state(
    request: Request,
    id: UUID,
    found: _Answer,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    state = state_of(found.replayed)
    tag = f'"{hash_of(state)}"'
    if not more and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    document = {
        "id": id,
        "cut": _cut_json(found.cut, found.replayed.position),
        "as_of_now": found.is_now(request.app.state.service.now()),
        "hash": tag.strip('"'),
        "state": state,
        "text": as_text(found.replayed, found.tongue),
        **more,
    }
    answer = answered(document)
    answer.headers["ETag"] = tag
    return answer


async def _near(request: Request, id: UUID, asked_for: Asked) -> _Answer | None:
    """The state of a long file that nobody opened since the start, from its kept beginnings.

    None where the whole file must be read: it is short, or open already, or something of it is
    kept from the caller. Rights and the record of reading are the same.
    """
    service, principal = await asking(request)
    if service.histories.knows(id):
        return None
    now = await service.beginnings.before(id, NOW)
    if now is None:
        return None
    today = today_after(now.beginning, now.rest)
    may_read(service, principal, standing_of(today))
    rest = Filed(id, tuple(point.entry for point in now.rest))
    if kept_from(principal.id, principal.roles, rest) or principal.id in now.beginning.rated:
        return None
    cut = await _near_cut(service, id, asked_for)
    replayed = await service.beginnings.stood(id, cut, now)
    if replayed is None:
        return None
    await service.queries.note_read(id, principal.id, _purpose(request))
    last = max((point.position for point in now.rest), default=now.beginning.position)
    return _Answer(replayed, cut, last, tongue_for(request, service, today))


@timetravel.get("/matters/{id}/difference", **answers(shapes.Difference))
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


@timetravel.get("/matters/{id}/looked", **answers(shapes.Looked))
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


def _cut(history: History, asked_for: Asked) -> Cut:
    when, effective = asked_for.moments()
    return Cut(asked_for.at if when is None else history.position_at(when), effective)


async def _near_cut(service: Archive, id: UUID, asked_for: Asked) -> Cut:
    when, effective = asked_for.moments()
    known = asked_for.at if when is None else await service.beginnings.position_at(id, when)
    return Cut(known, effective)


def _named(history: History, text: str | None) -> Cut:
    try:
        return history.cut(text or "now")
    except Unclear:
        raise _invalid(
            "from",
            "格式为 KNOWN[@EFFECTIVE]，各为位置、日期或时间",
            "KNOWN[@EFFECTIVE], each a position, a day or an instant",
        ) from None


def _hindsight(history: History, on: str) -> tuple[Cut, Cut]:
    try:
        return history.hindsight(moment_of(on))
    except Unclear:
        raise _invalid("on", *_A_TIME) from None


_A_TIME = ("应为日期或时间", "a day or an instant")


def _invalid(at: str, zh: str, en: str) -> Problem:
    return Problem("invalid", errors=[wrong("cut_unclear", at, message=(zh, en))])


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
