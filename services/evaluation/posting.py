"""How do rating links leave evaluation? Each to the unit, once, in words of the place."""

import asyncio
from datetime import datetime
from uuid import UUID

import structlog

from contracts.registry import BY_TYPE
from services.evaluation.domain.links import Links
from shared.eventstore.reading import read_personal
from shared.eventstore.units import StoreUnavailable
from shared.messages.book import AddressBook
from shared.messages.outgoing import TryAgain
from shared.messages.room import Room, Row
from shared.messages.wording import said
from shared.runtime import Floor

log = structlog.get_logger()

DIRECT = ("smtp", "gateway", "drop")
"""Ways by which a message goes to the very person, where the invitation names a telephone."""


class Post:
    """Sends beside the agenda: a slow gateway holds nothing up."""

    def __init__(self, floor: Floor, links: Links, book: AddressBook) -> None:
        self._floor, self._links, self._book = floor, links, book
        self._room = Room(floor.log.pool, book, self._worded)
        self._turn: asyncio.Task[None] | None = None

    def turn(self, _: datetime) -> None:
        """Begin to send what is due, unless that is still under way."""
        if self._turn is None or self._turn.done():
            self._turn = asyncio.create_task(self._send())

    async def _send(self) -> None:
        try:
            while await self._room.send_due():
                pass
        except StoreUnavailable as error:
            log.warning("post_waits", error=repr(error))
        except Exception:
            log.exception("post_failed")

    async def _worded(self, row: Row) -> tuple[str, str] | tuple[str, str, str]:
        history = await self._floor.log.history(row.stream)
        entry = next((one for one in history if one.id == row.event), None)
        if entry is None:
            raise TryAgain("the event is not there yet")
        fact = entry.members()
        rules = self._floor.packs.edition(entry.circumstances().pack or "")
        members = {
            "wording": self._links.address(UUID(str(fact["invitation"]))),
            "place": rules.pack.jurisdiction.zh,
            "matter": str(row.matter or ""),
            "due_on": str(fact.get("expires_at") or "")[:10],
            "to": row.sent_to,
        }
        subject, text = said(rules.pack, BY_TYPE[row.type].__name__, members)
        way = self._book.find(row.area, row.sent_to, row.person)
        opened = await read_personal(
            self._floor.log, self._floor.keeper, row.stream, actor="s:evaluation",
            purpose="send message", only=frozenset({row.event}),
        )  # fmt: skip
        contact = opened.get(row.event, {}).get("contact")
        if contact and way is not None and way.channel in DIRECT:
            return subject, text, str(contact)
        return subject, text
