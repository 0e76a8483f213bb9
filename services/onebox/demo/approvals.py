"""How the items of a matter pass through the departments, as many at a time as the graph allows."""

from datetime import date, timedelta
from typing import Any

from contracts.pack.rules import DeliveryWay
from services.onebox.demo.climbing import climb
from services.onebox.demo.materials import at_completion, hand_in
from services.onebox.demo.scene import Picture, Scene
from services.onebox.demo.walk import Unexpected

BUILDING_DAYS = 300
DONE = ("decided", "collected", "delivered", "closed")


async def approve_everything(scene: Scene) -> None:
    """Land is won, the permit granted, the works built and accepted; every item is struck off."""
    await scene.heading("审批", "approvals, in parallel where the graph allows")
    began = await scene.walk.today()
    for milestone in _milestones(scene):
        if await _built(scene, milestone):
            await hand_in(scene, at_completion(scene))
        await _reached(scene, milestone)
        await _pass_all(scene)
        began = await _permitted(scene, began)
    await _pass_all(scene)
    open_items = (await scene.picture())["open_items"]
    if open_items:
        raise Unexpected(f"still open: {open_items}")
    if scene.climbed is None:
        raise Unexpected("no item was ever slow: the ladder of the place was not climbed")


def _milestones(scene: Scene) -> list[str]:
    """The milestones that items served wait for, and those before them, in order."""
    catalogue = scene.rules.catalogue
    after = {one.id: one.after for one in catalogue.milestones}
    wanted = [
        step
        for code in scene.scope
        for step in catalogue.predecessors(code, scene.scope)
        if step in after
    ]
    for step in wanted:
        wanted += [one for one in after[step] if one in after and one not in wanted]
    return [one.id for one in catalogue.milestones if one.id in wanted]


async def _built(scene: Scene, milestone: str) -> bool:
    """Whether the milestone comes after works that take their time: they pass."""
    known = {one.id: one.after for one in scene.rules.catalogue.milestones}
    if not set(known[milestone]) & known.keys():
        return False
    await scene.walk.days_pass(BUILDING_DAYS)
    await scene.next_working_day()
    return True


async def _reached(scene: Scene, milestone: str) -> None:
    zh = next(one.zh for one in scene.rules.catalogue.milestones if one.id == milestone)
    day = await scene.walk.today()
    dated = {"milestone": milestone, "falls_on": day.isoformat(), "reached": True}
    await scene.act("unit", "supervision", "milestones", dated)
    await scene.tell("unit", f"{zh} reached")


async def _permitted(scene: Scene, began: date) -> date:
    """When the works may begin that is told, with the days it took; `began` once it was."""
    permit = (await scene.picture())["items"].get(scene.rules.catalogue.works_permit)
    granted = permit["decided_on"] if permit else None
    if not granted or began > date.fromisoformat(granted):
        return began
    days = scene.rules.calendar.working_days_between(began, date.fromisoformat(granted))
    await scene.tell("unit", f"领到施工许可，用时 {days} 个工作日 permit granted")
    return date.max


async def _pass_all(scene: Scene) -> None:
    """Until nothing can be filed and nothing is with a department."""
    while waiting := await file_ready(scene):
        if scene.climbed is None and len(waiting) == 1:
            await climb(scene, next(iter(waiting)))
        await scene.walk.until_day(min(waiting.values()))
        today = await scene.walk.today()
        for code, due in waiting.items():
            if due <= today:
                await _decide(scene, code)


async def file_ready(scene: Scene) -> dict[str, date]:
    """File what can be filed; what is with a department then, each with the day it promised."""
    picture = await _caught_up(scene, possible(scene, await scene.picture()))
    for code in _in_state(picture, "ready"):
        await _file(scene, code)
    return _in_state(await scene.picture(), "accepted")


