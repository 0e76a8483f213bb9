"""How long does an appraisal over 100,000 matters take, and does a replay from zero agree?"""

import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from contracts.evaluation import EvaluationInvited, EvaluationRecorded, Score
from contracts.event import Event
from contracts.vocabulary import SATISFACTION
from services.evaluation.app import SPEC
from services.evaluation.app import build as built
from services.onebox.platform import Platform
from shared.decider import Decider
from shared.effects import monotonic
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.units import Act
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Step
from shared.runtime import Floor, Parts
from tests.integration.evaluation_scene import EDITION
from tests.integration.stand_in import StandIn
from tests.world import World, world

MATTERS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
"""`python -m tests.bench.appraisal 10000` measures fewer; the promise is about 100,000."""
TOGETHER, AT_ONCE = 50, 1_000
"""Matters in one unit, and in the units that are under way at once."""
AGENTS = 400
LEVELS = tuple(SATISFACTION)
VIEWS = ("view_invitations", "view_ratings", "view_visits", "view_bad_ratings")
PATIENCE = 600.0


@dataclass(frozen=True)
class Words:
    """What a matter's stream is told."""

    events: tuple[Event, ...]


def said_of(n: int) -> tuple[Event, ...]:
    """A matter that was invited, and but for every tenth rated."""
    agent = f"p:01990000-0000-7000-8000-{n % AGENTS:012}"
    invited = EvaluationInvited(
        invitation=derived(NAMESPACE, f"i{n}"),
        instrument="overall",
        agent=agent,
        agent_body="park_i",
        served_by=(agent,),
        asked_by="hall",
        respondent="applicant_lead",
        items=1 + n % 20,
        rule="evaluation.instruments.overall",
    )
    if n % 10 == 0:
        return (invited,)
    return invited, EvaluationRecorded(
        evaluation=derived(NAMESPACE, f"r{n}"),
        instrument="overall",
        invitation=invited.invitation,
        agent=agent,
        respondent="applicant_lead",
        level=LEVELS[n % 5],
        scores=(Score(indicator="attitude", level=LEVELS[n % 4]),),
    )


async def filled(floor: Floor, area: str, day: str) -> float:
    """Seconds to record them, durably, each in a stream of its own."""
    decider: Decider[Words, None, Event, None] = Decider(
        None, lambda state, _: state, lambda words, *_: words.events
    )
    said = Aggregate("said", decider, Vocabulary((EvaluationInvited, EvaluationRecorded)))

    def step(n: int) -> Step[Words, None, Event, None]:
        id = derived(NAMESPACE, f"m{n}")
        act = Act("s:evaluation", area, day, pack=EDITION, matter=id)
        return Step(Asked(derived(NAMESPACE, f"o{n}"), act), said, id, Words(said_of(n)), None)

    async def some(first: int) -> None:
        await floor.handling.handle(*(step(n) for n in range(first, first + TOGETHER)))

    began = monotonic()
    for first in range(0, MATTERS, AT_ONCE):
        units = range(first, first + AT_ONCE, TOGETHER)
        await asyncio.gather(*(some(n) for n in units))
        if first % 10_000 == 0:
            print(f"recorded {first}", file=sys.stderr, flush=True)
    return monotonic() - began


async def settled(w: World, dsn: str) -> None:
    """Until every view has read the whole log."""
    connection = await asyncpg.connect(dsn)
    deadline = monotonic() + PATIENCE
    try:
        while True:
            behind = await connection.fetchval(
                "SELECT (SELECT max(position) FROM events) - min(position) FROM cursors "
                "WHERE reader LIKE 'view:%'"
            )
            if behind == 0:
                return
            assert monotonic() < deadline, f"the views are {behind} behind"
            await asyncio.sleep(0.5)
    finally:
        await connection.close()


async def from_zero(dsn: str) -> None:
    """Forget every view and let it read the log from its beginning again."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute(
                "UPDATE cursors SET position = 0 WHERE reader LIKE 'view:%'"
            )
            for view in VIEWS:
                await connection.execute(f"DELETE FROM {view}")
    finally:
        await connection.close()


async def counted(w: World, quarter: str) -> tuple[float, Any]:
    began = monotonic()
    answer = await w.client("evaluation", "office").get(
        "/appraisals/count",
        params={"area": w.area, "quarter": quarter, "body": "park_i"},
        timeout=120,
    )
    assert answer.status_code == 200, answer.text
    return monotonic() - began, answer.json()


async def appraised(platform: Platform) -> dict[str, float]:
    """Seconds of the count, and of reading the log from zero; 1.0 for `replay_equal`."""
    floors: list[Floor] = []

    async def build(floor: Floor) -> Parts:
        floors.append(floor)
        return await built(floor)

    others = [StandIn(name) for name in ("intake", "assignment", "supervision")]
    spec = replace(SPEC, build=build)
    async with world(platform, [*(o.spec for o in others), spec]) as w:
        dsn, today = w.databases.services["evaluation"], w.clock().date()
        quarter = f"{today.year}-Q{(today.month + 2) // 3}"
        recorded = await filled(floors[0], w.area, today.isoformat())
        await settled(w, dsn)
        first, told = await counted(w, quarter)
        second, _ = await counted(w, quarter)
        assert {m["measure"]: m["value"] for m in told["measures"]}["matters"] == str(MATTERS)
        began = monotonic()
        await from_zero(dsn)
        await settled(w, dsn)
        replayed = monotonic() - began
        _, again = await counted(w, quarter)
        return {
            "appraisal_s": round(first, 2),
            "appraisal_again_s": round(second, 2),
            "appraisal_replayed_s": round(replayed, 1),
            "appraisal_recorded_s": round(recorded, 1),
            "appraisal_replay_equal": float(again == told),
        }


async def main() -> None:
    home = tempfile.mkdtemp(prefix="onefile-bench-")
    async with Platform(Path(home), pg_port=0, nats_port=0, say=lambda _: None) as platform:
        print(json.dumps(await appraised(platform)))


if __name__ == "__main__":
    uvloop.run(main())
