"""When is a store checked, who is told, and how is the result kept so that it can be believed?"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any

import orjson
import structlog
from nats.aio.client import Client
from prometheus_client import Gauge

from shared.attesting import LogKey
from shared.checking import Beside, Part, check_log, check_stream, check_views
from shared.effects import Clock
from shared.eventstore.postgres import connect, lost
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
    INSERT INTO checks (began, upto, found, report, note) VALUES ($1, $2, $3, $4, $5)
    RETURNING number
"""
_LAST = "SELECT began FROM checks ORDER BY number DESC LIMIT 1"
_TRY = "SELECT pg_try_advisory_lock(hashtext('onefile.check'))"


class Busy(Exception):
    """A check of this store is under way already."""


@dataclass
class Checker:
    """Checks one store every night, and when somebody asks. Reads alone, but for its result."""

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

    async def run(self) -> None:
        """Check at night until cancelled; a link that breaks only puts it off."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                if await self._due():
                    await self.check()
            except Busy:
                pass
            except Exception as error:
                if not lost(error):
                    raise
                log.warning("check_waits", service=self.service, error=repr(error))

    async def _due(self) -> bool:
        now = self.clock().astimezone(LEGAL_ZONE)
        night = datetime.combine(now.date(), NIGHT, LEGAL_ZONE)
        night = night if night <= now else night - timedelta(days=1)
        connection = await connect(self.dsn)
        try:
            last = await connection.fetchval(_LAST)
        finally:
            connection.terminate()
        return last is None or last < night

    async def check(self) -> dict[str, Any]:
        """Log, views and stream, one after another; the kept report. Raises `Busy`."""
        if self.running:
            raise Busy
        self.running, self.progress = True, {}
        connection = await connect(self.dsn)
        try:
            if not await connection.fetchval(_TRY):
                raise Busy
            began = self.clock()
            keys = [one.signer.verifier for one in (self.key, self.second) if one]
            parts = {"log": await check_log(connection, keys, self._told)}
            parts["views"] = await check_views(
                self.dsn, self.projections, self.beside, self._told
            )
            if self.bus is not None:
                parts["stream"] = await check_stream(
                    self.service, connection, self.bus, self._told
                )
            return await self._kept(connection, began, parts)
        finally:
            connection.terminate()
            self.running = False

    def _told(self, part: str, done: int, whole: int) -> None:
        self.progress[part] = done, whole

    async def _kept(
        self, connection: Any, began: datetime, parts: dict[str, Part]
    ) -> dict[str, Any]:
        """The result beside a note of the log key over its hash; alarms where something differs."""
        found = sum(part.found for part in parts.values())
        report = {
            "service": self.service,
            "began": began.isoformat(),
            "upto": parts["log"].upto,
            "found": found,
            "parts": {name: asdict(part) for name, part in parts.items()},
        }
        text = orjson.dumps(report, option=orjson.OPT_SORT_KEYS).decode()
        note = None
        if self.key is not None:
            said = (
                f"{self.key.origin}/check\n{parts['log'].upto}\n{found}\n"
                f"{sha256(text.encode()).hexdigest()}\n"
            )
            now = int(self.clock().timestamp())
            note = str(signed(said, [self.key.signer], now))
        number = await connection.fetchval(_KEEP, began, parts["log"].upto, found, text, note)
        for name, part in parts.items():
            FOUND.labels(self.service, name).set(part.found)
        ENDED.labels(self.service).set(self.clock().timestamp())
        if found:
            log.critical("store_differs", service=self.service, found=found)
        else:
            log.info("store_checked", service=self.service, upto=parts["log"].upto)
        return {"number": number, "report": text, "note": note}
