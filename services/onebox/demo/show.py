"""How is the demonstration run: on a box of its own, or on one that runs already."""

import tempfile
from pathlib import Path

import structlog
import typer
import uvloop

from services.onebox.box import Say, Wishes
from services.onebox.demo import approvals, beginning, ending
from services.onebox.demo.scene import Scene
from services.onebox.demo.walk import Unexpected, Walk
from services.onebox.journal import log_nowhere
from services.onebox.people import Demo, demos
from services.onebox.state import State, running_box
from services.onebox.up import run, shown
from shared.packs import Packs

log = structlog.get_logger()

ACTS = (
    beginning.request,
    beginning.take_on,
    beginning.dispatch,
    beginning.sign_and_collect,
    approvals.approve_everything,
    ending.rate,
    ending.close,
    ending.second_door,
    ending.tell_and_verify,
    ending.sum_up,
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


async def lived(state: State) -> int:
    """The whole walk; the exit code. Whatever stops it is printed, and stops nothing else."""
    try:
        await live(state, shown)
    except Exception as problem:
        log.exception("walk_through_stopped")
        what = str(problem) if isinstance(problem, Unexpected) else repr(problem)
        typer.echo(f"\nonefile: the walk-through stopped.\n{what}", err=True)
        return 1
    return 0


async def walk_through(state: State) -> int:
    """For `onefile up --demo`: fills an empty box; one that holds something is left alone."""
    async with _walk(state, demos()[0]) as walk:
        known = await walk.read("auditor", "intake", "/matters")
    if known["items"]:
        shown(
            "演示数据已有，不再重走 This box has lived the walk-through: it is left as it is."
        )
        return 0
    code = await lived(state)
    shown("一体机继续运行 The box runs on.  按 Ctrl-C 停止 · Ctrl-C stops it")
    return code


async def live(state: State, say: Say) -> Scene:
    """All acts, in order; raises `Unexpected`."""
    demo = demos()[0]
    async with _walk(state, demo) as walk:
        scene = Scene(walk, demo, Packs.load(None).for_area(demo.area), say)
        await scene.next_working_day()
        for act in ACTS:
            await act(scene)
    return scene


def _walk(state: State, demo: Demo) -> Walk:
    return Walk(state.addresses, {person.key: person for person in demo.people})
