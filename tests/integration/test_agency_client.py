"""The agency's own side, against the real door: rebuild, prove, lose everything, rebuild again."""

import asyncio
import contextlib
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from onefile_client import (
    Away,
    Event,
    FeedDiffers,
    Handlers,
    Incomplete,
    Key,
    Reader,
    Source,
    Store,
)
from onefile_client.bus import BusFeed, connect

from contracts.examples.agency import tax
from services.onebox.platform import Platform
from shared.effects import new_id
from tests.integration.feeds_scene import Door, Member, agency, door
from tests.patience import PATIENCE

EVENTS = [
    {"types": ["supervision.fee_due.v1"], "fields": ["fee", "item", "kind", "amount", "due_on"]},
    {"types": ["supervision.fee_paid.v1"], "fields": ["fee", "item", "amount"]},
    {"types": ["intake.service_requested.v1"], "fields": ["number"]},
    {"types": ["intake.mode_chosen.v1"], "fields": "all"},
]  # fmt: skip


def fee(n: int) -> dict[str, Any]:
    return {"fee": f"f{n}", "item": "S3-06", "kind": "infrastructure_fee", "amount": f"{n}.00"}


def bureau(at: Door, member: Member, file: Path, vkey: str | None = None) -> Reader:
    source = Source(at.address, member.id, Key(member.private.private_bytes_raw()),
                    client=httpx.Client(timeout=PATIENCE, trust_env=False))  # fmt: skip
    return Reader(source, tax.opened(file), tax.handlers, vkey=vkey)


async def played[T](do: Callable[[], T]) -> T:
    """The agency is a program of its own: it runs beside our loop."""
    return await asyncio.to_thread(do)


async def test_an_agency_rebuilds_proves_loses_its_disk_and_rebuilds_the_same(
    platform: Platform, tmp_path: Path
) -> None:
    member = Member("tax")
    async with door(platform, agency(member, events=EVENTS)) as at:
        for n in range(4_200):
            matter = new_id()
            at.speakers.say("supervision.fee_due.v1", fact=fee(n), matter=matter)
            if n % 50 == 0:
                at.speakers.say(
                    "supervision.fee_paid.v1",
                    fact={k: fee(n)[k] for k in ("fee", "item", "amount")},
                    matter=matter,
                )
                at.speakers.say("intake.mode_chosen.v1")
                at.speakers.say("supervision.fee_due.v1", "990103", fee(n))
        await at.until(member, 4_368)

        def life(file: Path) -> tuple[int, bytes, list[str], str | None]:
            reader = bureau(at, member, file)
            reader.vkey = reader.source.vkey()
            reader.rebuild()
            proof = reader.prove()
            assert reader.store.unknown_types() == {"intake.mode_chosen.v1": 84}
            with pytest.raises(FeedDiffers, match="empty store"):
                reader.rebuild()
            report = tax.report(reader.store)
            reader.close()
            return proof.size, proof.root, report, proof.note

        first = await played(lambda: life(tmp_path / "a.db"))
        again = await played(lambda: life(tmp_path / "b.db"))
        assert first == again and first[0] == 4_368 and first[3]
        assert first[2][-2].startswith("共 4200 笔")


async def test_a_gap_a_repeat_and_a_broken_message_are_mended_from_the_store(
    platform: Platform, tmp_path: Path
) -> None:
    member = Member("tax")
    async with door(platform, agency(member, events=EVENTS)) as at:
        for n in range(20):
            at.speakers.say("supervision.fee_due.v1", fact=fee(n))
        await at.until(member, 20)

        def life() -> None:
            reader = bureau(at, member, tmp_path / "a.db")
            feed = reader.source.feed()["feed"]
            page = reader.source.page(feed, 0)
            reader.take(page[:3])
            reader.take(page[:5])
            assert reader.store.position == 5
            reader.take([page[9]])
            assert reader.store.position == 20
            reader.take([page[2], page[19]])
            with pytest.raises(FeedDiffers, match="not what it was"):
                reader.take([_forged(page[2])])
            reader.prove()
            reader.close()

        await played(life)


def _forged(message: bytes) -> bytes:
    """Another message at the same place, whole in itself."""
    return message.replace(b'"source":"urn:onefile:', b'"source":"urn:onefilX:')


async def test_what_cannot_be_handled_is_parked_with_its_matter_and_taken_up_in_order(
    platform: Platform, tmp_path: Path
) -> None:
    member, bad = Member("tax"), new_id()
    async with door(platform, agency(member, events=EVENTS)) as at:
        for n in range(6):
            at.speakers.say(
                "supervision.fee_due.v1", fact=fee(n), matter=bad if n % 2 else None
            )
        await at.until(member, 6)

        def life() -> None:
            seen: list[str] = []
            poisoned = True
            handlers = Handlers()

            @handlers.on("supervision.fee_due.v1")
            def due(db: sqlite3.Connection, event: Event) -> None:
                db.execute("CREATE TABLE IF NOT EXISTS mine (fee TEXT)")
                db.execute("INSERT INTO mine VALUES (?)", (event.fact["fee"],))
                if poisoned and event.fact["fee"] == "f1":
                    raise ValueError("cannot")
                seen.append(event.fact["fee"])

            reader = bureau(at, member, tmp_path / "a.db")
            reader.handlers = handlers
            reader.rebuild()
            assert seen == ["f0", "f2", "f4"]
            assert [one.position for one in reader.store.parked()] == [2, 4, 6]
            reader.prove()
            with pytest.raises(ValueError):
                reader.replay(str(bad))
            poisoned = False
            assert reader.replay(str(bad)) == 3
            assert seen[3:] == ["f1", "f3", "f5"] and not reader.store.parked()
            rows = reader.store.db.execute("SELECT fee FROM mine").fetchall()
            assert sorted(row[0] for row in rows) == ["f0", "f1", "f2", "f3", "f4", "f5"]
            reader.close()

        await played(life)


