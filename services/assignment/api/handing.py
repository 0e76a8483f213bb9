"""What may people ask when a matter goes from hand to hand?"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.vocabulary import ItemCode
from services.assignment.api.answers import matters as shapes
from services.assignment.domain.choosing import RANKING, SHOWN, Excluded
from services.assignment.domain.rights import RIGHTS
from services.assignment.service import Assignment
from services.assignment.service.opening import names_of
from shared.answering import answers, json_answer
from shared.asking import By, permit
from shared.http import principal_of
from shared.problems import Problem

handing = APIRouter(prefix="/matters", tags=["matters"])

BECAUSE = {
    "left": "已离岗",
    "not_on_the_roster": "不在花名册",
    "absent": "请假或外出",
    "reserve_not_activated": "候补尚未启用",
    "no_post_that_day": "当日不在岗",
    "conflict_of_interest": "有利益冲突",
    "handed_it_over": "此事项刚由其移交出去",
    "role": "岗位不符",
    "body": "不属于应出人的单位",
    "slot": "不在名额所在单位",
    "item": "不办此事项",
    "site": "不办此选址",
    "skill": "不具备所需技能",
}
PARTS = {
    "one_hand": "一人管到底",
    "item": "专办此事项",
    "continuity": "已在服务本办件",
    "body": "牵头单位的人",
    "site": "专办此选址",
    "skill": "技能相符",
    "load": "在办量",
    "fairness": "近期已派",
}


@handing.get("/{id}/candidates", **answers(shapes.Candidates))
async def candidates(request: Request, id: UUID, item: ItemCode | None = None) -> Response:
    """Who could have it, ranked with the parts of the score; who could not, and why (派单建议)."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    by = By(principal, id, None, service.floor.clock())
    state, _, found = await service.candidates(id, item, by)
    first = found.ranked[0] if found.ranked else None
    passed = [
        e for e in found.excluded
        if e.score is not None and (first is None or e.score >= first.score)
    ]  # fmt: skip
    return json_answer(
        {
            "item": item,
            "rule": state.rule,
            "offered": first.member.person if first else None,
            "because": _offered(passed, offered=first is not None),
            "ranked": [
                {
                    "person": c.member.person,
                    "body": c.member.body,
                    "score": c.score,
                    "parts": c.parts,
                    "zh": {PARTS[name]: points for name, points in c.parts.items()},
                }
                for c in found.ranked[: 10 * SHOWN]
            ],
            "excluded": [_excluded(e) for e in found.excluded[: 10 * SHOWN]],
            "defaults": [RANKING],
        }
    )


def _excluded(one: Excluded) -> dict[str, Any]:
    return {
        "person": one.member.person,
        "body": one.member.body,
        "because": one.because,
        "zh": "、".join(BECAUSE[reason] for reason in one.because),
        "score": one.score,
    }


def _offered(passed: list[Excluded], *, offered: bool) -> str:
    """One sentence for who dispatches: why this one and not the one before him."""
    if not offered:
        return "没有合适的人，请先补充花名册或调整在岗情况"
    if not passed:
        return "排名第一"
    reasons = "、".join(f"{n}号{BECAUSE[e.because[0]]}" for n, e in enumerate(passed, 1))
    return f"{reasons}，因此改荐下一位"


@handing.get("/{id}/handover-sheet", **answers(shapes.SheetTold, "text/plain"))
async def handover_sheet(request: Request, id: UUID, left: str | None = None) -> Response:
    """Half a page for who takes over: open, due, owed, held; as text for `Accept: text/plain`
    (交接单)."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    found, state, _ = await service.matter(id)
    by = By(principal, id, None, service.floor.clock())
    permit(RIGHTS, by, "ReassignAgent", await service.standing(found, state, id, principal))
    person = left or (principal.id if principal.id in state.agents else state.lead)
    if person is None:
        raise Problem("not_found")
    page = await service.page(id, state, person)
    if "text/plain" in request.headers.get("accept", ""):
        return Response(page.sheet.text, media_type="text/plain")
    return json_answer(
        {
            "id": id,
            "sheet": page.contents,
            "text": page.sheet.text,
            "digest": page.sheet.digest,
            "relied_on": [r.model_dump() for r in page.sheet.relied_on],
        }
    )


@handing.get("/{id}/people", **answers(shapes.People))
async def people(request: Request, id: UUID) -> Response:
    """Names and telephones of who serves the matter, for the unit and colleagues; who reads them
    is put on record first (一对一、点对点; AS-33)."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    found, state, _ = await service.matter(id)
    by = By(principal, id, None, service.floor.clock())
    where = await service.standing(found, state, id, principal)
    permit(RIGHTS, by, "ReadPeople", where)
    serving = [person for person in (*state.agents, state.steward) if person]
    names = await names_of(service, found.area, serving, by, "matter")
    return json_answer(
        {
            "id": id,
            "people": [
                {
                    "person": person,
                    "lead": person == state.lead,
                    "steward": person == state.steward,
                    **names.get(person, {}),
                }
                for person in serving
            ],
        }
    )
