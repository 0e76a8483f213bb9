"""The rules of assignment, pure: a decider for a matter and one for a roster."""

from contracts.assignment import (
    EVENTS,
    PostFilled,
    PostVacated,
    StaffAdded,
    StaffAmended,
    StaffRemoved,
    TrainingAttended,
    TrainingHeld,
)
from contracts.event import Event
from services.assignment.domain import decide, roster, staffing, state
from services.assignment.domain.commands import MatterCommand, RosterCommand
from services.assignment.domain.facts import MatterFacts, RosterFacts
from services.assignment.domain.roster import EMPTY, Roster
from services.assignment.domain.state import Assigned
from shared.decider import Decider

ROSTER_EVENTS: tuple[type[Event], ...] = (
    StaffAdded,
    StaffAmended,
    StaffRemoved,
    PostFilled,
    PostVacated,
    TrainingHeld,
    TrainingAttended,
)
MATTER_EVENTS = tuple(event for event in EVENTS if event not in ROSTER_EVENTS)

MATTER: Decider[MatterCommand, Assigned, Event, MatterFacts] = Decider(
    Assigned(), state.evolve, decide.decide
)
ROSTER: Decider[RosterCommand, Roster, Event, RosterFacts] = Decider(
    EMPTY, roster.evolve, staffing.decide
)
