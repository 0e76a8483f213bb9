"""Would we really get everything back? Live a matter, copy, destroy, restore, compare."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from services.onebox.backup import back_up, keep_keys, superuser
from services.onebox.box import Wishes, box
from services.onebox.child import BEAT
from services.onebox.demo.show import lived
from services.onebox.demo.walk import Unexpected, Walk
from services.onebox.errors import PlatformError
from services.onebox.people import demos
from services.onebox.restore import Restored, restore
from services.onebox.roots import Head, Say, heads, sizes
from services.onebox.state import State, running_box
from shared.effects import monotonic

START = 120.0
COPIES = 3


async def drill(say: Say) -> Restored:
    """恢复演练: the whole of it on a box of its own, which is cleared away.

    Raises `PlatformError` where what came back is not what was there.
    """
    with tempfile.TemporaryDirectory(
        prefix="onefile-drill-", ignore_cleanup_errors=True
    ) as place:
        home, keys = Path(place) / "box", Path(place) / "safe" / "keys.json"
        say("1/5  一体机办一件事 A box lives one matter")
        process = _up(home)
        try:
            state = await _state(home, process)
            if await lived(state, demos()[:1]):
                raise PlatformError(
                    "演示中途停下，原因见上 · The walk-through stopped: see above."
                )
            say("2/5  不停机备份 It is copied while it runs")
            copy, before = await _copied(state, home, Path(place) / "copies", say)
            keep_keys(home, keys)
        finally:
            say("3/5  断电并删盘 It is killed, and its disk is gone")
            process.send_signal(signal.SIGKILL)
            process.wait()
        await _gone(home)
        say("4/5  恢复到新目录 The copy is restored into a new home")
        found = await restore(copy, Path(place) / "again", keys, say)
        same(before, found.heads)
        say("5/5  再次启动 It is started again, and answers")
        async with box(Wishes(found.home, any_port=True), lambda _: None) as (state, _):
            await _answers(state)
        return found


async def _copied(
    state: State, home: Path, into: Path, say: Say
) -> tuple[Path, dict[str, Head]]:
    """A copy of a box at rest, and its heads. What the box records by itself meanwhile, such as
    the result of its first nightly check, is copied as well: by another copy.
    """
    for _ in range(COPIES):
        held = await _quiet(state, home)
        copy = await back_up(home, into, say)
        async with superuser(home, say) as (admin, _):
            before = await heads(admin, lambda _: None)
        if {name: head.size for name, head in before.items()} == held:
            return copy, before
        say("     其间又有新记录，再备份一次 Something was recorded meanwhile: copied again")
    raise _restless()


def same(before: dict[str, Head], after: object) -> None:
    """Raises `PlatformError` naming the first log that differs."""
    if before != after:
        raise PlatformError(
            f"恢复的与原有的不同 · What came back differs: {before} was there, {after} came back."
        )


def _up(home: Path) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-c", "from services.cli import main; main()"]
    return subprocess.Popen(
        [*program, "up", "--home", str(home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ.copy(),
        start_new_session=True,
    )


async def _state(home: Path, process: subprocess.Popen[bytes]) -> State:
    deadline = monotonic() + START
    while monotonic() < deadline and process.poll() is None:
        if state := running_box(home):
            return state
        await asyncio.sleep(5 * BEAT)
    raise PlatformError(
        f"一体机没有启动，原因见 {home / 'log'} · The box did not come up: {home / 'log'} says why."
    )


async def _quiet(state: State, home: Path) -> dict[str, int]:
    """What each log holds once everybody has heard and filed everything: what is compared must
    not grow meanwhile.
    """
    first = demos()[0]
    async with Walk(state.addresses, {one.key: one for one in first.people}) as walk:
        try:
            await walk.settled()
        except Unexpected as error:
            raise _restless() from error
    async with superuser(home, lambda _: None) as (admin, _):
        return await sizes(admin)


def _restless() -> PlatformError:
    return PlatformError(
        "一体机一直没有静下来，在做什么见其日志 · "
        "The box never came to rest: its log says what it is doing."
    )


async def _gone(home: Path) -> None:
    """The servers end with the box; then the disk is gone."""
    deadline = monotonic() + START
    while home.exists() and monotonic() < deadline:
        shutil.rmtree(home, ignore_errors=True)
        await asyncio.sleep(BEAT)


async def _answers(state: State) -> None:
    """Every service is ready, and every log signs what it holds."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        for name, address in state.addresses.items():
            if name != "issuer":
                (await client.get(f"{address}/readyz")).raise_for_status()
