"""What the service does by itself when it first sees a project, in the places that ask for it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.onebox.platform import Platform
from shared.effects import new_id, system_clock
from tests.integration.door_scene import (
    DOC,
    HERE,
    ask,
    eager,
    place,
    received,
    registered,
)
from tests.world import World, world


@pytest.fixture(scope="module")
async def town(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A place that enrols every project by itself and goes to newly settled ones."""
    folder = tmp_path_factory.mktemp("packs")
    async with world(platform, ["intake"], packs=eager(folder)) as made:
        yield made


# -- first sight ---------------------------------------------------------------------------------


async def test_a_project_is_enrolled_for_help_once_whatever_follows(town: World) -> None:
    project = (await registered(town))["id"]
    listed = await town.until(
        "intake", f"/matters?project={project}", lambda page: page["items"], "office"
    )
    (row,) = listed["items"]
    read = await town.get("intake", f"/matters/{row['id']}", "office")
    assert read["mode"] == "assist" and read["number"].startswith(town.area)
    path = f"/projects/{project}/amendments"
    await town.post("intake", path, {"works": "W-1"}, "clerk", if_match="*", expect=200)
    contacts = {"lead_name": "甲", "lead_phone": "000-0000001", "channel": "window"}
    body = {"project": project, "area": town.area, **contacts}
    refused = (await town.post("intake", "/matters", body, "clerk", expect=409)).json()
    assert refused["details"]["matter"] == row["id"]
    page = await town.get("intake", "/matters", "office", project=project)
    assert [one["id"] for one in page["items"]] == [row["id"]]


async def test_a_feed_brings_new_codes_once_and_says_who_provided_them(town: World) -> None:
    observed = system_clock() - timedelta(hours=1)
    rows = [
        {"code": f"2611-{town.area}-04-01-00{n:04}", "name": "新项目", "unit": "测试公司",
         "facts": town.demo.projects["factory"]["facts"]}
        for n in (501, 502)
    ]  # fmt: skip
    rows[1]["self_filed"] = ["S1-01"]
    odd = {**rows[0], "code": f"2613-{town.area}-04-01-000503"}
    feed = {"area": town.area, "source": "approval_system", "observed_at": observed,
            "rows": [*rows, odd]}  # fmt: skip
    first = await ask(town, "/feeds/projects", feed, expect=201)
    assert [one["outcome"] for one in first["rows"]] == ["registered", "registered", "refused"]
    assert first["rows"][2]["reason"] == "project_code_month_odd"
    again = await ask(town, "/feeds/projects", feed, expect=201)
    assert [one["outcome"] for one in again["rows"]] == ["known", "known", "refused"]
    told = (await town.get("intake", f"/projects/{first['rows'][0]['project']}"))["told_by"]
    assert told["investment"]["source"] == "approval_system"
    prompts = await town.until("intake", "/help-prompts", lambda page: page["items"], "clerk")
    await town.settled()
    (prompt,) = prompts["items"]
    assert prompt["items"] == ["S1-01"] and prompt["project"] == first["rows"][1]["project"]
    matters = await town.get("intake", "/matters", "office", project=prompt["project"])
    assert len(matters["items"]) == 1


async def test_the_same_feed_request_gets_the_same_answer(town: World) -> None:
    row = {"code": f"2611-{town.area}-04-01-000601", "name": "新项目", "unit": "测试公司"}
    feed = {"area": town.area, "source": "approval_system", "rows": [row],
            "observed_at": system_clock() - timedelta(hours=1)}  # fmt: skip
    key = new_id().hex
    one = await town.post("intake", "/feeds/projects", feed, "clerk", key=key, expect=201)
    two = await town.post("intake", "/feeds/projects", feed, "clerk", key=key, expect=201)
    assert one.json() == two.json() and two.headers["idempotency-replayed"] == "true"


