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
    Id,
    ItemStage,
    ModeId,
    PowerField,
    RoleWord,
    StageWord,
    Text,
)
from contracts.predicate import ALWAYS
from contracts.project import Condition
from contracts.vocabulary import BodyKind, PackStatus


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
    """The place, by its GB/T 2260 code."""

    code: AdCode
    zh: Text
    level: Literal["province", "city", "county"]
    inherits: Id | None = None
    applies_to_children: bool = False


class SourceText(Sourced):
    """The document the pack renders (方案文本) and what is lost of it."""

    title: Text
    status: PackStatus
    issuer: Text
    issued_on: datetime.date | None
    effective_from: datetime.date | Literal["on_issue"] | None = None
    based_on: Text | None = None
    public: bool
    gaps: tuple[Text, ...] = ()


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


class Role(Sourced):
    """A post (岗位), never a person; `can` lists the acts it may do."""

    id: Id
    canonical: RoleWord
    zh: Text
    bodies: tuple[Id, ...] = ()
    can: tuple[Act, ...] = ()
    min: int = Field(0, ge=0)
    max: int | None = Field(None, ge=1)
    activates_as: Id | None = None


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


class ItemScope(Sourced):
    """Which items the service covers."""

    stages: tuple[ItemStage, ...]
    utilities: bool
    other_public_services: bool = False
    levels: tuple[Literal["province", "city", "county"], ...] = ()


class Decline(Sourced):
    """What it takes to decline a project that qualifies (不予受理的条件)."""

    needs: tuple[Literal["reason", "approver", "notice"], ...]


class Scope(Sourced):
    """Who is served (服务范围): an `include`, no `exclude`, every `applicants` holds."""

    include: tuple[ScopeRule, ...] = Field(min_length=1)
    exclude: tuple[ScopeRule, ...] = ()
    applicants: tuple[ScopeRule, ...] = ()
    refer: tuple[ScopeRule, ...] = ()
    discretionary: ScopeRule | None = None
    items: ItemScope
    decline: Decline


class Paper(Sourced):
    """A paper a mode needs; the acts in `before` wait for it (X-03)."""

    id: Id
    when: Condition = ALWAYS
    must_state: tuple[PowerField, ...] = ()
    before: tuple[Act, ...] = Field(min_length=1)


class Mode(Sourced):
    """A way of serving (帮办、代办、领办): what it needs and what staff may then do (X-02)."""

    id: ModeId
    zh: Text
    enrol: Literal["automatic", "on_request", "on_arrival", "outreach"]
    papers: tuple[Paper, ...]
    staff_may: tuple[Act, ...]
    filed_by: Literal["applicant", "agent"]
    applicant_takes_part: bool
    applicant_tasks: tuple[Act, ...] = ()

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


class RoutingRule(Sourced):
    """Where a matter or an item goes; for each, the first rule that holds decides."""

    id: Id
    zh: Text
    when: Condition = ALWAYS
    applies_to: Literal["matter", "item"] = "matter"
    to: tuple[Id, ...] = ()
    assisted_by: tuple[Id, ...] = ()
    jointly: bool = False
    file_at: Text | None = None
    at_once: bool = False


class TeamRule(Sourced):
    """A rule of the team that the software enforces."""

    id: Literal["agent_never_decides", "replacement_needs_consent", "named_person"]
    zh: Text


class Team(Sourced):
    """How the people on a matter are put together (队伍)."""

    model: Literal["by_site", "by_investment", "roster", "one_plus_n"]
    per_matter: Literal["one", "by_item"]
    lead: Literal["first_accepting_body", "first_named_body", "chief_agent", "single_agent"]
    rules: tuple[TeamRule, ...]


class Planning(Sourced):
    """What a plan must do (预排工期)."""

    plan_required: bool
    parallel: Literal["when_possible", "never"]
    follow_actual: bool
    prepare_ahead: bool
    share_materials: bool
