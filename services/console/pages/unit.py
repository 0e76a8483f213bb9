"""The project unit's one page: done, running, who has the ball, when, and what it owes us."""

from typing import Any, get_args
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from contracts.vocabulary import Power
from services.console.acting import UNIT, address
from services.console.backend import Refusal
from services.console.entering import AnotherPage, Form, Me
from services.console.listing import everything
from services.console.matters import AT_WORK, matters_of
from services.console.pages.rating import said_in
from services.console.rendering import render, sentences, today_of
from shared.effects import new_id

router = APIRouter()

DONE = ("decided", "collected", "delivered", "closed")
CARDS = 4
"""Matters on one page: of each, everything is said; the rest are on the next pages."""
POWERS = get_args(Power.__value__)
BALL = {
    "waiting": "nobody", "ready": "service_side", "submitted": "body_side",
    "received": "body_side", "accepted": "body_side", "correcting": "unit_side",
    "suspended": "third_party",
}  # fmt: skip


@router.get("/desk/unit")
async def desk(request: Request, me: Me, after: str | None = None) -> Response:
    """Every matter of this unit, each on one card, the last one first."""
    found = await matters_of(me, after, CARDS, latest=True)
    cards = await me.together(*(_card(request, me, row) for row in found.rows))
    told = await everything(me, "assignment", "/notices")
    return await render(
        request, "unit.html", cards=cards, after=found.after, ball=BALL,
        told_rows=told[:-11:-1],
    )  # fmt: skip


async def _card(request: Request, me: Any, row: dict[str, Any]) -> dict[str, Any]:
    id = row["id"]
    full, people, materials, gate, invited, offers = await me.together(
        me.maybe("intake", f"/matters/{id}"),
        me.maybe("assignment", f"/matters/{id}/people"),
        me.maybe("intake", f"/matters/{id}/materials"),
        me.maybe("intake", f"/matters/{id}/gate"),
        me.maybe("evaluation", f"/matters/{id}/invitations"),
        me.maybe("intake", f"/matters/{id}/offers"),
    )
    course = row["course"] or {}
    items: dict[str, Any] = course.get("items") or {}
    finished = bool(items) and all(one["state"] == "closed" for one in items.values())
    rules = request.app.state.names.rules(row["area"])
    owed, to_come = lacking(rules, materials or {}, items)
    return {
        "row": row, "full": full or {}, "course": course, "id": id,
        "done": {c: i for c, i in items.items() if i["state"] in DONE},
        "running": {c: i for c, i in items.items() if i["state"] in AT_WORK},
        "to_come": {c: i for c, i in items.items() if i["state"] in ("waiting", "ready")},
        "people": (people or {}).get("people", ()),
        "lacking": owed, "made_here": to_come,
        "to_sign": _to_sign(rules, full or {}, gate or {}),
        "papers": [
            one
            for one in (gate or {}).get("papers", ())
            if not one["there"] and one["needed"] and not finished
        ],
        "invited": (invited or {}).get("invitations", ()),
        "offers": (offers or {}).get("items", ()),
    }  # fmt: skip


type ForItems = dict[str, list[str]]


def lacking(
    rules: Any, materials: dict[str, Any], items: dict[str, Any]
) -> tuple[ForItems, ForItems]:
    """Each paper once, with the items it is for: what the unit owes, and what items here make."""
    papers = rules.catalogue.materials if rules else ()
    source = {one.id: one.source.split("|") for one in papers}
    owed: ForItems = {}
    made_here: ForItems = {}
    for item in materials.get("items", ()):
        if items.get(item["item"], {}).get("state") not in ("waiting", "ready"):
            continue
        for one in item["materials"]:
            makers = [items[code] for code in source.get(one["material"], ()) if code in items]
            comes = any(maker["state"] not in DONE for maker in makers)
            wanted = made_here if comes else owed
            if one["missing"]:
                wanted.setdefault(one["material"], []).append(item["item"])
    return owed, made_here


def _to_sign(rules: Any, full: Any, gate: Any) -> dict[str, dict[str, str]]:
    """Which agreements wait for the unit's hand: by every name of the paper, what is signed."""
    found: dict[str, dict[str, Any]] = {}
    kinds = {one.id: one for one in rules.pack.agreements} if rules else {}
    unit = {role.id for role in rules.pack.roles if role.canonical in UNIT} if rules else set()
    for one in gate.get("to_sign", ()):
        first = next((m.id for m in kinds[one["kind"]].moves if m.kind == "sign"), None)
        told = {"kind": one["kind"], "move": first}
        found |= dict.fromkeys((one["kind"], kinds[one["kind"]].form), told) if first else {}
    for one in full.get("agreements", ()):
        if one["pending"] and unit.intersection(one["awaits"]):
            told = {"kind": one["kind"], "move": one["pending"], "agreement": one["id"]}
            found |= dict.fromkeys(one["papers"], told)
    return found


@router.get("/sign/{id}")
async def sign(request: Request, me: Me, id: UUID) -> Response:
    """The commission, filled in with all that is known; the unit sees what it authorises."""
    matter, served, known = await me.together(
        me.get("intake", f"/matters/{id}"),
        me.maybe("assignment", f"/matters/{id}/people"),
        me.maybe("intake", f"/matters/{id}/people"),
    )
    people = (served or {}).get("people", ())
    lead: dict[str, Any] = next((one for one in people if one["lead"]), {})
    names = (known or {}).get("people", {})
    today = today_of(request).isoformat()
    raise AnotherPage(
        address(
            "intake", "FileCommission", id=id, next="/desk/unit", agent=lead.get("person"),
            agent_name=lead.get("name"), signatory=names.get("lead_name"), powers=POWERS,
            begins_on=today, signed_on=today, signing="seal_and_signature",
            consents=["sub_agency"] if len(people) > 1 else None, items=matter["items"],
        )
    )  # fmt: skip


@router.get("/rate/{id}")
async def rate(request: Request, me: Me, id: UUID) -> Response:
    """The rating of one service: nothing is ticked beforehand, and nobody served sees the name."""
    one = await me.get("evaluation", f"/invitations/{id}")
    return await render(request, "rate.html", one=one, id=id, problem=None, key=str(new_id()))


@router.post("/rate/{id}")
async def rated(request: Request, me: Me, form: Form, id: UUID) -> Response:
    """The answer, with a level for the whole and one for each indicator that was answered."""
    one = await me.get("evaluation", f"/invitations/{id}")
    told = said_in(form, one["indicators"])
    key = str(form.get("_key", "")) or None
    try:
        await me.post("evaluation", f"/invitations/{id}/rating", told, key=key)
    except Refusal as refusal:
        problem = sentences(refusal, me.language)
        return await render(
            request, "rate.html", one=one, id=id, problem=problem, status=refusal.status,
            key=str(new_id()),
        )  # fmt: skip
    return RedirectResponse("/desk/unit?done=RecordRating", 303)
