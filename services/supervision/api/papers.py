"""How do people print the letters of a matter?"""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.supervision.service import Supervision
from services.supervision.service.printing import letter_as_paper
from shared.http import principal_of
from shared.paper.sheet import Language


def papers(service: Supervision) -> APIRouter:
    """Letters as paper, for departments that do not log in."""
    router = APIRouter(tags=["papers"])

    @router.get(
        "/matters/{id}/letters/{letter}.pdf", summary="打印协办单、联系函：附回执，可扫码核验"
    )
    async def letter_as_pdf(
        request: Request, id: UUID, letter: UUID, language: Language = "zh"
    ) -> Response:
        who = await principal_of(request)
        seen = await service.look.look(id, who)
        pdf = await letter_as_paper(service.floor, id, letter, seen, who, language)
        headers = {
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'inline; filename="letter-{letter}.pdf"',
        }
        return Response(pdf, media_type="application/pdf", headers=headers)

    return router
