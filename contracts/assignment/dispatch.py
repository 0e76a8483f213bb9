"""What assignment says of a matter: its route, and who is answerable (派单)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    ConflictKind,
    ConflictRemedy,
    Count,
    Day,
    Defaults,
    Figure,
    Hash,
    Instant,
    ItemCode,
    PackPath,
    Part,
    ReassignCause,
    Reliance,
    SiteCode,
    Subject,
    Word,
)

type Points = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
type RouteFacts = Annotated[
    dict[Word, bool | Count | Word | Figure | tuple[Word, ...]],
    Field(description="The facts the routing rules asked about, as they were; *open*."),
]
type FactName = Annotated[
    str, Field(pattern=r"^[A-Z][A-Za-z]{0,63}$", description="An event by its short name.")
]


class Group(Part):
    """The items that one item rule sends to its own bodies (工作组)."""

    rule: PackPath
    to: tuple[BodyId, ...]
    items: tuple[ItemCode, ...]


class Ranked(Part):
    """One person in the ranking (排名) of a dispatch: whole points, and what they are made of."""

    person: ActorId
    score: Points
    parts: dict[Word, Points]


class MatterRouted(Event):
    """The pack's rules decided which bodies provide the agents, and who helps them (按规则分办;
    YO-21, YO-22, YO-23, YY-05, YY-34, YY-40).

    `to` provide agents, `jointly` when more than one must; `lead` is the one answerable body,
    `co_leads` name their own agents beside it. `groups` are items that go to other bodies.
    `rule` decided; `rules` are all that had a say, `known` what they asked about.
    """

    type: Literal["assignment.matter_routed.v1"] = "assignment.matter_routed.v1"

    site: SiteCode | None = None
    to: tuple[BodyId, ...]
    to_roles: tuple[Word, ...] = ()
    lead: BodyId
    jointly: bool = False
    co_leads: tuple[BodyId, ...] = ()
    assisted_by: tuple[BodyId, ...] = ()
    groups: tuple[Group, ...] = ()
    filing: PackPath | None = None
    rule: PackPath
    rules: tuple[PackPath, ...] = ()
    known: RouteFacts = Field(default_factory=dict)
    defaults: Defaults = ()


class CentreNotified(Event):
    """The body or group that serves the matter was told of it at first receipt (第一时间告知;
    YY-52, AS-53).

    The system tells at once; a person confirms with `NoticeConfirmed`.
    """

    type: Literal["assignment.centre_notified.v1"] = "assignment.centre_notified.v1"

    to: tuple[BodyId, ...]
    received_at: Instant | None = None
    delay_minutes: Count | None = None
    rule: PackPath
    defaults: Defaults = ()


class NoticeConfirmed(Event):
    """A person of the body that was told took note of the matter (告知确认; YY-52, AS-53)."""

    type: Literal["assignment.notice_confirmed.v1"] = "assignment.notice_confirmed.v1"

    person: ActorId
    delay_minutes: Count | None = None


class ItemDispatched(Event):
    """An item was handed to the agent of the matching department (分发事项; YO-67, YO-68,
    YO-74).

    `passed_over` are agents who came first and could not take it; `jumped` counts the earlier
    requests this one was taken before, and is 0 when the order was kept. `ranking` is how the
    first candidates stood then. `points` is the load of the item. `shadow`: the item was
    transferred, and the agent only follows it (AS-67).
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["assignment.item_dispatched.v1"] = "assignment.item_dispatched.v1"

    item: ItemCode
    body: BodyId
    agent: ActorId
    assisted_by: tuple[BodyId, ...] = ()
    passed_over: tuple[ActorId, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    points: Count = 1
    shadow: bool = False
    jumped: Count = 0
    rule: PackPath
    defaults: Defaults = ()
    jump_reason: Personal[str] | None = None


class AgentAssigned(Event):
    """A named person became answerable; exactly one agent of a matter leads (专人负责; YO-12,
    YO-67, AS-59).

    Without `items` the person answers for the whole matter. `co_lead` leads for his own body.
    """

    type: Literal["assignment.agent_assigned.v1"] = "assignment.agent_assigned.v1"

    agent: ActorId
    body: BodyId
    lead: bool
    co_lead: bool = False
    items: tuple[ItemCode, ...] = ()
    rule: PackPath | None = None
    defaults: Defaults = ()


class AgentReassigned(Event):
    """The matter or some items went from one agent to the next (接力移交; YO-19, X-15, HS-58).

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


class HandoverPrepared(Event):
    """The sheet of what goes from one agent to the next was made (交接单; YO-19, X-15).

    `digest` is the SHA-256 of the sheet's text in UTF-8; the text itself is kept sealed.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["assignment.handover_prepared.v1"] = "assignment.handover_prepared.v1"

    left: ActorId
    agent: ActorId
    items: tuple[ItemCode, ...] = ()
    digest: Hash
    relied_on: tuple[Reliance, ...] = ()
    sheet: Personal[str] | None = None


class AssignmentAcknowledged(Event):
    """The agent took over what was assigned to him (确认接办; YO-12, YO-19, HS-29).

    `promised_at` is when he will be in touch with the unit.
    """

    type: Literal["assignment.assignment_acknowledged.v1"] = (
        "assignment.assignment_acknowledged.v1"
    )

    agent: ActorId
    lead: bool
    items: tuple[ItemCode, ...] = ()
    promised_at: Instant | None = None


class MatterTransferred(Event):
    """Items of another level went to the body that serves there (立即转办; AS-44, AS-65).

    `confirm_by_on` is the last day to confirm; until `follow_until` the agent here follows.
    `sent_by` never confirms it himself.
    """

    type: Literal["assignment.matter_transferred.v1"] = "assignment.matter_transferred.v1"

    to: BodyId
    items: tuple[ItemCode, ...]
    at_once: bool = False
    confirm_by_on: Day | None = None
    follow_until: FactName | None = None
    sent_by: ActorId | None = None
    rule: PackPath
    defaults: Defaults = ()


class TransferConfirmed(Event):
    """The body there took over what was transferred (做好交接; AS-66)."""

    type: Literal["assignment.transfer_confirmed.v1"] = "assignment.transfer_confirmed.v1"

    to: BodyId
    items: tuple[ItemCode, ...]
    person: ActorId
    late: bool = False


class StewardPaired(Event):
    """The steward of the unit was paired with its agent: he sees, and does not act
    (“1+1”结对; AS-32, AS-33).
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["assignment.steward_paired.v1"] = "assignment.steward_paired.v1"

    steward: ActorId
    agent: ActorId
    replaces: ActorId | None = None
    rule: PackPath
    defaults: Defaults = ()
    name: Personal[str] | None = None
    phone: Personal[str] | None = None


class ItemOwnerNamed(Event):
    """A person in the department answers for deciding an item (落实到人头; AS-94)."""

    subject: ClassVar[Subject] = "staff"

    type: Literal["assignment.item_owner_named.v1"] = "assignment.item_owner_named.v1"

    item: ItemCode
    body: BodyId
    person: ActorId
    post: Word | None = None
    replaces: ActorId | None = None
    name: Personal[str] | None = None


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
