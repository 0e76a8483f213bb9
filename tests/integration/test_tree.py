"""The tree beside the log: every proof holds, a restored log is not signed, an altered one neither."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.attesting import Attestor, LogKey, WillNotSign, log_key
from shared.checking import check_log
from shared.effects import new_id
from shared.eventstore.postgres import Connection, open_pool
from shared.eventstore.tree import (
    SECOND,
    LogAltered,
    Tree,
    consistency,
    hashes,
    inclusion,
    root_at,
    tile_at,
)
from shared.proof_api import at_size, newest, settled
from shared.tlog.checkpoint import Checkpoint, read_checkpoint
from shared.tlog.merkle import check_consistency, check_inclusion, peaks_of, root_of
from shared.tlog.note import believed, read_note
from tests.integration.store import (
    SERVICE,
    connected,
    offer,
    unit,
)
from tests.patience import PATIENCE

pytestmark = pytest.mark.store
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> LogKey:
    file = tmp_path / "log.key"
    file.write_bytes(b"k" * 32)
    return log_key(file, "log.example", SERVICE)


async def filled(connection: Connection, count: int) -> list[bytes]:
    """So many events, in streams of fifty; their leaf hashes."""
    for start in range(0, count, 50):
        facts = [f'{{"text":"{n}"}}' for n in range(start, min(start + 50, count))]
        await offer(connection, unit(new_id(), 0, *facts))
    rows = await connection.fetch("SELECT leafhash FROM events ORDER BY position")
    return [row[0] for row in rows]


async def grown(connection: Connection) -> Tree:
    tree = await Tree.load(connection)
    while await tree.grow(connection):
        pass
    return tree


async def test_every_leaf_and_every_earlier_size_is_proved_from_the_tiles(
    connection: Connection,
) -> None:
    leaves = await filled(connection, 700)
    tree = await grown(connection)
    root = root_of(leaves)
    assert (tree.size, tree.frontier.root()) == (700, root)
    for index in (*range(0, 700, 37), 255, 256, 511, 512, 699):
        proof = await inclusion(connection, index, 700)
        check_inclusion(leaves[index], index, 700, proof, root)
    for old in (*range(0, 700, 41), 256, 512, 699, 700):
        proof = await consistency(connection, old, 700)
        before = root_of(leaves[:old])
        assert await root_at(connection, old) == before
        check_consistency(old, 700, before, root, proof)


async def test_a_tree_is_taken_up_where_it_was_left(connection: Connection) -> None:
    await filled(connection, 300)
    await grown(connection)
    leaves = await filled(connection, 330)
    tree = await Tree.load(connection)
    assert tree.size == 300
    await tree.grow(connection)
    assert tree.frontier.root() == root_of(leaves)
    assert await hashes(connection, peaks_of(630), 630) == tree.frontier.peaks
    assert len(await tile_at(connection, (1, 0), 2)) == 64


@pytest.mark.attack(
    what="入树前改动一行: a row altered before it is a leaf",
    by="叶摘要是追加时的 the leaf is the hash that the append made, and the check finds the row",
)
async def test_a_row_altered_before_it_is_a_leaf_fits_no_leaf(
    connection: Connection, database: str
) -> None:
    leaves = await filled(connection, 20)
    await altered(
        database, "UPDATE events SET fact = replace(fact, '\"7\"', '\"8\"') WHERE position = 8"
    )
    tree = await grown(connection)
    assert tree.frontier.root() == root_of(leaves)
    faults = (await check_log(connection)).faults
    assert [(fault.code, fault.where) for fault in faults] == [("bytes_changed", "position 8")]
    with pytest.raises(LogAltered, match="row 8"):
        await (await Tree.load(connection, SECOND)).grow(connection)


@pytest.mark.attack(
    what="入树前拼接两行: two rows made to look like three before they are leaves",
    by="叶摘要定长 a leaf has the length of a hash",
)
async def test_a_row_that_would_pass_as_two_is_never_a_leaf(
    connection: Connection, database: str
) -> None:
    leaves = await filled(connection, 3)
    second, third = await connection.fetch(
        "SELECT about, fact FROM events WHERE position > 1 ORDER BY position"
    )
    joined = f'{second["fact"]}}}\x1f{{"about":{third["about"]},"fact":{third["fact"]}'
    await altered(
        database,
        "ALTER TABLE events DROP CONSTRAINT events_fact_is_one_object",
        ("UPDATE events SET fact = $1, leafhash = $2 WHERE position = 2", joined,
         leaves[1] + leaves[2]),
    )  # fmt: skip
    tree = await Tree.load(connection)
    with pytest.raises(LogAltered, match="a row after 0"):
        await tree.grow(connection)
    assert tree.size == 0


async def altered(database: str, *statements: str | tuple[str, str, bytes]) -> None:
    """What somebody does who rules the server."""
    async with connected(database) as owner:
        await owner.execute("ALTER EVENT TRIGGER log_guards_stand DISABLE")
        await owner.execute("SET session_replication_role = replica")
        await owner.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        for one in statements:
            await owner.execute(*([one] if isinstance(one, str) else one))


async def test_what_is_signed_is_believed(connection: Connection, key: LogKey) -> None:
    leaves = await filled(connection, 30)
    tree = await grown(connection)
    await Attestor(SERVICE, "", key, lambda: NOW).sign(connection, tree)
    note = read_note(await connection.fetchval("SELECT note FROM checkpoints"))
    assert believed(note, [key.signer.verifier])
    assert read_checkpoint(note).root == root_of(leaves)
    assert key.memory.last() == read_checkpoint(note)


async def test_a_log_under_a_new_name_serves_its_new_checkpoint_at_once(
    connection: Connection, dsn: str, key: LogKey, tmp_path: Path
) -> None:
    await filled(connection, 30)
    tree = await grown(connection)
    await Attestor(SERVICE, "", key, lambda: NOW).sign(connection, tree)
    await connection.execute(
        "INSERT INTO cosignatures (origin, size, witness, line) VALUES ($1, 30, 'w', $2)",
        key.origin, "— w AAAAAAA=\n",
    )  # fmt: skip
    (tmp_path / "elsewhere").mkdir()
    renamed = log_key(tmp_path / "log.key", "log.restored", SERVICE, tmp_path / "elsewhere")
    await Attestor(SERVICE, "", renamed, lambda: NOW).sign(connection, tree)
    pool = await open_pool(dsn, size=2)
    try:
        size, note = await newest(pool)
        assert (size, read_checkpoint(note).origin) == (30, renamed.origin)
        assert believed(note, [renamed.signer.verifier])
        assert (
            str((await at_size(pool, 30))[1]) == str((await settled(pool, 1))[1]) == str(note)
        )
        part = await check_log(connection, [renamed.signer.verifier])
        assert not part.faults
    finally:
        await pool.close()
    assert await connection.fetchval("SELECT count(*) FROM checkpoints WHERE size = 30") == 2


async def test_a_log_shorter_than_what_was_signed_is_not_signed(
    connection: Connection, key: LogKey
) -> None:
    await filled(connection, 30)
    tree = await grown(connection)
    await Attestor(SERVICE, "", key, lambda: NOW).sign(connection, tree)
    restored = await Tree.load(connection)
    restored.frontier.size, restored.frontier.peaks = 16, restored.frontier.peaks[:1]
    with pytest.raises(WillNotSign, match="restored to an earlier point"):
        await Attestor(SERVICE, "", key, lambda: NOW).sign(connection, restored)
    assert await connection.fetchval("SELECT count(*) FROM checkpoints") == 1


@pytest.mark.attack(
    what="同长度的另一历史: another history of the same length",
    by="签名守卫 signing guard",
)
async def test_another_history_of_the_same_length_is_not_signed(
    connection: Connection, key: LogKey
) -> None:
    await filled(connection, 30)
    tree = await grown(connection)
    key.memory.keep(Checkpoint(key.origin, 30, tree.frontier.root()[::-1]))
    with pytest.raises(WillNotSign, match="are not those that were signed"):
        await Attestor(SERVICE, "", key, lambda: NOW).sign(connection, tree)


@pytest.mark.attack(
    what="异步提交下签名 (F13): signing where a commit does not wait",
    by="签名守卫 signing guard",
)
async def test_nothing_is_signed_where_a_commit_does_not_wait(
    connection: Connection, key: LogKey
) -> None:
    await filled(connection, 3)
    tree = await grown(connection)
    await connection.execute("SET synchronous_commit = off")
    with pytest.raises(WillNotSign, match="synchronous_commit"):
        await Attestor(SERVICE, "", key, lambda: NOW).sign(connection, tree)


async def test_a_running_log_is_signed_by_one_of_two(
    connection: Connection, dsn: str, key: LogKey
) -> None:
    attestors = [Attestor(SERVICE, dsn, key, lambda: NOW) for _ in range(2)]
    tasks = [asyncio.create_task(one.run()) for one in attestors]
    try:
        await filled(connection, 40)
        async with asyncio.timeout(PATIENCE):
            while await connection.fetchval("SELECT max(size) FROM checkpoints") != 40:
                await asyncio.sleep(0.02)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert all(one.refused is None for one in attestors)
