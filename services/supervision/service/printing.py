"""How is a letter to a department printed, with the slip on which it answers (X-12)?"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.pack import Pack
from contracts.pack.papers import Form
from services.supervision.domain.drawing import draw
from services.supervision.domain.gantt import gantt_of
from services.supervision.service.lookup import Seen
from shared.eventstore.log import Entry
from shared.eventstore.reading import read_personal
from shared.paper.check import code_of
from shared.paper.fill import fill
from shared.paper.finding import legal_day as day_of
from shared.paper.fonts import FontsMissing
from shared.paper.known import Known, day_text
from shared.paper.press import render, render_drawn
from shared.paper.sheet import Language
from shared.problems import Problem
from shared.rights import Principal
from shared.runtime import Floor

_FIELDS = ("number", "to_body", "matter", "item", "request", "reply_by", "reply")
_TITLES = {"co_handling_slip": "协办单", "contact_letter": "工作联系函"}
SENT, ANSWERED = "supervision.letter_sent.v1", "supervision.letter_answered.v1"


async def letter_as_paper(
    floor: Floor, matter: UUID, letter: UUID, seen: Seen, who: Principal, language: Language
) -> bytes:
    """The letter as it was sent; what it says is read on record. Raises `Problem`."""
    entries = await floor.log.history(matter)
    sent = _about(entries, SENT, letter)
    if sent is None:
        raise Problem("not_found")
    answered = _about(entries, ANSWERED, letter)
    wanted = frozenset(e.id for e in (sent, answered) if e)
    personal = await read_personal(
        floor.log, floor.keeper, matter, actor=who.id, purpose="print letter", only=wanted
    )
    answer = personal.get(answered.id, {}).get("answer", "") if answered else ""
    said = {**sent.members(), **personal.get(sent.id, {}), "answer": answer}
    pack = seen.facts.pack
    known = _known(said, sent, seen, floor)
    filled = fill(_form(said["kind"], pack), pack, known, language=language)
    try:
        return await asyncio.to_thread(render, filled, further=floor.settings.fonts)
    except FontsMissing as error:
        raise Problem("fonts_missing", remedy=str(error)) from error


async def plan_as_paper(floor: Floor, seen: Seen, language: Language) -> bytes:
    """The plan as it is drawn, on one sheet; equal plans make equal bytes. Raises `Problem`."""
    shown = gantt_of(seen.matter, seen.facts)
    if shown is None:
        raise Problem("not_found")
    drawn = draw(shown, language)
    name = seen.facts.known.number or str(seen.facts.known.id)
    issuer = seen.facts.pack.instrument.issuer.split("（")[0]
    try:
        return await asyncio.to_thread(
            render_drawn,
            drawn,
            title=name,
            issuer=issuer,
            day=seen.facts.today,
            further=floor.settings.fonts,
        )
    except FontsMissing as error:
        raise Problem("fonts_missing", remedy=str(error)) from error


def _about(entries: list[Entry], type: str, letter: UUID) -> Entry | None:
    found = [e for e in entries if e.type == type and e.members()["letter"] == str(letter)]
    return found[-1] if found else None


def _form(kind: str, pack: Pack) -> Form:
    """The place's own form for such a letter; without one, one that is marked as ours."""
    named = {form.id: form for form in pack.forms}
    return named.get(kind) or Form(
        id=kind,
        zh=_TITLES[kind],
        kind="slip",
        red_head=kind == "contact_letter",
        inferred=True,
        fields=_FIELDS,
        signatures=(),
        seal=("service",),
    )


def _known(said: Mapping[str, Any], sent: Entry, seen: Seen, floor: Floor) -> Known:
    facts = seen.facts
    day = day_of(sent.circumstances().effective)
    items = "；".join(facts.catalogue.item(item).zh for item in said.get("items", ()))
    code = code_of("supervision", sent.position, sent.leafhash)
    values = {
        "to": _body(facts.pack, said["to"]),
        "to_body": _body(facts.pack, said["to"]),
        "content": said.get("wording", ""),
        "request": said.get("wording", ""),
        "matter": facts.known.number or "",
        "item": items,
        "items": items,
        "reply_by": day_text(said.get("reply_by_on")),
        "sent_on": day_text(day),
        "reply": said.get("answer", ""),
    }
    return Known(
        day=day,
        issuer=facts.pack.instrument.issuer.split("（")[0],
        values={name: text for name, text in values.items() if text},
        leant=tuple(said.get("defaults", ())),
        signed=True,
        check=code.at(floor.settings.papers_lead_to()),
    )


def _body(pack: Pack, id: str) -> str:
    try:
        return pack.body(id).zh
    except LookupError:
        return id
