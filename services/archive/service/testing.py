"""How is a file put to the test of four properties before it closes (四性检测)?"""

import asyncio
from datetime import date
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from contracts.archive import Lack
from services.archive.domain.commands import Report
from services.archive.domain.file import Filed
from services.archive.domain.fourfold import Bytes, Check, checks_of, findings, results
from services.archive.domain.listing import unkept_of
from services.archive.domain.report import report
from services.archive.domain.state import File
from services.archive.domain.verify import Stores, verify
from services.archive.service.documents import Documents, kept_of
from shared.eventstore.identity import derived
from shared.paper.fonts import FontsMissing
from shared.paper.press import render
from shared.problems import Problem

NAME = "四性检测报告.pdf"


async def tested(
    documents: Documents,
    filed: Filed,
    file: File,
    lacks: tuple[Lack, ...],
    stores: Stores | None,
    waiting: int,
) -> tuple[Check, ...]:
    """Every check, made now: all hashes, all documents opened."""
    looked = await documents.look_at(file, filed.matter, inside=True)
    kept = [
        Bytes(str(one.document), one.soundness, one.look, one.opens, one.fault)
        for one in looked
    ]
    found = await asyncio.to_thread(verify, filed, stores)
    return checks_of(found, lacks, unkept_of(filed, file), kept, waiting)


async def reported(
    documents: Documents,
    checks: tuple[Check, ...],
    filed: Filed,
    number: str,
    issuer: str,
    day: date,
    origin: UUID,
    fonts: Path | None,
) -> Report:
    """The report as a kept document; the same findings at the same position are one document."""
    position = filed.entries[-1].position
    filled = report(checks, number, position, issuer, day)
    try:
        made = await asyncio.to_thread(render, filled, further=fonts)
    except FontsMissing as error:
        raise Problem("fonts_missing", remedy=str(error)) from None
    document = derived(origin, f"report/{sha256(made).hexdigest()}")
    upload = await documents.find(document)
    if upload is None:
        upload = await documents.make(made, document, filed.matter, NAME)
    return Report(results(checks), findings(checks), document, kept_of(upload))
