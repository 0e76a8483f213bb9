"""What assignment says of a matter: its route, and who is answerable (派单)."""

from typing import ClassVar, Literal

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    ConflictKind,
    ConflictRemedy,
    Count,
    Defaults,
    ItemCode,
    PackPath,
    ReassignCause,
    SiteCode,
    Subject,
)


class MatterRouted(Event):
    """The site decided which bodies provide the agents, and who helps them (按选址分办; YO-21,
    YO-22, YO-23).

    `to` provide agents, `jointly` when more than one must; `lead` is the one answerable body.
    """

    type: Literal["assignment.matter_routed.v1"] = "assignment.matter_routed.v1"

    site: SiteCode
    to: tuple[BodyId, ...]
    lead: BodyId
    jointly: bool = False
    assisted_by: tuple[BodyId, ...] = ()
    rule: PackPath
    defaults: Defaults = ()


class ItemDispatched(Event):
    """An item was handed to the agent of the matching department (分发事项; YO-67, YO-68,
    YO-74).

    `passed_over` are agents who came first and could not take it; `jumped` counts the earlier
    requests this one was taken before, and is 0 when the order was kept.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["assignment.item_dispatched.v1"] = "assignment.item_dispatched.v1"

    item: ItemCode
    body: BodyId
    agent: ActorId
    assisted_by: tuple[BodyId, ...] = ()
    passed_over: tuple[ActorId, ...] = ()
    jumped: Count = 0
    rule: PackPath
    defaults: Defaults = ()
    jump_reason: Personal[str] | None = None


class AgentAssigned(Event):
    """A named person became answerable; exactly one agent of a matter leads (专人负责; YO-12,
    YO-67).

    Without `items` the person answers for the whole matter.
    """

    type: Literal["assignment.agent_assigned.v1"] = "assignment.agent_assigned.v1"

    agent: ActorId
    body: BodyId
    lead: bool
    items: tuple[ItemCode, ...] = ()
    rule: PackPath | None = None
    defaults: Defaults = ()


class AgentReassigned(Event):
    """The matter or some items went from one agent to the next (接力移交; YO-19, X-15).

    `told_applicant` says that the unit was told, `consented` that it agreed (民法典第169条).
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["assignment.agent_reassigned.v1"] = "assignment.agent_reassigned.v1"

    left: ActorId
    agent: ActorId
    body: BodyId
    lead: bool
    items: tuple[ItemCode, ...] = ()
    cause: ReassignCause
    told_applicant: bool = False
    consented: bool = False
    handover: Personal[str] | None = None


class AssignmentAcknowledged(Event):
    """The agent took over what was assigned to him (确认接办; YO-12, YO-19)."""

    type: Literal["assignment.assignment_acknowledged.v1"] = (
        "assignment.assignment_acknowledged.v1"
    )

    agent: ActorId
    lead: bool
    items: tuple[ItemCode, ...] = ()


class ConflictDeclared(Event):
    """A person has an interest that bars him from deciding an item (利益冲突申报; YO-70, X-04).

    An agent of the approving department may carry the papers, and never decides.
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["assignment.conflict_declared.v1"] = "assignment.conflict_declared.v1"

    person: ActorId
    items: tuple[ItemCode, ...]
    kind: ConflictKind
    remedy: ConflictRemedy
    rule: PackPath | None = None
    reason: Personal[str] | None = None
