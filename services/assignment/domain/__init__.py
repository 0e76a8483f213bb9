"""The rules of assignment, pure: a decider for a matter and one for a roster."""

from contracts.assignment import (
    EVENTS,
    AbsenceEnded,
    AbsenceRecorded,
    ChiefAppointed,
    PostFilled,
    PostVacated,
    ReserveActivated,
    ReserveStoodDown,
    RosterViewed,
    StaffAdded,
    StaffAmended,
    StaffImported,
    StaffRemoved,
    TeamFormed,
    TrainingAttended,
    TrainingHeld,
)
from contracts.event import Event
from services.assignment.domain import decide, rostering, staffing, state
from services.assignment.domain.commands import MatterCommand, RosterCommand
from services.assignment.domain.facts import MatterFacts, RosterFacts
from services.assignment.domain.roster import EMPTY, Roster
from services.assignment.domain.state import Assigned
from shared.decider import Decider

ROSTER_EVENTS: tuple[type[Event], ...] = (
    AbsenceEnded,
    AbsenceRecorded,
    ChiefAppointed,
    PostFilled,
    PostVacated,
    ReserveActivated,
    ReserveStoodDown,
    RosterViewed,
    StaffAdded,
    StaffAmended,
    StaffImported,
    StaffRemoved,
    TeamFormed,
    TrainingAttended,
    TrainingHeld,
)
MATTER_EVENTS = tuple(event for event in EVENTS if event not in ROSTER_EVENTS)

MATTER: Decider[MatterCommand, Assigned, Event, MatterFacts] = Decider(
    Assigned(), state.evolve, decide.decide
)
ROSTER: Decider[RosterCommand, Roster, Event, RosterFacts] = Decider(
    EMPTY, rostering.evolve, staffing.decide
)
