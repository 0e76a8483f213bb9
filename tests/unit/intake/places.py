"""The places whose rules differ, and who acts there: shared by the tests of agreements and gates."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import yaml

from contracts.calendar import load_calendar
from contracts.event import Event
from contracts.intake import (
    AgreementSigned,
    ApplicationFormFiled,
    CommissionFiled,
    ModeChosen,
    ServiceAccepted,
    ServiceRequested,
)
from contracts.pack import POLICIES, Pack, load_pack
from contracts.project import MatterFacts
from services.intake.domain.facts import Facts
from tests.unit.contracts.projects import FACTORY
from tests.unit.intake.examples import (
    AGENT,
    CATALOGUE,
    CLERK,
    DAY,
    ID,
    PAPER,
    THIRD,
    UNIT,
    eligible,
    scope,
    words,
)

HANDLER = "p:01990000-0000-7000-8000-000000000005"
CALENDAR = load_calendar()


def pack_of(id: str) -> Pack:
    return load_pack(POLICIES / id / "pack.yaml")


SIGNING = pack_of("cn-341525-bangdaiban")
"""Agreement and application in both modes, items fixed at reception, discretion."""
MUTING = pack_of("cn-430600-bangdaiban")
"""Help comes by itself; agency needs commission and agreement; the five-point undertaking."""
REGISTERING = pack_of("cn-210300-bangdailing")
"""A register, all materials in one go, guiding that ends with the visit."""


def facts_of(pack: Pack, **more: Any) -> Facts:
    """A window clerk's facts there, on the ordinary day."""
    known = {**dict(FACTORY), **more.pop("project", {})}
    return Facts(
        day=DAY, pack=pack, catalogue=CATALOGUE, project=MatterFacts(**known), id=ID,
        actor=CLERK, applicant=UNIT, calendar=CALENDAR, roles=frozenset({"window_clerk"}),
        acts_for=frozenset(b.id for b in pack.bodies), **more,
    )  # fmt: skip


def by_unit(facts: Facts, post: str = "applicant_lead") -> Facts:
    return replace(
        facts, actor=UNIT, by_unit=True, serving=False, roles=frozenset({post}),
        acts_for=frozenset(),
    )  # fmt: skip


def by_agent(facts: Facts, actor: str = AGENT) -> Facts:
    return replace(facts, actor=actor, serving=True, roles=frozenset({"agent", "helper"}))


def on(day: date, facts: Facts) -> Facts:
    return replace(facts, day=day)


def requested(pack: Pack, **more: Any) -> ServiceRequested:
    return ServiceRequested(
        number=f"{pack.jurisdiction.code}-2026-00001", applicant=UNIT, handler=HANDLER,
        contacts=("applicant_lead", "applicant_handler"), lead_name=words("甲"),
        lead_phone=words("000-0000001"), **more,
    )  # fmt: skip


def accepted(pack: Pack, mode: Any = "agent", *items: str) -> tuple[Event, ...]:
    """Taken on in a mode, its scope settled."""
    return (
        requested(pack), eligible, ServiceAccepted(body=pack.bodies[0].id),
        ModeChosen(mode=mode), scope(*(items or ("S1-01", "S1-05"))),
    )  # fmt: skip


application = ApplicationFormFiled(form="application", revision=1, content=PAPER)


def signed(pack: Pack, **more: Any) -> AgreementSigned:
    """The agreement of the place, in force from the ordinary day."""
    fields: dict[str, Any] = {
        "agreement": THIRD,
        "kind": "agreement",
        "move": "sign",
        "state": "in_force",
        "in_force": True,
        "begins_on": DAY,
        "signed_on": DAY,
        "signing": "seal_and_signature",
        "signed_by": ("agent", "unit", "unit_handler"),
    }
    return AgreementSigned(**{**fields, **more})


def entrusted(*items: str, ends_on: date = date(2026, 12, 31), **more: Any) -> CommissionFiled:
    return CommissionFiled(
        commission=ID, agent=AGENT, items=items or ("S1-01", "S1-05"),
        powers=("prepare", "fill_forms", "submit", "collect"), begins_on=date(2026, 11, 1),
        ends_on=ends_on, signed_on=date(2026, 11, 1), signing="seal", agent_name=words("戊"),
        principal=words("测试公司"), signatory=words("甲"), paper=PAPER, **more,
    )  # fmt: skip


def varied(id: str, change: Callable[[Any], None]) -> Pack:
    """A shipped pack with something changed, as another place might have it."""
    data = yaml.safe_load((POLICIES / id / "pack.yaml").read_text("utf-8"))
    change(data)
    return load_pack(yaml.safe_dump(data, allow_unicode=True).encode())
