"""Archive's order across services: an effect never stands before its cause."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from contracts.assignment import MatterRouted
from contracts.canonical import leaf_hash
from services.archive.app import SPEC
from services.archive.inbox import Filing
from services.archive.service import FILE, Archive
from services.onebox.platform import Platform
from shared.decider import Refused
from shared.effects import new_id
from shared.envelope import Heard
from shared.eventstore.identity import origin_of
from shared.runtime import Floor, Parts
from tests.integration.archive_scene import Scene, Speaker, invitation
from tests.unit.archive.examples import MATTER, Telling, accepted, heard, logged, requested
from tests.world import world


@dataclass
class Listening:
    """Archive without ears: a test says what it hears, and when."""

    archive: Archive
    filing: Filing

    async def hear(self, *messages: Heard) -> None:
        """As an ear would, one unit for all."""
        steps = [step for h in messages for step in await self.filing.hear(h)]
        if steps:
            await self.archive.floor.handling.handle(*steps)

    async def order(self) -> list[tuple[str, int]]:
        """What is on file, in archive's order."""
        filed = await self.archive.queries.filed(MATTER)
        return [(e.copy.store, e.copy.position) for e in filed.entries if e.copy]


@pytest.fixture(scope="module")
async def alone(platform: Platform) -> AsyncIterator[list[Floor]]:
    floors: list[Floor] = []

    async def build(floor: Floor) -> Parts:
        floors.append(floor)
        return Parts(service=Archive(floor), routers=[])

    async with world(platform, [replace(SPEC, hears=(), build=build)]):
        yield floors


@pytest.fixture
def listening(alone: list[Floor]) -> Listening:
    archive = Archive(alone[0])
    return Listening(archive, Filing(archive))


async def test_effects_are_filed_after_their_causes_in_whatever_order_they_are_heard(
    listening: Listening,
) -> None:
    telling = Telling()
    request = heard(telling.body("intake", requested, MATTER))
    routed = MatterRouted(site="elsewhere", to=("depts",), lead="depts", rule="routing")
    cause = origin_of("assignment", "s:intake", "heard", str(request.id))
    effect = heard(telling.body("assignment", routed, MATTER), cause, "intake")
    behind = heard(telling.body("assignment", routed, MATTER))
    second = origin_of("supervision", "s:assignment", "heard", str(behind.id))
    later = heard(telling.body("supervision", logged, MATTER), second, "assignment")
    free = heard(telling.body("evaluation", invitation("s:hall"), MATTER))

    await listening.hear(later)
    await listening.hear(effect, behind)
    await listening.hear(effect)  # again, as after a crash
    await listening.filing.release()
    await listening.hear(free)
    assert await listening.order() == [("evaluation", 1)]
    await listening.hear(request)
    await listening.filing.release()
    await listening.filing.release()
    await listening.hear(request, effect, behind, later, free)  # all once more
    assert await listening.order() == [
        ("evaluation", 1),
        ("intake", 1),
        ("assignment", 1),
        ("assignment", 2),
        ("supervision", 1),
    ]
    assert await listening.archive.queries.waiting() == []


async def test_another_body_at_a_place_that_was_heard_is_refused(listening: Listening) -> None:
    telling, other = Telling(), new_id()
    for _ in range(40):
        telling.body("intake", accepted, other)
    true = heard(telling.body("intake", requested, other, matter=str(other)))
    await listening.hear(true)
    body = true.body.replace(b'"channel":null', b'"channel":"app"')
    forged = true._replace(body=body, leafhash=leaf_hash(body).hex())
    with pytest.raises(Refused) as refused:
        await listening.hear(forged)
    assert refused.value.code == "copy_differs"
    version, _ = await listening.archive.floor.handling.state_of(FILE, other)
    assert version == 2


async def test_nobody_closes_a_file_while_a_store_does_not_answer(platform: Platform) -> None:
    intake = Speaker("intake")
    async with world(platform, [intake.spec(), "archive"]) as w:
        s = Scene(w, {"intake": intake}, 1)
        await s.request()
        await s.file()
        unknown = await w.post("archive", f"{s.path}/closing", person="archivist")
        assert unknown.status_code == 503
