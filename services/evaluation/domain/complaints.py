"""Who looks into a complaint (投诉), and who may answer it?"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from contracts.evaluation import ComplaintAnswered, ComplaintReceived
from contracts.event import Event
from contracts.pack import Pack
from services.evaluation.domain.commands import AnswerComplaint, ReceiveComplaint
from services.evaluation.domain.facts import MatterFacts
from services.evaluation.domain.independence import independent_of
from services.evaluation.domain.state import Complaint, Judged
from shared.decider import Refused
from shared.eventstore.identity import derived

RULE = "appraisal.by"


def receive(command: ReceiveComplaint, state: Judged, facts: MatterFacts) -> Sequence[Event]:
    """A complaint about the service of a matter; nobody meant by name means its agent."""
    served = facts.served
    against = command.against or (served.lead if served else None)
    body = command.body or (served.body if served else None)
    if facts.actor in {*state.served_by, *(served.agents if served else ())}:
        raise Refused("complained_of", remedy="由投诉人本人或窗口登记")
    return [received(command, facts.pack, facts.made, against, body)]


def received(
    command: ReceiveComplaint, pack: Pack, made: UUID, against: str | None, body: str | None
) -> ComplaintReceived:
    """The complaint in the hands of a body that has no part in it."""
    if command.to is not None and command.to == body:
        raise Refused("own_service", body=command.to, rule=RULE, remedy="请转其他单位核查")
    if command.to is not None and command.to not in {b.id for b in pack.bodies}:
        raise Refused("body_unknown", bodies=[command.to])
    return ComplaintReceived(
        complaint=derived(made, "complaint"),
        kind=command.kind,
        against=against,
        body=body,
        to=independent_of(pack, body, [command.to] if command.to else [pack.appraisal.by]),
        anonymous=command.anonymous,
        rule=RULE,
        words=command.words,
        complainant=None if command.anonymous else command.complainant,
        contact=None if command.anonymous else command.contact,
    )


def answer(
    command: AnswerComplaint,
    known: Mapping[UUID, Complaint],
    bodies: frozenset[str],
    actor: str,
) -> Sequence[Event]:
    """By the body that looks into it, never by the person complained of."""
    complaint = known.get(command.complaint)
    if complaint is None:
        raise Refused("no_such_complaint", complaint=str(command.complaint))
    if complaint.answered:
        return []
    if actor == complaint.against or complaint.to not in bodies:
        raise Refused("not_the_owner", owner=complaint.to, rule=RULE)
    return [
        ComplaintAnswered(
            complaint=command.complaint, verdict=command.verdict, answer=command.answer
        )
    ]
