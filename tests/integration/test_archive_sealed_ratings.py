"""Whatever the rated ask of archive, does a rating change one byte of the answer?"""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest_asyncio

from contracts.evaluation import (
    BadRatingOpened,
    BadRatingRectified,
    ComplaintReceived,
    EvaluationRecorded,
    ReturnVisitMade,
)
from contracts.event import Event, Personal
from services.archive.service import SPEAKERS
from services.onebox.platform import Platform
from shared.effects import new_id
from tests.integration.archive_scene import Scene, Speaker, invitation
from tests.world import world

REFUSED = {"/entries", "/frames", "/dossier", "/verification", "/package"}
"""Exact bytes cannot be read around: whom something is kept from gets none."""
DEMANDED = {"/story": {}, "/book": {"form": "html"}, "/difference": {"from": "1", "to": "now"}}


@pytest_asyncio.fixture(loop_scope="session")
async def s(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(one.spec() for one in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers, 0)


async def everything(s: Scene, person: str) -> dict[str, tuple[int, Any]]:
    """What every GET of archive about the matter and its project answers a person."""
    described = (await s.w.client("archive").get("/openapi.json")).json()
    found: dict[str, tuple[int, Any]] = {}
    for path, methods in described["paths"].items():
        if "get" not in methods or not path.startswith(("/matters", "/projects", "/waiting")):
            continue
        if path.startswith("/matters/{id}/documents/"):
            continue
        asked = path.replace("/projects/{id}", f"/projects/{s.project}")
        asked = asked.replace("{id}", str(s.matter))
        more = next((m for end, m in DEMANDED.items() if path.endswith(end)), {})
        answer = await s.w.client("archive", person).get(asked, params=more, timeout=60)
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.text)
        refused = answer.status_code >= 400
        found[path] = answer.status_code, answer.json()["type"] if refused else answer.text
    return found


def bad_rating(agent: str) -> tuple[Event, ...]:
    evaluation, bad = new_id(), new_id()
    return (
        EvaluationRecorded(
            evaluation=evaluation,
            instrument="overall",
            agent=agent,
            respondent="applicant_lead",
            level="very_dissatisfied",
            comment=Personal("态度差"),
        ),
        BadRatingOpened(
            bad_rating=bad,
            evaluation=evaluation,
            agent=agent,
            owner="a:hall",
            due_on=date(2026, 12, 31),
            rule="evaluation.bad_rating",
            defaults=("evaluation.bad_rating",),
        ),
        ReturnVisitMade(
            return_visit=new_id(),
            body="hall",
            agent=agent,
            agent_body="depts",
            means="phone",
            reached=True,
        ),
        BadRatingRectified(
            bad_rating=bad, verdict="upheld", visited_back=True, measures=Personal("整改")
        ),
        ComplaintReceived(
            complaint=new_id(),
            kind="conduct",
            against=agent,
            to="hall",
            rule="appraisal.by",
            words=Personal("投诉"),
        ),
    )


async def test_a_bad_rating_changes_nothing_that_the_rated_may_read(s: Scene) -> None:
    entries = await s.serve_to_the_end()
    agent = s.w.person("agent").id
    before = {who: await everything(s, who) for who in ("agent", "liaison", "clerk")}
    seen = before["agent"]["/matters/{id}"]
    assert seen[0] == 200 and before["agent"]["/matters/{id}/story"][0] == 200
    told = bad_rating(agent)
    again = invitation(agent).model_copy(update={"sending": 2})
    await s.say("evaluation", again, *told)
    await s.file(entries + len(told) + 1)
    for who, known in before.items():
        now = await everything(s, who)
        differ = [path for path, answer in known.items() if now[path] != answer]
        assert not differ, [(who, path, known[path], now[path]) for path in differ]
    for path, (status, _) in (await everything(s, "agent")).items():
        if any(path.endswith(end) for end in REFUSED):
            assert status == 403, path
    story = (await s.w.get("archive", f"{s.path}/story", "archivist"))["lines"]
    assert [line["type"] for line in story if "bad_rating" in line["type"]]


async def test_even_doing_something_tells_the_rated_nothing(s: Scene) -> None:
    """Neither the version of an answer, nor a second check, nor the count in the closing."""
    entries = await s.serve_to_the_end()
    first = await s.w.post("archive", f"{s.path}/check", person="agent", expect=200)
    shown = (await s.w.get("archive", s.path, "agent"))["version"]
    assert first.json()["version"] == shown
    told = bad_rating(s.w.person("agent").id)
    await s.say("evaluation", *told)
    await s.file(entries + len(told))
    second = await s.w.post("archive", f"{s.path}/check", person="agent", expect=200)
    assert second.json()["recorded"] == []
    closed = await s.w.post(
        "archive", f"{s.path}/closing", person="agent", if_match=shown, expect=200
    )
    assert closed.json()["version"] == shown + len(closed.json()["recorded"])
    for route in ("", "/story", "/state", "/worklog", "/contents", "/four-properties"):
        text = (await s.w.client("archive", "agent").get(s.path + route)).text
        assert "dissatisfied" not in text and "差评" not in text and "不满意" not in text
    line = (await s.w.get("archive", f"{s.path}/story", "agent"))["lines"][-1]
    assert f"入档{entries}条" in line["text"], line
    whole = (await s.w.get("archive", f"{s.path}/story", "archivist"))["lines"][-1]
    assert f"入档{entries + len(told)}条" in whole["text"], whole


async def test_who_served_is_kept_out_even_in_a_post_that_reads(s: Scene) -> None:
    await s.serve_to_the_end()
    told = bad_rating(s.w.person("archivist").id)
    assert any("invite" in line["type"] for line in await _story(s, "archivist"))
    await s.say("evaluation", *told)
    await s.file(len(told))
    await s.w.until(
        "archive", f"{s.path}/story", lambda a: "complaint_received" in str(a), "auditor"
    )
    assert not [line for line in await _story(s, "archivist") if "bad" in line["type"]]
    refused = await s.w.client("archive", "archivist").get(f"{s.path}/entries")
    assert (refused.status_code, refused.json()["reason"]) == (403, "sealed_from_the_rated")


async def test_the_unit_reads_its_own_rating(s: Scene) -> None:
    entries = await s.serve_to_the_end()
    await s.say("evaluation", *bad_rating(s.w.person("agent").id))
    await s.file(entries + 5)
    assert any("evaluation_recorded" in line["type"] for line in await _story(s, "unit"))


async def _story(s: Scene, person: str) -> list[dict[str, Any]]:
    answer = await s.w.get("archive", f"{s.path}/story", person)
    lines: list[dict[str, Any]] = answer["lines"]
    return lines
