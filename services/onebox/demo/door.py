"""How does a matter begin here: online, at the window, led in from the hall, or by itself (进门)?"""

from collections.abc import Mapping
from typing import Any, Literal

from contracts.predicate import holds
from contracts.project import ProjectFacts
from services.onebox.demo.scene import Scene

type Way = Literal["first_sight", "arrival", "window", "online_zone"]

OPEN = ("window", "online_zone")


def way_in(scene: Scene) -> Way:
    """The door by which a unit comes in first, as the pack's modes and channels have it."""
    begins = {mode.enrol for mode in scene.pack.modes}
    if "automatic" in begins:
        return "first_sight"
    if "on_arrival" in begins:
        return "arrival"
    doors = [channel for channel in scene.pack.channels if channel.kind in OPEN]
    first = min(doors, key=lambda channel: channel.priority or len(doors))
    return "window" if first.kind == "window" else "online_zone"


async def come_in(scene: Scene) -> None:
    """A visitor is led in, where the place does so; the project is entered; help is asked for."""
    way = way_in(scene)
    zh, en = TITLES[way]
    await scene.heading(zh, en)
    contact = await _led_in(scene) if way == "arrival" else None
    if way in ("arrival", "window"):
        scene.project = await _enter(scene, scene.must("window_clerk"), scene.works, "unit")
    else:
        scene.project = await _enter(scene, "unit", scene.works, None)
    if way == "first_sight":
        scene.matter = await enrolled(scene, scene.project)
    else:
        scene.matter = await _ask(scene, way)
    matter = await scene.seen("unit", "intake")
    scene.number = matter["number"]
    scene.hand = "handler" if matter["handler"] else "unit"
    how = "自动纳入 enrolled by itself" if way == "first_sight" else "申请代办 agency asked for"
    fit = f"  {matter['eligibility']}" if matter["eligibility"] else ""
    await scene.tell("unit", f"{how}，编号 number {scene.number}{fit}")
    if contact:
        await _close_contact(scene, contact)
    await _reach_out(scene)


TITLES: Mapping[Way, tuple[str, str]] = {
    "first_sight": ("申请：自动纳入帮办", "the request: help begins at first sight"),
    "arrival": ("申请：前台引导", "the request: led in from the hall desk, handed over"),
    "window": ("申请：到窗口", "the request, at the window"),
    "online_zone": ("申请：网上", "the request, by the online door"),
}


# -- led in from the hall ---------------------------------------------------------------------


async def _led_in(scene: Scene) -> str:
    """Received, escorted, handed over; what the window cannot answer, the body answers."""
    desk, clerk = scene.must("guide"), scene.must("window_clerk")
    item = scene.demo.story.items[0]
    arrived = {
        "area": scene.area, "channel": "hall_desk", "topic": "agency",
        "unit": scene.works["unit"], "wish": "想办开工前的手续",
    }  # fmt: skip
    contact = await scene.walk.make(desk, "intake", "/contacts", arrived)
    path = f"/contacts/{contact}"
    await scene.tell(desk, "首问接待，陪同引导 received and escorted")
    to = {"to_role": "window_clerk", "to_body": scene.walk.body(clerk)}
    await scene.walk.do(desk, "intake", f"{path}/handover-offers", to)
    await scene.walk.do(clerk, "intake", f"{path}/handover")
    await scene.tell(clerk, "接下交接 handed over, and taken")
    asked = {"items": [item], "question": "备案能否与水土保持方案同时准备？"}
    await scene.walk.do(clerk, "intake", f"{path}/referrals", asked)
    waiting = (await scene.walk.read(clerk, "intake", path))["waiting"][0]
    answer = {
        "consultation": waiting, "topic": "procedure", "items": [item], "understood": True,
        "question": asked["question"], "answer": "可以同时准备，备案后申报",
    }  # fmt: skip
    await scene.walk.do("approver", "intake", f"{path}/answers", answer)
    await scene.tell("approver", "解答转来的咨询 the referred question answered")
    told = {"items": list(scene.demo.story.items)}
    await scene.walk.do(clerk, "intake", f"{path}/notices", told)
    await scene.tell(clerk, "一次性告知条件和材料 conditions and materials told, once")
    return contact


async def _close_contact(scene: Scene, contact: str) -> None:
    clerk = scene.must("window_clerk")
    about = {"project": scene.project, "matter": scene.matter}
    await scene.walk.do(clerk, "intake", f"/contacts/{contact}/links", about)
    done = {"outcome": "matter_opened"}
    await scene.walk.do(clerk, "intake", f"/contacts/{contact}/closing", done)


