"""Which rows of a list does a reader get, and what is every list asked?"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request

from services.intake.api.reading import Cursor, Limit, Position, cursor_of, service_of
from services.intake.domain.rights import RIGHTS
from services.intake.queries import Page
from shared.http import principal_of
from shared.past import At, Then
from shared.problems import Problem
from shared.rights import Principal

type Area = Annotated[str | None, Query(pattern=r"^[0-9]{6}$")]


@dataclass(frozen=True, slots=True)
class Listing:
    """Of which place, after which row, how many; not before a position, or as of an earlier one."""

    area: Area = None
    after: Cursor = None
    limit: Limit = 50
    min_position: Position = None
    at: At = None


type Rows = Annotated[Listing, Depends()]


async def asked_for(request: Request, action: str, rows: Listing) -> tuple[Principal, Page]:
    """Who reads, and which rows: staff their areas, another service any, a unit its own."""
    who = await principal_of(request)
    reached = service_of(request).floor.views.reached
    if rows.min_position is not None and not await reached(rows.min_position):
        raise Problem("behind")
    area, held = rows.area, relations(who, action)
    if not held:
        raise Problem("forbidden")
    if "any" not in held and "area" in held:
        areas: list[str] | None = [a for a in sorted(who.areas) if area in (None, a)]
    else:
        areas = [area] if area else None
    return who, Page(areas, cursor_of(rows.after), rows.limit)


def then(request: Request, rows: Listing, *views: str) -> AbstractAsyncContextManager[Then]:
    """Where to read the lists of these projections: as they are, or as they were."""
    return service_of(request).floor.past.views(rows.at, *views)


def relations(who: Principal, action: str) -> set[str]:
    """How the posts of `who` may stand to what they do here."""
    return {RIGHTS[action][role] for role in who.roles & RIGHTS[action].keys()}
