"""What intake says of projects and of the requests for help with them (项目与申请)."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    Amount,
    Area,
    BodyId,
    CatalogueEdition,
    Count,
    DeclineCause,
    Defaults,
    Document,
    Eligibility,
    Facts,
    Instant,
    ItemCode,
    MatterNumber,
    Medium,
    Mode,
    ModeChoice,
    PackPath,
    ProjectCode,
    Role,
    Series,
    Subject,
    SystemRef,
    VoidCause,
    Word,
    WorksCode,
)


class ConsultationAnswered(Event):
    """A question about policy, tax or filing was answered with its sources (咨询解答; YO-27,
    YO-08, HS-80, AS-06, AS-19, AS-50, AS-51, AS-52).

    `understood` is what the visitor said; `learned_through` is how he came to know the service.
    A question that was referred says who answered it and after how long; a session by video or
    telephone says when it was and who took part. It is recorded with consent or not at all.
    """

    subject: ClassVar[Subject] = "visitor"

    type: Literal["intake.consultation_answered.v1"] = "intake.consultation_answered.v1"

    consultation: UUID
    topic: Word
    items: tuple[ItemCode, ...] = ()
    sources: tuple[PackPath, ...] = ()
    understood: bool | None = None
    learned_through: Medium | None = None
    answered_by: BodyId | None = None
    waited_minutes: Count | None = None
    began_at: Instant | None = None
    ended_at: Instant | None = None
    parties: tuple[Word, ...] | None = None
    recorded_with_consent: bool | None = None
    visitor: Personal[str] | None = None
    phone: Personal[str] | None = None
    question: Personal[str]
    answer: Personal[str]
    recording: Personal[Document] | None = None


class ProjectRegistered(Event):
    """A construction project was entered, with what is known of it (项目登记; YO-05, X-11,
    X-14, HS-73, HS-83).

    One project code meets in one project, whatever the door; the code may come later.
    `applicant` is the unit's account, if it has one; `parent` the earlier project that this one
    alters or extends. `warnings` are oddities that were taken as they came and want checking;
    `source` and `observed_at` say which other system told it, and when it saw it so.
    """

    type: Literal["intake.project_registered.v1"] = "intake.project_registered.v1"

    code: ProjectCode | None = None
    works: WorksCode | None = None
    parent: UUID | None = None
    applicant: ActorId | None = None
    warnings: tuple[Word, ...] | None = None
    source: Word | None = None
    observed_at: Instant | None = None
    facts: Facts
    investment_amount: Amount | None = None
    land_area: Area | None = None
    building_area: Area | None = None
    name: Personal[str]
    unit: Personal[str]
    unit_code: Personal[str] | None = None
    address: Personal[str] | None = None


class ProjectAmended(Event):
    """More was learned about a project, or what was known was put right (项目信息补正; YO-05,
    X-14).

    Only what is new is given; a fact given again replaces the earlier one. `warnings` are all
    that stand from now on, if they changed.
    """

    type: Literal["intake.project_amended.v1"] = "intake.project_amended.v1"

    code: ProjectCode | None = None
    works: WorksCode | None = None
    parent: UUID | None = None
    applicant: ActorId | None = None
    warnings: tuple[Word, ...] | None = None
    source: Word | None = None
    observed_at: Instant | None = None
    facts: Facts = Field(default_factory=dict)
    investment_amount: Amount | None = None
    land_area: Area | None = None
    building_area: Area | None = None
    name: Personal[str] | None = None
    unit: Personal[str] | None = None
    unit_code: Personal[str] | None = None
    address: Personal[str] | None = None
    reason: Personal[str] | None = None


class ProjectIdentified(Event):
    """A project code was tied to its one project, in the stream of the code (项目代码归并; X-11).

    Whoever brings the same code by another door is led to the project `leads_to`.
    """

    type: Literal["intake.project_identified.v1"] = "intake.project_identified.v1"

    code: ProjectCode
    leads_to: UUID


class ServiceRequested(Event):
    """The unit asked for help with its project, online or at the window (提交申请; YO-37,
    YO-38).

    `system_ref` is the number the online hall gave; `items` may be empty until scope is fixed;
    `applicant` is the account of the unit's lead and `handler` that of its handler, if any.
    `origin` is how the matter began where the unit did not begin it: `ordered_by` whom.
    """

    type: Literal["intake.service_requested.v1"] = "intake.service_requested.v1"

    number: MatterNumber
    applicant: ActorId | None = None
    handler: ActorId | None = None
    wanted: Mode | None = None
    items: tuple[ItemCode, ...] = ()
    system_ref: SystemRef | None = None
    learned_through: Medium | None = None
    origin: Word | None = None
    ordered_by: BodyId | None = None
    contacts: tuple[Role, ...] = ()
    lead_name: Personal[str]
    lead_phone: Personal[str]
    handler_name: Personal[str] | None = None
    handler_phone: Personal[str] | None = None
    needs: Personal[str] | None = None
    papers: Personal[tuple[Document, ...]] | None = None


class NumberReserved(Event):
    """The next number of a gap-free yearly series was taken (编号取用; HS-51, YO-38).

    `holder` is the matter or commission that carries it and `within` its project: kept here, in
    the stream of the series, so that one request by two doors is not numbered twice. Without a
    holder it was printed on an empty form, to be entered later (预印编号).
    """

    type: Literal["intake.number_reserved.v1"] = "intake.number_reserved.v1"

    series: Series
    year: Annotated[int, Field(ge=2000, le=9999)]
    serial: Annotated[int, Field(ge=1, le=99_999_999)]
    number: MatterNumber
    holder: UUID | None = None
    within: UUID | None = None


class NumberTaken(Event):
    """A paper with a number that was printed beforehand was entered (启用预印编号; HS-51, YO-38).

    `holder` is what carries the number from now on.
    """

    type: Literal["intake.number_taken.v1"] = "intake.number_taken.v1"

    series: Series
    number: MatterNumber
    holder: UUID
    within: UUID | None = None


class NumberVoided(Event):
    """A number that was taken will never be used, and stays in the series (编号作废; HS-51,
    YO-38).
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.number_voided.v1"] = "intake.number_voided.v1"

    series: Series
    number: MatterNumber
    cause: VoidCause
    reason: Personal[str] | None = None


