"""Where does a paper of a matter take its words from, and how is it printed?"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.pack import Pack
from contracts.pack.papers import Form
from contracts.registry import BY_TYPE
from services.intake.domain.printing import known_of
from services.intake.domain.record import Record, Said
from services.intake.queries import legal_day
from services.intake.service.lookup import Case, legal_today
from shared.eventstore.log import Entry
from shared.eventstore.reading import read_personal
from shared.paper.fill import fill
from shared.paper.fonts import FontsMissing
from shared.paper.known import Known
from shared.paper.press import render
from shared.paper.sheet import Filled, Language
from shared.problems import Problem
from shared.rights import Principal
from shared.runtime import Floor


async def paper_of(
    floor: Floor, case: Case, form: Form, who: Principal, language: Language, of: UUID | None
) -> bytes:
    """The PDF; the personal data in it are read on record, as a print of this form (HS-17)."""
    purpose = f"print {form.id}"
    record = Record(
        project=await _said(floor, case.opening.project, who, purpose),
        matter=await _said(floor, case.id, who, purpose),
        pack=case.rules.pack,
        catalogue=case.rules.catalogue,
        today=legal_today(floor.clock()),
    )
    known = known_of(form, record, floor.settings.papers_lead_to(), of)
    if known is None:
        raise Problem("not_found")
    return await _printed(floor, fill(form, case.rules.pack, known, language=language))


async def blank_of(floor: Floor, pack: Pack, form: Form, language: Language) -> bytes:
    """The form with nothing filled in, to go on with when the network is away."""
    choices = {"mode": tuple((mode.zh, False) for mode in pack.modes)}
    known = Known(
        day=legal_today(floor.clock()),
        issuer=pack.instrument.issuer.split("（")[0],
        choices=choices,
        blank=True,
    )
    return await _printed(floor, fill(form, pack, known, language=language))


async def _printed(floor: Floor, filled: Filled) -> bytes:
    try:
        return await asyncio.to_thread(render, filled, further=floor.settings.fonts)
    except FontsMissing as error:
        raise Problem("fonts_missing", remedy=str(error)) from error


async def _said(
    floor: Floor, stream: UUID | None, who: Principal, purpose: str
) -> tuple[Said, ...]:
    if stream is None:
        return ()
    entries = await floor.log.history(stream)
    personal = await read_personal(
        floor.log, floor.keeper, stream, actor=who.id, purpose=purpose
    )
    return tuple(_quoted(one, personal.get(one.id, {})) for one in entries)


def _quoted(entry: Entry, personal: Mapping[str, Any]) -> Said:
    about = entry.circumstances()
    event = BY_TYPE.get(entry.type)
    return Said(
        id=entry.id,
        name=event.__name__ if event else entry.type,
        position=entry.position,
        leafhash=entry.leafhash,
        day=legal_day(about.effective),
        channel=about.channel,
        fact={**entry.members(), **personal},
    )
