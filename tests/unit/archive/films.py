"""An invented matter with a course worth watching: a stopped clock, a late entry, real rules."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.archive.domain.dossier import Attachment, Dossier, Section
from services.archive.service.rulebooks import rules_of
from shared.packs import Packs
from tests.unit.archive.dossiers import (
    LOGS,
    MATTER,
    NAME,
    PAPER,
    PHONE,
    SCAN,
    STORES,
    WITNESSES,
    Log,
    digest,
    file,
    sealed,
)

UNIT, AGENT, CLERK, APPROVER = (
    f"p:01990000-0000-7000-8000-00000000b{n:03d}" for n in range(1, 5)
)
NUMBER = "990100-2026-2"
ITEM = "S1-01"
PACKS = Packs.load(None)
EDITION = PACKS.for_area("500242").edition


def course() -> list[tuple[str, str, Mapping[str, Any], str, str]]:
    """(store, type, fact, day, who), in the order in which it was entered."""
    personal = {"_sd": sorted([digest(NAME), digest(PHONE)])}
    return [
        ("intake", "service_requested", {"number": NUMBER, "applicant": UNIT, **personal},
         "2026-09-21", UNIT),
        ("intake", "service_accepted", {"body": "hall"}, "2026-09-21", CLERK),
        ("intake", "item_scope_fixed",
         {"catalogue": "x@0", "items": [ITEM, "S1-02"], "stages": ["S1"]}, "2026-09-22", CLERK),
        ("intake", "material_received",
         {"material": "M04", "originals": 1, "piece": str(UUID(int=77)), "_sd": [digest(PAPER)]},
         "2026-09-22", CLERK),
        ("supervision", "item_submitted", {"item": ITEM}, "2026-09-23", AGENT),
        ("supervision", "item_accepted",
         {"calendar": "cn-national@0", "item": ITEM, "statutory_due_on": "2026-10-09"},
         "2026-09-24", APPROVER),
        ("supervision", "correction_requested",
         {"item": ITEM, "materials": ["M04"], "round": 1}, "2026-09-28", APPROVER),
        ("supervision", "work_logged", {"kind": "errand"}, "2026-10-12", AGENT),
        ("supervision", "correction_supplied", {"item": ITEM, "round": 1}, "2026-09-30", AGENT),
        ("supervision", "item_decided",
         {"body": "depts", "decider": APPROVER, "item": ITEM, "outcome": "approved"},
         "2026-10-13", APPROVER),
    ]  # fmt: skip


def film(extra: int = 0, said: str = "errand") -> Dossier:
    """The dossier; with `extra` further lines of the work log, and one that says `said`."""
    found = {store: Log(store, pack=EDITION) for store in STORES}
    archive = found["archive"]
    archive.append(MATTER, "file_opened", {"number": NUMBER}, actor="s:archive")
    more = [("supervision", "work_logged", {"kind": "errand"}, "2026-10-14", AGENT)] * extra
    if said != "errand":
        more.append(("supervision", "work_logged", {"kind": said}, "2026-10-14", AGENT))
    for store, kind, fact, day, actor in [*course(), *more]:
        place = found[store].append(MATTER, kind, fact, effective=day, actor=actor)
        file(found, store, place)
    seals = sealed(found)
    sections = [
        Section(
            store,
            log.note(LOGS[store], WITNESSES[:2]),
            log.events(MATTER, "seals"),
            seals[store],
        )
        for store, log in found.items()
    ]
    rules = {f"rules/{name}": content for name, content in rules_of(PACKS, {EDITION}).items()}
    return Dossier(
        NUMBER, MATTER, sections, [NAME, PAPER], [Attachment.of(SCAN)], rules,
        len(archive.bodies), "p:y", True,
    )  # fmt: skip
