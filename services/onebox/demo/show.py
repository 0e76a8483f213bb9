"""How is the demonstration run: on a box of its own, or on one that runs already."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import structlog
import typer
import uvloop

from services.onebox.box import Say, Wishes
from services.onebox.demo import (
    approvals,
    declined,
    door,
    ending,
    papers,
    settling,
    team,
    telling,
)
from services.onebox.demo.scene import Scene
from services.onebox.demo.telling import Sum
from services.onebox.demo.walk import Unexpected, Walk
from services.onebox.journal import log_nowhere
from services.onebox.people import Demo, demos
from services.onebox.state import State, running_box
from services.onebox.up import run, shown
from shared.packs import Packs

log = structlog.get_logger()

ACTS = (
    team.gather,
    door.come_in,
    settling.take_on,
    settling.dispatch,
    papers.entrust,
    approvals.approve_everything,
    ending.rate,
    ending.close,
    declined.second_door,
    telling.tell_and_verify,
)


def show(home: Path | None) -> int:
    """`onefile demo`: 0 when all went as it should, 1 with the problem printed, 2 without a box."""
    if home is None:
        with tempfile.TemporaryDirectory(prefix="onefile-demo-") as place:
            return run(Wishes(Path(place), durable=False, any_port=True), lived, linger=False)
    state = running_box(home)
    if state is None:
        typer.echo(
            f"onefile: no box runs on {home}: start it with `onefile up --home {home}`, or leave "
            "--home out for a box of the demonstration's own.",
            err=True,
        )
        return 2
    log_nowhere()
    return uvloop.run(lived(state))


async def lived(state: State, places: Sequence[Demo] | None = None) -> int:
    """The whole walk; the exit code. Whatever stops it is printed, and stops nothing else."""
    try:
        await live(state, shown, places or demos())
    except Exception as problem:
        log.exception("walk_through_stopped")
        what = str(problem) if isinstance(problem, Unexpected) else repr(problem)
        typer.echo(f"\nonefile: the walk-through stopped.\n{what}", err=True)
        return 1
    return 0


async def walk_through(state: State) -> int:
    """For `onefile up --demo`: the first place's matter fills an empty box, so that it is quick.

    A box that holds something is left alone.
    """
    first = demos()[0]
    async with _walk(state, first) as walk:
        known = await walk.read("auditor", "intake", "/matters")
    if known["items"]:
        shown(
            "演示数据已有，不再重走 This box has lived the walk-through: it is left as it is."
        )
        return 0
    code = await lived(state, [first])
    shown("一体机继续运行 The box runs on.  按 Ctrl-C 停止 · Ctrl-C stops it")
    return code


async def live(state: State, say: Say, places: Sequence[Demo]) -> list[Sum]:
    """One matter in each place, one after another: the clock is one for all.

    Raises `Unexpected`.
    """
    packs = Packs.load(None)
    sums = []
    for number, demo in enumerate(places, 1):
        async with _walk(state, demo) as walk:
            scene = Scene(walk, demo, packs.for_area(demo.area), say)
            place, service = scene.pack.jurisdiction.zh, scene.pack.terms.words["service"]
            say("")
            say(f"════ {number}/{len(places)}  {place}  {service}  {scene.pack.id} ════")
            await scene.next_working_day()
            for act in ACTS:
                await act(scene)
            sums.append(await telling.sum_up(scene))
    _total(sums, say)
    return sums


def _total(sums: Sequence[Sum], say: Say) -> None:
    """What each place came to, and all of them together."""
    say("")
    say("════ 总计 totals ════")
    for one in sums:
        say(
            f"  {one.number}  事件 events {one.events}  指令 HTTP commands {one.commands}"
            f"  历时 simulated days {one.days}  {one.place}"
        )
    events, commands = sum(s.events for s in sums), sum(s.commands for s in sums)
    days = sum(one.days for one in sums)
    say(f"  合计 together  事件 events {events}  指令 commands {commands}  历时 days {days}")


def _walk(state: State, demo: Demo) -> Walk:
    return Walk(state.addresses, {person.key: person for person in demo.people})
