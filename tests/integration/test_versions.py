"""A log that began under an old release: store, views, bus, feed and client read all of it today."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from onefile_client import Event as ClientEvent
from onefile_client import Handlers, Key, Reader, Source, Store

from contracts.event import Event, Personal
from contracts.upcasting import event_of
from services.onebox.platform import Platform
from shared.decider import Decider
from shared.effects import new_id
from shared.envelope import heard, message_of
from shared.eventstore.identity import origin_of
from shared.eventstore.postgres import connect
from shared.eventstore.reading import read_personal
from shared.eventstore.units import Act
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Step
from shared.projecting import Told, Views
from shared.relay import said_after
from tests.integration.feeds_scene import Member, agency, door
from tests.patience import PATIENCE
from tests.sample import CLERK, LogPublicity, sample_on
from tests.versions import V1, V2, V3, PublicityLoggedV3, later_release


def later(stream: UUID) -> Step[Any, Any, Any, Any]:
    """A command of the later release on a stream that the old one began."""

    def decide(command: LogPublicity, state: tuple[str, ...], facts: None) -> list[Event]:
        assert state == ("web", "web"), "what the old release said is state here"
        return [PublicityLoggedV3(
            body="hall", media=("tv", "sms"), audience="applicants", title=command.title
        )]  # fmt: skip

    def evolve(state: tuple[str, ...], event: Event) -> tuple[str, ...]:
        assert isinstance(event, PublicityLoggedV3)
        return (*state, *event.media)

    decider: Decider[LogPublicity, tuple[str, ...], Event, None] = Decider((), evolve, decide)
    kind = Aggregate("sample", decider, Vocabulary[Event]([PublicityLoggedV3]))
    act = Act(CLERK, "990100", "2026-11-21", channel="window", matter=stream)
    asked = Asked(origin_of("intake", CLERK, "POST /publicity", "later"), act)
    return Step(asked, kind, stream, LogPublicity(title=Personal("新公告")), None)


async def test_a_log_of_old_and_new_versions_is_one_history(database: str) -> None:
    stream = new_id()
    async with sample_on(database) as old:
        for n in range(2):
            await old.handling.handle(old.step(f"old{n}", stream=stream))
        before = await old.log.history(stream)
    with later_release():
        async with sample_on(database, fresh=False) as new:
            done = await new.handling.handle(later(stream))
            assert done.version == 3 and [t for _, t in done.events] == [V3]
            rows = await new.log.history(stream)
            assert rows[:2] == before, "not a byte of the old facts changed"
            assert [row.type for row in rows] == [V1, V1, V3]

            opened = await read_personal(
                new.log, new.keeper, stream, actor=CLERK, purpose="test"
            )
            assert [opened[row.id]["title"] for row in rows] == ["公告", "公告", "新公告"]

            shown: list[Event] = []

            async def project(connection: Any, told: Told) -> None:
                shown.append(told.event)

            connection = await connect(database)
            await Views(new.log, database, {"shown": project}).advance(connection)
            said = await said_after(connection, 0)
            await connection.close()
            assert [type(one) for one in shown] == [PublicityLoggedV3] * 3
            told = [heard(message_of("intake", one)[1]) for one in said]
            assert [one.type for one in told] == [V1, V1, V3], "the bus says what was written"
            events = [event_of(one.type, one.fact) for one in told]
            assert [getattr(e, "audience", None) for e in events] == [
                "not_said", "not_said", "applicants"
            ]  # fmt: skip


async def test_an_agency_reads_every_version_it_is_given_and_is_told_of_newer_ones(
    platform: Platform, tmp_path: Path
) -> None:
    member = Member("tax")
    facts: dict[str, dict[str, Any]] = {
        V1: {"body": "hall", "medium": "web"},
        V2: {"body": "hall", "media": ["tv"]},
        V3: {"body": "hall", "media": ["sms"], "audience": "applicants"},
    }
    both = [{"types": [V1, V2], "fields": "all"}]
    with later_release():
        async with door(platform, agency(member, events=both)) as at:
            for type, fact in facts.items():
                at.speakers.say(type, fact=fact)
            told = await at.until(member, 2)
            assert told["newer"] == {V1: V3, V2: V3}, (
                "it learns of the third before it needs it"
            )
            at.write(agency(member, events=[*both, {"types": [V3], "fields": "all"}]))
            assert (await at.until(member, 3))["newer"] == {}
            assert await asyncio.to_thread(_audiences, at.address, member, tmp_path) == [
                ("web", "not_said"), ("tv", "not_said"), ("sms", "applicants")
            ]  # fmt: skip


def _audiences(address: str, member: Member, folder: Path) -> list[tuple[str, str]]:
    """What the agency's own program makes of all three, with upcasters of its own."""
    handlers = Handlers()

    @handlers.upcast(V1, V2)
    def several(fact: dict[str, Any]) -> dict[str, Any]:
        return {**fact, "media": [fact["medium"]]}

    @handlers.upcast(V2, V3)
    def meant(fact: dict[str, Any]) -> dict[str, Any]:
        return {**fact, "audience": "not_said"}

    seen: list[tuple[str, str]] = []

    @handlers.on(V3)
    def made_known(db: sqlite3.Connection, event: ClientEvent) -> None:
        seen.append((event.fact["media"][0], event.fact["audience"]))

    source = Source(address, member.id, Key(member.private.private_bytes_raw()),
                    client=httpx.Client(timeout=PATIENCE, trust_env=False))  # fmt: skip
    reader = Reader(source, Store(folder / "a.db"), handlers)
    reader.rebuild()
    assert not reader.store.parked() and not reader.store.unknown_types()
    reader.prove()
    reader.close()
    return seen
