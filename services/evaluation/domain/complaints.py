"""Who looks into a complaint (投诉), and who may answer it?"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from contracts.evaluation import ComplaintAnswered, ComplaintReceived
from contracts.event import Event
from contracts.pack import Pack
from services.evaluation.domain import terms
from services.evaluation.domain.commands import (
    AnswerComplaint,
    ComplainOpenly,
    ReceiveAreaComplaint,
    ReceiveComplaint,
)
from services.evaluation.domain.facts import MatterFacts, OfficeFacts
from services.evaluation.domain.independence import independent_of
from services.evaluation.domain.state import Complaint, Judged
from services.evaluation.domain.terms import PROBITY
from shared.decider import Refused
from shared.eventstore.identity import derived

RULE = "appraisal.by"


def receive(command: ReceiveComplaint, state: Judged, facts: MatterFacts) -> Sequence[Event]:
    """A complaint about the service of a matter; nobody meant by name means its agent."""
    served = facts.served
    against = command.against or (served.lead if served else None)
    body = command.body or (served.body if served else None)
    if facts.actor in {*state.served_by, *(served.agents if served else ())}:
        raise Refused(
            "complained_of",
            remedy="由投诉人本人或窗口登记 / the complainant or the window enters it",
        )
    if command.kind == PROBITY:
        raise Refused("probity_has_its_route", rule="evaluation.complaints.probity_to")
    return [received(command, facts, against, body)]


def received(
    command: ReceiveComplaint,
    facts: MatterFacts | OfficeFacts,
    against: str | None,
    body: str | None,
) -> ComplaintReceived:
    """The complaint in the hands of a body that has no part in it, with a day to answer."""
    pack, within = facts.pack, terms.complaint_within(facts.pack)
    office = facts if isinstance(facts, OfficeFacts) else None
    set_day = office.due_on if office else None
    to, rule, defaults = _route(command, pack, body)
    return ComplaintReceived(
        complaint=derived(facts.made, "complaint"),
        kind=command.kind,
        against=against,
        body=body,
        to=to,
        anonymous=command.anonymous,
        due_on=set_day or terms.due(within.value, facts.today, facts.calendar),
        concerns=office.concerns if office else None,
        order=command.order,
        rule=rule,
        defaults=(*defaults, *(() if set_day else within.ours)),
        words=command.words,
        complainant=None if command.anonymous else command.complainant,
        contact=None if command.anonymous else command.contact,
    )


def by_anybody(said: ComplainOpenly, pack: Pack) -> ReceiveAreaComplaint:
    """What somebody without an account says, who names nobody who is to look into it (HS-19)."""
    if said.body is not None and said.body not in {b.id for b in pack.bodies}:
        raise Refused(
            "body_unknown",
            bodies=[said.body],
            remedy="请从列表中选择单位 / choose a listed body",
        )
    told = {name: getattr(said, name) for name in type(said).model_fields}
    unnamed = said.complainant is None and said.contact is None
    return ReceiveAreaComplaint.model_validate({**told, "anonymous": unnamed})


def _route(
    command: ReceiveComplaint, pack: Pack, body: str | None
) -> tuple[str, str, tuple[str, ...]]:
    """Probity goes to discipline inspection and nowhere else (吃拿卡要; HS-18)."""
    if command.kind == PROBITY:
        route = terms.probity_to(pack)
        if command.to not in (None, route.value):
            remedy = "廉洁问题转纪检监察机关 / probity goes to discipline inspection"
            raise Refused(
                "probity_has_its_route", to=route.value, rule=route.path, remedy=remedy
            )
        return route.value, route.path, route.ours
    if command.to is not None and command.to == body:
        raise Refused(
            "own_service",
            body=command.to,
            rule=RULE,
            remedy="请转其他单位核查 / have another body look into it",
        )
    if command.to is not None and command.to not in {b.id for b in pack.bodies}:
        raise Refused("body_unknown", bodies=[command.to])
    wanted = [command.to] if command.to else [pack.appraisal.by]
    return independent_of(pack, body, wanted), RULE, ()


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
            complaint=command.complaint,
            verdict=command.verdict,
            order=complaint.order,
            answer=command.answer,
        )
    ]
