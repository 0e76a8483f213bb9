"""How is what the service does not serve followed on its plan (计划中只跟踪, HS-10)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import TrackedItemNoted
from services.supervision.domain.commands.plan import NoteTrackedItem
from services.supervision.domain.facts import Facts
from services.supervision.domain.planning import followed, tracked_in
from services.supervision.domain.state import Matter
from shared.decider import Refused


def note_tracked(command: NoteTrackedItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A utility, a fee, an act of the unit's own went its way: the plan follows."""
    if command.item not in tracked_in(matter):
        raise Refused(
            "not_a_tracked_item",
            item=command.item,
            tracked=list(tracked_in(matter)),
            remedy=(
                "只有计划中只跟踪的事项可以这样登记；代办事项请按办理环节登记 / "
                "only items the plan merely tracks are entered so; enter others step by step"
            ),
        )
    course = matter.items[command.item]
    started = command.started_on or course.started_on
    finished = command.finished_on or course.decided_on
    if (started, finished) == (course.started_on, course.decided_on):
        return []
    for day in (started, finished):
        if day is not None and day > facts.today:
            raise Refused("not_reached_yet", day=day.isoformat())
    if started and finished and finished < started:
        raise Refused(
            "finished_before_it_began",
            started_on=started.isoformat(),
            finished_on=finished.isoformat(),
        )
    noted = TrackedItemNoted(item=command.item, started_on=started, finished_on=finished)
    return [noted, *followed(matter, [noted], command.item, facts)]
