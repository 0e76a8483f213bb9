"""Several processes of one service behind a client that follows their probes, as a cluster has them."""

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from services.onebox.ports import HOST, free_port
from tests.conftest import REPOSITORY
from tests.patience import PATIENCE, START

ONEFILE = (sys.executable, "-c", "from services.cli import main; main()")
BEAT = 0.1
"""Seconds between two looks at a probe: a cluster looks every five, and waits as much longer."""


@dataclass
class Replica:
    """One process of a service, and what its `/readyz` said last."""

    address: str
    process: asyncio.subprocess.Process
    ready: bool = False
    said: list[int] = field(default_factory=list)

    async def look(self, client: httpx.AsyncClient) -> None:
        try:
            status = (await client.get(f"{self.address}/readyz", timeout=5)).status_code
        except httpx.TransportError:
            status = 0
        self.ready = status == 200
        if not self.said or self.said[-1] != status:
            self.said.append(status)

    async def ends(self) -> int:
        """Ask it to end as a cluster does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(START):
            return await self.process.wait()

    def idle(self) -> int:
        """Proportional set size of the process, in bytes."""
        for line in Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no Pss")


class Replicas:
    """What stands before the replicas: whom `/readyz` calls ready gets requests, in turn."""

    def __init__(self, service: str, told: Mapping[str, str]) -> None:
        self.service, self._told = service, dict(told)
        self.all: list[Replica] = []
        self.client = httpx.AsyncClient(timeout=PATIENCE, trust_env=False)
        self._turn = itertools.count()
        self._watching: list[asyncio.Task[None]] = []

    async def start(self, code: Path = REPOSITORY, **more: str) -> Replica:
        """One more, ready to be sent to; of the version that lies in `code`."""
        port = free_port(0)
        process = await asyncio.create_subprocess_exec(
            *ONEFILE, "serve", self.service,
            cwd=code,
            env={**os.environ, **self._told, "ONEFILE_PORT": str(port), **more},
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        one = Replica(f"http://{HOST}:{port}", process)
        self.all.append(one)
        self._watching.append(asyncio.create_task(self._watch(one)))
        async with asyncio.timeout(START):
            while not one.ready:
                assert process.returncode is None, "a replica ended at its start"
                await asyncio.sleep(BEAT)
        return one

    def next(self) -> str:
        """The address of a ready replica."""
        ready = [one for one in self.all if one.ready]
        assert ready, "nobody is ready"
        return ready[next(self._turn) % len(ready)].address

    async def _watch(self, one: Replica) -> None:
        """Follows the probe of one: who is slow to answer it hides no other that leaves."""
        while True:
            await one.look(self.client)
            await asyncio.sleep(BEAT)

    async def stop(self) -> None:
        for watching in self._watching:
            watching.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        for one in self.all:
            if one.process.returncode is None:
                one.process.kill()
                await one.process.wait()
        await self.client.aclose()


@asynccontextmanager
async def replicas(service: str, told: Mapping[str, str]) -> AsyncIterator[Replicas]:
    """No replica yet; whatever was started is ended at the end."""
    these = Replicas(service, told)
    try:
        yield these
    finally:
        await these.stop()
