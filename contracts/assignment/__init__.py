"""What assignment (派单) tells the world: the roster, the route, and who is answerable."""

from typing import Annotated, get_args

from pydantic import Field

from contracts.assignment.checked import HistoryChecked
from contracts.assignment.dispatch import (
    AgentAssigned,
    AgentReassigned,
    AssignmentAcknowledged,
    CentreNotified,
    ConflictDeclared,
    Group,
    HandoverPrepared,
    ItemDispatched,
    ItemOwnerNamed,
    MatterRouted,
    MatterTransferred,
    NoticeConfirmed,
    Ranked,
    StewardPaired,
    TransferConfirmed,
)
from contracts.assignment.roster import (
    AbsenceEnded,
    AbsenceRecorded,
    ChiefAppointed,
    PostFilled,
    PostVacated,
    ReserveActivated,
    ReserveStoodDown,
    RosterViewed,
    SlotFilled,
    StaffAdded,
    StaffAmended,
    StaffImported,
    StaffRemoved,
    TeamFormed,
    TrainingAttended,
    TrainingHeld,
)
from contracts.event import Event

type AssignmentEvent = Annotated[
    StaffAdded
    | StaffAmended
    | StaffRemoved
    | StaffImported
    | RosterViewed
    | PostFilled
    | PostVacated
    | ChiefAppointed
    | TeamFormed
    | ReserveActivated
    | ReserveStoodDown
    | AbsenceRecorded
    | AbsenceEnded
    | TrainingHeld
    | TrainingAttended
    | MatterRouted
    | CentreNotified
    | NoticeConfirmed
    | ItemDispatched
    | AgentAssigned
    | AgentReassigned
    | HandoverPrepared
    | AssignmentAcknowledged
    | MatterTransferred
    | TransferConfirmed
    | StewardPaired
    | ItemOwnerNamed
    | ConflictDeclared
    | HistoryChecked,
    Field(discriminator="type"),
]

EVENTS: tuple[type[Event], ...] = get_args(get_args(AssignmentEvent.__value__)[0])

__all__ = [
    "EVENTS",
    "AbsenceEnded",
    "AbsenceRecorded",
    "AgentAssigned",
    "AgentReassigned",
    "AssignmentAcknowledged",
    "AssignmentEvent",
    "CentreNotified",
    "ChiefAppointed",
    "ConflictDeclared",
    "Group",
    "HandoverPrepared",
    "HistoryChecked",
    "ItemDispatched",
    "ItemOwnerNamed",
    "MatterRouted",
    "MatterTransferred",
    "NoticeConfirmed",
    "PostFilled",
    "PostVacated",
    "Ranked",
    "ReserveActivated",
    "ReserveStoodDown",
    "RosterViewed",
    "SlotFilled",
    "StaffAdded",
    "StaffAmended",
    "StaffImported",
    "StaffRemoved",
    "StewardPaired",
    "TeamFormed",
    "TrainingAttended",
    "TrainingHeld",
    "TransferConfirmed",
]
