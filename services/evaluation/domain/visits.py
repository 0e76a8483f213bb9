"""How is one visit or one consultation rated by itself (一次一评), beside the matter (一事一评)?"""

from collections.abc import Sequence
from uuid import UUID

from contracts.evaluation import EvaluationInvited
from contracts.event import Event
from contracts.pack import Pack
from contracts.pack.rules import Instrument, Scale
from contracts.vocabulary import SATISFACTION
from services.evaluation.domain import terms
from services.evaluation.domain.commands import InviteAgain, InviteVisitRating
from services.evaluation.domain.facts import MatterFacts
from services.evaluation.domain.independence import independent_of
from services.evaluation.domain.state import Invitation, Judged
from shared.decider import Refused
from shared.eventstore.identity import NAMESPACE, derived

SENDINGS = 2
"""Asked when the visit was over, and sent to the visitor himself once: never a reminder."""
VISIT = "visit"
"""The instrument of a single visit; its ratings are never added to those of a matter."""
RULE = "evaluation.national"


def stream_of(visit: UUID) -> UUID:
    """Each visit is judged in a stream of its own: it is no part of the matter's file."""
    return derived(NAMESPACE, f"visit/{visit}")


def instrument_of(pack: Pack, name: str) -> Instrument:
    """An instrument of the place, or that of a visit: five levels, nothing else (国家好差评)."""
    if name != VISIT:
        return pack.instrument_of(name)
    asked_by = next((i.asked_by for i in pack.evaluation.instruments), pack.appraisal.by)
    return Instrument.model_validate(
        {
            "id": VISIT,
            "zh": "一次一评（现场服务评价）",
            "asked_by": asked_by,
            "answered_by": "unit",
            "of": "agent",
            "starts": "VisitMade",
            "scale": _five(pack).id,
        }
    )


def _five(pack: Pack) -> Scale:
    """The scale of five levels; the contract makes every place have one."""
    scales = pack.evaluation.scales
    return next((s for s in scales if len(s.levels) == len(SATISFACTION)), scales[0])


def invite(command: InviteVisitRating, state: Judged, facts: MatterFacts) -> Sequence[Event]:
    """Asked once for each visit; whom nobody but himself could ask about is not."""
    if VISIT in state.invitations:
        return []
    served = facts.served
    if served is None:
        raise Refused("nobody_to_rate", remedy="没有接待人员 / nobody served the visit")
    valid = terms.expires(facts.pack)
    asked_by = independent_of(
        facts.pack, served.body, [instrument_of(facts.pack, VISIT).asked_by]
    )
    return [
        EvaluationInvited(
            invitation=facts.tokens[VISIT],
            instrument=VISIT,
            agent=served.lead,
            agent_body=served.body,
            served_by=served.agents,
            asked_by=asked_by,
            respondent="applicant_lead",
            expires_at=terms.end_of(facts.due(valid.value)),
            visit=command.visit,
            concerns=command.concerns,
            rule=RULE,
            defaults=(RULE, *valid.ours),
        )
    ]


def send(
    command: InviteAgain, invitation: Invitation, state: Judged, facts: MatterFacts
) -> Sequence[Event]:
    """The link to who came or asked, where he said that he is reached; once, and not without that.

    Whoever asked online or by telephone has no matter and no page of his own to find it on.
    """
    if invitation.sending >= SENDINGS:
        raise Refused("invited_often_enough", sent=invitation.sending, rule=RULE)
    if command.contact is None:
        raise Refused(
            "contact_missing",
            rule=RULE,
            remedy="请填写来访人、咨询人留下的联系方式 / say where the visitor is reached",
        )
    valid = terms.expires(facts.pack)
    return [
        EvaluationInvited(
            invitation=invitation.id,
            instrument=VISIT,
            agent=invitation.agent,
            agent_body=invitation.agent_body,
            served_by=tuple(sorted(state.served_by)),
            asked_by=invitation.asked_by,
            respondent="applicant_lead",
            sending=invitation.sending + 1,
            expires_at=terms.end_of(facts.due(valid.value)),
            visit=invitation.visit,
            concerns=invitation.concerns,
            rule=RULE,
            defaults=(RULE, *valid.ours),
            contact=command.contact,
        )
    ]
