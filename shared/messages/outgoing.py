"""What is a message on its way out, and what can go wrong with it?"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.eventstore.identity import derived


@dataclass(frozen=True, slots=True)
class Message:
    """One effect of one event: to one address, in two languages."""

    event: UUID
    effect: str
    address: str
    subject: str
    text: str

    @property
    def key(self) -> UUID:
        """Names it for good: a receiver that knows keys takes it once."""
        return derived(self.event, f"message/{self.effect}")


class TryAgain(Exception):
    """The channel is not there just now; nothing was sent."""


class Undeliverable(Exception):
    """The receiver refuses it for good."""


class Uncertain(Exception):
    """It may have gone out: the answer was lost, and the channel knows no keys."""


class Channel(Protocol):
    """One way out. `takes_once`: a second sending with the same key does nothing."""

    @property
    def takes_once(self) -> bool: ...

    async def send(self, message: Message) -> str:
        """The receiver's own word for it; raises `TryAgain`, `Undeliverable`, `Uncertain`."""
        ...
