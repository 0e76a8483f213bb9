"""Which papers does agency need here, and how do papers and materials come in, each once?"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import get_args

from contracts.vocabulary import Power, UndertakingPoint
from services.onebox.demo.scene import Picture, Scene
from services.onebox.demo.walk import Unexpected, paper

POWERS = get_args(Power.__value__)
TWO_YEARS = timedelta(days=730)
LAST = {"register", "undertaking"}
"""What speaks of the materials comes after them."""
LACKING = (
    "no_commission", "paper_missing", "agreement_not_in_force", "commission_missing",
)  # fmt: skip


async def entrust(scene: Scene) -> None:
    """No filing without the papers of the mode; then each of them, as the place asks for it."""
    scene.heading("委托与材料", "papers of the mode, materials given once")
    first = f"{scene.path}/items/{scene.scope[0]}/submission"
    await scene.refused(scene.server(scene.scope[0]), "supervision", first, {}, *LACKING)
    await _papers(scene, lambda sort: sort not in LAST)
    await _explain(scene)
    asked = {"ahead": True}
    await scene.act(scene.agent, "intake", "material-requests", asked)
    await scene.tell(scene.agent, "一次性告知全部所需材料 asked for everything, once")
    await _visit(scene)
    await hand_in(scene, before_completion(scene))
    await _undertake(scene)
    await _papers(scene, lambda sort: sort in LAST)
    await _forms(scene)


async def _papers(scene: Scene, when: Callable[[str], bool]) -> None:
    """Those that are not there yet: an agreement after the form that it carries."""
    gate = await scene.walk.read(scene.hand, "intake", f"{scene.path}/gate")
    order = ["application", "agreement", "commission", *sorted(LAST)]
    lacking = [p for p in gate["papers"] if p["needed"] and not p["there"] and when(p["sort"])]
    for one in sorted(lacking, key=lambda p: order.index(p["sort"])):
        match one["sort"]:
            case "application":
                await _apply(scene, one)
            case "agreement":
                await _agree(scene, one)
            case "commission":
                await _commission(scene, one)
            case "register":
                await _register(scene, one)


async def _apply(scene: Scene, one: Picture) -> None:
    form = {"form": one["paper"], "content": paper(one["zh"])}
    await scene.act("unit", "intake", "application", form)
    await scene.tell("unit", f"提交《{one['zh']}》 application filed")


async def _agree(scene: Scene, one: Picture) -> None:
    """Signed by one side, then by everybody it waits for; numbered by the place's own rule."""
    kind = next(a for a in scene.pack.agreements if one["paper"] in (a.id, a.form))
    move = next(m for m in kind.moves if m.kind == "sign")
    signs = {
        "kind": kind.id, "move": move.id, "agent": scene.walk.id(scene.agent),
        "agent_name": scene.walk.people[scene.agent].zh,
    }  # fmt: skip
    signer = _signer(scene, move.by)
    while True:
        await scene.act(signer, "intake", "agreements", signs)
        known = (await scene.seen("unit", "intake"))["agreements"][-1]
        number = known["label"] or known["number"]
        await scene.tell(signer, f"签署 signed：《{kind.zh}》 {number}")
        if known["in_force"]:
            return
        signer = _signer(scene, known["awaits"])


def _signer(scene: Scene, posts: Sequence[str]) -> str:
    """Whoever holds the first of the posts that may sign: who serves, before others in it."""
    for post in posts:
        people = list(scene.holders(post))
        serving = [person for person in people if person in scene.servers.values()]
        if people:
            return next(iter([*serving, *people]))
    raise Unexpected(f"nobody here can sign as {list(posts)}")


async def _commission(scene: Scene, one: Picture) -> None:
    """Agent, matter, powers, period; where several carry items, the unit agrees to that too."""
    today = await scene.walk.today()
    several = len(set(scene.servers.values())) > 1
    commission = {
        "agent": scene.walk.id(scene.agent),
        "powers": POWERS,
        "begins_on": today.isoformat(),
        "ends_on": (today + TWO_YEARS).isoformat(),
        "signed_on": today.isoformat(),
        "signing": "seal_and_signature",
        "consents": ["sub_agency"] if several else [],
        "agent_name": scene.walk.people[scene.agent].zh,
        "principal": scene.works["unit"],
        "signatory": scene.walk.people["unit"].zh,
        "paper": paper(one["zh"]),
    }
    await scene.act("unit", "intake", "commission", commission)
    await scene.tell("unit", f"签署《{one['zh']}》：代理人、事项、权限、期限 commission filed")


async def _explain(scene: Scene) -> None:
    """Where the process wants flow and duties explained, that is done and ticked."""
    if any("explain_process_and_duties" in stage.must for stage in scene.pack.process):
        clerk = scene.must("window_clerk")
        await scene.act(clerk, "intake", "explanations", {"leaflet": "service-flow"})
        await scene.tell(clerk, "介绍服务流程和工作职责 flow and duties explained")


async def _undertake(scene: Scene) -> None:
    """Where the place has the five-point undertaking, the unit gives it for its papers."""
    if not any(form.id == "undertaking" for form in scene.pack.forms):
        return
    points = {"points": get_args(UndertakingPoint.__value__)}
    await scene.act("unit", "intake", "undertakings", points)
    await scene.tell("unit", "承诺材料真实、合法、齐全、有效、符合规定 materials warranted")


async def _register(scene: Scene, one: Picture) -> None:
    entry = {"form": one["paper"], "needs": "办理开工前的手续", "clarified_by": ["on_site"]}
    results = [m for code in scene.scope for m in scene.item(code).materials]
    if any(scene.makers_of(material) for material in results):
        entry["incomplete_reason"] = "其余材料是前序事项的结果，办出后即补齐"
    await scene.act(scene.agent, "intake", "registration", entry)
    await scene.tell(scene.agent, f"填写《{one['zh']}》：需求、事项、时限 registered")


async def _visit(scene: Scene) -> None:
    """To the unit's door, where the mode lets the agent go there."""
    if "visit" not in scene.mode.staff_may:
        return
    at = await scene.walk.now_is() + timedelta(days=1)
    where = {"appointed_at": _instant(at), "place": scene.works["address"]}
    await scene.act(scene.agent, "supervision", "visits", where)
    await scene.tell(scene.agent, f"预约上门 visit appointed: {at.date()}")
    await scene.walk.days_pass(1)
    await scene.next_working_day()
    visits = (await scene.picture())["visits"]
    made = {"visit": visits[-1]["id"], "arrived_at": _instant(await scene.walk.now_is())}
    await scene.act(scene.agent, "supervision", "visits/made", made)
    await scene.tell(scene.agent, "上门受理 visit made")


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


# -- materials --------------------------------------------------------------------------------


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


async def _forms(scene: Scene) -> None:
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
