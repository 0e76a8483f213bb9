"""How a matter ends: rated, checked, closed, told and verified; and a second one that is declined."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from contracts.project import ProjectFacts
from services.onebox.demo.scene import Scene
from services.onebox.demo.walk import Unexpected
from services.supervision.domain.plan import Plan, make_plan

WIDTH = 72
QUIET = {"supervision.progress_reported.v1"}
"""News to the unit that only repeats what happened: left out of the printed story."""


async def rate(scene: Scene) -> None:
    """The unit rates over a link the agent cannot open; another body calls on the unit."""
    scene.heading("六、评价", "rated by the unit, not through the hands of the rated")
    walk = scene.walk
    await walk.until(
        "evaluator", "evaluation", scene.path, lambda m: m["invited"], "the invitation"
    )
    found = await walk.read("unit", "evaluation", f"{scene.path}/invitations")
    for link in found["invitations"]:
        path = f"/invitations/{link['invitation']}"
        problem = await walk.refused("agent", "evaluation", f"{path}/rating", _best([]))
        await scene.tell("agent", f"✗ 打不开评价 cannot open the rating：{problem['title']}")
        asked = await walk.read("unit", "evaluation", path)
        indicators = [one["id"] for one in asked["indicators"]]
        await walk.do("unit", "evaluation", f"{path}/rating", _best(indicators))
        await scene.tell("unit", f"{asked['zh']}：非常满意 rated")
    visit = {
        "means": "phone", "reached": True, "respondent": "applicant_lead",
        "level": "satisfied", "answers": "办得快，少跑了路",
    }  # fmt: skip
    await scene.act("evaluator", "evaluation", "return-visits", visit)
    await scene.tell("evaluator", "电话回访：满意 called back by another body")


def _best(indicators: list[str]) -> dict[str, Any]:
    scores = dict.fromkeys(indicators, "very_satisfied")
    return {"level": "very_satisfied", "scores": scores}


async def close(scene: Scene) -> None:
    """The file is held against the list and closed; the commission ends by itself."""
    scene.heading("七、归档", "the file checked and closed")
    await scene.act("archivist", "archive", "check")
    check = (await scene.walk.read("archivist", "archive", scene.path))["check"]
    if not check["complete"]:
        raise Unexpected(f"the file lacks: {check['lacking']}")
    await scene.tell("archivist", "检查档案：齐全 checked, nothing is lacking")
    await scene.act("archivist", "archive", "closing")
    await scene.tell("archivist", "结档 closed")
    await scene.walk.until(
        "unit", "intake", scene.path, lambda m: m["commission"] is None, "the end of commission"
    )
    await scene.tell("unit", "委托随之终止 the commission ended by itself")


async def second_door(scene: Scene) -> None:
    """A project the place does not serve knocks at the window, and is told where to go."""
    scene.heading("八、另一扇门", "the other door: a project that is not served, at the window")
    walk = scene.walk
    facts = scene.demo.projects["relocation"]
    body = {**facts, "area": scene.area, "applicant": walk.id("other")}
    project = await walk.make("clerk", "intake", "/projects", body)
    wish = {
        "project": project,
        "area": scene.area,
        "channel": "window",
        "lead_name": walk.people["other"].zh,
        "lead_phone": "000-0000003",
    }
    matter = await walk.make("clerk", "intake", "/matters", wish)
    path = f"/matters/{matter}"
    await scene.tell("clerk", f"窗口登记申请：{facts['name']}")
    place = {"body": walk.body("clerk")}
    problem = await walk.refused("clerk", "intake", f"{path}/acceptance", place)
    reasons = "；".join(problem["details"]["reasons"])
    await scene.tell("clerk", f"✗ 不能受理（{problem['reason']}）：{reasons}")
    decline = {"cause": "ineligible", "reason": reasons}
    await walk.do("clerk", "intake", f"{path}/refusal", decline)
    await scene.tell(
        "clerk", "不予受理，说明理由并告知去向 declined, with the reason and a pointer"
    )
    await walk.until(
        "auditor", "archive", path, lambda m: m["standing"] == "declined", "its file"
    )


async def tell_and_verify(scene: Scene) -> None:
    """The file as a story, and every byte of it recomputed."""
    scene.heading("九、一事一档", "the file, told in the order in which things happened")
    story = await scene.walk.read("auditor", "archive", f"{scene.path}/story")
    for line in shortened(story["lines"]):
        scene.say(line)
    scene.heading("十、核验", "every byte recomputed, and compared with the stores")
    found = await scene.walk.read("auditor", "archive", f"{scene.path}/verification")
    for text in found["report"]:
        scene.say(f"  {text}")
    if found["faults"] or found["missing"] or not found["compared"]:
        raise Unexpected(f"the file is not verified: {found}")


def shortened(lines: list[dict[str, Any]]) -> Iterator[str]:
    """The story for a screen: by day, one line for each kind of event, long ones cut.

    The whole of it, in exact order, is what `onefile replay` shows.
    """
    told = [line for line in lines if line["type"] not in QUIET]
    for day, of_the_day in groupby(told, key=lambda line: line["day"]):
        yield f"  {day}"
        kinds: dict[tuple[str, str], list[str]] = {}
        for line in of_the_day:
            kinds.setdefault((line["type"], line["who"]), []).append(line["text"])
        for (_, who), texts in kinds.items():
            text = f"{who}  {texts[0]}"
            cut = text if len(text) <= WIDTH else text[:WIDTH] + "……"
            more = f"（同类共 {len(texts)} 条 alike）" if len(texts) > 1 else ""
            yield f"    {cut}{more}"


async def sum_up(scene: Scene) -> None:
    """In figures: events, days, what parallel work saved."""
    scene.heading("总结", "summary")
    file = await scene.walk.read("auditor", "archive", scene.path)
    entries = await scene.walk.read("auditor", "archive", f"{scene.path}/entries")
    stores = Counter((entry["copy"] or entry)["store"] for entry in entries["entries"])
    parts = "，".join(f"{name} {n}" for name, n in sorted(stores.items()))
    opened = date.fromisoformat(file["opened_on"])
    days = (await scene.walk.today() - opened).days
    plan = (await scene.picture("office"))["plan"]
    whole = _whole_catalogue(scene, opened)
    scene.say(f"  编号 number     {scene.number}")
    scene.say(f"  事件 events     {sum(stores.values())}（{parts}）")
    scene.say(f"  指令 commands   {scene.walk.commands}，全部经 HTTP all over HTTP")
    scene.say(f"  历时 days       {days} 个自然日（含施工期 the building time included）")
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


def _whole_catalogue(scene: Scene, begins: date) -> Plan:
    """The plan of every item that applies, those the unit does by itself among them."""
    catalogue = scene.rules.catalogue
    facts = ProjectFacts.model_validate(scene.demo.projects["factory"]["facts"])
    return make_plan(catalogue, catalogue.items_for(facts), begins, scene.rules.calendar, {})
