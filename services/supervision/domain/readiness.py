"""Which items can be filed now: own predecessors done, papers whole (可以申报, YO-34)?"""

from collections.abc import Collection

from contracts.event import Event
from contracts.supervision import ItemReady
from services.supervision.domain.facts import Facts
from services.supervision.domain.progress import told
from services.supervision.domain.state import Matter


def predecessors(matter: Matter, item: str, facts: Facts) -> tuple[str, ...]:
    """What must be done before `item`: its own predecessors among the items served."""
    return facts.catalogue.predecessors(item, matter.scope())


def still_open(matter: Matter, item: str, facts: Facts) -> tuple[str, ...]:
    """The predecessors of `item` that are not granted or not reached yet."""

    def done(step: str) -> bool:
        milestone = matter.milestones.get(step)
        if milestone is not None:
            return milestone.reached
        course = matter.items.get(step)
        return course is not None and course.granted

    return tuple(step for step in predecessors(matter, item, facts) if not done(step))


def now_ready(matter: Matter, complete: Collection[str], facts: Facts) -> list[Event]:
    """`ItemReady` for every waiting item whose predecessors are done and papers whole.

    `complete` are the items whose material set intake knows to be whole.
    """
    codes = [
        code
        for code in matter.scope()
        if matter.items[code].state == "waiting"
        and code in complete
        and not still_open(matter, code, facts)
    ]
    found: list[Event] = [
        ItemReady(item=code, after=predecessors(matter, code, facts), ready_on=facts.on)
        for code in codes
    ]
    return [*found, told(facts, codes, "ready")] if codes else []
