"""How does a service vouch for its log: grow the tree, and sign only what can never be unsaid?"""

import asyncio
import contextlib
import json
import os
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from prometheus_client import Gauge

from shared.effects import Clock, monotonic
from shared.eventstore.postgres import Connection, connect, lost
from shared.eventstore.tree import BATCH, FIRST, Kind, LogAltered, Tree, root_at
from shared.tlog.checkpoint import Checkpoint
from shared.tlog.merkle import SM3, sm3
from shared.tlog.note import Ed25519Signer, MlDsaSigner, Signer, signed

log = structlog.get_logger()

POLL = 1.0
TURN = 0.2
"""Seconds between two looks at a log that grows all the time: a tree in batches is cheap."""
EVERY = 5.0
"""Seconds between two signatures while the log grows."""
HEARTBEAT = 3_600.0
"""Seconds after which the same size is signed again: silence must not look like health."""
SIZE = Gauge("onefile_tree_size", "leaves of the log's tree", ["service"])
SIGNED = Gauge("onefile_checkpoint_size", "size of the newest signed checkpoint", ["service"])
SIGNED_AT = Gauge(
    "onefile_checkpoint_signed_seconds", "when the log was last signed (unix time)", ["service"]
)

_TRY_TO_LEAD = "SELECT pg_try_advisory_lock(hashtext('onefile.' || $1))"
_KEEP = """
    INSERT INTO checkpoints (size, root, note) VALUES ($1, $2, $3)
    ON CONFLICT (origin, size) DO NOTHING
"""


