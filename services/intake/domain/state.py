"""Where a matter (办件) stands at intake, and how each event moves it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from contracts.event import Event
from contracts.intake import (
    ConsultationAnswered,
    EligibilityAssessed,
    FormConfirmed,
    FormDrafted,
    ItemScopeAmended,
    ItemScopeFixed,
    MaterialReceived,
    MaterialRequested,
    MaterialReused,
    MaterialSetCompleted,
    MatterMigrated,
    ModeChosen,
    ModeEnded,
    PrecheckFailed,
    PrecheckPassed,
    ProjectAutoEnrolled,
    RegistrationCompleted,
    ServiceAccepted,
    ServiceDeclined,
    ServiceRequested,
)
from contracts.vocabulary import Eligibility, MaterialOrigin, ModeChoice
from services.intake.domain import enrolment
from services.intake.domain import entrusted as entrusting
from services.intake.domain.enrolment import UNHELPED, Helped
from services.intake.domain.entrusted import NOTHING, Commission, Entrusted
from services.intake.domain.setting import UNSET, Setting
from services.intake.domain.setting import evolve as settled

type Phase = Literal["absent", "requested", "accepted", "declined"]


def _with[K, V](mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**mapping, key: value})


def _without[K, V](mapping: Mapping[K, V], *keys: K) -> Mapping[K, V]:
    return MappingProxyType({k: v for k, v in mapping.items() if k not in keys})


@dataclass(frozen=True, slots=True)
class Piece:
    """A paper that was handed in (材料)."""

    material: str
    originals: int
    copies: int
    valid_until: date | None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Reuse:
    """A material that came without a paper: a result, a certificate, another matter's piece."""

    origin: MaterialOrigin
    piece: UUID | None
    from_matter: UUID | None
    from_item: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Materials that were asked for and have not come yet (备料通知)."""

    items: tuple[str, ...]
    materials: frozenset[str]
    ahead: bool
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Form:
    """A form of an item: how often it was drafted, and which draft the unit confirmed."""

    draft: int
    confirmed: int | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter. `completed` and `prechecked` are what was recorded, item by item.

    `gathered`: all materials were there at one time, or the register was completed (AS-58).
    """

    phase: Phase = "absent"
    number: str = ""
    applicant: str | None = None
    handler: str | None = None
    wanted: str | None = None
    wanted_items: tuple[str, ...] = ()
    eligibility: Eligibility | None = None
    body: str | None = None
    mode: ModeChoice | None = None
    edition: str | None = None
    scope: tuple[str, ...] | None = None
    entrusted: Entrusted = NOTHING
    setting: Setting = UNSET
    gathered: bool = False
    helped: Helped = UNHELPED
    forms: Mapping[tuple[str, str], Form] = MappingProxyType({})
    asked: Mapping[UUID, Asked] = MappingProxyType({})
    pieces: Mapping[UUID, Piece] = MappingProxyType({})
    replaced: frozenset[UUID] = frozenset()
    reused: Mapping[str, Reuse] = MappingProxyType({})
    faulty: Mapping[str, frozenset[str]] = MappingProxyType({})
    completed: Mapping[str, frozenset[str]] = MappingProxyType({})
    prechecked: Mapping[str, frozenset[UUID]] = MappingProxyType({})
    consultations: frozenset[UUID] = frozenset()

    @property
    def commission(self) -> Commission | None:
        """The unit's power of attorney, if one is open."""
        return self.entrusted.commission

    @property
    def ended(self) -> tuple[UUID, ...]:
        """The commissions that ended."""
        return self.entrusted.ended

    @property
    def items(self) -> tuple[str, ...]:
        """The items in scope, none before it is fixed."""
        return self.scope or ()

    @property
    def people(self) -> frozenset[str]:
        """The accounts of the unit."""
        return frozenset(filter(None, (self.applicant, self.handler)))


ABSENT = Matter()


def evolve(state: Matter, event: Event) -> Matter:
    """The state after `event`; what is not of interest changes nothing."""
    after = _evolve(state, event)
    return replace(
        after,
        entrusted=entrusting.evolve(after.entrusted, event),
        setting=settled(after.setting, event),
        gathered=_gathered(after, event),
        helped=enrolment.evolve(after.helped, event),
    )


def _gathered(state: Matter, event: Event) -> bool:
    match event:
        case MaterialSetCompleted():
            return state.gathered or set(state.items) <= state.completed.keys()
        case RegistrationCompleted():
            return True
        case ItemScopeAmended(added=added) if added:
            return False
    return state.gathered


