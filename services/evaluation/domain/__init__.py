"""The rules of evaluation, pure: a decider for a matter and one for an area's office."""

from contracts.evaluation import (
    EVENTS,
    AppealDecided,
    AppraisalAppealed,
    AppraisalComputed,
    AppraisalPublished,
    ComplaintAnswered,
    ComplaintReceived,
    HearingHeld,
    PublicationWithdrawn,
    ReviewNoted,
)
from contracts.event import Event
from services.evaluation.domain import decide, office, state
from services.evaluation.domain.commands import MatterCommand, OfficeCommand
from services.evaluation.domain.facts import MatterFacts, OfficeFacts
from services.evaluation.domain.office import EMPTY, Office
from services.evaluation.domain.state import Judged
from shared.decider import Decider

OFFICE_EVENTS: tuple[type[Event], ...] = (
    HearingHeld,
    ComplaintReceived,
    ComplaintAnswered,
    AppraisalComputed,
    AppraisalAppealed,
    AppealDecided,
    AppraisalPublished,
    PublicationWithdrawn,
    ReviewNoted,
)
_ONLY_OFFICE = (
    HearingHeld,
    AppraisalComputed,
    AppraisalAppealed,
    AppealDecided,
    AppraisalPublished,
    PublicationWithdrawn,
    ReviewNoted,
)
MATTER_EVENTS = tuple(event for event in EVENTS if event not in _ONLY_OFFICE)

MATTER: Decider[MatterCommand, Judged, Event, MatterFacts] = Decider(
    Judged(), state.evolve, decide.decide
)
OFFICE: Decider[OfficeCommand, Office, Event, OfficeFacts] = Decider(
    EMPTY, office.evolve, office.decide
)
