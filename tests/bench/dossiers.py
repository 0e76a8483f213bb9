"""How long does a stranger need to verify a dossier of 10 000 facts offline?"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from services.archive.domain.dossier import write
from services.archive.verifier import PROGRAM
from shared.effects import monotonic
from tests.unit.archive.dossiers import policy
from tests.unit.archive.films import course, film

EVENTS = 10_000
ROUNDS = 3
BARE = "import sys; sys.modules['cryptography'] = None; import runpy; sys.argv = sys.argv[1:];"
LIMITS = {"stdlib_s": 3.0, "cryptography_s": 1.0}
"""Seconds, on two shared cores."""


def made(folder: Path, events: int = EVENTS) -> Path:
    """A dossier of so many events: half are facts, half their entries on file. And the policy."""
    file = folder / "one.zip"
    with file.open("wb") as out:
        write(film(extra=events // 2 - len(course())), out)
    (folder / "policy.txt").write_text(policy())
    return file


def verified(events: int = EVENTS) -> dict[str, float]:
    """Seconds of the whole program, start to end, with the standard library alone and with more."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = made(folder, events)
        found: dict[str, float] = {"size_mb": round(file.stat().st_size / 1e6, 1)}
        for name, bare in (("stdlib", True), ("cryptography", False)):
            took = [_run(file, bare=bare) for _ in range(ROUNDS)]
            found[f"{name}_s"] = round(median(wall for wall, _ in took), 2)
            found[f"{name}_cpu_s"] = round(median(cpu for _, cpu in took), 2)
    return found


def _run(file: Path, *, bare: bool) -> tuple[float, float]:
    """Seconds by the clock on the wall, and of the processor."""
    arguments = [str(PROGRAM), str(file), "--policy", str(file.with_name("policy.txt"))]
    if bare:
        code = f"{BARE} runpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
        arguments = ["-c", code, *arguments]
    before, began = getrusage(RUSAGE_CHILDREN), monotonic()
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False
    )
    took, after = monotonic() - began, getrusage(RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stdout + done.stderr
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return took, cpu


if __name__ == "__main__":
    print(json.dumps({**verified(), "limits": LIMITS}))
