"""What happens on the screen while one box runs: progress, addresses, and how it ended."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
import typer
import uvloop

from services.onebox.accounts import Accounts
from services.onebox.box import Wishes, box
from services.onebox.journal import log_nowhere
from services.onebox.platform import Platform
from services.onebox.sentences import REFUSED, ServiceFailed, ending
from services.onebox.state import State
from shared import tracing
from shared.pauses import short_pauses
from shared.starting import unknown

log = structlog.get_logger()

ROOT = Path(__file__).parents[2]
NAMES = {
    "intake": "受理",
    "assignment": "派单",
    "supervision": "督办",
    "evaluation": "评价",
    "archive": "归档",
    "issuer": "登录",
    "feeds": "订阅",
}

INTERRUPTED = 130

type Beside = Callable[[State], Awaitable[int]]


def run(wishes: Wishes, beside: Beside | None = None, *, linger: bool = True) -> int:
    """Run a box until Ctrl-C, SIGTERM or a failure; returns the exit code.

    `beside` is done once it is up. Without `linger` the box stops after it, and its code counts.
    """
    log_nowhere()
    if problems := list(unknown(os.environ)):
        typer.echo("onefile: 无法启动 cannot start:", err=True)
        for problem in problems:
            typer.echo(f"  {problem}", err=True)
        return REFUSED
    try:
        tracing.begin()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_until_stopped(wishes, beside, linger=linger))
    except Exception as error:
        log.critical("box_ended", exc_info=error)
        code, sentence = ending(error, wishes.log)
        typer.echo(f"onefile: {sentence}", err=True)
        return code
    finally:
        tracing.end()


def shown(text: str) -> None:
    """On the screen, if there still is one: a closed terminal must not keep us from stopping."""
    with suppress(OSError):
        typer.echo(text)


async def _until_stopped(wishes: Wishes, beside: Beside | None, *, linger: bool) -> int:
    stopped = _stopped_by_signal()
    try:
        async with box(wishes, shown) as (state, platform):
            watch = asyncio.create_task(_watch(platform))
            looking = asyncio.create_task(short_pauses())
            try:
                shown(addresses(state, wishes) if linger else "")
                return await _first(watch, _work(beside, state, linger=linger))
            finally:
                watch.cancel()
                looking.cancel()
    except asyncio.CancelledError:
        if not stopped():
            raise
    goes_on = f" The data is in {wishes.home}; the same command goes on with it."
    shown(f"已停止 Stopped.{goes_on if linger else ''}")
    return 0 if linger else INTERRUPTED


async def _work(beside: Beside | None, state: State, *, linger: bool) -> int:
    code = 0
    if beside:
        code = await beside(state)
    if linger:
        await asyncio.Event().wait()
    return code


async def _first(watch: asyncio.Task[None], work: Coroutine[Any, Any, int]) -> int:
    """The outcome of `work`, unless a server ends before."""
    working = asyncio.create_task(work)
    try:
        await asyncio.wait([watch, working], return_when=asyncio.FIRST_COMPLETED)
        if watch.done():
            watch.result()
        return await working
    finally:
        working.cancel()


def _stopped_by_signal() -> Callable[[], bool]:
    """Ctrl-C, SIGTERM or a closed terminal ends this task in order; a second one at once."""
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    signals: list[int] = []

    def stop(number: int) -> None:
        signals.append(number)
        if len(signals) > 1:
            os._exit(128 + number)  # the servers end with us
        if task:
            task.cancel()
        shown("正在停止 Stopping …")

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop, number)
    return lambda: bool(signals)


async def _watch(platform: Platform) -> None:
    raise ServiceFailed(await platform.failure())


def addresses(state: State, wishes: Wishes) -> str:
    """Where everything is, for a person who has just started it."""
    lines = ["", "一事一档 Onefile 已启动 is up.  按 Ctrl-C 停止 · Ctrl-C stops it", ""]
    lines += [f"  工作台 open in a browser        {state.addresses['console']}", ""]
    lines += [
        f"  {NAMES.get(name, '')} {name:<12} {address}/docs"
        for name, address in state.addresses.items()
        if name != "console" and not (wishes.production and name == "issuer")
    ]
    asyncapi = ROOT / "contracts" / "generated" / "asyncapi"
    lines += [
        "",
        *(_first_account(wishes) if wishes.production else []),
        *(
            []
            if wishes.production
            else [f"  演示人员 people to sign in as   {state.issuer}/people"]
        ),
        f"  事件目录 events (AsyncAPI)      {asyncapi}/*.yaml",
        f"  数据 data                       {state.home}",
        f"  日志 log                        {wishes.log}",
        "",
    ]
    return "\n".join(lines)


def _first_account(wishes: Wishes) -> list[str]:
    """How somebody comes in for the first time, for as long as nobody can."""
    book = Accounts(wishes.home).read()
    if book.accounts:
        return [f"  账号 accounts                   onefile account list --home {wishes.home}"]
    return [
        "  还没有账号，请邀请第一位管理员 nobody has an account: invite the first administrator",
        f"    onefile account invite NAME --role admin --area CODE --home {wishes.home}",
    ]
