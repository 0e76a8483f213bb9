"""Who is told by message of what happened (对外消息): one effect for each receiver?"""

from dataclasses import dataclass

from contracts.event import Event
from contracts.supervision import (
    ActionAssigned,
    FeeDue,
    IssueRaised,
    JointAttackBegun,
    LetterSent,
    MeetingCalled,
    ProgressReported,
    ReminderSent,
    ReportedUp,
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
        case ReminderSent() | UrgeSent():
            return (Notice(event.to, event.person),)
        case ProgressReported() | FeeDue():
            return (Notice("applicant"),)
        case LetterSent() | ReportedUp() | IssueRaised():
            return (Notice(event.to),)
        case WhistleBlown():
            return tuple(Notice(body) for body in event.to)
        case MeetingCalled() | JointAttackBegun():
            return tuple(Notice(body) for body in event.bodies)
        case ActionAssigned():
            return (Notice(event.owner, event.person),)
    return ()
