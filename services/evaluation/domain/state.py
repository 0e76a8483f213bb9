"""What is known of how a matter was judged, and how does each event move it?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from contracts.evaluation import (
    BadRatingOpened,
    BadRatingRectified,
    ComplaintAnswered,
    ComplaintReceived,
    EvaluationInvited,
    EvaluationRecorded,
    ReturnVisitMade,
)
from contracts.event import Event


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open door for one instrument (评价邀请); `sending` counts how often it was sent."""

    id: UUID
    agent: str
    agent_body: str
    asked_by: str
    sending: int
    expires_at: datetime | None = None
    visit: UUID | None = None
    concerns: UUID | None = None


@dataclass(frozen=True, slots=True)
class BadRating:
    """A bad rating (差评) and who has to look into it."""

    agent: str
    owner: str
    due_on: date
    rectified: bool = False


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint (投诉), whom it is about and who looks into it."""

    to: str
    against: str | None
    answered: bool = False
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """How a matter was judged. `served_by` are the rated: they open nothing (X-05)."""

    invitations: Mapping[str, Invitation] = MappingProxyType({})
    ratings: Mapping[str, str] = MappingProxyType({})
    served_by: frozenset[str] = frozenset()
    visited: bool = False
    reached: bool = False
    bad_ratings: Mapping[UUID, BadRating] = MappingProxyType({})
    complaints: Mapping[UUID, Complaint] = MappingProxyType({})

    @property
    def released(self) -> bool:
        """Whether the rated may see the levels: nothing can be rated any more."""
        return bool(self.invitations) and self.invitations.keys() <= self.ratings.keys()

    @property
    def bad_rating_open(self) -> bool:
        return any(not bad.rectified for bad in self.bad_ratings.values())

    def instrument_of(self, invitation: UUID) -> str | None:
        """The instrument an invitation is for."""
        found = (name for name, i in self.invitations.items() if i.id == invitation)
        return next(found, None)


def evolve(state: Judged, event: Event) -> Judged:
    match event:
        case EvaluationInvited() as e:
            body = e.agent_body or "unknown"
            invitation = Invitation(
                e.invitation,
                e.agent,
                body,
                e.asked_by,
                e.sending,
                e.expires_at,
                e.visit,
                e.concerns,
            )
            return replace(
                state,
                invitations=_with(state.invitations, e.instrument, invitation),
                served_by=state.served_by | {e.agent, *(e.served_by or ())},
            )
        case EvaluationRecorded(instrument=instrument, level=level):
            return replace(state, ratings=_with(state.ratings, instrument, level))
        case ReturnVisitMade(reached=reached):
            return replace(state, visited=True, reached=state.reached or reached)
        case BadRatingOpened() as e:
            bad = BadRating(e.agent, e.owner, e.due_on)
            return replace(state, bad_ratings=_with(state.bad_ratings, e.bad_rating, bad))
        case BadRatingRectified(bad_rating=id) if id in state.bad_ratings:
            bad = replace(state.bad_ratings[id], rectified=True)
            return replace(state, bad_ratings=_with(state.bad_ratings, id, bad))
        case ComplaintReceived() as e:
            complaint = Complaint(e.to, e.against, order=e.order)
            return replace(state, complaints=_with(state.complaints, e.complaint, complaint))
        case ComplaintAnswered(complaint=id) if id in state.complaints:
            complaint = replace(state.complaints[id], answered=True)
            return replace(state, complaints=_with(state.complaints, id, complaint))
        case _:
            return state


def _with[K, V](known: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**known, key: value})
