"""How are personal data restricted, erased and corrected over HTTP, and who decided what?"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.archive.api.answering import answered, asking
from services.archive.api.answers import looking as shapes
from services.archive.domain.protecting import (
    ApproveProtection,
    Decision,
    ProposeProtection,
    RejectProtection,
)
from services.archive.domain.rights import RIGHTS
from services.archive.service import FILE, standing_of
from services.archive.service.protecting import REGISTERS
from shared.answering import answers
from shared.asking import Ask, By, permit, takes
from shared.problems import Problem
from shared.rights import Standing

protection = APIRouter(tags=["protection"])
takes(
    protection,
    Ask("/matters/{id}/protections", ProposeProtection, versioned=False),
    Ask("/matters/{id}/protections/{decision}/approval", ApproveProtection, versioned=False),
    Ask("/matters/{id}/protections/{decision}/rejection", RejectProtection, versioned=False),
)


@protection.get("/matters/{id}/protections", **answers(shapes.Protections))
async def read_protections(request: Request, id: UUID) -> Response:
    """What was proposed and decided about the personal data of a matter (个人信息处置; X-13)."""
    service, principal = await asking(request)
    version, file = await service.floor.handling.state_of(FILE, id)
    register = id in REGISTERS.values()
    if version == 0 or (file.number is None and not register):
        raise Problem("not_found")
    standing = Standing("")
    if not register:
        _, matter = await service.memory.of(id)
        standing = standing_of(matter)
    by = By(principal, UUID(int=0), None, service.now())
    permit(RIGHTS, by, "ReadReads", standing)
    await service.queries.note_read(id, principal.id, "GET /matters/{id}/protections")
    return answered(
        {"id": str(id), "decisions": [_shown(one) for one in file.protections.values()]},
        version=version,
    )


@protection.get("/registers", **answers(shapes.Registers))
async def read_registers(request: Request) -> Response:
    """The registers of what belongs to no matter, by store: of use to erase one person (名册)."""
    await asking(request)
    return answered({"registers": {store: str(id) for store, id in REGISTERS.items()}})


def _shown(one: Decision) -> dict[str, Any]:
    return {
        "decision": str(one.id),
        "protection": one.protection,
        "of": one.of,
        "person": one.person,
        "whole_project": one.whole_project,
        "ground": one.ground,
        "event": str(one.event) if one.event else None,
        "member": one.member,
        "ended": one.ended,
        "proposed_by": one.proposed_by,
        "second": one.second,
    }
