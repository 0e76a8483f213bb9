"""A list asked for as of an earlier position says what it said then; today's says what is now."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.onebox.platform import Platform
from shared import past, shadow
from shared.clock import LEGAL_ZONE
from shared.effects import new_id, system_clock
from tests.integration.door_scene import ask, eager, received, registered
from tests.integration.past_scene import Asked, Lists, patient
from tests.world import World, world

DOOR: Sequence[Asked] = (
    ("/contacts", "clerk", {"mine": True}),
    ("/contacts", "clerk", {"left_over": True}),
    ("/contacts", "agent", {"offered": True}),
    ("/questions", "clerk", {}),
    ("/notices", "clerk", {}),
    ("/hotline-orders", "clerk", {}),
    ("/bookings", "clerk", {"all": True}),
    ("/bookings", "unit", {}),
    ("/acceptances-due", "clerk", {}),
    ("/outreach", "clerk", {"open": True}),
    ("/help-prompts", "clerk", {}),
    ("/approvals", "office", {}),
)
"""The lists of intake that can be had as of an earlier position: path, who asks, what for."""


@pytest.fixture(scope="module")
async def w(
    platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    packs = eager(tmp_path_factory.mktemp("eager"))
    async with world(platform, ["intake"], packs=packs) as made:
        yield made


async def test_each_list_of_the_door_says_at_every_position_what_it_said_then(w: World) -> None:
    lists = Lists(w, "intake", DOOR)
    await lists.look()
    contact = await received(w, topic="drainage")
    await lists.look()
    await ask(w, f"/contacts/{contact}/handover-offers", {"to_role": "agent"})
    question = {"items": ["S3-05"], "question": "排水许可需要哪些条件"}
    await ask(w, f"/contacts/{contact}/referrals", question)
    await ask(w, f"/contacts/{contact}/notices", {"items": ["S1-01"], "receiver": "甲"})
    await lists.look()
    await ask(w, f"/contacts/{contact}/handover", {}, "agent")
    await registered(w, facts={"flags": ["newly_settled"]})
    await w.until("intake", "/outreach", lambda page: page["items"], "clerk")
    await lists.look()
    booking = await _asked_for(w)
    await lists.look()
    await ask(w, f"/bookings/{booking}/ending", {"ending": "cancelled"}, "unit")
    await lists.look()
    w.advance(days=1)
    await ask(w, f"/contacts/{await received(w)}/closing", {"outcome": "done"})
    await lists.look()
    await lists.hold("/acceptances-due", "/approvals", "/help-prompts")


async def _asked_for(w: World) -> str:
    """A visit was booked, and the hotline was called; the booking."""
    begins = (w.clock() + timedelta(days=3)).isoformat()
    booked = {"area": w.area, "begins_at": begins, "minutes": 30, "topic": "drainage"}
    order = {
        "area": w.area, "order": f"12345-{new_id().hex}", "called_at": system_clock(),
        "limit_days": 3, "wording": "询问办理进度", "caller": "甲",
    }  # fmt: skip
    await ask(w, "/hotline-orders", order, expect=201)
    return str((await ask(w, "/bookings", booked, "unit", 201))["id"])


async def test_an_instant_means_the_last_position_recorded_by_then(w: World) -> None:
    lists = Lists(w, "intake", [("/contacts", "clerk", {"mine": True})])
    before = await lists.look()
    told = await w.get("intake", "/log/position", "clerk", at=before)
    contact = await received(w)
    after = await lists.look()
    later = await w.get("intake", "/log/position", "clerk", at=after)
    moments = [datetime.fromisoformat(one["recorded"]) for one in (told, later)]
    just_before = moments[1] - timedelta(microseconds=1)
    for at, position in (
        (moments[0], before), (moments[1], after), (just_before, after - 1),
        (datetime.fromisoformat("2001-01-01T00:00:00+08:00"), 0),
    ):  # fmt: skip
        asked: dict[str, Any] = {"mine": True, "at": at.isoformat(), "limit": 200}
        answer = await patient(w, "intake", "clerk", "/contacts", **asked)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Onefile-Position"] == str(position)
        there = contact in {row["id"] for row in answer.json()["items"]}
        assert there is (position >= after)
    lost_plus = moments[1].astimezone(LEGAL_ZONE).isoformat()
    assert "+" in lost_plus
    everything = await patient(w, "intake", "clerk", f"/contacts?at={lost_plus}&limit=200")
    assert everything.json()["items"], "a plus sign that was read as a blank"


@pytest.mark.parametrize(
    "at", ["yesterday", "-1", "2026-01-01T08:00", "0001-01-01T00:00:00+08:00x", "٣", "9" * 40]
)
async def test_what_is_no_time_of_the_log_is_refused(w: World, at: str) -> None:
    answer = await w.client("intake", "clerk").get("/contacts", params={"at": at})
    assert answer.status_code in (400, 422), answer.text
    beyond = await w.client("intake", "clerk").get("/contacts", params={"at": "9" * 12})
    assert beyond.status_code == 400
    assert beyond.json()["type"].endswith(":bad_parameter")


async def test_a_log_that_is_too_long_to_replay_is_refused_by_its_name(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await received(w)
    position = int((await w.get("intake", "/log/position", "clerk"))["position"])
    monkeypatch.setattr(past, "LONGEST", position - 1)
    client = w.client("intake", "clerk")
    refused = await client.get("/contacts", params={"at": position})
    assert refused.status_code == 409
    said = refused.json()
    assert said["type"] == "urn:onefile:problem:past_too_long"
    assert (said["position"], said["at_most"]) == (position, position - 1)
    allowed = await patient(w, "intake", "clerk", "/contacts", at=position - 1)
    assert allowed.status_code == 200


async def test_what_takes_longer_than_a_request_goes_on_with_the_next(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no patience at all nothing is replayed in the first request, and it says so."""
    await received(w)
    position = int((await w.get("intake", "/log/position", "clerk"))["position"])
    client = w.client("intake", "clerk")
    with monkeypatch.context() as hurried:
        hurried.setattr(past, "PATIENCE", 0.0)
        waits = await client.get("/help-prompts", params={"at": position})
    assert waits.status_code == 503 and waits.headers["Retry-After"]
    assert waits.json()["type"].endswith(":behind")
    done = await patient(w, "intake", "clerk", "/help-prompts", at=position)
    assert done.status_code == 200


