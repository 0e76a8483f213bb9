"""What intake says of people at its door: first contact, hotline orders, bookings, outreach."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    BookingEnding,
    CatalogueEdition,
    Count,
    Day,
    Defaults,
    Document,
    Hash,
    Instant,
    ItemCode,
    MaterialCode,
    MatterNumber,
    Mode,
    Ordinal,
    OutreachVia,
    PackPath,
    Part,
    ProjectCode,
    Role,
    Subject,
    SystemRef,
    Word,
)


class VisitorReceived(Event):
    """Someone came by any door and was received: from now on he is this person's (首问接待; AS-16,
    AS-41, AS-48).

    What is not known is left out. `mode` is the way of serving that begins on arrival, where
    the place has one; `owner` answers for the visitor until somebody takes him over.
    """

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.visitor_received.v1"] = "intake.visitor_received.v1"

    owner: ActorId
    received_on: Day
    topic: Word | None = None
    items: tuple[ItemCode, ...] = ()
    mode: Mode | None = None
    rule: PackPath | None = None
    defaults: Defaults = ()
    visitor: Personal[str] | None = None
    unit: Personal[str] | None = None
    phone: Personal[str] | None = None
    wish: Personal[str] | None = None


class ContactLinked(Event):
    """A contact was tied to the project or the matter it is about (来访关联; AS-25, X-11, X-14)."""

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.contact_linked.v1"] = "intake.contact_linked.v1"

    to_project: UUID | None = None
    to_matter: UUID | None = None


class HandoverOffered(Event):
    """The owner of a contact asked another to take it over; it stays his until then (提出交接;
    AS-41, AS-49).

    It is open to one person, to a post, to a body, or to a post of a body; `offer` counts.
    """

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.handover_offered.v1"] = "intake.handover_offered.v1"

    offer: Ordinal
    offered_by: ActorId
    to_person: ActorId | None = None
    to_role: Role | None = None
    to_body: BodyId | None = None
    note: Personal[str] | None = None


class HandoverDeclined(Event):
    """One who was asked did not take the contact over, and says why (不予接收; AS-41, AS-49).

    It stays with its owner, who may ask another.
    """

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.handover_declined.v1"] = "intake.handover_declined.v1"

    offer: Ordinal
    declined_by: ActorId
    reason: Personal[str]


class ContactHandedOver(Event):
    """The receiver took the contact over and answers for it from now on (交接确认; AS-41, AS-49)."""

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.contact_handed_over.v1"] = "intake.contact_handed_over.v1"

    offer: Ordinal
    left: ActorId
    owner: ActorId


class ContactClosed(Event):
    """What the visitor came for was dealt with, and how (首问办结; AS-41)."""

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.contact_closed.v1"] = "intake.contact_closed.v1"

    outcome: Word
    closed_on: Day
    note: Personal[str] | None = None


class ContactLeftOver(Event):
    """A contact was neither closed nor handed over by the end of the day: the chief sees it
    (首问未办结提醒; AS-41).

    `nights` counts how often it was left over.
    """

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.contact_left_over.v1"] = "intake.contact_left_over.v1"

    owner: ActorId
    nights: Ordinal
    since_on: Day


class ConsultationReferred(Event):
    """A question went at once to the body that really decides the item (咨询转办; AS-51).

    `asked_at` is when; the answer says how long it took. `found_by` is where the directory
    names the body: the catalogue's department, or the stage's fallback in the pack.
    """

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.consultation_referred.v1"] = "intake.consultation_referred.v1"

    consultation: UUID
    items: tuple[ItemCode, ...] = ()
    to_body: BodyId
    to_role: Role
    to_person: ActorId | None = None
    asked_at: Instant
    found_by: Word
    defaults: Defaults = ()
    question: Personal[str]


class NoticeLine(Part):
    """What one item needs (告知事项): its materials as the catalogue lists them."""

    item: ItemCode
    materials: tuple[MaterialCode, ...]


class OneTimeNoticeIssued(Event):
    """Everything that these items need was told at once, conditions and materials (一次性告知;
    AS-42, AS-52).

    It is generated from the edition named, never typed. `ordinal` above 1 says that some of
    the items were noticed before: a second notice, which has a reason and is counted.
    """

    type: Literal["intake.one_time_notice_issued.v1"] = "intake.one_time_notice_issued.v1"

    notice: UUID
    catalogue: CatalogueEdition
    items: tuple[ItemCode, ...]
    materials: tuple[MaterialCode, ...]
    lines: tuple[NoticeLine, ...]
    digest: Hash
    complete: bool = True
    ordinal: Ordinal = 1
    again: tuple[ItemCode, ...] = ()
    issued_on: Day
    defaults: Defaults = ()
    receiver: Personal[str] | None = None
    reason: Personal[str] | None = None
    signed: Personal[Document] | None = None


class HotlineOrderReceived(Event):
    """A work order of the 12345 line came in, with the limit it must be answered in (热线工单;
    AS-23).

    Its time counts from `counts_from_on`: an order of the night counts from the next working
    day. One about our own staff goes to the supervisor, never to the one it is about.
    """

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.hotline_order_received.v1"] = "intake.hotline_order_received.v1"

    order: SystemRef
    called_at: Instant
    counts_from_on: Day
    due_on: Day
    estimated: bool = False
    topic: Word | None = None
    code: ProjectCode | None = None
    items: tuple[ItemCode, ...] = ()
    about_staff: bool = False
    concerns: ActorId | None = None
    to_role: Role
    to_body: BodyId | None = None
    defaults: Defaults = ()
    caller: Personal[str] | None = None
    phone: Personal[str] | None = None
    wording: Personal[str]


class HotlineOrderTaken(Event):
    """A named person took the order on (工单签收; AS-23)."""

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.hotline_order_taken.v1"] = "intake.hotline_order_taken.v1"

    owner: ActorId


class HotlineOrderAnswered(Event):
    """The caller was answered, and the order went back to the line with its result (工单办结;
    AS-23).

    `leads_to` is the matter in which it is gone on with, if any.
    """

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.hotline_order_answered.v1"] = "intake.hotline_order_answered.v1"

    result: Word
    answered_on: Day
    late_days: Count = 0
    leads_to: UUID | None = None
    understood: bool | None = None
    answer: Personal[str]


class BookingMade(Event):
    """A visit to the desk was booked (预约登记; AS-24)."""

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.booking_made.v1"] = "intake.booking_made.v1"

    begins_at: Instant
    minutes: Count | None = None
    body: BodyId | None = None
    topic: Word | None = None
    items: tuple[ItemCode, ...] = ()
    holder: ActorId | None = None
    visitor: Personal[str] | None = None
    phone: Personal[str] | None = None
    wish: Personal[str] | None = None


class BookingMoved(Event):
    """A booked visit was moved to another time (改约; AS-24)."""

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.booking_moved.v1"] = "intake.booking_moved.v1"

    begins_at: Instant
    reason: Personal[str] | None = None


class BookingEnded(Event):
    """A booked visit was kept, missed or cancelled (预约了结; AS-24)."""

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.booking_ended.v1"] = "intake.booking_ended.v1"

    ending: BookingEnding
    by_rule: bool = False
    contact: UUID | None = None
    reason: Personal[str] | None = None


class OutreachOpened(Event):
    """The service went to a project before anyone applied, by a rule of the place (主动对接;
    HS-13, HS-73, HS-74, HS-79).

    `what` is the pack's kind of outreach; it closes only when every way of `via` is evidenced.
    `notice` is the published policy that gave the occasion, if one did.
    """

    type: Literal["intake.outreach_opened.v1"] = "intake.outreach_opened.v1"

    rule: PackPath
    what: Word
    via: tuple[OutreachVia, ...]
    opened_on: Day
    notice: UUID | None = None
    companion: Word | None = None
    defaults: Defaults = ()


class ChecklistPublished(Event):
    """The list of what a project will need was made before it applies (批前服务清单; HS-75).

    It is generated from the catalogue and the project's facts; `digest` names its content, and
    another content is another `edition`. `undecided` may apply once more facts are known.
    """

    type: Literal["intake.checklist_published.v1"] = "intake.checklist_published.v1"

    edition: Ordinal
    digest: Hash
    catalogue: CatalogueEdition
    items: tuple[ItemCode, ...]
    materials: tuple[MaterialCode, ...]
    undecided: tuple[ItemCode, ...] = ()
    defaults: Defaults = ()


class ChecklistDelivered(Event):
    """The list was handed over in one piece by one way, with proof (一次打包告知; HS-76).

    Online and offline are two deliveries, each evidenced once.
    """

    type: Literal["intake.checklist_delivered.v1"] = "intake.checklist_delivered.v1"

    edition: Ordinal
    digest: Hash
    via: OutreachVia
    delivered_on: Day
    proven_by: Word
    reference: SystemRef | None = None
    receiver: Personal[str] | None = None
    proof: Personal[Document] | None = None


class ServiceVisited(Event):
    """Staff came to the unit's door with policy and service (服务上门; HS-79)."""

    type: Literal["intake.service_visited.v1"] = "intake.service_visited.v1"

    visited_on: Day
    purpose: Word
    via: OutreachVia = "offline"
    receiver: Personal[str] | None = None
    findings: Personal[str] | None = None
    proof: Personal[Document] | None = None


