"""A pause entered late takes an overdue notice back, over HTTP and by message (B69)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from services.onebox.platform import Platform
from services.supervision.agenda import Agenda
from services.supervision.service import Supervision, legal_day
from services.supervision.service.posting import Post
from services.supervision.service.runs import Runs
from shared.effects import new_id
from shared.messages.book import AddressBook
from tests.integration.supervision_scene import FILING, PERMIT, Place, settled, stood

NOTICE = {"sha256": "ab" * 32, "size": 9, "media_type": "application/pdf", "name": "n.pdf"}
REVIEW = {"procedure": "expert_review", "notice": NOTICE}
TOLD = ("depts", "applicant", "ro")


def book(drop: Path) -> AddressBook:
    entries = [{"to": to, "channel": "drop", "address": to} for to in TOLD]
    return AddressBook.model_validate({"entries": entries, "drop": drop})


async def looked(place: Place, service: Supervision) -> None:
    """The agenda has looked once, at a moment at which the lists are up to date."""
    await settled(service)
    await Agenda(service).due(place.world.clock())
    await settled(service)


async def accepted(place: Place) -> tuple[UUID, date]:
    matter = await place.matter()
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
    item = await place.item(matter, PERMIT)
    return matter, date.fromisoformat(item["due_on"])


async def facts(service: Supervision, matter: UUID, kind: str) -> list[dict[str, Any]]:
    entries = await service.floor.log.history(matter)
    return [e.members() for e in entries if e.type == f"supervision.{kind}.v1"]


async def test_a_pause_entered_late_takes_the_overdue_notice_back(
    platform: Platform, tmp_path: Path
) -> None:
    async with stood(platform) as (place, service):
        w = place.world
        matter, due_on = await accepted(place)
        began = legal_day(w.clock())
        while legal_day(w.clock()) <= due_on:
            w.advance(days=1)
        await looked(place, service)
        told = [one for one in await facts(service, matter, "reminder_sent")
                if one["signal"] == "overdue" and PERMIT in one["items"]]  # fmt: skip
        assert {one["to"] for one in told} == set(TOLD)

        path, start = f"items/{PERMIT}/special-procedure", began.isoformat()
        refused = await place.ask(
            matter, path, {**REVIEW, "effective": start}, "approver", expect=409
        )
        assert refused["reason"] == "reason_for_reversal_required", refused
        assert refused["details"]["overdue_told_of"] == [due_on.isoformat()]
        assert refused["details"]["remedy"]
        late = {"effective": start, "late_reason": "专家评审的告知书今日才补录"}
        await place.ask(matter, path, {**REVIEW, **late}, "approver")
        end = (due_on - timedelta(days=1)).isoformat()
        await place.ask(matter, f"{path}/end", {"effective": end}, "approver")

        (again,) = await facts(service, matter, "due_recomputed")
        assert again["cause"] == "entered_late"
        moved = {line["clock"]: line for line in again["lines"]}["commitment"]
        assert moved["was_on"] == due_on.isoformat() < moved["now_on"]
        at = await service.floor.log.position()
        listed = await w.until(
            "supervision", f"/due-shifts?area={w.area}&min_position={at}", bool, "office"
        )
        assert any(row["now_on"] == moved["now_on"] for row in listed["rows"])
        why = await w.get("supervision", f"/matters/{matter}/items/{PERMIT}/why", "auditor")
        clock = next(one for one in why["clocks"] if one["clock"] == "commitment")
        assert clock["due_on"] == clock["recorded_due_on"] == moved["now_on"]

        await looked(place, service)
        await looked(place, service)
        corrected = await facts(service, matter, "reminder_corrected")
        assert sorted(one["to"] for one in corrected) == sorted(TOLD)
        assert len(await facts(service, matter, "reminder_sent")) >= len(told)
        await _who_was_told_hears_it(place, service, tmp_path)


async def _who_was_told_hears_it(place: Place, service: Supervision, drop: Path) -> None:
    w = place.world
    post = Post(service.look, book(drop))
    post.turn(w.clock())

    async def sent() -> list[dict[str, Any]]:
        found = await w.get("supervision", "/messages", "office", area=w.area, limit=200)
        return [
            row
            for row in found["rows"]
            if row["type"] == "supervision.reminder_corrected.v1" and row["state"] == "sent"
        ]

    rows = await w.eventually(sent, lambda rows: len(rows) == len(TOLD))
    assert {row["sent_to"] for row in rows} == set(TOLD)
    letters = [orjson.loads(file.read_bytes()) for file in drop.glob("*.json")]
    said = [one for one in letters if "更正提醒" in one["text"]]
    assert {one["to"] for one in said} == set(TOLD)
    assert all("A reminder is taken back" in one["text"] for one in said)


async def test_a_pause_forgotten_until_after_the_decision_is_entered_and_explained(
    platform: Platform, tmp_path: Path
) -> None:
    async with stood(platform) as (place, service):
        w = place.world
        matter, due_on = await accepted(place)
        began = legal_day(w.clock())
        while legal_day(w.clock()) <= due_on + timedelta(days=1):
            w.advance(days=1)
        await looked(place, service)
        await place.ask(matter, f"items/{PERMIT}/decision", {"outcome": "approved"}, "approver")

        path = f"items/{PERMIT}/special-procedure/supplement"
        pause = {**REVIEW, "started_on": began.isoformat(), "ended_on": due_on.isoformat()}
        refused = await place.ask(matter, path, pause, "approver", expect=409)
        assert refused["reason"] == "late_reason_required"
        await place.ask(matter, path, {**pause, "late_reason": "当时漏录"}, "approver")
        await place.ask(matter, path, {**pause, "late_reason": "当时漏录"}, "approver")
        assert len(await facts(service, matter, "special_procedure_supplemented")) == 1
        await looked(place, service)
        corrected = await facts(service, matter, "reminder_corrected")
        assert sorted(one["to"] for one in corrected) == sorted(TOLD)
        item = await place.item(matter, PERMIT)
        assert item["state"] == "decided" and item["due_on"] > due_on.isoformat()
        why = await w.get("supervision", f"/matters/{matter}/items/{PERMIT}/why", "auditor")
        clock = next(one for one in why["clocks"] if one["clock"] == "commitment")
        assert clock["agrees"] and clock["due_on"] == item["due_on"]
        leaned = {day["event"]["type"] for day in clock["days"] if day.get("event")}
        assert "supervision.special_procedure_supplemented.v1" in leaned


async def test_a_missed_reminder_of_a_day_that_never_was_counts_no_longer(
    platform: Platform, tmp_path: Path
) -> None:
    async with stood(platform) as (place, service):
        w = place.world
        matter, due_on = await accepted(place)
        place.told(matter)["pack"] = service.floor.packs.for_area("430600").edition
        await place.ask(matter, "log", {"kind": "note", "entry": "按另一地方案办理"})
        began = legal_day(w.clock())
        while legal_day(w.clock()) <= due_on:
            w.advance(days=1)
        await looked(place, service)
        span = {"since": began.isoformat(), "until": legal_day(w.clock()).isoformat()}

        async def missed() -> Any:
            found = await w.get(
                "supervision", "/reminders/missed", "office", area=w.area, limit=200, **span
            )
            return next(row for row in found["rows"] if row["matter"] == str(matter))

        assert (await missed())["corrected_on"] is None
        late = {"effective": began.isoformat(), "late_reason": "补录"}
        path = f"items/{PERMIT}/special-procedure"
        await place.ask(matter, path, {**REVIEW, **late}, "approver")
        await looked(place, service)
        assert (await missed())["corrected_on"] is not None


async def test_how_far_a_workbook_is_can_be_asked_of_any_replica(
    platform: Platform, tmp_path: Path
) -> None:
    async with stood(platform) as (place, service):
        w = place.world
        one, other, run, who = (
            Runs(service.floor),
            Runs(service.floor),
            new_id(),
            place.id("office"),
        )
        seen = []

        async def work(told: Any) -> str:
            told("writing", 7_000)

            async def asked() -> Any:
                return await other.of(run, who)

            seen.append(await w.eventually(asked, lambda found: found and found.rows == 7_000))
            return "made"

        assert await one.make(run, who, work) == "made"
        assert seen[0].step == "writing"
        told = await w.get("supervision", f"/returns/runs/{run}", "office")
        assert told["step"] == "done"
        stranger = await w.client("supervision", "clerk").get(f"/returns/runs/{run}")
        assert stranger.status_code == 404

        async def broken(told: Any) -> str:
            raise RuntimeError("no such ledger")

        lost = new_id()
        with pytest.raises(RuntimeError):
            await one.make(lost, who, broken)
        failed = await other.of(lost, who)
        assert failed is not None and failed.step == "failed"

        async def quick(told: Any) -> str:
            return "done"

        await other.make(run, place.id("clerk"), quick)
        mine = await one.of(run, who)
        assert mine is not None and await one.of(run, place.id("clerk")) is None
