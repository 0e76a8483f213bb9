"""How a matter ends: rated, checked, closed, told and verified; and a second one not served."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from contracts.project import ProjectFacts
from contracts.registry import BY_TYPE
from services.onebox.demo.door import second, way_in
from services.onebox.demo.scene import Scene
from services.onebox.demo.walk import Unexpected
from services.supervision.domain.plan import Plan, make_plan

WIDTH = 72
SHOWN = 8
"""Kinds of events shown of the first and of the last day of a file."""
QUIET = {"supervision.progress_reported.v1"}
"""News to the unit that only repeats what happened: left out of the printed story."""
REVISIT = "revisit"


@dataclass(frozen=True, slots=True)
class Sum:
    """What one place comes to: its matter's number, events, commands and days."""

    place: str
    number: str
    events: int
    commands: int
    days: int


async def rate(scene: Scene) -> None:
    """The unit rates over a link the agent cannot open; another body calls on the unit."""
    scene.heading("评价", "rated by the unit, not through the hands of the rated")
    walk = scene.walk
    await walk.until(
        "auditor", "evaluation", scene.path, lambda m: m["invited"], "the invitation"
    )
    found = await walk.read("unit", "evaluation", f"{scene.path}/invitations")
    for link in found["invitations"]:
        path = f"/invitations/{link['invitation']}"
        problem = await walk.refused(scene.agent, "evaluation", f"{path}/rating", _best([]))
        await scene.tell(
            scene.agent, f"✗ 打不开评价 cannot open the rating：{problem['title']}"
        )
        asked = await walk.read("unit", "evaluation", path)
        indicators = [one["id"] for one in asked["indicators"]]
        await walk.do("unit", "evaluation", f"{path}/rating", _best(indicators))
        await scene.tell("unit", f"{asked['zh']}：非常满意 rated")
    await _call_back(scene)


async def _call_back(scene: Scene) -> None:
    """Where the place calls on the unit afterwards, another body than the agent's does."""
    caller = scene.who("evaluation_office")
    if caller is None or REVISIT not in {i.id for i in scene.pack.evaluation.instruments}:
        return
    visit = {
        "means": "phone", "reached": True, "respondent": "applicant_lead",
        "level": "satisfied", "answers": "办得快，少跑了路",
    }  # fmt: skip
    await scene.act(caller, "evaluation", "return-visits", visit)
    await scene.tell(caller, "电话回访：满意 called back by another body")


def _best(indicators: list[str]) -> dict[str, Any]:
    scores = dict.fromkeys(indicators, "very_satisfied")
    return {"level": "very_satisfied", "scores": scores}


async def close(scene: Scene) -> None:
    """The file is held against the list and closed; what was entrusted ends by itself."""
    scene.heading("归档", "the file checked and closed")
    await scene.act("archivist", "archive", "check")
    file = await scene.seen("archivist", "archive")
    if not file["check"]["complete"]:
        raise Unexpected(f"the file lacks: {file['check']['lacking']}")
    await scene.tell("archivist", "检查档案：齐全 checked, nothing is lacking")
    await scene.act("archivist", "archive", "closing")
    await scene.tell("archivist", "结档 closed")
    if any("hand_over" in s.must and s.canonical == "deliver" for s in scene.pack.process):
        await _hand_over(scene, file)
    ended = await scene.walk.until("unit", "intake", scene.path, _nothing_open, "the end")
    kinds = [a["zh"] for a in ended["agreements"]]
    await scene.tell("unit", f"委托{'、协议' if kinds else ''}随之终止 ended by themselves")


async def _hand_over(scene: Scene, file: dict[str, Any]) -> None:
    """The papers go to the unit with the file (一并移交)."""
    papers = [document["document"] for document in file["documents"]]
    given = {
        "holder": "applicant", "documents": papers,
        "recipient": scene.walk.people[scene.hand].zh,
    }  # fmt: skip
    await scene.act("archivist", "archive", "handovers", given)
    await scene.tell("archivist", f"向项目单位移交 {len(papers)} 件 handed over to the unit")


def _nothing_open(matter: dict[str, Any]) -> bool:
    in_force = [a for a in matter["agreements"] if a["in_force"]]
    return matter["commission"] is None and not in_force


