"""What may our own office ask: who receives what, how each stands, what a filter would let through."""

from collections import Counter
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.feeds.api.agency import feeds_of, hook_of, told
from services.feeds.api.answers import (
    AgenciesTold,
    FeedTold,
    ParkedTold,
    Replayed,
    Resumed,
    Tried,
)
from services.feeds.domain.agencies import Agency, Given
from services.feeds.domain.filtering import admits
from services.feeds.queries import parked, since
from services.feeds.service import Feeds
from services.feeds.service.credentials import Caller
from services.feeds.service.webhooks import Hook
from shared.field_errors import plainly
from shared.http import body_of, principal_of
from shared.problems import Problem

READERS = frozenset({"auditor", "admin"})
PAGE, MOST = 5_000, 1_000_000
EXAMPLES = 20

router = APIRouter(prefix="/agencies", tags=["office"])

type AgencyId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9]{1,19}$")]


class Candidate(BaseModel):
    """A filter that is to be tried on what has happened (订阅范围试算)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    areas: Annotated[tuple[Annotated[str, Field(max_length=6)], ...], Field(min_length=1)]
    events: Annotated[tuple[Given, ...], Field(min_length=1)]
    about_without: tuple[str, ...] = ()
    days: Annotated[int, Field(ge=1, le=366)] = 7


async def _reader(request: Request, agency: str | None = None) -> Feeds:
    """For our office, and for an agency's own contacts (`agency`: of this one); raises `Problem`."""
    principal, feeds = await principal_of(request), feeds_of(request)
    if not principal.roles & READERS:
        if feeds.agreements.fault:
            raise Problem("register_unreadable")
        if not any(agency in (None, one.id) for one in _of_contact(feeds, principal.id)):
            raise Problem("forbidden")
    return feeds


def _of_contact(feeds: Feeds, person: str) -> list[Agency]:
    return [one for one in feeds.agreements.all if person in one.contacts]


async def _hook(request: Request, agency: str) -> Hook:
    """The webhook, for those who may set it going again; raises `Problem`."""
    feeds = await _reader(request, agency)
    caller = Caller(feeds.agreements.agency(agency), "")
    principal = await principal_of(request)
    if "admin" not in principal.roles and principal.id not in caller.agency.contacts:
        raise Problem("forbidden")
    return hook_of(feeds, caller)


@router.get("", summary="订阅机构 Who receives what, and how each stands",
            response_model=AgenciesTold)  # fmt: skip
async def agencies(request: Request) -> dict[str, Any]:
    feeds, principal = await _reader(request), await principal_of(request)
    fault, every = feeds.agreements.fault, feeds.agreements.all
    if not principal.roles & READERS:
        every = tuple(_of_contact(feeds, principal.id))
    return {
        "readable": fault is None,
        "faults": str(fault).split("\n") if fault else [],
        "agencies": [await told(feeds, Caller(a, "")) for a in every],
    }


@router.get("/{agency}", summary="一个订阅机构 One agency", response_model=FeedTold)
async def agency(request: Request, agency: AgencyId) -> dict[str, Any]:
    feeds = await _reader(request, agency)
    return await told(feeds, Caller(feeds.agreements.agency(agency), ""))


@router.get("/{agency}/parked", summary="搁置的消息 What its webhook did not take",
            response_model=list[ParkedTold])  # fmt: skip
async def parked_messages(
    request: Request,
    agency: AgencyId,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[dict[str, Any]]:
    feeds = await _reader(request, agency)
    return await parked(feeds.pool, feeds.agreements.agency(agency).feed, after, limit)


@router.post(
    "/{agency}/parked/{position}/replay", summary="重发 Post what is parked of one matter",
    response_model=Replayed,
)  # fmt: skip
async def replay(
    request: Request, agency: AgencyId, position: Annotated[int, Path(ge=1)]
) -> dict[str, int]:
    return {"taken": await (await _hook(request, agency)).replay(position)}


@router.post(
    "/{agency}/resume", summary="恢复 Post again after a 410 or a pause", response_model=Resumed
)
async def resume(request: Request, agency: AgencyId) -> dict[str, bool]:
    await (await _hook(request, agency)).resume()
    return {"resumed": True}


@router.post("/test", summary="试算 What a filter would have let through", response_model=Tried,
             openapi_extra={"requestBody": {"required": True, "content": {
                 "application/json": {"schema": Candidate.model_json_schema()}}}})  # fmt: skip
async def test(request: Request) -> dict[str, Any]:
    """Counts per type and area of what would have matched and what would not, with examples.

    Nothing is given to anybody. `complete` is false when there was more than we looked at.
    """
    if not (await principal_of(request)).roles & READERS:
        raise Problem("forbidden")  # its counts tell of areas that are nobody's agreement
    feeds = feeds_of(request)
    asked = await body_of(request, Candidate)
    tried = _as_agency(asked)
    began = feeds.clock() - timedelta(days=asked.days)
    given: Counter[str] = Counter()
    withheld: Counter[str] = Counter()
    areas: Counter[str] = Counter()
    examples: list[dict[str, Any]] = []
    arrival, looked, more = 0, 0, True
    while more and looked < MOST:
        rows = await since(feeds.pool, arrival, began, PAGE)
        more = len(rows) == PAGE
        for row in rows:
            arrival, looked = row["arrival"], looked + 1
            if not admits(tried, row["type"], row["area"]):
                withheld[row["type"]] += 1
                continue
            given[row["type"]] += 1
            areas[row["area"]] += 1
            if len(examples) < EXAMPLES:
                examples.append(
                    {name: row[name] for name in ("store", "position", "type", "area")}
                )
    return {
        "days": asked.days, "looked_at": looked, "complete": not more,
        "given": dict(given.most_common()), "given_areas": dict(areas.most_common()),
        "withheld": dict(withheld.most_common()), "examples": examples,
    }  # fmt: skip


def _as_agency(asked: Candidate) -> Agency:
    """The candidate under the same rules as the register; raises `Problem`."""
    try:
        return Agency.model_validate(
            {
                "id": "candidate", "zh": "试算", "en": "candidate", "purpose": "-",
                "legal_basis": "-", "until": "2999-12-31", "areas": asked.areas,
                "events": [given.model_dump() for given in asked.events],
                "about_without": asked.about_without,
            },
            strict=False,
        )  # fmt: skip
    except ValidationError as error:
        found = [{**one, "type": one["type"].split(":")[0]} for one in error.errors()]
        raise Problem("invalid", errors=plainly(found)) from None
