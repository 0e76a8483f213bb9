"""What does somebody still owe a matter, beside its items: reports, actions, replies, fees?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.event import Event, Personal
from contracts.supervision import IssueOpened, ReminderSent
from services.supervision.domain.commands.after import NoteUnreached, RemindOwed
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import Matter

SAID = {
    "whistle": "请尽快报到",
    "action": "会议议定事项已逾期，请尽快落实",
    "letter": "协办单（函）已逾期，请尽快回复",
    "issue": "问题已逾期，请尽快解决",
    "fee": "法定缴费期限已到，请及时缴纳",
    "follow_up": "已到后续联系日期",
}
"""What is said when it is overdue, by the kind of what is owed."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing: its kind, who owes it, until when; `done_on` is absent while it is open."""

    kind: str
    id: UUID
    to: str
    due_on: date | None
    items: tuple[str, ...] = ()
    done_on: date | None = None
    issue: UUID | None = None

    def late(self, today: date) -> bool:
        """Whether its day is over and it is not there."""
        return self.done_on is None and self.due_on is not None and self.due_on < today


def owed(matter: Matter) -> tuple[Owed, ...]:
    """Everything that is owed to the matter or was, in the order in which it was asked."""
    return (*_from_bodies(matter), *_from_others(matter))


def _from_bodies(matter: Matter) -> Iterator[Owed]:
    beyond = matter.beyond
    for id, whistle in beyond.whistles.items():
        for body in whistle.to:
            done = whistle.reported.get(body)
            day = whistle.report_by_on
            yield Owed("whistle", id, body, day, (), done, whistle.issue)
    for id, action in beyond.actions.items():
        yield Owed("action", id, action.owner, action.due_on, (), action.done_on, action.issue)
    for id, letter in matter.letters.items():
        if letter.reply_by_on is not None and not letter.answered:
            yield Owed("letter", id, letter.to, letter.reply_by_on, letter.items)


def _from_others(matter: Matter) -> Iterator[Owed]:
    for id in matter.open_issues():
        issue = matter.issues[id]
        yield Owed("issue", id, issue.owner, issue.due_on, issue.items, None, id)
    for id in matter.unpaid():
        fee = matter.fees[id]
        yield Owed("fee", id, "applicant", fee.due_on, (fee.item,))
    for id, care in matter.beyond.follow_ups.items():
        if not care.closed:
            yield Owed("follow_up", id, "agent", care.next_on)


def overdue(matter: Matter, today: date) -> tuple[Owed, ...]:
    """What is late and nobody was reminded of yet."""
    chased = matter.beyond.chased
    return tuple(
        one
        for one in owed(matter)
        if one.late(today) and (one.id, one.to, one.due_on) not in chased
    )


def remind_owed(command: RemindOwed, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Once for each thing, each debtor and each day it was due."""
    known = {(one.id, one.to, one.due_on): one for one in owed(matter)}
    found = known.get((command.concerns, command.to, command.due_on))
    seen = (command.concerns, command.to, command.due_on) in matter.beyond.chased
    if found is None or seen or not found.late(facts.on):
        return []
    unit = facts.engagement.applicant if facts.engagement else None
    person = facts.team.lead_agent if command.to == "agent" else None
    day = command.due_on.isoformat()
    return [
        ReminderSent(
            items=found.items,
            to=command.to,
            person=unit if command.to == "applicant" else person,
            signal="overdue",
            due_on=command.due_on,
            wording=Personal(f"{SAID[found.kind]}（期限 {day}）。"),
            sent_on=facts.on,
            concerns=command.concerns,
        )
    ]


def note_unreached(command: NoteUnreached, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A message that reached nobody is a problem of who leads the matter.

    One such problem for each receiver is enough while it is open: its own reminders, which may
    reach nobody either, must not breed more.
    """
    owner = facts.team.lead_body or "agent"
    known = [matter.issues[id] for id in matter.open_issues()]
    if any(one.unreached == command.to for one in known):
        return []
    return [
        IssueOpened(
            issue=facts.new,
            kind="coordination",
            severity="general",
            opened_on=facts.on,
            owner=owner,
            person=facts.team.lead_agent,
            unreached=command.to,
            description=Personal(
                f"消息未送达“{command.to}”，请核对联系方式并改用其他方式告知。"
            ),
        )
    ]
