"""An auditor's patterns: each finds the entries that make it, with the other one of a pair beside."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.evaluation import EvaluationRecorded
from contracts.event import Personal
from contracts.intake import AgreementEnded, CommissionFiled
from contracts.supervision import (
    ItemAccepted,
    ItemDecided,
    ItemSubmitted,
    SpecialProcedureStarted,
    WorkLogged,
)
from services.archive.api.patterns import PATTERNS
from shared.effects import new_id
from shared.eventstore.vocabulary import wire_type
from tests.integration.archive_scene import Scene
from tests.integration.test_archive_auditing import s, stage

__all__ = ["s", "stage"]

SUBMITTED = ItemSubmitted(item="S1-01", body="depts", filed_by="agent")
DECIDED = ItemDecided(item="S1-01", outcome="approved", body="depts")
ACCEPTED = ItemAccepted(item="S1-01", calendar="cn-national@1122334455667788")


async def found(s: Scene, pattern: str, **more: Any) -> list[dict[str, Any]]:
    """What the pattern finds in this one file, once all that was said is listed."""
    await s.w.settled()
    asked = {"pattern": pattern, "limit": 200, **more}
    answer = await s.w.get("archive", "/events", "auditor", **asked)
    return [one for one in answer["events"] if one["matter"] == str(s.matter)]


@pytest.mark.parametrize("pattern", PATTERNS)
async def test_every_pattern_is_answered(s: Scene, pattern: str) -> None:
    for one in await found(s, pattern):
        assert one["text"] and one["type"] and "beside" in one


async def test_one_hand_that_asked_and_decided_is_found_with_what_it_asked(s: Scene) -> None:
    agent, approver = s.w.person("agent").id, s.w.person("approver").id
    await s.say("supervision", SUBMITTED, actor=agent)
    await s.say("supervision", DECIDED, actor=approver)
    await s.file(4)
    assert await found(s, "self_approval", type="supervision.item_decided") == []
    await s.say("supervision", DECIDED.model_copy(update={"item": "S1-02"}), actor=agent)
    await s.file(5)
    assert await found(s, "self_approval", type="supervision.item_decided") == []
    await s.say("supervision", DECIDED, actor=agent)
    await s.file(6)
    (one,) = await found(s, "self_approval", type="supervision.item_decided")
    assert one["actor"] == agent
    assert one["beside"]["type"] == wire_type(ItemSubmitted)
    assert one["beside"]["text"] and one["beside"]["at"] < one["at"]


async def test_what_is_decided_within_a_minute_is_found_and_what_took_longer_is_not(
    s: Scene,
) -> None:
    person = s.w.person("approver").id
    await s.say("supervision", ACCEPTED, actor=person)
    await s.say("supervision", DECIDED, actor=person)
    await s.file(4)
    (one,) = await found(s, "within_a_minute", type="supervision.item_decided")
    assert one["beside"]["type"] == wire_type(ItemAccepted)
    days = [s.w.clock() - timedelta(days=n) for n in (9, 2)]
    for event, at in zip((ACCEPTED, DECIDED), days, strict=True):
        other = event.model_copy(update={"item": "S1-02"})
        when = at.isoformat(timespec="milliseconds")
        await s.say("supervision", other, actor=person, effective=when)
    await s.file(6)
    assert len(await found(s, "within_a_minute", type="supervision.item_decided")) == 1


async def test_an_act_outside_its_commission_is_found_by_period_and_by_end(s: Scene) -> None:
    today = s.w.today()
    inside, outside = new_id(), new_id()
    filed = {
        "agent": s.w.person("agent").id, "items": ("S1-01",), "powers": ("submit",),
        "begins_on": today - timedelta(days=30), "signed_on": today - timedelta(days=30),
        "signing": "seal",
    }  # fmt: skip
    ends = {inside: today + timedelta(days=300), outside: today - timedelta(days=5)}
    for commission, last in ends.items():
        await s.say(
            "intake",
            CommissionFiled.model_validate(
                {**filed, "commission": commission, "ends_on": last}
            ),
        )
    entry = WorkLogged(kind="errand", entry=Personal("跑办"))
    await s.say("supervision", entry, authority=inside)
    await s.say("supervision", entry, authority=outside)
    await s.file(6)
    (one,) = await found(s, "outside_commission")
    assert one["beside"]["type"] == wire_type(CommissionFiled)
    ended = AgreementEnded(
        commission=inside, cause="revoked_by_applicant", ended_by="applicant"
    )
    before = (s.w.clock() - timedelta(days=2)).isoformat(timespec="milliseconds")
    await s.say("intake", ended, effective=before)
    await s.file(7)
    kinds = {one["beside"]["type"] for one in await found(s, "outside_commission")}
    assert kinds == {wire_type(CommissionFiled), wire_type(AgreementEnded)}


async def test_a_suspension_without_a_written_notice_is_found(s: Scene) -> None:
    started = SpecialProcedureStarted(item="S1-01", procedure="expert_review")
    paper = {
        "sha256": "0" * 64,
        "size": 1,
        "media_type": "application/pdf",
        "name": "告知书.pdf",
    }
    told = SpecialProcedureStarted.model_validate(
        {"type": wire_type(SpecialProcedureStarted), "item": "S1-02",
         "procedure": "expert_review", "notice": paper}
    )  # fmt: skip
    await s.say("supervision", started)
    await s.say("supervision", told)
    await s.file(4)
    (one,) = await found(s, "suspension_without_notice")
    assert "S1-01" in one["text"]


async def test_an_acceptance_on_a_friday_evening_is_found(s: Scene) -> None:
    for day in ("2026-04-10", "2026-04-09"):
        await s.say("supervision", ACCEPTED, effective=f"{day}T10:30:00.000+00:00")
    await s.file(4)
    assert [one["day"] for one in await found(s, "friday_evening")] == ["2026-04-10"]


async def test_ratings_that_follow_one_another_within_a_minute_are_found(s: Scene) -> None:
    rating = {
        "instrument": "overall", "agent": s.w.person("agent").id,
        "respondent": "applicant_lead", "level": "very_satisfied",
    }  # fmt: skip
    for _ in range(3):
        await s.say(
            "evaluation", EvaluationRecorded.model_validate({**rating, "evaluation": new_id()})
        )
    await s.file(5)
    assert len(await found(s, "ratings_in_a_row")) >= 2
