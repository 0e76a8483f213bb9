"""How do others watch a log: a witness that cosigns what follows, and a log that asks witnesses?"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx
import structlog
from fastapi import FastAPI, Request, Response
from nats.aio.client import Client
from nats.errors import Error as NatsError
from prometheus_client import Gauge

from shared.effects import Clock, monotonic
from shared.eventstore.postgres import Pool, lost
from shared.eventstore.tree import FIRST, Kind, consistency
from shared.tlog.checkpoint import Checkpoint, Submission, read_checkpoint, read_submission
from shared.tlog.note import (
    NoteInvalid,
    Signer,
    Verifier,
    believed,
    read_lines,
    read_note,
    read_vkey,
)
from shared.tlog.witness import answered

log = structlog.get_logger()

LARGEST = 64 << 10
EVERY = 5.0
"""Seconds between two rounds of asking."""
COSIGNED = Gauge("onefile_cosigned_size", "size a witness has cosigned", ["service", "witness"])
UNSEEN = Gauge(
    "onefile_uncosigned_seconds",
    "age of the oldest checkpoint no witness has seen",
    ["service"],
)
HEARTBEAT = 3_600.0
"""Seconds after which a witness is asked for the same size again: only its line says the time."""
OLD = 3_600.0
"""Seconds after which a checkpoint that no witness has seen is an alarm (默认值)."""
NATS = "nats:"
"""A witness at `nats:<subject>` is asked over the bus; the answer is status, newline, body."""

_NEWEST = """
    SELECT origin, size, note FROM checkpoints WHERE origin = origin_v1($1)
    ORDER BY size DESC LIMIT 1
"""
_LAST = """
    SELECT coalesce(max(size), 0) AS size,
           coalesce(extract(epoch FROM clock_timestamp() - max(at)), 0)::float8 AS age
    FROM cosignatures WHERE witness = $1 AND origin = $2
"""
_UNSEEN = """
    SELECT coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float8 FROM checkpoints
    WHERE origin = origin_v1($1) AND size > (
        SELECT coalesce(max(size), 0) FROM cosignatures WHERE origin = origin_v1($1)
    )
"""
_KEEP = """
    INSERT INTO cosignatures (origin, size, witness, line) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING
