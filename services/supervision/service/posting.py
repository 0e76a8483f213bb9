"""How do messages leave supervision, and what happens to one that reached nobody?"""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from contracts.pack import Pack
from contracts.registry import BY_TYPE
from services.supervision.domain.commands import NoteUnreached
from services.supervision.service.lookup import Lookup
from services.supervision.service.streams import MATTER
from shared.asking import asked_by_agenda
from shared.decider import Refused
from shared.eventstore.identity import derived
from shared.eventstore.reading import read_personal
from shared.eventstore.units import StoreUnavailable
from shared.handling import Contended, Step
from shared.messages.book import AddressBook
from shared.messages.outgoing import TryAgain
from shared.messages.room import Room, Row, mark_told, untold
from shared.messages.wording import said
from shared.problems import Problem

log = structlog.get_logger()

WORDS = ("wording", "topic", "solution", "reason", "description")
DAYS = ("due_on", "reply_by_on", "report_by_on", "starts_at", "observed_at")


class Post:
    """Sends beside the agenda: a slow mail server holds nothing up."""

    def __init__(self, look: Lookup, book: AddressBook, **more: Any) -> None:
        self._look, self._floor = look, look.floor
        self._room = Room(look.floor.log.pool, book, self._worded, **more)
        self._turn: asyncio.Task[None] | None = None

    def turn(self, now: datetime) -> None:
        """Begin to send what is due, unless that is still under way."""
        if self._turn is None or self._turn.done():
            self._turn = asyncio.create_task(self._send(now))

    async def _send(self, now: datetime) -> None:
        try:
            while await self._room.send_due():
                pass
            for row in await untold(self._floor.log.pool):
                await self._tell(row, now)
        except (Problem, Refused, StoreUnavailable, Contended) as error:
            log.warning("post_waits", error=repr(error))
        except Exception:
            log.exception("post_failed")

    async def _worded(self, row: Row) -> tuple[str, str]:
        """The event in words; its personal part is opened on record for this one sending."""
        history = await self._floor.log.history(row.stream)
        entry = next((one for one in history if one.id == row.event), None)
        if entry is None:
            raise TryAgain("the event is not there yet")
        opened = await read_personal(
            self._floor.log,
            self._floor.keeper,
            row.stream,
            actor="s:supervision",
            purpose="send message",
            only=frozenset({row.event}),
        )
        fact = {**entry.members(), **opened.get(row.event, {})}
        rules = self._look.rules_for(row.area, entry.circumstances().pack)
        names = {item.id: item.zh for item in rules.catalogue.items}
        items = [fact["item"]] if fact.get("item") else list(fact.get("items", ()))
        words = _first(fact, WORDS) or in_words(fact, rules.pack)
        members = {
            "wording": words,
            "place": rules.pack.jurisdiction.zh,
            "matter": str(row.matter or ""),
            "items": "、".join(names.get(item, item) for item in items),
            "due_on": _first(fact, DAYS)[:16],
            "to": row.sent_to,
        }
        return said(rules.pack, BY_TYPE[row.type].__name__, members)

    async def _tell(self, row: dict[str, Any], now: datetime) -> None:
        """A message that reached nobody becomes a problem of its matter, once."""
        matter: UUID = row["matter"]
        engagement, team, _ = await self._look.standing_of(matter)
        rules = self._look.rules_for(engagement.area, engagement.pack)
        about = asked_by_agenda(
            "supervision",
            f"{matter}/unreached/{row['event']}/{row['effect']}",
            now,
            area=engagement.area,
            matter=matter,
            project=engagement.project,
            pack=engagement.pack,
        )
        facts = self._look.facts(
            rules, now, engagement=engagement, team=team, new=derived(about.origin, "new")
        )
        command = NoteUnreached(message=row["event"], to=row["sent_to"])
        await self._floor.handling.handle(Step(about, MATTER, matter, command, facts))
        await mark_told(self._floor.log.pool, row["event"], row["effect"])


def in_words(fact: dict[str, Any], pack: Pack) -> str:
    """What a return is called here and of which quarter; else which feed is silent."""
    forms = {one.id: one.zh for one in pack.reporting}
    named = forms.get(fact.get("form", ""), str(fact.get("form") or fact.get("source") or ""))
    return f"{named} {fact.get('quarter', '')}".strip()


def _first(fact: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(fact[name]) for name in names if fact.get(name)), "")
