"""A desk as of another instant: every matter as archive knew it then, and every list as it was."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from services.console.backend import Caller, Refusal
from services.console.entering import Me, Outside
from services.console.matters import AT_ONCE, AT_WORK, FINISHED, weight
from services.console.pages.past import lists_then
from services.console.pages.unit import lacking
from services.console.rendering import render
from shared.clock import LEGAL_ZONE

router = APIRouter()

OF_AREA = ("clerk", "supervisor", "chief", "department")

type At = Annotated[str, Query(max_length=40)]
type Desk = Annotated[str, Path(pattern=r"^(clerk|agent|unit|supervisor|chief|department)$")]


@router.get("/then/desk/{desk}")
async def then(
    request: Request, me: Me, desk: Desk, at: At,
    after: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:  # fmt: skip
    """The matters of a desk, each as it stood at an instant; what a promise was worth that day."""
    when = instant_of(at)
    rows, goes_on = await _matters(me, desk, after)
    states = await asyncio.gather(*(_state(me, one, when) for one in rows))
    begun = [(row, state) for row, state in zip(rows, states, strict=True) if _begun(state)]
    on = when.astimezone(LEGAL_ZONE).date()
    (lists, numbers), courses, asked = await me.together(
        lists_then(request, me, desk, when),
        courses_then(me, desk, begun, when),
        asked_then(me, desk, begun, when),
    )
    items = sorted(
        (one for row, state in begun for one in _items(row, state, on)),
        key=lambda one: (one["weight"], one["item"]["due_on"] or "9999", one["code"]),
    )
    return await render(
        request, "then.html", desk=desk, at=at, when=when, on=on, begun=begun, items=items,
        later=sum(state is not None and not _begun(state) for state in states),
        closed_to_me=sum(state is None for state in states),
        counts=Counter(one["item"]["state"] for one in items).most_common(),
        open_things=[_open_things(row, state, items) for row, state in begun],
        load=_load(begun, items) if desk == "supervisor" else (),
        after=goes_on, pinned=True, lists=lists, numbers=numbers, courses=courses, asked=asked,
        ready=_ready(begun, courses), waits=any(one.waits for one in lists),
        papers=await papers_then(request, me, desk, begun, courses, when),
    )  # fmt: skip


def instant_of(text: str) -> datetime:
    """A day (its end) or an instant, of the legal zone where it names none; raises `Outside`."""
    lost_plus = text.strip().replace(" ", "+") if "T" in text else text.strip()
    try:
        if len(lost_plus) == len("2026-11-21"):
            day = date.fromisoformat(lost_plus)
            return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LEGAL_ZONE)
        found = datetime.fromisoformat(lost_plus)
    except ValueError:
        raise Outside("bad_parameter", 400) from None
    return found if found.tzinfo else found.replace(tzinfo=LEGAL_ZONE)


async def courses_then(
    me: Caller, desk: str, begun: Sequence[tuple[dict[str, Any], Any]], when: datetime
) -> dict[str, Any]:
    """By matter, its course as supervision knew it then; on the desks that show visits and tasks."""
    asked = [row["id"] for row, _ in begun]
    if desk not in ("agent", "unit") or not asked:
        return {}
    found = await me.maybe("supervision", "/several-matters", id=asked, at=when.isoformat())
    return {one["id"]: one for one in (found or {}).get("items", ())}


async def asked_then(
    me: Caller, desk: str, begun: Sequence[tuple[dict[str, Any], Any]], when: datetime
) -> list[tuple[dict[str, Any], list[Any], list[Any]]]:
    """What the unit of each matter was asked: papers to sign or to file, and ratings to give."""
    if desk != "unit":
        return []
    at, rows = when.isoformat(), [(row, state) for row, state in begun if not _done(state)]
    gates, links = await me.together(
        me.together(
            *(me.maybe("intake", f"/matters/{row['id']}/gate", at=at) for row, _ in rows)
        ),
        me.together(
            *(
                me.maybe("evaluation", f"/matters/{row['id']}/open-invitations", at=at)
                for row, _ in begun
            )
        ),
    )
    papers = {
        row["id"]: (gate or {}).get("papers", ())
        for (row, _), gate in zip(rows, gates, strict=True)
    }
    return [
        (
            row,
            [one for one in papers.get(row["id"], ()) if one["needed"] and not one["there"]],
            list((link or {}).get("invitations", ())),
        )
        for (row, _), link in zip(begun, links, strict=True)
    ]


async def papers_then(
    request: Request, me: Caller, desk: str, begun: Sequence[tuple[dict[str, Any], Any]],
    courses: Mapping[str, Any], when: datetime,
) -> list[tuple[dict[str, Any], str, list[str]]]:  # fmt: skip
    """Each paper that the unit had not handed in then, with the items it is for."""
    if desk not in ("agent", "unit"):
        return []
    at = when.isoformat()
    rows = [row for row, _ in begun]
    found = await me.together(
        *(me.maybe("intake", f"/matters/{row['id']}/materials", at=at) for row in rows)
    )
    owed = []
    for row, materials in zip(rows, found, strict=True):
        rules = request.app.state.names.rules(row["area"])
        items = courses.get(row["id"], {}).get("items") or {}
        owed += [(row, *one) for one in lacking(rules, materials or {}, items)[0].items()]
    return owed


async def _matters(
    me: Caller, desk: str, after: str | None
) -> tuple[Sequence[dict[str, Any]], str | None]:
    area = me.area if desk in OF_AREA else ""
    page = await me.get("intake", "/matters", limit=AT_ONCE, after=after, area=area)
    return page["items"], page.get("after")


async def _state(me: Caller, row: Mapping[str, Any], when: datetime) -> Any:
    """The state in archive at the instant; None where archive does not show it to this person."""
    path = f"/matters/{row['id']}/state"
    try:
        found = await me.maybe("archive", path, when=when.isoformat())
    except Refusal as refusal:
        if refusal.code == "invalid":
            raise Outside("bad_parameter", 400) from refusal
        raise
    return found and {**found["state"], "known": found["cut"]["known"]}


def _done(state: Any) -> bool:
    """Whether every item was struck off: nothing is to be signed any more."""
    return bool(state["items"]) and all(item["closed"] for item in state["items"].values())


def _ready(
    begun: Sequence[tuple[dict[str, Any], Any]], courses: Mapping[str, Any]
) -> list[tuple[dict[str, Any], list[str]]]:
    """The matters of which something could go out then, and what."""
    of_matter = (
        (row, (courses.get(row["id"], {}).get("items") or {}).items()) for row, _ in begun
    )
    found = [
        (row, [c for c, item in items if item["state"] == "ready"]) for row, items in of_matter
    ]
    return [(row, codes) for row, codes in found if codes]


def _begun(state: Any) -> bool:
    return state is not None and state["number"] is not None


def _open_things(
    row: Mapping[str, Any], state: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> dict[str, int]:
    """What of a matter waited for somebody then, each kind with how many of it."""
    rated = {one["instrument"] for one in state["ratings"]}
    return {
        "crossed": sum(one["matter"] is row and one["weight"] == 0 for one in items),
        "issues": len(state["open_issues"]),
        "fees": len(state["fees_unpaid"]),
        "originals": len(state["originals_outstanding"]),
        "invitations": len(set(state["invited"]) - rated),
    }


def _load(
    begun: Sequence[tuple[dict[str, Any], Any]], items: Sequence[Mapping[str, Any]]
) -> list[tuple[str, int, int]]:
    """Who led how many open matters and items then; '' for those that nobody led."""
    led = {row["id"]: state["lead_agent"] or "" for row, state in begun}
    open_items = Counter(led[one["matter"]["id"]] for one in items)
    matters = Counter(led[id] for id in {one["matter"]["id"] for one in items})
    return [(who, matters[who], n) for who, n in open_items.most_common()]


def _items(row: Mapping[str, Any], state: Mapping[str, Any], on: date) -> list[dict[str, Any]]:
    """The items that were open then, with what each cost when nothing was done that day."""
    return [
        {"matter": row, "known": state["known"], "code": code, "item": item,
         "at_work": item["state"] in AT_WORK, "weight": weight(item, on)[0]}
        for code, item in state["items"].items()
        if item["state"] not in FINISHED and not item["closed"]
    ]  # fmt: skip
