"""Which papers does agency need here, and in which order do they come?"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import get_args

from contracts.vocabulary import Power, UndertakingPoint
from services.onebox.demo.ending import badly_rated
from services.onebox.demo.materials import before_completion, fill_in_forms, hand_in
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
    await scene.heading("委托与材料", "papers of the mode, materials given once")
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
    await fill_in_forms(scene)


async def _papers(scene: Scene, when: Callable[[str], bool]) -> None:
    """Those that are not there yet: an agreement after the papers that it carries."""
    gate = await scene.walk.read(scene.hand, "intake", f"{scene.path}/gate")
    order = ["application", "commission", "agreement", *sorted(LAST)]
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
    await badly_rated(scene)


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
