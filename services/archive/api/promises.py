"""What did the place promise for each step of this matter, and was it kept (服务时限)?"""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.archive.api.answering import At, answered
from services.archive.api.answers import files as shapes
from services.archive.api.timetravel import history_for
from services.archive.domain.file import LEGAL_ZONE
from services.archive.domain.promised import clocks, happened
from services.archive.domain.timetravel import Cut
from shared.answering import answers
from shared.problems import Problem

promises = APIRouter(tags=["archive"])


@promises.get("/matters/{id}/promises", **answers(shapes.Promises))
async def read_promises(request: Request, id: UUID, at: At = None) -> Response:
    """The clock of every promise of the place (服务时限): since when, by when, and how it stands.

    At an earlier position it is the day of the last entry that counts, so that the same position
    gives the same answer for ever.
    """
    service, history, _ = await history_for(request, id)
    cut = Cut(at)
    matter = history.told(cut)
    rules = service.rules_of(matter)
    if rules is None:
        raise Problem("refused", reason="pack_edition_unknown", details={})
    seen = [point for point in history.days if history.holds(point, cut)]
    told = happened(seen, rules.pack)
    today = service.now().astimezone(LEGAL_ZONE).date()
    on = today if at is None or not seen else seen[-1].day
    return answered(
        {
            "id": id,
            "number": matter.number,
            "position": history.position(at),
            "on": on.isoformat(),
            "promises": list(clocks(told, matter, rules.pack, rules.calendar, on)),
        }
    )
