"""What supervision says of due days themselves: moved, answered for, wrongly warned of (时限)."""

from typing import Literal

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    CalendarEdition,
    ClockKind,
    Day,
    Defaults,
    Document,
    DueCause,
    ItemCode,
    PackPath,
    Part,
    Signal,
)


class DueShift(Part):
    """A due day that moved (时限变动): of which item and clock, from which day to which."""

    item: ItemCode
    clock: ClockKind
    was_on: Day
    now_on: Day
    estimated: bool = False


class DueRecomputed(Event):
    """Due days were counted again: a calendar was announced, or a step was entered late
    (时限重算; X-06, X-07).

    Every day that moved is listed; nothing that was said before is deleted. `replaces` is the
    edition of the calendar that the days were counted by before.
    """

    type: Literal["supervision.due_recomputed.v1"] = "supervision.due_recomputed.v1"

    cause: DueCause
    calendar: CalendarEdition
    replaces: CalendarEdition | None = None
    items: tuple[ItemCode, ...] = ()
    lines: tuple[DueShift, ...] = ()
    defaults: Defaults = ()


class ReminderCorrected(Event):
    """A reminder that something was overdue was wrong, as it turned out, and was taken back
    (更正提醒; X-01, YO-33).

    `due_on` is the day it named, `now_on` the day that holds; none while the clock stands still.
    """

    type: Literal["supervision.reminder_corrected.v1"] = "supervision.reminder_corrected.v1"

    item: ItemCode
    to: BodyId
    person: ActorId | None = None
    signal: Signal
    due_on: Day
    now_on: Day | None = None
    wording: Personal[str] | None = None


class ReminderMissed(Event):
    """A day went by of which nobody on the staff had reminded the body (漏提醒; YY-54).

    `person` is the agent or helper of the item, whose duty it was.
    """

    type: Literal["supervision.reminder_missed.v1"] = "supervision.reminder_missed.v1"

    item: ItemCode
    to: BodyId
    person: ActorId | None = None
    due_on: Day
    missed_on: Day
    rule: PackPath
    defaults: Defaults = ()


class UrgeAnswered(Event):
    """The body said why it takes longer, and until when (催办答复; YO-42).

    Until `quiet_until_on` it is not urged by itself again; no clock stops for it.
    """

    type: Literal["supervision.urge_answered.v1"] = "supervision.urge_answered.v1"

    item: ItemCode
    body: BodyId
    answered_on: Day
    expected_on: Day | None = None
    quiet_until_on: Day
    rule: PackPath
    defaults: Defaults = ()
    reason: Personal[str]
    paper: Personal[Document] | None = None
