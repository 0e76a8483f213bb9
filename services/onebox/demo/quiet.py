"""When has nobody anything left to hear or to do, so that what is seen stays until somebody acts?"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from shared.effects import monotonic

type Look = Callable[[str, str], Awaitable[Any]]
"""What a service answers at a path, to somebody who may read every log."""

LOGS = ("intake", "assignment", "supervision", "evaluation", "archive")
AGENDAS = ("intake", "assignment", "supervision", "evaluation")
"""Services that record by themselves what falls due."""
DONE = "onefile_agenda_done_seconds"
TURN, LONGEST_TURN = 0.02, 0.2
"""Seconds between two looks: soon at first, then with patience."""


async def settled(look: Look, within: float, logs: Collection[str] = LOGS) -> None:
    """Until every service has heard, shows and filed all that is recorded: what is seen then
    stays so until somebody acts, or something falls due. Raises `TimeoutError` with the last look.

    One look at each is enough: whoever says more after it was made to by what he had not
    heard at the look, and then the look was not quiet.
    """
    deadline, pause = monotonic() + within, TURN
    while stand := await _astir(look, logs):
        if monotonic() >= deadline:
            raise TimeoutError(f"the services heard not all within {within:.0f} s: {stand}")
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_TURN)


async def _astir(look: Look, logs: Collection[str]) -> Mapping[str, Any]:
    """How far each is while somebody has something left to hear; empty when all is quiet.

    Archive is looked at again: what it heard too early it files by itself, a moment later.
    """
    stands = await asyncio.gather(*(look(one, "/log/position") for one in logs))
    stand = dict(zip(logs, stands, strict=True))
    if not quiet(stand):
        return stand
    if "archive" not in logs:
        return {}
    held = await look("archive", "/waiting")
    again = await look("archive", "/log/position")
    still = quiet(stand, held["waiting"]) and again == stand["archive"]
    return {} if still else {**stand, "archive": again | held}


def quiet(stand: Mapping[str, Mapping[str, Any]], waiting: Collection[object] = ()) -> bool:
    """Whether every log is shown in full, and heard in full by whoever hears it.

    `stand` is what each service answers at `/log/position`; `waiting` was heard and is not filed.
    """
    said = {one: standing["position"] for one, standing in stand.items()}
    return not waiting and all(
        standing["shown"] >= standing["position"]
        and all(at >= said.get(of, 0) for of, at in standing["heard"].items())
        for standing in stand.values()
    )


def done_by(service: str, metrics: str) -> float:
    """The instant (unix time) up to which `service` did what was due; 0: not known yet.

    Services that share a process show each other's figures.
    """
    families = text_string_to_metric_families(metrics)
    samples = (one for family in families if family.name == DONE for one in family.samples)
    return next((one.value for one in samples if one.labels["service"] == service), 0.0)
