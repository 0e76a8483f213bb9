"""How does a restriction hold for data that came after it: in streams that begin later, too?"""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from contracts.archive import ProcessingRestricted, RestrictionLifted
from contracts.event import About
from services.archive.domain.commands import NOTHING
from services.archive.domain.protecting import ExtendRestriction
from services.archive.queries import Queries
from services.archive.service.protecting import Protecting
from shared.asking import asked_by_agenda
from shared.eventstore.vocabulary import wire_type
from shared.handling import Aggregate, Step
from shared.runtime import Floor

log = structlog.get_logger()

PAGE = 200
_DECIDED: dict[str, type[ProcessingRestricted | RestrictionLifted]] = {
    wire_type(kind): kind for kind in (ProcessingRestricted, RestrictionLifted)
}
_VERSIONS = """
    SELECT stream, max(version) AS version FROM events WHERE stream = ANY ($1) GROUP BY stream
"""

type Whose = tuple[str, str | None]
"""Of which subject, and of which one of them (None: of all)."""


class Following:
    """Restricts the new keys of whoever is restricted, by the same decision and on record.

    A key that a decision has named once is left as it is: it may have been lifted since.
    """

    def __init__(
        self,
        floor: Floor,
        queries: Queries,
        protecting: Protecting,
        file: Aggregate[Any, Any, Any, Any],
    ) -> None:
        self._floor, self._queries, self._protecting = floor, queries, protecting
        self._file = file
        self._reached = 0
        self._force: dict[UUID, dict[Whose, tuple[UUID, About]]] = {}
        self._named: dict[UUID, set[UUID]] = {}
        self._looked: dict[UUID, int] = {}

    async def catch_up(self, now: datetime) -> int:
        """Look at every file with a restriction in force that grew; how many were extended."""
        await self._read_on()
        streams = [stream for stream, decided in self._force.items() if decided]
        if not streams:
            return 0
        done = 0
        for row in await self._floor.log.pool.fetch(_VERSIONS, streams):
            if self._looked.get(row["stream"]) != row["version"]:
                done += await self._extended(row["stream"], now)
                self._looked[row["stream"]] = row["version"]
        return done

    async def _read_on(self) -> None:
        more = True
        while more:
            entries, self._reached = await self._floor.log.of_types(
                [*_DECIDED], self._reached, PAGE
            )
            for entry in entries:
                event = _DECIDED[entry.type].model_validate_json(entry.fact)
                force = self._force.setdefault(entry.stream, {})
                self._named.setdefault(entry.stream, set()).update(event.keys)
                whose = event.of, event.person
                if isinstance(event, ProcessingRestricted):
                    force[whose] = event.decision, entry.circumstances()
                else:
                    force.pop(whose, None)
            more = len(entries) == PAGE

    async def _extended(self, stream: UUID, now: datetime) -> int:
        filed = await self._queries.filed(stream)
        _, file = await self._floor.handling.state_of(self._file, stream)
        done = 0
        for decision, about in [*self._force[stream].values()]:
            aim = await self._protecting.aim(filed, file.protections[decision])
            new = sorted(set(aim.keys) - self._named[stream])
            if not new:
                continue
            asked = asked_by_agenda(
                "archive", f"{stream}/restrict/{decision}/{new[0]}", now, area=about.area,
                matter=about.matter, project=about.project, pack=about.pack,
            )  # fmt: skip
            command = ExtendRestriction(decision, tuple(new))
            await self._floor.handling.handle(Step(asked, self._file, stream, command, NOTHING))
            log.info("restriction_extended", decision=str(decision), keys=len(new))
            done += 1
        return done