async def test_the_first_difference_is_named(platform: Platform, tmp_path: Path) -> None:
    member = Member("tax")
    async with door(platform, agency(member, events=EVENTS)) as at:
        for n in range(700):
            at.speakers.say("supervision.fee_due.v1", fact=fee(n))
        await at.until(member, 700)

        def life() -> None:
            reader = bureau(at, member, tmp_path / "a.db")
            reader.rebuild()
            for position in (1, 256, 257, 700):
                kept = reader.store.leaf_at(position)
                _put(reader.store, position, b"\x00" * 32)
                with pytest.raises(Incomplete) as told:
                    reader.prove()
                assert told.value.position == position
                assert kept
                _put(reader.store, position, kept)
            assert reader.prove().size == 700
            reader.close()

        await played(life)


def _put(store: Store, position: int, leaf: bytes) -> None:
    store.db.execute("UPDATE feed_leaf SET leaf = ? WHERE position = ?", (leaf, position))


async def test_the_same_feed_comes_over_nats(platform: Platform, tmp_path: Path) -> None:
    member = Member("tax")
    async with door(platform, agency(member, events=EVENTS)) as at:
        for n in range(300):
            at.speakers.say("supervision.fee_due.v1", fact=fee(n))
        await at.until(member, 300)
        reader = bureau(at, member, tmp_path / "a.db")
        reader.store.begin((await played(reader.source.feed))["feed"])
        client = await connect(at.bus.url, "tax", Key(member.private.private_bytes_raw()))
        async with asyncio.timeout(PATIENCE), BusFeed(client, "tax") as feed:
            while reader.store.position < 300:
                found = await feed.fetch(128, wait=1)
                reader.take([message.data for message in found])
                await feed.took(found)
        await client.close()
        await played(lambda: reader.source.feed())
        assert reader.store.root() == reader.store.root(300)
        reader.close()


async def test_another_agreement_is_another_feed_and_says_so(
    platform: Platform, tmp_path: Path
) -> None:
    member = Member("tax")
    async with door(platform, agency(member, events=EVENTS)) as at:
        for n in range(5):
            at.speakers.say("supervision.fee_due.v1", fact=fee(n))
            at.speakers.say("intake.mode_chosen.v1")
        await at.until(member, 10)
        reader = bureau(at, member, tmp_path / "a.db")
        reader.close()

        def life(file: Path) -> int:
            with contextlib.closing(bureau(at, member, file)) as reader:
                if not reader.store.position:
                    reader.rebuild()
                reader.catch_up()
                return reader.store.position

        assert await played(lambda: life(tmp_path / "b.db")) == 10
        at.write(agency(member, events=EVENTS[:1]))
        async with asyncio.timeout(PATIENCE):
            while (await played(lambda: _size(at, member))) != 5:
                await asyncio.sleep(0.05)
        with pytest.raises(Exception, match="feed_changed"):
            await played(lambda: life(tmp_path / "b.db"))
        assert await played(lambda: life(tmp_path / "c.db")) == 5


def _size(at: Door, member: Member) -> int:
    source = Source(at.address, "tax", Key(member.private.private_bytes_raw()),
                    client=httpx.Client(timeout=PATIENCE, trust_env=False))  # fmt: skip
    with source:
        found = source.feed()
        return int(found["size"]) if len(found["events"]) == 1 else -1


async def test_an_outage_is_waited_out(platform: Platform, tmp_path: Path) -> None:
    source = Source(
        "http://127.0.0.1:9", "tax", Key.made(), client=httpx.Client(timeout=1, trust_env=False)
    )
    with source, pytest.raises(Away):
        await played(source.feed)


async def test_a_rebuild_that_was_interrupted_goes_on_where_it_stood(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["services.feeds.api.agency"], "PART", 256)
    monkeypatch.setattr("onefile_client.reader.PAUSES", (0.0,))
    member = Member("tax")
    async with door(platform, agency(member, events=EVENTS)) as at:
        for n in range(800):
            at.speakers.say("supervision.fee_due.v1", fact=fee(n))
        await at.until(member, 800)

        def life() -> None:
            asked: list[int] = []
            away = {1: 1, 2: 9}
            reader = bureau(at, member, tmp_path / "a.db")
            part = reader.source.part

            def unsteady(feed: str, number: int) -> list[bytes]:
                asked.append(number)
                if away.get(number, 0) > 0:
                    away[number] -= 1
                    raise Away("503")
                return part(feed, number)

            monkeypatch.setattr(reader.source, "part", unsteady)
            with pytest.raises(Away):
                reader.rebuild()
            assert asked == [0, 1, 1, 2, 2] and reader.store.position == 512
            away.clear()
            assert reader.rebuild() == 800 and asked[5:] == [2]
            assert reader.prove().size == 800
            reader.close()

            other = bureau(at, member, tmp_path / "b.db")
            first = other.source.part

            def first_only(feed: str, number: int) -> list[bytes]:
                if number:
                    raise Away("503")
                return first(feed, number)

            monkeypatch.setattr(other.source, "part", first_only)
            with pytest.raises(Away):
                other.rebuild()
            _put(other.store, 7, b"\x00" * 32)
            with pytest.raises(FeedDiffers, match="part 0 is not as signed"):
                other.rebuild()
            other.close()

        await played(life)
