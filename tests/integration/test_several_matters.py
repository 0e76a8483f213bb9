"""Several matters are asked for at once: the same answers as one by one, and nobody else's."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from contracts.subjects import SERVICES
from services.onebox.demo.scene import Scene
from services.onebox.demo.show import ACTS
from services.onebox.demo.walk import Walk
from services.onebox.platform import Platform
from shared.packs import Packs
from tests.bench.desks import AREA, another
from tests.world import World, world

ASKED = ("intake", "assignment", "supervision")
MOVES = ("position", "routing", "chief")
"""What a single answer says beside, or what moves with every event of anybody."""


@pytest.fixture(scope="module")
async def lived(platform: Platform) -> AsyncIterator[tuple[World, list[str]]]:
    """Two matters at work, each of its own project."""
    async with world(platform, SERVICES) as w:
        found = []
        for name in ("甲", "乙"):
            place = another(w.demo, name)
            async with Walk(w.addresses, {p.key: p for p in place.people}) as walk:
                scene = Scene(walk, place, Packs.load(None).for_area(AREA), lambda _: None)
                await scene.next_working_day()
                for act in ACTS[:4]:
                    await act(scene)
                found.append(scene.matter)
        yield w, found


def asked(*ids: str) -> str:
    return "/several-matters?" + "&".join(f"id={id}" for id in ids)


@pytest.mark.parametrize("service", ASKED)
async def test_each_is_answered_as_it_is_alone(
    lived: tuple[World, list[str]], service: str
) -> None:
    w, (one, other) = lived
    told = await w.get(service, "/several-matters", "unit", id=[other, one, str(uuid4()), one])
    assert [row["id"] for row in told["items"]] == [other, one]
    for row in told["items"]:
        alone = await w.get(service, f"/matters/{row['id']}", "unit")
        for name in MOVES:
            alone.pop(name, None)
            row.pop(name, None)
        assert row == alone


@pytest.mark.parametrize("service", ASKED)
async def test_what_is_not_the_readers_is_left_out_and_nonsense_refused(
    lived: tuple[World, list[str]], service: str
) -> None:
    w, (one, other) = lived
    both = {"id": [one, other]}
    assert (await w.get(service, "/several-matters", "other", **both))["items"] == []
    assert len((await w.get(service, "/several-matters", "unit", **both))["items"]) == 2
    client = w.client(service)
    assert (await client.get(asked(one))).status_code == 401
    client = w.client(service, "agent")
    for wrong in (
        "/several-matters",
        asked("no-id"),
        asked(*(str(uuid4()) for _ in range(51))),
    ):
        assert (await client.get(wrong)).status_code == 422
