"""What supervision says of the unit after its project is done (完工不脱钩)."""

from typing import Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    ContactMeans,
    Day,
    Defaults,
    FollowUpEnd,
    PackPath,
    Word,
)


class FollowUpOpened(Event):
    """The works are done and the service stays in touch (完工不脱钩; HS-81).

    `next_on` is when the unit is next called on, by the rhythm of the pack.
    """

    type: Literal["supervision.follow_up_opened.v1"] = "supervision.follow_up_opened.v1"

    follow_up: UUID
    rule: PackPath
    opened_on: Day
    next_on: Day | None = None
    agent: ActorId | None = None
    defaults: Defaults = ()


class FollowUpContacted(Event):
    """The agent was in touch with the unit after completion (后续联系; HS-82).

    `wish` is a kind of later project that the unit has in mind.
    """

    type: Literal["supervision.follow_up_contacted.v1"] = "supervision.follow_up_contacted.v1"

    follow_up: UUID
    means: ContactMeans
    contacted_on: Day
    next_on: Day | None = None
    wish: Word | None = None
    note: Personal[str] | None = None


class FollowUpClosed(Event):
    """The follow-up came to its end (后续服务结束; HS-83).

    `project` is the later project it led to: its matter is offered the papers of this one.
    """

    type: Literal["supervision.follow_up_closed.v1"] = "supervision.follow_up_closed.v1"

    follow_up: UUID
    cause: FollowUpEnd
    closed_on: Day
    project_after: UUID | None = None
    note: Personal[str] | None = None
