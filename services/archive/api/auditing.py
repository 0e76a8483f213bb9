"""How does an auditor draw a sample of files, and look for events over all of them?"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.archive.api.answering import answered, asking, may_read, tongue_for
from services.archive.api.answers import looking as shapes
from services.archive.api.patterns import Name, search
from services.archive.domain.file import Leaf
from services.archive.domain.matter import UNKNOWN
from services.archive.domain.phrasing import Tongue
from services.archive.domain.story import line_of
from services.archive.service import Archive
from shared.answering import answers
from shared.decider import Refused
from shared.problems import Problem
from shared.rights import Standing

auditing = APIRouter(tags=["auditing"])

AUDITORS = frozenset({"auditor", "service", "admin"})
WINDOW = 20_000
"""Entries that one question looks through; the answer says how far it came."""
_POPULATION = """
    SELECT v.matter::text AS matter, v.number, v.area, v.project::text AS project, v.opened,
           v.entries, v.documents, v.complete, v.closed, v.position
    FROM view_files v JOIN events f ON f.stream = v.matter AND f.version = 1 AND f.position <= $3
    WHERE ($1::text IS NULL OR v.area = $1) AND ($2::bool IS NULL OR v.closed = $2)
    ORDER BY v.matter
"""
_AREAS = """
    SELECT area, count(*) FILTER (WHERE NOT closed) AS open,
           count(*) FILTER (WHERE closed) AS closed
    FROM view_files WHERE $1::text[] IS NULL OR area = ANY ($1) GROUP BY area ORDER BY area
"""


@auditing.get("/sample", **answers(shapes.Sample))
async def sample(
    request: Request,
    seed: Annotated[str, Query(min_length=1, max_length=80)],
    size: Annotated[int, Query(ge=1, le=200)] = 20,
    area: Annotated[str | None, Query(max_length=12)] = None,
    closed: bool | None = None,
    position: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Response:
    """Files drawn by a seed (抽样): those with the lowest SHA-256 of `<seed>:<matter id>`.

    `position` fixes which files were begun by then; it and the digest of the list are in the
    answer, so that anybody can draw again. Where files were closed since and `closed` is asked,
    the list is another, and so is its digest.
    """
    service = await _auditor(request)
    at = position or await service.floor.log.position()
    rows = await service.queries.pool.fetch(_POPULATION, area, closed, at)
    listed = [row["matter"] for row in rows]
    lots = {one: lot(seed, one) for one in listed}
    drawn = sorted((dict(row) for row in rows), key=lambda row: lots[row["matter"]])[:size]
    return answered(
        {
            "seed": seed,
            "position": at,
            "population": len(listed),
            "list_sha256": sha256("".join(f"{one}\n" for one in listed).encode()).hexdigest(),
            "drawn": [{**row, "lot": lots[row["matter"]]} for row in drawn],
        }
    )


@auditing.get("/areas", **answers(shapes.AreasFiles))
async def areas(request: Request) -> Response:
    """How many files each area has, open and closed (分地区件数): of the areas one may read."""
    service, principal = await asking(request)
    everywhere = bool(principal.roles & AUDITORS)
    if not everywhere:
        may_read(service, principal, Standing(next(iter(principal.areas), "")))
    rows = await service.queries.pool.fetch(
        _AREAS, None if everywhere else sorted(principal.areas)
    )
    return answered({"areas": [dict(row) for row in rows]})


class Tongues:
    """The caller's language with the names of each place that the events are of."""

    def __init__(self, request: Request, service: Archive) -> None:
        self._request, self._service = request, service
        self._known: dict[tuple[str | None, str | None], Tongue] = {}

    def of(self, area: str | None, pack: str | None) -> Tongue:
        place = (area, pack)
        if place not in self._known:
            packs = self._service.floor.packs
            with suppress(Refused):
                pack = pack or packs.for_area(area or "").edition
            matter = replace(UNKNOWN, area=area, pack=pack)
            self._known[place] = tongue_for(self._request, self._service, matter)
        return self._known[place]


