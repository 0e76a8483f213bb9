"""The decision table for how a matter is judged. The first row that fits decides."""

from collections.abc import Iterable, Mapping, Sequence

from contracts.evaluation import (
    BadRatingOpened,
    BadRatingRectified,
    EvaluationInvited,
    EvaluationRecorded,
    ReturnVisitMade,
    Score,
)
from contracts.event import Event
from contracts.pack.promising import last_day
from contracts.pack.rules import Instrument
from services.evaluation.domain import complaints, terms, visits
from services.evaluation.domain.commands import (
    AnswerComplaint,
    EnterRating,
    InviteAgain,
    InviteRating,
    InviteVisitRating,
    MakeReturnVisit,
    MatterCommand,
    ReceiveComplaint,
    RecordRating,
    RectifyBadRating,
)
from services.evaluation.domain.facts import MatterFacts, Served, ours
from services.evaluation.domain.independence import REVISIT, acting_body, independent_of
from services.evaluation.domain.state import Invitation, Judged
from shared.decider import Refused
from shared.eventstore.identity import derived

BURST = 3
"""So many ratings of one day from one device are a burst: flagged, and counted all the same."""


def decide(command: MatterCommand, state: Judged, facts: MatterFacts) -> Sequence[Event]:
    match command:
        case InviteRating():
            return _invite(state, facts)
        case InviteVisitRating():
            return visits.invite(command, state, facts)
        case InviteAgain():
            return _invite_again(command, state, facts)
        case RecordRating():
            return _rate(command, state, facts)
        case EnterRating():
            return _enter(command, state, facts)
        case MakeReturnVisit():
            return _visit(command, state, facts)
        case RectifyBadRating():
            return _rectify(command, state, facts)
        case ReceiveComplaint():
            return complaints.receive(command, state, facts)
        case AnswerComplaint():
            return complaints.answer(command, state.complaints, facts.bodies, facts.actor)


def _invite(state: Judged, facts: MatterFacts) -> Sequence[Event]:
    """Every instrument the unit answers, once; the unrated are never counted as good."""
    if not facts.complete:
        raise Refused(
            "service_not_over",
            remedy=(
                "事项全部办结、送达后再邀请评价 / "
                "invite when every item is decided and delivered"
            ),
        )
    if facts.served is None:
        raise Refused("nobody_to_rate", remedy="该办件没有专员 / the matter has no agent")
    units = {role.id for role in facts.pack.roles if role.canonical.startswith("applicant")}
    return [
        _invited(instrument, facts.served, facts)
        for instrument in facts.pack.evaluation.instruments
        if instrument.answered_by in units and instrument.id not in state.invitations
    ]


def _invited(instrument: Instrument, served: Served, facts: MatterFacts) -> EvaluationInvited:
    rule = f"evaluation.instruments.{instrument.id}"
    valid = terms.expires(facts.pack)
    return EvaluationInvited(
        invitation=facts.tokens[instrument.id],
        instrument=instrument.id,
        agent=served.lead,
        agent_body=served.body,
        served_by=served.agents,
        asked_by=instrument.asked_by,
        respondent="applicant_lead",
        expires_at=terms.end_of(facts.due(valid.value)),
        items=served.items,
        rule=rule,
        defaults=(*ours(facts.pack, rule), *valid.ours),
    )


def _invite_again(command: InviteAgain, state: Judged, facts: MatterFacts) -> Sequence[Event]:
    invitation = state.invitations.get(command.instrument)
    if invitation is None:
        raise Refused(
            "not_invited",
            instrument=command.instrument,
            remedy="服务结束后自动邀请 / the invitation is sent by itself when the service is over",
        )
    if command.instrument in state.ratings:
        return []
    if command.instrument == REVISIT:
        raise Refused(
            "asked_in_a_visit",
            instrument=REVISIT,
            remedy="由大厅管理机构回访 / the office of the hall asks in a return visit",
        )
    if invitation.visit is not None:
        return visits.send(command, invitation, state, facts)
    rule = "evaluation.remind_after"
    most, valid = terms.sendings(facts.pack), terms.expires(facts.pack)
    if invitation.sending >= most.value:
        raise Refused("invited_often_enough", sent=invitation.sending, rule=most.path)
    patience = facts.pack.evaluation.remind_after
    sent_on = facts.sent_on.get(command.instrument, facts.today)
    if facts.today < last_day(facts.calendar, sent_on, patience).date:
        raise Refused("too_early_to_remind", sent_on=sent_on, wait=patience.days, rule=rule)
    return [
        EvaluationInvited(
            invitation=invitation.id,
            instrument=command.instrument,
            agent=invitation.agent,
            agent_body=invitation.agent_body,
            served_by=tuple(sorted(state.served_by)),
            asked_by=invitation.asked_by,
            respondent="applicant_lead",
            sending=invitation.sending + 1,
            expires_at=terms.end_of(facts.due(valid.value)),
            rule=rule,
            defaults=(*ours(facts.pack, rule), *most.ours, *valid.ours),
            contact=command.contact,
        )
    ]


