"""What may a decision at the front door look at, and to whom does a question go (受理前台)?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.calendar import Calendar
from contracts.catalogue import Catalogue
from contracts.pack import Pack
from contracts.pack.sections import Mode
from contracts.project import MatterFacts
from services.intake.domain.facts import defaults_of
from shared.decider import Refused

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
NOTHING_KNOWN = MatterFacts()


@dataclass(frozen=True, slots=True)
class Desk:
    """Looked up for one command at the door.

    `day` is the legal day of the act and `at` its instant; `roles` and `bodies` are the
    actor's; `told` counts the one-time notices an item had before (AS-42); `owners` are the
    persons who answer for an item; `chief` is whoever may act on another's contact.
    """

    day: date
    at: datetime
    pack: Pack
    catalogue: Catalogue
    calendar: Calendar
    id: UUID
    actor: str
    project: MatterFacts = NOTHING_KNOWN
    roles: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    told: Mapping[str, int] = MappingProxyType({})
    owners: Mapping[str, str] = MappingProxyType({})
    chief: bool = False
    by_unit: bool = False
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """Who really decides: a body and a post, and where that is written (AS-51)."""

    body: str
    role: str
    found_by: str
    defaults: tuple[str, ...]


def on_arrival(pack: Pack) -> Mode | None:
    """The way of serving that begins when somebody comes in, where the place has one."""
    return next((mode for mode in pack.modes if mode.enrol == "on_arrival"), None)


def known_body(body: str, pack: Pack) -> None:
    """Refuse a body the pack does not name."""
    try:
        pack.body(body)
    except LookupError:
        raise Refused(
            "body_unknown",
            body=body,
            known=[b.id for b in pack.bodies],
            rule="bodies",
            remedy="请选择本方案列明的单位 / name a body of the pack",
        ) from None


def decides(item: str | None, facts: Desk, body: str | None = None) -> Referral:
    """The body that decides an item: as named, else by the catalogue, else the pack's fallback."""
    fallback = next((s.fallback for s in facts.pack.process if s.fallback is not None), None)
    role = _post(fallback.to if fallback else "", facts.pack)
    if body is not None:
        known_body(body, facts.pack)
        return Referral(body, role, "named", ())
    named = _by_department(item, facts) if item else None
    if named is not None:
        return Referral(named, role, "catalogue", defaults_of(facts.pack, "catalogue"))
    posts = [r for r in facts.pack.roles if r.canonical == role and r.bodies]
    if posts:
        return Referral(posts[0].bodies[0], role, "fallback", ())
    departments = [b.id for b in facts.pack.bodies if b.kind == "department"]
    if departments:
        return Referral(departments[0], role, "department", ())
    raise Refused(
        "nobody_decides",
        item=item,
        rule="roles",
        remedy="请在政策包中列明审批单位，或指定 to_body / name the body to ask",
    )


def _post(id: str, pack: Pack) -> str:
    """The vocabulary's word for a post of the pack; the approver when the pack names none."""
    return next((r.canonical for r in pack.roles if r.id == id), "approver")


def _by_department(item: str, facts: Desk) -> str | None:
    """The body whose name holds the department's, as the catalogue writes it."""
    department = facts.catalogue.item(item).dept.split("(")[0]
    for name in department.split("/"):
        for body in facts.pack.bodies:
            if body.kind in ("department", "utility") and name in body.zh:
                return body.id
    return None
