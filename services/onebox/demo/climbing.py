"""How is a slow item taken up the ladder of the place, and why is it due on its day?"""

from datetime import date
from typing import Any

from contracts.pack.rules import Ladder, Rung
from services.onebox.demo.scene import Scene
from services.onebox.demo.walk import Unexpected


async def climb(scene: Scene, code: str) -> None:
    """Once in each place: its own ladder, rung by rung; where it has none, its rules' owner."""
    scene.climbed = code
    await _why(scene, code)
    ladder = next((one for one in scene.pack.ladders if one.concerns == "slow_item"), None)
    if ladder is None:
        await _without_ladder(scene, code)
        return
    rungs = sorted(ladder.rungs, key=lambda rung: rung.rung)
    for rung in rungs:
        if rung.alternative or not _reachable(rung):
            continue
        if rung.wait is not None:
            await _wait(scene, code, rung)
        await _act(scene, code, ladder, rung)
    await _settle(scene)


async def _why(scene: Scene, code: str) -> None:
    """Every due day says why: one sentence of what could be asked day by day."""
    found = await scene.walk.read("unit", "supervision", f"{scene.path}/items/{code}/why")
    clock = next(one for one in found["clocks"] if one["clock"] == "commitment")
    await scene.tell("unit", f"{code} 为什么是这一天 why that day？")
    for text in (clock["zh"], clock["en"]):
        scene.say(f"    {text}")


def _reachable(rung: Rung) -> bool:
    """What fires on a lateness that the story has not is left for another day."""
    fires = set(rung.fires)
    return not fires or bool(fires & {"stalled", "at_risk", "no_effect_after", "report_up"})


async def _wait(scene: Scene, code: str, rung: Rung) -> None:
    """Nothing moves for as long as the rung says, and a day more."""
    shown = (await scene.picture())["ladders"][code]
    known = [date.fromisoformat(one["on"]) for one in shown["climbed"] if one["on"]]
    last, calendar = max(known), scene.rules.calendar
    assert rung.wait is not None
    until = calendar.add_working_days(last, rung.wait.days).date
    await scene.walk.until_day(calendar.next_working_day(until))
    await scene.tell("unit", f"{rung.wait.days} 个工作日没有进展 nothing moved")


async def _act(scene: Scene, code: str, ladder: Ladder, rung: Rung) -> None:
    who, said = _who(scene, code, rung), {"zh": rung.zh, "n": rung.rung}
    signals = [s for s in ("stalled", "at_risk", "no_effect_after") if s in rung.fires]
    asked: dict[str, Any] = {"signal": signals[0]} if signals else {}
    match rung.do:
        case "remind" | "urge":
            path, asked = f"items/{code}/urges", {**asked, "rung": rung.rung}
        case "report_up" | "raise":
            path, asked = f"items/{code}/report", {**asked, "reason": "提醒后无进展"}
        case "interview":
            person = scene.walk.id(scene.must("approver"))
            path = "interviews"
            asked = {"item": code, "person": person, "reason": "报告后仍无进展"}
            asked["account"] = "审批人员说明了原因，承诺尽快办结"
        case _:
            raise Unexpected(f"nobody here knows how to {rung.do}")
    await scene.act(who, "supervision", path, asked)
    await scene.tell(who, f"{ladder.zh} 第 {said['n']} 级 rung：{said['zh']}")


def _who(scene: Scene, code: str, rung: Rung) -> str:
    """Who serves the item where the rung lets him; else the first of those it names."""
    server = scene.server(code)
    held = [person for post in rung.by for person in scene.holders(post)]
    if rung.via is not None or server in held or not held:
        return server
    return held[0]


async def _without_ladder(scene: Scene, code: str) -> None:
    """A problem that no rule covers goes to who owns the rules, and is struck off there."""
    server = scene.server(code)
    problem = {
        "kind": "no_rule", "items": [code],
        "description": "进展缓慢，方案未设催办层级，请明确处置办法",
    }  # fmt: skip
    await scene.act(server, "supervision", "issues", problem)
    (issue,) = (await scene.picture())["issues"]["open"]
    owner = scene.names([issue["owner"]])
    await scene.tell(server, f"{code} 方案未设层级，提交 no ladder here, put to：{owner}")
    await _settle(scene)


async def _settle(scene: Scene) -> None:
    """What went on a list of problems is struck off: the department answered."""
    for issue in (await scene.picture())["issues"]["open"]:
        done = {"issue": issue["id"], "outcome": "solved", "resolution": "部门已答复，即将办结"}
        await scene.act(scene.agent, "supervision", "issues/resolved", done)
        await scene.tell(scene.agent, "问题销号 struck off")
