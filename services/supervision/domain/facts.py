"""What may a decision of supervision look at beside its own stream?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.calendar import Calendar
from contracts.catalogue import Catalogue, Item
from contracts.pack import Pack
from contracts.vocabulary import Reliance
from shared.decider import Refused


class _Told(BaseModel):
    """What another service answers; what we do not need of it is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Commission(_Told):
    """The unit's power of attorney (授权委托) that is in force."""

    id: UUID
    agent: str
    items: tuple[str, ...] = ()
    powers: tuple[str, ...] = ()
    begins_on: date
    ends_on: date
    consents: tuple[str, ...] = ()

    def names(self, actor: str) -> bool:
        """Whether `actor` may act under it: its agent, an agency's staff, or a person it was
        passed on to with the unit's consent (转委托，民法典第169条)."""
        return (
            actor == self.agent or self.agent.startswith("a:") or "sub_agency" in self.consents
        )


class Agreement(_Told):
    """An agreement between the unit and the service (服务协议); both end days are included.

    `papers` are the names by which the pack's modes ask for it.
    """

    id: UUID
    papers: tuple[str, ...] = ()
    state: str = ""
    in_force: bool = False
    items: tuple[str, ...] = ()
    begins_on: date | None = None
    ends_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether acts may lean on it on `day`; it ends at midnight after its last."""
        begun = self.begins_on is None or self.begins_on <= day
        return self.in_force and begun and (self.ends_on is None or day <= self.ends_on)


class Piece(_Told):
    """One paper that intake took in; originals must come back (原件)."""

    piece: UUID
    material: str
    originals: int = 0
    copies: int = 0
    replaced: bool = False


class Engagement(_Told):
    """What intake says of the matter (办件)."""

    id: UUID
    version: int = 0
    position: int = 0
    number: str | None = None
    state: str = "accepted"
    area: str
    site: str | None = None
    project: UUID | None = None
    pack: str | None = None
    mode: str | None = None
    items: tuple[str, ...] = ()
    applicant: str | None = None
    handler: str | None = None
    opened_on: date | None = None
    commission: Commission | None = None
    complete_items: frozenset[str] = frozenset()
    confirmed_forms: dict[str, int] = {}
    pieces: tuple[Piece, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    papers: dict[str, bool] = {}
    excused: frozenset[str] = frozenset()

    def unit(self) -> frozenset[str]:
        """The accounts of the project unit (项目单位负责人、经办人)."""
        return frozenset(one for one in (self.applicant, self.handler) if one is not None)

    def originals(self) -> dict[UUID, Piece]:
        """The pieces of which the service holds originals."""
        return {p.piece: p for p in self.pieces if p.originals}


class Dispatched(_Told):
    """Who serves an item: the agent and the body it comes from."""

    agent: str
    body: str


class Conflict(_Told):
    """A person who declared that he may not decide these items (利益冲突)."""

    person: str
    items: tuple[str, ...] = ()


class Team(_Told):
    """What assignment says of the matter (专员与单位)."""

    version: int = 0
    position: int = 0
    to: tuple[str, ...] = ()
    lead_body: str | None = None
    assisted_by: tuple[str, ...] = ()
    lead_agent: str | None = None
    steward: str | None = None
    agents: tuple[str, ...] = ()
    items: dict[str, Dispatched] = {}
    conflicts: tuple[Conflict, ...] = ()

    def everyone(self) -> frozenset[str]:
        named = [*self.agents, *(one.agent for one in self.items.values())]
        return frozenset([*named, *([self.lead_agent] if self.lead_agent else [])])

    def bodies(self) -> frozenset[str]:
        named = [*self.to, *self.assisted_by, *(one.body for one in self.items.values())]
        return frozenset([*named, *([self.lead_body] if self.lead_body else [])])

    def body_for(self, item: str) -> str | None:
        """The responsible body that serves `item`."""
        known = self.items.get(item)
        return known.body if known else self.lead_body

    def agents_of(self, item: str) -> frozenset[str]:
        """Whoever acts as agent for `item`: the one it was given to, else the leading one."""
        known = self.items.get(item)
        if known:
            return frozenset([known.agent])
        return frozenset([self.lead_agent]) if self.lead_agent else frozenset()


NOBODY = Team()
NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything looked up before deciding about a matter.

    `on` is the legal day on which it happened, `today` the one on which it is entered; `new` is
    the id of what the command creates, if anything.
    """

    today: date
    on: date
    pack: Pack
    catalogue: Catalogue
    calendar: Calendar
    actor: str = "s:supervision"
    roles: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    new: UUID = NO_ID
    engagement: Engagement | None = None
    team: Team = NOBODY
    evidence: tuple[UUID, ...] = ()

    @property
    def known(self) -> Engagement:
        """What intake says; refused where it was not asked."""
        if self.engagement is None:
            raise Refused(
                "matter_unknown_to_intake",
                remedy=(
                    "办件未在受理服务登记，请先登记 / "
                    "intake does not know the matter: register it first"
                ),
            )
        return self.engagement

    @property
    def by_applicant(self) -> bool:
        """Whether the project unit itself acts, by its lead or its handler."""
        return self.engagement is not None and self.actor in self.engagement.unit()

    @property
    def by_department(self) -> bool:
        """Whether the approving body itself acts, not someone who enters its word."""
        return bool(self.roles & {"approver", "specialist"})

    @property
    def relied_on(self) -> tuple[Reliance, ...]:
        """How far the other logs had been read (X-03, X-04)."""
        found: list[Reliance] = []
        if self.engagement:
            found.append(Reliance(store="intake", position=self.engagement.position))
        if self.team.position:
            found.append(Reliance(store="assignment", position=self.team.position))
        return tuple(found)

    def standing_in(self, posts: frozenset[str]) -> "Facts":
        """The same, as if the actor also held these posts: to enter what somebody else did."""
        return replace(self, roles=self.roles | posts, bodies=self.bodies | posts)

    def item(self, code: str) -> Item:
        """The catalogue's item; refused when the edition does not have it."""
        try:
            return self.catalogue.item(code)
        except LookupError:
            raise Refused("item_unknown", item=code, catalogue=self.catalogue.edition) from None

    def ours(self, *paths: str) -> tuple[str, ...]:
        """Those of `paths` that rest on a default of ours (默认值; X-06)."""
        return ours(self.pack, paths)


def ours(pack: Pack, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of `paths` in the pack that rest on a default of ours (默认值; X-06)."""
    leaves = [default.path for default in pack.defaults()]
    return tuple(
        path
        for path in dict.fromkeys(paths)
        if any(leaf == path or leaf.startswith(f"{path}.") for leaf in leaves)
    )


@dataclass(frozen=True, slots=True)
class Territory:
    """One part of an issue list: where it goes, and the issues as they will be called there."""

    site: str
    to: str
    persons: tuple[str, ...]
    issues: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """Everything looked up before deciding in an office's stream.

    `rows` is how many lines the return has at `cut`, a position of our log; `began` the legal
    day of the first fact of the area.
    """

    today: date
    on: date
    pack: Pack
    calendar: Calendar
    new: UUID = NO_ID
    rows: int = 0
    cut: int = 0
    territories: Sequence[Territory] = field(default_factory=tuple)

    def ours(self, *paths: str) -> tuple[str, ...]:
        """Those of `paths` that rest on a default of ours (默认值; X-06)."""
        return ours(self.pack, paths)
