"""The weekly sheet: what changed, made from events; its first paragraph is edited before printing."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Caller
from services.console.entering import Form, Me
from services.console.listing import everything
from services.console.matters import numbers_of
from services.console.naming import word
from services.console.rendering import render, today_of

router = APIRouter()

WEEK = timedelta(days=6)
OLDEST = 5
LONGEST = 4_000
TOLD = ("accepted", "decided", "delivered", "closed", "corrected", "refused", "urged")

type Day = Annotated[date | None, Query()]


@router.get("/desk/week")
async def sheet(request: Request, me: Me, since: Day = None, until: Day = None) -> Response:
    """What happened to every item between two days, by body; what stands still longest."""
    return await _sheet(request, me, since, until, None)


@router.post("/desk/week")
async def edited(
    request: Request, me: Me, form: Form, since: Day = None, until: Day = None
) -> Response:
    """The same with the first paragraph as it was edited, to be printed; nothing is recorded."""
    words = str(form.get("words", ""))[:LONGEST].strip()
    return await _sheet(request, me, since, until, words)


async def _sheet(
    request: Request, me: Caller, since: date | None, until: date | None, words: str | None
) -> Response:
    last = until or today_of(request)
    first = since or last - WEEK
    asked = {"area": me.area, "since": first.isoformat(), "until": last.isoformat()}
    await me.get("supervision", "/changes", **asked, limit=1)  # says why not, if it may not be
    rows, morning, digest = await me.together(
        everything(me, "supervision", "/changes", **asked),
        me.maybe("supervision", "/morning", area=me.area),
        me.maybe("supervision", "/issues/digest", area=me.area),
    )
    numbers = await numbers_of(me, sorted({str(row["matter"]) for row in rows}))
    said = Counter(one.partition(":")[0] for row in rows for one in row["what"])
    stalled: Sequence[dict[str, Any]] = (morning or {}).get("stalled") or ()
    summary = _summary(me, first, last, said, morning or {})
    return await render(
        request, "week.html", since=first, until=last, rows=_by_body(rows), numbers=numbers,
        said=[(what, said[what]) for what in TOLD if said[what]], morning=morning or {},
        digest=digest or {}, oldest=sorted(stalled, key=lambda one: str(one["moved_on"]))[:OLDEST],
        words=summary if words is None else words, summary=summary,
    )  # fmt: skip


def _by_body(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Each body with its items, and what happened to each, once each and how often."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        times = Counter(tuple(one.partition(":")[::2]) for one in row["what"])
        what = [(code, detail, n) for (code, detail), n in times.items()]
        found.setdefault(row["body"] or "", []).append({**row, "what": what})
    return dict(sorted(found.items()))


def _summary(
    me: Caller, first: date, last: date, said: Counter[str], morning: dict[str, Any]
) -> str:
    """The paragraph that is proposed: counts, and what crossed a line."""
    counted = [f"{word(what, me.language, 'week')} {said[what]}" for what in TOLD if said[what]]
    counts = morning.get("counts") or {}
    crossed, ahead = (counts.get(one, {}).get("all", 0) for one in ("crossed", "foreseen"))
    if me.language == "zh":
        done = "、".join(f"{one} 项" for one in counted) or "没有变化"
        return f"{first} 至 {last}：{done}。目前新越线 {crossed} 项，预计逾期 {ahead} 项。"
    done = ", ".join(counted) or "nothing changed"
    return f"{first} to {last}: {done}. Lines newly crossed: {crossed}; foreseen to be late: {ahead}."
