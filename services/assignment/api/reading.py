"""Who may read, how much of it, and from which position on?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.rights import RIGHTS
from services.assignment.domain.roster import Roster
from services.assignment.queries import Queries
from services.assignment.service import ROSTER, Assignment, roster_of
from services.assignment.service.staffing import facts_of
from shared.asking import By, permit
from shared.http import principal_of
from shared.past import Then
from shared.problems import Problem
from shared.rights import Standing, can

type Limit = Annotated[int, Query(ge=1, le=200)]
type Seen = Annotated[int, Query(ge=0)]


async def may_read(
    request: Request,
    action: str,
    area: str,
    *,
    body: str | None = None,
    own: str | None = None,
    seen: int = 0,
) -> Assignment:
    """The service, once the caller may read and the views have reached what he has seen."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    mine = frozenset({own}) if own else frozenset()
    bodies = frozenset({body}) if body else principal.bodies
    where = Standing(area, agents=mine, bodies=bodies)
    permit(RIGHTS, By(principal, UUID(int=0), None, service.floor.clock()), action, where)
    if seen and not await service.floor.views.reached(seen):
        raise Problem("behind")
    return service


async def bodies_seen(request: Request, area: str) -> list[str] | None:
    """The bodies whose people the caller may see; None for those of the whole place (YO-78)."""
    principal = await principal_of(request)
    now = request.app.state.service.floor.clock()
    whole = can(RIGHTS, principal, "ReadRoster", Standing(area), now).allowed
    return None if whole else sorted(principal.bodies)


async def roster_now(service: Assignment, area: str) -> tuple[int, Roster, RosterFacts]:
    """The roster as it stands, its version, and the rules it stands under."""
    rules = service.floor.packs.for_area(area)
    version, roster = await service.floor.handling.state_of(ROSTER, roster_of(area))
    return version, roster, facts_of(rules, service.floor.clock(), UUID(int=0))


async def roster_then(
    service: Assignment, area: str, at: str | None
) -> tuple[Then, Roster, RosterFacts]:
    """The roster as of `at`, under the rules of today; the day is that of then."""
    then, rules = await service.floor.past.then(at), service.floor.packs.for_area(area)
    stream, upto = roster_of(area), then.position
    _, roster = await service.floor.handling.state_of(ROSTER, stream, upto=upto)
    facts = facts_of(rules, service.floor.clock(), UUID(int=0))
    return then, roster, replace(facts, today=then.today)


@asynccontextmanager
async def views_then(
    service: Assignment, at: str | None, *views: str
) -> AsyncIterator[tuple[Then, Queries]]:
    """The queries over the views as of `at`; as they are now when it is None."""
    async with service.floor.past.views(at, *views) as then:
        yield then, Queries(then.over)
