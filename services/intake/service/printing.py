"""Where does a paper of a matter take its words from, and how is it printed?"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.pack import Pack
from contracts.pack.papers import Form
from contracts.upcasting import kind_of
from services.intake.domain.numbers import PrintedSeries
from services.intake.domain.printing import known_of
from services.intake.domain.record import Record, Said
from services.intake.queries import legal_day
from services.intake.service.lookup import Case, Lookup, legal_today
from services.intake.service.registers import number_rule
from services.intake.service.streams import NUMBERS, numbers_stream
from shared.decider import Refused
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


async def printed_number(look: Lookup, area: str, form: Form, number: str | None) -> str:
    """The number as it stands on the empty form; refused when it was not taken for one."""
    if number is None:
        return ""
    series: PrintedSeries = "register" if form.kind == "register" else "agreement"
    place, year, serial = number.split("-")
    _, known = await look.floor.handling.state_of(
        NUMBERS, numbers_stream(place, int(year), series)
    )
    pack = look.floor.packs.for_area(area).pack
    rule = pack.numbering.rule(number_rule(pack, series))
    if place != area or number not in known.unused or form.kind not in NUMBERED:
        raise Refused(
            "number_not_preprinted",
            number=number,
            form=form.id,
            unused=list(known.unused[:50]) if place == area else [],
            remedy="请先预印编号（POST /number-preprints）/ take numbers for empty forms first",
        )
    return rule.printed(place, int(year), int(serial))


NUMBERED = frozenset({"agreement", "commission", "register"})
"""Kinds of forms that bear a number of their own."""


async def blank_of(
    floor: Floor, pack: Pack, form: Form, language: Language, number: str = ""
) -> bytes:
    """The form with nothing filled in, to go on with when the network is away."""
    choices = {"mode": tuple((mode.zh, False) for mode in pack.modes)}
    known = Known(
        day=legal_today(floor.clock()),
        issuer=pack.instrument.issuer.split("（")[0],
        choices=choices,
        number=number,
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
    event = kind_of(entry.type)
    return Said(
        id=entry.id,
        name=event.__name__ if event else entry.type,
        position=entry.position,
        leafhash=entry.leafhash,
        day=legal_day(about.effective),
        channel=about.channel,
        fact={**entry.members(), **personal},
    )
