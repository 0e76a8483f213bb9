"""One of each, to vary: the unit, the agent, the hall and their facts in every evaluation test."""

from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from contracts.evaluation import (
    BadRatingOpened,
    ComplaintReceived,
    EvaluationInvited,
    EvaluationRecorded,
    Measure,
    Score,
)
from contracts.event import Event, Personal
from contracts.vocabulary import Reliance
from services.evaluation.domain import MATTER, OFFICE
from services.evaluation.domain.commands import RecordRating
from services.evaluation.domain.facts import MatterFacts, OfficeFacts, Served
from shared.eventstore.identity import derived
from shared.packs import Packs
from shared.testing.spec import Spec

RULES = Packs.load(None).for_area("500242")
PACK = RULES.pack
AREA = PACK.jurisdiction.code
TODAY = date(2026, 3, 2)


def person(n: int) -> str:
    return f"p:01990000-0000-7000-8000-{n:012d}"


AGENT, SECOND, UNIT, HALL, OFFICER = (person(n) for n in range(1, 6))
MADE = UUID("01990000-0000-7000-8000-0000000000a1")
LINK = UUID("01990000-0000-7000-8000-0000000000b1")
CALL = UUID("01990000-0000-7000-8000-0000000000b2")

EVALUATION = derived(MADE, "evaluation")
VISIT = derived(MADE, "return_visit")
BAD = derived(MADE, "bad_rating")
COMPLAINT = derived(MADE, "complaint")

FACTS = MatterFacts(PACK, RULES.calendar, TODAY, "s:evaluation", MADE)
OVER = replace(
    FACTS,
    complete=True,
    served=Served(AGENT, "park_i", (AGENT, SECOND)),
    tokens=MappingProxyType({"overall": LINK, "revisit": CALL}),
)
BY_UNIT = replace(FACTS, actor=UNIT, respondent="applicant_lead", invitation=LINK)
BY_HALL = replace(FACTS, actor=HALL, bodies=frozenset({"hall"}))
BY_OFFICE = replace(FACTS, actor=OFFICER, bodies=frozenset({"ro"}))


EXPIRES_AT = datetime.fromisoformat("2026-05-02T00:00:00+08:00")
"""Sixty days from the day of the facts are over, by our own default."""


def invited(instrument: str, link: UUID, **more: Any) -> EvaluationInvited:
    members = {
        "invitation": link,
        "instrument": instrument,
        "agent": AGENT,
        "agent_body": "park_i",
        "served_by": (AGENT, SECOND),
        "asked_by": "hall",
        "respondent": "applicant_lead",
        "expires_at": EXPIRES_AT,
        "rule": f"evaluation.instruments.{instrument}",
        **more,
    }
    return EvaluationInvited.model_validate(members)


call = invited(
    "revisit",
    CALL,
    defaults=(
        "evaluation.instruments.revisit.starts",
        "evaluation.instruments.revisit.scale",
        "evaluation.link.expires",
    ),
)
link = invited(
    "overall",
    LINK,
    defaults=(
        "evaluation.instruments.overall.asked_by",
        "evaluation.instruments.overall.starts",
        "evaluation.instruments.overall.scale",
        "evaluation.link.expires",
    ),
)
INVITED: tuple[Event, ...] = (call, link)

SCORES = {"attitude": "very_satisfied", "efficiency": "satisfied", "probity": "very_satisfied"}


def rate(level: str = "satisfied", **more: Any) -> RecordRating:
    return RecordRating.model_validate({"level": level, "scores": SCORES, **more})


def rated(level: str = "satisfied", **more: Any) -> EvaluationRecorded:
    members = {
        "evaluation": EVALUATION,
        "instrument": "overall",
        "invitation": LINK,
        "agent": AGENT,
        "respondent": "applicant_lead",
        "level": level,
        "scores": tuple(
            Score.model_validate({"indicator": i, "level": v}) for i, v in SCORES.items()
        ),
        **more,
    }
    return EvaluationRecorded.model_validate(members)


bad_opened = BadRatingOpened(
    bad_rating=BAD,
    evaluation=EVALUATION,
    agent=AGENT,
    owner="a:hall",
    due_on=date(2026, 3, 23),
    rule="evaluation.bad_rating",
    defaults=(
        "evaluation.bad_rating.rectify_within.days",
        "evaluation.bad_rating.rectify_within.unit",
        "evaluation.bad_rating.revisit",
    ),
)

complained = ComplaintReceived(
    complaint=COMPLAINT,
    kind="delay",
    against=AGENT,
    body="park_i",
    to="ro",
    due_on=date(2026, 3, 23),
    rule="appraisal.by",
    defaults=("evaluation.complaints.within",),
    words=Personal("拖了很久"),
)

given = Spec(MATTER, FACTS).given

MEASURES = (Measure.model_validate({"measure": "overall_mean", "value": "4.5", "facts": 2}),)
CUT = (Reliance(store="evaluation", position=17),)
OFFICE_FACTS = OfficeFacts(
    PACK, RULES.calendar, date(2026, 4, 2), OFFICER, MADE, frozenset({"ro"}), "park_i",
    measures=MEASURES, unrated=1, cut=CUT,
)  # fmt: skip
given_office = Spec(OFFICE, OFFICE_FACTS).given
