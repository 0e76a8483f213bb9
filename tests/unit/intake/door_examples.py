"""One of each at the front door, to vary: facts of a desk, packs of the four places."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.calendar import load_calendar
from contracts.catalogue import REPRESENTATIVE, load_catalogue
from contracts.event import Event
from contracts.pack import Pack, load_pack, shipped_packs
from contracts.project import MatterFacts
from services.intake.domain.desk import Desk

ZONE = ZoneInfo("Asia/Shanghai")
PACKS: dict[str, Pack] = {file.parent.name: load_pack(file) for file in shipped_packs()}
ENROLS = next(p for p in PACKS.values() if any(m.enrol == "automatic" for m in p.modes))
LEADS = next(p for p in PACKS.values() if any(m.enrol == "on_arrival" for m in p.modes))
LISTS = next(
    p for p in PACKS.values() if any(r.what == "pre_approval_checklist" for r in p.proactive)
)
PLAIN = PACKS["cn-500242-bangdaiban"]

CLERK = "p:01990000-0000-7000-8000-000000000002"
AGENT = "p:01990000-0000-7000-8000-000000000003"
OTHER = "p:01990000-0000-7000-8000-000000000004"
UNIT = "p:01990000-0000-7000-8000-000000000001"
ID = UUID("01990000-0000-7000-8000-000000000010")
ASKED = UUID("01990000-0000-7000-8000-000000000011")
PROJECT = UUID("01990000-0000-7000-8000-000000000012")
MATTER = UUID("01990000-0000-7000-8000-000000000013")

# A Friday; the next working day is Monday.
DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)

DESK = Desk(
    day=DAY, at=AT, pack=PLAIN, catalogue=load_catalogue(REPRESENTATIVE),
    calendar=load_calendar(), id=ID, actor=CLERK, roles=frozenset({"window_clerk"}),
    bodies=frozenset({"zone"}),
)  # fmt: skip
BY_AGENT = replace(DESK, actor=AGENT, roles=frozenset({"agent"}), bodies=frozenset({"park_i"}))


def at(pack: Pack, **more: Any) -> Desk:
    """The desk of another place."""
    return replace(DESK, pack=pack, **more)


def facts(**known: Any) -> MatterFacts:
    return MatterFacts.model_validate(known)


def only(events: Sequence[Event]) -> Any:
    """The one event that was decided."""
    (event,) = events
    return event
