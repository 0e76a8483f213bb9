"""How do people print the papers of a matter?"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from contracts.pack import Pack
from contracts.pack.papers import Form
from contracts.vocabulary import AreaCode, MatterNumber
from services.intake.api.answers import matters as shapes
from services.intake.api.entrusted import demanded
from services.intake.api.reading import answer, may_read, readable, service_of
from services.intake.domain.printing import ANCHORS
from services.intake.service.lookup import legal_today
from services.intake.service.printing import blank_of, paper_of, printed_number
from shared.answering import answers, files
from shared.http import principal_of
from shared.paper.sheet import Language
from shared.paper.standard import form_of, forms_of, is_ours
from shared.problems import Problem
from shared.rights import Standing

router = APIRouter(tags=["papers"])

_HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


@router.get(
    "/matters/{id}/papers",
    summary="文书目录 The papers that can be printed",
    **answers(shapes.Papers),
)
async def papers(request: Request, id: UUID) -> Response:
    """And which of them this mode asks for here, before which acts, and which are there (X-03)."""
    case, service = await readable(request, id), service_of(request)
    facts = service.look.facts(case, legal_today(service.floor.clock()), id)
    lines = [
        {
            "form": form.id,
            "zh": form.zh,
            "kind": form.kind,
            "red_head": form.red_head,
            "attachment": form.attachment,
            "inferred": form.inferred,
            "label": "默认值" if is_ours(form, case.rules.pack) else None,
            "held_by": ANCHORS.get(form.kind, ()),
            "pdf": f"/matters/{id}/papers/{form.id}.pdf",
        }
        for form in forms_of(case.rules.pack)
    ]
    body = {
        "id": id, "mode": case.state.mode, "needed": demanded(case, facts), "papers": lines,
    }  # fmt: skip
    return answer(body, case.version)


@router.get(
    "/matters/{id}/papers/{form}.pdf",
    summary="打印文书 A paper, filled in, as PDF",
    **files("application/pdf"),
)
async def paper(
    request: Request,
    id: UUID,
    form: str,
    language: Language = "zh",
    of: Annotated[UUID | None, Query(description="one commission, agreement or notice")] = None,
) -> Response:
    """Filled with everything known (X-14); before signing, a print to be signed.

    `language=en` puts English captions below the Chinese ones. The personal data it shows are
    read on record.
    """
    case = await readable(request, id, "ReadPeople")
    wanted = _form_of(case.rules.pack, form)
    who = await principal_of(request)
    pdf = await paper_of(service_of(request).floor, case, wanted, who, language, of)
    return _pdf(pdf, f"{case.state.number or id}-{wanted.id}")


@router.get(
    "/papers/{form}.pdf",
    summary="打印空白表 An empty form, for when the network is away",
    **files("application/pdf"),
)
async def blank_form(
    request: Request,
    form: str,
    area: AreaCode,
    language: Language = "zh",
    number: Annotated[
        MatterNumber | None, Query(description="one of `preprinted` of GET /numbers")
    ] = None,
) -> Response:
    """Filled in by hand, entered later with the true time, and with `number` if one is printed."""
    floor = service_of(request).floor
    may_read(request, await principal_of(request), Standing(area), "ReadPlace")
    pack = floor.packs.for_area(area).pack
    wanted = _form_of(pack, form)
    printed = await printed_number(service_of(request).look, area, wanted, number)
    content = await blank_of(floor, pack, wanted, language, printed)
    return _pdf(content, f"{number or area}-{wanted.id}")


def _form_of(pack: Pack, id: str) -> Form:
    try:
        return form_of(pack, id)
    except LookupError:
        raise Problem("not_found") from None


def _pdf(content: bytes, name: str) -> Response:
    named = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers={**_HEADERS, **named})
