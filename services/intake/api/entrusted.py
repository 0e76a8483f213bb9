"""What can be read of agreements, of the papers an act waits for, and of eligibility?"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.intake import queries
from services.intake.api.answers import matters as shapes
from services.intake.api.reading import (
    Cursor,
    Limit,
    answer,
    cursor_of,
    may_read,
    page_of,
    readable,
    readable_then,
    service_of,
)
from services.intake.domain.eligibility import admission, assess
from services.intake.domain.entrusted import Agreement
from services.intake.domain.facts import Facts
from services.intake.domain.gate import covered, papers, unwarranted
from services.intake.domain.papers import complete_items
from services.intake.service.lookup import Case, legal_today
from shared.answering import Page, answers
from shared.http import principal_of
from shared.past import At
from shared.rights import Standing

router = APIRouter(tags=["entrusted"])


def entrusted_of(case: Case, facts: Facts) -> dict[str, Any]:
    """What the unit agreed to and handed in, as other services may lean on it (X-03)."""
    state, setting = case.state, case.state.setting
    whole, asked = complete_items(state, facts), papers(state, facts)
    return {
        "agreements": [
            _agreement(known, case, facts) for known in state.entrusted.agreements.values()
        ],
        "applications": dict(state.entrusted.applications),
        "papers": {paper.paper: paper.there for paper in asked if paper.needed},
        "excused": [paper.paper for paper in asked if not paper.needed],
        "registered": setting.registered is not None,
        "complete_set": bool(state.items) and len(whole) == len(state.items),
        "gathered": state.gathered,
        "explained": setting.leaflet,
        "muted": setting.muted,
        "origin": setting.origin,
        "consented": setting.consented,
        "contacts": sorted(setting.contacts),
        "override": setting.override,
        "unwarranted": unwarranted(state),
    }


def _agreement(known: Agreement, case: Case, facts: Facts) -> dict[str, Any]:
    """Where an agreement stands today; `papers` are the names by which modes ask for it."""
    kind = facts.pack.agreement(known.kind)
    latest = [r for f, r in case.state.entrusted.applications.items() if f in kind.carries]
    pending = known.pending
    return {
        "id": known.id,
        "kind": known.kind,
        "zh": kind.zh,
        "papers": sorted({kind.id, kind.form}),
        "state": known.state or "proposed",
        "in_force": known.holds(facts.day),
        "number": known.number,
        "label": known.label,
        "items": covered(known, case.state, facts),
        "stages": known.stages,
        "begins_on": known.begins_on,
        "ends_on": known.ends_on,
        "application": known.application,
        "amendment_due": bool(
            known.open and known.application and latest and max(latest) > known.application
        ),
        "agent": known.agent,
        "ended": known.ended,
        "awaits": pending.awaits if pending else (),
        "pending": pending.move if pending else None,
        "takes_effect_on": pending.takes_effect_on if pending else None,
        "moves": [move.id for move in kind.moves_from(known.state)] if known.open else [],
    }


def demanded(case: Case, facts: Facts, item: str | None = None) -> list[dict[str, Any]]:
    """Which papers this mode needs here, before which acts, and which are there (X-03)."""
    return [
        {
            "paper": paper.paper,
            "zh": paper.zh,
            "sort": paper.sort,
            "before": paper.before,
            "needed": paper.needed,
            "there": paper.there,
            "why": paper.why,
            "rule": paper.rule,
            **({"more": dict(paper.more)} if paper.why else {}),
        }
        for paper in papers(case.state, facts, item)
    ]


@router.get(
    "/matters/{id}/gate",
    summary="办前文书 The papers each act waits for, and which are there",
    **answers(shapes.Gate),
)
async def gate(request: Request, id: UUID, item: str | None = None, at: At = None) -> Response:
    case, then = await readable_then(request, id, at)
    facts = service_of(request).look.facts(case, then.today, id)
    offered = [
        {"kind": kind.id, "zh": kind.zh, "moves": [m.id for m in kind.moves_from(None)]}
        for kind in case.rules.pack.agreements
        if case.state.mode in kind.modes and case.state.entrusted.of_kind(kind.id) is None
    ]
    body = {
        "id": id,
        "mode": case.state.mode,
        "papers": demanded(case, facts, item),
        "to_sign": offered,
    }
    return then.told(answer(body, case.version))


@router.get(
    "/matters/{id}/eligibility",
    summary="服务条件 Why the project is served or not",
    **answers(shapes.Eligibility),
)
async def eligibility(request: Request, id: UUID) -> Response:
    """Every reason with its rule and its source; what is unknown; what was only declared."""
    case = await readable(request, id)
    service = service_of(request)
    facts = service.look.facts(case, legal_today(service.floor.clock()), id)
    setting, mode = case.state.setting, case.state.mode or case.state.wanted
    found, said = admission(facts, setting, mode), assess(facts, setting, mode)
    body = {
        "id": id,
        "recorded": case.state.eligibility,
        "today": said.result,
        "override": setting.override,
        "unknown": said.unknown,
        "unchecked": said.unchecked,
        "checks": dict(setting.checks),
        "discretion": found.discretion.path if found.discretion else None,
        "reasons": [
            {"rule": r.path, "zh": r.zh, "en": r.en, "src": r.src, "label": _label(r.src)}
            for r in found.reasons
        ],
    }
    return answer(body, case.version)


def _label(src: str | None) -> str | None:
    return None if src else "默认值"


@router.get(
    "/matters/{id}/receipt",
    summary="材料收件单 What was handed in, by when it was",
    **answers(shapes.Receipt),
)
async def receipt(request: Request, id: UUID) -> Response:
    """Both times of every paper: when it was handed in and when it was entered (X-01)."""
    case = await readable(request, id)
    names = {m.id: m.zh for m in case.rules.catalogue.materials}
    rows = await queries.pieces(service_of(request).floor.log.pool, id)
    lines = [{**row, "zh": names.get(row["material"])} for row in rows]
    return answer({"id": id, "items": lines}, case.version)


@router.get(
    "/matters/{id}/offers",
    summary="可用材料 What earlier matters hold that this one lacks",
    **answers(shapes.Offers),
)
async def offers(request: Request, id: UUID) -> Response:
    """Years later too: nothing the unit gave before is asked for again (X-14)."""
    case = await readable(request, id)
    service = service_of(request)
    facts = service.look.facts(case, legal_today(service.floor.clock()), id)
    names = {m.id: m.zh for m in case.rules.catalogue.materials}
    found = await service.look.offers(case, facts)
    lines = [{**one, "zh": names.get(str(one["material"]))} for one in found]
    return answer({"id": id, "items": lines}, case.version)


@router.get(
    "/agreements",
    summary="协议台账 The agreements of a place, a page at a time",
    **answers(Page[shapes.AgreementRow]),
)
async def agreements(
    request: Request,
    area: str,
    state: str | None = None,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    who, service = await principal_of(request), service_of(request)
    may_read(request, who, Standing(area), "ReadPlace")
    pool = service.floor.log.pool
    rows = await queries.agreements(pool, area, state, cursor_of(after), limit)
    return page_of(rows, limit, "agreement")
