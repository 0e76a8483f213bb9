"""What does intake answer at its door and about its registers: contacts, projects, places?"""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from contracts.pack.sections import Body, Channel, SourceText
from contracts.vocabulary import FactValue
from services.intake.api.answers.matters import Bilingual
from shared.answering import Answer, sometimes


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


class Words(Answer):
    """What was said, in its order; what was erased is not there (原文)."""

    id: UUID
    said: list[dict[str, Any]] = Field(
        description="`event` is the type of a fact; the other members are what was said in it"
    )


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


class Prompt(Answer):
    """A unit that filed by itself: offer it help (主动帮办)."""

    event: UUID
    matter: UUID
    area: str
    project: UUID | None
    items: list[str]
    seen_by: str
    prompted_on: date


class ProjectRow(Answer):
    """A project of the list (项目)."""

    id: UUID
    area: str
    code: str | None
    works: str | None
    registered_on: date


class Advice(Answer):
    """What is odd about a project, and what to do (提示)."""

    warning: str
    about: str
    remedy: str


class MemberTold(Answer):
    """Which system told a member of a project, and when it saw it so (外部系统)."""

    source: str
    observed_at: datetime | None


class Project(Answer):
    """A project as it stands; a figure is decimal text (项目)."""

    id: UUID
    version: int
    position: int
    area: str
    code: str | None
    works: str | None
    parent: UUID | None
    warnings: list[Advice]
    told_by: dict[str, MemberTold] = Field(description="member -> the system that told it")
    applicant: str | None
    facts: dict[str, FactValue]
    investment_amount: str | None = Field(description="yuan (元)")
    land_area: str | None = Field(description="square metres (平方米)")
    building_area: str | None = Field(description="square metres (平方米)")
    registered_on: date


class Held(Answer):
    """A paper that is held already (可共享材料)."""

    material: str
    piece: UUID
    matter: UUID
    project: UUID
    valid_until_on: date | None


class Reusable(Answer):
    """What need not be asked for again (可共享材料)."""

    id: UUID
    items: list[Held]


class PlaceRow(Answer):
    """A place this deployment serves (地方)."""

    id: UUID
    area: str
    zh: str


class Activation(Answer):
    """From when an edition is in force (启用)."""

    edition: str
    begins_on: date
    override: bool


class ActivationAsked(Activation):
    """The same, wanted by some and not yet by enough."""

    asked_by: list[str]


class Edition(Answer):
    """An edition this deployment carries (版本)."""

    edition: str
    version: str
    status: str
    validity: str
    inherits: str | None
    consultees: list[str]


class Mode(Answer):
    """A way of serving, and what staff may do in it (帮办、代办、领办)."""

    src: str | list[str] = sometimes("the words of the source (出处)")
    law: str = sometimes()
    note: str = sometimes()
    id: str
    zh: str
    enrol: Literal["automatic", "on_request", "on_arrival", "outreach"]
    staff_may: list[str]
    filed_by: Literal["applicant", "agent"]
    applicant_takes_part: bool
    applicant_tasks: list[str]
    ends_when: str = sometimes()
    muting: bool
    asked_by: list[str] = Field(description="who may ask for it")


class Default(Answer):
    """A value that no source gives and that we set (默认值)."""

    question: str
    path: str
    text: str
    label: Literal["默认值"]


class ShownOnly(Bilingual):
    """An entry of the rules that nothing acts on (只展示)."""

    path: str


class Place(Answer):
    """The rules of a place, and which of them are ours (政策包)."""

    id: UUID
    version: int
    area: str
    active: str | None
    since: date | None
    in_force: str | None
    activations: list[Activation]
    activations_asked: list[ActivationAsked]
    retired: dict[str, date] = Field(description="edition -> its last day (停用)")
    registered: list[str] = Field(description="editions (版本)")
    editions: list[Edition]
    amended: dict[str, str] = Field(description="edition -> the one it changes (修订)")
    decided: list[str]
    instrument: SourceText
    terms: dict[str, str] = Field(description="canonical word -> the local one (用语)")
    bodies: list[Body]
    channels: list[Channel]
    modes: list[Mode]
    defaults: list[Default]
    shown_only: list[ShownOnly]


class Numbers(Answer):
    """A number series of a place and year (编号)."""

    id: UUID
    version: int
    series: str
    last: int
    numbers: list[str]
    voided: list[str]
    preprinted: list[str]


class Publicity(Answer):
    """A notice or publicity of a place (宣传与公告)."""

    event: UUID
    kind: str
    body: str | None
    medium: str
    edition: str | None
    said_on: date


class Participation(Answer):
    """How many take part, and how they heard of it (参与度与知晓度)."""

    eligible: int = Field(description="projects that the service is for")
    chose: int = Field(description="of these, how many chose to be served")
    learned_through: dict[str, int] = Field(description="medium -> how often it was named")
    publicity: dict[str, int] = Field(description="medium -> notices there")