async def second_door(scene: Scene) -> None:
    """A project the place does not serve, or not so, knocks too: it is told why, and where to go."""
    if scene.demo.story.other is None:
        return
    scene.heading("另一扇门", "the other door: a project that is not served so")
    matter, clerk = await second(scene)
    path = f"/matters/{matter}"
    if way_in(scene) == "first_sight":
        await _helped_only(scene, path)
    else:
        await _declined(scene, path, clerk)


async def _helped_only(scene: Scene, path: str) -> None:
    """Helped like everybody, but agency is not for it; its items go to whom the rules name."""
    choice = {"mode": scene.mode.id}
    problem = await scene.walk.refused("other", "intake", f"{path}/mode", choice)
    reasons = "；".join(problem["details"]["reasons"])
    await scene.tell("other", f"✗ 不能委托代办（{problem['reason']}）：{reasons}")
    items = {"items": list(scene.demo.story.other_items)}
    await scene.walk.do("other", "intake", f"{path}/scope", items)
    before = await scene.walk.read("auditor", "assignment", path)
    routed = await scene.walk.until(
        "auditor", "assignment", path, lambda m: m["to"] != before["to"], "the routing anew"
    )
    await scene.tell(
        "other", f"仍有帮办，改由 still helped, now by: {scene.names(routed['to'])}"
    )


async def _declined(scene: Scene, path: str, clerk: str) -> None:
    place = {"body": scene.walk.body(clerk)}
    problem = await scene.walk.refused(clerk, "intake", f"{path}/acceptance", place)
    reasons = "；".join(problem["details"]["reasons"])
    await scene.tell(clerk, f"✗ 不能受理（{problem['reason']}）：{reasons}")
    decline = {"cause": "ineligible", "reason": reasons}
    await scene.walk.do(clerk, "intake", f"{path}/refusal", decline)
    await scene.tell(
        clerk, "不予受理，说明理由并告知去向 declined, with the reason and a pointer"
    )
    await scene.walk.until(
        "auditor", "archive", path, lambda m: m["standing"] == "declined", "its file"
    )


async def tell_and_verify(scene: Scene) -> None:
    """The file as a story, and every byte of it recomputed."""
    scene.heading("一事一档", "the file, as it began and as it ended")
    story = await scene.walk.read("auditor", "archive", f"{scene.path}/story")
    for line in shortened(story["lines"], scene.number):
        scene.say(line)
    scene.heading("核验", "every byte recomputed, and compared with the stores")
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
    """In figures: events, days, what parallel work saved."""
    scene.heading("小结", "summary")
    file = await scene.seen("auditor", "archive")
    entries = await scene.walk.read("auditor", "archive", f"{scene.path}/entries")
    story = await scene.walk.read("auditor", "archive", f"{scene.path}/story")
    stores = Counter((entry["copy"] or entry)["store"] for entry in entries["entries"])
    parts = "，".join(f"{name} {n}" for name, n in sorted(stores.items()))
    opened = date.fromisoformat(file["opened_on"])
    days = (await scene.walk.today() - opened).days
    plan = (await scene.picture())["plan"]
    whole = _whole_catalogue(scene, opened)
    scene.say(f"  编号 number     {scene.number}")
    scene.say(f"  事件 events     {sum(stores.values())}（{parts}）")
    scene.say(f"  指令 commands   {scene.walk.commands}，全部经 HTTP all over HTTP")
    scene.say(f"  历时 days       {days} 个自然日 simulated calendar days")
    scene.say(f"  环节 steps      {_steps(scene, story['lines'])}")
    scene.say(
        "  工期 plan       逐项 one after another → 并联 in parallel，工作日 working days"
    )
    scene.say(
        f"                  服务的 {len(scene.scope)} 项 items served    "
        f"{plan['serial_days']} → {plan['critical_days']}"
    )
    scene.say(
        f"                  适用的 {len(whole.lines)} 项 items that apply "
        f"{whole.sum_wd} → {whole.critical_wd}"
    )
    zh = scene.pack.jurisdiction.zh
    return Sum(zh, scene.number, sum(stores.values()), scene.walk.commands, days)


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
