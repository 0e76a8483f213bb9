"""Which rules does a dossier carry: packs, catalogues and calendars, each named by its content?"""

from pathlib import Path
from typing import Any

import orjson
import rfc8785

from contracts.edition import edition_of, read_data
from shared.packs import Packs


def rules_of(packs: Packs, editions: set[str]) -> dict[str, bytes]:
    """`<kind>/<edition>.json` to the canonical bytes whose hash the edition ends with.

    Of the editions that facts name those that this deployment carries; an edition that it does
    not carry is not there, and the verifier says so.
    """
    used = [rules for rules in packs.carried() if rules.edition in editions]
    found = {f"packs/{rules.edition}.json": _content(rules.pack.data) for rules in used}
    for tables in filter(None, (rules.tables for rules in used)):
        calendars = (tables.calendar, *tables.overlays, *tables.older)
        found |= dict(_table("calendars", file) for file in calendars)
        found |= dict([_table("catalogues", tables.catalogue)])
    return found


def _table(kind: str, file: Path) -> tuple[str, bytes]:
    data = read_data(file)
    return f"{kind}/{edition_of(str(data['id']), data)}.json", _content(data)


def _content(data: Any) -> bytes:
    """The bytes that an edition is the hash of."""
    return rfc8785.dumps(orjson.loads(orjson.dumps(data)))
