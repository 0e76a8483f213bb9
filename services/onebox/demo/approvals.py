"""How the items of a matter pass through the departments, as many at a time as the graph allows."""

from datetime import date, timedelta
from typing import Any

from services.onebox.demo.beginning import at_completion, hand_in
from services.onebox.demo.scene import Picture, Scene

BUILDING_DAYS = 300
DONE = ("decided", "collected", "delivered", "closed")


async def approve_everything(scene: Scene) -> None:
    """Land is won, the permit granted, the works built and accepted; every item is struck off."""
    scene.heading("五、审批", "approvals, in parallel where the graph allows")
    await _milestone(scene, "MS-LAND", "取得土地 land won")
    began = await scene.walk.today()
    await _pass_all(scene)
    permit = (await scene.picture())["items"][scene.rules.catalogue.works_permit]["decided_on"]
    days = scene.rules.calendar.working_days_between(began, date.fromisoformat(permit))
    await scene.tell("unit", f"领到施工许可，用时 {days} 个工作日 permit granted")
    await _milestone(scene, "MS-START", "开工 works begin")
    await scene.walk.days_pass(BUILDING_DAYS)
    await scene.next_working_day()
    await _milestone(scene, "MS-DONE", "竣工验收合格 works done")
    await hand_in(scene, at_completion(scene))
    await _pass_all(scene)


async def _milestone(scene: Scene, name: str, words: str) -> None:
    day = await scene.walk.today()
    dated = {"milestone": name, "falls_on": day.isoformat(), "reached": True}
    await scene.act("unit", "supervision", "milestones", dated)
    await scene.tell("unit", words)


async def _pass_all(scene: Scene) -> None:
    """Until nothing can be filed and nothing is with a department."""
    while True:
        picture = await _caught_up(scene, possible(scene, await scene.picture()))
        for code in _in_state(picture, "ready"):
            await _file(scene, code)
        waiting = _in_state(await scene.picture(), "accepted")
        if not waiting:
            return
        await scene.walk.until_day(min(waiting.values()))
        today = await scene.walk.today()
        for code, due in waiting.items():
            if due <= today:
                await _decide(scene, code)


async def _caught_up(scene: Scene, codes: list[str]) -> Picture:
    """The picture once supervision has heard that these items can be filed."""

    def heard(picture: Picture) -> bool:
        return all(picture["items"][code]["state"] != "waiting" for code in codes)

    what = f"{', '.join(codes)} becoming ready"
    found: Picture = await scene.walk.until("agent", "supervision", scene.path, heard, what)
    return found


def possible(scene: Scene, picture: Picture) -> list[str]:
    """The waiting items whose predecessors are done and whose papers are there."""
    items, milestones = picture["items"], picture["milestones"]
    granted = {code for code, item in items.items() if item["state"] in DONE}
    reached = {name for name, one in milestones.items() if one["reached"]}

    def held(material: str) -> bool:
        makers = scene.makers_of(material)
        if makers:
            return bool(makers & granted)
        return material in scene.handed_in or scene.material(material).source == "system"

    return [
        code
        for code, item in items.items()
        if item["state"] == "waiting"
        and set(scene.rules.catalogue.predecessors(code, scene.scope)) <= granted | reached
        and all(held(material) for material in scene.item(code).materials)
    ]


def _in_state(picture: Picture, state: str) -> dict[str, date]:
    """The items in a state, and the day the department has promised, if any."""
    return {
        code: date.fromisoformat(item["due_on"]) if item["due_on"] else date.max
        for code, item in picture["items"].items()
        if item["state"] == state
    }


async def _file(scene: Scene, code: str) -> None:
    """The agent reads the papers through and files; the department takes the item on."""
    await scene.act("agent", "intake", "prechecks", {"item": code, "in_order": True})
    item = f"items/{code}"
    await scene.act("agent", "supervision", f"{item}/submission")
    await scene.act("approver", "supervision", f"{item}/receipt")
    if code == "S1-11":
        await _corrected(scene, code)
    await scene.act("approver", "supervision", f"{item}/acceptance")
    due = (await scene.picture())["items"][code]["due_on"]
    await scene.tell(
        "agent", f"{code} {scene.item(code).zh}：预审、申报、受理，承诺 {due} 办结"
    )


async def _corrected(scene: Scene, code: str) -> None:
    """One notice of everything that is lacking, supplied the same day."""
    demand = {"demands": "请补一份附图", "due_on": (await _in_days(scene, 5)).isoformat()}
    await scene.act("approver", "supervision", f"items/{code}/correction", demand)
    await scene.tell("approver", f"{code} 一次性告知补正 correction asked for, once")
    await scene.act("agent", "supervision", f"items/{code}/correction/supplied")
    await scene.tell("agent", f"{code} 补正 supplied")


async def _in_days(scene: Scene, days: int) -> date:
    return await scene.walk.today() + timedelta(days=days)


async def _decide(scene: Scene, code: str) -> None:
    """Decided by who did not serve it, fetched or downloaded, delivered, struck off."""
    item = f"items/{code}"
    outcome: dict[str, Any] = {"outcome": "approved", "result_number": f"虚构字第{code}号"}
    if code == "S1-01":
        own = outcome | {"decider": scene.walk.id("agent")}
        await scene.shown_refusal(
            "agent", "supervision", f"{item}/decision", own, "agent_never_decides"
        )
        outcome["e_certificate"] = True
    await scene.act("approver", "supervision", f"{item}/decision", outcome)
    if outcome.get("e_certificate"):
        got = {"items": [code], "delivery": "e_certificate", "received_by": "applicant_lead"}
        await scene.act("unit", "supervision", "delivery", got)
    else:
        await scene.act("agent", "supervision", f"{item}/collection", {"originals": 1})
        name = scene.walk.people["handler"].zh
        hand = {
            "items": [code], "delivery": "hand", "received_by": "applicant_handler",
            "recipient": name,
        }  # fmt: skip
        await scene.act("agent", "supervision", "delivery", hand)
    await _strike_off(scene, code)
    await scene.tell("approver", f"{code} {scene.item(code).zh}：办结，送达，销号")


async def _strike_off(scene: Scene, code: str) -> None:
    """Originals that nobody needs any more go back first."""
    missing: list[str] = (await scene.picture())["items"][code]["missing"]
    pieces = [m.removeprefix("original:") for m in missing if m.startswith("original:")]
    if pieces:
        back = {"pieces": pieces, "recipient": scene.walk.people["handler"].zh}
        await scene.act("agent", "supervision", "originals", back)
    await scene.act("agent", "supervision", f"items/{code}/closing")