def _rate(command: RecordRating, state: Judged, facts: MatterFacts) -> Sequence[Event]:
    """The unit's own rating, by the door it was sent (X-05)."""
    name = state.instrument_of(facts.invitation) if facts.invitation else None
    if name is None or facts.actor in state.served_by:
        raise Refused("no_such_invitation")
    invitation, instrument = _rateable(name, state, facts)
    if facts.respondent is None:
        raise Refused("not_the_unit", remedy="由项目单位评价 / the unit rates")
    if (ends := invitation.expires_at) is not None and terms.end_of(facts.today) > ends:
        rule, remedy = (
            "evaluation.link.expires",
            (
                "请联系评价机构，可由其电话或上门代录 / "
                "ask the evaluation office, which can enter it by telephone or visit"
            ),
        )
        raise Refused("link_expired", expired_at=ends, rule=rule, remedy=remedy)
    recorded = EvaluationRecorded(
        evaluation=derived(facts.made, "evaluation"),
        instrument=name,
        invitation=invitation.id,
        visit=invitation.visit,
        agent=invitation.agent,
        respondent=facts.respondent,
        level=command.level,
        scores=_scores(command.scores, instrument),
        device=facts.device,
        flagged=("burst",) if facts.from_device >= BURST - 1 else (),
        comment=command.comment,
        rater=command.rater,
    )
    return [recorded, *_if_bad(recorded, instrument, invitation, facts)]


def _rateable(name: str, state: Judged, facts: MatterFacts) -> tuple[Invitation, Instrument]:
    """What is rated by the unit alone, and not yet."""
    if name not in state.invitations:
        raise Refused(
            "not_invited",
            instrument=name,
            remedy="服务结束后自动邀请 / the invitation is sent by itself when the service is over",
        )
    if name == REVISIT:
        raise Refused(
            "asked_in_a_visit",
            instrument=name,
            remedy="由大厅管理机构回访时记录 / the office of the hall records it in a return visit",
        )
    if name in state.ratings:
        raise Refused("already_rated", instrument=name, rule="GB/T 39734 一事一评")
    return state.invitations[name], visits.instrument_of(facts.pack, name)


def _enter(command: EnterRating, state: Judged, facts: MatterFacts) -> Sequence[Event]:
    """The unit's rating as the evaluation office took it down; never by the rated (X-05)."""
    body = acting_body(command.body, facts.bodies)
    invitation, instrument = _rateable(command.instrument, state, facts)
    if body == invitation.agent_body or facts.actor in state.served_by:
        raise Refused(
            "own_service",
            body=body,
            rule="evaluation",
            remedy="由其他单位录入 / have another body enter it",
        )
    if command.entry == "paper" and command.paper is None:
        raise Refused("paper_missing", remedy="请附项目单位填写的纸质评价表 / attach the sheet")
    recorded = EvaluationRecorded(
        evaluation=derived(facts.made, "evaluation"),
        instrument=command.instrument,
        visit=invitation.visit,
        agent=invitation.agent,
        respondent=command.respondent,
        level=command.level,
        scores=_scores(command.scores, instrument),
        entry=command.entry,
        entered_by=body,
        comment=command.comment,
        rater=command.rater,
        paper=command.paper,
    )
    return [recorded, *_if_bad(recorded, instrument, invitation, facts)]


def _scores(given: Mapping[str, str], instrument: Instrument) -> tuple[Score, ...]:
    """Each indicator of the instrument by itself, none more and none less (分项评价)."""
    asked = [indicator.id for indicator in instrument.indicators]
    lacking, strange = [i for i in asked if i not in given], sorted(given.keys() - set(asked))
    if lacking or strange:
        rule = f"evaluation.instruments.{instrument.id}.indicators"
        raise Refused("indicators_differ", lacking=lacking, unknown=strange, rule=rule)
    return tuple(Score.model_validate({"indicator": i, "level": given[i]}) for i in asked)


