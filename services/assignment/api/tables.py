"""How does the roster come in as a table, and how does a register leave as one?"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from contracts.glossary import GLOSSARY
from contracts.pack import Pack
from contracts.vocabulary import AreaCode
from services.assignment.api.answers import people as shapes
from services.assignment.api.people import by_of
from services.assignment.api.reading import may_read, roster_now
from services.assignment.domain.commands import ExportRegister
from services.assignment.domain.importing import COLUMNS, staff_posts
from services.assignment.domain.rights import RIGHTS
from services.assignment.service import Assignment
from services.assignment.service.importing import preview, take_in
from services.assignment.service.opening import register
from shared.answering import answers, files, json_answer
from shared.asking import Ask, By, described, permit
from shared.eventstore.identity import derived
from shared.http import body_of, principal_of, underway
from shared.rights import Standing
from shared.sheets.reading import CSV, LARGEST, XLSX
from shared.sheets.writing import workbook_of
from shared.uploads import file_of, takes_file

tables = APIRouter(tags=["roster tables"])
MEDIA = (XLSX, CSV)
SHEET = "花名册"

type Area = Annotated[AreaCode, Query()]


async def look_through(request: Request, area: Area) -> Response:
    """试导入：逐行检查整张表，不入库 (HS-71)."""
    service, by = await _may_import(request, area, key=False)
    content = await file_of(request, media=MEDIA, largest=LARGEST)
    found = await preview(service, area, content, UUID(int=0), by)
    return json_answer(found.told())


async def take_in_table(request: Request, area: Area) -> Response:
    """导入花名册：整表入库，有一处不合即全部不入 (HS-71, AS-98)."""
    service, by = await _may_import(request, area, key=True)
    content = await file_of(request, media=MEDIA, largest=LARGEST)
    async with underway(request, by.origin):
        new = derived(by.origin, "stream")
        command, done = await take_in(service, area, content, new, by)
    added = sum(type == "assignment.staff_added.v1" for _, type in done.events)
    return json_answer(
        {
            "batch": command.batch,
            "rows": len(command.rows),
            "added": added,
            "unchanged": len(command.rows) - added,
            "version": done.version,
            "position": done.position,
        },
        headers={"Onefile-Position": str(done.position)},
    )


takes_file(
    tables, "/roster-imports/preview", look_through, media=MEDIA,
    told=answers(shapes.ImportPreview),
)  # fmt: skip
takes_file(
    tables, "/roster-imports", take_in_table, media=MEDIA, told=answers(shapes.Imported),
    parameters=[{
        "name": "Idempotency-Key",
        "in": "header",
        # Demanded as by every command, and not `required` in the document: the door was frozen
        # without this header, and to require it counts as a break of that promise.
        "description": "必须给出：每次导入用新的，缺少则一行也不导入（400） / must be given: a new one "
        "per import; without it nothing is taken in (400)",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    }],
)  # fmt: skip


async def _may_import(request: Request, area: str, *, key: bool) -> tuple[Assignment, By]:
    """Before the file is read: whether the caller may import anybody at all here."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    now = service.floor.clock()
    by = By(principal, UUID(int=0), None, now)
    permit(RIGHTS, by, "ImportStaff", Standing(area, bodies=principal.bodies))
    service.floor.packs.for_area(area)
    return service, await by_of(request, "/roster-imports") if key else by


@tables.get("/roster-template.xlsx", **files(XLSX))
async def template(request: Request, area: AreaCode) -> Response:
    """The empty table with the bodies and roles of the place as drop-downs (导入模板; HS-71)."""
    service = await may_read(request, "ReadRoster", area)
    _, _, facts = await roster_now(service, area)
    names = [f"{c.zh}*" if c.needed else c.zh for c in COLUMNS]
    content = workbook_of(
        SHEET,
        names,
        (),
        choices={
            f"{c.zh}*" if c.needed else c.zh: _choices(c.key, facts.pack) for c in COLUMNS
        },
        notes={f"{c.zh}*" if c.needed else c.zh: c.hint for c in COLUMNS if c.hint},
    )
    return _workbook(content, "roster-template.xlsx")


def _choices(key: str, pack: Pack) -> list[str]:
    match key:
        case "body" | "home_body":
            return [body.zh for body in pack.bodies]
        case "roles":
            return list(dict.fromkeys(role.zh for role in staff_posts(pack)))
        case "staff_kind":
            return [zh for code, zh in GLOSSARY.items() if code.startswith("staff_kind.")]
    return []


@tables.post(
    "/roster-exports",
    summary="导出登记表：窗口和各单位联络员等人员登记表 (HS-65, HS-72)",
    openapi_extra=dict(described(Ask("/roster-exports", ExportRegister))),
    **files(XLSX),
)
async def export(request: Request) -> Response:
    """The register as a workbook whose every cell is text; that it was opened is kept (B92)."""
    service: Assignment = request.app.state.service
    by = await by_of(request, "/roster-exports")
    command = await body_of(request, ExportRegister)
    async with underway(request, by.origin):
        done, rows = await register(service, command, derived(by.origin, "stream"), by)
    pack = service.floor.packs.for_area(command.area).pack
    bodies = {body.id: body.zh for body in pack.bodies}
    roles: dict[str, str] = {role.canonical: role.zh for role in pack.roles}
    header = (
        "单位",
        "姓名",
        "岗位角色",
        "职务",
        "联系电话",
        "值班电话",
        "派出单位",
        "人员类别",
        "人员代号",
    )
    lines = [
        (
            bodies.get(row["body"], row["body"]),
            row.get("name", ""),
            "、".join(roles.get(r, r) for r in row["roles"]),
            row.get("title", ""),
            row.get("phone", ""),
            "、".join(row["duty_phones"]),
            bodies.get(row["home_body"] or "", ""),
            GLOSSARY.get(f"staff_kind.{row['staff_kind']}", ""),
            row["person"],
        )
        for row in rows
    ]
    answer = _workbook(workbook_of("登记表", header, lines), "roster-register.xlsx")
    answer.headers["Onefile-Position"] = str(done.position)
    return answer


def _workbook(content: bytes, name: str) -> Response:
    return Response(
        content,
        media_type=XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
