"""How a matter begins: the request, the way it is taken on, who serves it, and its papers."""

from datetime import datetime, timedelta
from typing import Any

from services.onebox.demo.scene import Scene
from services.onebox.demo.walk import paper

POWERS = [
    "prepare", "fill_forms", "submit", "supplement", "urge", "collect", "receive_originals",
    "deliver",
]  # fmt: skip
TWO_YEARS = timedelta(days=730)


async def request(scene: Scene) -> None:
    """The unit registers its project and asks for agency, online."""
    scene.heading("一、申请", "the request, by the online door")
    walk = scene.walk
    facts = scene.demo.projects["factory"]
    found = await walk.read("auditor", "intake", "/projects", code=facts["code"])
    body = {k: v for k, v in facts.items() if k != "code" or not found["items"]}
    scene.project = await walk.make("unit", "intake", "/projects", {**body, "area": scene.area})
    await scene.tell("unit", f"登记项目：{facts['name']}")
    wish = {
        "project": scene.project,
        "area": scene.area,
        "channel": "online_zone",
        "wanted": "agent",
        "lead_name": walk.people["unit"].zh,
        "lead_phone": "000-0000001",
        "handler": walk.id("handler"),
        "handler_name": walk.people["handler"].zh,
        "handler_phone": "000-0000002",
        "learned_through": "new_media",
    }
    scene.matter = await walk.make("unit", "intake", "/matters", wish)
    matter = await walk.read("unit", "intake", scene.path)
    scene.number = matter["number"]
    await scene.tell(
        "unit", f"申请代办，编号 {scene.number}，服务条件：{matter['eligibility']}"
    )


async def take_on(scene: Scene) -> None:
    """A body accepts; the unit chooses agency; the items are settled."""
    scene.heading("二、受理", "taken on, mode and items settled")
    body = scene.walk.body("liaison")
    await scene.act("liaison", "intake", "acceptance", {"body": body})
    await scene.tell("liaison", f"受理（{scene.rules.pack.body(body).zh}）")
    await scene.act("unit", "intake", "mode", {"mode": "agent"})
    await scene.tell("unit", "选择代办 agency: the agent files in our name")
    await scene.act("handler", "intake", "scope")
    scene.scope = (await scene.walk.read("unit", "intake", scene.path))["items"]
    words = f"服务事项 {len(scene.scope)} 项 items served: {' '.join(scene.scope)}"
    await scene.tell("handler", words)
    plan = await scene.walk.until(
        "unit", "supervision", scene.path, lambda m: m["plan"], "the plan"
    )
    await scene.tell("unit", f"收到预排工期 the plan: {planned(plan['plan'])}")


def planned(plan: dict[str, Any]) -> str:
    """The plan in a few words."""
    return (
        f"逐项相加 {plan['serial_days']} 个工作日，并联推进 {plan['critical_days']} 个，"
        f"第 {plan['permit_day']} 个工作日可领施工许可"
    )


async def dispatch(scene: Scene) -> None:
    """Routed by the site, dispatched to the agent who has least to do, acknowledged."""
    scene.heading("三、派单", "routed by the site, dispatched, acknowledged")
    walk = scene.walk
    await _roster(scene)
    routed = await walk.until(
        "liaison", "assignment", scene.path, lambda m: m["to"], "the routing"
    )
    names = "、".join(scene.rules.pack.body(to).zh for to in routed["to"])
    await scene.tell("liaison", f"按选址分到 routed to: {names}")
    await scene.act("liaison", "assignment", "dispatch", {"agent": walk.id("agent")})
    await scene.tell("liaison", f"分发给 dispatched to: {walk.people['agent'].zh}")
    await scene.act("agent", "assignment", "acknowledgement")
    await scene.tell("agent", "确认接办 acknowledged")


async def _roster(scene: Scene) -> None:
    walk = scene.walk
    area = {"area": scene.area}
    known = await walk.read("liaison", "assignment", "/staff", **area)
    there = {row["person"] for row in known["rows"]}
    for key in ("agent", "agent2"):
        one = walk.people[key]
        if one.id not in there:
            staff = {
                "person": one.id, "body": one.bodies[0], "roles": ["agent"], "name": one.zh,
            }  # fmt: skip
            await walk.make("liaison", "assignment", "/staff", area | staff)
            await scene.tell("liaison", f"花名册增加 on the roster: {one.zh}")