class WillNotSign(Exception):
    """Signing would contradict what was signed before; the message says how to go on."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The last signature, kept in a file outside the database (签名守卫).

    A restored or lossy database is shorter than, or differs from, what stands here.
    """

    file: Path

    def last(self) -> Checkpoint | None:
        """What was signed last; None before the first time."""
        try:
            kept = json.loads(self.file.read_text())
        except FileNotFoundError:
            return None
        return Checkpoint(kept["origin"], kept["size"], bytes.fromhex(kept["root"]))

    def keep(self, checkpoint: Checkpoint) -> None:
        """On disk before the signature leaves: whole or not at all."""
        text = json.dumps(
            {
                "origin": checkpoint.origin,
                "size": checkpoint.size,
                "root": checkpoint.root.hex(),
            }
        )
        fresh = self.file.with_name(self.file.name + ".new")
        with fresh.open("w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self.file)
        folder = os.open(self.file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True, slots=True)
class LogKey:
    """By which name and key a log signs, and where its last signature is remembered."""

    origin: str
    signer: Signer
    memory: Memory
    beside: tuple[Signer, ...] = ()
    """Further keys that sign the same checkpoints: a post-quantum one, or a device's."""


def log_key(file: Path, origin: str, service: str, memory: Path | None = None) -> LogKey:
    """The key of `service`'s log: 32 bytes in a 0600 file; raises ValueError with the remedy.

    What was signed last is kept in the folder `memory`, or beside the key. A file
    `<name>.mldsa44` beside the key, 32 bytes too, lets the log sign with ML-DSA-44 as well.
    """
    seed, name = _seed(file), f"{origin}/{service}"
    signer = Ed25519Signer(name, Ed25519PrivateKey.from_private_bytes(seed))
    kept = Memory((memory or file.parent) / f"{file.stem}.{service}.last")
    return LogKey(name, signer, kept, _beside(file.with_name(f"{file.stem}.mldsa44"), name))


type Device = Callable[[str, Path], Signer]
"""Makes the signer of a log's name; the folder is that of the log key. May be a device's driver."""


def second_key(
    file: Path, origin: str, service: str, memory: Path | None = None, device: str | None = None
) -> LogKey:
    """The key of the second tree (SM3), whose name ends in `/sm3`; made of the same seed.

    `device` is `module:function`, a `Device` whose line stands beside ours: an SM2 key in a
    certified device (密码机). Raises ValueError with the remedy.
    """
    if sm3() is None:
        raise ValueError(
            "本机的 OpenSSL 没有 SM3：请去掉 ONEFILE_SECOND_TREE · "
            "this machine's OpenSSL has no SM3: unset ONEFILE_SECOND_TREE"
        )
    name = f"{origin}/{service}/{SM3.name}"
    own = sha256(b"onefile sm3\x00" + name.encode() + _seed(file)).digest()
    signer = Ed25519Signer(name, Ed25519PrivateKey.from_private_bytes(own))
    kept = Memory((memory or file.parent) / f"{file.stem}.{service}.{SM3.name}.last")
    beside = _beside(file.with_name(f"{file.stem}.mldsa44"), name)
    return LogKey(name, signer, kept, (*beside, *_by_device(device, name, file.parent)))


def _by_device(device: str | None, name: str, folder: Path) -> tuple[Signer, ...]:
    if device is None:
        return ()
    module, _, function = device.partition(":")
    try:
        make: Device = getattr(import_module(module), function)
        signer = make(name, folder)
        signer.verifier.verified(_TRIAL.format(name), signer.sign(_TRIAL.format(name), 1))
    except Exception as error:
        raise ValueError(
            f"ONEFILE_LOG_SIGNER {device} 做不出可用的签名者：请写本机已装的 module:function，"
            "并确认其密钥或设备在位 · "
            f"ONEFILE_LOG_SIGNER {device} makes no signer that works ({error}): name "
            "module:function, installed here, and see that its key or device is there"
        ) from error
    return (signer,)


_TRIAL = "{}\n0\n" + b64encode(bytes(32)).decode() + "\n"


def _seed(file: Path) -> bytes:
    seed = file.read_bytes()
    if len(seed) != 32:
        raise ValueError(
            f"{file} 应恰为 32 字节：请从其备份恢复日志密钥；换新密钥须换日志名并告知所有读者 · "
            f"{file} must hold exactly 32 bytes: restore the log key from its own backup. A new "
            "key means a new origin, which every reader must be told."
        )
    return seed


def _beside(file: Path, name: str) -> tuple[Signer, ...]:
    """The post-quantum key of a log, made from the one seed of all logs; raises ValueError."""
    if not file.exists():
        return ()
    seed = file.read_bytes()
    if len(seed) != 32:
        raise ValueError(
            f"{file} 应恰为 32 字节：请恢复，或删去 · "
            f"{file} must hold exactly 32 bytes: restore it, or remove it"
        )
    own = sha256(b"onefile ml-dsa-44\x00" + name.encode() + seed).digest()
    return (MlDsaSigner.from_seed(name, own),)


class Attestor:
    """One per service and tree by a session lock: grows the tree and signs checkpoints.

    `refused` is why it does not sign, for people; reads go on meanwhile.
    """

    def __init__(
        self, service: str, dsn: str, key: LogKey | None, clock: Clock, kind: Kind = FIRST
    ) -> None:
        self._dsn, self._key, self._clock, self._kind = dsn, key, clock, kind
        self.service = service if kind is FIRST else f"{service}/{kind.suite.name}"
        self._wake = asyncio.Event()
        self.refused: str | None = None
        self._signed: tuple[float, int] | None = None

    @property
    def vkey(self) -> str | None:
        """What readers pin; None where nothing is signed."""
        return self._key.signer.verifier.vkey if self._key else None

    @property
    def vkeys(self) -> list[str]:
        """Every key that signs this log, the one to pin first."""
        if self._key is None:
            return []
        return [one.verifier.vkey for one in (self._key.signer, *self._key.beside)]

    async def run(self) -> None:
        """Attest until cancelled; a link that breaks is made again."""
        while True:
            connection: Connection | None = None
            try:
                connection = await connect(self._dsn)
                await self._attest(connection)
            except Exception as error:
                if not lost(error):
                    raise
                log.warning("tree_waits", service=self.service, error=repr(error))
                await asyncio.sleep(POLL)
            finally:
                if connection is not None:
                    connection.terminate()

    async def _attest(self, connection: Connection) -> None:
        lock = self._kind.reader
        while not await connection.fetchval(_TRY_TO_LEAD, lock):  # noqa: ASYNC110 - held elsewhere
            await asyncio.sleep(POLL)
        tree = await Tree.load(connection, self._kind)
        await connection.add_listener("events", lambda *_: self._wake.set())
        while True:
            self._wake.clear()
            try:
                while await tree.grow(connection) == BATCH:
                    pass
                await self.sign(connection, tree)
            except (LogAltered, WillNotSign) as error:
                self._refuse(str(error))
            SIZE.labels(self.service).set(tree.size)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL)
            await asyncio.sleep(TURN)  # many small appends become one batch

    def _refuse(self, why: str) -> None:
        if self.refused != why:
            log.error("log_will_not_sign", service=self.service, why=why)
        self.refused = why

    async def sign(self, connection: Connection, tree: Tree) -> None:
        """Sign the tree if it is time to; raises `WillNotSign`."""
        if self._key is None or not self._due(tree.size):
            return
        last = self._key.memory.last()
        if last is not None:
            await self._consistent(connection, tree, last)
        await _durable(connection)
        checkpoint = Checkpoint(self._key.origin, tree.size, tree.frontier.root())
        signers = [self._key.signer, *self._key.beside]
        note = signed(str(checkpoint), signers, int(self._clock().timestamp()))
        self._key.memory.keep(checkpoint)
        await connection.execute(_KEEP, tree.size, checkpoint.root, str(note))
        self._signed, self.refused = (monotonic(), tree.size), None
        SIGNED.labels(self.service).set(tree.size)
        SIGNED_AT.labels(self.service).set_to_current_time()

    def _due(self, size: int) -> bool:
        if self._signed is None:
            return True
        when, before = self._signed
        return monotonic() - when >= (HEARTBEAT if size == before else EVERY)

    async def _consistent(self, connection: Connection, tree: Tree, last: Checkpoint) -> None:
        assert self._key is not None
        way_out = (
            f"Nothing is signed. Restore the missing rows, or go on under a new origin and tell "
            f"every reader; the last signature is kept in {self._key.memory.file}."
        )
        if last.origin != self._key.origin:
            raise WillNotSign(
                f"the last signature was by {last.origin}, this log is {self._key.origin}. {way_out}"
            )
        if last.size > tree.size:
            raise WillNotSign(
                f"the log of {self.service} holds {tree.size} events and {last.size} were signed: "
                f"it was restored to an earlier point, or a failover lost rows. {way_out}"
            )
        if await root_at(connection, last.size, tree.kind) != last.root:
            raise WillNotSign(
                f"the first {last.size} events of {self.service} are not those that were signed: "
                f"the log was altered, or this is another database. {way_out}"
            )


async def _durable(connection: Connection) -> None:
    """Rows are signed only where a commit waits for the disk, and for a standby if there is one."""
    if await connection.fetchval("SHOW synchronous_commit") in ("off", "local"):
        raise WillNotSign(
            "synchronous_commit is off or local: an acknowledged event can still be lost, so "
            "nothing is signed. Set synchronous_commit=on."
        )
