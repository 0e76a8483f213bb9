"""What did several bodies find together, and what was said before it was decided (AS-28…30)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import (
    EarlyReviewGiven,
    JointAcceptanceHeld,
    JointReviewHeld,
    JointSurveyHeld,
)
from contracts.vocabulary import JointKind
from services.supervision.domain.commands.meeting import GiveEarlyOpinion, HoldJointSession
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.state import Matter
from shared.decider import Refused

type Held = type[JointReviewHeld] | type[JointSurveyHeld] | type[JointAcceptanceHeld]

SESSIONS: dict[JointKind, Held] = {
    "drawing_review": JointReviewHeld,
    "site_survey": JointSurveyHeld,
    "acceptance": JointAcceptanceHeld,
}


def hold_session(command: HoldJointSession, matter: Matter, facts: Facts) -> Sequence[Event]:
    """One sheet for several bodies and items; it decides nothing by itself."""
    for item in command.items:
        course_of(matter, item)
    both = sorted(set(command.bodies) & set(command.absent))
    if both:
        raise Refused(
            "came_and_absent",
            bodies=both,
            remedy="同一单位不能既到场又缺席 / a body is either present or absent",
        )
    if command.lead not in command.bodies:
        raise Refused(
            "lead_absent",
            lead=command.lead,
            remedy="牵头单位须在参加单位之列 / the leading body must be among those taking part",
        )
    if command.passed and command.absent:
        raise Refused(
            "not_all_came",
            absent=list(command.absent),
            remedy=(
                "有单位缺席的，不能记为联合通过；请待其补充意见 / "
                "not passed jointly while a body is absent: wait for its opinion"
            ),
        )
    return [
        SESSIONS[command.kind](
            session=facts.new,
            items=command.items,
            lead=command.lead,
            bodies=command.bodies,
            absent=command.absent,
            held_on=facts.on,
            passed=command.passed,
            conclusion=command.conclusion,
            sheet=command.sheet,
        )
    ]


def give_opinion(command: GiveEarlyOpinion, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Before the decision, and marked as none; in one's own department's name (B68)."""
    if facts.bodies and command.body not in facts.bodies:
        raise Refused(
            "not_asked_of_you",
            body=command.body,
            remedy="提前介入意见由被征求意见的部门自己提出：请以本部门名义办理 / "
            "give the opinion in your own department's name",
        )
    decided = [i for i in command.items if course_of(matter, i).decided_on is not None]
    if decided:
        raise Refused(
            "already_decided",
            items=decided,
            remedy=(
                "该事项已作出审批决定，不再提出提前介入意见 / "
                "the item is decided: no early opinion is given any more"
            ),
        )
    return [
        EarlyReviewGiven(
            review=facts.new,
            items=command.items,
            body=command.body,
            given_on=facts.on,
            opinion=command.opinion,
            paper=command.paper,
        )
    ]
