"""What does a person decide about a message that was held back (消息处置)?"""

from collections.abc import Sequence
from datetime import date

from contracts.event import Event
from contracts.supervision import MessageSettled
from services.supervision.domain.commands.message import SettleMessage


def settled(command: SettleMessage, on: date) -> Sequence[Event]:
    """It goes out again, or it is let be; who holds the book of messages looked it up."""
    return [
        MessageSettled(
            message=command.message,
            to=command.to,
            step="released" if command.release else "skipped",
            settled_on=on,
            note=command.note,
        )
    ]