"""


@dataclass
class Witness:
    """One witness (见证方): its keys, the logs it follows, and what it has cosigned of each.

    `folder` holds one file per log, replaced whole and flushed before the cosignature is given,
    and `evidence/` every submission that a log signed and that contradicts what is kept.
    """

    folder: Path
    signers: Sequence[Signer]
    logs: Sequence[Verifier]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def add(self, source: str, now: int) -> Response:
        """The protocol's answer to a submission; one at a time, so that none overtakes another."""
        async with self._turn:
            origin = _origin_of(source)
            answer = answered(source, self.logs, self.kept(origin), self.signers, now)
            if answer.evidence:
                self._keep(
                    self.folder / "evidence" / sha256(source.encode()).hexdigest(), source
                )
            if answer.accepted:
                note = read_submission(source).note.plus(*read_lines(answer.body))
                self._keep(self._file(origin), str(note))
            kind = "text/x.tlog.size" if answer.status == 409 else "text/plain; charset=utf-8"
            return Response(answer.body, answer.status, media_type=kind)

    def kept(self, origin: str) -> Checkpoint | None:
        """What was cosigned last of a log."""
        text = self.shown(sha256(origin.encode()).hexdigest())
        return read_checkpoint(read_note(text)) if text else None

    def shown(self, origin_hash: str) -> str | None:
        """The newest cosigned checkpoint of a log, by the hash of its origin."""
        try:
            return (self.folder / f"{origin_hash}.checkpoint").read_text()
        except FileNotFoundError:
            return None

    def _file(self, origin: str) -> Path:
        return self.folder / f"{sha256(origin.encode()).hexdigest()}.checkpoint"

    def _keep(self, file: Path, text: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(file.name + ".new")
        with fresh.open("w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)


def _origin_of(source: str) -> str:
    """The origin a submission names; nothing is believed of it yet."""
    _, _, note = source.partition("\n\n")
    return note.partition("\n")[0]


def witness_app(witness: Witness, clock: Clock) -> FastAPI:
    """A witness over HTTP (C2SP tlog-witness)."""
    app = FastAPI(title="onefile witness", docs_url=None, redoc_url=None, openapi_url=None)

    @app.post("/add-checkpoint")
    async def add(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                return Response("larger than 64 KiB\n", 413)
        try:
            source = body.decode()
        except UnicodeDecodeError:
            return Response("not UTF-8\n", 400)
        return await witness.add(source, int(clock().timestamp()))

    @app.get("/{origin_hash}/checkpoint")
    async def shown(origin_hash: str) -> Response:
        known = len(origin_hash) == 64 and set(origin_hash) <= set("0123456789abcdef")
        text = witness.shown(origin_hash) if known else None
        return Response(text or "nothing cosigned of that log\n", 200 if text else 404)

    return app


class Cosigning:
    """A log asks its witnesses to cosign; it never waits for them, and says when they are silent."""

    def __init__(
        self,
        service: str,
        pool: Pool,
        witnesses: Mapping[str, str],
        bus: Client | None = None,
        kind: Kind = FIRST,
    ) -> None:
        self._pool, self._bus, self._kind = pool, bus, kind
        self.service = service if kind is FIRST else f"{service}/{kind.suite.name}"
        self._said = -OLD
        self._witnesses = {read_vkey(vkey): url.rstrip("/") for vkey, url in witnesses.items()}

    async def run(self) -> None:
        """Ask until cancelled."""
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            while True:
                for key, url in self._witnesses.items():
                    try:
                        await self.ask(client, key, url)
                    except (httpx.HTTPError, NatsError, NoteInvalid, ValueError) as error:
                        log.warning("witness_silent", witness=key.name, error=repr(error))
                    except Exception as error:
                        if not lost(error):
                            raise
                await self.watch()
                await asyncio.sleep(EVERY)

    async def watch(self) -> float:
        """Seconds for which the log says what no witness has seen; an alarm every hour of it."""
        try:
            age: float = await self._pool.fetchval(_UNSEEN, self._kind.suite.name)
        except Exception as error:
            if not lost(error):
                raise
            return 0.0
        UNSEEN.labels(self.service).set(age)
        if age > OLD and monotonic() - self._said >= OLD:
            self._said = monotonic()
            log.critical("cosignature_old", service=self.service, seconds=round(age))
        return age

    async def ask(self, client: httpx.AsyncClient, key: Verifier, url: str) -> None:
        """One witness, from the size it knows to the newest checkpoint; raises `NoteInvalid`."""
        row = await self._pool.fetchrow(_NEWEST, self._kind.suite.name)
        if row is None or row["size"] == 0:
            return
        last = await self._pool.fetchrow(_LAST, key.name, row["origin"])
        assert last is not None
        old = last["size"]
        if row["size"] < old or (row["size"] == old and last["age"] < HEARTBEAT):
            return  # a log that does not grow is seen again every hour: silence is no health
        status, said = await self._submit(client, url, old, row["size"], row["note"])
        if status == 409:  # it remembers more, or less, than we do
            old = int(said)
            if old > row["size"]:
                log.error("witness_ahead", witness=key.name, size=old)
                return
            status, said = await self._submit(client, url, old, row["size"], row["note"])
        if status != 200:
            log.error("witness_refuses", witness=key.name, status=status, said=said[:200])
            return
        lines = read_lines(said)
        believed(read_note(row["note"]).plus(*lines), [key])
        for one in lines:
            if (one.name, one.id) == (key.name, key.id):
                await self._pool.execute(_KEEP, row["origin"], row["size"], key.name, str(one))
        COSIGNED.labels(self.service, key.name).set(row["size"])

    async def _submit(
        self, client: httpx.AsyncClient, url: str, old: int, new: int, note: str
    ) -> tuple[int, str]:
        proof = tuple(await consistency(self._pool, old, new, self._kind))
        text = str(Submission(old, proof, read_note(note))).encode()
        if url.startswith(NATS):
            if self._bus is None:
                raise NoteInvalid("a witness on the bus, and no bus")
            reply = await self._bus.request(url.removeprefix(NATS), text, timeout=10)
            status, _, said = reply.data.decode().partition("\n")
            return int(status), said
        answer = await client.post(f"{url}/add-checkpoint", content=text)
        return answer.status_code, answer.text