class EligibilityAssessed(Event):
    """The project was held against the admission rule of the place (服务条件审核; YO-05,
    YO-06, HS-06, HS-09).

    `failed` are the tests it did not meet, `unknown` the facts nobody has given yet, and
    `pointer` the door an ineligible unit is shown instead. `unchecked` were declared and not
    held against a source. `override`: served because really needed (其他确有必要), approved.
    """

    type: Literal["intake.eligibility_assessed.v1"] = "intake.eligibility_assessed.v1"

    result: Eligibility
    rule: PackPath
    failed: tuple[PackPath, ...] = ()
    unknown: tuple[Word, ...] = ()
    pointer: PackPath | None = None
    mode: Mode | None = None
    unchecked: tuple[Word, ...] = ()
    override: bool = False
    approver: ActorId | None = None
    defaults: Defaults = ()
    reason: Personal[str] | None = None


class ServiceAccepted(Event):
    """The service took the matter on (受理; YO-14, YO-67, YO-68).

    `body` is the department or window that accepted it.
    """

    type: Literal["intake.service_accepted.v1"] = "intake.service_accepted.v1"

    body: BodyId
    rule: PackPath | None = None
    defaults: Defaults = ()


class ServiceDeclined(Event):
    """The service did not take the matter on, and says why (不予受理服务; YO-14, YO-05).

    Declining an eligible project needs a `supervisor`, who is not who asked for it.
    """

    type: Literal["intake.service_declined.v1"] = "intake.service_declined.v1"

    cause: DeclineCause
    eligible: bool
    rule: PackPath | None = None
    pointer: PackPath | None = None
    supervisor: ActorId | None = None
    defaults: Defaults = ()
    reason: Personal[str]


class ModeChosen(Event):
    """The unit chose help, agency or neither, and may choose again (选择服务方式; YO-11, YO-09,
    X-02).
    """

    type: Literal["intake.mode_chosen.v1"] = "intake.mode_chosen.v1"

    mode: ModeChoice
    replaces: ModeChoice | None = None


class ItemScopeFixed(Event):
    """It was settled which approval items the service covers (确定事项范围; YO-06, YO-11).

    `stages` are the approval stages (S1 to S4) of the catalogue; `not_wanted` are items that
    apply to the project and that the unit keeps to itself.
    """

    type: Literal["intake.item_scope_fixed.v1"] = "intake.item_scope_fixed.v1"

    catalogue: CatalogueEdition
    stages: tuple[ItemCode, ...]
    items: tuple[ItemCode, ...]
    not_wanted: tuple[ItemCode, ...] = ()
    defaults: Defaults = ()


class ItemScopeAmended(Event):
    """Items were added to the service or taken out of it (调整事项范围; YO-11, YO-06)."""

    type: Literal["intake.item_scope_amended.v1"] = "intake.item_scope_amended.v1"

    catalogue: CatalogueEdition
    added: tuple[ItemCode, ...] = ()
    removed: tuple[ItemCode, ...] = ()
    reason: Personal[str] | None = None
