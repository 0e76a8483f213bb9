"""What can be asked of intake (受理) about projects and matters."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.project import ProjectFacts
from contracts.vocabulary import (
    ActorId,
    AgreementEndCause,
    Amount,
    Area,
    AreaCode,
    BodyId,
    Consent,
    Count,
    DeclineCause,
    Document,
    EndedBy,
    ItemCode,
    MaterialCode,
    MaterialOrigin,
    Medium,
    Mode,
    ModeChoice,
    Ordinal,
    PackEdition,
    PackPath,
    Power,
    ProjectCode,
    Signing,
    SystemRef,
    WaitingOn,
    Word,
    WorksCode,
)
from shared.command import Command

type Name = Personal[Annotated[str, Field(min_length=1, max_length=200)]]
type Sentence = Personal[Annotated[str, Field(min_length=1, max_length=2000)]]
type Phone = Personal[Annotated[str, Field(pattern=r"^[0-9+() -]{3,30}$")]]
type Items = Annotated[tuple[ItemCode, ...], Field(max_length=200)]
type Materials = Annotated[tuple[MaterialCode, ...], Field(max_length=200)]


class RegisterProject(Command):
    """登记项目 Enter a construction project with what is known of it (YO-05, X-11).

    `applicant` is the unit's account; an applicant who registers is that himself.
    """

    area: AreaCode
    code: ProjectCode | None = None
    works: WorksCode | None = None
    facts: ProjectFacts = ProjectFacts()
    investment_amount: Amount | None = None
    land_area: Area | None = None
    building_area: Area | None = None
    applicant: ActorId | None = None
    name: Name
    unit: Name
    unit_code: Name | None = None
    address: Name | None = None


class AmendProject(Command):
    """补正项目信息 Add what is new about a project, or put it right (YO-05, X-14)."""

    code: ProjectCode | None = None
    works: WorksCode | None = None
    facts: ProjectFacts = ProjectFacts()
    investment_amount: Amount | None = None
    land_area: Area | None = None
    building_area: Area | None = None
    applicant: ActorId | None = None
    name: Name | None = None
    unit: Name | None = None
    unit_code: Name | None = None
    address: Name | None = None
    reason: Sentence | None = None


class ClaimCode(Command):
    """归并项目代码 Tie a project code to its one project; only with the two above (X-11)."""

    code: ProjectCode
    project: UUID


class RequestService(Command):
    """提交申请 Ask for help with a project, online or at the window (YO-37, YO-38, X-11)."""

    project: UUID
    area: AreaCode
    wanted: Mode | None = None
    items: Items = ()
    applicant: ActorId | None = None
    handler: ActorId | None = None
    system_ref: SystemRef | None = None
    learned_through: Medium | None = None
    lead_name: Name
    lead_phone: Phone
    handler_name: Name | None = None
    handler_phone: Phone | None = None
    needs: Sentence | None = None
    papers: Personal[tuple[Document, ...]] | None = None


class AcceptService(Command):
    """受理 Take the matter on, for a department or window (YO-14, YO-67, YO-68)."""

    body: BodyId


class DeclineService(Command):
    """不予受理服务 Do not take the matter on, and say why (YO-05, YO-14)."""

    cause: DeclineCause
    supervisor: ActorId | None = None
    reason: Sentence


class ChooseMode(Command):
    """选择服务方式 The unit chooses help, agency or neither; it may choose again (YO-11)."""

    mode: ModeChoice


class FixItemScope(Command):
    """确定事项范围 Settle which items are served; none named: all that apply (YO-06, YO-11)."""

    items: Items | None = None


class AmendItemScope(Command):
    """调整事项范围 Add items to the service, or take some out (YO-11, YO-06)."""

    added: Items = ()
    removed: Items = ()
    reason: Sentence | None = None


class FileCommission(Command):
    """提交授权委托书 File the unit's written power of attorney (X-03, YO-09; 民法典第165条)."""

    commission: UUID | None = None
    agent: ActorId
    items: Items | None = None
    powers: Annotated[tuple[Power, ...], Field(min_length=1, max_length=20)]
    begins_on: date
    ends_on: date
    signed_on: date
    signing: Signing
    consents: tuple[Consent, ...] = ()
    agent_name: Name
    principal: Name
    signatory: Name
    paper: Personal[Document]


class EndCommission(Command):
    """终止委托 End the commission: nothing may lean on it from now on (X-03)."""

    cause: AgreementEndCause
    ended_by: EndedBy
    reason: Sentence | None = None


class ReleaseCommission(Command):
    """办结终止委托 End the commission, if one is open, because the file was closed (X-03)."""


class DraftForm(Command):
    """代填表单 Fill a form in for the unit (YO-40, YO-69)."""

    item: ItemCode
    form: Word = "stage_form"
    content: Personal[Document]


class ConfirmForm(Command):
    """确认表单 The unit confirms what a form says before it is filed (YO-40)."""

    item: ItemCode
    form: Word = "stage_form"
    draft: Ordinal
    confirmed_by: Name
    proof: Personal[Document] | None = None


class RequestMaterials(Command):
    """通知备料 Ask for what is missing, at once and in full, or ahead (YO-30, X-07, X-14).

    No items: all in scope. No materials: everything these items still lack.
    """

    request: UUID | None = None
    items: Items | None = None
    materials: Materials | None = None
    waiting_on: WaitingOn = "applicant"
    ahead: bool = False
    due_on: date | None = None
    wording: Sentence | None = None


class ReceiveMaterial(Command):
    """接收材料 Take a material in against a receipt (YO-39, YO-03).

    `piece` may be made by the caller, so that an entry made offline is made once.
    """

    piece: UUID | None = None
    material: MaterialCode
    originals: Count = 0
    copies: Count = 0
    sheets: Count | None = None
    valid_until_on: date | None = None
    replaces: UUID | None = None
    request: UUID | None = None
    visit: UUID | None = None
    title: Name | None = None
    handed_in_by: Name | None = None
    scans: Personal[tuple[Document, ...]] | None = None
    receipt: Personal[Document] | None = None


class ReuseMaterial(Command):
    """共享材料 Use what another matter or the certificate library holds already (YO-03, X-14)."""

    material: MaterialCode
    origin: MaterialOrigin
    from_matter: UUID | None = None
    piece: UUID | None = None


class NoteResult(Command):
    """结果转材料 An item was decided: its result is a material for others (YO-03, X-14)."""

    item: ItemCode


class PrecheckItem(Command):
    """预审 Read the papers of an item through: in order, or which are faulty (YO-69)."""

    item: ItemCode
    in_order: bool
    faulty: Materials = ()
    waiting_on: WaitingOn = "applicant"
    due_on: date | None = None
    faults: Sentence | None = None
    note: Sentence | None = None


class AnswerConsultation(Command):
    """咨询解答 Answer a question about policy, tax or filing, with sources (YO-27, YO-08)."""

    consultation: UUID | None = None
    topic: Word
    items: Items = ()
    sources: Annotated[tuple[PackPath, ...], Field(max_length=50)] = ()
    understood: bool | None = None
    learned_through: Medium | None = None
    visitor: Name | None = None
    phone: Phone | None = None
    question: Sentence
    answer: Sentence


class AnswerVisitor(AnswerConsultation):
    """咨询解答 Answer a visitor who has no matter yet (YO-27, YO-76)."""

    area: AreaCode


class MigrateMatter(Command):
    """办件改用新版 Move an open matter to another edition of the rules (X-08, YO-26)."""

    taken: PackEdition
    reason: Sentence
