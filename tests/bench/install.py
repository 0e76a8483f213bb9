"""Which peers can be had on this machine, and in which versions?"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".onefile" / "bench"
VENV = HOME / "venv"
PYTHON = VENV / "bin" / "python"
NPM = HOME / "npm"

WHEELS = (
    "eventsourcing[postgres]==9.5.6",
    "psycopg[binary]==3.3.9",
    "umadb==0.7.8",
    "asyncpg==0.32.0",
    "uvloop==0.23.0",
)
PACKAGES = (
    "@event-driven-io/emmett-postgresql@0.42.0",
    "@event-driven-io/emmett@0.42.0",
    "@event-driven-io/pongo@0.16.11",
    "pg@8.23.1",
    "@eventide/message-db@1.3.1",
)
NEEDS_NPM = ("message_db", "emmett")
NEEDS_VENV = ("es", "message_db", "umadb")


@dataclass(frozen=True, slots=True)
class Installed:
    """What is there: program versions by name, and why a peer is left out by peer."""

    versions: dict[str, str]
    left_out: dict[str, str]


def _run(command: list[str | Path]) -> str | None:
    """None when the command succeeded, else the last line it said."""
    env = dict(os.environ, UV_PYTHON_DOWNLOADS="never")
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, env=env, timeout=600
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        return str(failure)
    if done.returncode == 0:
        return None
    return ((done.stderr + done.stdout).strip().splitlines() or ["no message"])[-1]


def _install(
    kind: str, wanted: tuple[str, ...], commands: list[list[str | Path]]
) -> str | None:
    """Run the commands unless the same pins are installed already; the reason of a failure."""
    stamp = HOME / f"{kind}.json"
    if stamp.exists() and json.loads(stamp.read_text()) == list(wanted):
        return None
    for command in commands:
        if reason := _run(command):
            return f"`{Path(command[0]).name} {command[1]}` failed: {reason}"
    stamp.write_text(json.dumps(wanted))
    return None


def _wheels() -> str | None:
    beside = Path(sys.executable).parent / "uv"
    uv = beside if beside.exists() else shutil.which("uv")
    if uv is None:
        return "uv is not on PATH: install it with `pip install uv`"
    return _install(
        "wheels",
        WHEELS,
        [
            [uv, "venv", "--clear", "--quiet", "--python", sys.executable, VENV],
            [uv, "pip", "install", "--quiet", "--python", PYTHON, *WHEELS],
        ],
    )


def _packages() -> str | None:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "node and npm are not on PATH: install them with `apt-get install nodejs npm`"
    install: list[str | Path] = [
        npm,
        "install",
        "--no-audit",
        "--no-fund",
        "--prefix",
        NPM,
        *PACKAGES,
    ]
    return _install("packages", PACKAGES, [install])


def _versions(venv: bool, npm: bool) -> dict[str, str]:
    versions = {}
    for pin in (WHEELS if venv else ()) + (PACKAGES if npm else ()):
        name, _, version = pin.replace("==", "@").rpartition("@")
        versions[name] = version
    if npm:
        versions["node"] = subprocess.check_output(["node", "--version"], text=True).strip()
    return versions


def ensure(peers: list[str]) -> Installed:
    """Install what these peers need into `.onefile/bench`, once for each set of pins.

    A peer that cannot be installed is returned in `left_out` with the reason.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    needs_venv, needs_npm = ({*peers} & {*need} for need in (NEEDS_VENV, NEEDS_NPM))
    no_venv = _wheels() if needs_venv else None
    no_npm = _packages() if needs_npm else None
    left_out = {peer: no_venv for peer in needs_venv if no_venv}
    left_out |= {peer: no_npm for peer in needs_npm if no_npm}
    versions = _versions(bool(needs_venv) and not no_venv, bool(needs_npm) and not no_npm)
    return Installed(versions, left_out)