async def _caught_up(scene: Scene, codes: list[str]) -> Picture:
    """The picture once supervision has heard that these items can be filed."""

    def heard(picture: Picture) -> bool:
        return all(picture["items"][code]["state"] != "waiting" for code in codes)

    what = f"{', '.join(codes)} becoming ready"
    found: Picture = await scene.walk.until("approver", "supervision", scene.path, heard, what)
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
    """Who serves the item reads its papers through and files; the department takes it on."""
    server, item = scene.server(code), f"items/{code}"
    await scene.act(server, "intake", "prechecks", {"item": code, "in_order": True})
    await scene.act(server, "supervision", f"{item}/submission")
    if code == scene.demo.story.corrected:
        await _corrected(scene, code)
    await scene.act("approver", "supervision", f"{item}/acceptance")
    due = (await scene.picture())["items"][code]["due_on"]
    await scene.tell(server, f"{code} {scene.item(code).zh}：预审、申报、受理，承诺 {due} 办结")


async def _corrected(scene: Scene, code: str) -> None:
    """One notice of everything that is lacking, supplied the same day."""
    due = await scene.walk.today() + timedelta(days=5)
    demand = {"demands": "请补一份附图", "due_on": due.isoformat()}
    await scene.act("approver", "supervision", f"items/{code}/correction", demand)
    await scene.tell("approver", f"{code} 一次性告知补正 correction asked for, once")
    await scene.act(scene.server(code), "supervision", f"items/{code}/correction/supplied")
    await scene.tell(scene.server(code), f"{code} 补正 supplied")


async def _decide(scene: Scene, code: str) -> None:
    """Decided by who did not serve it, brought to the unit by a way of the pack, struck off."""
    item, server = f"items/{code}", scene.server(code)
    outcome: dict[str, Any] = {"outcome": "approved", "result_number": f"虚构字第{code}号"}
    if code == scene.scope[0]:
        own = outcome | {"decider": scene.walk.id(server)}
        path = f"{scene.path}/{item}/decision"
        await scene.refused(server, "supervision", path, own, "agent_never_decides")
    way = _way(scene, electronic=code == scene.scope[0])
    outcome["e_certificate"] = way.done_by == "applicant"
    await scene.act("approver", "supervision", f"{item}/decision", outcome)
    await _deliver(scene, code, way)
    await _strike_off(scene, code)
    await scene.tell("approver", f"{code} {scene.item(code).zh}：办结，{way.zh}，销号")


def _way(scene: Scene, *, electronic: bool) -> DeliveryWay:
    """The first way of the pack; what the unit fetches for itself only where it is electronic."""
    own = [way for way in scene.pack.delivery.ways if way.done_by == "applicant"]
    brought = [way for way in scene.pack.delivery.ways if way.done_by != "applicant"]
    return next(iter([*own, *brought] if electronic else [*brought, *own]))


async def _deliver(scene: Scene, code: str, way: DeliveryWay) -> None:
    """With the proof that the way asks for: a download, a tracking number, a signature."""
    got: dict[str, Any] = {"items": [code], "delivery": way.id}
    if way.done_by == "applicant":
        await scene.act(
            "unit", "supervision", "delivery", got | {"received_by": "applicant_lead"}
        )
        return
    server, name = scene.server(code), scene.walk.people[scene.hand].zh
    await scene.act(server, "supervision", f"items/{code}/collection", {"originals": 1})
    if way.proof == "tracking_number":
        parcel = got | {"carrier": "post", "tracking_number": f"000-{code}", "recipient": name}
        await scene.act(server, "supervision", "sending", parcel)
    hand = got | {"received_by": "applicant_lead", "recipient": name}
    await scene.act(server, "supervision", "delivery", hand)


async def _strike_off(scene: Scene, code: str) -> None:
    """Originals that nobody needs any more go back first."""
    server = scene.server(code)
    missing: list[str] = (await scene.picture())["items"][code]["missing"]
    pieces = [m.removeprefix("original:") for m in missing if m.startswith("original:")]
    if pieces:
        back = {"pieces": pieces, "recipient": scene.walk.people[scene.hand].zh}
        await scene.act(server, "supervision", "originals", back)
    await scene.act(server, "supervision", f"items/{code}/closing")
