"""How do people print the letters of a matter?"""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.supervision.service import Supervision
from services.supervision.service.printing import letter_as_paper, plan_as_paper
from services.supervision.service.slips import transfer_as_paper
from shared.answering import files
from shared.http import principal_of
from shared.paper.sheet import Language


def papers(service: Supervision) -> APIRouter:
    """Letters as paper, for departments that do not log in."""
    router = APIRouter(tags=["papers"])

    @router.get(
        "/matters/{id}/letters/{letter}.pdf",
        summary="打印协办单、联系函：附回执，可扫码核验",
        **files("application/pdf"),
    )
    async def letter_as_pdf(
        request: Request, id: UUID, letter: UUID, language: Language = "zh"
    ) -> Response:
        who = await principal_of(request)
        seen = await service.look.look(id, who)
        pdf = await letter_as_paper(service.floor, id, letter, seen, who, language)
        return _as_pdf(pdf, f"letter-{letter}")

    @router.get(
        "/matters/{id}/transfers/{transfer}.pdf",
        summary="打印纸质材料转交单：双方签字，可扫码核验",
        **files("application/pdf"),
    )
    async def transfer_as_pdf(
        request: Request, id: UUID, transfer: UUID, language: Language = "zh"
    ) -> Response:
        who = await principal_of(request)
        seen = await service.look.look(id, who)
        pdf = await transfer_as_paper(service.floor, id, transfer, seen, who, language)
        return _as_pdf(pdf, f"transfer-{transfer}")

    @router.get("/matters/{id}/plan.pdf", summary="打印预排工期图", **files("application/pdf"))
    async def plan_as_pdf(request: Request, id: UUID, language: Language = "zh") -> Response:
        seen = await service.look.look(id, await principal_of(request))
        pdf = await plan_as_paper(service.floor, seen, language)
        return _as_pdf(pdf, f"plan-{id}")

    return router


def _as_pdf(pdf: bytes, name: str) -> Response:
    headers = {
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'inline; filename="{name}.pdf"',
    }
    return Response(pdf, media_type="application/pdf", headers=headers)
