"""What does intake answer about one matter: what was asked for, agreed, handed in, approved?"""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from contracts.vocabulary import FactValue
from shared.answering import Answer, sometimes


class Bilingual(Answer):
    """A sentence in both languages."""

    zh: str
    en: str


class Stage(Answer):
    """A stage of the local process (环节)."""

    id: str
    canonical: str
    zh: str


class Commission(Answer):
    """The authority that the unit gave (授权委托)."""

    id: UUID
    number: str | None
    agent: str
    items: list[str]
    powers: list[str]
    consents: list[str]
    begins_on: date
    ends_on: date


class Piece(Answer):
    """A paper that was handed in (材料)."""

    piece: UUID
    material: str
    originals: int
    copies: int
    valid_until_on: date | None
    replaced: bool


class Agreement(Answer):
    """Where an agreement stands today (服务协议)."""

    id: UUID
    kind: str
    zh: str
    papers: list[str] = Field(description="the names by which modes ask for it")
    state: str
    in_force: bool
    number: str | None
    label: str | None
    items: list[str]
    stages: list[str]
    begins_on: date | None
    ends_on: date | None
    application: int | None = Field(description="the revision of the application it carries")
    amendment_due: bool
    agent: str | None
    ended: str | None
    awaits: list[str]
    pending: str | None
    takes_effect_on: date | None
    moves: list[str]


class Nothing(Answer):
    """An object without members."""


class MatterTold(Answer):
    """A matter as it was asked for and is entrusted (办件)."""

    id: UUID
    number: str | None
    version: int
    position: int
    state: str
    eligibility: str | None
    area: str
    site: FactValue | None
    project: UUID | None
    pack: str
    in_force: str | None = Field(description="the edition that new matters follow today")
    pack_notice: Bilingual | None
    stages: list[Stage]
    catalogue: str
    mode: str | None
    wanted: str | None
    applicant_tasks: list[str] = Field(description="what is left to the unit (单位任务)")
    items: list[str]
    applicant: str | None
    handler: str | None
    opened_on: date
    body: str | None
    commission: Commission | None
    complete_items: list[str]
    prechecked: list[str]
    confirmed_forms: dict[str, int] = Field(description="item -> draft the unit confirmed")
    pieces: list[Piece]
    reused: dict[str, str] = Field(description="material -> where it came from (共享)")
    facts: dict[str, FactValue | str] = Field(
        description="what is known of the project; a figure is decimal text (项目信息)"
    )
    milestones: Nothing = Field(description="empty: supervision keeps them")
    agreements: list[Agreement]
    applications: dict[str, int] = Field(description="form -> its latest revision (申请)")
    papers: dict[str, bool] = Field(description="paper that is needed -> whether it is there")
    excused: list[str]
    registered: bool
    complete_set: bool
    gathered: bool
    explained: str | None
    muted: bool
    origin: str | None
    consented: bool
    contacts: list[str] = Field(description="which people of the unit may be called")
    override: str | None
    unwarranted: list[UUID]


class MatterRow(Answer):
    """A matter of the list (办件列表)."""

    id: UUID
    number: str | None
    area: str
    project: UUID | None
    pack: str
    state: str
    mode: str | None
    wanted: str | None
    eligibility: str | None
    channel: str | None
    body: str | None
    requested_on: date
    accepted_on: date | None
    items: list[str]
    complete_items: list[str]


class NeededPaper(Answer):
    """A material that an item needs."""

    material: str
    zh: str
    missing: bool


class ItemPapers(Answer):
    """What an item needs, has and lacks (材料清单)."""

    item: str
    zh: str
    after: list[str] = Field(description="items that come before it (前置事项)")
    materials: list[NeededPaper]
    complete: bool
    prechecked: bool


class AskedPapers(Answer):
    """Materials that the unit was asked for (要求提交)."""

    request: UUID
    materials: list[str]
    ahead: bool
    due_on: date | None


class Materials(Answer):
    """What each item of the matter needs (材料清单)."""

    id: UUID
    items: list[ItemPapers]
    asked: list[AskedPapers]


