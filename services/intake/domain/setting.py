"""How was the service set up with this unit (来源、同意、登记、告知、核验、承诺)?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from contracts.event import Event
from contracts.intake import (
    ConditionChecked,
    EligibilityAssessed,
    HelpMuted,
    ProcessExplained,
    RegistrationCompleted,
    ServiceConsented,
    ServiceRequested,
    UndertakingGiven,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What was settled before and beside the work.

    `override` is the approver who let a project in that the rules leave out; `checks` are the
    declarations held against a source; `warranted` the papers an undertaking speaks for.
    """

    origin: str | None = None
    contacts: frozenset[str] = frozenset()
    consented: bool = False
    override: str | None = None
    checks: Mapping[str, bool] = MappingProxyType({})
    leaflet: str | None = None
    registered: str | None = None
    muted: bool = False
    warranted: frozenset[UUID] = frozenset()


UNSET = Setting()


def evolve(state: Setting, event: Event) -> Setting:
    """The setting after `event`."""
    match event:
        case ServiceRequested():
            return replace(state, origin=event.origin, contacts=frozenset(event.contacts))
        case EligibilityAssessed(override=True, approver=approver):
            return replace(state, override=approver)
        case ConditionChecked(condition=condition, met=met):
            known = MappingProxyType({**state.checks, condition: met})
            return replace(state, checks=known)
        case ServiceConsented():
            return replace(state, consented=True)
        case ProcessExplained(leaflet=leaflet):
            return replace(state, leaflet=leaflet)
        case RegistrationCompleted(form=form, contacts=contacts):
            known_too = state.contacts | set(contacts)
            return replace(state, registered=form, contacts=known_too)
        case HelpMuted(muted=muted):
            return replace(state, muted=muted)
        case UndertakingGiven(pieces=pieces):
            return replace(state, warranted=state.warranted | set(pieces))
    return state