async def sign_and_collect(scene: Scene) -> None:
    """No filing without a commission; then the visit, the papers given once, the forms."""
    scene.heading("四、委托与材料", "commission, visit, papers given once")
    walk = scene.walk
    submission = "items/S1-01/submission"
    await scene.shown_refusal("agent", "supervision", submission, {}, "no_commission")
    today = await walk.today()
    commission = {
        "agent": walk.id("agent"),
        "powers": POWERS,
        "begins_on": today.isoformat(),
        "ends_on": (today + TWO_YEARS).isoformat(),
        "signed_on": today.isoformat(),
        "signing": "seal_and_signature",
        "agent_name": walk.people["agent"].zh,
        "principal": scene.demo.projects["factory"]["unit"],
        "signatory": walk.people["unit"].zh,
        "paper": paper("授权委托书"),
    }
    await scene.act("unit", "intake", "commission", commission)
    await scene.tell("unit", "签署授权委托书：代理人、事项、权限、期限 commission filed")
    await scene.act("agent", "intake", "material-requests", {"ahead": True})
    await scene.tell("agent", "一次性告知全部所需材料 asked for everything, once")
    await _visit(scene)
    await hand_in(scene, before_completion(scene))
    await _forms(scene)


async def _visit(scene: Scene) -> None:
    walk = scene.walk
    at = await walk.now_is() + timedelta(days=1)
    where = {"appointed_at": _instant(at), "place": scene.demo.projects["factory"]["address"]}
    await scene.act("agent", "supervision", "visits", where)
    await scene.tell("agent", f"预约上门 visit appointed: {at.date()}")
    await walk.days_pass(1)
    await scene.next_working_day()
    visits = (await scene.picture())["visits"]
    made = {"visit": visits[-1]["id"], "arrived_at": _instant(await walk.now_is())}
    await scene.act("agent", "supervision", "visits/made", made)
    await scene.tell("agent", "上门受理 visit made")


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def before_completion(scene: Scene) -> list[str]:
    """The materials that items before completion need and that the unit hands in."""
    return _wanted(scene, lambda stage: stage != _last_stage(scene))


def at_completion(scene: Scene) -> list[str]:
    """The rest: what can exist only when the works are done."""
    return _wanted(scene, lambda stage: stage == _last_stage(scene))


def _last_stage(scene: Scene) -> str:
    return scene.rules.catalogue.stages[-1].id


def _wanted(scene: Scene, stage: Any) -> list[str]:
    by_itself = set(scene.rules.catalogue.agent_mode_adds)
    found = {
        code
        for item in scene.rules.catalogue.items
        if item.id in scene.scope and stage(item.stage)
        for code in item.materials
        if scene.material(code).source != "system" and not scene.makers_of(code)
    }
    return sorted(found - by_itself - scene.handed_in)


async def hand_in(scene: Scene, materials: list[str]) -> None:
    """The unit's papers are taken in, and certificates are fetched from the library."""
    shared, papers = 0, 0
    for code in materials:
        if scene.material(code).source == "e-cert":
            reuse = {"material": code, "origin": "e_certificate"}
            await scene.act("agent", "intake", "material-reuses", reuse)
            shared += 1
        else:
            taken = {
                "material": code,
                "originals": 1,
                "copies": 1,
                "title": scene.material(code).zh,
            }
            await scene.act("agent", "intake", "materials", taken)
            papers += 1
        scene.handed_in.add(code)
    await scene.tell(
        "agent", f"接收材料 {papers} 种、调用电子证照 {shared} 种 papers taken in, once"
    )


async def _forms(scene: Scene) -> None:
    """The system's own form, filled in by the agent, confirmed by the unit before it is filed."""
    mine = [i for i in scene.scope if _needs_a_form(scene, i)]
    for code in mine:
        draft = {"item": code, "content": paper(f"{code} 申请表")}
        await scene.act("agent", "intake", "forms", draft)
        word = {"item": code, "draft": 1, "confirmed_by": scene.walk.people["handler"].zh}
        await scene.act("handler", "intake", "form-confirmations", word)
    await scene.tell("handler", f"确认代填的申请表 {len(mine)} 份 forms confirmed")


def _needs_a_form(scene: Scene, code: str) -> bool:
    return any(scene.material(m).source == "system" for m in scene.item(code).materials)
