"""Which posts does the pack ask for, who fills them, and which are vacant (空缺)?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.catalogue import Catalogue
from contracts.pack import Pack
from contracts.pack.sections import Slot
from contracts.vocabulary import Role
from services.assignment.domain.facts import chain
from services.assignment.domain.roster import Member, Roster
from shared.decider import Refused

CHIEFS = frozenset({"chief_agent", "head"})
"""Roles of which a team has one (代办长、负责人)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place the pack wants filled (名额), for one body, stage or item where it says so.

    `post` is its name on the roster, `rule` the place in the pack, `role` a canonical word.
    """

    post: str
    rule: str
    zh: str
    role: Role
    min: int
    max: int | None
    exclusive: bool
    slot: str | None = None
    bodies: tuple[str, ...] = ()
    body: str | None = None
    stage: str | None = None
    item: str | None = None

    @property
    def sole(self) -> bool:
        """Whether it has one holder at a time."""
        return self.exclusive or self.max == 1

    @property
    def by_name(self) -> bool:
        """Whether only a filled post counts, not merely standing on the roster in the role."""
        return self.sole or self.stage is not None or self.item is not None

    @property
    def leads(self) -> bool:
        return self.sole and self.role in CHIEFS

    @property
    def of(self) -> str | None:
        """The one body whose people fill it, if it is one."""
        return self.body or (self.bodies[0] if len(self.bodies) == 1 else None)


@dataclass(frozen=True, slots=True)
class Filled:
    """A place, the people in it on a day, and how many are missing."""

    place: Place
    persons: tuple[str, ...]

    @property
    def missing(self) -> int:
        return max(0, self.place.min - len(self.persons))


def places(pack: Pack, catalogue: Catalogue) -> tuple[Place, ...]:
    """Every place of the pack: slots, heads of working groups, and roles that need somebody.

    Places `per: matter` are filled with each matter, not on the roster.
    """
    slots = [p for slot in pack.team.slots for p in _of_slot(slot, pack, catalogue)]
    return (*slots, *_of_groups(pack), *_of_roles(pack))


def _of_slot(slot: Slot, pack: Pack, catalogue: Catalogue) -> Iterator[Place]:
    def place(of: str | None = None, **what: str) -> Place:
        post = slot.id if of is None else f"{slot.id}-{of.lower().replace('.', '_')}"
        return Place(
            post=post[:64],
            rule=f"team.slots.{slot.id}",
            zh=slot.zh,
            role=canonical(pack, slot.role),
            min=slot.min,
            max=slot.max,
            exclusive=slot.exclusive,
            slot=slot.id,
            bodies=_bodies(slot, pack),
            **what,
        )

    match slot.per:
        case "place":
            yield place()
        case "body":
            yield from (place(body, body=body) for body in _bodies(slot, pack))
        case "stage":
            yield from (place(stage, stage=stage) for stage in pack.scope.items.stages)
        case "item":
            served = (i for i in catalogue.items if i.stage in pack.scope.items.stages)
            yield from (place(item.id, item=item.id) for item in served)


def _bodies(slot: Slot, pack: Pack) -> tuple[str, ...]:
    return slot.bodies or next((r.bodies for r in pack.roles if r.id == slot.role), ())


def _of_groups(pack: Pack) -> Iterator[Place]:
    """Each working group has a head of its own, by a slot or by itself (工作组负责人; YY-41)."""
    slotted = {(slot.role, body) for slot in pack.team.slots for body in slot.bodies}
    for group in pack.team.working_groups:
        if (group.head, group.body) not in slotted:
            yield Place(
                post=f"{group.id}-head"[:64],
                rule=f"team.working_groups.{group.id}.head",
                zh=f"{group.zh}负责人",
                role=canonical(pack, group.head),
                min=1,
                max=1,
                exclusive=True,
                body=group.body,
                bodies=(group.body,),
            )


def _of_roles(pack: Pack) -> Iterator[Place]:
    """A role with a `min` and no slot of its own is wanted as often in the whole place."""
    slotted = {slot.role for slot in pack.team.slots}
    heads = {group.head for group in pack.team.working_groups}
    for role in pack.roles:
        if role.min and role.id not in slotted | heads:
            yield Place(
                post=role.id,
                rule=f"roles.{role.id}",
                zh=role.zh,
                role=role.canonical,
                min=role.min,
                max=role.max,
                exclusive=False,
                bodies=role.bodies,
            )


def canonical(pack: Pack, role: str) -> Role:
    """The word of the contracts for a role of the pack; raises LookupError."""
    for known in pack.roles:
        if known.id == role:
            return known.canonical
    raise LookupError(role)


def may_fill(place: Place, member: Member, pack: Pack) -> bool:
    """Whether the place is open to people of this body."""
    served = set(chain(pack, member.body))
    if place.body is not None and place.body not in served:
        return False
    return not place.bodies or not served.isdisjoint(place.bodies)


def filled(place: Place, roster: Roster, pack: Pack, day: date) -> Filled:
    """The place as it stands on `day`: by filled posts, and by roster where that is enough."""
    named = [term.person for term in roster.holders(place.post, day)]
    if place.by_name:
        return Filled(place, tuple(dict.fromkeys(p for p in named if p in roster.staff)))
    fitting = (
        m.person
        for m in roster.staff.values()
        if place.role in m.roles and may_fill(place, m, pack)
    )
    everybody = dict.fromkeys((*named, *fitting))
    return Filled(place, tuple(p for p in everybody if p in roster.staff))


def vacancies(
    roster: Roster, pack: Pack, catalogue: Catalogue, day: date
) -> tuple[Filled, ...]:
    """The places that want more people than they have (空缺岗位; HS-68, HS-69, YY-51)."""
    standing = (filled(place, roster, pack, day) for place in places(pack, catalogue))
    return tuple(found for found in standing if found.missing)


def place_of(
    slot: str,
    body: str,
    pack: Pack,
    catalogue: Catalogue,
    *,
    stage: str | None = None,
    item: str | None = None,
) -> Place:
    """The place that `slot` means for a person of `body`; refused when there is none."""
    known = [p for p in places(pack, catalogue) if slot in (p.slot, p.post)]
    if not known:
        slots = {p.slot or p.post for p in places(pack, catalogue)}
        raise Refused(
            "slot_unknown",
            slot=slot,
            known=sorted(slots),
            rule="team.slots",
            remedy="按政策包的岗位设置任岗 / take a slot of the pack",
        )
    served = set(chain(pack, body))
    fitting = [
        p
        for p in known
        if p.stage == stage and p.item == item and (p.body is None or p.body in served)
    ]
    if not fitting:
        raise Refused(
            "slot_not_for_this", slot=slot, body=body, rule=known[0].rule,
            wants=[w for w in ("stage", "item", "body") if getattr(known[0], w) is not None],
            remedy="写明阶段或事项，并选本单位人员 / name the stage or item, and somebody of the body",
        )  # fmt: skip
    return fitting[0]
