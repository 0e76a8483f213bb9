"""How is the ledger of a quarter taken away: as a workbook, as a paper, and how far is it (台账)?"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.supervision import queries
from services.supervision.api.answering import Min, may_read
from services.supervision.api.answers import lists as shapes
from services.supervision.service import Supervision
from services.supervision.service.runs import Told
from services.supervision.service.workbook import Wanted, ledger_paper, workbook
from shared.answering import answers, files, json_answer
from shared.http import principal_of
from shared.paper.sheet import Language
from shared.problems import Problem
from shared.sheets.reading import XLSX

type Quarter = Annotated[str, Query(pattern=r"^[0-9]{4}-Q[1-4]$")]
type Body = Annotated[str | None, Query(max_length=64)]
type Edition = Annotated[str | None, Query(max_length=120)]


def ledgers(service: Supervision) -> APIRouter:
    """The same cut and edition give the same bytes, as a workbook and as a paper."""
    router = APIRouter(tags=["office"])

    async def wanted(area: str, quarter: str, body: str | None, cut: int | None) -> Wanted:
        at = await queries.ledger_position(service.floor.log.pool) if cut is None else cut
        return Wanted(area, quarter, body, at)

    @router.get(
        "/returns/ledger.xlsx",
        summary="台账工作簿：同一截点和方案版本得到同样的文件",
        **files(XLSX),
    )
    async def as_workbook(
        request: Request,
        area: str,
        quarter: Quarter,
        body: Body = None,
        cut: Min = None,
        pack: Edition = None,
        run: UUID | None = None,
    ) -> Response:
        await may_read(service, request, area, cut)
        which = await wanted(area, quarter, body, cut)
        who = (await principal_of(request)).id

        async def made(told: Told) -> bytes:
            return await workbook(service.look, which, pack, told)

        content = await service.runs.make(run, who, made)
        return _file(content, which, XLSX, "xlsx")

    @router.get(
        "/returns/ledger.pdf",
        summary="台账打印件：同一截点和方案版本得到同样的文件",
        **files("application/pdf"),
    )
    async def as_paper(
        request: Request,
        area: str,
        quarter: Quarter,
        body: Body = None,
        cut: Min = None,
        pack: Edition = None,
        language: Language = "zh",
    ) -> Response:
        await may_read(service, request, area, cut)
        which = await wanted(area, quarter, body, cut)
        content = await ledger_paper(service.look, which, pack, language)
        return _file(content, which, "application/pdf", "pdf")

    @router.get(
        "/returns/runs/{run}",
        summary="台账生成进度：正在读取、写入多少行，是否完成",
        **answers(shapes.Run),
    )
    async def progress(request: Request, run: UUID) -> Response:
        found = await service.runs.of(run, (await principal_of(request)).id)
        if found is None:
            raise Problem("not_found")
        return json_answer({"step": found.step, "rows": found.rows})

    return router


def _file(content: bytes, wanted: Wanted, media: str, ending: str) -> Response:
    name = f"ledger-{wanted.area}-{wanted.quarter}.{ending}"
    headers = {
        "Onefile-Cut": str(wanted.cut),
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(content, media_type=media, headers=headers)
