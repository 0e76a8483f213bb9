"""What assignment (派单) tells the world: the roster, the route, and who is answerable."""

from typing import Annotated, get_args

from pydantic import Field

from contracts.assignment.dispatch import (
    AgentAssigned,
    AgentReassigned,
    AssignmentAcknowledged,
    ConflictDeclared,
    ItemDispatched,
    MatterRouted,
)
from contracts.assignment.roster import (
    PostFilled,
    PostVacated,
    StaffAdded,
    StaffAmended,
    StaffRemoved,
    TrainingAttended,
    TrainingHeld,
)
from contracts.event import Event

type AssignmentEvent = Annotated[
    StaffAdded
    | StaffAmended
    | StaffRemoved
    | PostFilled
    | PostVacated
    | TrainingHeld
    | TrainingAttended
    | MatterRouted
    | ItemDispatched
    | AgentAssigned
    | AgentReassigned
    | AssignmentAcknowledged
    | ConflictDeclared,
    Field(discriminator="type"),
]

EVENTS: tuple[type[Event], ...] = get_args(get_args(AssignmentEvent.__value__)[0])

__all__ = [
    "EVENTS",
    "AgentAssigned",
    "AgentReassigned",
    "AssignmentAcknowledged",
    "AssignmentEvent",
    "ConflictDeclared",
    "ItemDispatched",
    "MatterRouted",
    "PostFilled",
    "PostVacated",
    "StaffAdded",
    "StaffAmended",
    "StaffRemoved",
    "TrainingAttended",
    "TrainingHeld",
]