def lot(seed: str, matter: str) -> str:
    """The lot of a file, as `printf '%s:%s' SEED ID | sha256sum` gives it."""
    return sha256(f"{seed}:{matter}".encode()).hexdigest()


@auditing.get("/events", **answers(shapes.Events))
async def events(  # noqa: PLR0913
    request: Request,
    type: Annotated[str | None, Query(pattern=r"^[a-z_.]{1,80}(v[0-9]{1,3})?$")] = None,
    actor: Annotated[str | None, Query(max_length=80)] = None,
    area: Annotated[str | None, Query(max_length=12)] = None,
    channel: Annotated[str | None, Query(max_length=40)] = None,
    since: date | None = None,
    until: date | None = None,
    pattern: Name | None = None,
    before: Annotated[int, Query(ge=1, le=2**53)] = 2**53,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Events over all files, the newest first (事件检索). `type` is a name or how it begins.

    `late`: entered on a later day than it happened; `off_hours`: a person's act at a weekend or
    outside 8 to 18; `friday_evening`: accepted on a Friday after 17; `self_approval`: one hand
    asked and decided; `within_a_minute`: decided that soon after it was asked;
    `outside_commission`: on a day that the commission it rests on does not cover;
    `suspension_without_notice`; `ratings_in_a_row`: within a minute of the one before in the
    area. `beside` is the other entry of a pair. One question looks through so many entries:
    `looked_down_to` says how far, `before` goes on from there. That each file was looked at is on
    record.
    """
    service = await _auditor(request)
    rows = await service.queries.pool.fetch(
        search(pattern), before, WINDOW, limit, _like(type), actor, area, channel, since, until,
        timeout=30,
    )  # fmt: skip
    down_to = rows[0]["down_to"] if rows else None
    found = [row for row in rows if row["place"] is not None]
    await _noted(request, service, {UUID(row["matter"]) for row in found})
    tongues = Tongues(request, service)
    full = len(found) == limit
    following = found[-1]["place"] if full else down_to
    return answered(
        {
            "events": [
                {
                    "matter": row["matter"],
                    **_told(row, tongues),
                    "leafhash": row["leafhash"].hex(),
                    "beside": _beside(row, tongues),
                }
                for row in found
            ],
            "looked_down_to": following,
            "before": following if full or (down_to or 0) > 1 else None,
        }
    )


def _beside(row: Any, tongues: Tongues) -> dict[str, Any] | None:
    """The other entry of a pair, where the pattern has one."""
    if row["b_store"] is None:
        return None
    own = {name: row[f"b_{name}"] for name in ("store", "position", "leafhash", "body")}
    told = _told({**own, "place": 0}, tongues)
    return {name: told[name] for name in ("store", "at", "type", "day", "recorded", "text")}


def _told(row: Any, tongues: Tongues) -> dict[str, Any]:
    leaf = Leaf(row["store"], row["position"], row["leafhash"].hex(), row["body"].encode())
    about, _ = leaf.told()
    line = line_of(row["place"], leaf, None, tongues.of(about.area, about.pack))
    return {
        "position": line.position,
        "store": line.store,
        "at": row["position"],
        "type": line.type,
        "day": line.day,
        "recorded": about.recorded.isoformat(),
        "actor": about.actor,
        "area": about.area,
        "who": line.who,
        "channel": line.channel,
        "text": line.text,
        "entered": line.entered,
    }


def _like(type: str | None) -> str | None:
    return None if type is None else type.replace("_", r"\_") + "%"


async def _auditor(request: Request) -> Archive:
    service, principal = await asking(request)
    if not principal.roles & AUDITORS:
        raise Problem("forbidden")
    return service


async def _noted(request: Request, service: Archive, matters: set[UUID]) -> None:
    _, principal = await asking(request)
    await asyncio.gather(
        *(service.queries.note_read(one, principal.id, "GET /events") for one in matters)
    )
