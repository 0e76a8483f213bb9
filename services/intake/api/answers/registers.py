"""What does intake answer about its registers: projects, places and their rules, figures?"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.pack.sections import Body, Channel, SourceText
from contracts.vocabulary import FactValue
from services.intake.api.answers.matters import Bilingual
from shared.answering import Answer, sometimes


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