def _if_bad(
    recorded: EvaluationRecorded,
    instrument: Instrument,
    invitation: Invitation,
    facts: MatterFacts,
) -> Iterable[Event]:
    """A bad rating gets an owner who is not the rated one's body, and a day."""
    scale = next(s for s in facts.pack.evaluation.scales if s.id == instrument.scale)
    bad = {level.id for level in scale.levels if level.bad}
    if bad.isdisjoint({recorded.level, *(score.level for score in recorded.scores)}):
        return
    rule = "evaluation.bad_rating"
    owner = independent_of(facts.pack, invitation.agent_body, [instrument.asked_by])
    yield BadRatingOpened(
        bad_rating=derived(facts.made, "bad_rating"),
        evaluation=recorded.evaluation,
        agent=recorded.agent,
        owner=f"a:{owner}",
        due_on=facts.due(facts.pack.evaluation.bad_rating.rectify_within),
        rule=rule,
        defaults=ours(facts.pack, rule),
    )


def _visit(command: MakeReturnVisit, state: Judged, facts: MatterFacts) -> Sequence[Event]:
    """Called on by a body other than the agent's own, never by the rated (YO-48, X-05)."""
    invitation = state.invitations.get(REVISIT) or next(iter(state.invitations.values()), None)
    if invitation is None:
        raise Refused(
            "service_not_over", remedy="服务结束后再回访 / visit when the service is over"
        )
    body = acting_body(command.body, facts.bodies)
    if body == invitation.agent_body or facts.actor in state.served_by:
        raise Refused(
            "own_service", body=body, agent_body=invitation.agent_body, rule="evaluation"
        )
    if command.level is not None and not (command.reached and command.respondent):
        raise Refused(
            "nobody_answered",
            remedy=(
                "未接通或未写明答复人时不能记评价 / "
                "no rating where nobody was reached or the respondent is not named"
            ),
        )
    visit = ReturnVisitMade(
        return_visit=derived(facts.made, "return_visit"),
        body=body,
        agent=invitation.agent,
        agent_body=invitation.agent_body,
        means=command.means,
        reached=command.reached,
        respondent=command.respondent,
        answers=command.answers,
        person=command.person,
    )
    return [visit, *_answered(command, visit, state, facts)]


def _answered(
    command: MakeReturnVisit, visit: ReturnVisitMade, state: Judged, facts: MatterFacts
) -> Iterable[Event]:
    """What the unit said when it was called on is an instrument of its own (YO-49)."""
    if command.level is None or command.respondent is None:
        return
    if REVISIT not in state.invitations:
        raise Refused("not_invited", instrument=REVISIT)
    if REVISIT in state.ratings:
        raise Refused("already_rated", instrument=REVISIT, rule="GB/T 39734 一事一评")
    instrument = facts.pack.instrument_of(REVISIT)
    recorded = EvaluationRecorded(
        evaluation=derived(facts.made, "evaluation"),
        instrument=REVISIT,
        return_visit=visit.return_visit,
        agent=visit.agent,
        respondent=command.respondent,
        level=command.level,
        scores=_scores(command.scores, instrument),
    )
    yield recorded
    yield from _if_bad(recorded, instrument, state.invitations[REVISIT], facts)


def _rectify(command: RectifyBadRating, state: Judged, facts: MatterFacts) -> Sequence[Event]:
    bad = state.bad_ratings.get(command.bad_rating)
    if bad is None:
        raise Refused("no_such_bad_rating", bad_rating=str(command.bad_rating))
    if bad.rectified:
        return []
    owner = bad.owner.removeprefix("a:")
    if facts.actor in state.served_by or not facts.bodies & {owner, facts.pack.appraisal.by}:
        raise Refused("not_the_owner", owner=bad.owner, rule="evaluation.bad_rating")
    if facts.pack.evaluation.bad_rating.revisit and not command.visited_back:
        rule = "evaluation.bad_rating.revisit"
        raise Refused(
            "visit_back_first",
            rule=rule,
            remedy=(
                "先回访项目单位，再登记整改 / "
                "visit the unit again, then record what was put right"
            ),
        )
    return [
        BadRatingRectified(
            bad_rating=command.bad_rating,
            verdict=command.verdict,
            visited_back=command.visited_back,
            measures=command.measures,
            answer=command.answer,
        )
    ]
