"""The chief agent's desk: load, who is without an agent, reserves, transfers, oldest blockers."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.console.backend import Caller
from services.console.entering import Form, Me
from services.console.listing import Listed, listed
from services.console.pages.rostered import opened, roster_of
from services.console.rendering import render

router = APIRouter()


@router.get("/desk/chief")
async def desk(request: Request, me: Me) -> Response:
    """One truth for load: open items by person, and everything that waits for a decision."""
    area = me.area
    rows = partial(_rows, request, me)
    (
        load,
        queue,
        silent,
        transfers,
        reserves,
        absences,
        vacancies,
        notices,
        unowned,
        who,
    ) = await me.together(
        me.maybe("assignment", "/load", area=area),
        rows("queue", f"/matters/queue/{area}"),
        rows("silent", "/unacknowledged", area=area),
        rows("transfers", "/transfers", area=area, unconfirmed=True),
        me.maybe("assignment", "/reserves", area=area),
        me.maybe("assignment", "/absences", area=area),
        me.maybe("assignment", "/vacancies", area=area),
        rows("notices", "/centre-notices", area=area, unconfirmed=True),
        rows("unowned", "/unowned", area=area),
        roster_of(me, area),
    )
    morning = await me.maybe("supervision", "/morning", area=area) or {}
    return await render(
        request, "chief.html", load=_in(load, "load"), orphaned=_in(load, "orphaned"),
        queue=queue, silent=silent, transfers=transfers, reserves=_in(reserves, "reserves"),
        absences=_in(absences, "absences"), vacancies=_in(vacancies, "vacancies"),
        notices=notices, unowned=unowned, morning=morning, who=who,
        most=max((row["points"] for row in _in(load, "load")), default=1) or 1,
    )  # fmt: skip


@router.post("/desk/chief/names")
async def names(request: Request, me: Me, form: Form) -> Response:
    """Names and telephones of those on the desk whom this person may look up; it is noted."""
    who = await roster_of(me, me.area)
    people = [one for one in dict.fromkeys(map(str, form.getlist("person"))) if one in who]
    everywhere = me.has("office", "admin")
    mine = [one for one in people if everywhere or who[one].body in me.session.bodies]
    found = await opened(me, me.area, mine) if mine else {}
    return await render(request, "names.html", people=people, found=found, who=who)


@router.get("/dispatch/{id}")
async def dispatch(request: Request, me: Me, id: UUID) -> Response:
    """Who could have a matter, ranked, with the parts of the score; and who could not, and why."""
    matter, found, routing, who = await me.together(
        me.get("intake", f"/matters/{id}"),
        me.get("assignment", f"/matters/{id}/candidates"),
        me.maybe("assignment", f"/matters/{id}/routing"),
        roster_of(me, me.area),
    )
    return await render(
        request, "dispatch.html", matter=matter, found=found, routing=routing or {}, who=who
    )


async def _rows(request: Request, me: Caller, name: str, path: str, **wanted: Any) -> Listed:
    return await listed(request, me, name, "assignment", path, **wanted)


def _in(found: Any, name: str) -> list[dict[str, Any]]:
    return list((found or {}).get(name) or ())
