"""One road from command to log: repeated, refused, contended and personal."""

import asyncio

import asyncpg
import pytest

from shared.decider import Refused
from shared.effects import new_id
from shared.eventstore.reading import read_personal
from shared.eventstore.units import Disclosure
from shared.handling import KeyReused, Stale
from tests.sample import sample_on


async def test_a_repeated_command_gets_the_first_answer(database: str) -> None:
    async with sample_on(database) as sample:
        stream = new_id()
        first = await sample.handling.handle(sample.step("k1", stream=stream))
        await sample.handling.handle(sample.step("k2", stream=stream))
        again = await sample.handling.handle(sample.step("k1", stream=stream))

        assert (again.version, again.position, again.events) == (1, 1, first.events)
        assert again.replayed and not first.replayed
        assert await sample.log.position() == 2


async def test_a_key_used_for_another_command_is_refused(database: str) -> None:
    async with sample_on(database) as sample:
        stream = new_id()
        await sample.handling.handle(sample.step("k1", stream=stream))
        with pytest.raises(KeyReused):
            await sample.handling.handle(sample.step("k1", stream=stream, title="另一份"))
        assert await sample.log.position() == 1


async def test_a_refusal_leaves_nothing_and_is_decided_afresh(database: str) -> None:
    async with sample_on(database) as sample:
        stream = new_id()
        await sample.handling.handle(sample.step("k1", stream=stream))
        for _ in range(2):
            with pytest.raises(Refused):
                await sample.handling.handle(sample.step("k2", stream=stream, at_most=1))
        assert await sample.log.position() == 1
        assert await sample.log.pool.fetchval("SELECT count(*) FROM receipts") == 1


async def test_a_repeated_command_that_would_now_be_refused_gets_its_first_answer(
    database: str,
) -> None:
    async with sample_on(database) as sample:
        stream = new_id()
        await sample.handling.handle(sample.step("k1", stream=stream, at_most=1))
        again = await sample.handling.handle(sample.step("k1", stream=stream, at_most=1))
        assert again.replayed and again.version == 1


async def test_old_state_never_refuses_and_never_overwrites(database: str) -> None:
    async with sample_on(database) as one, sample_on(database, fresh=False) as other:
        stream = new_id()
        await one.handling.handle(one.step("a", stream=stream))
        for n in range(5):
            await other.handling.handle(other.step(f"b{n}", stream=stream))
            done = await one.handling.handle(one.step(f"c{n}", stream=stream))
            assert done.version == 3 + 2 * n


async def test_the_version_that_was_seen_must_be_the_present_one(database: str) -> None:
    from dataclasses import replace

    async with sample_on(database) as sample:
        stream = new_id()
        await sample.handling.handle(sample.step("k1", stream=stream))
        with pytest.raises(Stale) as stale:
            await sample.handling.handle(replace(sample.step("k2", stream=stream), expected=0))
        assert stale.value.version == 1
        await sample.handling.handle(replace(sample.step("k3", stream=stream), expected=1))


async def test_two_steps_are_one_unit(database: str) -> None:
    async with sample_on(database) as sample:
        full, free = new_id(), new_id()
        await sample.handling.handle(sample.step("k1", stream=full))
        with pytest.raises(Refused):
            await sample.handling.handle(
                sample.step("k2", stream=free), sample.step("k2", stream=full, at_most=1)
            )
        assert await sample.log.position() == 1
        done = await sample.handling.handle(
            sample.step("k3", stream=free), sample.step("k3", stream=full)
        )
        assert len(done.events) == 2


async def test_contended_streams_lose_nothing(database: str) -> None:
    async with sample_on(database) as sample:
        stream = new_id()
        await asyncio.gather(
            *(sample.handling.handle(sample.step(f"k{n}", stream=stream)) for n in range(40))
        )
        version, state = await sample.handling.state_of(sample.step("x").aggregate, stream)
        assert (version, state) == (40, 40)


async def test_a_personal_field_leaves_only_its_digest_in_the_log(database: str) -> None:
    async with sample_on(database) as sample:
        stream = new_id()
        await sample.handling.handle(sample.step("k1", stream=stream, title="绝密标题"))
        (entry,) = await sample.log.history(stream)
        assert "绝密" not in entry.fact and "绝密" not in entry.about
        (digest,) = entry.members()["_sd"]

        rows = await sample.log.pool.fetch("SELECT * FROM disclosures")
        kept = [
            Disclosure(r["digest"], r["subject"], r["data_key"], r["ciphertext"]) for r in rows
        ]
        assert [d.digest for d in kept] == [digest]
        assert await sample.keeper.unseal(kept) == {"title": "绝密标题"}

        await sample.log.pool.execute("UPDATE data_keys SET destroyed = now(), wrapped = NULL")
        assert await sample.keeper.unseal(kept) == {}


async def test_who_reads_personal_data_is_on_record_before_the_data_leave(
    database: str,
) -> None:
    async with sample_on(database) as sample:
        stream = new_id()
        await sample.handling.handle(sample.step("k1", stream=stream, title="绝密标题"))
        found = await read_personal(
            sample.log, sample.keeper, stream, actor="p:auditor", purpose="抽查"
        )
        assert list(found.values()) == [{"title": "绝密标题"}]
        (row,) = await sample.log.pool.fetch("SELECT actor, purpose, stream FROM reads")
        assert tuple(row) == ("p:auditor", "抽查", stream)


@pytest.mark.parametrize("savepoint", [False, True])
async def test_a_read_that_is_rolled_back_shows_nothing(database: str, savepoint: bool) -> None:
    async with sample_on(database) as sample:
        stream, read = new_id(), new_id()
        await sample.handling.handle(sample.step("k1", stream=stream))
        begin = "SELECT begin_read_v1($1, 'p:x', 'y', $2)"
        async with sample.log.pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            if savepoint:
                async with connection.transaction():
                    await connection.execute(begin, read, stream)
            else:
                await connection.execute(begin, read, stream)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch("SELECT * FROM read_disclosures_v1($1)", read)
            await transaction.rollback()