class UnitPeople(Answer):
    """Names and telephones of the unit's people; what was not given or is erased is absent."""

    lead_name: str = sometimes()
    lead_phone: str = sometimes()
    handler_name: str = sometimes()
    handler_phone: str = sometimes()


class People(Answer):
    """Whom to call at the unit (联系人)."""

    id: UUID
    people: UnitPeople


class ApprovalRow(Answer):
    """What waits for another person's word (待批准)."""

    event: UUID
    matter: UUID
    decision: str
    area: str
    project: UUID | None
    cause: str | None
    asked_by: str
    asked_on: date
    mine: bool


class Approval(ApprovalRow):
    """The same in the words in which it was asked."""

    reason: str = sometimes("absent where it was erased (理由)")


class Approvals(Answer):
    """What was asked about a matter (提请内容)."""

    id: UUID
    items: list[Approval]


class Lacking(Answer):
    """What explains why a paper cannot be leant on; each reason has its own members (欠缺)."""

    form: str = sometimes("the application that is not filed (申请表)")
    ended: list[UUID] = sometimes("commissions that ended (已终止的委托)")
    item: str | None = sometimes()
    begins_on: date = sometimes()
    ends_on: date | None = sometimes()
    items: list[str] = sometimes("what the commission covers (授权事项)")
    agreement: UUID | None = sometimes("null: none was signed (协议)")
    state: str | None = sometimes("null: not all have signed")
    awaits: list[str] = sometimes("whose signature is awaited (待签)")


class Paper(Answer):
    """A paper that an act waits for (办前文书)."""

    paper: str
    zh: str
    sort: str
    before: list[str]
    needed: bool
    there: bool
    why: str | None
    rule: str
    more: Lacking = sometimes("what is known of the one that is not there")


class ToSign(Answer):
    """An agreement that could be made (可签协议)."""

    kind: str
    zh: str
    moves: list[str]


class Gate(Answer):
    """The papers each act waits for, and which are there (办前文书)."""

    id: UUID
    mode: str | None
    papers: list[Paper]
    to_sign: list[ToSign]


class Reason(Answer):
    """A reason of the place's rules (理由)."""

    rule: str
    zh: str
    en: str
    src: str | None
    label: str | None


class Eligibility(Answer):
    """Why the project is served or not (服务条件)."""

    id: UUID
    recorded: str | None
    today: str
    override: str | None
    unknown: list[str]
    unchecked: list[str]
    checks: dict[str, bool] = Field(description="declaration -> whether it was found true")
    discretion: str | None
    reasons: list[Reason]


class Received(Answer):
    """A paper with both its times (材料收件单)."""

    piece: UUID
    material: str
    originals: int
    copies: int
    sheets: int | None
    replaced_by: UUID | None
    effective: str = Field(description="when it was handed in: a day or an instant")
    recorded: datetime
    zh: str | None


class Receipt(Answer):
    """What was handed in, by when it was (材料收件单)."""

    id: UUID
    items: list[Received]


class Offered(Answer):
    """What an earlier matter holds that this one lacks (可用材料)."""

    material: str
    from_matter: UUID
    number: str | None
    zh: str | None


class Offers(Answer):
    """Nothing the unit gave before is asked for again (可用材料)."""

    id: UUID
    items: list[Offered]


class Printable(Answer):
    """A paper that can be printed (文书)."""

    form: str
    zh: str
    kind: str
    red_head: bool
    attachment: str | None
    inferred: bool
    label: str | None
    held_by: list[str] = Field(description="events that hold the signed paper")
    pdf: str = Field(description="path of the paper at this service")


class Papers(Answer):
    """The papers that can be printed, and those that are asked for (文书目录)."""

    id: UUID
    mode: str | None
    needed: list[Paper]
    papers: list[Printable]


class AgreementRow(Answer):
    """An agreement of the list (协议台账)."""

    agreement: UUID
    matter: UUID
    kind: str
    number: str | None
    label: str | None
    state: str | None
    in_force: bool
    awaits: list[str]
    begins_on: date | None
    ends_on: date | None
    ended: str | None
