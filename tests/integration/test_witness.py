"""Two agencies watch a log: their cosignatures arrive, and a log that lies gets none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from services.onebox.serving import address_of, answering, listening
from services.onebox.witness import witness_in
from shared.attesting import Attestor, LogKey, log_key
from shared.effects import new_id
from shared.eventstore.postgres import Connection, Pool, connect, open_pool
from shared.eventstore.tree import Tree
from shared.proof_api import newest
from shared.tlog.checkpoint import Checkpoint, Submission
from shared.tlog.merkle import SHA256
from shared.tlog.note import signed
from shared.tlog.policy import QuorumMissing, read_policy, trusted
from shared.witnessing import Cosigning, Witness, witness_app
from tests.integration.store import SERVICE, offer, unit
from tests.patience import PATIENCE

pytestmark = pytest.mark.store
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    pool = await open_pool(dsn, size=2)
    yield pool
    pool.terminate()


@pytest.fixture
def key(tmp_path: Path) -> LogKey:
    file = tmp_path / "log.key"
    file.write_bytes(b"k" * 32)
    return log_key(file, "log.example", SERVICE)


@pytest.fixture
async def witnesses(tmp_path: Path, key: LogKey) -> AsyncIterator[dict[str, Witness]]:
    """Two witnesses, each with a door; by address."""
    async with AsyncExitStack() as stack:
        made = {}
        for n in range(2):
            vkey = key.signer.verifier.vkey
            one = witness_in(tmp_path / f"w{n}", f"w{n}.example", [vkey])
            sock = listening(0)
            await stack.enter_async_context(answering(witness_app(one, lambda: NOW), sock))
            made[address_of(sock)] = one
        yield made


async def grown(connection: Connection, key: LogKey, events: int) -> int:
    """More events, signed; the size."""
    facts = [f'{{"text":"{n}"}}' for n in range(events)]
    await offer(connection, unit(new_id(), 0, *facts))
    tree = await Tree.load(connection)
    await tree.grow(connection)
    await Attestor(SERVICE, "", key, lambda: NOW).sign(connection, tree)
    return tree.size


def asking(pool: Pool, witnesses: dict[str, Witness]) -> Cosigning:
    addresses = {w.signers[0].verifier.vkey: url for url, w in witnesses.items()}
    return Cosigning(SERVICE, pool, addresses)


async def round_of(cosigning: Cosigning, witnesses: dict[str, Witness]) -> None:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        for url, witness in witnesses.items():
            await cosigning.ask(client, witness.signers[0].verifier, url)


async def post(url: str, body: bytes) -> httpx.Response:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return await client.post(f"{url}/add-checkpoint", content=body)


async def test_what_grows_honestly_is_cosigned_and_meets_the_quorum(
    connection: Connection, pool: Pool, key: LogKey, witnesses: dict[str, Witness]
) -> None:
    policy = read_policy(
        "\n".join(
            [
                f"log {key.signer.verifier.vkey}",
                *(
                    f"witness W{n} {w.signers[0].verifier.vkey}"
                    for n, w in enumerate(witnesses.values())
                ),
                "group both all W0 W1",
                "quorum both",
            ]
        )
    )
    for events in (3, 300):
        size = await grown(connection, key, events)
        _, note = await newest(pool)
        with pytest.raises(QuorumMissing):
            trusted(note, policy)
        await round_of(asking(pool, witnesses), witnesses)
        found = trusted((await newest(pool))[1], policy)
        assert (found.checkpoint.size, set(found.seen)) == (size, {"W0", "W1"})
        for witness in witnesses.values():
            assert witness.kept(key.origin) == found.checkpoint


async def test_a_witness_that_forgot_or_knows_more_is_asked_from_where_it_stands(
    connection: Connection, pool: Pool, key: LogKey, witnesses: dict[str, Witness]
) -> None:
    await grown(connection, key, 5)
    await round_of(asking(pool, witnesses), witnesses)
    size = await grown(connection, key, 5)
    (url, witness), *_ = witnesses.items()
    next(witness.folder.glob("*.checkpoint")).unlink()
    await round_of(asking(pool, witnesses), witnesses)
    kept = witness.kept(key.origin)
    assert kept is not None
    assert kept.size == size
    assert (
        await post(url, b"old 0\n\n" + str((await newest(pool))[1]).encode())
    ).status_code == 409


@pytest.mark.attack(
    what="同长度分叉交见证方: a fork of the same size to a witness",
    by="422 并留证 and kept as evidence",
)
async def test_another_history_is_refused_and_kept_as_evidence(
    connection: Connection, pool: Pool, key: LogKey, witnesses: dict[str, Witness]
) -> None:
    size = await grown(connection, key, 7)
    await round_of(asking(pool, witnesses), witnesses)
    url, witness = next(iter(witnesses.items()))
    forged = signed(str(Checkpoint(key.origin, size, SHA256.leaf(b"x"))), [key.signer])
    answer = await post(url, str(Submission(size, (), forged)).encode())
    assert answer.status_code == 422
    [evidence] = (witness.folder / "evidence").iterdir()
    assert str(forged) in evidence.read_text()
    kept = witness.kept(key.origin)
    assert kept is not None
    assert kept.root != SHA256.leaf(b"x")


@pytest.mark.attack(
    what="并发提交使见证方倒退: two at once take a witness back",
    by="先存后签、逐个处理 kept before it is signed, one at a time",
)
async def test_two_requests_at_once_never_take_a_witness_back(
    connection: Connection, pool: Pool, key: LogKey, witnesses: dict[str, Witness]
) -> None:
    sizes = []
    bodies = []
    for _ in range(3):
        sizes.append(await grown(connection, key, 4))
        _, note = await newest(pool)
        bodies.append(str(Submission(0, (), note)).encode())
    url, witness = next(iter(witnesses.items()))
    answers = await asyncio.gather(*(post(url, body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    kept = witness.kept(key.origin)
    assert kept is not None
    accepted = [s for s, a in zip(sizes, answers, strict=True) if a.status_code == 200]
    assert [kept.size] == accepted


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"\xff", 400), (b"old 1\n", 400), (b"x" * 70_000, 413)],
)
async def test_nonsense_is_refused(
    witnesses: dict[str, Witness], body: bytes, status: int
) -> None:
    url = next(iter(witnesses))
    assert (await post(url, body)).status_code == status


async def test_a_stranger_reads_what_was_cosigned(
    connection: Connection, pool: Pool, key: LogKey, witnesses: dict[str, Witness]
) -> None:
    await grown(connection, key, 2)
    await round_of(asking(pool, witnesses), witnesses)
    url = next(iter(witnesses))
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        at = f"{url}/{sha256(key.origin.encode()).hexdigest()}/checkpoint"
        assert (await client.get(at)).text.startswith(f"{key.origin}\n2\n")
        for wrong in ("0" * 64, "..", "x"):
            assert (await client.get(f"{url}/{wrong}/checkpoint")).status_code == 404


async def test_a_log_that_does_not_grow_is_seen_again_every_hour(
    connection: Connection, pool: Pool, key: LogKey, database: str, tmp_path: Path
) -> None:
    """The heartbeat: what is missing at the end shows as a cosignature that is not renewed."""
    size = await grown(connection, key, 4)
    times = [NOW, NOW + timedelta(hours=2)]
    one = witness_in(tmp_path / "w", "w.example", [key.signer.verifier.vkey])
    sock = listening(0)
    async with answering(witness_app(one, lambda: times[0]), sock):
        vkey = one.signers[0].verifier.vkey
        cosigning = Cosigning(SERVICE, pool, {vkey: address_of(sock)})
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            for _ in range(2):  # within the hour it is asked once
                await cosigning.ask(client, one.signers[0].verifier, address_of(sock))
            assert await pool.fetchval("SELECT count(*) FROM cosignatures") == 1
            owner = await connect(database)
            await owner.execute("UPDATE cosignatures SET at = at - interval '2 hours'")
            await owner.close()
            times.pop(0)
            await cosigning.ask(client, one.signers[0].verifier, address_of(sock))
    assert await pool.fetchval("SELECT count(*) FROM cosignatures") == 2
    policy = read_policy(f"log {key.signer.verifier.vkey}\nwitness w {vkey}\nquorum w\n")
    _, note = await newest(pool)
    assert len(note.signatures) == 2
    seen = trusted(note, policy)
    assert (seen.checkpoint.size, seen.seen["w"]) == (size, int(times[0].timestamp()))
