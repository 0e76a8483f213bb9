"""A superuser rewrites history, without and then with the log's own key: who can tell?"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.canonical import body_of, canonical, leaf_hash, parse_canonical
from services.onebox.serving import address_of, answering, listening
from services.onebox.witness import witness_in
from shared.attesting import Attestor, LogKey, WillNotSign, log_key
from shared.checking import check_log
from shared.effects import new_id
from shared.eventstore.postgres import Connection, Pool, open_pool
from shared.eventstore.tree import Tree, consistency, inclusion
from shared.proof_api import newest
from shared.tlog.checkpoint import Checkpoint, LeafProof, Submission, read_checkpoint
from shared.tlog.merkle import ProofInvalid, check_consistency, check_inclusion
from shared.tlog.note import NoteInvalid, believed, read_note, signed
from shared.tlog.policy import Policy, QuorumMissing, read_policy, trusted
from shared.witnessing import Cosigning, Witness, witness_app
from tests.integration.store import SERVICE, connected, login, migrated, offer, unit
from tests.patience import PATIENCE

pytestmark = pytest.mark.store
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> LogKey:
    file = tmp_path / "log.key"
    file.write_bytes(b"k" * 32)
    return log_key(file, "log.example", SERVICE)


@pytest.fixture
async def owner(database: str) -> AsyncIterator[Connection]:
    """The superuser of the database, who may do anything there."""
    await migrated(database)
    async with connected(database) as connection:
        yield connection


@pytest.fixture
async def writer(database: str, owner: Connection) -> AsyncIterator[Connection]:
    async with connected(await login(database, f"{SERVICE}_writer")) as connection:
        yield connection


@pytest.fixture
async def pool(database: str, owner: Connection) -> AsyncIterator[Pool]:
    pool = await open_pool(database, size=2)
    yield pool
    pool.terminate()


@pytest.fixture
async def witnesses(tmp_path: Path, key: LogKey) -> AsyncIterator[dict[str, Witness]]:
    """Two agencies."""
    async with AsyncExitStack() as stack:
        made = {}
        for n in range(2):
            one = witness_in(tmp_path / f"w{n}", f"w{n}.example", [key.signer.verifier.vkey])
            sock = listening(0)
            await stack.enter_async_context(answering(witness_app(one, lambda: NOW), sock))
            made[address_of(sock)] = one
        yield made


async def lived(writer: Connection, key: LogKey, matters: int = 3) -> Tree:
    """Some matters of four events each, signed."""
    for _ in range(matters):
        facts = [f'{{"text":"{n}"}}' for n in range(4)]
        await offer(writer, unit(new_id(), 0, *facts))
    return await signed_now(writer, key)


async def signed_now(writer: Connection, key: LogKey) -> Tree:
    tree = await Tree.load(writer)
    while await tree.grow(writer):
        pass
    await Attestor(SERVICE, "", key, lambda: NOW).sign(writer, tree)
    return tree


async def rewrite(owner: Connection, position: int = 6) -> None:
    """Another fact at `position`; hash, chain and tree are made to fit from there on."""
    await owner.execute("ALTER EVENT TRIGGER log_guards_stand DISABLE")
    await owner.execute("SET session_replication_role = replica")
    for table in ("events", "tree_nodes"):
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    stream = await owner.fetchval("SELECT stream FROM events WHERE position = $1", position)
    prev = None
    rows = await owner.fetch(
        "SELECT position, about, fact, leafhash FROM events WHERE stream = $1 ORDER BY version",
        stream,
    )
    for row in rows:
        about = dict(parse_canonical(row["about"].encode()))
        fact = '{"text":"forged"}' if row["position"] == position else row["fact"]
        about["prev"] = prev.hex() if prev else None
        text = canonical(about)
        leaf = leaf_hash(body_of(text, fact))
        await owner.execute(
            "UPDATE events SET about = $2, fact = $3, leafhash = $4, prev = $5 WHERE position = $1",
            row["position"], text, fact, leaf, prev,
        )  # fmt: skip
        prev = leaf
    await owner.execute("DELETE FROM tree_nodes")
    await owner.execute("DELETE FROM cursors WHERE reader = 'tree'")


def policy(key: LogKey, witnesses: dict[str, Witness], quorum: str) -> Policy:
    lines = [f"log {key.signer.verifier.vkey}"]
    for n, one in enumerate(witnesses.values()):
        lines.append(f"witness W{n} {one.signers[0].verifier.vkey}")
    return read_policy("\n".join([*lines, "group both all W0 W1", f"quorum {quorum}"]))


async def cosigned(pool: Pool, witnesses: dict[str, Witness]) -> None:
    keys = {w.signers[0].verifier.vkey: url for url, w in witnesses.items()}
    cosigning = Cosigning(SERVICE, pool, keys)
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        for url, witness in witnesses.items():
            await cosigning.ask(client, witness.signers[0].verifier, url)


@pytest.mark.attack(
    what="超级用户停用一切、改写一事并重算链与树，无日志密钥: rewrites chain and tree without the key",
    by="签名守卫与旧检查点 signing guard, and any old checkpoint",
)
async def test_without_the_key_the_last_checkpoint_no_longer_fits(
    owner: Connection, writer: Connection, key: LogKey
) -> None:
    await lived(writer, key)
    before = read_checkpoint(read_note(await owner.fetchval("SELECT note FROM checkpoints")))
    await rewrite(owner)
    tree = await Tree.load(writer)
    await tree.grow(writer)  # every hash fits its bytes again
    with pytest.raises(WillNotSign, match="are not those that were signed"):
        await Attestor(SERVICE, "", key, lambda: NOW).sign(writer, tree)
    part = await check_log(owner, [key.signer.verifier])
    assert {f.code for f in part.faults} >= {"root_differs"}
    await offer(writer, unit(new_id(), 0))
    await tree.grow(writer)
    proof = await consistency(writer, before.size, tree.size)
    with pytest.raises(ProofInvalid):
        check_consistency(before.size, tree.size, before.root, tree.frontier.root(), proof)


@pytest.mark.attack(
    what="超级用户持日志密钥重签改写后的历史 (F31): re-signs a fork with the log's own key",
    by="见证方 422 并留证；要求会签数的验证 witnesses answer 422 and keep the fork; quorum",
)
async def test_with_the_key_only_witnesses_can_tell(
    owner: Connection, writer: Connection, pool: Pool, key: LogKey,
    witnesses: dict[str, Witness],
) -> None:  # fmt: skip
    await lived(writer, key)
    await cosigned(pool, witnesses)
    kept = {url: one.kept(key.origin) for url, one in witnesses.items()}
    await rewrite(owner)
    for table in ("checkpoints", "cosignatures"):
        await owner.execute(f"DELETE FROM {table}")
    key.memory.file.unlink()  # he has the machine too
    await offer(writer, unit(new_id(), 0))
    forked = await signed_now(writer, key)
    _, note = await newest(pool)
    assert trusted(note, policy(key, witnesses, "none")).checkpoint.size == forked.size
    with pytest.raises(QuorumMissing):
        trusted(note, policy(key, witnesses, "both"))
    await cosigned(pool, witnesses)  # refused: it does not follow
    with pytest.raises(QuorumMissing):
        trusted((await newest(pool))[1], policy(key, witnesses, "both"))
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        for url, one in witnesses.items():
            known = kept[url]
            assert known is not None
            proof = tuple(await consistency(pool, known.size, forked.size))
            sent = str(Submission(known.size, proof, note))
            answer = await client.post(f"{url}/add-checkpoint", content=sent.encode())
            assert answer.status_code == 422
            assert one.kept(key.origin) == known
            assert any(
                str(note) in file.read_text() for file in (one.folder / "evidence").iterdir()
            )


@pytest.mark.attack(
    what="恢复到较早时点后继续签名 (F14): a restored, shorter log goes on signing",
    by="签名守卫：末次签名存于库外 signing guard: the last signature is kept outside",
)
async def test_a_log_restored_to_an_earlier_point_is_not_signed(
    owner: Connection, writer: Connection, key: LogKey
) -> None:
    await lived(writer, key)
    await owner.execute("ALTER EVENT TRIGGER log_guards_stand DISABLE")
    await owner.execute("SET session_replication_role = replica")
    await owner.execute("ALTER TABLE events DISABLE TRIGGER ALL")
    await owner.execute("DELETE FROM events WHERE position > 8")
    await owner.execute("DELETE FROM checkpoints")
    await owner.execute("DELETE FROM cursors WHERE reader = 'tree'")
    await owner.execute("ALTER TABLE events ENABLE TRIGGER ALL")
    tree = await Tree.load(writer)
    await tree.grow(writer)
    with pytest.raises(WillNotSign, match="restored to an earlier point"):
        await Attestor(SERVICE, "", key, lambda: NOW).sign(writer, tree)
    # and when it has grown past the size again, it is another history
    await offer(writer, *(unit(new_id(), 0, "{}", "{}", "{}") for _ in range(2)))
    await tree.grow(writer)
    with pytest.raises(WillNotSign, match="are not those that were signed"):
        await Attestor(SERVICE, "", key, lambda: NOW).sign(writer, tree)


@pytest.mark.attack(
    what="删掉中间或末尾的行: rows are deleted from the middle or the end",
    by="核对：位置、链、已签长度 onefile check: positions, chain, signed size",
)
@pytest.mark.parametrize(
    ("gone", "code"), [("position = 6", "gap"), ("position > 9", "signed_more")]
)
async def test_a_deleted_row_is_missed(
    owner: Connection, writer: Connection, key: LogKey, gone: str, code: str
) -> None:
    await lived(writer, key)
    await owner.execute("ALTER EVENT TRIGGER log_guards_stand DISABLE")
    await owner.execute("SET session_replication_role = replica")
    await owner.execute("ALTER TABLE events DISABLE TRIGGER ALL")
    await owner.execute(f"DELETE FROM events WHERE {gone}")
    part = await check_log(owner, [key.signer.verifier])
    assert code in {fault.code for fault in part.faults}


@pytest.mark.attack(
    what="替换检查点文本或改签: somebody else's key, or another text, under a checkpoint",
    by="已知公钥 the pinned key",
)
async def test_a_checkpoint_of_another_key_or_text_is_not_believed(
    writer: Connection, pool: Pool, key: LogKey, tmp_path: Path
) -> None:
    await lived(writer, key)
    _, note = await newest(pool)
    file = tmp_path / "other.key"
    file.write_bytes(b"x" * 32)
    stranger = log_key(file, "log.example", SERVICE)
    known = [key.signer.verifier]
    with pytest.raises(NoteInvalid):
        believed(signed(note.text, [stranger.signer]), known)
    with pytest.raises(NoteInvalid):
        believed(replace(note, text=note.text.replace("\n12\n", "\n13\n")), known)
    with pytest.raises(NoteInvalid):  # a known name and id with a signature that does not fit
        one = note.signatures[0]
        believed(replace(note, signatures=(replace(one, signature=b"s" * 64),)), known)


LIES: dict[str, Any] = {
    "another leaf": lambda p, leaf: (replace(p, index=p.index), sha256(b"other").digest()),
    "another index": lambda p, leaf: (replace(p, index=p.index ^ 1), leaf),
    "a longer path": lambda p, leaf: (replace(p, path=(*p.path, b"x" * 32)), leaf),
    "a shorter path": lambda p, leaf: (replace(p, path=p.path[:-1]), leaf),
    "a swapped path": lambda p, leaf: (replace(p, path=p.path[::-1]), leaf),
    "an index outside": lambda p, leaf: (replace(p, index=10**6), leaf),
}


@pytest.mark.attack(
    what="服务器说谎：别的叶、别的位置、长短不一的路径: a lying server proves something else",
    by="包含证明 inclusion proof, checked by the client",
)
@pytest.mark.parametrize("lie", LIES)
async def test_a_lying_server_proves_nothing(
    writer: Connection, pool: Pool, key: LogKey, lie: str
) -> None:
    await lived(writer, key, 4)
    size, note = await newest(pool)
    root = read_checkpoint(note).root
    leaf = await writer.fetchval("SELECT leafhash FROM events WHERE position = 6")
    true = LeafProof(5, tuple(await inclusion(pool, 5, size)), note)
    check_inclusion(leaf, true.index, size, list(true.path), root)
    told, said = LIES[lie](true, leaf)
    with pytest.raises(ProofInvalid):
        check_inclusion(said, told.index, size, list(told.path), root)


@pytest.mark.attack(
    what="B85 坏检查点：更小、错根、未知源、坏签名、65 个签名: bad checkpoints to a witness",
    by="见证协议 400/403/404/409/422 the witness protocol",
)
async def test_a_witness_cosigns_no_bad_checkpoint(
    writer: Connection, pool: Pool, key: LogKey, witnesses: dict[str, Witness], tmp_path: Path
) -> None:
    await lived(writer, key)
    await cosigned(pool, witnesses)
    size, note = await newest(pool)
    url, witness = next(iter(witnesses.items()))
    signer, origin = key.signer, key.origin
    file = tmp_path / "other.key"
    file.write_bytes(b"x" * 32)
    stranger = log_key(file, "other.example", SERVICE)
    unsigned = replace(note, signatures=(replace(note.signatures[0], signature=b"s" * 64),))
    many = "".join(f"— w{n} {'A' * 92}\n" for n in range(65))
    wrong = b"r" * 32
    other = stranger.origin
    smaller = signed(str(Checkpoint(origin, 3, wrong)), [signer])
    forked = signed(str(Checkpoint(origin, size, wrong)), [signer])
    foreign = signed(str(Checkpoint(other, 1, wrong)), [stranger.signer])
    bad = {
        "smaller": (409, Submission(0, (), smaller)),
        "wrong root": (422, Submission(size, (), forked)),
        "unknown origin": (404, Submission(0, (), foreign)),
        "bad signature": (403, Submission(size, (), unsigned)),
        "old beyond": (400, Submission(size + 5, (), note)),
        "65 signatures": (400, f"old {size}\n\n{note.text}\n{many}"),
    }  # fmt: skip
    before = witness.kept(origin)
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        for name, (status, sent) in bad.items():
            answer = await client.post(f"{url}/add-checkpoint", content=str(sent).encode())
            assert answer.status_code == status, (name, answer.text)
    assert witness.kept(origin) == before
    evidence = [file.read_text() for file in (witness.folder / "evidence").iterdir()]
    assert len(evidence) == 1  # what the log itself signed and contradicts
