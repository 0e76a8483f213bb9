"""The agent's desk: one list, today, sorted by what happens if nothing is done."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.console.acting import address, item_offers, matter_offers
from services.console.backend import seg
from services.console.entering import AnotherPage, Me, Outside
from services.console.matter.acts import lacks_of
from services.console.matters import Matters, day_of, is_over, matters_of
from services.console.rendering import render, today_of

router = APIRouter()

type After = Annotated[str | None, Query(max_length=64)]
FIRST = 60
"""Items that are shown at once, the most urgent; the rest when asked for."""


@router.get("/desk/agent")
async def desk(
    request: Request, me: Me, after: After = None, *, every: bool = False, all: bool = False
) -> Response:
    """Today by consequence; then what can go out at once; then visits and what is owed.

    With `all` also the matters that were declined or filed, the last one first.
    """
    found = await matters_of(me, after, open=not all, latest=all)
    today = today_of(request)
    rows = found.items(today)
    return await render(
        request, "agent.html", rows=rows if every else rows[:FIRST], of=len(rows),
        matters=found.rows, after=found.after, all=all,
        ready=_ready(found), visits=_of(found, "visits"), tasks=_of(found, "tasks"),
        owed=_of(found, "owed"), originals=_of(found, "originals_outstanding"),
        offers={row.state: item_offers(row.state, me.session.roles) for row in rows},
        of_matter=matter_offers(me.session.roles),
        lacks=lambda codes: lacks_of(codes, english=me.language == "en"),
        over={row["id"] for row in found.rows if is_over(row)},
        counts={
            "late": sum(row.weight == 0 for row in rows),
            "today": sum(row.weight == 1 for row in rows),
            "soon": sum(row.weight == 2 for row in rows),
            "ready": sum(row.state == "ready" for row in rows),
        },
    )  # fmt: skip


@router.get("/remind/{id}/{item}")
async def reminder(request: Request, me: Me, id: UUID, item: str) -> Response:
    """The form of a reminder with its text prepared: one line to change, nothing to type."""
    matter, course, why = await me.together(
        me.get("intake", f"/matters/{id}"),
        me.get("supervision", f"/matters/{id}"),
        me.maybe("supervision", f"/matters/{id}/items/{seg(item)}/why"),
    )
    one = course["items"].get(item)
    if one is None:
        raise Outside("not_found", 404)
    due = day_of(one.get("due_on"))
    late = bool(due and due < today_of(request))
    text = _text(request, me.language, matter, item, why or {})
    raise AnotherPage(
        address("supervision", "UrgeItem", id=id, item=item, next=f"/matter/{id}",
                signal="overdue" if late else "at_risk", wording=text)
    )  # fmt: skip


def _text(
    request: Request, language: str, matter: dict[str, Any], item: str, why: dict[str, Any]
) -> str:
    """Which item of which matter, and how its days were counted, in one breath."""
    names = request.app.state.names.in_(language)
    said: dict[str, Any] = next(
        (c for c in why.get("clocks", ()) if c["clock"] == "commitment"), {}
    )
    counted = said.get("zh" if language == "zh" else "en") or ""
    name = names.item(matter["area"], item)
    if language == "zh":
        return f"办件 {matter['number']}，{name}：{counted}请告知办理进展和预计办结日期。"
    return f"Matter {matter['number']}, {name}: {counted} Please say when it will be decided."


def _ready(found: Matters) -> list[tuple[dict[str, Any], list[str]]]:
    """The matters of which something can go out now, and what."""
    ready = []
    for row in found.rows:
        items = ((row["course"] or {}).get("items") or {}).items()
        codes = [code for code, item in items if item["state"] == "ready"]
        ready += [(row, codes)] if codes else []
    return ready


def _of(found: Matters, name: str) -> list[tuple[dict[str, Any], Any]]:
    return [(row, one) for row in found.rows for one in (row["course"] or {}).get(name) or ()]
