"""How long does the plan of a project with every item of the catalogue take, and its chart?"""

from collections.abc import Callable
from datetime import date
from statistics import median, quantiles
from uuid import UUID

from contracts.supervision import PlanMade
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import ArrangePlan, DateMilestone
from services.supervision.domain.drawing import draw
from services.supervision.domain.facts import Engagement, Facts
from services.supervision.domain.gantt import gantt_of
from services.supervision.domain.state import INITIAL
from shared.effects import monotonic
from shared.packs import Packs

BEGUN = date(2026, 3, 2)
TIMES = 200
MILESTONES = {
    "MS-LAND": BEGUN,
    "MS-START": date(2026, 8, 3),
    "MS-DONE": date(2026, 11, 2),
}


def planned() -> dict[str, float]:
    """Milliseconds of making the plan of every item, of its Gantt data and of its drawing."""
    rules = Packs.load(None).all()[0]
    facts = Facts(BEGUN, BEGUN, rules.pack, rules.catalogue, rules.calendar)
    everything = ArrangePlan(items=tuple(item.id for item in rules.catalogue.items))
    (made,) = DECIDER.decide(everything, INITIAL, facts)
    assert isinstance(made, PlanMade)
    matter = DECIDER.fold([made])
    for name, day in MILESTONES.items():
        asked = DateMilestone(milestone=name, falls_on=day)
        matter = DECIDER.fold(DECIDER.decide(asked, matter, facts), matter)
    known = Facts(
        BEGUN,
        BEGUN,
        rules.pack,
        rules.catalogue,
        rules.calendar,
        engagement=Engagement(id=UUID(int=1), area=rules.pack.jurisdiction.code),
    )
    moved = DateMilestone(milestone="MS-LAND", falls_on=date(2026, 3, 9))
    shown = gantt_of(matter, known)
    assert shown is not None
    making = _timed(lambda: DECIDER.decide(everything, INITIAL, facts))
    again = _timed(lambda: DECIDER.decide(moved, matter, facts))
    data = _timed(lambda: gantt_of(matter, known))
    drawing = _timed(lambda: draw(shown))
    return {
        "items": len(made.lines),
        "plan_p50_ms": median(making),
        "plan_p99_ms": quantiles(making, n=100)[98],
        "replan_p50_ms": median(again),
        "gantt_p50_ms": median(data),
        "svg_p50_ms": median(drawing),
    }


def _timed(ask: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(TIMES):
        begun = monotonic()
        ask()
        found.append(1000 * (monotonic() - begun))
    return found
