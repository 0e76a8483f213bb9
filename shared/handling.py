"""Load, decide, append. Every command in every service takes this road."""

import asyncio
import hmac
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import orjson
import structlog
from pydantic import BaseModel

from contracts.event import Event, Personal
from shared.decider import Decider, Refused
from shared.eventstore.disclosure import Keeper
from shared.eventstore.identity import cause_of, event_id
from shared.eventstore.log import Log
from shared.eventstore.units import (
    Act,
    Append,
    Appended,
    Conflicting,
    Draft,
    Hearing,
    Moved,
    Receipt,
    Repeated,
    Unit,
)
from shared.eventstore.vocabulary import OtherStream, Vocabulary
from shared.tracing import recorded

log = structlog.get_logger()

ATTEMPTS = 8


class KeyReused(Exception):
    """The Idempotency-Key was used before for another command."""


class Contended(Exception):
    """Others kept changing the same stream; nothing was recorded. Ask again."""


class Stale(Exception):
    """The caller decided on an older version of the stream than it has now."""

    def __init__(self, stream: UUID, given: int, version: int) -> None:
        super().__init__(f"{stream} is at version {version}, not {given}")
        self.stream, self.given, self.version = stream, given, version


class HearingMoved(Exception):
    """Another process heard these messages first; its position is in `position`."""

    def __init__(self, position: int) -> None:
        super().__init__(str(position))
        self.position = position


@dataclass(frozen=True, slots=True)
class Aggregate[C, S, E: Event, F]:
    """A kind of stream: its decider, and the facts that may stand in it."""

    name: str
    decider: Decider[C, S, E, F]
    vocabulary: Vocabulary[E]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, by which request (`origin`), about what. `heard` names the speaker, if any.

    `late_reason` says why something is entered long after it happened; it is personal data and
    is sealed with the first event.
    """

    origin: UUID
    act: Act
    heard: str | None = None
    late_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Step[C, S, E: Event, F]:
    """One command for one stream. `facts` may be made from the events of the earlier steps."""

    asked: Asked
    aggregate: Aggregate[C, S, E, F]
    stream: UUID
    command: C
    facts: F | Callable[[Sequence[Event]], F]
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was recorded: the first stream's version, the place in the log, ids and types.

    `versions` are those of every stream that was commanded. `same_as` names what was handed in
    before, when this is the same again and nothing new was recorded.
    """

    version: int
    position: int
    events: tuple[tuple[UUID, str], ...]
    replayed: bool = False
    versions: Mapping[UUID, int] = field(default_factory=dict)
    same_as: str | None = None


@dataclass(slots=True)
class _Standing:
    """A stream while a unit is being decided."""

    kind: str
    version: int
    state: Any
    drafts: list[Draft] = field(default_factory=list)


class States:
    """The latest folded state of each stream, the least recently used forgotten first.

    An id is asked for as one kind of thing or another by whoever names it: what it is as one
    kind says nothing of what it is as another.
    """

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[str, UUID], tuple[int, Any]] = OrderedDict()

    def get(self, kind: str, stream: UUID) -> tuple[int, Any] | None:
        kept = self._kept.get((kind, stream))
        if kept is not None:
            self._kept.move_to_end((kind, stream))
        return kept

    def put(self, kind: str, stream: UUID, version: int, state: Any) -> None:
        self._kept[kind, stream] = version, state
        self._kept.move_to_end((kind, stream))
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)


