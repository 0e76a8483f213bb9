"""Where can a matter stand, as the other services tell it?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from uuid import UUID

from contracts.vocabulary import (
    ActorId,
    BodyId,
    Defaults,
    ItemCode,
    ItemState,
    MatterNumber,
    ModeChoice,
    Outcome,
    PackEdition,
    SatisfactionLevel,
    Word,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One item in the matter: its state, what was decided, who carries it, when it is due.

    `promised`: it is due by the day the body promised, not by the law's.
    """

    state: ItemState = "waiting"
    outcome: Outcome | None = None
    collected: bool = False
    delivered: bool = False
    closed: bool = False
    agent: ActorId | None = None
    due_on: date | None = None
    promised: bool = False

    @property
    def owes_a_result(self) -> bool:
        """Whether there is a result that the unit does not have yet."""
        yields = self.collected or self.outcome in ("approved", "approved_with_gap")
        return yields and not self.delivered


@dataclass(frozen=True, slots=True)
class Commission:
    """The unit's power of attorney in force (授权委托)."""

    commission: UUID
    agent: ActorId
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as the file tells it. `seen` are the names of the events that happened.

    `scope` is None until the items are fixed; `pieces` maps a piece taken in to the number of
    its originals; `unit` are the accounts of the project unit.
    """

    number: MatterNumber | None = None
    area: str | None = None
    project: UUID | None = None
    pack: PackEdition | None = None
    applicant: ActorId | None = None
    unit: frozenset[ActorId] = frozenset()
    opened_on: date | None = None
    standing: str = "unknown"
    body: BodyId | None = None
    mode: ModeChoice | None = None
    scope: tuple[ItemCode, ...] | None = None
    items: Mapping[ItemCode, Item] = field(default_factory=lambda: MappingProxyType({}))
    pieces: Mapping[UUID, int] = field(default_factory=lambda: MappingProxyType({}))
    returned: frozenset[UUID] = frozenset()
    bodies: frozenset[BodyId] = frozenset()
    lead: ActorId | None = None
    agents: frozenset[ActorId] = frozenset()
    deciders: frozenset[ActorId] = frozenset()
    commission: Commission | None = None
    forecast_on: date | None = None
    issues: frozenset[UUID] = frozenset()
    fees: frozenset[UUID] = frozenset()
    paid: frozenset[UUID] = frozenset()
    invited: frozenset[Word] = frozenset()
    ratings: tuple[tuple[Word, SatisfactionLevel], ...] = ()
    project_known: bool = False
    log_lines: int = 0
    seen: frozenset[str] = frozenset()
    defaults: Defaults = ()

    def item(self, code: ItemCode) -> Item:
        return self.items.get(code, Item())

    @property
    def outstanding(self) -> tuple[UUID, ...]:
        """Pieces whose originals the unit has not got back (待退原件)."""
        return tuple(p for p, n in self.pieces.items() if n and p not in self.returned)

    @property
    def unpaid(self) -> frozenset[UUID]:
        """Fees due and not paid; a payment may be dated before the day the fee was entered."""
        return self.fees - self.paid


UNKNOWN = Matter()
