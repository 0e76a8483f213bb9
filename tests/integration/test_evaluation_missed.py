"""Reminders that were owed and not given count against who owed them, with the matters behind."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.supervision import (
    DueRecomputed,
    DueShift,
    ItemAccepted,
    ItemDecided,
    ReminderCorrected,
    ReminderMissed,
)
from services.evaluation.app import SPEC
from services.evaluation.service import Evaluation
from services.onebox.platform import Platform
from shared.runtime import Floor, Parts
from tests.integration.evaluation_scene import Place, place
from tests.integration.stand_in import StandIn
from tests.world import world

OTHERS = ("intake", "assignment", "supervision")


async def build(floor: Floor) -> Parts:
    """Evaluation of a place where reminding the departments is a duty."""
    parts = await SPEC.build(floor)
    assert isinstance(parts.service, Evaluation)
    parts.service.reminds = lambda area: True  # type: ignore[method-assign]
    return parts


def missed(at: Place, day: date, item: str = "S1-05") -> ReminderMissed:
    return ReminderMissed(
        item=item,
        to="depts",
        person=at.id("agent"),
        due_on=day - timedelta(days=1),
        missed_on=day,
        rule="clocks.warn_at_percent",
    )


async def figure(at: Place, quarter: str, person: str = "office", **more: Any) -> Any:
    asked = {"area": at.world.area, "agent": at.id("agent"), "quarter": quarter, **more}
    found = await at.world.get("evaluation", "/appraisals/count", person, **asked)
    told = {one["measure"]: one for one in found["measures"]}
    return told.get("missed_reminders"), found["heard"]


async def test_a_missed_reminder_counts_with_its_formula_and_its_matters(
    platform: Platform,
) -> None:
    others = {name: StandIn(name) for name in OTHERS}
    spec = replace(SPEC, build=build)
    async with world(platform, [*(one.spec for one in others.values()), spec]) as running:
        at = Place(running, others)
        first, second = await at.serve(), await at.serve()
        day = at.world.today()
        quarter = at.quarter
        for matter in (first, second):
            await at.say("supervision", matter, missed(at, day))
            await at.say("supervision", matter, missed(at, day))

        async def two() -> Any:
            return (await figure(at, quarter))[0]

        told = await at.world.eventually(two, lambda one: one and one["value"] == "4")
        assert told["formula"].startswith("漏提醒数") and "reminded" in told["formula_en"]
        _, before = await figure(at, quarter)

        taken_back = ReminderCorrected(
            item="S1-05", to="depts", signal="overdue", due_on=day - timedelta(days=1)
        )
        await at.say("supervision", first, taken_back)
        await at.world.eventually(two, lambda one: one and one["value"] == "2")
        early, heard = await figure(at, quarter, position=10**6, heard=before)
        assert (early["value"], heard) == ("4", before)
        alone, none = await figure(at, quarter, position=10**6)
        assert alone is None and none is None
        await _the_quarter_is_over(at, first, second)


async def _the_quarter_is_over(at: Place, first: UUID, second: UUID) -> None:
    """The appraisal keeps the figure, counts it again, and lists the matters behind it."""
    at.quarter_passes()

    async def results() -> Any:
        return (await at.office("/appraisals", agent=at.id("agent")))["rows"]

    (row,) = await at.world.eventually(results)
    assert {one["store"] for one in row["cut"]} == {"evaluation", "supervision"}
    told = await at.office(f"/appraisals/{row['appraisal']}")
    assert told["recomputed"] is True
    mine = {one["measure"]: one["value"] for one in told["measures"]}
    assert mine["missed_reminders"] == "2"
    path = f"/appraisals/{row['appraisal']}/matters"
    for person in ("office", "agent"):
        behind = await at.world.get("evaluation", path, person, measure="missed_reminders")
        assert [one["matter"] for one in behind["rows"]] == [str(second)] * 2
        assert behind["rows"][0]["item"] == "S1-05" and behind["whole"]
        assert str(first) not in str(behind["rows"])


async def test_a_decision_is_judged_by_the_day_that_holds(platform: Platform) -> None:
    """A pause moved one of two days: what was decided by the new one was decided in time."""
    async with place(platform) as at:
        day = at.world.today()
        quarter = at.quarter
        due = day - timedelta(days=2)
        edition = "cn-national@0000000000000001"
        paused = await at.serve()
        for matter in (paused, await at.serve()):
            begun = ItemAccepted(
                item="S1-01", calendar=edition, commitment_due_on=due, accepted_on=due
            )
            decided = ItemDecided(
                item="S1-01", outcome="approved", body="depts", decided_on=day
            )
            for event in (begun, decided):
                await at.say("supervision", matter, event)

        async def in_time() -> Any:
            found = await at.office("/appraisals/table", quarter=quarter)
            rows = [one for one in found["departments"] if one["body"] == "depts"]
            told = {one["measure"]: one for row in rows for one in row["measures"]}
            return told["decided_in_time"]["shown"] if told else None

        await at.world.eventually(in_time, lambda shown: shown == "0/2")
        lines = tuple(
            DueShift.model_validate(
                {"item": "S1-01", "clock": clock, "was_on": due, "now_on": day}
            )
            for clock in ("statutory", "commitment")
        )
        again = DueRecomputed(
            cause="entered_late", calendar=edition, items=("S1-01",), lines=lines
        )
        await at.say("supervision", paused, again)
        await at.world.eventually(in_time, lambda shown: shown == "1/2")
