"""What supervision says of messages that did not leave by themselves (对外消息)."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import BodyId, Day, MessageStep, Subject


class MessageSettled(Event):
    """A person decided about a message that was held back: send it now, or not at all (消息处置;
    YO-33).

    `message` is the event it tells of, `to` whom. It was `released` or `skipped`.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.message_settled.v1"] = "supervision.message_settled.v1"

    message: UUID
    to: BodyId
    step: MessageStep
    settled_on: Day
    note: Personal[str] | None = None
