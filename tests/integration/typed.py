"""A command as somebody types it: `onefile …` in a folder where a box runs."""

import asyncio
import json
import os
import sys
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.world import World

ONEFILE = (sys.executable, "-c", "from services.cli import main; main()")


async def typed(
    w: World, folder: Path, *words: str, person: str = "auditor"
) -> tuple[int, str]:
    """How it ended and what it said, in a folder whose `.onefile/box` is the running world."""
    home = folder / ".onefile" / "box"
    home.mkdir(parents=True, exist_ok=True)
    told = {"addresses": w.addresses, "issuer": w.addresses["issuer"]}
    (home / "box.json").write_text(json.dumps({**told, "tokens": {"auditor": w.token(person)}}))
    known = {k: v for k, v in os.environ.items() if not k.startswith("ONEFILE_")}
    started = await asyncio.create_subprocess_exec(
        *ONEFILE, *words, cwd=folder, env={**known, "PYTHONPATH": str(REPOSITORY)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await started.communicate()
    return started.returncode or 0, said.decode()
