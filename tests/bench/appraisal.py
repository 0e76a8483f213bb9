"""How long does an appraisal over 100,000 matters take, and does a replay from zero agree?"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from contracts.evaluation import (
    BadRatingOpened,
    BadRatingRectified,
    ComplaintAnswered,
    ComplaintReceived,
    EvaluationInvited,
    EvaluationRecorded,
    ReturnVisitMade,
    Score,
)
from contracts.event import Event, Personal
from contracts.registry import BY_SERVICE
from contracts.vocabulary import SATISFACTION, Verdict
from services.evaluation.app import SPEC
from services.evaluation.app import build as built
from services.evaluation.domain.formulas import explained
from services.evaluation.domain.quarters import bounds
from services.onebox.platform import Platform
from shared.decider import Decider
from shared.effects import monotonic
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.units import Act
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Step
from shared.projecting import told_of
from shared.runtime import Floor, Parts
from tests.bench.recount import Recount, Whom
from tests.integration.evaluation_scene import EDITION
from tests.integration.stand_in import StandIn
from tests.world import World, world

MATTERS = 100_000
"""`python -m tests.bench.appraisal 10000` measures fewer; the promise is about 100,000."""
TOGETHER, AT_ONCE = 50, 1_000
"""Matters in one unit, and in the units that are under way at once."""
AGENTS = 400
BODIES = ("park_i", "depts")
LEVELS = tuple(SATISFACTION)
VIEWS = ("view_invitations", "view_ratings", "view_visits", "view_bad_ratings", "view_complaints",
         "view_prompts")  # fmt: skip
PATIENCE = 600.0


@dataclass(frozen=True)
class Words:
    """What a matter's stream is told."""

    events: tuple[Event, ...]


def said_of(n: int) -> tuple[Event, ...]:
    """A matter that was invited, and but for every tenth rated; now and then badly, with what
    follows from that, and now and then called on or complained of."""
    agent, body = f"p:01990000-0000-7000-8000-{n % AGENTS:012}", BODIES[n % AGENTS % 2]
    invited = EvaluationInvited(
        invitation=derived(NAMESPACE, f"i{n}"),
        instrument="overall",
        agent=agent,
        agent_body=body,
        served_by=(agent,),
        asked_by="hall",
        respondent="applicant_lead",
        items=1 + n % 20,
        rule="evaluation.instruments.overall",
    )
    if n % 10 == 0:
        return (invited,)
    rated = EvaluationRecorded(
        evaluation=derived(NAMESPACE, f"r{n}"),
        instrument="overall",
        invitation=invited.invitation,
        agent=agent,
        respondent="applicant_lead",
        level=LEVELS[n % 5],
        scores=(Score(indicator="attitude", level=LEVELS[n % 4]),),
    )
    return invited, rated, *_afterwards(n, agent, body, rated)


def _afterwards(n: int, agent: str, body: str, rated: EvaluationRecorded) -> Iterator[Event]:
    if n % 50 == 3:
        bad, due_on = derived(NAMESPACE, f"b{n}"), date(2026, 1, 1 + n % 28)
        rule = "evaluation.bad_rating"
        yield BadRatingOpened(
            bad_rating=bad, evaluation=rated.evaluation, agent=agent, owner="a:hall",
            due_on=due_on if n % 100 == 3 else date(2099, 1, 1), rule=rule,
        )  # fmt: skip
        if n % 150 != 3:
            yield BadRatingRectified(
                bad_rating=bad, verdict="upheld", visited_back=True, measures=Personal("已整改")
            )
    if n % 50 == 11:
        yield ReturnVisitMade(
            return_visit=derived(NAMESPACE, f"v{n}"), body="hall", agent=agent,
            agent_body=body, means="phone", reached=n % 100 == 11,
        )  # fmt: skip
    if n % 100 == 17:
        complaint = derived(NAMESPACE, f"c{n}")
        yield ComplaintReceived(
            complaint=complaint, kind="conduct", against=agent, body=body, to="hall",
            rule="evaluation.complaints", words=Personal("投诉"),
        )  # fmt: skip
        verdict: Verdict = "upheld" if n % 200 == 17 else "not_upheld"
        yield ComplaintAnswered(complaint=complaint, verdict=verdict, answer=Personal("答复"))


