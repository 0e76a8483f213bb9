"""The one place that says who may do what: a table and a pure function, default deny."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

type Relation = Literal["any", "area", "assigned", "own", "body"]
"""How the principal must stand to the matter: not at all, serving its area, being assigned to
it, being its project unit (建设单位), or acting for a body that takes part in it."""

type Rights = Mapping[str, Mapping[str, Relation]]
"""action -> role -> the relation it needs."""

STANDS_IN: Mapping[str, str] = {"reserve_agent": "agent"}
"""A reserve sees nothing by himself; for what was handed to him he is an agent (AS-12)."""


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated person, service or agency.

    `id` is pseudonymous (`p:<uuid>`, `s:<service>`, `a:<agency>`); `roles` are posts (X-15);
    `areas` are the adcodes it serves; `bodies` the organisations it acts for.
    """

    id: str
    roles: frozenset[str]
    areas: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    acr: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """What a matter tells about who belongs to it; `unit` are the accounts of the project unit."""

    area: str
    unit: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, and why: the reason goes to the audit, not to the stranger.

    `visible` says whether the principal may know that the matter exists: a post that reads only
    what is its own or assigned to it knows of nothing else (HS-17). If not, the answer is 404, the
    same as for an absent one.
    """

    allowed: bool
    reason: str
    visible: bool


def can(
    rights: Rights, principal: Principal, action: str, matter: Standing | None, now: datetime
) -> Decision:
    """Whether `principal` may do `action` to `matter` (None: to no matter in particular)."""
    posts = rights.get(action, {})
    related = _relations(principal, matter)
    roles = _roles(principal, matter)
    readers = rights.get("Read", {})
    sees = any(readers.get(role) in related for role in roles)
    visible = matter is None or sees or (not readers and bool(related - {"any"}))
    for role in sorted(roles & posts.keys()):
        if posts[role] in related:
            return Decision(True, f"{role} may {action} ({posts[role]})", visible=True)
    held = sorted(roles & posts.keys())
    if not held:
        return Decision(False, f"no post of {principal.id} may {action}", visible)
    return Decision(False, f"{held[0]} may {action}, but not this one", visible)


def _roles(principal: Principal, matter: Standing | None) -> frozenset[str]:
    """The posts that count here: a reserve (候补) has those of an agent where he is assigned."""
    if matter is None or principal.id not in matter.agents:
        return principal.roles
    return principal.roles | {STANDS_IN[r] for r in principal.roles & STANDS_IN.keys()}


def _relations(principal: Principal, matter: Standing | None) -> set[str]:
    related = {"any"}
    if matter is None:
        return related
    if matter.area in principal.areas:
        related.add("area")
    if principal.id in matter.agents:
        related.add("assigned")
    if principal.id in matter.unit:
        related.add("own")
    if principal.bodies & matter.bodies:
        related.add("body")
    return related


def accounts(*ids: str | None) -> frozenset[str]:
    """The accounts of a unit: those of its lead and its handler that are known."""
    return frozenset(id for id in ids if id)
