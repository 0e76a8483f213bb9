"""What can be asked of assignment about a matter?"""

from typing import Annotated

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    ConflictKind,
    ConflictRemedy,
    Instant,
    ItemCode,
    ReassignCause,
    Word,
)
from services.assignment.domain.commands.words import Items, Name, Phone, Words
from shared.command import Command


class RouteMatter(Command):
    """按规则分办：定下由哪些单位出专员 (YO-21, YO-22, YO-23, YY-05, YY-34, YY-40)."""


class ArrangeMatter(Command):
    """自动安排：告知、分办、转办、自动配帮办，凡能定的即定 (YY-19, YY-52, AS-53, AS-65).

    The service asks it when it hears or finds something new; what cannot be done yet is left.
    """


class ConfirmNotice(Command):
    """告知确认：被告知的单位有人确认已知悉 (YY-52, AS-53)."""


class DispatchItems(Command):
    """分发事项：把事项交给对应的专员，并定一名牵头专员 (YO-12, YO-67, YO-68, YO-74).

    Without `items`: all in scope that nobody has yet. Without `agent`: who ranks first.
    `skills` are those a person must have to be considered.
    """

    items: Items | None = None
    agent: ActorId | None = None
    skills: Annotated[tuple[Word, ...], Field(max_length=10)] = ()
    jump_reason: Personal[Words] | None = None


class AcknowledgeAssignment(Command):
    """确认接办：专员本人确认接下所派事项，并承诺联系时间 (YO-12, YO-19, HS-29)."""

    promised_at: Instant | None = None


class ReassignAgent(Command):
    """接力移交：把办件或部分事项移交给下一名专员 (YO-19, X-15, HS-58).

    Without `items`: all that `left` has; without `agent`: who ranks first.
    """

    left: ActorId
    agent: ActorId | None = None
    items: Items | None = None
    cause: ReassignCause
    told_applicant: bool = False
    consented: bool = False
    handover: Personal[Words] | None = None


class HandOver(Command):
    """离岗移交：岗位空出后，未办结事项转给接任人 (X-15). The service asks it, nobody else.

    Without `items`: all that `left` has.
    """

    left: ActorId
    agent: ActorId
    cause: ReassignCause
    items: Items | None = None


class DeclareConflict(Command):
    """利益冲突申报：承办专员不得审批同一事项 (YO-70, X-04).

    Without `person` one declares for oneself.
    """

    person: ActorId | None = None
    items: Items
    kind: ConflictKind
    remedy: ConflictRemedy
    reason: Personal[Words] | None = None


class TransferItems(Command):
    """立即转办：把别级的事项转给当地单位办理 (AS-44, AS-65).

    Without `items`: all that the rules send there; without `to`: the body the rule names.
    """

    items: Items | None = None
    to: BodyId | None = None


class ConfirmTransfer(Command):
    """转办交接：接收单位确认接下 (AS-66). Without `items`: all that was sent to the body."""

    to: BodyId | None = None
    items: Items | None = None
    person: ActorId | None = None


class PairSteward(Command):
    """管家结对：企业（项目）管家与代办专员一对一结对 (AS-32, AS-33)."""

    steward: ActorId
    name: Personal[Name] | None = None
    phone: Personal[Phone] | None = None


class NameOwner(Command):
    """落实到人：定下审批部门办理某事项的具体责任人 (AS-94)."""

    item: ItemCode
    person: ActorId
    body: BodyId
    post: Word | None = None
    name: Personal[Name] | None = None


type MatterCommand = (
    RouteMatter
    | ArrangeMatter
    | ConfirmNotice
    | TransferItems
    | ConfirmTransfer
    | PairSteward
    | NameOwner
    | DispatchItems
    | AcknowledgeAssignment
    | ReassignAgent
    | HandOver
    | DeclareConflict
)