async def filled(floor: Floor, area: str, day: str, matters: int) -> float:
    """Seconds to record them, durably, each in a stream of its own."""
    decider: Decider[Words, None, Event, None] = Decider(
        None, lambda state, _: state, lambda words, *_: words.events
    )
    said = Aggregate("said", decider, Vocabulary(BY_SERVICE["evaluation"]))

    def step(n: int) -> Step[Words, None, Event, None]:
        id = derived(NAMESPACE, f"m{n}")
        act = Act("s:evaluation", area, day, pack=EDITION, matter=id)
        return Step(Asked(derived(NAMESPACE, f"o{n}"), act), said, id, Words(said_of(n)), None)

    async def some(units: range) -> None:
        await floor.handling.handle(*(step(n) for n in units))

    began = monotonic()
    for first in range(0, matters, AT_ONCE):
        last = min(first + AT_ONCE, matters)
        starts = range(first, last, TOGETHER)
        await asyncio.gather(*(some(range(n, min(n + TOGETHER, last))) for n in starts))
        if first % 10_000 == 0:
            print(f"recorded {first}", file=sys.stderr, flush=True)
    return monotonic() - began


async def settled(w: World, dsn: str) -> float:
    """Seconds until every view has read the whole log."""
    connection = await asyncpg.connect(dsn)
    began = monotonic()
    deadline = began + PATIENCE
    try:
        while True:
            behind = await connection.fetchval(
                "SELECT (SELECT max(position) FROM events) - min(position) FROM cursors "
                "WHERE reader LIKE 'view:%'"
            )
            if behind == 0:
                return monotonic() - began
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


async def counted(w: World, quarter: str, **whose: str) -> tuple[float, Any]:
    """Seconds of the count over HTTP, and its answer."""
    began = monotonic()
    asked = {"area": w.area, "quarter": quarter, **whose}
    answer = await w.client("evaluation", "office").get(
        "/appraisals/count", params=asked, timeout=120
    )
    assert answer.status_code == 200, answer.text
    return monotonic() - began, answer.json()


async def every(w: World, quarter: str) -> list[Any]:
    """Everybody's figures, each body's, and those of some agents."""
    agents = [f"p:01990000-0000-7000-8000-{n:012}" for n in (0, 3, 17)]
    whose: list[dict[str, str]] = [
        {}, *({"body": b} for b in BODIES), *({"agent": a} for a in agents)
    ]  # fmt: skip
    return [(await counted(w, quarter, **one))[1] for one in whose]


async def by_hand(floor: Floor, told: list[Any]) -> list[str]:
    """What differs when every fact of the log is counted again without a table."""
    recount, after = Recount(), 0
    while entries := await floor.log.after(after, 5_000):
        recount.follow(map(told_of, entries))
        after = entries[-1].position
    found = []
    for one in told:
        whom = Whom(*bounds(one["quarter"]), one["agent"], one["body"])
        measures, unrated = recount.measures(whom)
        again = {**one, "measures": [explained(m) for m in measures], "unrated": unrated}
        found += differences(one, again)
    return found


def differences(was: Any, now: Any) -> list[str]:
    """The figures that are not the same, each with both of its values."""
    before, after = (
        {m["measure"]: m for m in one["measures"]} | {"unrated": one["unrated"]}
        for one in (was, now)
    )
    return [
        f"{was['agent'] or was['body'] or was['area']} {name}: {before.get(name)} is "
        f"{after.get(name)}"
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    ]


async def appraised(platform: Platform, matters: int) -> dict[str, float]:
    """Seconds of the count, and of reading the log from zero; 1.0 where both replays are equal."""
    floors: list[Floor] = []

    async def build(floor: Floor) -> Parts:
        floors.append(floor)
        return await built(floor)

    others = [StandIn(name) for name in ("intake", "assignment", "supervision")]
    spec = replace(SPEC, build=build)
    async with world(platform, [*(o.spec for o in others), spec]) as w:
        dsn, today = w.databases.services["evaluation"], w.today()
        quarter = f"{today.year}-Q{(today.month + 2) // 3}"
        recorded = await filled(floors[0], w.area, today.isoformat(), matters)
        projected = await settled(w, dsn)
        first, told = await counted(w, quarter)
        second, _ = await counted(w, quarter)
        assert {m["measure"]: m["value"] for m in told["measures"]}["matters"] == str(matters)
        before = await every(w, quarter)
        began = monotonic()
        differ = await by_hand(floors[0], before)
        by_hand_s = monotonic() - began
        began = monotonic()
        await from_zero(dsn)
        await settled(w, dsn)
        replayed = monotonic() - began
        for was, now in zip(before, await every(w, quarter), strict=True):
            differ += differences(was, now)
        for line in differ:
            print(line, file=sys.stderr, flush=True)
        return {
            "appraisal_s": round(first, 2),
            "appraisal_again_s": round(second, 2),
            "appraisal_replayed_s": round(replayed, 1),
            "appraisal_by_hand_s": round(by_hand_s, 1),
            "appraisal_recorded_s": round(recorded + projected, 1),
            "appraisal_replay_equal": float(not differ),
        }


async def main(matters: int) -> None:
    home = tempfile.mkdtemp(prefix="onefile-bench-")
    async with Platform(Path(home), pg_port=0, nats_port=0, say=lambda _: None) as platform:
        print(json.dumps(await appraised(platform, matters)))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else MATTERS))
