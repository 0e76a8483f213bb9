"""Publications: what was given to assessments, what would be given now, and how one is taken back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Refusal
from services.console.entering import Me
from services.console.listing import listed
from services.console.rendering import render, sentences, today_of

router = APIRouter()

FORMS = ("performance", "reform")
BACK = 6
"""Quarters that are offered."""

type Quarter = Annotated[str, Query(pattern=r"^([0-9]{4}-Q[1-4])?$")]
type Form = Annotated[str, Query(pattern=r"^(performance|reform)$")]
type Place = Annotated[int, Query(ge=1, le=99)]


@router.get("/desk/publications")
async def desk(
    request: Request, me: Me, quarter: Quarter = "", assessment: Place = 1,
    form: Form = "performance",
) -> Response:  # fmt: skip
    """Everything that was given, and what a quarter's publication would say if it were given now."""
    quarters = last_quarters(request)
    asked = quarter or quarters[0]
    rows = await listed(
        request, me, "given", "evaluation", "/appraisals/publications", area=me.area
    )
    drawn, problem = None, None
    try:
        drawn = await me.get(
            "evaluation", "/appraisals/publications/preview", area=me.area, quarter=asked,
            assessment=assessment, form=form,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "unauthenticated" or refusal.status == 403:
            raise
        problem = sentences(refusal, me.language)
    rules = request.app.state.names.rules(me.area)
    return await render(
        request, "publications.html", rows=rows, preview=drawn, problem=problem, quarter=asked,
        quarters=quarters, assessment=assessment, form=form, forms=FORMS,
        assessments=list(enumerate(rules.pack.appraisal.counts_in, 1)) if rules else (),
    )  # fmt: skip


@router.get("/desk/publications/{id}")
async def one(request: Request, me: Me, id: UUID) -> Response:
    """One publication as it was given, with ranks and formulas, and counted again."""
    found = await me.get("evaluation", f"/appraisals/publications/{id}")
    return await render(request, "publication.html", one=found)


@router.get("/desk/publications/{id}/matters")
async def behind(
    request: Request, me: Me, id: UUID,
    body: Annotated[str, Query(max_length=60)], measure: Annotated[str, Query(max_length=200)],
) -> Response:  # fmt: skip
    """The matters behind one figure that was given."""
    found: Any = await me.get(
        "evaluation", f"/appraisals/publications/{id}/matters", body=body, measure=measure
    )
    return await render(request, "behind.html", found=found, id=id, body=body, measure=measure)


def last_quarters(request: Request) -> list[str]:
    """The quarters that are over, the newest first."""
    on = today_of(request)
    year, number = on.year, (on.month + 2) // 3
    found = []
    for _ in range(BACK):
        year, number = (year, number - 1) if number > 1 else (year - 1, 4)
        found.append(f"{year}-Q{number}")
    return found
