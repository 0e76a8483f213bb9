"""How a matter ends: rated by the unit, its file checked and closed, what was entrusted over."""

from typing import Any

from services.archive.domain.fourfold import PROPERTIES
from services.archive.domain.report import RESULTS
from services.onebox.demo.scene import Scene
from services.onebox.demo.walk import Unexpected

REVISIT = "revisit"


async def rate(scene: Scene) -> None:
    """The unit rates over a link the agent cannot open; another body calls on the unit."""
    await scene.heading("评价", "rated by the unit, not through the hands of the rated")
    walk = scene.walk
    await walk.until(
        "auditor", "evaluation", scene.path, lambda m: m["invited"], "the invitation"
    )
    found = await walk.read("unit", "evaluation", f"{scene.path}/invitations")
    for link in found["invitations"]:
        path = f"/invitations/{link['invitation']}"
        problem = await walk.refused(scene.agent, "evaluation", f"{path}/rating", _best([]))
        await scene.tell(
            scene.agent, f"✗ 打不开评价 cannot open the rating：{problem['title']}"
        )
        asked = await walk.read("unit", "evaluation", path)
        indicators = [one["id"] for one in asked["indicators"]]
        await walk.do("unit", "evaluation", f"{path}/rating", _best(indicators))
        await scene.tell("unit", f"{asked['zh']}：非常满意 rated")
    await _call_back(scene)


async def _call_back(scene: Scene) -> None:
    """Where the place calls on the unit afterwards, another body than the agent's does."""
    caller = scene.who("evaluation_office")
    if caller is None or REVISIT not in {i.id for i in scene.pack.evaluation.instruments}:
        return
    visit = {
        "means": "phone", "reached": True, "respondent": "applicant_lead",
        "level": "satisfied", "answers": "办得快，少跑了路",
    }  # fmt: skip
    await scene.act(caller, "evaluation", "return-visits", visit)
    await scene.tell(caller, "电话回访：满意 called back by another body")


async def badly_rated(scene: Scene) -> None:
    """One visit was rated badly: somebody who was not there looks into it and calls back."""
    walk = scene.walk
    found = await walk.until(
        "unit", "evaluation", f"{scene.path}/visits", lambda told: told["visits"], "the visit"
    )
    link = f"/invitations/{found['visits'][0]['invitation']}/rating"
    said = {"level": "dissatisfied", "comment": "等了两个小时"}
    await walk.do("unit", "evaluation", link, said)
    await scene.tell("unit", "上门服务评价：不满意 a visit rated badly")
    who = scene.must("office")
    tasks = await walk.until(
        who, "evaluation", "/tasks", lambda told: told["bad_ratings"], "the bad rating",
        area=scene.area, kind="bad_ratings",
    )  # fmt: skip
    bad = tasks["bad_ratings"][0]
    await scene.tell(who, f"差评立项，{bad['due_on']}前整改 to be put right by then")
    right = {
        "bad_rating": bad["bad_rating"], "verdict": "upheld", "visited_back": True,
        "measures": "改为预约到点上门", "answer": "已向您致歉并改正",
    }  # fmt: skip
    await walk.do(who, "evaluation", f"/matters/{bad['matter']}/rectifications", right)
    await scene.tell(who, "差评核实、整改、答复并回访 looked into, put right, called back")


def _best(indicators: list[str]) -> dict[str, Any]:
    scores = dict.fromkeys(indicators, "very_satisfied")
    return {"level": "very_satisfied", "scores": scores}


async def close(scene: Scene) -> None:
    """The file is held against the list and closed; what was entrusted ends by itself."""
    await scene.heading("归档", "the file checked and closed")
    await scene.act("archivist", "archive", "check")
    file = await scene.seen("archivist", "archive")
    if not file["check"]["complete"]:
        raise Unexpected(f"the file lacks: {file['check']['lacking']}")
    await scene.tell("archivist", "检查档案：齐全 checked, nothing is lacking")
    await scene.act("archivist", "archive", "closing")
    await scene.tell("archivist", "结档 closed")
    tested = await scene.walk.read("archivist", "archive", f"{scene.path}/four-properties")
    said = [f"{PROPERTIES[p][0]}{RESULTS[r].split()[0]}" for p, r in tested["results"].items()]
    await scene.tell("archivist", f"四性检测 four properties：{'，'.join(said)}")
    for check in tested["checks"]:
        if check["result"] != "passed":
            why = f"{check['zh']} {check['en']}"
            await scene.tell("archivist", f"{RESULTS[check['result']]}：{why}")
    if any("hand_over" in s.must and s.canonical == "deliver" for s in scene.pack.process):
        await _hand_over(scene, file)
    ended = await scene.walk.until("unit", "intake", scene.path, _nothing_open, "the end")
    kinds = [a["zh"] for a in ended["agreements"]]
    await scene.tell("unit", f"委托{'、协议' if kinds else ''}随之终止 ended by themselves")


async def _hand_over(scene: Scene, file: dict[str, Any]) -> None:
    """The papers go to the unit with the file (一并移交)."""
    papers = [document["document"] for document in file["documents"]]
    given = {
        "holder": "applicant", "documents": papers, "on_paper": True,
        "recipient": scene.walk.people[scene.hand].zh,
    }  # fmt: skip
    await scene.act("archivist", "archive", "handovers", given)
    await scene.tell("archivist", f"向项目单位移交 {len(papers)} 件 handed over to the unit")


def _nothing_open(matter: dict[str, Any]) -> bool:
    in_force = [a for a in matter["agreements"] if a["in_force"]]
    return matter["commission"] is None and not in_force
