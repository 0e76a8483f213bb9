"""Why was an item due on a day, as it is known now or was known at any position of the log?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.event import About
from services.supervision.domain import DECIDER
from services.supervision.domain.explaining import Noted, explained
from services.supervision.domain.state import Matter
from services.supervision.domain.why import Rules
from services.supervision.service.lookup import Lookup
from services.supervision.service.streams import MATTER, legal_day
from shared.problems import Problem
from shared.rights import Principal


@dataclass(frozen=True, slots=True)
class Known:
    """A matter as it was known at a position of our log: its facts so far, and what day it was."""

    position: int
    version: int
    today: date
    history: tuple[Noted, ...]
    matter: Matter


async def known_at(look: Lookup, stream: UUID, at: int | None) -> Known:
    """The matter at position `at`, or now; raises `Problem` for a position that is not there.

    What day it was then is the day on which the fact at that position was written.
    """
    log = look.floor.log
    last = await log.position()
    position = last if at is None else at
    if position > last:
        raise Problem("not_found")
    entries = [one for one in await log.history(stream) if one.position <= position]
    if not entries:
        raise Problem("not_found")
    today = legal_day(look.floor.clock())
    if at is not None:
        (there,) = await log.after(position - 1, limit=1)
        today = _day_of(there.circumstances())
    history = tuple(
        Noted(one.position, one.id, MATTER.vocabulary.decode(one.type, one.fact))
        for one in entries
    )
    matter = DECIDER.fold(noted.event for noted in history)
    return Known(position, entries[-1].version, today, history, matter)


def _day_of(about: About) -> date:
    """The day on which it was written; a clock moved on for trying out is ahead of the store's."""
    text = about.effective
    happened = (
        date.fromisoformat(text) if len(text) == 10 else legal_day(datetime.fromisoformat(text))
    )
    return max(legal_day(about.recorded), happened)


async def why(
    look: Lookup, stream: UUID, item: str, principal: Principal, at: int | None
) -> tuple[dict[str, Any], int, int]:
    """The explanation of an item's clocks, the version and the position it was read at."""
    seen = await look.look(stream, principal)
    known = await known_at(look, stream, at)
    course = known.matter.items.get(item)
    if course is None:
        raise Problem("not_found")
    facts, plan = seen.facts, known.matter.plan
    rules = look.rules_for(facts.known.area, facts.known.pack)
    recorded = course.calendar or (plan.calendar if plan else None)
    calendar = rules.calendar_in(recorded) or rules.calendar
    defaults = facts.ours("catalogue", "clocks.calendar", "clocks.count_from")
    answer = explained(
        course,
        Rules(facts.item(item), rules.pack, calendar),
        known.today,
        known.history,
        defaults,
    )
    if recorded is not None and recorded != calendar.edition:
        answer["calendar_not_carried"] = recorded
    return answer, known.version, known.position
