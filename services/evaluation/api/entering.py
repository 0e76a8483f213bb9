"""Who may read what of an area, and how much has he seen?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from services.evaluation.domain.rights import RIGHTS
from services.evaluation.queries import Queries
from services.evaluation.service import Evaluation
from shared.asking import By, permit
from shared.http import principal_of
from shared.past import Then
from shared.problems import Problem
from shared.rights import Standing

type Limit = Annotated[int, Query(ge=1, le=200)]
type Seen = Annotated[int, Query(ge=0)]

JUDGES = frozenset({"office", "supervisor", "evaluation_office", "auditor", "admin", "service"})
"""Who sees the levels of one matter. None of them may be one of the rated (X-05)."""
RATED = ("ratings", "remedies", "prompts")
"""The views of lists that wait for an office. Bad ratings look at whom they were of: the copies of
both always stand at the same place."""


async def may(
    request: Request,
    action: str,
    area: str,
    *,
    agent: str | None = None,
    body: str | None = None,
    seen: int = 0,
) -> Evaluation:
    """The service, once the caller may read and the views have reached what he has seen."""
    service: Evaluation = request.app.state.service
    principal = await principal_of(request)
    agents, bodies = frozenset({agent} - {None}), frozenset({body} - {None})
    where = Standing(area, agents=agents, bodies=bodies)  # type: ignore[arg-type]
    permit(RIGHTS, By(principal, UUID(int=0), None, service.floor.clock()), action, where)
    if seen and not await service.floor.views.reached(seen):
        raise Problem("behind")
    return service


@asynccontextmanager
async def views_then(
    service: Evaluation, at: str | None, *views: str
) -> AsyncIterator[tuple[Then, Queries]]:
    """The queries over the views as of `at`; as they are now when it is None."""
    async with service.floor.past.views(at, *views) as then:
        yield then, Queries(then.over)
