"""What can be asked about projects?"""

from uuid import UUID

from pydantic import AwareDatetime

from contracts.event import Personal
from contracts.project import ProjectFacts
from contracts.vocabulary import (
    ActorId,
    Amount,
    Area,
    AreaCode,
    Word,
    WorksCode,
)
from services.intake.domain.codes import PlainProjectCode, UnitCode
from services.intake.domain.commands.words import Name, Sentence
from shared.command import Command


class RegisterProject(Command):
    """登记项目 Enter a construction project with what is known of it (YO-05, X-11, HS-83).

    `applicant` is the unit's account; an applicant who registers is that himself. `parent` is
    the earlier project that this one alters or extends; `source` the system that told of it.
    """

    area: AreaCode
    code: PlainProjectCode | None = None
    works: WorksCode | None = None
    parent: UUID | None = None
    source: Word | None = None
    observed_at: AwareDatetime | None = None
    facts: ProjectFacts = ProjectFacts()
    investment_amount: Amount | None = None
    land_area: Area | None = None
    building_area: Area | None = None
    applicant: ActorId | None = None
    name: Name
    unit: Name
    unit_code: Personal[UnitCode] | None = None
    address: Name | None = None


class AmendProject(Command):
    """补正项目信息 Add what is new about a project, or put it right (YO-05, X-14)."""

    code: PlainProjectCode | None = None
    works: WorksCode | None = None
    parent: UUID | None = None
    source: Word | None = None
    observed_at: AwareDatetime | None = None
    facts: ProjectFacts = ProjectFacts()
    investment_amount: Amount | None = None
    land_area: Area | None = None
    building_area: Area | None = None
    applicant: ActorId | None = None
    name: Name | None = None
    unit: Name | None = None
    unit_code: Personal[UnitCode] | None = None
    address: Name | None = None
    reason: Sentence | None = None


class ClaimCode(Command):
    """归并项目代码 Tie a project code to its one project; only with the two above (X-11)."""

    code: PlainProjectCode
    project: UUID
