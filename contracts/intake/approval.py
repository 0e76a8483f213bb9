"""What intake says of what one person asks and another decides (提请批准; 四眼)."""

from typing import ClassVar, Literal

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    ApprovalSubject,
    Day,
    DeclineCause,
    Defaults,
    PackEdition,
    PackPath,
    Subject,
)


class ApprovalAsked(Event):
    """Somebody asked for what another person must approve (提请批准; HS-09, YO-14).

    `asked_by` can never be who approves it. `cause` is that of a decline.
    """

    type: Literal["intake.approval_asked.v1"] = "intake.approval_asked.v1"

    decision: ApprovalSubject
    asked_by: ActorId
    cause: DeclineCause | None = None
    rule: PackPath | None = None
    defaults: Defaults = ()
    reason: Personal[str]


class ApprovalDenied(Event):
    """What was asked for was not approved, and why (不予批准; HS-09, YO-14)."""

    type: Literal["intake.approval_denied.v1"] = "intake.approval_denied.v1"

    decision: ApprovalSubject
    asked_by: ActorId
    denied_by: ActorId
    reason: Personal[str]


class PackActivationAsked(Event):
    """Somebody asked that an edition of the rules be followed; another person activates it
    (提请启用政策包; YO-01, YY-01).
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.pack_activation_asked.v1"] = "intake.pack_activation_asked.v1"

    edition: PackEdition
    begins_on: Day
    override: bool | None = None
    asked_by: ActorId
    reason: Personal[str] | None = None
