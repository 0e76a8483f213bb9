"""What may people ask about who is on the roster (花名册)?"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from contracts.vocabulary import AreaCode, BodyId, Role, Word
from services.assignment.api.answers import people as shapes
from services.assignment.api.reading import (
    Limit,
    Seen,
    bodies_seen,
    may_read,
    roster_now,
    roster_then,
    views_then,
)
from services.assignment.domain.commands import (
    AddStaff,
    AmendStaff,
    HoldTraining,
    RecordAttendance,
    RemoveStaff,
    ViewRoster,
)
from services.assignment.domain.roster import Roster
from services.assignment.domain.training import untrained
from services.assignment.queries.people import Wanted
from services.assignment.service import Assignment
from services.assignment.service.opening import view
from shared.answering import Rows, answers, cursor_text, following, json_answer
from shared.asking import Ask, By, described, takes
from shared.eventstore.identity import derived, origin_of
from shared.http import body_of, idempotency_key, principal_of, underway
from shared.past import At

staff = APIRouter(tags=["roster"])

takes(
    staff,
    Ask("/staff", AddStaff),
    Ask("/staff/amendments", AmendStaff),
    Ask("/staff/removals", RemoveStaff),
    Ask("/trainings", HoldTraining),
    Ask("/trainings/attendance", RecordAttendance),
)


async def by_of(request: Request, path: str) -> By:
    """Who asks by this request; a repetition with the same key is the same request."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    key = idempotency_key(request)
    origin = origin_of(service.name, principal.id, f"POST {path}", key)
    return By(principal, origin, None, service.floor.clock())


@staff.post(
    "/staff/views",
    summary="查阅花名册：查看姓名和电话，留下查阅记录 (HS-72)",
    openapi_extra=dict(described(Ask("/staff/views", ViewRoster))),
    **answers(shapes.Opened),
)
async def open_staff(request: Request) -> Response:
    """The personal columns of some people; that they were opened, by whom and why, is kept."""
    service: Assignment = request.app.state.service
    by = await by_of(request, "/staff/views")
    command = await body_of(request, ViewRoster)
    async with underway(request, by.origin):
        done, people = await view(service, command, derived(by.origin, "stream"), by)
    return json_answer(
        {"people": people, "position": done.position},
        headers={"Cache-Control": "no-store", "Onefile-Position": str(done.position)},
    )


def _wanted(
    body: BodyId | None = None,
    role: Role | None = None,
    skill: Word | None = None,
    language: Word | None = None,
) -> Wanted:
    return Wanted([body] if body else None, role, skill, language)


@staff.get("/staff", **answers(Rows[shapes.Member]))
async def list_staff(
    request: Request,
    area: AreaCode,
    wanted: Annotated[Wanted, Depends(_wanted)],
    after: str = "",
    limit: Limit = 50,
    min_position: Seen = 0,
) -> Response:
    """The roster, by body, without names: those are opened, and that is noted (花名册; YO-78)."""
    body = next(iter(wanted.bodies or ()), None)
    service = await may_read(request, "ReadRoster", area, body=body, seen=min_position)
    if body is None:
        wanted = wanted._replace(bodies=await bodies_seen(request, area))
    rows = await service.queries.staff(area, wanted, cursor_text(after), limit)
    _, roster, facts = await roster_now(service, area)
    for row in rows:
        ahead = roster.absence_ahead(row["person"], facts.day)
        row |= {
            "available": roster.available(row["person"], facts.day),
            "why_not": roster.why_not(row["person"], facts.day),
            "away_from": ahead.begins_on if ahead else None,
        }
    return json_answer({"rows": rows, "after": following(rows, limit, "person")})


@staff.get("/trainings", **answers(shapes.Trainings))
async def list_trainings(request: Request, area: AreaCode, min_position: Seen = 0) -> Response:
    """Trainings, who came, and which invited bodies sent nobody (培训台账; YO-55)."""
    service = await may_read(request, "ReadRoster", area, seen=min_position)
    return json_answer({"trainings": await service.queries.trainings(area)})


@staff.get("/trainings/untrained", **answers(shapes.Untrained))
async def list_untrained(request: Request, area: AreaCode) -> Response:
    """Who has come to no training on a topic, topic by topic (未参训人员; YO-56, YY-33)."""
    service = await may_read(request, "ReadRoster", area)
    _, roster, _ = await roster_now(service, area)
    seen = await bodies_seen(request, area)
    missing = {
        topic: [p for p in people if _within(roster.staff[p].body, seen)]
        for topic, people in untrained(roster).items()
    }
    return json_answer({"topics": missing, "people": len(roster.staff)})


@staff.get("/load", **answers(shapes.Load))
async def load(
    request: Request, area: AreaCode, min_position: Seen = 0, at: At = None
) -> Response:
    """Open items per person, and whose tasks nobody takes (在办量)."""
    service = await may_read(request, "ReadRoster", area, seen=min_position)
    seen = await bodies_seen(request, area)
    async with views_then(service, at, "load") as (then, queries):
        rows, answering = await queries.load(area), await queries.answering(area)
    _, roster, _ = await roster_then(service, area, at)
    return then.told(
        json_answer(
            {
                "load": [row for row in rows if _within(row["body"], seen)],
                "orphaned": _orphaned(answering, roster, then.today),
            }
        )
    )


def _orphaned(answering: Sequence[str], roster: Roster, today: date) -> list[str]:
    """Who answers for matters and is out of every post, with nobody there to take over."""
    gone = (person for person in answering if not roster.available(person, today))
    heirs = {person: roster.heir(person) for person in gone}
    return [p for p, heir in heirs.items() if not (heir and roster.available(heir, today))]


@staff.get("/turnover", **answers(shapes.Turnover))
async def turnover(
    request: Request, area: AreaCode, since: date, until: date, min_position: Seen = 0
) -> Response:
    """How stable each body's team was in a period (人员稳定; YO-52)."""
    service = await may_read(request, "ReadRoster", area, seen=min_position)
    seen = await bodies_seen(request, area)
    rows: list[dict[str, Any]] = await service.queries.turnover(area, since, until)
    return json_answer({"bodies": [row for row in rows if _within(row["body"], seen)]})


def _within(body: str, seen: list[str] | None) -> bool:
    return seen is None or body in seen
