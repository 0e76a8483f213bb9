"""What may people ask about posts, teams and who is away?"""

from typing import Any

from fastapi import APIRouter, Request, Response

from contracts.pack import Pack
from contracts.vocabulary import AreaCode, Word
from services.assignment.api.answers import people as shapes
from services.assignment.api.reading import (
    Seen,
    bodies_seen,
    may_read,
    roster_now,
    roster_then,
)
from services.assignment.domain.commands import (
    ActivateReserve,
    AppointChief,
    EndAbsence,
    FillPost,
    FormTeam,
    RecordAbsence,
    StandDownReserve,
    VacatePost,
)
from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.places import Filled, Place, vacancies
from services.assignment.domain.roster import Roster
from services.assignment.domain.teams import Team, teams
from shared.answering import answers, json_answer
from shared.asking import Ask, takes
from shared.past import At

posts = APIRouter(tags=["posts and teams"])

takes(
    posts,
    Ask("/posts", FillPost),
    Ask("/posts/vacancies", VacatePost),
    Ask("/teams", FormTeam),
    Ask("/teams/chiefs", AppointChief),
    Ask("/reserves", ActivateReserve),
    Ask("/reserves/ends", StandDownReserve),
    Ask("/absences", RecordAbsence),
    Ask("/absences/ends", EndAbsence),
)


@posts.get("/posts", **answers(shapes.Posts))
async def list_posts(
    request: Request, area: AreaCode, post: Word | None = None, min_position: Seen = 0
) -> Response:
    """Who held which post from when to when (任岗沿革; X-15)."""
    service = await may_read(request, "ReadRoster", area, seen=min_position)
    seen = await bodies_seen(request, area)
    return json_answer({"posts": await service.queries.posts(area, post, seen)})


@posts.get("/directory", **answers(shapes.Directory))
async def directory(request: Request, area: AreaCode) -> Response:
    """Posts and their office telephones, without anybody's name (通讯录; YY-41, HS-65)."""
    service = await may_read(request, "ReadDirectory", area)
    _, roster, facts = await roster_now(service, area)
    held = [p for p in roster.posts.values() if p.duty_phone and p.held_on(facts.day)]
    known = {body.id: body.zh for body in facts.pack.bodies}
    roles: dict[str, str] = {role.canonical: role.zh for role in facts.pack.roles}
    rows = [
        {
            "post": p.post,
            "role": p.role,
            "role_zh": roles.get(p.role),
            "body": p.body,
            "body_zh": known.get(p.body),
            "stage": p.stage,
            "item": p.item,
            "duty_phone": p.duty_phone,
        }
        for p in sorted(held, key=lambda p: (p.body, p.post))
    ]
    return json_answer({"posts": rows})


@posts.get("/vacancies", **answers(shapes.Vacancies))
async def list_vacancies(request: Request, area: AreaCode, at: At = None) -> Response:
    """Which post of the pack nobody fills, and where the pack asks for it (空缺岗位; HS-68, HS-69)."""
    service = await may_read(request, "ReadRoster", area)
    then, roster, facts = await roster_then(service, area, at)
    found = vacancies(roster, facts.pack, facts.catalogue, facts.day)
    return then.told(json_answer({"vacancies": [_place(f, facts.pack) for f in found]}))


@posts.get("/teams", **answers(shapes.Teams))
async def list_teams(request: Request, area: AreaCode) -> Response:
    """Every team of the place, with its places, holders, reserves and gaps (队伍; HS-70, YY-30)."""
    service = await may_read(request, "ReadRoster", area)
    _, roster, facts = await roster_now(service, area)
    seen = await bodies_seen(request, area)
    known = [t for t in teams(roster, facts) if seen is None or t.body in seen]
    return json_answer(
        {
            "model": facts.pack.team.model,
            "pairs_with": facts.pack.team.pairs_with,
            "teams": [_team(team, roster, facts) for team in known],
        }
    )


@posts.get("/reserves", **answers(shapes.Reserves))
async def list_reserves(request: Request, area: AreaCode, at: At = None) -> Response:
    """Which reserves act now or will, for whom, until when (候补启用; AS-12)."""
    service = await may_read(request, "ReadRoster", area)
    then, roster, facts = await roster_then(service, area, at)
    seen = await bodies_seen(request, area)
    rows = [
        {
            "activation": a.id,
            "person": a.person,
            "covers": a.covers,
            "matters": a.matters,
            "begins_on": a.begins_on,
            "ends_on": a.ends_on,
            "acts": a.runs_on(facts.day),
        }
        for a in roster.reserves.values()
        if seen is None or roster.staff[a.person].body in seen
    ]
    return then.told(json_answer({"reserves": rows}))


@posts.get("/absences", **answers(shapes.Absences))
async def list_absences(request: Request, area: AreaCode, at: At = None) -> Response:
    """Who is away or will be, and who takes the tasks meanwhile; not why (缺勤; X-15)."""
    service = await may_read(request, "ReadRoster", area)
    then, roster, facts = await roster_then(service, area, at)
    seen = await bodies_seen(request, area)
    rows = [
        {
            "absence": a.id,
            "person": a.person,
            "begins_on": a.begins_on,
            "ends_on": a.ends_on,
            "substitute": a.substitute,
            "away": a.covers(facts.day),
            "tomorrow": 0 < (a.begins_on - facts.day).days <= 1,
        }
        for a in sorted(roster.absences.values(), key=lambda a: (a.begins_on, a.person))
        if seen is None or roster.staff[a.person].body in seen
    ]
    return then.told(json_answer({"absences": rows}))


def _team(team: Team, roster: Roster, facts: RosterFacts) -> dict[str, Any]:
    formed = roster.teams.get(team.id)
    return {
        "id": team.id,
        "zh": team.zh,
        "kind": team.kind,
        "body": team.body,
        "complete": team.complete,
        "formed_on": formed.formed_on if formed else None,
        "chief": next(iter(team.chief.persons), None) if team.chief else None,
        "places": [_place(found, facts.pack) for found in team.places],
        "members": [_member(person, roster, facts) for person in team.members],
        "reserves": [_member(person, roster, facts) for person in team.reserves],
    }


def _member(person: str, roster: Roster, facts: RosterFacts) -> dict[str, Any]:
    member = roster.staff[person]
    return {
        "person": person,
        "body": member.body,
        "home_body": member.home_body,
        "roles": sorted(member.roles),
        "why_not": roster.why_not(person, facts.day),
    }


def _place(found: Filled, pack: Pack) -> dict[str, Any]:
    place = found.place
    source = _source(place, pack)
    return {
        "post": place.post,
        "slot": place.slot,
        "zh": place.zh,
        "role": place.role,
        "body": place.body,
        "stage": place.stage,
        "item": place.item,
        "bodies": place.bodies,
        "min": place.min,
        "max": place.max,
        "persons": found.persons,
        "missing": found.missing,
        "rule": place.rule,
        "source": source,
        "default": source is None,
    }


def _source(place: Place, pack: Pack) -> str | None:
    """The words of the pack's source that ask for the place; None for a default of ours."""
    for leaf in (f"{place.rule}.min", f"{place.rule}.zh", place.rule):
        try:
            return pack.leaf_source(leaf)
        except LookupError:
            continue
    return None
