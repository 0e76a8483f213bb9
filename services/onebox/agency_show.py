"""What does a fresh agency live through: it rebuilds, proves, loses its disk, rebuilds again."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import typer

from services.feeds import cli
from services.onebox.box import Wishes
from services.onebox.child import BEAT
from services.onebox.demo.show import walk_through
from services.onebox.people import demos
from services.onebox.state import State
from services.onebox.up import run

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "contracts" / "client" / "src"
BUREAU = ROOT / "contracts" / "examples" / "agency" / "tax.py"
EVENTS = (
    "supervision.fee_due.v1=fee,item,kind,amount,due_on",
    "supervision.fee_paid.v1=fee,item,amount",
    "intake.service_requested.v1=number",
    "intake.service_accepted.v1=all",
    "supervision.item_decided.v1=item,outcome",
    "supervision.plan_made.v1=all",
)

READ_AGAIN = 60.0
"""Seconds for the box to read agencies.yaml again; it looks every second."""


def show() -> int:
    """`onefile agency demo`: a box of its own in a temporary directory; the exit code."""
    with tempfile.TemporaryDirectory(prefix="onefile-agency-") as folder:
        wishes = Wishes(Path(folder) / "box", any_port=True, durable=False)
        return run(wishes, lambda state: _lived(state, Path(folder)), linger=False)


async def _lived(state: State, folder: Path) -> int:
    if code := await walk_through(state):
        return code
    seed, home = folder / "tax.seed", Path(state.home)
    _admit(seed, home)
    words = ["--url", state.addresses["feeds"], "--seed", str(seed)]
    words += ["--vkey", await _vkey(state), "--store"]
    first, second = folder / "tax.db", folder / "tax-again.db"
    said = []
    for title, store, verb in (
        ("从零重建 rebuilds from zero", first, "rebuild"),
        ("核对完整性 proves that it has everything", first, "prove"),
        ("它的账 its books", first, "fees"),
        ("磁盘丢失，再次重建 loses its disk and rebuilds", second, "rebuild"),
        ("再次核对 proves again", second, "prove"),
        ("账目相同 the same books", second, "fees"),
    ):
        typer.echo(f"\n税务局 The tax bureau: {title}")
        began = time.monotonic()
        code, text = await asyncio.to_thread(_bureau, verb, [*words, str(store)])
        typer.echo(f"{text.rstrip()}  ({time.monotonic() - began:.1f} s)")
        if code:
            return code
        said.append(text)
        if verb == "fees" and store == first:
            _lose(first)
    same = said[1:3] == said[4:6]
    typer.echo("\n两次重建一致 both times the same" if same else "\n两次不一致 they differ")
    return 0 if same else 1


def _admit(seed: Path, home: Path) -> None:
    """The operator's one command."""
    words = ["agency", "add", "tax", "--zh", "某县税务局", "--en", "Tax bureau"]
    words += ["--purpose", "核定法定费用", "--legal-basis", "《样例条例》第十条"]
    words += ["--until", "2099-12-31", "--without", "actor", "--seed", str(seed)]
    words += ["--home", str(home), *(w for d in demos() for w in ("--area", d.area))]
    words += [word for event in EVENTS for word in ("--event", event)]
    typer.echo("\n运营方 The operator admits the tax bureau: onefile agency add tax …")
    cli.main(words, standalone_mode=False)


async def _vkey(state: State) -> str:
    """What the operator tells the bureau on paper: the key that signs its feed, once the box has
    read the new agreement."""
    address, token = f"{state.addresses['feeds']}/agencies/tax", state.tokens["auditor"]
    deadline = time.monotonic() + READ_AGAIN
    async with httpx.AsyncClient(trust_env=False, timeout=READ_AGAIN) as client:
        while True:
            answer = await client.get(address, headers={"Authorization": f"Bearer {token}"})
            if answer.status_code not in (404, 503) or time.monotonic() > deadline:
                answer.raise_for_status()
                return str(answer.json()["vkey"])
            await asyncio.sleep(BEAT)


def _bureau(verb: str, words: list[str]) -> tuple[int, str]:
    """The bureau's own program, which knows nothing of ours but the client."""
    environment = os.environ | {"PYTHONPATH": str(CLIENT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, str(BUREAU), verb, *words],
        capture_output=True, text=True, check=False, env=environment, timeout=300,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def _lose(store: Path) -> None:
    for one in store.parent.glob(f"{store.name}*"):
        one.unlink()
