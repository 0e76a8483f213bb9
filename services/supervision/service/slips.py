"""How is the slip printed that goes with papers to a department, signed by both (HS-43)?"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from services.supervision.service.lookup import Seen
from shared.eventstore.log import Entry
from shared.eventstore.reading import read_personal
from shared.paper.check import code_of
from shared.paper.finding import legal_day as day_of
from shared.paper.fonts import FontsMissing
from shared.paper.known import day_text
from shared.paper.press import render
from shared.paper.sheet import (
    Cell,
    Column,
    Filled,
    Grid,
    Language,
    Listing,
    Side,
    SignatureLine,
    Signatures,
)
from shared.problems import Problem
from shared.rights import Principal
from shared.runtime import Floor

HANDED, SIGNED = "supervision.papers_transferred.v1", "supervision.transfer_signed.v1"
COLUMNS = (
    Column("序号", "No.", 1, centred=True),
    Column("材料名称", "Paper", 6),
    Column("原件", "Originals", 1, centred=True),
    Column("复印件", "Copies", 1, centred=True),
)


async def transfer_as_paper(
    floor: Floor, matter: UUID, transfer: UUID, seen: Seen, who: Principal, language: Language
) -> bytes:
    """The slip as it stands: what nobody signed yet is left for the pen. Raises `Problem`."""
    entries = await floor.log.history(matter)
    handed, signed = (_about(entries, kind, transfer) for kind in (HANDED, SIGNED))
    if handed is None:
        raise Problem("not_found")
    wanted = frozenset(one.id for one in (handed, signed) if one)
    personal = await read_personal(
        floor.log, floor.keeper, matter, actor=who.id, purpose="print slip", only=wanted
    )
    said = {**handed.members(), **personal.get(handed.id, {})}
    if signed is not None:
        said |= {**signed.members(), **personal.get(signed.id, {})}
    filled = _filled(said, handed, seen, floor, language)
    try:
        return await asyncio.to_thread(render, filled, further=floor.settings.fonts)
    except FontsMissing as error:
        raise Problem("fonts_missing", remedy=str(error)) from error


def _about(entries: list[Entry], type: str, transfer: UUID) -> Entry | None:
    found = [e for e in entries if e.type == type and e.members()["transfer"] == str(transfer)]
    return found[-1] if found else None


def _filled(
    said: Mapping[str, Any], handed: Entry, seen: Seen, floor: Floor, language: Language
) -> Filled:
    facts = seen.facts
    code = code_of("supervision", handed.position, handed.leafhash)
    names = {body.id: body.zh for body in facts.pack.bodies}
    cells = (
        Cell("办件编号", facts.known.number or "", "Matter number"),
        Cell("接收部门", names.get(said["to"], said["to"]), "To"),
        Cell("所属事项", facts.item(said["item"]).zh, "Item", wide=True),
        Cell("转交日期", day_text(said["handed_on"]), "Handed over on"),
        Cell("签收日期", day_text(said.get("signed_on")), "Signed for on"),
        Cell("备注", said.get("note") or "", "Remarks", wide=True, tall=True),
    )
    return Filled(
        form="paper_transfer_slip",
        title="纸质材料转交单",
        title_en="Slip for papers handed over",
        issuer=facts.pack.instrument.issuer.split("（")[0],
        day=day_of(handed.circumstances().effective),
        blocks=(
            Grid(cells),
            Listing(COLUMNS, tuple(_rows(said, seen))),
            Signatures(
                (
                    _side("转交人", "Handed over by", said.get("handed_by")),
                    _side("接收人", "Received by", said.get("received_by")),
                )
            ),
        ),
        notes=("一式两份，双方签字后各执一份。本单为系统推定样式。",),
        check=code.at(floor.settings.papers_lead_to()),
        language=language,
    )


def _rows(said: Mapping[str, Any], seen: Seen) -> Iterator[tuple[str, ...]]:
    """What intake holds is named; what it no longer knows stands by its id."""
    names = {one.id: one.zh for one in seen.facts.catalogue.materials}
    held = {str(piece.piece): piece for piece in seen.facts.known.pieces}
    for number, id in enumerate(said["pieces"], 1):
        piece = held.get(id)
        if piece is None:
            yield str(number), id, "", ""
        else:
            name = names.get(piece.material, piece.material)
            yield str(number), name, str(piece.originals), str(piece.copies)


def _side(caption: str, english: str, name: str | None) -> Side:
    return Side(
        (SignatureLine(caption, name or "", english), SignatureLine("签字", "", "Signed"))
    )
