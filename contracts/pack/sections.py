"""What do a policy pack's (政策包) sections on place, people and process look like?

Any block may carry `src` (the Chinese phrase of the instrument), `law` (statute or standard)
and `note`; a block's source covers the leaves below it that have none of their own.
"""

import datetime
from typing import Literal

from pydantic import Field

from contracts.edition import Data
from contracts.pack.words import (
    Act,
    AdCode,
    ChannelKind,
    EventName,
    Function,
    Id,
    ItemStage,
    Joint,
    ModeId,
    Must,
    Need,
    OriginKind,
    Outreach,
    PowerField,
    Rhythm,
    RoleWord,
    StageWord,
    Text,
    Via,
)
from contracts.predicate import ALWAYS
from contracts.project import Condition
from contracts.vocabulary import BodyKind, PackStatus

type Validity = Literal["in_force", "draft", "not_yet", "expired"]


class Sourced(Data):
    """A block that may say where its rules come from."""

    src: Text | tuple[Text, ...] | None = None
    law: Text | None = None
    note: Text | None = None


class Days(Sourced):
    """A span of days: `wd` working days (工作日), `cd` calendar days (自然日)."""

    days: int = Field(ge=0, le=1000)
    unit: Literal["wd", "cd"]


class Jurisdiction(Sourced):
    """The place, by its GB/T 2260 code.

    A pack that `inherits` says only what differs from its parent, and only at the paths that
    its parent's `children_may_change` names (`clocks.promises`, `channels.*`).
    """

    code: AdCode
    zh: Text
    level: Literal["province", "city", "county"]
    inherits: Id | None = None
    applies_to_children: bool = False
    children_may_change: tuple[Text, ...] = ()


class SourceText(Sourced):
    """The document the pack renders (方案文本), its validity, and what is lost of it."""

    title: Text
    status: PackStatus
    issuer: Text
    issued_on: datetime.date | None
    effective_from: datetime.date | Literal["on_issue"] | None = None
    expires_on: datetime.date | None = None
    based_on: Text | tuple[Text, ...] | None = None
    consultees: tuple[Text, ...] = ()
    public: bool
    gaps: tuple[Text, ...] = ()

    def validity(self, on: datetime.date) -> Validity:
        """Whether new matters may follow the document on that day, and if not why."""
        if self.status != "in_force":
            return "draft"
        begins = self.issued_on if self.effective_from == "on_issue" else self.effective_from
        if begins is None and self.effective_from == "on_issue":
            return "not_yet"
        if begins is not None and on < begins:
            return "not_yet"
        return "expired" if self.expires_on is not None and on > self.expires_on else "in_force"

    def dated(self, on: datetime.date) -> Validity:
        """The same of the dates alone: what a draft would be if it were in force."""
        return self.model_copy(update={"status": "in_force"}).validity(on)


class Terms(Sourced):
    """The local word for each canonical word (用语)."""

    words: dict[Id, Text]


class Body(Sourced):
    """An organisation (单位) of the place."""

    id: Id
    kind: BodyKind
    zh: Text
    parent: Id | None = None
    seat: Text | None = None
    members: tuple[Text, ...] = ()
    count: int | None = Field(None, ge=1)
    overseen_by: Id | None = None
    staffed_from: tuple[Id, ...] = ()
    duties: tuple[Text, ...] = ()


class Role(Sourced):
    """A post (岗位), never a person; `can` lists the acts it may do.

    `holder` is the office whose head holds the post, never a name.
    """

    id: Id
    canonical: RoleWord
    zh: Text
    bodies: tuple[Id, ...] = ()
    can: tuple[Act, ...] = ()
    min: int = Field(0, ge=0)
    max: int | None = Field(None, ge=1)
    activates_as: Id | None = None
    holder: Text | None = None
    part_time: bool = False
    requires: tuple[Text, ...] = ()
    sees_nothing_until: Literal["activated"] | None = None


class Park(Sourced):
    """A local site code for an area that GB/T 2260 does not know (园区)."""

    id: Id
    zh: Text
    body: Id


class Townships(Sourced):
    """Township site codes: nine digits (GB/T 10114) that begin with the county's code."""

    prefix: AdCode
    body: Id


class Sites(Sourced):
    """The site codes (选址代码) of the place; `elsewhere` is always one."""

    parks: tuple[Park, ...] = ()
    townships: Townships | None = None


class ScopeRule(Sourced):
    """One condition of admission, exclusion or referral, with its sentence."""

    id: Id
    zh: Text
    when: Condition


class ApplicantRule(ScopeRule):
    """A condition on who applies; with `modes` it binds in those modes alone (YY-07)."""

    modes: tuple[ModeId, ...] = ()


class Discretion(ScopeRule):
    """Projects outside the rules that may be served all the same (其他确有必要), and at what."""

    needs: tuple[Need, ...] = ("reason", "approver")


class ItemScope(Sourced):
    """Which items the service covers."""

    stages: tuple[ItemStage, ...]
    utilities: bool
    other_public_services: bool = False
    levels: tuple[Literal["province", "city", "county"], ...] = ()


class Decline(Sourced):
    """What it takes to decline a project that qualifies (不予受理的条件)."""

    needs: tuple[Need, ...]


class Scope(Sourced):
    """Who is served (服务范围): an `include`, no `exclude`, every `applicants` holds."""

    include: tuple[ScopeRule, ...] = Field(min_length=1)
    exclude: tuple[ScopeRule, ...] = ()
    applicants: tuple[ApplicantRule, ...] = ()
    refer: tuple[ScopeRule, ...] = ()
    discretionary: Discretion | None = None
    items: ItemScope
    decline: Decline


