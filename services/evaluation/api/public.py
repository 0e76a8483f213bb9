"""What is everybody told of how an area is served? Sums alone, and no sum of a few."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from typing import Any

from fastapi import APIRouter, Request, Response

from contracts.evaluation import Measure
from contracts.vocabulary import AreaCode, Quarter
from services.evaluation.api import answers as shapes
from services.evaluation.domain.formulas import explained, name_of
from services.evaluation.domain.league import cost_measures
from services.evaluation.domain.quarters import before, bounds, quarter_of
from services.evaluation.domain.sealing import FEW, of_ratings
from services.evaluation.service import Evaluation
from shared.answering import answers, files, json_answer
from shared.clock import LEGAL_ZONE
from shared.problems import Problem

public = APIRouter(tags=["public"])

_STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.6 system-ui,"Noto Sans SC",sans-serif;max-width:52rem;margin:0 auto;padding:1rem}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600}
th,td{border-bottom:1px solid #8886;padding:.4rem .5rem;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
small{color:#555}@media(prefers-color-scheme:dark){small{color:#bbb}}
"""
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
_SAFELY = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=300",
}
_FEW = (
    f"少于{FEW}件的不公开，以“—”示之；评价类指标在季度结束后公开。",
    f"Figures of fewer than {FEW} are not told; what units thought is told once a quarter is over.",
)


@public.get("/public/figures", **answers(shapes.PublicFigures))
async def figures(request: Request, area: AreaCode, quarter: Quarter) -> Response:
    """How the service of an area was rated in a quarter, in sums alone (公开统计; HS-19, AS-105)."""
    service: Evaluation = request.app.state.service
    if area not in _places(service):
        raise Problem("not_found")
    first, last = bounds(quarter)
    found, withheld = await _figures(service, area, quarter)
    return json_answer(
        {
            "area": area,
            "quarter": quarter,
            "from": first,
            "to": last,
            "measures": [explained(m) for m in found],
            "withheld": withheld,
            "few": " / ".join(_FEW),
        }
    )


@public.get("/public/places", **answers(shapes.PublicPlaces))
async def places(request: Request) -> Response:
    """The places whose figures are told and whose bodies may be complained of, the quarter that
    runs and the one before it (公开统计)."""
    service: Evaluation = request.app.state.service
    now = quarter_of(service.floor.clock().astimezone(LEGAL_ZONE).date())
    packs = {rules.pack.jurisdiction.code: rules.pack for rules in service.floor.packs.all()}
    rows = [
        {
            "area": area,
            "zh": zh,
            "bodies": [{"id": b.id, "zh": b.zh} for b in packs[area].bodies],
        }
        for area, zh in sorted(_places(service).items())
    ]
    return json_answer({"places": rows, "quarter": now, "last": before(now)})


@public.get("/public", include_in_schema=False)
@public.get("/public/", **files("text/html"))
async def page(
    request: Request, area: AreaCode | None = None, quarter: Quarter | None = None
) -> Response:
    """The same as a page for people, in both languages, without scripts (公开统计; HS-19)."""
    service: Evaluation = request.app.state.service
    places = _places(service)
    wanted = area or next(iter(sorted(places)), None)
    if wanted is None or wanted not in places:
        raise Problem("not_found")
    today = service.floor.clock().astimezone(LEGAL_ZONE).date()
    asked = quarter or before(quarter_of(today))
    found, withheld = await _figures(service, wanted, asked)
    text = _html(places[wanted], wanted, asked, found, withheld, sorted(places))
    return Response(text, media_type="text/html; charset=utf-8", headers=_SAFELY)


def _places(service: Evaluation) -> dict[str, str]:
    """Area code to name, of every place whose rules are known."""
    packs = (rules.pack.jurisdiction for rules in service.floor.packs.all())
    return {place.code: place.zh for place in packs}


async def _figures(
    service: Evaluation, area: str, quarter: str
) -> tuple[tuple[Measure, ...], list[str]]:
    """What may be told, and the names of what may not yet: few, or of a quarter still running.

    A figure that moves while people watch would tell them of each single rating.
    """
    cuts, today = await service.cuts(), service.floor.clock().astimezone(LEGAL_ZONE).date()
    found = await service.counted_at(area, quarter, None, None, cuts["evaluation"])
    cost = cost_measures(await service.courses.cost(found.whose, cuts))
    over = today > bounds(quarter)[1]
    told, withheld = [], []
    for measure in (*found.measures, *cost):
        few = 0 < measure.facts < FEW
        early = not over and of_ratings(measure.measure)
        if few or early:
            withheld.append(measure.measure)
        else:
            told.append(measure)
    return tuple(told), withheld


def _html(
    place: str,
    area: str,
    quarter: str,
    found: Sequence[Measure],
    withheld: Sequence[str],
    places: Sequence[str],
) -> str:
    rows = [_row(explained(m)) for m in found]
    rows += [_few(name) for name in withheld]
    last = before(quarter)
    others = " ".join(f'<a href="?area={one}">{one}</a>' for one in places if one != area)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(place)} {quarter}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(place)}帮办代办服务统计 {quarter}</h1>"
        '<p lang="en">How projects were served and how the service was rated, in sums alone.</p>'
        "<table><caption>统计 <span lang='en'>Figures</span></caption><thead><tr>"
        "<th scope='col'>指标 <span lang='en'>Measure</span></th>"
        "<th scope='col'>数值 <span lang='en'>Value</span></th></tr></thead><tbody>"
        f"{''.join(rows)}</tbody></table><p>{_FEW[0]}<br><span lang='en'>{_FEW[1]}</span></p>"
        f'<p><a href="?area={area}&amp;quarter={last}">{last}</a> {others}</p></body></html>'
    )


def _row(told: dict[str, Any]) -> str:
    zh, en = name_of(told["measure"])
    return (
        f"<tr><th scope='row'>{escape(zh)} <span lang='en'>{escape(en)}</span><br>"
        f"<small>{escape(told['formula'])}<br>"
        f"<span lang='en'>{escape(told['formula_en'])}</span></small></th>"
        f"<td class='n'>{escape(told['shown'])}</td></tr>"
    )


def _few(measure: str) -> str:
    zh, en = name_of(measure)
    return (
        f"<tr><th scope='row'>{escape(zh)} <span lang='en'>{escape(en)}</span></th>"
        "<td class='n'>—</td></tr>"
    )
