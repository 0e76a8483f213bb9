"""How do materials and forms come in, each once?"""

from collections.abc import Callable

from services.onebox.demo.scene import Scene
from services.onebox.demo.walk import paper


def before_completion(scene: Scene) -> list[str]:
    """The materials that items before completion need and that the unit hands in."""
    return _wanted(scene, lambda stage: stage != _last_stage(scene))


def at_completion(scene: Scene) -> list[str]:
    """The rest: what can exist only when the works are done."""
    return _wanted(scene, lambda stage: stage == _last_stage(scene))


def _last_stage(scene: Scene) -> str:
    return scene.rules.catalogue.stages[-1].id


def _wanted(scene: Scene, stage: Callable[[str], bool]) -> list[str]:
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
            await scene.act(scene.agent, "intake", "material-reuses", reuse)
            shared += 1
        else:
            title = scene.material(code).zh
            taken = {"material": code, "originals": 1, "copies": 1, "title": title}
            await scene.act(scene.agent, "intake", "materials", taken)
            papers += 1
        scene.handed_in.add(code)
    await scene.tell(
        scene.agent, f"接收材料 {papers} 种、调用电子证照 {shared} 种 papers taken in, once"
    )


async def fill_in_forms(scene: Scene) -> None:
    """The system's own form, filled in by who may, confirmed by the unit before it is filed."""
    mine = [code for code in scene.scope if _needs_a_form(scene, code)]
    for_the_unit = "fill_for_applicant" in scene.mode.staff_may
    for code in mine:
        draft = {"item": code, "content": paper(f"{code} 申请表")}
        filler = scene.server(code) if for_the_unit else scene.hand
        await scene.act(filler, "intake", "forms", draft)
        confirmed_by = scene.walk.people[scene.hand].zh
        word = {"item": code, "draft": 1, "confirmed_by": confirmed_by}
        await scene.act(scene.hand, "intake", "form-confirmations", word)
    how = "代填" if for_the_unit else "自填"
    await scene.tell(scene.hand, f"确认{how}的申请表 {len(mine)} 份 forms confirmed")


def _needs_a_form(scene: Scene, code: str) -> bool:
    return any(scene.material(m).source == "system" for m in scene.item(code).materials)
