"""One of each, to vary: shared by every test of intake."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts.catalogue import REPRESENTATIVE, load_catalogue
from contracts.event import Event, Personal
from contracts.intake import (
    CommissionFiled,
    EligibilityAssessed,
    ItemScopeFixed,
    MaterialReceived,
    MaterialSetCompleted,
    ModeChosen,
    ServiceAccepted,
    ServiceRequested,
)
from contracts.pack import POLICIES, load_pack
from contracts.project import MatterFacts
from contracts.vocabulary import Document
from services.intake.domain import MATTER
from services.intake.domain.commands import (
    FileCommission,
    ReceiveMaterial,
    RequestService,
)
from services.intake.domain.facts import Facts
from shared.command import Command
from shared.testing.spec import Spec
from tests.unit.contracts.projects import FACTORY

PACK = load_pack(POLICIES / "cn-500242-bangdaiban" / "pack.yaml")
CATALOGUE = load_catalogue(REPRESENTATIVE)
AREA = PACK.jurisdiction.code
DAY = date(2026, 11, 20)

UNIT = "p:01990000-0000-7000-8000-000000000001"
CLERK = "p:01990000-0000-7000-8000-000000000002"
AGENT = "p:01990000-0000-7000-8000-000000000003"
HEAD = "p:01990000-0000-7000-8000-000000000004"
ID = UUID("01990000-0000-7000-8000-000000000010")
OTHER = UUID("01990000-0000-7000-8000-000000000011")
THIRD = UUID("01990000-0000-7000-8000-000000000012")
FOURTH = UUID("01990000-0000-7000-8000-000000000013")
NUMBER = f"{AREA}-2026-00001"
PROJECT = MatterFacts(**dict(FACTORY))

FACTS = Facts(
    day=DAY, pack=PACK, catalogue=CATALOGUE, project=PROJECT, id=ID, actor=CLERK,
    applicant=UNIT, number=None,
)  # fmt: skip
BY_UNIT = replace(FACTS, actor=UNIT, by_unit=True)
BY_AGENT = replace(FACTS, actor=AGENT, serving=True)


def of(**facts: Any) -> Facts:
    """The facts when the project is so; None is not yet known."""
    return replace(FACTS, project=MatterFacts(**{**dict(FACTORY), **facts}))


GOVERNMENT = of(investment="government")
UNKNOWN = of(nature=None)

spec: Spec[Command, Any, Event, Facts] = Spec(MATTER, FACTS)
given = spec.given


def words[T](value: T) -> Personal[T]:
    return Personal(value)


PAPER: Personal[Document] = words(
    {"sha256": "a" * 64, "size": 1, "media_type": "application/pdf", "name": "扫描件.pdf"}
)
request_service = RequestService(
    project=OTHER, area=AREA, channel="window", wanted="agent",
    lead_name=words("甲"), lead_phone=words("000-0000001"),
)  # fmt: skip
file_commission = FileCommission(
    agent=AGENT, items=("S1-01", "S1-05"), powers=("fill_forms", "submit"),
    begins_on=date(2026, 11, 1), ends_on=date(2026, 12, 31), signed_on=date(2026, 11, 1),
    signing="seal", agent_name=words("戊"), principal=words("测试公司"),
    signatory=words("甲"), paper=PAPER,
)  # fmt: skip


def receive(material: str, **more: Any) -> ReceiveMaterial:
    return ReceiveMaterial(material=material, originals=1, **more)


requested = ServiceRequested(
    number=NUMBER, applicant=UNIT, wanted="agent", contacts=("applicant_lead",),
    lead_name=words("甲"), lead_phone=words("000-0000001"),
)  # fmt: skip
eligible = EligibilityAssessed(result="eligible", rule="scope.include.social")
ineligible = EligibilityAssessed(
    result="ineligible",
    rule="scope.include.social",
    failed=("scope.include.social",),
    pointer="scope.refer.government",
    defaults=("scope.refer",),
)
accepted = ServiceAccepted(body="zone", rule="scope.include.social")
agency = ModeChosen(mode="agent")
assistance = ModeChosen(mode="assist")


def scope(*items: str) -> ItemScopeFixed:
    return ItemScopeFixed(catalogue=CATALOGUE.edition, stages=("S1",), items=items)


commission = CommissionFiled(
    commission=THIRD, agent=AGENT, items=("S1-01", "S1-05"), powers=("fill_forms", "submit"),
    begins_on=date(2026, 11, 1), ends_on=date(2026, 12, 31), signed_on=date(2026, 11, 1),
    signing="seal", agent_name=words("戊"), principal=words("测试公司"),
    signatory=words("甲"), paper=PAPER,
)  # fmt: skip

AT_THE_DOOR = (requested, eligible)
ACCEPTED = (*AT_THE_DOOR, accepted)
ASSISTED = (*ACCEPTED, assistance, scope("S1-01", "S1-05"))
ENTRUSTED = (*ACCEPTED, agency, scope("S1-01", "S1-05"), commission)


def piece(material: str, id: UUID = OTHER, **more: Any) -> MaterialReceived:
    return MaterialReceived(piece=id, material=material, originals=1, **more)


def completed(item: str, *materials: str) -> MaterialSetCompleted:
    return MaterialSetCompleted(item=item, catalogue=CATALOGUE.edition, materials=materials)


def kinds(events: Sequence[Event]) -> list[str]:
    """The names of the events, in order."""
    return [type(event).__name__ for event in events]
