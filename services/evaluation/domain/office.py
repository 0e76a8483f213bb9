"""What an area's office heard, counted and concluded (座谈、考核、总结), and its decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from contracts.evaluation import (
    AppealDecided,
    AppraisalAppealed,
    AppraisalComputed,
    AppraisalPublished,
    ComplaintAnswered,
    ComplaintReceived,
    HearingHeld,
    Measure,
    PublicationWithdrawn,
    ReviewNoted,
)
from contracts.event import Event
from services.evaluation.domain.appeals import Appeal, appeal, decided
from services.evaluation.domain.commands import (
    AnswerAreaComplaint,
    AppealAppraisal,
    ComputeAppraisal,
    DecideAppeal,
    HoldHearing,
    NoteReview,
    OfficeCommand,
    PublishAppraisal,
    ReceiveAreaComplaint,
    WithdrawPublication,
)
from services.evaluation.domain.complaints import answer, received
from services.evaluation.domain.facts import OfficeFacts, ours
from services.evaluation.domain.independence import acting_body
from services.evaluation.domain.publishing import Published, given, told
from services.evaluation.domain.quarters import bounds
from services.evaluation.domain.state import Complaint
from shared.decider import Refused
from shared.eventstore.identity import derived

type Whom = tuple[str, str, str | None, str]
"""Quarter, kind, agent and body: what one appraisal is about."""


@dataclass(frozen=True, slots=True)
class Office:
    """The office stream of one area."""

    complaints: Mapping[UUID, Complaint] = MappingProxyType({})
    appraisals: Mapping[Whom, tuple[tuple[Measure, ...], int]] = MappingProxyType({})
    appeals: Mapping[UUID, Appeal] = MappingProxyType({})
    published: Mapping[UUID, Published] = MappingProxyType({})
    hearings: frozenset[UUID] = frozenset()
    answered: frozenset[UUID] = frozenset()


EMPTY = Office()


def evolve(office: Office, event: Event) -> Office:
    match event:
        case ComplaintReceived(complaint=id, to=to, against=against, order=order):
            complaint = Complaint(to, against, order=order)
            known = MappingProxyType({**office.complaints, id: complaint})
            return replace(office, complaints=known)
        case ComplaintAnswered(complaint=id) if id in office.complaints:
            done = replace(office.complaints[id], answered=True)
            return replace(office, complaints=MappingProxyType({**office.complaints, id: done}))
        case AppraisalComputed() as e:
            whom = e.quarter, e.about_whom, e.agent, e.body
            found = MappingProxyType({**office.appraisals, whom: (e.measures, e.unrated)})
            return replace(office, appraisals=found)
        case AppraisalAppealed() as e:
            one = Appeal(e.appraisal, e.agent, e.body)
            return replace(office, appeals=MappingProxyType({**office.appeals, e.appeal: one}))
        case AppealDecided(appeal=id) if id in office.appeals:
            one = replace(office.appeals[id], decided=True)
            return replace(office, appeals=MappingProxyType({**office.appeals, id: one}))
        case AppraisalPublished() | PublicationWithdrawn() as e:
            return replace(office, published=MappingProxyType(told(office.published, e)))
        case HearingHeld(hearing=id):
            return replace(office, hearings=office.hearings | {id})
        case ReviewNoted(prompted_by=prompted_by):
            return replace(office, answered=office.answered | set(prompted_by))
        case _:
            return office


def decide(command: OfficeCommand, office: Office, facts: OfficeFacts) -> Sequence[Event]:
    match command:
        case ReceiveAreaComplaint():
            if facts.actor in {command.against, *facts.agents}:
                raise Refused(
                    "complained_of",
                    remedy="由投诉人本人或窗口登记 / the complainant or the window enters it",
                )
            return [received(command, facts, command.against, command.body)]
        case AnswerAreaComplaint():
            return answer(command, office.complaints, facts.bodies, facts.actor)
        case HoldHearing():
            return _hear(command, facts)
        case ComputeAppraisal():
            return _appraise(command, office, facts)
        case AppealAppraisal():
            return appeal(command, office.appeals, facts)
        case DecideAppeal():
            return decided(command, office.appeals, facts)
        case PublishAppraisal() | WithdrawPublication():
            return given(command, office.published, facts)
        case NoteReview():
            return _review(command, facts)


def _hear(command: HoldHearing, facts: OfficeFacts) -> Sequence[Event]:
    body = command.body or facts.pack.appraisal.by
    if body not in {b.id for b in facts.pack.bodies}:
        raise Refused("body_unknown", bodies=[body])
    return [
        HearingHeld(
            hearing=derived(facts.made, "hearing"),
            form=command.form,
            body=body,
            units=command.units,
            persons=command.persons,
            heard=command.heard,
            minutes=command.minutes,
        )
    ]


def _appraise(command: ComputeAppraisal, office: Office, facts: OfficeFacts) -> Sequence[Event]:
    """Counted after the quarter is over, never by whom it is about; the same count is said once."""
    _, last = bounds(command.quarter)
    if facts.today <= last:
        raise Refused("quarter_not_over", quarter=command.quarter, ends_on=last)
    agent = command.agent if command.about_whom == "agent" else None
    if command.about_whom == "agent" and agent is None:
        raise Refused(
            "name_the_agent",
            remedy="请写明被考核的专员（agent） / name the agent who is appraised",
        )
    if facts.actor == agent:
        raise Refused("own_service", rule="appraisal.by")
    if facts.body is None:
        raise Refused("nothing_to_appraise", quarter=command.quarter, agent=agent)
    whom = command.quarter, command.about_whom, agent, facts.body
    if office.appraisals.get(whom) == (facts.measures, facts.unrated):
        return []
    return [
        AppraisalComputed(
            appraisal=derived(facts.made, "appraisal"),
            quarter=command.quarter,
            about_whom=command.about_whom,
            agent=agent,
            body=facts.body,
            measures=facts.measures,
            unrated=facts.unrated,
            cut=facts.cut,
            rule="appraisal.feeds",
            defaults=ours(facts.pack, "evaluation.instruments", "evaluation.bad_rating"),
        )
    ]


def _review(command: NoteReview, facts: OfficeFacts) -> Sequence[Event]:
    return [
        ReviewNoted(
            quarter=command.quarter,
            body=acting_body(command.body, facts.bodies),
            prompted_by=tuple(dict.fromkeys(command.prompted_by)),
            shortcomings=command.shortcomings,
            improvements=command.improvements,
        )
    ]
