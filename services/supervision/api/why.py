"""How do people ask why an item is due on that day (为什么)?"""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.supervision.api.answering import answer
from services.supervision.api.answers import days as shapes
from services.supervision.domain.saying import printed
from services.supervision.service import Supervision
from services.supervision.service.why import why
from shared.answering import answers, files
from shared.http import principal_of

type At = Annotated[int | None, Query(ge=1, le=2**53)]


def whys(service: Supervision) -> APIRouter:
    """One explanation, for the console and for printing."""
    router = APIRouter(tags=["why"])

    async def asked(request: Request, id: UUID, item: str, at: int | None) -> Any:
        return await why(service.look, id, item, await principal_of(request), at)

    @router.get(
        "/matters/{id}/items/{item}/why",
        summary="为什么是这一天：逐日计时与依据",
        **answers(shapes.Why),
    )
    async def explain(request: Request, id: UUID, item: str, at: At = None) -> Response:
        found, version, position = await asked(request, id, item, at)
        return answer(found, version, position)

    @router.get(
        "/matters/{id}/items/{item}/why.txt", summary="打印逐日计时", **files("text/plain")
    )
    async def print_out(
        request: Request,
        id: UUID,
        item: str,
        at: At = None,
        language: Literal["zh", "en"] = "zh",
    ) -> Response:
        found, _, position = await asked(request, id, item, at)
        lines = printed({**found, "position": position}, english=language == "en")
        headers = {"Cache-Control": "private, no-store", "Onefile-Position": str(position)}
        return Response(
            "\n".join([*lines, ""]), media_type="text/plain; charset=utf-8", headers=headers
        )

    return router
