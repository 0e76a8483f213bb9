"""How does a bench run a box: as a process of its own, beside the one that measures?"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from contracts.subjects import SERVICES
from services.onebox.backup import superuser
from services.onebox.own_servers import dsn_on

PATIENCE = 60.0


class Box:
    """`onefile up` on a home; `addresses` and `issuer` are known once it is up."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.addresses: dict[str, str] = {}
        self.issuer = ""
        self._process: Process | None = None

    async def start(self) -> None:
        """Returns when it is up."""
        state = self.home / "box.json"
        state.unlink(missing_ok=True)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.cli", "up", "--home", str(self.home), stdout=DEVNULL
        )
        while not state.exists():
            assert self._process.returncode is None, f"{self.home}: the box ended, see its log"
            await asyncio.sleep(0.1)
        told = json.loads(state.read_text())
        self.addresses, self.issuer = told["addresses"], told["issuer"]

    async def stop(self) -> None:
        """Ends it in order."""
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await asyncio.wait_for(self._process.wait(), PATIENCE)

    async def busy(self, seconds: float = 3.0) -> float:
        """How much of one core its own process uses, over a while."""
        assert self._process is not None
        stat, hertz = Path(f"/proc/{self._process.pid}/stat"), os.sysconf("SC_CLK_TCK")
        before = sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13]))
        await asyncio.sleep(seconds)
        after = sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13]))
        return (after - before) / hertz / seconds

    async def ask(
        self, question: str, services: Sequence[str] = SERVICES
    ) -> list[list[dict[str, Any]]]:
        """The rows that the database of each service answers."""
        found = []
        async with superuser(self.home, lambda _: None) as (admin, _):
            for name in services:
                connection = await asyncpg.connect(dsn_on(admin, f"onefile_{name}"))
                found.append([dict(row) for row in await connection.fetch(question)])
                await connection.close()
        return found
