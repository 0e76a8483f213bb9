"""What does the page of a matter show, now or at another instant, and how was a day counted?"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Caller, Refusal, seg
from services.console.entering import Me
from services.console.matter.acts import (
    act_of,
    by_item,
    file_acts,
    lacks_of,
    offer_of,
    offered,
)
from services.console.pages.then import instant_of
from services.console.rendering import render

router = APIRouter()

type Position = Annotated[int | None, Query(ge=1, le=2**53)]


@router.get("/matter/{id}")
async def matter(
    request: Request, me: Me, id: UUID, at: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Everything of a matter on one page; with `at` as it stood at that position of its file, day
    or instant."""
    if at:
        cut = {"at": at} if at.isdecimal() else {"when": instant_of(at).isoformat()}
        state = await me.get("archive", f"/matters/{id}/state", **cut)
        return await render(
            request, "matter/then.html", id=id, at=state["cut"]["known"], state=state,
            when=None if at.isdecimal() else instant_of(at), pinned=True,
        )  # fmt: skip
    asked, running, possible, team, rated, materials, file, contents = await me.together(
        me.get("intake", f"/matters/{id}"),
        me.maybe("supervision", f"/matters/{id}"),
        _possible(me, id),
        me.maybe("assignment", f"/matters/{id}"),
        me.maybe("evaluation", f"/matters/{id}"),
        me.maybe("intake", f"/matters/{id}/materials"),
        me.maybe("archive", f"/matters/{id}"),
        _contents(me, id),
    )
    acts = [act_of("supervision", one) for one in (possible or {}).get("acts", ())]
    states = {code: one["state"] for code, one in ((running or {}).get("items") or {}).items()}
    more = offered(me.session.roles, states, ("supervision", "archive") if possible else ())
    offer = offer_of([*acts, *more, *file_acts(file)])
    return await render(
        request,
        "matter/matter.html",
        id=id,
        asked=asked,
        running=running,
        team=team,
        rated=rated,
        materials=materials,
        file=file,
        contents=contents,
        now=by_item(offer.now),
        not_now=by_item(offer.not_now),
        others=by_item(offer.others),
        lacks=lambda codes: lacks_of(codes, english=me.language == "en"),
        area=asked["area"],
    )


@router.get("/matter/{id}/clock/{item}")
async def ledger(
    request: Request, me: Me, id: UUID, item: str, at: Position = None
) -> Response:
    """The clock ledger of an item: every day, whether it counts, why, and what remains."""
    why = await me.read("supervision", f"/matters/{id}/items/{seg(item)}/why", at=at)
    asked = await me.get("intake", f"/matters/{id}")
    return await render(
        request,
        "matter/ledger.html",
        id=id,
        item=item,
        why=why.body,
        at=at,
        position=why.position,
        number=asked["number"],
        area=asked["area"],
    )


@router.get("/matter/{id}/promises")
async def promises(request: Request, me: Me, id: UUID) -> Response:
    """By which day the place promised each step, and whether it was kept (服务时限)."""
    found = await me.get("archive", f"/matters/{id}/promises")
    asked = await me.get("intake", f"/matters/{id}")
    return await render(
        request, "matter/promises.html", id=id, found=found, number=found["number"],
        area=asked["area"],
    )  # fmt: skip


@router.get("/matter/{id}/people")
async def people(request: Request, me: Me, id: UUID) -> Response:
    """Whom to call at the unit. That this was looked at is on record."""
    found = await me.get("intake", f"/matters/{id}/people")
    return await render(request, "matter/people.html", id=id, people=found)


async def _possible(me: Caller, id: UUID) -> Any:
    return await me.maybe("supervision", f"/matters/{id}/possible")


async def _contents(me: Caller, id: UUID) -> Any:
    """The table of contents; None where the file is not there, or its pack not carried."""
    try:
        return await me.get("archive", f"/matters/{id}/contents")
    except Refusal as refusal:
        if refusal.status in (403, 404, 409, 422):
            return None
        raise
