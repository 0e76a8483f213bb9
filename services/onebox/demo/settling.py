"""How is a matter taken on, sent to who serves it, and taken up by him (受理、派单)?"""

from contracts.predicate import mentioned
from services.onebox.demo.scene import Picture, Scene

DECLARED = frozenset({"industrial_policy_ok", "registered_in_jurisdiction"})
"""What a unit says of itself and an office can hold against a source."""


async def take_on(scene: Scene) -> None:
    """A body accepts; what was declared is checked; mode and items are settled."""
    await scene.heading("受理", "taken on, mode and items settled")
    matter = await scene.seen("unit", "intake")
    if _scope_first(scene):
        await _fix_items(scene)
    if matter["state"] == "requested":
        await _accept(scene)
    elif matter["body"]:
        who = scene.names([matter["body"]])
        await scene.tell("unit", f"依方案即予受理 accepted by the rule itself（{who}）")
    if matter["origin"] and not matter["consented"]:
        await scene.act("unit", "intake", "consent")
        await scene.tell("unit", "同意接受服务 consent given")
    await _conditions(scene)
    await scene.act("unit", "intake", "mode", {"mode": scene.mode.id})
    await scene.tell("unit", f"选择{scene.mode.zh} agency: the agent files in our name")
    if not _scope_first(scene):
        await _fix_items(scene)
    await _planned(scene)


def _scope_first(scene: Scene) -> bool:
    """Whether reception settles the items before it accepts."""
    accepting = [stage for stage in scene.pack.process if stage.canonical == "accept"]
    return any("fix_item_scope" in stage.steps for stage in accepting)


async def _accept(scene: Scene) -> None:
    """By who owns the stage at which the place takes a request on, as far as we have him."""
    stages = [s for s in scene.pack.process if s.canonical in ("accept", "register")]
    owners = (person for s in stages for post in s.owner for person in scene.holders(post))
    by = next(owners, None) or scene.must("window_clerk", "liaison")
    body = scene.walk.body(by)
    await scene.act(by, "intake", "acceptance", {"body": body})
    await scene.tell(by, f"受理 accepted（{scene.names([body])}）")


async def _conditions(scene: Scene) -> None:
    """What a rule about applicants turns on is held against a source."""
    rules = [r for r in scene.pack.scope.applicants if not r.modes or scene.mode.id in r.modes]
    clerk = scene.must("window_clerk")
    for rule in rules:
        for condition in sorted(DECLARED & mentioned(rule.when)):
            met = scene.works["facts"][condition]
            check = {"condition": condition, "met": met, "source": "register-of-companies"}
            await scene.act(clerk, "intake", "condition-checks", check)
            await scene.tell(clerk, f"核验 checked: {rule.zh}")


async def _fix_items(scene: Scene) -> None:
    items = scene.demo.story.items
    await scene.act(scene.hand, "intake", "scope", {"items": list(items)} if items else {})
    scene.scope = (await scene.seen("unit", "intake"))["items"]
    words = f"服务事项 {len(scene.scope)} 项 items served: {' '.join(scene.scope)}"
    await scene.tell(scene.hand, words)


async def _planned(scene: Scene) -> None:
    seen = await scene.walk.until(
        "unit", "supervision", scene.path, lambda m: m["plan"], "the plan"
    )
    plan = seen["plan"]
    text = f"逐项相加 {plan['serial_days']} 个工作日，并联推进 {plan['critical_days']} 个"
    if plan["permit_day"] is not None:
        text += f"，第 {plan['permit_day']} 个工作日可领施工许可"
    await scene.tell("unit", f"收到预排工期 the plan: {text}")


# -- to whom it goes --------------------------------------------------------------------------


async def dispatch(scene: Scene) -> None:
    """Told, routed, handed over where another level has it, dispatched, taken up."""
    await scene.heading("派单", "told, routed, dispatched, acknowledged")
    routed = await scene.walk.until(
        "auditor", "assignment", scene.path, lambda m: m["to"], "the routing"
    )
    near = [*routed["to"], *routed["co_leads"]]
    await _told(scene, routed)
    sender = scene.able("dispatch", "assign", near=near) or scene.must("liaison")
    rules = routed["routing"]["rules"]
    why = next(rule["zh"] for rule in rules if rule["applies_to"] == "matter")
    await scene.tell(sender, f"{why} routed to: {scene.names(routed['to'])}")
    if routed["co_leads"]:
        await scene.tell(sender, f"共同牵头 leads too: {scene.names(routed['co_leads'])}")
    for helper in routed["agents"]:
        person = scene.key_of(helper)
        await scene.tell(person, "已自动配为帮办 help was there without anybody asking")
    await scene.act(sender, "assignment", "dispatch")
    await _taken_up(scene, sender)
    await _transferred(scene)
    await _paired(scene, sender)
    await _reserve_sees_nothing(scene)


async def _told(scene: Scene, routed: Picture) -> None:
    """Where a place wants the centre told at once, one of those told says so."""
    if routed["notice"] is None:
        return
    near = routed["notice"]["to"]
    people = [p for p in scene.demo.people if set(near) & set(p.bodies)]
    if people:
        await scene.act(people[0].key, "assignment", "notice-confirmation")
        await scene.tell(people[0].key, f"收到告知并确认 told at once: {scene.names(near)}")


async def _taken_up(scene: Scene, sender: str) -> None:
    """Everybody who got items says that he has them; the lead comes first."""
    sent = await scene.seen("auditor", "assignment")
    lead = scene.key_of(sent["lead_agent"])
    by_item = {item: scene.key_of(task["agent"]) for item, task in sent["items"].items()}
    scene.servers = dict(sorted(by_item.items(), key=lambda pair: pair[1] != lead))
    for person in dict.fromkeys(scene.servers.values()):
        mine = [item for item, who in by_item.items() if who == person]
        await scene.tell(
            sender, f"分发 {len(mine)} 项给 dispatched to: {_called(scene, person)}"
        )
        await scene.act(person, "assignment", "acknowledgement")
        await scene.tell(person, "确认接办 acknowledged")


def _called(scene: Scene, person: str) -> str:
    one = scene.walk.people[person]
    return f"{one.zh}（{one.post}）"


async def _transferred(scene: Scene) -> None:
    """Items of another level are confirmed by who receives them (立即转办)."""
    sent = (await scene.seen("auditor", "assignment"))["transfers"]
    for body in dict.fromkeys(one["to"] for one in sent.values()):
        items = [item for item, one in sent.items() if one["to"] == body]
        receiver = scene.able("confirm_transfer", near=[body])
        if receiver:
            await scene.act(receiver, "assignment", "transfer-confirmation", {"to": body})
            await scene.tell(receiver, f"转办接下 transferred, confirmed: {' '.join(items)}")


async def _paired(scene: Scene, sender: str) -> None:
    """One steward and one agent, where the team pairs them."""
    steward = scene.pack.team.pairs_with and next(
        scene.holders(scene.pack.team.pairs_with), None
    )
    if steward:
        await scene.act(sender, "assignment", "steward", {"steward": scene.walk.id(steward)})
        await scene.tell(steward, "与代办员一对一结对 paired with the agent")


async def _reserve_sees_nothing(scene: Scene) -> None:
    """A reserve whom nobody activated has no business with the matter."""
    resting = [role.id for role in scene.pack.roles if role.sees_nothing_until]
    for person in (p for post in resting for p in scene.holders(post)):
        status = await scene.walk.denied(person, "intake", scene.path)
        await scene.tell(person, f"✗ 未启用，看不到办件 a reserve sees nothing yet（{status}）")
