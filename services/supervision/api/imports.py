"""How does the approval system's word come in, as a file or a feed (HS-12)?"""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from contracts.vocabulary import AreaCode, Word
from services.supervision import queries
from services.supervision.api.answering import Min, may_read
from services.supervision.api.answers import lists as shapes
from services.supervision.domain.statefeed import LATEST
from services.supervision.service import Supervision
from services.supervision.service.statefile import LARGEST, MEDIA, rows_of
from shared.answering import answers, json_answer
from shared.asking import By
from shared.eventstore.identity import origin_of
from shared.http import idempotency_key, principal_of, underway
from shared.uploads import check_media, file_of, takes_file


async def take_in_states(
    request: Request,
    area: Annotated[AreaCode, Query()],
    source: Annotated[Word, Query()] = "approval_system",
    observed_at: Annotated[AwareDatetime | None, Query()] = None,
) -> Response:
    """导入审批状态：每行一个答复，冲突只列明、不覆盖 (HS-12)."""
    service: Supervision = request.app.state.service
    who = await principal_of(request)
    key = idempotency_key(request)
    origin = origin_of(service.name, who.id, "POST /imports/states", key)
    now = service.floor.clock()
    by = By(who, origin, None, now)
    service.states.may(area, by)
    media = check_media(request, MEDIA)
    content = await file_of(request, media=MEDIA, largest=LARGEST)
    seen_at = min(observed_at or now, now)
    async with underway(request, origin):
        done, seen = await service.states.take(
            area, source, seen_at, rows_of(content, media), by
        )
    return json_answer(
        {
            "rows": [one.told() for one in seen],
            "version": done.version,
            "position": done.position,
        },
        headers={"Onefile-Position": str(done.position)},
    )


def imports(service: Supervision) -> APIRouter:
    """Taking states in, and how fresh each feed is."""
    router = APIRouter(tags=["imports"])
    takes_file(
        router,
        "/imports/states",
        take_in_states,
        media=MEDIA,
        told=answers(shapes.StatesTaken),
        parameters=(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            },
        ),
    )

    @router.get(
        "/imports",
        summary="各审批系统最近一次导入，超过30分钟未到即标明",
        **answers(shapes.Imports),
    )
    async def runs(request: Request, area: str, min_position: Min = None) -> Response:
        await may_read(service, request, area, min_position)
        found = await queries.imports(service.floor.log.pool, area)
        now = service.floor.clock()
        return json_answer(
            {
                "imports": [
                    {**one, "late": now - one["observed_at"] > LATEST} for one in found
                ],
                "latest_minutes": int(LATEST.total_seconds() // 60),
            }
        )

    return router
