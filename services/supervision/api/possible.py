"""How do people ask what they can do with a matter now, and why not the rest (能办什么)?"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.supervision.api.answering import answer
from services.supervision.api.answers import days as shapes
from services.supervision.domain.possible import (
    ABOUT_ITEMS,
    ABOUT_MATTERS,
    item_acts,
    matter_acts,
)
from services.supervision.domain.rights import RIGHTS
from services.supervision.service import Supervision
from shared.answering import answers
from shared.http import principal_of
from shared.rights import Principal, Standing, can


def possibles(service: Supervision) -> APIRouter:
    """One list, for the matter page of the console."""
    router = APIRouter(tags=["matters"])

    @router.get(
        "/matters/{id}/possible",
        summary="现在能办什么；不能办的，为什么不能",
        **answers(shapes.Possible),
    )
    async def possible(request: Request, id: UUID) -> Response:
        who = await principal_of(request)
        seen = await service.look.look(id, who)
        _, team, standing = await service.look.standing_of(id)
        facts = replace(seen.facts, actor=who.id, roles=who.roles, bodies=who.bodies, team=team)
        acts = [
            *item_acts(seen.matter, facts, ABOUT_ITEMS),
            *matter_acts(seen.matter, ABOUT_MATTERS),
        ]
        told = [_permitted(act, who, standing, service) for act in acts]
        return answer({"id": str(id), "acts": told}, seen.version, seen.position)

    return router


def _permitted(
    act: dict[str, Any], who: Principal, standing: Standing, service: Supervision
) -> dict[str, Any]:
    """What the post does not allow is not possible, whatever the state; `posts` are whose it is."""
    name = act["command"]
    if can(RIGHTS, who, name, standing, service.floor.clock()).allowed:
        return act
    return {
        "command": name,
        "item": act["item"],
        "can": False,
        "why_not": "not_your_post",
        "details": {"posts": sorted(RIGHTS.get(name, {}))},
    }
