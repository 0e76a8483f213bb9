"""What a decision of intake may look at that is not in its stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from contracts.calendar import Calendar
from contracts.catalogue import Catalogue, Item
from contracts.pack import Pack
from contracts.pack.sections import Role
from contracts.project import MatterFacts
from shared.decider import Refused

UNIT_POSTS = frozenset({"applicant_lead", "applicant_handler", "applicant_proxy"})
"""The posts that the project unit itself holds."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Looked up for one command on a matter.

    `day` is the legal day of the act; `id` a new id made from the request; `by_unit` whether
    the unit itself acts, `serving` whether one of its helpers or agents does (X-02).
    `number` is a number reserved in the same unit of work, `offered` whether the material
    named in the command is held where it is said to be. `roles` and `acts_for` are the posts
    and bodies of the actor; `mark` is the token of the files handed in; `told` counts the
    one-time notices an item had elsewhere.
    """

    day: date
    pack: Pack
    catalogue: Catalogue
    project: MatterFacts
    id: UUID
    actor: str
    by_unit: bool = False
    serving: bool = False
    bodies: frozenset[str] = frozenset()
    applicant: str | None = None
    handler: str | None = None
    number: str | None = None
    offered: bool = False
    taken: Pack | None = None
    calendar: Calendar | None = None
    roles: frozenset[str] = frozenset()
    acts_for: frozenset[str] = frozenset()
    told: Mapping[str, int] = MappingProxyType({})
    mark: str | None = None

    def parties(self) -> frozenset[str]:
        """The posts and bodies of the pack for which the actor himself may sign."""
        posts = {
            role.id
            for role in self.pack.roles
            if role.canonical in self.roles and self._holds(role)
        }
        if self.by_unit:
            return frozenset(posts | {"applicant"})
        return frozenset(posts | {b.id for b in self.pack.bodies if b.id in self.acts_for})

    def _holds(self, role: Role) -> bool:
        """The unit holds its own posts, and nobody else does; others hold those of their body."""
        of_the_unit = role.canonical in UNIT_POSTS
        if of_the_unit or self.by_unit:
            return of_the_unit and self.by_unit
        return not role.bodies or not self._above().isdisjoint(role.bodies)

    def _above(self) -> set[str]:
        """The bodies the actor acts for, and all bodies above them (机构层级)."""
        parents = {body.id: body.parent for body in self.pack.bodies}
        found: set[str] = set()
        for body in self.acts_for:
            step: str | None = body
            while step is not None and step not in found:
                found.add(step)
                step = parents.get(step)
        return found


def item_of(facts: Facts, code: str) -> Item:
    """The item of the catalogue; refused when the catalogue has none."""
    try:
        return facts.catalogue.item(code)
    except LookupError:
        raise Refused(
            "item_unknown",
            item=code,
            catalogue=facts.catalogue.edition,
            remedy="请从本地事项目录中选取 / choose an item of the catalogue",
        ) from None


def defaults_of(pack: Pack, *used: str) -> tuple[str, ...]:
    """Those of our own rules (默认值) that a decision leaning on `used` paths leant on (X-06)."""
    ours = sorted({path for question in pack.open for path in question.paths})
    return tuple(path for path in ours if any(_touch(path, leaf) for leaf in used))


def _touch(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
