"""What do the neighbours and the rules say of a matter?"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from services.supervision.domain.facts import Engagement, Facts, Team
from services.supervision.domain.rights import RIGHTS
from services.supervision.domain.state import Matter
from services.supervision.service.streams import MATTER, day_of, legal_day
from shared.asking import By, Command, permit
from shared.eventstore.identity import NAMESPACE
from shared.packs import Rules
from shared.problems import Problem
from shared.rights import Principal, Standing, can
from shared.runtime import Floor

PAGE = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """A matter as it stood at a position of our log, and the facts to show it with."""

    version: int
    position: int
    matter: Matter
    facts: Facts


class Lookup:
    """Gathers what a decision or a reader needs beside our own streams."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    async def standing_of(self, stream: UUID) -> tuple[Engagement, Team, Standing]:
        """What the neighbours say of the matter; raises `Problem` for none, or no answer."""
        told, team = await asyncio.gather(
            self.floor.peers.get("intake", f"/matters/{stream}"),
            self.floor.peers.get("assignment", f"/matters/{stream}"),
        )
        if told is None:
            raise Problem("not_found")
        return _standing(told, team)

    async def looked(
        self, streams: Sequence[UUID], principal: Principal, at: str | None = None
    ) -> dict[UUID, Seen]:
        """Several matters for reading: those that are there and the reader's to see.

        As of `at` each is folded up to there; who belongs to it, and its rules, are those of now.
        """
        then = await self.floor.past.then(at)
        position, now = then.of(await self.floor.log.position()), self.floor.clock()
        told, teams = await asyncio.gather(
            self.floor.peers.get("intake", "/several-matters", id=streams),
            self.floor.peers.get("assignment", "/several-matters", id=streams),
        )
        team_of = {one["id"]: one for one in (teams or {}).get("items", ())}
        found = {}
        for one in (told or {}).get("items", ()):
            engagement, team, standing = _standing(one, team_of.get(one["id"]))
            version, matter = await self.floor.handling.state_of(
                MATTER, engagement.id, upto=then.position
            )
            if version and can(RIGHTS, principal, "Read", standing, now).allowed:
                rules = self.rules_for(engagement.area, engagement.pack)
                facts = self.facts(rules, now, engagement=engagement, team=team)
                facts = replace(facts, today=then.today, on=then.today)
                found[engagement.id] = Seen(version, position, matter, facts)
        return found

    async def numbers_of(self, area: str) -> dict[str, str]:
        """The number that people know each matter of the area by; raises `Problem`."""
        found: dict[str, str] = {}
        after: str | None = None
        while True:
            more = {"after": after} if after else {}
            page = await self.floor.peers.get(
                "intake", "/matters", area=area, limit=PAGE, **more
            )
            rows = (page or {}).get("items", ())
            found |= {row["id"]: row["number"] for row in rows if row.get("number")}
            after = (page or {}).get("after")
            if not after:
                return found

    def rules_for(self, area: str, edition: str | None) -> Rules:
        """The rules a matter follows: its own edition (X-08), else those of its area."""
        packs = self.floor.packs
        return packs.edition(edition) if edition else packs.for_area(area)

    def facts(
        self,
        rules: Rules,
        now: datetime,
        *,
        command: Command | None = None,
        engagement: Engagement | None = None,
        **more: Any,
    ) -> Facts:
        """What a decision about a matter may look at."""
        return Facts(
            today=legal_day(now),
            on=day_of(command, now),
            pack=rules.pack,
            catalogue=rules.catalogue,
            calendar=rules.calendar,
            engagement=engagement,
            **more,
        )

    async def look(self, stream: UUID, principal: Principal) -> Seen:
        """A matter for reading. The position is read first, so that the state is never older."""
        position = await self.floor.log.position()
        version, matter = await self.floor.handling.state_of(MATTER, stream)
        if version == 0:
            raise Problem("not_found")
        engagement, team, standing = await self.standing_of(stream)
        self.may(principal, "Read", standing)
        rules = self.rules_for(engagement.area, engagement.pack)
        now = self.floor.clock()
        facts = self.facts(rules, now, engagement=engagement, team=team)
        return Seen(version, position, matter, facts)

    def may(self, principal: Principal, action: str, standing: Standing | None) -> None:
        """Raise `Problem` unless the principal may."""
        by = By(principal, NAMESPACE, None, self.floor.clock())
        permit(RIGHTS, by, action, standing)


def _standing(
    told: Mapping[str, Any], team: Mapping[str, Any] | None
) -> tuple[Engagement, Team, Standing]:
    try:
        engagement = Engagement.model_validate(told)
        known = Team.model_validate(team or {})
    except ValidationError as error:
        # Not the caller's fault, and nothing to decide on: the same as no answer.
        raise Problem("unavailable", peer="intake, assignment") from error
    steward = {known.steward} if known.steward else set()
    standing = Standing(
        engagement.area,
        frozenset(engagement.unit()),
        known.everyone() | steward,
        known.bodies(),
    )
    return engagement, known, standing
