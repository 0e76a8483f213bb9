"""The lists of the office as of an earlier position say what they said then."""

from collections.abc import Sequence
from datetime import timedelta

from services.onebox.platform import Platform
from services.supervision.service import legal_day
from tests.integration.past_scene import Asked, Lists, patient
from tests.integration.supervision_scene import FILING, PERMIT, Place, placed


def of_area(area: str) -> Sequence[Asked]:
    here = {"area": area}
    return (
        ("/owed", "office", here),
        ("/issues", "office", here),
        ("/issues/digest", "office", here),
        ("/items", "office", here),
        ("/items", "office", here | {"state": "submitted"}),
        ("/returns", "office", here),
        ("/inspections", "office", here),
        ("/morning", "office", here),
        ("/morning", "office", here | {"since": "2026-01-01", "kind": "stalled"}),
        ("/ladders/effects", "office", here),
        ("/due-shifts", "office", here),
    )


async def test_each_list_of_the_office_says_at_every_position_what_it_said_then(
    platform: Platform,
) -> None:
    async with placed(platform) as place:
        lists = Lists(place.world, "supervision", of_area(place.world.area))
        await lists.look()
        matter = await place.matter()
        await place.granted(matter, FILING)
        await place.filed(matter, PERMIT)
        await lists.look()
        opened = {"kind": "coordination", "items": [PERMIT], "description": "管线迁改未定"}
        await place.ask(matter, "issues", opened)
        (issue,) = (await place.read(matter))["issues"]["open"]
        await lists.look()
        await _in_the_office(place)
        await lists.look()
        await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
        held = {"issue": issue["id"], "outcome": "solved", "resolution": "已解决"}
        await place.ask(matter, "issues/resolved", held)
        await lists.look()
        await lists.hold()
        await _the_version_is_that_of_then(lists, place.world.area)


async def _in_the_office(place: Place) -> None:
    """An inspection, a call for a return, and one that is filed without being called for."""
    w = place.world
    found = {"area": w.area, "body": "park_i", "shortcomings": 2, "findings": "两处不足"}
    await w.post("supervision", "/inspections", found, "office", expect=201)
    filed = {
        "area": w.area, "body": "depts", "form": "issues", "quarter": "2026-Q4", "nil": True,
        "cut": 1,
    }  # fmt: skip
    await w.post("supervision", "/returns", filed, "department", expect=201)


async def _the_version_is_that_of_then(lists: Lists, area: str) -> None:
    """Who commands on what he saw of the past is told that it was changed since."""
    first, last = min(lists.said), max(lists.said)
    tags = [
        (await patient(lists.w, "supervision", "office", "/returns", area=area, at=at)).headers[
            "etag"
        ]
        for at in (first, last)
    ]
    assert tags[0] == '"0"' and int(tags[1].strip('"')) > 0


async def test_a_morning_of_then_is_that_of_its_day_whatever_was_done_since(
    platform: Platform,
) -> None:
    async with placed(platform) as place:
        w = place.world
        matter = await place.matter()
        await place.granted(matter, FILING)
        await place.filed(matter, PERMIT)
        await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
        asked = {"area": w.area, "since": "2026-01-01"}
        lists = Lists(
            w, "supervision",
            [("/morning", "office", asked | more) for more in ({}, {"kind": "silent"})],
        )  # fmt: skip
        w.advance(days=60)
        await place.ask(matter, "log", {"kind": "note", "entry": "到期未批"})
        late = await lists.look()
        (rows,) = lists.said[late][0]["crossed"].values()
        assert [row["item"] for row in rows] == [PERMIT]
        decided = {"outcome": "approved"}
        await place.ask(matter, f"items/{PERMIT}/decision", decided, "approver")
        done = await lists.look()
        assert lists.said[done][0]["crossed"] == {}
        w.advance(days=30)
        await place.ask(matter, "log", {"kind": "note", "entry": "已办"})
        await lists.look()
        assert await lists.replayed(late) == lists.said[late]
        await lists.hold()


async def test_what_was_late_then_is_told_by_the_day_of_then(platform: Platform) -> None:
    async with placed(platform) as place:
        w = place.world
        matter = await place.matter()
        await place.granted(matter, FILING)
        await place.filed(matter, PERMIT)
        await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
        lists = Lists(
            w, "supervision", [("/items", "office", {"area": w.area, "overdue": True})]
        )
        before = await lists.look()
        assert lists.said[before][0]["rows"] == []
        due = (await place.item(matter, PERMIT))["due_on"]
        w.advance(days=90)
        assert due < (legal_day(w.clock()) - timedelta(days=1)).isoformat()
        await place.ask(matter, "log", {"kind": "note", "entry": "仍无回音"})
        await lists.look()
        assert (await lists.replayed(before))[0]["rows"] == []
        await lists.hold()
