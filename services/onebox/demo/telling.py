"""How is a file told, verified and summed up on a screen?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from contracts.project import ProjectFacts
from contracts.registry import BY_TYPE
from services.onebox.demo.scene import Scene
from services.onebox.demo.walk import Unexpected
from services.supervision.domain.plan import Plan, make_plan

WIDTH = 72
SHOWN = 8
"""Kinds of events shown of the first and of the last day of a file."""
QUIET = {"supervision.progress_reported.v1"}
"""News to the unit that only repeats what happened: left out of the printed story."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What one place comes to: its matter's number, events, commands and days."""

    place: str
    number: str
    events: int
    commands: int
    days: int


async def tell_and_verify(scene: Scene) -> None:
    """The file as a story, and every byte of it recomputed."""
    await scene.heading("一事一档", "the file, as it began and as it ended")
    story = await scene.walk.read("auditor", "archive", f"{scene.path}/story")
    for line in shortened(story["lines"], scene.number):
        scene.say(line)
    await scene.heading("核验", "every byte recomputed, and compared with the stores")
    found = await scene.walk.read("auditor", "archive", f"{scene.path}/verification")
    for text in found["report"]:
        scene.say(f"  {text}")
    if found["faults"] or found["missing"] or not found["compared"]:
        raise Unexpected(f"the file is not verified: {found}")


def shortened(lines: list[dict[str, Any]], number: str) -> Iterator[str]:
    """The story for a screen: its first and its last day, each kind of event once.

    The whole of it, in exact order, is what `onefile replay` shows.
    """
    told = [line for line in lines if line["type"] not in QUIET]
    days = [(day, list(of)) for day, of in groupby(told, key=lambda line: line["day"])]
    yield from _day(*days[0], last=False)
    if len(days) > 2:
        between = sum(len(of) for _, of in days[1:-1])
        yield f"  …… 其间 {len(days) - 2} 天 {between} 条 days and lines between"
    if len(days) > 1:
        yield from _day(*days[-1], last=True)
    yield f"  全文 the whole of it：onefile replay {number}"


def _day(day: str, lines: list[dict[str, Any]], *, last: bool) -> Iterator[str]:
    """The day's first kinds of events, or its last ones."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        kinds.setdefault((line["type"], line["who"]), []).append(line["text"])
    shown = list(kinds.items())[-SHOWN:] if last else list(kinds.items())[:SHOWN]
    yield f"  {day}"
    for (_, who), texts in shown:
        text = f"{who}  {texts[0]}"
        cut = text if len(text) <= WIDTH else text[:WIDTH] + "……"
        more = f"（同类共 {len(texts)} 条 alike）" if len(texts) > 1 else ""
        yield f"    {cut}{more}"


async def sum_up(scene: Scene) -> Sum:
    """In figures: events, days, steps, and what parallel work saved."""
    await scene.heading("小结", "summary")
    file = await scene.seen("auditor", "archive")
    entries = await scene.walk.read("auditor", "archive", f"{scene.path}/entries")
    story = await scene.walk.read("auditor", "archive", f"{scene.path}/story")
    stores = Counter((entry["copy"] or entry)["store"] for entry in entries["entries"])
    parts = "，".join(f"{name} {n}" for name, n in sorted(stores.items()))
    opened = date.fromisoformat(file["opened_on"])
    days = (await scene.walk.today() - opened).days
    scene.say(f"  编号 number     {scene.number}")
    scene.say(f"  事件 events     {stores.total()}（{parts}）")
    scene.say(f"  指令 commands   {scene.walk.commands}，全部经 HTTP all over HTTP")
    scene.say(f"  历时 days       {days} 个自然日 simulated calendar days")
    scene.say(f"  环节 steps      {_steps(scene, story['lines'])}")
    await _saved(scene, opened)
    place = scene.pack.jurisdiction.zh
    return Sum(place, scene.number, stores.total(), scene.walk.commands, days)


async def _saved(scene: Scene, opened: date) -> None:
    """The plan one after another and in parallel: as it was made, and of all that applies."""
    plan = (await scene.picture())["plan"]
    whole = _whole_catalogue(scene, opened)
    made = f"计划中 {len(plan['lines'])} 项 items on the plan"
    applies = f"适用的 {len(whole.lines)} 项 items that apply"
    scene.say("  工期 plan       逐项 one by one → 并联 in parallel，工作日 working days")
    scene.say(f"    {made:<36}{plan['serial_days']} → {plan['critical_days']}")
    scene.say(f"    {applies:<36}{whole.sum_wd} → {whole.critical_wd}")


def _steps(scene: Scene, lines: list[dict[str, Any]]) -> str:
    """The steps of this place's process in this mode, marked where the file shows their end."""
    types = {event.__name__: type for type, event in BY_TYPE.items()}
    there = {line["type"] for line in lines}
    return " ".join(
        f"{stage.zh}{'✓' if types[stage.done_when] in there else '–'}"
        for stage in scene.pack.process
        if scene.mode.id in stage.modes
    )


def _whole_catalogue(scene: Scene, begins: date) -> Plan:
    """The plan of every item that applies, those the unit does by itself among them."""
    catalogue = scene.rules.catalogue
    facts = ProjectFacts.model_validate(scene.works["facts"])
    return make_plan(catalogue, catalogue.items_for(facts), begins, scene.rules.calendar, {})
