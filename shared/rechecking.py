"""When is a store checked, who is told, and how is the result kept so that it can be believed?"""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
import structlog
from asyncpg import PostgresError
from nats.aio.client import Client
from prometheus_client import Gauge

from shared.attesting import LogKey
from shared.checked import Teller
from shared.checking import Beside, Part, check_log, check_results, check_stream, check_views
from shared.effects import Clock
from shared.eventstore.postgres import COMMAND_TIMEOUT, LOST, Connection, connect, lost
from shared.eventstore.writer import CANNOT_WRITE
from shared.projecting import Project
from shared.tlog.note import signed
from shared.zone import LEGAL_ZONE

log = structlog.get_logger()

NIGHT = time(2, 30)
"""The legal time of day of the nightly check (默认值)."""
LOOK = 60.0
"""Seconds between two looks at the clock."""
FOUND = Gauge("onefile_check_found", "differences the last check found", ["service", "part"])
ENDED = Gauge(
    "onefile_check_ended_seconds", "when the last check ended (unix time)", ["service"]
)

_KEEP = """
    INSERT INTO checks (began, ended, upto, found, report, note)
    VALUES ($1, $2, $3, $4, $5, $6) RETURNING number
"""
_LAST = """
    WITH last AS (SELECT began, ended FROM checks ORDER BY number DESC LIMIT 1),
         first AS (SELECT recorded FROM events WHERE position = 1)
    SELECT coalesce((SELECT began FROM last), (SELECT recorded FROM first)) AS since,
           coalesce((SELECT ended FROM last), (SELECT recorded FROM first)) AS ended
"""
_TRY = "SELECT pg_try_advisory_lock(hashtext('onefile.check'))"
_LET_GO = "SELECT pg_advisory_unlock_all()"


class Busy(Exception):
    """A check of this store is under way already."""


class Result(NamedTuple):
    """What a check found, as it is kept: the report's exact text, and the note over its hash."""

    began: datetime
    ended: datetime
    upto: int
    found: int
    report: str
    note: str | None


@dataclass
class Checker:
    """Checks one store every night, and when somebody asks. Reads alone, but for its result.

    A result is kept as a row beside the log, and then said in the log by `teller`. What a store
    that refuses writes could not take waits here (`unkept`), is logged at once, and is kept and
    said as soon as it can be; a process that ends meanwhile has the check made again.
    """

    service: str
    dsn: str
    projections: Mapping[str, Project]
    beside: Beside
    bus: Client | None
    key: LogKey | None
    clock: Clock
    second: LogKey | None = None
    progress: dict[str, tuple[int, int]] = field(default_factory=dict)
    running: bool = False
    teller: Teller | None = None
    unkept: list[Result] = field(default_factory=list)

    async def run(self) -> None:
        """Check at night until cancelled; a link that breaks, or a server that writes nothing at
        all, not even the copies of the views, only puts it off."""
        while True:
            await self.catch_up()
            await asyncio.sleep(LOOK)
            try:
                if await self._due():
                    await self.check()
            except Busy:
                pass
            except Exception as error:
                if not lost(error) and not isinstance(error, CANNOT_WRITE):
                    raise
                log.warning("check_waits", service=self.service, error=repr(error))

    async def catch_up(self) -> None:
        """Keep and say what could not be kept or said before; what still cannot be, waits."""
        try:
            while self.unkept:
                connection = await connect(self.dsn)
                try:
                    await connection.fetchval(_KEEP, *self.unkept[0])
                finally:
                    connection.terminate()
                del self.unkept[0]
            if self.teller is not None:
                await self.teller.tell()
        except Exception as error:  # the service goes on, and says so every minute
            log.warning("check_not_told", service=self.service, error=repr(error))

    async def _due(self) -> bool:
        """Whether a night has passed since the last check, or since the first event."""
        if self.unkept:
            return False
        now = self.clock().astimezone(LEGAL_ZONE)
        night = datetime.combine(now.date(), NIGHT, LEGAL_ZONE)
        night = night if night <= now else night - timedelta(days=1)
        connection = await connect(self.dsn)
        try:
            last = await connection.fetchrow(_LAST)
        finally:
            connection.terminate()
        if last is None or last["since"] is None:
            return False  # nothing is there to check
        ENDED.labels(self.service).set(last["ended"].timestamp())
        return bool(last["since"] < night)

    async def check(self) -> dict[str, Any]:
        """Log, views and stream, one after another; the kept report. Raises `Busy`."""
        if self.running:
            raise Busy
        self.running, self.progress = True, {}
        try:
            connection = await connect(self.dsn)
            try:
                return await self._checked(connection)
            finally:
                # Its lock goes before anybody hears that no check is under way.
                with contextlib.suppress(Exception):
                    await connection.execute(_LET_GO, timeout=COMMAND_TIMEOUT)
                connection.terminate()
        finally:
            self.running = False

    async def _checked(self, connection: Connection) -> dict[str, Any]:
        if not await connection.fetchval(_TRY):
            raise Busy
        began = self.clock()
        keys = [one.signer.verifier for one in (self.key, self.second) if one]
        parts = {"log": await check_log(connection, keys, self._told)}
        if self.teller is not None:
            await check_results(parts["log"], connection, self.teller.stream)
        parts["views"] = await check_views(self.dsn, self.projections, self.beside, self._told)
        if self.bus is not None:
            parts["stream"] = await check_stream(self.service, connection, self.bus, self._told)
        return await self._kept(connection, began, parts)

    def _told(self, part: str, done: int, whole: int) -> None:
        self.progress[part] = done, whole

    async def _kept(
        self, connection: Any, began: datetime, parts: dict[str, Part]
    ) -> dict[str, Any]:
        """The result beside a note of the log key over its hash; alarms where something differs."""
        result = self._result(began, parts)
        for name, part in parts.items():
            FOUND.labels(self.service, name).set(part.found)
        ENDED.labels(self.service).set(result.ended.timestamp())
        if result.found:
            log.critical("store_differs", service=self.service, found=result.found)
        else:
            log.info("store_checked", service=self.service, upto=result.upto)
        number = None
        try:
            number = await connection.fetchval(_KEEP, *result)
        except (PostgresError, *LOST) as error:
            self.unkept.append(result)
            log.critical("check_not_kept", service=self.service, error=repr(error))
        else:
            await self.catch_up()
        return {"number": number, "report": result.report, "note": result.note}

    def _result(self, began: datetime, parts: dict[str, Part]) -> Result:
        ended, upto = self.clock(), parts["log"].upto
        found = sum(part.found for part in parts.values())
        report = {
            "service": self.service,
            "began": began.isoformat(),
            "upto": upto,
            "found": found,
            "parts": {name: asdict(part) for name, part in parts.items()},
        }
        text = orjson.dumps(report, option=orjson.OPT_SORT_KEYS).decode()
        note = None
        if self.key is not None:
            digest = sha256(text.encode()).hexdigest()
            said = f"{self.key.origin}/check\n{upto}\n{found}\n{digest}\n"
            note = str(signed(said, [self.key.signer], int(ended.timestamp())))
        return Result(began, ended, upto, found, text, note)
