"""How was the service set up with this unit (来源、同意、登记、告知、核验、承诺)?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from contracts.event import Event
from contracts.intake import (
    ApprovalAsked,
    ApprovalDenied,
    ConditionChecked,
    EligibilityAssessed,
    HelpMuted,
    ProcessExplained,
    RegistrationCompleted,
    ServiceAccepted,
    ServiceConsented,
    ServiceDeclined,
    ServiceRequested,
    UndertakingGiven,
)
from contracts.vocabulary import DeclineCause


@dataclass(frozen=True, slots=True)
class Approval:
    """What was asked for and waits for another person (待批准)."""

    asked_by: str
    cause: DeclineCause | None = None


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
    approvals: Mapping[str, Approval] = MappingProxyType({})


UNSET = Setting()


def _decided(state: Setting, decision: str) -> Setting:
    """`state` without what waited for that decision."""
    left = {name: one for name, one in state.approvals.items() if name != decision}
    return replace(state, approvals=MappingProxyType(left))


def evolve(state: Setting, event: Event) -> Setting:
    """The setting after `event`."""
    match event:
        case ServiceRequested():
            return replace(state, origin=event.origin, contacts=frozenset(event.contacts))
        case EligibilityAssessed(override=True, approver=approver):
            return replace(_decided(state, "admission"), override=approver)
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
    return _waiting(state, event)


def _waiting(state: Setting, event: Event) -> Setting:
    """What waits for another person after `event`."""
    match event:
        case ApprovalAsked(decision=decision, asked_by=by, cause=cause):
            waiting = MappingProxyType({**state.approvals, decision: Approval(by, cause)})
            return replace(state, approvals=waiting)
        case ApprovalDenied(decision=decision):
            return _decided(state, decision)
        case ServiceAccepted() | ServiceDeclined():
            return replace(state, approvals=MappingProxyType({}))
    return state
