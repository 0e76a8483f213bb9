"""What does intake answer at its door and about its registers: contacts, projects, places?"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.answering import Answer, sometimes
from shared.answers import FileSaid
from shared.http import Receipt


class ContactRow(Answer):
    """A contact of the list; of those offered to somebody, less is told (来访)."""

    id: UUID
    area: str
    owner: str
    channel: str | None = sometimes()
    received_on: date
    topic: str | None
    items: list[str]
    mode: str | None = sometimes()
    project: UUID | None
    matter: UUID | None
    phase: str = sometimes()
    outcome: str | None = sometimes()
    offered_person: str | None = sometimes()
    offered_role: str | None = sometimes()
    offered_body: str | None = sometimes()
    waiting: list[UUID] = sometimes("questions without an answer")
    nights: int
    closed_on: date | None = sometimes()


class Offer(Answer):
    """Whom a contact is offered to (交接)."""

    person: str | None
    role: str | None
    body: str | None


class Declined(Answer):
    """The last offer that was not taken."""

    offer: int
    by: str


class Contact(Answer):
    """Whose a contact is, and what is still open (来访)."""

    id: UUID
    version: int
    area: str
    state: str
    owner: str | None
    received_on: date | None
    mode: str | None
    items: list[str]
    project: UUID | None
    matter: UUID | None
    offer: Offer | None
    declined: Declined | None
    nights: int
    outcome: str | None
    waiting: list[UUID] = Field(description="questions without an answer")
    understood: bool
    noticed: dict[str, int] = Field(description="item -> how often it was noticed (告知次数)")


class Said(Answer):
    """What was said in one fact; what nobody said, or what was erased, is absent (原文)."""

    event: str = Field(description="the type of the fact")
    visitor: str = sometimes("来访人 who came")
    caller: str = sometimes("来电人 who called")
    unit: str = sometimes("the unit he came for (单位)")
    phone: str = sometimes()
    wish: str = sometimes("来意 what he wished for")
    wording: str = sometimes("诉求 what he said, word for word")
    question: str = sometimes("问题 what was asked")
    answer: str = sometimes("what was answered (答复)")
    note: str = sometimes()
    reason: str = sometimes()
    receiver: str = sometimes("who was given the notice (签收人)")
    recording: FileSaid = sometimes("of the conversation (录音)")
    signed: FileSaid = sometimes("the paper that was signed (签收单)")
    late_reason: str = sometimes("why it was entered so late (补录原因)")


class Words(Answer):
    """What was said, in its order (原文)."""

    id: UUID
    said: list[Said]


class Question(Answer):
    """A question that waits for the body that decides (咨询转办)."""

    consultation: UUID
    contact: UUID
    area: str
    items: list[str]
    to_body: str
    to_role: str
    to_person: str | None
    asked_at: datetime
    answered: bool
    waited_minutes: int | None


class Decides(Answer):
    """Who really decides an item (事项对应审批人员)."""

    item: str
    zh: str
    department: str
    body: str
    body_zh: str
    role: str
    found_by: str


class Notice(Answer):
    """A one-time notice (一次性告知)."""

    notice: UUID
    stream: UUID
    area: str
    project: UUID | None
    matter: UUID | None
    actor: str
    items: list[str]
    again: list[str] = Field(description="items that had been noticed before")
    ordinal: int
    issued_on: date


class OrderRow(Answer):
    """An order of the 12345 line (热线工单)."""

    id: UUID
    order: str
    area: str
    called_at: datetime
    counts_from_on: date
    due_on: date
    estimated: bool
    phase: str
    topic: str | None
    code: str | None
    items: list[str]
    about_staff: bool
    to_role: str
    to_body: str | None
    owner: str | None
    result: str | None
    answered_on: date | None
    late_days: int | None
    leads_to: UUID | None


class Order(Answer):
    """One order (热线工单)."""

    id: UUID
    version: int
    area: str
    order: str
    state: str
    due_on: date | None
    to_role: str
    about_staff: bool
    owner: str | None
    result: str | None


class BookingRow(Answer):
    """A booked visit (预约)."""

    id: UUID
    area: str
    begins_at: datetime
    day: date
    minutes: int | None
    body: str | None
    topic: str | None
    items: list[str]
    holder: str | None
    moved: int = Field(description="how often it was moved (改期次数)")
    ending: str | None


class Booking(Answer):
    """One booked visit (预约)."""

    id: UUID
    version: int
    area: str
    state: str
    begins_at: datetime | None
    holder: str | None
    ending: str | None


class AcceptanceDue(Answer):
    """A request that nobody has taken on (待受理)."""

    id: UUID
    number: str | None
    area: str
    project: UUID | None
    pack: str
    wanted: str | None
    mode: str | None
    channel: str | None
    requested_on: date
    due_on: date | None
    estimated: bool = sometimes()
    overdue: bool = sometimes()
    label: str | None = sometimes("默认值 where the promise is ours")


class LastContact(Answer):
    """The latest contact about a project (来访)."""

    id: UUID
    owner: str
    received_on: date
    topic: str | None
    phase: str
    outcome: str | None


class Hit(Answer):
    """A project that was found (检索)."""

    project: UUID
    matter: UUID | None
    number: str | None
    code: str | None
    name: str | None
    unit: str | None
    warnings: list[str]
    last_contact: LastContact | None


class Found(Answer):
    """At most ten projects."""

    items: list[Hit]
    more: bool


class OutreachRow(Answer):
    """What is still to be brought to a project (主动对接)."""

    id: UUID
    area: str
    project: UUID
    rule: str
    what: str
    via: list[str]
    brought: list[str]
    edition: int
    digest: str | None
    visits: int
    policies: int
    phase: str
    outcome: str | None
    opened_on: date
    closed_on: date | None


class NamedMaterial(Answer):
    """A material and its name (材料)."""

    material: str
    zh: str


class ChecklistLine(Answer):
    """An item of the list and what it needs (批前服务清单)."""

    item: str
    zh: str
    department: str
    condition: str | None
    materials: list[NamedMaterial]


class Outreach(Answer):
    """One outreach, and its list in full (批前服务清单)."""

    id: UUID
    version: int
    area: str
    project: UUID
    state: str
    rule: str
    what: str
    via: list[str]
    brought: list[str]
    edition: int
    digest: str
    stale: bool
    undecided: list[str]
    items: list[ChecklistLine]


class FedRow(Answer):
    """What became of a row of a feed (推送逐行结果)."""

    row: int = Field(description="which row, from 0")
    code: str = Field(description="code of the project, as it was sent (项目代码)")
    outcome: Literal["registered", "amended", "known", "refused"]
    project: UUID | None
    reason: str | None
    remedy: str | None
    warnings: list[str]


class Fed(Receipt):
    """What was recorded, and what became of each row (推送项目)."""

    rows: list[FedRow]


class Prompt(Answer):
    """A unit that filed by itself: offer it help (主动帮办)."""

    event: UUID
    matter: UUID
    area: str
    project: UUID | None
    items: list[str]
    seen_by: str
    prompted_on: date
