"""What does a project hear that the place does not serve, or does not serve so (另一扇门)?"""

from services.onebox.demo.door import second, way_in
from services.onebox.demo.scene import Scene


async def second_door(scene: Scene) -> None:
    """A project the place does not serve, or not so, knocks too: it is told why, and where to go."""
    if scene.demo.story.other is None:
        return
    await scene.heading("另一扇门", "the other door: a project that is not served so")
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
    routed = await scene.walk.read("auditor", "assignment", path)
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
