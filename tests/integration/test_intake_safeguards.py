"""What keeps intake honest: nothing stored twice, four eyes, for oneself alone (受理的把关)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.onebox.platform import Platform
from tests.integration.test_intake_service import accepted, act, registered, requested
from tests.world import World, world


@pytest.fixture(scope="module")
async def w(platform: Platform) -> AsyncIterator[World]:
    async with world(platform, ["intake"]) as made:
        yield made


def scan(letter: str) -> dict[str, Any]:
    return {
        "sha256": letter * 64, "size": 9, "media_type": "application/pdf", "name": "件.pdf",
    }  # fmt: skip


async def test_the_same_file_by_a_new_key_is_answered_with_the_first_piece(w: World) -> None:
    matter = await accepted(w)
    paper = {"material": "M01", "scans": [scan("b")]}
    first = await act(w, matter, "materials", paper, "unit")
    assert "intake.material_received.v1" in first["recorded"] and "same_as" not in first
    (piece,) = (await w.get("intake", f"/matters/{matter}"))["pieces"]
    seen = await w.version("intake", f"/matters/{matter}/materials", "unit")
    path = f"/matters/{matter}/materials"
    again = await w.post("intake", path, paper, "unit", if_match=seen, key="again", expect=200)
    assert again.json()["same_as"] == piece["piece"] and again.json()["recorded"] == []
    replay = await w.post("intake", path, paper, "unit", if_match=seen, key="again", expect=200)
    assert replay.content == again.content
    assert len((await w.get("intake", f"/matters/{matter}"))["pieces"]) == 1
    other = await accepted(w)
    taken = await act(w, other, "materials", paper, "unit")
    assert "intake.material_received.v1" in taken["recorded"]


async def test_the_same_application_is_no_second_revision(w: World) -> None:
    matter = await accepted(w)
    form = {"content": scan("c")}
    first = await act(w, matter, "application", form, "unit")
    assert first["recorded"] == ["intake.application_form_filed.v1"]
    again = await act(w, matter, "application", form, "unit")
    assert again["recorded"] == [] and again["same_as"].endswith("/1")


async def test_who_asks_for_a_decline_does_not_approve_it(w: World) -> None:
    matter = await requested(w, await registered(w))
    wish = {"cause": "discretion", "reason": "本季名额已满"}
    asked = await act(w, matter, "refusal", wish)
    assert asked["recorded"] == ["intake.approval_asked.v1"]
    assert (await w.get("intake", f"/matters/{matter}"))["state"] == "requested"
    assert (await act(w, matter, "refusal", wish))["recorded"] == []

    async def waiting(person: str) -> list[dict[str, Any]]:
        rows = await w.get("intake", "/approvals", person, min_position=asked["position"])
        return [row for row in rows["items"] if row["matter"] == matter]

    assert [row["mine"] for row in await waiting("clerk")] == [True]
    assert [row["mine"] for row in await waiting("office")] == [False]
    words = await w.get("intake", f"/matters/{matter}/approvals", "office")
    assert words["items"][0]["reason"] == "本季名额已满"
    assert (await w.client("intake", "unit").get("/approvals")).status_code == 403
    agree = {"reason": "同意"}
    own = await act(w, matter, "refusal-approval", agree, "clerk", expect=403)
    assert own["type"] == "urn:onefile:problem:forbidden"
    done = await act(w, matter, "refusal-approval", agree, "office")
    assert done["recorded"] == ["intake.service_declined.v1"]
    assert (await act(w, matter, "refusal-approval", agree, "office"))["recorded"] == []
    assert (await w.get("intake", f"/matters/{matter}"))["state"] == "declined"


async def test_the_office_that_asks_is_told_why_it_cannot_approve(w: World) -> None:
    project = {**w.demo.projects["relocation"], "area": w.area}
    made = await w.post("intake", "/projects", project, "unit", expect=201)
    matter = await requested(w, made.json()["id"])
    nothing = await act(w, matter, "discretion", {"reason": "确有必要"}, "office", expect=409)
    assert nothing["reason"] == "no_discretion" and nothing["details"]["remedy"]
    other = await requested(w, await registered(w))
    none = await act(w, other, "refusal-approval", {"reason": "同意"}, "office", expect=409)
    assert none["reason"] == "approval_not_asked"
    named = {"cause": "discretion", "reason": "满", "supervisor": w.person("office").id}
    await act(w, other, "refusal", named, expect=422)


async def test_a_clerk_accepts_for_his_own_body_alone(w: World) -> None:
    matter = await requested(w, await registered(w))
    other = await act(w, matter, "acceptance", {"body": "hall"}, expect=409)
    assert other["reason"] == "not_your_body" and other["details"]["yours"] == ["zone"]
    await act(w, matter, "acceptance", {"body": "zone"})


async def test_nobody_asks_in_anothers_name(w: World) -> None:
    project, other = await registered(w), w.person("other").id
    contacts = {"lead_name": "甲", "lead_phone": "000-0000001", "channel": "window"}
    body = {"project": project, "area": w.area, **contacts, "applicant": other}
    for person in ("unit", "clerk"):
        refused = await w.post("intake", "/matters", body, person, expect=409)
        assert refused.json()["reason"] == "applicant_is_anothers"
    known = {k: v for k, v in w.demo.projects["factory"].items() if k != "code"}
    mine = {**known, "area": w.area, "applicant": other}
    assert (await w.post("intake", "/projects", mine, "unit", expect=409)).json()["reason"] == (
        "applicant_is_anothers"
    )
    path = f"/projects/{project}/amendments"
    bare = {"applicant": other}
    refused = await w.post("intake", path, bare, "clerk", if_match="*", expect=409)
    assert refused.json()["reason"] == "reason_required"
    why = {**bare, "reason": "建设单位更名，账号移交"}
    await w.post("intake", path, why, "clerk", if_match="*", expect=200)
    made = await w.post("intake", "/matters", body, "clerk", expect=201)
    assert (await w.get("intake", f"/matters/{made.json()['id']}"))["applicant"] == other


async def test_a_telephone_is_kept_plain_or_refused_in_both_languages(w: World) -> None:
    project = await registered(w)
    body = {"project": project, "area": w.area, "lead_name": "甲", "channel": "window"}
    for wrong in ("130000000012", "０００-0000001", "电话"):
        answer = await w.post(
            "intake", "/matters", {**body, "lead_phone": wrong}, "unit", expect=422
        )
        (error,) = answer.json()["errors"]
        assert error["at"] == ["lead_phone"] and "电话" in error["message"]
        assert "Personal" not in answer.text and " / " not in error["message"]
    made = await w.post(
        "intake", "/matters", {**body, "lead_phone": "+86 (000) 0000 0001"}, "unit", expect=201
    )
    people = await w.get("intake", f"/matters/{made.json()['id']}/people")
    assert people["people"]["lead_phone"] == "00000000001"
