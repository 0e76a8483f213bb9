"""Intake from the first knock to complete papers, over HTTP, PostgreSQL and NATS."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.intake.service.lookup import legal_today
from services.onebox.platform import Platform
from shared.effects import system_clock
from tests.world import World, world

PAPER = {
    "sha256": "a" * 64,
    "size": 1024,
    "media_type": "application/pdf",
    "name": "扫描件.pdf",
}
CONTACTS = {"lead_name": "甲", "lead_phone": "000-0000001", "channel": "window"}


@pytest.fixture(scope="module")
async def w(platform: Platform) -> AsyncIterator[World]:
    async with world(platform, ["intake"]) as made:
        yield made


async def registered(w: World, person: str = "unit", **more: Any) -> str:
    """A factory project of the demonstration unit, without its code."""
    known = {k: v for k, v in w.demo.projects["factory"].items() if k != "code"}
    body = {**known, "area": w.area, **more}
    return str((await w.post("intake", "/projects", body, person, expect=201)).json()["id"])


async def requested(w: World, project: str, person: str = "unit", **more: Any) -> str:
    body = {"project": project, "area": w.area, **CONTACTS, **more}
    made = await w.post("intake", "/matters", body, person, expect=201)
    return str(made.json()["id"])


async def act(
    w: World, matter: str, what: str, body: Any, person: str = "clerk", expect: int = 200
) -> Any:
    path = f"/matters/{matter}/{what}"
    answer = await w.post("intake", path, body, person, if_match="*", expect=expect)
    return answer.json()


async def accepted(w: World, **more: Any) -> str:
    matter = await requested(w, await registered(w), **more)
    await act(w, matter, "acceptance", {"body": "zone"})
    return matter


def commission(w: World, **more: Any) -> dict[str, Any]:
    today = legal_today(system_clock())
    return {
        "agent": w.person("agent").id,
        "powers": ["prepare", "fill_forms", "submit", "collect", "deliver"],
        "begins_on": today - timedelta(days=1),
        "ends_on": today + timedelta(days=300),
        "signed_on": today - timedelta(days=1),
        "signing": "seal_and_signature",
        "agent_name": "戊",
        "principal": "测试公司",
        "signatory": "甲",
        "paper": PAPER,
        **more,
    }


async def test_a_request_is_numbered_assessed_and_accepted(w: World) -> None:
    matter = await accepted(w, wanted="agent")
    read = await w.get("intake", f"/matters/{matter}")
    assert read["state"] == "accepted" and read["eligibility"] == "eligible"
    assert read["number"].startswith(f"{w.area}-{legal_today(system_clock()).year}-")
    assert read["body"] == "zone" and read["site"] == "park-industrial"
    assert read["applicant"] == w.person("unit").id
    assert read["pack"] == read["in_force"]


async def test_in_agency_the_papers_of_an_item_become_complete(w: World) -> None:
    matter = await accepted(w)
    await act(w, matter, "mode", {"mode": "agent"}, "unit")
    await act(w, matter, "scope", {})
    await act(w, matter, "commission", commission(w))
    await act(w, matter, "materials", {"material": "M01", "originals": 1}, "agent")
    form = {"item": "S1-01", "content": PAPER}
    await act(w, matter, "forms", form, "agent")
    assert (await w.get("intake", f"/matters/{matter}"))["complete_items"] == []
    await act(
        w, matter, "form-confirmations",
        {"item": "S1-01", "draft": 1, "confirmed_by": "甲"}, "unit",
    )  # fmt: skip
    read = await w.get("intake", f"/matters/{matter}")
    assert read["complete_items"] == ["S1-01"]
    assert read["confirmed_forms"] == {"S1-01": 1}
    assert read["commission"]["number"].startswith(f"{w.area}-")
    await act(w, matter, "prechecks", {"item": "S1-01", "in_order": True}, "agent")
    assert (await w.get("intake", f"/matters/{matter}"))["prechecked"] == ["S1-01"]


async def test_a_second_door_leads_to_the_matter_that_is_open(w: World) -> None:
    project = await registered(w)
    matter = await requested(w, project, channel="online_zone")
    body = {"project": project, "area": w.area, **CONTACTS}
    again = (await w.post("intake", "/matters", body, "clerk", expect=409)).json()
    assert again["reason"] == "joins_open_matter"
    assert again["details"]["matter"] == matter


async def test_one_project_code_leads_to_one_project(w: World) -> None:
    code = {"code": "2611-500242-04-01-000777"}
    first = await registered(w, **code)
    again = await w.post(
        "intake", "/projects", {**w.demo.projects["factory"], **code, "area": w.area}, "clerk",
        expect=409,
    )  # fmt: skip
    assert again.json()["reason"] == "project_code_taken"
    assert again.json()["details"]["project"] == first


async def test_a_repeated_request_gets_the_first_answer(w: World) -> None:
    project = await registered(w)
    body = {"project": project, "area": w.area, **CONTACTS}
    first = await w.post("intake", "/matters", body, "unit", key="same-key", expect=201)
    again = await w.post("intake", "/matters", body, "unit", key="same-key", expect=201)
    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"


async def test_a_stranger_sees_nothing(w: World) -> None:
    matter = await requested(w, await registered(w))
    for path in (f"/matters/{matter}", f"/matters/{matter}/materials"):
        assert (await w.client("intake", "other").get(path)).status_code == 404


async def test_a_government_project_is_declined_with_a_pointer(w: World) -> None:
    body = {**w.demo.projects["relocation"], "area": w.area}
    project = (await w.post("intake", "/projects", body, "unit", expect=201)).json()["id"]
    matter = await requested(w, project)
    refused = await act(w, matter, "acceptance", {"body": "zone"}, expect=409)
    assert refused["reason"] == "not_eligible"
    assert refused["details"]["pointer"] == "scope.refer.government"
    await act(w, matter, "refusal", {"cause": "ineligible", "reason": "政府投资项目"})
    assert (await w.get("intake", f"/matters/{matter}"))["state"] == "declined"


async def test_lists_are_paged_and_limited_to_what_is_ones_own(w: World) -> None:
    ids = {await requested(w, await registered(w)) for _ in range(3)}
    position = (await w.get("intake", f"/matters/{next(iter(ids))}"))["position"]
    found: set[str] = set()
    after: dict[str, str] = {}
    while True:
        page = await w.get(
            "intake", "/matters", "unit", limit=2, min_position=position, **after
        )
        found |= {row["id"] for row in page["items"]}
        if page["after"] is None:
            break
        after = {"after": page["after"]}
    assert ids <= found
    assert (await w.get("intake", "/matters", "other"))["items"] == []
    clerk = await w.get("intake", "/matters", "clerk", limit=200)
    assert ids <= {row["id"] for row in clerk["items"]}


async def test_the_pack_is_registered_when_the_service_starts(w: World) -> None:
    (place,) = await w.get("intake", "/places")
    read = await w.until("intake", f"/places/{place['id']}", lambda p: p["active"])
    assert read["registered"] == [read["active"]]
    assert {c["kind"] for c in read["channels"]} == {"online_zone", "window"}
    assert all(d["label"] == "默认值" for d in read["defaults"])
    said = {"body": "ro", "medium": "radio", "title": "帮代办服务宣传"}
    await w.post("intake", f"/places/{place['id']}/publicity", said, "office", expect=200)


async def test_a_commission_ends_when_its_period_is_over(platform: Platform) -> None:
    async with world(platform, ["intake"]) as w:
        matter = await accepted(w)
        await act(w, matter, "mode", {"mode": "agent"}, "unit")
        await act(w, matter, "scope", {"items": ["S1-01"]})
        await act(w, matter, "commission", commission(w, ends_on=legal_today(system_clock())))
        w.advance(days=2)
        read = await w.until("intake", f"/matters/{matter}", lambda m: m["commission"] is None)
        assert read["mode"] == "agent"
        lines = (await w.get("intake", f"/matters/{matter}/materials"))["items"]
        (m03,) = [m for m in lines[0]["materials"] if m["material"] == "M03"]
        assert m03["missing"]