async def test_a_newly_settled_project_is_brought_its_list_both_ways(town: World) -> None:
    project = (await registered(town, facts={"flags": ["newly_settled"]}))["id"]
    found = await town.until(
        "intake", f"/outreach?project={project}", lambda page: page["items"], "clerk"
    )
    (row,) = found["items"]
    path = f"/outreach/{row['id']}"
    read = await town.get("intake", path)
    assert read["edition"] == 1 and read["items"] and not read["stale"]
    assert read["via"] == ["online", "offline"]
    await ask(town, f"{path}/deliveries", {"via": "online", "proven_by": "receipt"}, expect=409)
    online = {"via": "online", "proven_by": "read_receipt", "reference": "MSG-1"}
    await ask(town, f"{path}/deliveries", online)
    again = await ask(town, f"{path}/deliveries", online)
    assert again["recorded"] == []
    close = {"outcome": "delivered"}
    refused = await town.post(
        "intake", f"{path}/closing", close, "clerk", if_match="*", expect=409
    )
    assert refused.json()["details"]["missing"] == ["offline"]
    offline = {"via": "offline", "proven_by": "signature", "proof": DOC, "receiver": "甲"}
    await ask(town, f"{path}/deliveries", offline)
    await town.post("intake", f"{path}/closing", close, "clerk", if_match="*", expect=200)
    assert (await town.get("intake", path))["state"] == "closed"


async def test_other_facts_make_another_edition_of_the_list(town: World) -> None:
    project = (await registered(town, facts={"flags": ["newly_settled"]}))["id"]
    found = await town.until(
        "intake", f"/outreach?project={project}", lambda page: page["items"], "clerk"
    )
    path = f"/outreach/{found['items'][0]['id']}"
    before = await town.get("intake", path)
    changed = {"facts": {"relics": True, "eia": "report"}}
    await town.post(
        "intake", f"/projects/{project}/amendments", changed, "clerk", if_match="*", expect=200
    )
    after = await town.until("intake", path, lambda o: o["edition"] == 2, "clerk")
    assert after["digest"] != before["digest"] and after["brought"] == []


async def test_a_policy_finds_the_project_it_fits_and_somebody_comes_to_the_door(
    town: World,
) -> None:
    fits = (await registered(town, facts={"flags": ["attracted_investment"]}))["id"]
    other = (await registered(town))["id"]
    (place,) = await town.get("intake", "/places")
    await town.until("intake", f"/places/{place['id']}", lambda p: p["active"])
    said = {"kind": "policy", "medium": "web", "title": "新政策"}
    await ask(town, f"/places/{place['id']}/notices", said, "office")
    await town.until(
        "intake", f"/outreach?project={fits}", lambda page: len(page["items"]) == 2, "clerk"
    )
    await town.settled()
    found = await town.get("intake", "/outreach", project=fits)
    by_what = {row["what"]: row for row in found["items"]}
    assert by_what["policy_push"]["phase"] == "closed"
    assert by_what["policy_push"]["brought"] == ["online"]
    path = f"/outreach/{by_what['service_visit']['id']}"
    refused = await town.post(
        "intake", f"{path}/closing", {}, "clerk", if_match="*", expect=409
    )
    assert refused.json()["details"]["missing"] == ["offline"]
    await ask(town, f"{path}/visits", {"purpose": "policy"})
    await town.post("intake", f"{path}/closing", {}, "clerk", if_match="*", expect=200)
    page = await town.get("intake", "/outreach", project=other)
    assert page["items"] == []


async def test_a_story_about_a_matter_needs_the_units_leave(town: World) -> None:
    project = (await registered(town))["id"]
    listed = await town.until(
        "intake", f"/matters?project={project}", lambda page: page["items"], "office"
    )
    story = {
        "area": town.area, "kind": "typical_case", "body": "zone", "medium": "web",
        "of_matter": listed["items"][0]["id"], "title": "典型案例",
        "address": "https://example.invalid/story/1",
    }  # fmt: skip
    refused = await ask(town, "/stories", story, "office", 409)
    assert refused["reason"] == "consent_required"
    await ask(town, "/stories", {**story, "consented": True, "consent": DOC}, "office", 201)


# -- the real places -----------------------------------------------------------------------------