class Handling:
    """The one way to change a stream. `secret` keys the digests of commands.

    Decisions are made on the cached state first: the log refuses when it is old, and then the
    stream is read on and the command decided afresh. A refusal is never given on old state.
    `simulated` marks every fact as stamped by a development clock.
    """

    def __init__(
        self, log: Log, keeper: Keeper, secret: bytes, *, simulated: bool = False
    ) -> None:
        self.log = log
        self._keeper, self._secret, self._simulated = keeper, secret, simulated
        self._states = States()
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def handle(
        self, *steps: Step[Any, Any, Any, Any], hearing: Hearing | None = None
    ) -> Done:
        """Decide and append `steps` as one unit, or nothing.

        Raises `Refused`, `Stale`, `KeyReused`, `Contended`, `HearingMoved`, `StoreUnavailable`,
        and `OtherStream` for the id of another kind of thing.
        """
        async with AsyncExitStack() as turns:
            for stream in sorted({step.stream for step in steps}):
                await turns.enter_async_context(self._turn(stream))
            return await self._in_turn(steps, hearing)

    def _turn(self, stream: UUID) -> asyncio.Lock:
        """Commands for one stream go one after another here; other processes may still conflict."""
        return self._turns.setdefault(stream, asyncio.Lock())

    async def _in_turn(
        self, steps: Sequence[Step[Any, Any, Any, Any]], hearing: Hearing | None
    ) -> Done:
        fresh = False
        for _ in range(ATTEMPTS):
            standing: dict[UUID, _Standing] = {}
            earlier: list[Event] = []
            try:
                receipts = [
                    await self._decide(step, cause, standing, earlier, fresh=fresh)
                    for step, cause in zip(steps, _causes(steps), strict=True)
                ]
            except (Refused, Stale):
                if not fresh:
                    fresh = True
                    continue
                answered = await self._answered(steps)
                if answered:
                    return await self._first_answer(steps, answered)
                raise
            appends = tuple(
                Append(stream, s.version, tuple(s.drafts))
                for stream, s in standing.items()
                if s.drafts
            )
            verdict = await self.log.submit(Unit(appends, tuple(receipts), hearing))
            match verdict:
                case Appended(position):
                    return self._appended(position, receipts, standing)
                case Repeated(first):
                    return await self._first_answer(steps, first)
                case Moved(position):
                    raise HearingMoved(position)
                case Conflicting(_):
                    fresh = True
        raise Contended(str(steps[0].stream))

    async def state_of[C, S, E: Event, F](
        self,
        aggregate: Aggregate[C, S, E, F],
        stream: UUID,
        *,
        fresh: bool = True,
        upto: int | None = None,
    ) -> tuple[int, S]:
        """The version and folded state of `stream` (version 0: there is no such thing).

        The id of another kind of thing is no such thing either. `upto`: as of a position.
        """
        try:
            if upto is not None:
                page = await self.log.read(aggregate.vocabulary, stream, upto=upto)
                return page.version, aggregate.decider.fold(page.facts)
            return await self._known(aggregate, stream, fresh=fresh)
        except OtherStream:
            return 0, aggregate.decider.initial

    async def _known[C, S, E: Event, F](
        self, aggregate: Aggregate[C, S, E, F], stream: UUID, *, fresh: bool
    ) -> tuple[int, S]:
        """The same; raises `OtherStream`."""
        known = self._states.get(aggregate.name, stream)
        if known is None or fresh:
            version, state = known or (0, aggregate.decider.initial)
            page = await self.log.read(aggregate.vocabulary, stream, version)
            known = page.version, aggregate.decider.fold(page.facts, state)
            if page.version:
                self._states.put(aggregate.name, stream, *known)
        return known

    async def _decide(
        self,
        step: Step[Any, Any, Any, Any],
        cause: UUID,
        standing: dict[UUID, _Standing],
        earlier: list[Event],
        *,
        fresh: bool,
    ) -> Receipt:
        stands = standing.get(step.stream)
        if stands is None:
            at = await self._known(step.aggregate, step.stream, fresh=fresh)
            stands = standing[step.stream] = _Standing(step.aggregate.name, *at)
        if step.expected is not None and step.expected != stands.version:
            raise Stale(step.stream, step.expected, stands.version)
        facts = step.facts(earlier) if callable(step.facts) else step.facts
        events = step.aggregate.decider.decide(step.command, stands.state, facts)
        await self._keeper.prepare(step.stream, events)
        for index, event in enumerate(events):
            also = {"late_reason": step.asked.late_reason} if index == 0 else {}
            fact, disclosures = await self._keeper.split(event, step.stream, also)
            if self._simulated:
                fact = fact[:-1] + ("," if len(fact) > 2 else "") + '"~clock":"simulated"}'
            stands.drafts.append(
                Draft(
                    event_id(cause, index), cause, event.type, step.asked.act, fact, disclosures
                )
            )
            stands.state = step.aggregate.decider.evolve(stands.state, event)
        earlier.extend(events)
        recorded(d.id for d in stands.drafts)  # before anybody can publish them
        return Receipt(
            cause=cause,
            origin=step.asked.origin,
            stream=step.stream,
            version=stands.version + len(stands.drafts),
            events=len(events),
            digest=self._digest(step),
            heard=step.asked.heard,
        )

    def _appended(
        self, position: int, receipts: Sequence[Receipt], standing: dict[UUID, _Standing]
    ) -> Done:
        for stream, stands in standing.items():
            version = stands.version + len(stands.drafts)
            self._states.put(stands.kind, stream, version, stands.state)
        drafts = [d for s in standing.values() for d in s.drafts]
        version = receipts[0].version if receipts else 0
        events = tuple((d.id, d.type) for d in drafts)
        return Done(version, position, events, versions={r.stream: r.version for r in receipts})

    async def _answered(self, steps: Sequence[Step[Any, Any, Any, Any]]) -> list[Receipt]:
        causes = _causes(steps)
        found = [await self.log.receipt(cause) for cause in causes]
        return [receipt for receipt in found if receipt]

    async def _first_answer(
        self, steps: Sequence[Step[Any, Any, Any, Any]], receipts: Sequence[Receipt]
    ) -> Done:
        """The answer that was given before: same version, position, ids and types."""
        by_cause = {r.cause: r for r in receipts}
        for step, cause in zip(steps, _causes(steps), strict=True):
            first = by_cause.get(cause)
            if first is None or not hmac.compare_digest(first.digest, self._digest(step)):
                raise KeyReused
        ids = [event_id(r.cause, n) for r in receipts for n in range(r.events)]
        rows = await self.log.pool.fetch("SELECT id, type FROM events WHERE id = ANY ($1)", ids)
        types = {row["id"]: row["type"] for row in rows}
        return Done(
            receipts[0].version,
            receipts[0].position,
            tuple((i, types[i]) for i in ids),
            replayed=True,
            versions={r.stream: r.version for r in receipts},
        )

    def _digest(self, step: Step[Any, Any, Any, Any]) -> bytes:
        text = orjson.dumps(
            [type(step.command).__name__, step.command], default=_plain, option=_SORTED
        )
        return hmac.digest(self._secret, text, "sha256")


_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def _plain(value: Any) -> Any:
    """What orjson does not know, for the digest of a command."""
    match value:
        case Personal():
            return None if value.withheld else value.reveal()
        case Decimal() | date() | datetime() | UUID():
            return str(value)
        case frozenset() | set():
            return sorted(value, key=str)
        case tuple():
            return list(value)
        case BaseModel():
            return dict(value)  # not model_dump: that masks personal fields
    raise TypeError(f"a command may not hold a {type(value).__name__}")


def _causes(steps: Sequence[Step[Any, Any, Any, Any]]) -> list[UUID]:
    """A cause per step: the n-th command of one request for one stream has ordinal n."""
    seen: Counter[tuple[UUID, UUID]] = Counter()
    causes = []
    for step in steps:
        key = step.asked.origin, step.stream
        causes.append(cause_of(*key, seen[key]))
        seen[key] += 1
    return causes
