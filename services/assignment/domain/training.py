"""Who was trained, in what, and who was not yet (业务培训)?"""

from collections.abc import Sequence

from contracts.assignment import TrainingAttended, TrainingHeld
from contracts.event import Event
from services.assignment.domain.commands import HoldTraining, RecordAttendance
from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.membership import member_of
from services.assignment.domain.roster import Roster
from shared.decider import Refused


def hold(command: HoldTraining, roster: Roster, facts: RosterFacts) -> Sequence[Event]:
    if facts.new in roster.trainings:
        return []
    known = {body.id for body in facts.pack.bodies}
    if strange := [b for b in (command.body, *command.invited) if b not in known]:
        raise Refused(
            "body_unknown",
            bodies=strange,
            known=sorted(known),
            remedy="请选择本方案列明的单位 / name a body of the pack",
        )
    everybody = sorted({member.body for member in roster.staff.values()})
    return [
        TrainingHeld(
            training=facts.new,
            body=command.body,
            topics=command.topics,
            invited=command.invited or tuple(everybody),
            title=command.title,
            place=command.place,
        )
    ]


def attend(command: RecordAttendance, roster: Roster) -> Sequence[Event]:
    training = roster.trainings.get(command.training)
    if training is None:
        raise Refused(
            "training_unknown",
            training=str(command.training),
            remedy="先登记培训 / record the training first",
        )
    present = [p for p in dict.fromkeys(command.persons) if p not in training.attended]
    members = [member_of(person, roster) for person in present]
    return [
        TrainingAttended(training=command.training, person=m.person, body=m.body)
        for m in members
    ]


def untrained(roster: Roster) -> dict[str, tuple[str, ...]]:
    """Topic to the people on the roster who came to no training on it (未参训人员; YO-56)."""
    came: dict[str, set[str]] = {"policy": set(), "business": set(), "operation": set()}
    for training in roster.trainings.values():
        for topic in training.topics:
            came[topic] |= training.attended
    return {
        topic: tuple(p for p in roster.staff if p not in been) for topic, been in came.items()
    }
