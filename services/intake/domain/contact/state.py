"""Whose is a visitor, and how does each event move that (首问负责)?"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from contracts.event import Event
from contracts.intake import (
    ConsultationAnswered,
    ConsultationReferred,
    ContactClosed,
    ContactHandedOver,
    ContactLeftOver,
    ContactLinked,
    HandoverDeclined,
    HandoverOffered,
    OneTimeNoticeIssued,
    VisitorReceived,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """An open hand-over, and whom it is open to."""

    number: int
    person: str | None
    role: str | None
    body: str | None

    def fits(self, actor: str, roles: Set[str], bodies: Set[str]) -> bool:
        """Whether the actor is one of those asked."""
        if self.person is not None:
            return self.person == actor
        in_post = self.role is None or self.role in roles
        return in_post and (self.body is None or self.body in bodies)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was asked: to whom it went, when, and how it ended."""

    to_body: str | None = None
    asked_at: datetime | None = None
    answered: bool = False
    understood: bool | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One visitor's first contact; who he is, is personal and not held here.

    `declined` is the last offer that was not taken, and who declined it.
    """

    phase: Literal["absent", "open", "closed"] = "absent"
    owner: str | None = None
    received_on: date | None = None
    mode: str | None = None
    items: tuple[str, ...] = ()
    project: UUID | None = None
    matter: UUID | None = None
    offer: Offer | None = None
    offers: int = 0
    declined: tuple[int, str] | None = None
    nights: int = 0
    outcome: str | None = None
    questions: Mapping[UUID, Question] = MappingProxyType({})
    told: Mapping[str, int] = MappingProxyType({})

    @property
    def waiting(self) -> tuple[UUID, ...]:
        """The questions that were referred and are not answered."""
        return tuple(id for id, q in self.questions.items() if not q.answered)

    def is_heard_by(
        self, actor: str, roles: Set[str], bodies: Set[str], *, chief: bool
    ) -> bool:
        """Whether the actor needs to know who came and what he said."""
        offered = self.offer is not None and self.offer.fits(actor, roles, bodies)
        asked = any(self.questions[id].to_body in bodies for id in self.waiting)
        return actor == self.owner or chief or offered or asked

    @property
    def unclear(self) -> bool:
        """Whether the last answer was not understood (AS-50)."""
        last = [q.understood for q in self.questions.values() if q.answered]
        return bool(last) and last[-1] is False


def evolve(state: Contact, event: Event) -> Contact:
    match event:
        case VisitorReceived():
            return replace(
                state,
                phase="open",
                owner=event.owner,
                received_on=event.received_on,
                mode=event.mode,
                items=event.items,
            )
        case ContactLinked(to_project=project, to_matter=matter):
            return replace(
                state, project=project or state.project, matter=matter or state.matter
            )
        case HandoverOffered():
            asked = Offer(event.offer, event.to_person, event.to_role, event.to_body)
            return replace(state, offer=asked, offers=event.offer)
        case HandoverDeclined(offer=number, declined_by=by):
            return replace(state, offer=None, declined=(number, by))
        case ContactHandedOver(owner=owner):
            return replace(state, owner=owner, offer=None)
        case ContactClosed(outcome=outcome):
            return replace(state, phase="closed", outcome=outcome, offer=None)
        case ContactLeftOver(nights=nights):
            return replace(state, nights=nights)
    return _evolve_talk(state, event)


def _evolve_talk(state: Contact, event: Event) -> Contact:
    match event:
        case ConsultationReferred(consultation=id):
            asked = Question(event.to_body, event.asked_at)
            return replace(state, questions=MappingProxyType({**state.questions, id: asked}))
        case ConsultationAnswered(consultation=id):
            known = state.questions.get(id, Question())
            told = replace(known, answered=True, understood=event.understood)
            others = {other: q for other, q in state.questions.items() if other != id}
            return replace(state, questions=MappingProxyType({**others, id: told}))
        case OneTimeNoticeIssued(items=items, ordinal=ordinal):
            counted = {**state.told, **dict.fromkeys(items, ordinal)}
            return replace(state, told=MappingProxyType(counted))
    return state