async def test_where_every_project_is_helped_the_others_hear_of_it(
    platform: Platform, tmp_path: Path
) -> None:
    packs = place(tmp_path, "cn-430600-bangdaiban")
    async with world(platform, ["intake", "assignment", "archive"], packs=packs) as w:
        project = (await registered(w, facts=HERE))["id"]
        listed = await w.until(
            "intake", f"/matters?project={project}", lambda page: page["items"], "office"
        )
        (row,) = listed["items"]
        matter = await w.get("intake", f"/matters/{row['id']}", "office")
        assert (matter["state"], matter["mode"]) == ("accepted", "assist")
        file = await w.until(
            "archive", f"/matters/{row['id']}", lambda file: file["number"] == row["number"]
        )
        assert file["state"] == "open"
        assert await w.parked() == []
        path, chosen = f"/matters/{row['id']}/mode", {"mode": "agent"}
        refused = await w.post("intake", path, chosen, "clerk", if_match="*", expect=409)
        assert (
            refused.json()["reason"] == "eligibility_undetermined"
        )  # agency is asked for apart


async def test_where_projects_are_sought_out_the_list_is_ready_when_one_is_seen(
    platform: Platform, tmp_path: Path
) -> None:
    packs = place(tmp_path, "cn-341525-bangdaiban")
    async with world(platform, ["intake"], packs=packs) as w:
        made = await registered(w, facts={**HERE, "flags": ["major_gov_investment"]})
        found = await w.until(
            "intake", f"/outreach?project={made['id']}", lambda page: page["items"], "clerk"
        )
        (row,) = found["items"]
        assert row["rule"] == "proactive.checklist" and row["edition"] == 1
        quiet = await registered(w, facts=HERE)
        contact = await received(w, project=quiet["id"])
        assert (await w.get("intake", f"/contacts/{contact}"))["project"] == quiet["id"]
        later = await registered(w, facts={**HERE, "flags": ["major_gov_investment"]})
        await w.until(  # so the one before it was seen too
            "intake", f"/outreach?project={later['id']}", lambda page: page["items"], "clerk"
        )
        page = await w.get("intake", "/outreach", project=quiet["id"])
        assert page["items"] == []


async def test_a_visitor_with_a_project_is_led_in_a_matter_that_begins_by_itself(
    platform: Platform, tmp_path: Path
) -> None:
    """Where leading ends with something of the matter, and not at the desk."""
    packs = place(tmp_path, "cn-210300-bangdailing")
    pack = packs / "cn-210300-bangdailing" / "pack.yaml"
    longer = pack.read_text().replace(
        "ends_when: ContactHandedOver", "ends_when: ItemScopeFixed"
    )
    pack.write_text(longer)
    async with world(platform, ["intake"], packs=packs) as w:
        project = (await registered(w, facts=HERE))["id"]
        contact = await received(w, project=project)
        assert (await w.get("intake", f"/contacts/{contact}"))["mode"] == "lead"

        async def led() -> list[dict[str, Any]]:
            rows = (await w.get("intake", "/matters", "office"))["items"]
            return [row for row in rows if row["project"] == project]

        (row,) = await w.eventually(led)
        assert (row["mode"], row["state"]) == ("lead", "requested")
        await ask(
            w, f"/contacts/{contact}/handover-offers", {"to_person": w.person("agent").id}
        )
        no = {"reason": "手头办件已满"}
        await ask(w, f"/contacts/{contact}/handover-refusals", no, "agent")
        read = await w.get("intake", f"/contacts/{contact}")
        assert read["offer"] is None and read["declined"]["offer"] == 1
        assert read["owner"] == w.person("clerk").id
        late = await w.post("intake", f"/contacts/{contact}/handover", {}, "agent", expect=409)
        assert late.json()["reason"] == "not_offered"


async def test_where_visitors_are_led_in_leading_begins_at_the_desk(
    platform: Platform, tmp_path: Path
) -> None:
    packs = place(tmp_path, "cn-210300-bangdailing")
    async with world(platform, ["intake"], packs=packs) as w:
        contact = await received(w)
        assert (await w.get("intake", f"/contacts/{contact}"))["mode"] == "lead"
        await ask(
            w, f"/contacts/{contact}/handover-offers", {"to_person": w.person("agent").id}
        )
        await ask(w, f"/contacts/{contact}/handover", {}, "agent")
        await w.settled()
        assert (await w.get("intake", "/matters", "office"))["items"] == []
        order = {
            "area": w.area, "order": new_id().hex, "called_at": system_clock(),
            "wording": "反映代办人员", "about_staff": True,
        }  # fmt: skip
        made = await ask(w, "/hotline-orders", order, expect=201)
        hidden = await w.client("intake", "clerk").get(f"/hotline-orders/{made['id']}")
        assert hidden.status_code == 404
