"""The demonstration begins while offices are open for hours yet, whatever the day and the hour."""

from datetime import date, datetime
from typing import cast

import pytest

from services.onebox.demo.scene import Scene
from services.onebox.demo.walk import Walk
from services.onebox.people import demos
from shared.clock import LEGAL_ZONE
from shared.packs import Packs


class At:
    """Hands that only look at the clock and move it on."""

    def __init__(self, now: str) -> None:
        self.now = datetime.fromisoformat(now).replace(tzinfo=LEGAL_ZONE)

    async def now_is(self) -> datetime:
        return self.now

    async def until_day(self, day: date) -> None:
        assert day >= self.now.date()


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-23T00:10", "2026-11-23"),
        ("2026-11-23T16:59", "2026-11-23"),
        ("2026-11-23T17:00", "2026-11-24"),
        ("2026-11-27T23:59", "2026-11-30"),  # the last minute of a Friday
        ("2026-11-29T12:00", "2026-11-30"),
        ("2026-12-31T23:50", "2027-01-04"),
        ("2028-02-29T10:00", "2028-02-29"),
    ],
)
async def test_it_never_begins_so_late_that_midnight_comes_in_between(
    now: str, begins: str
) -> None:
    demo = demos()[0]
    rules = Packs.load(None).for_area(demo.area)
    scene = Scene(cast(Walk, At(now)), demo, rules, lambda _: None)
    assert (await scene.next_working_day()).isoformat() == begins
