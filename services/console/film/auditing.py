"""What does the auditor's desk offer: a drawn sample with its work-paper, and a search of events?"""

import asyncio
import csv
import io
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Caller, Refusal
from services.console.entering import Me
from services.console.film.searches import SEARCHES, lookers
from services.console.pages.stores import last_checks
from services.console.rendering import render
from shared.effects import new_salt

router = APIRouter()

MOST_LOOKS = 500
AT_ONCE = 4
"""Files that are verified at the same time."""
PATTERNS = tuple(
    (one.asked["pattern"], one.zh, one.en) for one in SEARCHES if "pattern" in one.asked
)
"""What the form offers: a pattern with its name in both languages."""
CHECKS = (
    ("身份与权限：每项行为由有权的岗位作出", "Every act was done by a post that may do it"),
    ("时限：逐日计时与记录的到期日一致", "Days counted one by one give the due day on record"),
    ("补正一次性告知，无“二次告知”", "Corrections asked for once, and all at once"),
    ("中止计时均有书面告知", "Every suspension was told in writing"),
    (
        "催办、约谈逐级，无跳级；免除有理由",
        "No rung of the ladder was skipped without a reason",
    ),
    ("补录事项有理由", "What was entered late says why"),
    ("原件退还、结果送达有凭据", "Originals returned and results delivered, with proof"),
)

type Short = Annotated[str, Query(max_length=80)]
type Size = Annotated[int, Query(ge=1, le=200)]


@router.get("/desk/audit")
async def desk(request: Request, me: Me, number: Short = "") -> Response:
    """Find a file, draw a sample, look for events."""
    asked = {"number": number} if number else {"limit": 20}
    files, stores = await me.together(me.get("archive", "/matters", **asked), last_checks(me))
    return await render(
        request,
        "film/audit.html",
        files=files["files"],
        stores=stores,
        number=number,
        seed=new_salt().hex()[:12],
        area=me.area,
        searches=SEARCHES,
        patterns=PATTERNS,
    )


@router.get("/desk/audit/sample")
async def sample(
    request: Request,
    me: Me,
    seed: Short,
    size: Size = 20,
    area: Short = "",
    closed: Short = "",
    position: Short = "",
    verify: bool = False,
) -> Response:
    """The work-paper of a drawn sample: each file with what is to be checked, to be printed."""
    drawn = await _drawn(me, seed, size, area, closed, position)
    verdicts = await _verified(me, drawn["drawn"]) if verify else {}
    return await render(
        request,
        "film/sample.html",
        drawn=drawn,
        verdicts=verdicts,
        verify=verify,
        checks=CHECKS,
        size=size,
        area=area,
        closed=closed,
    )


@router.get("/desk/audit/sample.csv")
async def workpaper(
    me: Me,
    seed: Short,
    size: Size = 20,
    area: Short = "",
    closed: Short = "",
    position: Short = "",
) -> Response:
    """The same as a table for a spreadsheet."""
    drawn = await _drawn(me, seed, size, area, closed, position)
    return Response(
        "\ufeff" + as_csv(drawn, me.language),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="sample.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/desk/audit/events")
async def events(  # noqa: PLR0913
    request: Request,
    me: Me,
    type: Short = "",
    actor: Short = "",
    area: Short = "",
    channel: Short = "",
    since: Short = "",
    until: Short = "",
    pattern: Short = "",
    before: Short = "",
) -> Response:
    """Events over all files that fit a filter; each leads to its place in the film."""
    asked = {
        "type": type,
        "actor": actor,
        "area": area,
        "channel": channel,
        "since": since,
        "until": until,
        "pattern": pattern,
    }
    found = await me.get("archive", "/events", before=before, **asked)
    saved = next((one for one in SEARCHES if _is(one.asked, asked)), None)
    return await render(
        request, "film/events.html", found=found, asked=asked, patterns=PATTERNS, saved=saved
    )


@router.get("/desk/audit/looked/{id}")
async def looked(request: Request, me: Me, id: UUID) -> Response:
    """Who looked at a file, those first who did nothing in it."""
    told, drawn = await me.together(
        me.get("archive", f"/matters/{id}/looked", limit=MOST_LOOKS),
        me.get("archive", f"/matters/{id}/frames"),
    )
    rows = lookers(told["looks"], drawn["frames"])
    return await render(
        request, "film/looked.html", id=id, number=drawn["number"], rows=rows,
        idle=sum(not one.acted for one in rows), silent=told["silent"],
        full=len(told["looks"]) >= MOST_LOOKS, most=MOST_LOOKS,
    )  # fmt: skip


def _is(saved: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Whether what is asked is a saved search, of whatever area and time."""
    return all(asked[name] == saved.get(name, "") for name in ("type", "pattern"))


def as_csv(drawn: Mapping[str, Any], language: str) -> str:
    """The work-paper as CSV. Nothing in it can be taken for a formula."""
    made = io.StringIO(newline="")
    sheet = csv.writer(made, lineterminator="\r\n")
    english = language == "en"
    head = ("No.", "matter", "number", "area", "opened", "entries", "closed", "lot")
    zh = ("序号", "办件标识", "编号", "地区", "建档日", "条数", "已结档", "抽样值")
    sheet.writerow([*(head if english else zh), *(one[english] for one in CHECKS)])
    for n, one in enumerate(drawn["drawn"], 1):
        row = [
            one["matter"],
            one["number"],
            one["area"],
            one["opened"],
            one["entries"],
            "x" if one["closed"] else "",
            one["lot"],
        ]
        sheet.writerow([n, *(_plain(cell) for cell in row), *("" for _ in CHECKS)])
    sheet.writerow([])
    for name in ("seed", "position", "population", "list_sha256"):
        sheet.writerow([name, _plain(drawn[name])])
    return made.getvalue()


def _plain(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


async def _drawn(
    me: Caller, seed: str, size: int, area: str, closed: str, position: str
) -> Any:
    return await me.get(
        "archive",
        "/sample",
        seed=seed,
        size=size,
        area=area,
        closed=closed if closed in ("true", "false") else "",
        position=position,
    )


async def _verified(me: Caller, drawn: list[dict[str, Any]]) -> dict[str, Any]:
    """Every byte of every file drawn, recomputed by archive; a few at a time."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(matter: str) -> tuple[str, Any]:
        async with turn:
            try:
                return matter, await me.get("archive", f"/matters/{matter}/verification")
            except Refusal as refusal:
                return matter, {"verdict": refusal.code, "entries": 0, "faults": [refusal.code]}

    return dict(await asyncio.gather(*(one(row["matter"]) for row in drawn)))