def _evolve(state: Matter, event: Event) -> Matter:
    match event:
        case ServiceRequested():
            return replace(
                state,
                phase="requested",
                number=event.number,
                applicant=event.applicant,
                handler=event.handler,
                wanted=event.wanted,
                wanted_items=event.items,
            )
        case ProjectAutoEnrolled(number=number, mode=mode, applicant=applicant):
            return replace(
                state, phase="requested", number=number, mode=mode, applicant=applicant
            )
        case EligibilityAssessed(result=result):
            return replace(state, eligibility=result)
        case ServiceAccepted(body=body):
            return replace(state, phase="accepted", body=body)
        case ServiceDeclined():
            return replace(state, phase="declined")
        case ConsultationAnswered(consultation=consultation):
            return replace(state, consultations=state.consultations | {consultation})
    return _evolve_forms(_evolve_papers(_evolve_choice(state, event), event), event)


def _evolve_choice(state: Matter, event: Event) -> Matter:
    match event:
        case ModeChosen(mode=mode):
            return replace(state, mode=mode)
        case ModeEnded(mode=mode) if mode == state.mode:
            return replace(state, mode="none")
        case MatterMigrated(taken=taken):
            return replace(state, edition=taken)
        case ItemScopeFixed(items=items):
            return replace(state, scope=items)
        case ItemScopeAmended(added=added, removed=removed):
            kept = tuple(item for item in state.items if item not in removed)
            return replace(
                state,
                scope=kept + tuple(item for item in added if item not in kept),
                completed=_without(state.completed, *removed),
                prechecked=_without(state.prechecked, *removed),
            )
    return state


def _evolve_forms(state: Matter, event: Event) -> Matter:
    match event:
        case FormDrafted(item=item, form=form, draft=draft):
            return replace(state, forms=_with(state.forms, (item, form), Form(draft)))
        case FormConfirmed(item=item, form=form, draft=draft):
            known = state.forms.get((item, form), Form(draft))
            confirmed = replace(known, confirmed=draft)
            return replace(state, forms=_with(state.forms, (item, form), confirmed))
    return state


def _evolve_papers(state: Matter, event: Event) -> Matter:
    match event:
        case MaterialRequested():
            asked = Asked(event.items, frozenset(event.materials), event.ahead, event.due_on)
            return replace(state, asked=_with(state.asked, event.request, asked))
        case MaterialReceived():
            return _received(state, event)
        case MaterialReused() if event.piece not in state.pieces:
            reuse = Reuse(event.origin, event.piece, event.from_matter, event.from_item)
            return replace(
                state,
                reused=_with(state.reused, event.material, reuse),
                asked=_come(state, event.material),
                faulty=_mended(state, event.material),
            )
        case MaterialSetCompleted(item=item, materials=materials):
            return replace(state, completed=_with(state.completed, item, frozenset(materials)))
        case PrecheckPassed(item=item, pieces=pieces):
            return replace(state, prechecked=_with(state.prechecked, item, frozenset(pieces)))
        case PrecheckFailed(item=item, faulty=faulty):
            bad = state.faulty.get(item, frozenset()) | set(faulty)
            return replace(
                state,
                faulty=_with(state.faulty, item, bad),
                completed=_without(state.completed, item),
                prechecked=_without(state.prechecked, item),
            )
    return state


def _received(state: Matter, event: MaterialReceived) -> Matter:
    """A piece came in: it mends what was faulty, and undoes prechecks of what it replaces."""
    piece = Piece(
        event.material, event.originals, event.copies, event.valid_until_on, event.mark
    )
    gone = {event.replaces} if event.replaces else set()
    stale = [item for item, pieces in state.prechecked.items() if pieces & gone]
    return replace(
        state,
        pieces=_with(state.pieces, event.piece, piece),
        replaced=state.replaced | gone,
        asked=_come(state, event.material),
        faulty=_mended(state, event.material),
        prechecked=_without(state.prechecked, *stale),
    )


def _mended(state: Matter, material: str) -> Mapping[str, frozenset[str]]:
    left = {item: faulty - {material} for item, faulty in state.faulty.items()}
    return MappingProxyType({item: faulty for item, faulty in left.items() if faulty})


def _come(state: Matter, material: str) -> Mapping[UUID, Asked]:
    """The requests, with what has come taken out."""
    left = {id: replace(a, materials=a.materials - {material}) for id, a in state.asked.items()}
    return MappingProxyType({id: a for id, a in left.items() if a.materials})