class OutreachClosed(Event):
    """What was to be brought to the project was brought by every way (对接完成; HS-76)."""

    type: Literal["intake.outreach_closed.v1"] = "intake.outreach_closed.v1"

    outcome: Word
    closed_on: Day
    reason: Personal[str] | None = None


class ProjectAutoEnrolled(Event):
    """The first sight of a project began its help, without anyone asking (自动纳入帮办; YY-18,
    YY-11, AS-48).

    It opens the matter and gives it its number, once for a project; agency is asked for apart.
    `origin` is how it was first seen, `rule` the mode's rule in the pack.
    """

    type: Literal["intake.project_auto_enrolled.v1"] = "intake.project_auto_enrolled.v1"

    number: MatterNumber
    mode: Mode
    applicant: ActorId | None = None
    origin: Word
    rule: PackPath
    defaults: Defaults = ()


class HelpPrompted(Event):
    """The unit filed by itself at a window: a helper is told to offer advice (主动帮办提示;
    YY-10, YY-11).

    It is no application and takes nothing out of the unit's hands.
    """

    type: Literal["intake.help_prompted.v1"] = "intake.help_prompted.v1"

    items: tuple[ItemCode, ...]
    seen_by: Word
    prompted_on: Day


class FeedTaken(Event):
    """Rows of another system's register were taken in; whoever provides them answers for them
    (项目代码推送; HS-12, HS-73, YY-18).

    The rows count as registered (new), amended, known (nothing new) or refused.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.feed_taken.v1"] = "intake.feed_taken.v1"

    source: Word
    observed_at: Instant
    rows: Count
    registered: Count = 0
    amended: Count = 0
    known: Count = 0
    refused: Count = 0
