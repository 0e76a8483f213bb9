"""A service that says and answers what a test wants: a real log and a real bus, no rules."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from contracts.event import Event
from contracts.registry import BY_SERVICE
from shared.decider import Decider
from shared.effects import new_id
from shared.eventstore.units import Act
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Step
from shared.http import principal_of
from shared.problems import Problem
from shared.runtime import Floor, Parts, ServiceSpec


class StandIn:
    """Stands in for `name`: `answers` maps paths to JSON, `say` puts facts into a stream."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers: dict[str, Any] = {}
        self.floor: Floor | None = None
        self.spec = ServiceSpec(name=name, hears=(), build=self._build)

    async def do(self, command: Any, stream: UUID, by: Any) -> Any:
        raise Problem("not_found")

    async def say(
        self,
        stream: UUID,
        *events: Event,
        area: str,
        pack: str,
        matter: bool = True,
        **about: Any,
    ) -> None:
        """Append `events`, now, as an office of the place would; `about` says more of it."""
        assert self.floor is not None
        decider: Decider[Sequence[Event], int, Event, None] = Decider(
            0, lambda state, _: state + 1, lambda said, *_: said
        )
        aggregate = Aggregate("said", decider, Vocabulary(BY_SERVICE[self.name]))
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        act = Act(f"s:{self.name}", area, at, pack=pack, matter=stream if matter else None)
        act = act._replace(**about)
        for event in events:
            step = Step(Asked(new_id(), act), aggregate, stream, (event,), None)
            await self.floor.handling.handle(step)

    async def _build(self, floor: Floor) -> Parts:
        self.floor = floor
        router = APIRouter()

        @router.get("/{path:path}")
        async def read(request: Request, path: str) -> Any:
            await principal_of(request)
            if f"/{path}" not in self.answers:
                raise Problem("not_found")
            return self.answers[f"/{path}"]

        return Parts(self, (), public=(router,))  # after its log: what is left over


class Serving(StandIn):
    """Assignment, which says of every matter that the same people serve it."""

    def __init__(self, *people: str) -> None:
        super().__init__("assignment")
        self.answers = _Everywhere({"agents": list(people), "steward": None})


class _Everywhere(dict[str, Any]):
    def __init__(self, answer: Any) -> None:
        super().__init__()
        self._answer = answer

    def __contains__(self, path: object) -> bool:
        return str(path).startswith("/matters/")

    def __getitem__(self, path: str) -> Any:
        return self._answer