async def test_many_readers_of_different_times_each_get_their_own(w: World) -> None:
    lists = Lists(w, "intake", [("/contacts", "clerk", {"mine": True})])
    positions = []
    for _ in range(3):
        await received(w)
        positions.append(await lists.look())
    asked = [position for _ in range(4) for position in positions]
    found = await asyncio.gather(*(lists.replayed(position) for position in asked))
    for position, said in zip(asked, found, strict=True):
        assert said == lists.said[position]


async def test_lists_of_the_same_time_that_are_asked_together_read_the_log_once(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is of another view: whoever replays feeds what the others wait for as well."""
    await received(w)
    position = int((await w.get("intake", "/log/position", "clerk"))["position"])
    assert position < shadow.SLICE
    read, fill = shadow.told_between, past.Past._fill
    slices, seen, go = list[int](), list[past.Past](), asyncio.Event()

    async def counted(connection: Any, after: int, upto: int) -> Any:
        slices.append(after)
        return await read(connection, after, upto)

    async def gated(self: past.Past, *asked: Any) -> None:
        seen.append(self)
        await go.wait()
        await fill(self, *asked)

    monkeypatch.setattr(past, "told_between", counted)
    monkeypatch.setattr(past.Past, "_fill", gated)
    lists = Lists(w, "intake", [DOOR[0], ("/acceptances-due", "clerk", {}), DOOR[9], DOOR[11]])
    together = asyncio.gather(*(lists.one(*one, at=position) for one in lists.lists))

    async def waiting() -> int:
        return len(seen[0]._asked) if seen else 0

    await w.eventually(waiting, lambda views: views == len(lists.lists))
    go.set()
    found = await together
    assert len(slices) == 1
    assert found == [
        await lists.one(path, person, asked, min_position=position)
        for path, person, asked in lists.lists
    ]