# -- the project and the request --------------------------------------------------------------


async def _enter(scene: Scene, by: str, facts: Mapping[str, Any], unit: str | None) -> str:
    """A project is entered; a code that is known already is not given twice."""
    code = facts.get("code")
    found = await scene.walk.read("auditor", "intake", "/projects", code=code) if code else None
    known = bool(found and found["items"])
    body: dict[str, Any] = {k: v for k, v in facts.items() if k != "code" or not known}
    body["area"] = scene.area
    if unit:
        body["applicant"] = scene.walk.id(unit)
    made = await scene.walk.make(by, "intake", "/projects", body)
    await scene.tell(by, f"登记项目 project entered：{facts['name']}")
    return made


async def enrolled(scene: Scene, project: str) -> str:
    """The matter that the service opened by itself."""
    found = await scene.walk.until(
        "auditor", "intake", "/matters", lambda page: page["items"], "the matter by itself",
        area=scene.area, project=project,
    )  # fmt: skip
    matter: str = found["items"][0]["id"]
    return matter


async def _ask(scene: Scene, way: Way) -> str:
    """The unit asks online, or the window enters what it asks."""
    walk = scene.walk
    wish: dict[str, Any] = {
        "project": scene.project,
        "area": scene.area,
        "channel": "window" if way == "arrival" else way,
        "wanted": scene.mode.id,
        "lead_name": walk.people["unit"].zh,
        "lead_phone": "000-0000001",
        "handler": walk.id("handler"),
        "handler_name": walk.people["handler"].zh,
        "handler_phone": "000-0000002",
        "learned_through": "new_media",
        "items": list(scene.demo.story.items),
    }
    arrived = next((o.id for o in scene.pack.origins if o.kind == "arrival"), None)
    if way == "arrival" and arrived:
        wish["origin"] = arrived
    by = "unit" if way == "online_zone" else scene.must("window_clerk")
    return await walk.make(by, "intake", "/matters", wish)


async def second(scene: Scene) -> tuple[str, str]:
    """The other project of the story comes in by the same door: its matter, and who entered it."""
    facts = scene.demo.projects[scene.demo.story.other or ""]
    if way_in(scene) == "first_sight":
        project = await _enter(scene, "other", facts, None)
        return await enrolled(scene, project), "other"
    clerk = scene.must("window_clerk")
    project = await _enter(scene, clerk, facts, "other")
    wish = {
        "project": project,
        "area": scene.area,
        "channel": "window",
        "lead_name": scene.walk.people["other"].zh,
        "lead_phone": "000-0000003",
    }
    return await scene.walk.make(clerk, "intake", "/matters", wish), clerk


# -- what the place brings by itself ----------------------------------------------------------


async def _reach_out(scene: Scene) -> None:
    """Lists and visits that the place's rules bring to such a project (主动服务), if any."""
    facts = dict(ProjectFacts.model_validate(scene.works["facts"]))
    at = "ProjectRegistered"
    rules = [r for r in scene.pack.proactive if r.at == at and holds(r.when, facts)]
    if not rules:
        return
    found = await scene.walk.until(
        "auditor", "intake", "/outreach", lambda page: len(page["items"]) >= len(rules),
        "the outreach", area=scene.area, project=scene.project,
    )  # fmt: skip
    for row in found["items"]:
        if row["phase"] == "open":
            await _bring(scene, f"/outreach/{row['id']}")


async def _bring(scene: Scene, path: str) -> None:
    """By every way the rule names, each with its proof."""
    one = await scene.walk.read("auditor", "intake", path)
    zh = next(r.zh for r in scene.pack.proactive if f"proactive.{r.id}" == one["rule"])
    if one["what"] == "pre_approval_checklist":
        by = scene.must("specialist", "window_clerk")
        for via in one["via"]:
            proof = {"via": via, "proven_by": "receipt", "reference": f"RECEIPT-{via}"}
            await scene.walk.do(by, "intake", f"{path}/deliveries", proof)
        await scene.tell(by, f"{zh}：{len(one['items'])} 个事项，{len(one['via'])} 个渠道送达")
    else:
        by = scene.must("steward", "window_clerk")
        await scene.walk.do(by, "intake", f"{path}/visits", {"purpose": "service"})
        await scene.tell(by, f"{zh} service brought to the door")
