"""Who is told by message of what happened (对外消息): one effect for each receiver?"""

from dataclasses import dataclass

from contracts.event import Event
from contracts.supervision import (
    ActionAssigned,
    FeedSilent,
    FeeDue,
    IssueListDispatched,
    IssueOpened,
    IssueRaised,
    JointAttackBegun,
    LetterSent,
    MeetingCalled,
    PresenceRequired,
    ProgressReported,
    ReminderCorrected,
    ReminderSent,
    ReportedUp,
    ReturnDue,
    ReturnFiled,
    UrgeSent,
    WhistleBlown,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One message that an event leads to: to a body, the unit or the agent, and to whom there."""

    to: str
    person: str | None = None

    @property
    def effect(self) -> str:
        """Names it among the effects of its event."""
        return f"notify/{self.to}"


def notices(event: Event) -> tuple[Notice, ...]:
    """The messages of an event, each receiver once."""
    return tuple(dict.fromkeys(_notices(event)))


def _notices(event: Event) -> tuple[Notice, ...]:
    match event:
        case ReminderSent() | UrgeSent() | ReminderCorrected():
            return (Notice(event.to, event.person),)
        case ProgressReported() | FeeDue() | PresenceRequired():
            return (Notice("applicant"),)
        case (
            ReturnFiled() | IssueListDispatched() | LetterSent() | ReportedUp() | IssueRaised()
        ):
            return (Notice(event.to),)
        case WhistleBlown():
            return tuple(Notice(body) for body in event.to)
        case MeetingCalled() | JointAttackBegun():
            return tuple(Notice(body) for body in event.bodies)
        case ActionAssigned():
            return (Notice(event.owner, event.person),)
    return _to_the_office(event)


def _to_the_office(event: Event) -> tuple[Notice, ...]:
    """What concerns who owes a return, who supervises, who looks after the feeds."""
    match event:
        case ReturnDue():
            return (Notice(event.body),)
        case FeedSilent():
            return (Notice("office"),)
        case IssueOpened(kind="outside_system" | "window_refusal"):
            return (Notice(event.owner),)
    return ()
