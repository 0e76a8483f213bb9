"""Whether every door answers as it is described, once a matter was lived up to its rating."""

import json
import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import httpx
import pytest

from contracts.subjects import SERVICES
from services.onebox.demo.scene import Scene
from services.onebox.demo.show import ACTS
from services.onebox.demo.walk import Walk
from services.onebox.platform import Platform
from shared.packs import Packs
from tests.answers import JSON, OPENAPI, door_of
from tests.bench.desks import AREA, another
from tests.world import World, world

PEOPLE = (
    "auditor",
    "office",
    "approver",
    "clerk",
    "agent",
    "unit",
    "archivist",
    "evaluator",
    "admin",
)
LIVED = (*ACTS[:7],)
"""Up to the rating: what stands open is answered with something in it."""
NOT_HERE = {
    "/log/disclosures": "archive alone is told",
    "/log/sm3/proofs": "no second tree is kept",
    "/returns/runs/{run}": "while a workbook is made",
    "/invitations/{id}": "for whoever holds the link",
    "/public/invitations/{id}/{word}": "for whoever holds the link",
    "/public/complaints/{receipt}": "for whoever holds the receipt",
    "/check/{code}": "for whoever holds a paper",
    "/numbers": "no form was printed with a number",
}
"""Routes that need what this life does not bring about; their own tests see them."""
OF_LISTS = {
    ("intake", "/contacts/"): ("/contacts", "id"),
    ("intake", "/bookings/"): ("/bookings?all=true", "id"),
    ("intake", "/hotline-orders/"): ("/hotline-orders?all=true", "id"),
    ("intake", "/outreach/"): ("/outreach", "id"),
    ("intake", "/places/"): ("/places", "id"),
    ("evaluation", "/complaints/"): ("/tasks", "complaint"),
    ("evaluation", "/appraisals/publications/"): ("/appraisals/publications", "publication"),
    ("evaluation", "/appraisals/"): ("/appraisals", "appraisal"),
}
"""Whose ids a hole in a path takes, where it is not the matter's: a list, and a member of it."""


class Life(NamedTuple):
    """What was lived, and in which world."""

    world: World
    scene: Scene


@pytest.fixture(scope="module")
async def life(platform: Platform) -> AsyncIterator[Life]:
    async with world(platform, list(SERVICES)) as w:
        place = another(w.demo, "甲")
        async with Walk(w.addresses, {p.key: p for p in place.people}) as walk:
            scene = Scene(walk, place, Packs.load(None).for_area(AREA), lambda _: None)
            await scene.next_working_day()
            for act in LIVED:
                await act(scene)
            yield Life(w, scene)


def asked_with(life: Life, day: date) -> dict[str, Any]:
    """A value for each parameter that a route may demand."""
    return {
        "area": AREA, "seed": "x", "q": life.scene.number, "id": life.scene.matter,
        "stream": life.scene.matter, "since": day - timedelta(days=360), "until": day,
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}", "year": day.year, "positions": "1",
        "measure": "matters", "agent": life.scene.demo.person("agent").id, "form": "ledger",
        "body": life.scene.rules.pack.bodies[0].id, "item": life.scene.scope[0],
        "reason": "核对数据库恢复结果",
    }  # fmt: skip


async def hole(life: Life, service: str, route: str) -> str | None:
    """The id that a route is asked by; None where the life left nothing of the kind."""
    for (of, begins), (path, member) in OF_LISTS.items():
        if of == service and route.startswith(begins):
            found = await first(life, service, path, {"area": AREA})
            text = json.dumps(found.json()) if found else ""
            match = re.search(rf'"{member}": "([0-9a-f-]{{36}})"', text)
            return match[1] if match else None
    return life.scene.project if route.startswith("/projects/") else life.scene.matter


async def first(
    life: Life, service: str, path: str, parameters: dict[str, Any]
) -> httpx.Response | None:
    """The answer to the first of the people who is given one; its client holds it to its shape."""
    for person in PEOPLE:
        if person not in {one.key for one in life.world.demo.people}:
            continue
        answer = await life.world.client(service, person).get(path, params=parameters)
        assert answer.status_code < 500, (path, answer.text)
        if answer.status_code == httpx.codes.OK:
            return answer
    return None


@pytest.mark.parametrize("service", SERVICES)
async def test_every_door_answers_somebody_as_it_is_described(life: Life, service: str) -> None:
    door = door_of(service)
    assert door is not None
    document = json.loads((OPENAPI / f"{service}.json").read_text("utf-8"))
    known, silent = asked_with(life, life.world.today()), []
    for route in door.routes():
        parameters = document["paths"][route]["get"].get("parameters", ())
        taken = {p["name"] for p in parameters if p["in"] == "query" and p["name"] in known}
        needed = {p["name"] for p in parameters if p["in"] == "query" and p.get("required")}
        given = {name: known[name] for name in taken & (needed | {"area", "since", "until"})}
        id = await hole(life, service, route) if "{" in route else ""
        if id is None:
            continue  # nothing of the kind came about
        path = route.replace("{item}", life.scene.scope[0]).replace("{area}", AREA)
        path = re.sub(r"{\w+}", id, path)
        answer = await first(life, service, path, given)
        if answer is None and route not in NOT_HERE:
            silent.append(route)
        assert answer is None or answer.headers["content-type"] == JSON, route
    assert not silent, f"nobody was answered 200: {silent}"