class Paper(Sourced):
    """A paper a mode needs; the acts in `before` wait for it (X-03)."""

    id: Id
    when: Condition = ALWAYS
    must_state: tuple[PowerField, ...] = ()
    before: tuple[Act, ...] = Field(min_length=1)


class Origin(Sourced):
    """A way a matter may begin (来源): by the unit, on order from above, by hotline, …"""

    id: Id
    zh: Text
    kind: OriginKind
    sender: tuple[Id, ...] = Field((), alias="from")
    consent: Literal["none", "unit"] = "unit"


class Outreaching(Sourced):
    """What is offered before anyone applies (主动服务), to whom, at which event, by which way."""

    id: Id
    zh: Text
    what: Outreach
    when: Condition = ALWAYS
    at: EventName | None = None
    via: tuple[Via, ...] = Field(min_length=1)
    once: bool = False
    companion: Id | None = Field(None, alias="with")


class Mode(Sourced):
    """A way of serving (帮办、代办、领办): what it needs and what staff may then do (X-02).

    A mode with `muting` cannot be refused by the unit, but its messages can be silenced.
    """

    id: ModeId
    zh: Text
    enrol: Literal["automatic", "on_request", "on_arrival", "outreach"]
    papers: tuple[Paper, ...]
    staff_may: tuple[Act, ...]
    filed_by: Literal["applicant", "agent"]
    applicant_takes_part: bool
    applicant_tasks: tuple[Act, ...] = ()
    ends_when: EventName | None = None
    muting: bool = False
    asked_by: tuple[Id, ...] = ()

    def allows(self, act: Act) -> bool:
        """Whether staff may do `act` in this mode at all."""
        return act in self.staff_may

    def papers_before(self, act: Act) -> tuple[Paper, ...]:
        """The papers that must exist before `act`."""
        return tuple(paper for paper in self.papers if act in paper.before)


class Channel(Sourced):
    """A door (渠道) and the other names it goes by."""

    id: Id
    kind: ChannelKind
    zh: Text
    aliases: tuple[Text, ...] = ()
    priority: int = Field(1, ge=1)
    hours: Literal["office", "24h"] | None = None
    count: int | None = Field(None, ge=1)
    functions: tuple[Function, ...] = ()
    forwards_to: Id | None = None


class Fallback(Sourced):
    """Who is asked when the owner of a stage cannot answer (超出业务范畴)."""

    to: Id
    when: Text
    at_once: bool = False


class ProcessStage(Sourced):
    """One stage of the service (服务环节): its owner and the event that ends it."""

    id: Id
    canonical: StageWord
    zh: Text
    owner: tuple[Id, ...] = Field(min_length=1)
    modes: tuple[ModeId, ...] = Field(min_length=1)
    channels: tuple[Id, ...] = ()
    steps: tuple[Id, ...] = ()
    forms: tuple[Id, ...] = ()
    done_when: EventName
    continuous: bool = False
    at_once: bool = False
    discretion: Text | None = None
    ladder: Id | None = None
    must: tuple[Must, ...] = ()
    first_contact_is_responsible: bool = False
    fallback: Fallback | None = None
    single_point: bool = False
    done_for: Literal["once", "each_item"] = "once"
    branch: tuple[Id, ...] = ()


class Assigning(Sourced):
    """How many of which post are put on the matter once it is routed."""

    assign: Id
    count: int = Field(1, ge=1)


class RoutingRule(Sourced):
    """Where a matter or an item goes; for each, the first rule that holds decides.

    `to` names bodies or posts. With `co_lead` all of `to` lead; `follow_until` keeps the sender
    on the item; the receiver confirms within `confirm_within`.
    """

    id: Id
    zh: Text
    when: Condition = ALWAYS
    applies_to: Literal["matter", "item"] = "matter"
    to: tuple[Id, ...] = ()
    assisted_by: tuple[Id, ...] = ()
    jointly: bool = False
    file_at: Text | None = None
    at_once: bool = False
    then: Assigning | None = None
    co_lead: bool = False
    follow_until: EventName | None = None
    confirm_within: Days | None = None


class TeamRule(Sourced):
    """A rule of the team that the software enforces."""

    id: Literal["agent_never_decides", "replacement_needs_consent", "named_person"]
    zh: Text


class Slot(Sourced):
    """A place to be filled (名额): how many of a post, from which bodies, for each of what."""

    id: Id
    zh: Text
    role: Id
    bodies: tuple[Id, ...] = ()
    min: int = Field(ge=0)
    max: int | None = Field(None, ge=1)
    per: Literal["place", "body", "stage", "item", "matter"]
    exclusive: bool = False


class WorkingGroup(Sourced):
    """A working group (工作组): its body, its head, and the projects it takes."""

    id: Id
    zh: Text
    body: Id
    when: Condition = ALWAYS
    head: Id


class Team(Sourced):
    """How the people on a matter are put together (队伍)."""

    model: Literal["by_site", "by_investment", "roster", "one_plus_n"]
    per_matter: Literal["one", "by_item"]
    lead: Literal["first_accepting_body", "first_named_body", "chief_agent", "single_agent"]
    rules: tuple[TeamRule, ...]
    slots: tuple[Slot, ...] = ()
    pairs_with: Id | None = None
    reserve: Id | None = None
    working_groups: tuple[WorkingGroup, ...] = ()
    home_bodies: tuple[Id, ...] = ()


class Planning(Sourced):
    """What a plan must do (预排工期)."""

    plan_required: bool
    parallel: Literal["when_possible", "never"]
    follow_actual: bool
    prepare_ahead: bool
    share_materials: bool
    dependencies: bool = False
    early_intervention: bool = False
    joint: tuple[Joint, ...] = ()
    rhythm: tuple[Rhythm, ...] = ()
    strike_off: bool = False
