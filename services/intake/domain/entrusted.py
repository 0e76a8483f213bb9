"""What has the unit entrusted to the service (委托、协议、申请表), and until when?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID

from contracts.event import Event
from contracts.intake import (
    AgreementAmended,
    AgreementEnded,
    AgreementProposalWithdrawn,
    AgreementProposed,
    AgreementRenewed,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    ApplicationFormFiled,
    CommissionFiled,
)
from contracts.vocabulary import MoveKind


@dataclass(frozen=True, slots=True)
class Commission:
    """A power of attorney (授权委托) that is in force, both end days included."""

    id: UUID
    agent: str
    items: frozenset[str]
    powers: frozenset[str]
    begins_on: date
    ends_on: date
    number: str | None
    consents: frozenset[str] = frozenset()

    def covers(self, item: str, power: str, day: date) -> bool:
        """Whether it allows `power` for `item` on `day` (X-03)."""
        return self.runs(day) and item in self.items and power in self.powers

    def runs(self, day: date) -> bool:
        """Whether `day` is one of its days; it ends at midnight after its last."""
        return self.begins_on <= day <= self.ends_on

    def names(self, actor: str) -> bool:
        """Whether `actor` may act under it: its agent, an agency's staff, or a person it was
        passed on to with the unit's consent (转委托，民法典第169条)."""
        return (
            actor == self.agent or self.agent.startswith("a:") or "sub_agency" in self.consents
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A move that waits: for signatures, or for its notice to run out (待会签)."""

    move: str
    kind: MoveKind
    to: str
    in_force: bool
    signed_by: tuple[str, ...]
    awaits: tuple[str, ...]
    takes_effect_on: date | None
    terms: AgreementProposed


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement (服务协议) and where it stands; both end days are included.

    `state` is None until all have signed. `ended` says why it ended, if it did.
    """

    id: UUID
    kind: str
    number: str | None = None
    label: str | None = None
    state: str | None = None
    in_force: bool = False
    begins_on: date | None = None
    ends_on: date | None = None
    items: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    application: int | None = None
    agent: str | None = None
    pending: Proposal | None = None
    ended: str | None = None

    @property
    def open(self) -> bool:
        """Made or being made, and not ended."""
        return self.ended is None

    def holds(self, day: date) -> bool:
        """Whether acts may lean on it on `day`: signed by all, within its term, notice not over."""
        over = self.pending is not None and _is_due(self.pending, day)
        in_force = self.pending.in_force if over and self.pending else self.in_force
        return self.open and in_force and self.runs(day)

    def runs(self, day: date) -> bool:
        """Whether `day` lies in its term."""
        begun = self.begins_on is not None and self.begins_on <= day
        return begun and (self.ends_on is None or day <= self.ends_on)


def _is_due(pending: Proposal, day: date) -> bool:
    due = pending.takes_effect_on
    return not pending.awaits and due is not None and due <= day


@dataclass(frozen=True, slots=True)
class Entrusted:
    """Everything acts may lean on, and what ended; `filed` is the mark of each form's latest."""

    commission: Commission | None = None
    ended: tuple[UUID, ...] = ()
    agreements: Mapping[UUID, Agreement] = MappingProxyType({})
    applications: Mapping[str, int] = MappingProxyType({})
    filed: Mapping[str, str | None] = MappingProxyType({})

    def of_kind(self, kind: str) -> Agreement | None:
        """The latest agreement of a kind, ended or not."""
        found = [a for a in self.agreements.values() if a.kind == kind]
        return found[-1] if found else None

    def open(self) -> tuple[Agreement, ...]:
        """The agreements that have not ended, those still to be signed among them."""
        return tuple(a for a in self.agreements.values() if a.open)


NOTHING = Entrusted()


def evolve(state: Entrusted, event: Event) -> Entrusted:
    """What is entrusted after `event`."""
    match event:
        case CommissionFiled():
            return replace(state, commission=_commission(event))
        case AgreementEnded(commission=UUID() as commission):
            return replace(state, commission=None, ended=(*state.ended, commission))
        case ApplicationFormFiled(form=form, revision=revision, mark=mark):
            filed = MappingProxyType({**state.applications, form: revision})
            marks = MappingProxyType({**state.filed, form: mark})
            return replace(state, applications=filed, filed=marks)
    moved = _moved(state, event)
    if moved is None:
        return state
    return replace(state, agreements=MappingProxyType({**state.agreements, moved.id: moved}))


def _commission(event: CommissionFiled) -> Commission:
    return Commission(
        event.commission,
        event.agent,
        frozenset(event.items),
        frozenset(event.powers),
        event.begins_on,
        event.ends_on,
        event.number,
        frozenset(event.consents),
    )


def _moved(state: Entrusted, event: Event) -> Agreement | None:
    """The agreement that `event` speaks of, as it stands afterwards."""
    match event:
        case AgreementProposed():
            known = state.agreements.get(event.agreement, _made(event))
            return replace(known, pending=_pending(event))
        case AgreementProposalWithdrawn(agreement=id) if id in state.agreements:
            known = state.agreements[id]
            lapsed = "withdrawn" if known.state is None else None
            return replace(known, pending=None, ended=lapsed)
        case AgreementSigned():
            made = _made(event)
            return replace(
                made, state=event.state, in_force=event.in_force,
                begins_on=event.begins_on, ends_on=event.ends_on, items=event.items,
                stages=event.stages, application=event.application, agent=event.agent,
            )  # fmt: skip
    named = getattr(event, "agreement", None)
    found = state.agreements.get(named) if isinstance(named, UUID) else None
    return _changed(found, event) if found else None


def _made(event: AgreementProposed | AgreementSigned) -> Agreement:
    return Agreement(event.agreement, event.kind, event.number, event.label)


def _pending(event: AgreementProposed) -> Proposal:
    return Proposal(
        event.move, event.move_kind, event.to_state, event.in_force, event.signed_by,
        event.awaits, event.takes_effect_on, event,
    )  # fmt: skip


def _changed(known: Agreement, event: Event) -> Agreement | None:
    match event:
        case AgreementAmended():
            return replace(
                known, state=event.state, in_force=event.in_force, pending=None,
                items=event.items, stages=event.stages, application=event.application,
                ends_on=event.ends_on, agent=event.agent or known.agent,
            )  # fmt: skip
        case AgreementRenewed():
            # Renewed before its term is over: it goes on without a gap.
            begins = known.begins_on or event.begins_on
            gap = known.ends_on is None or event.begins_on > known.ends_on + timedelta(days=1)
            return replace(
                known, state=event.state, in_force=event.in_force, pending=None,
                begins_on=event.begins_on if gap else begins, ends_on=event.ends_on,
            )  # fmt: skip
        case AgreementSuspended() | AgreementResumed():
            return replace(known, state=event.state, in_force=event.in_force, pending=None)
        case AgreementEnded():
            return replace(
                known, state=event.state or known.state, in_force=False, pending=None,
                ended=event.cause,
            )  # fmt: skip
    return None
